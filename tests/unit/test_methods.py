"""What methods declare: what follows from it, and one more method, by one file and one registration."""

import sys
from dataclasses import replace
from importlib import import_module

import pytest

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.language.kinds import FollowerKind
from knockflow.methods.method import Method
from knockflow.methods.registry import METHODS, register
from knockflow.settings.config import checked
from knockflow.settings.options import formulation_options
from knockflow.settings.schema import read_schema
from knockflow.settings.support import holding, search_modules, table, why_not, why_not_layer

GREEDY = '''
"""Adds the best target, one after the other."""

from knockflow.designs.result import Result
from knockflow.methods.task import Task


def search(task: Task) -> Result:
    best, design = task.best, frozenset()
    for _ in range(task.limits.max_interventions):
        larger = [design | {target} for target in range(len(task.problem.targets)) if target not in design]
        rated = [(one, best.evaluate(one)) for one in larger[: task.options["breadth"]] if not task.watch.stop()]
        for one, evaluation in rated:
            if evaluation is not None:
                best.offer(one, evaluation)
        alive = [(evaluation.value, -min(one), one) for one, evaluation in rated if evaluation is not None]
        design = max(alive)[-1] if alive else design
    return Result(best.ranked, best.potential, not task.watch.stopped, False)
'''

BREADTH = {"description": "Targets that are tried at each step.", "type": "integer", "minimum": 1, "default": 1000}


@pytest.fixture
def greedy(tmp_path, monkeypatch):
    """The toy method, registered while a test runs."""
    (tmp_path / "greedy_method.py").write_text(GREEDY)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "greedy_method", raising=False)
    method = Method("greedy", "one target after the other", "greedy_method", schema={"breadth": BREADTH})
    register(method)
    yield method
    del METHODS["greedy"]


def config(**formulation) -> dict:
    return {"cases": {"c": {"model": "cobra:textbook", "product": "EX_succ_e"}}, "formulations": {"f": formulation}}


def line_of(**formulation) -> str:
    with pytest.raises(ConfigError) as caught:
        checked(config(**formulation), read_schema())
    return str(caught.value)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda one: one.name)
def test_what_a_method_names_is_there(method):
    module = import_module(method.module)
    assert callable(module.search) and hasattr(module, "search_cut_sets") == method.cut_sets
    assert FollowerKind.LINEAR in method.followers
    keys = read_schema()["$defs"]["formulation"]["properties"]
    assert method.keys <= set(keys)
    assert all("elsewhere" in keys[key] for key in method.keys - set(method.schema))


def test_one_more_is_searched_confirmed_and_validated(greedy):
    case = Case("cobra:textbook", "EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
    asked = {"max_interventions": 1, "max_designs": 2}
    found, known = case.design("optknock", method="greedy", **asked), case.design("optknock", **asked)
    assert found.table == known.table and len(found)
    assert (found.record["method"], found.record["confirmed_by"]) == ("greedy", "tree")
    assert list(found.validate()["verified"]) == [True] * len(found)
    narrow = case.design("optknock", method="greedy", breadth=1, confirm=None, **asked)
    assert (narrow.record["status"], narrow.record["options"]["breadth"]) == ("feasible", 1)


def test_it_holds_for_what_it_says(greedy):
    assert "greedy" in holding("robustknock") and "greedy" not in holding("mcs")
    assert "cut sets have no value" in why_not("greedy", "mcs")
    assert "`greedy` needs" in why_not_layer(FollowerKind.INTEGER, "rules of genes", "greedy", "optknock")
    assert any("`greedy`" in line for line in table())
    assert search_modules("greedy", "tree") == ["greedy_method", METHODS["tree"].module]
    assert search_modules("tree", "exhaustive") == [METHODS["tree"].module]


def test_keys_of_another_method_are_refused(greedy):
    assert formulation_options({"kind": "optknock", "method": "greedy", "breadth": 3})["breadth"] == 3
    said = line_of(kind="optknock", breadth=3)
    assert said.endswith("f.breadth: `tree` does not read it; use `greedy`, or remove the key `breadth`")
    said = line_of(kind="optknock", method="greedy", solver="highs")
    assert said.endswith("f.solver: `greedy` uses no mixed-integer solver; remove the key `solver`")
    assert "breadth: 0 is less than the minimum of 1" in line_of(kind="optknock", method="greedy", breadth=0)


def test_a_name_is_given_once():
    register(METHODS["tree"])
    with pytest.raises(ConfigError, match="`tree`: another one has this name"):
        register(replace(METHODS["kkt"], name="tree"))


def test_only_exact_methods_confirm(greedy):
    assert "confirm: `greedy` is not allowed" in line_of(kind="optknock", method="kkt", confirm="greedy")
