"""Which method a formulation gets that names none, and what is said of it."""

import pytest
from networks import BRANCHED, problem_of

from knockflow.base.errors import ConfigError
from knockflow.methods.dive.method import _Dives
from knockflow.settings import unnamed
from knockflow.settings.options import formulation_options
from knockflow.settings.unnamed import FEW_TARGETS, beyond_proof
from knockflow.stages.design import find_designs


def options(**asked):
    return formulation_options({"kind": "robustknock", "max_interventions": 30, **asked})


@pytest.fixture
def branched():
    return problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"])


@pytest.fixture
def large(monkeypatch):
    """Three targets count as more than an exact search proves."""
    monkeypatch.setattr(unnamed, "FEW_TARGETS", 2)


def test_it_is_open_only_where_it_depends_on_the_problem():
    assert options()["method"] is None
    assert options(max_interventions=4)["method"] == "tree"
    assert options(kind="mcs", suppress=["BIO >= 1"])["method"] is None
    for asked in ({"scatter": 2}, {"front": ["value", "growth"]}, {"kind": "potential"}, {"objective": "yield"}):
        assert options(**asked)["method"] == "tree"
    assert options(method="kkt")["method"] == "kkt" and options(method="tree")["method"] == "tree"
    with pytest.raises(ConfigError, match="dives: `tree` does not read it; use `dive`"):
        options(dives=3)
    assert beyond_proof(FEW_TARGETS + 1, 5)
    assert not beyond_proof(FEW_TARGETS, 30) and not beyond_proof(10_000, 4)


@pytest.mark.parametrize("asked", [{}, {"kind": "mcs", "suppress": ["BIO >= 1"], "max_interventions": 5}])
def test_many_interventions_are_dived_for_and_the_record_says_so(branched, large, caplog, asked):
    found = find_designs(branched, options(**asked))
    assert (found.record["method"], found.record["status"], found.record["proven"]) == ("dive", "feasible", False)
    assert found.record["options"]["method"] == found.record["list_from"] == "dive"
    most = asked.get("max_interventions", 30)
    why = f"no method was named, and up to {most} interventions among 3 targets are more than `tree` proves"
    assert why in found.record["reason"] and why in caplog.text and "none is proven to be the best" in caplog.text
    assert found.rows[0]["interventions"]


def test_a_small_problem_and_a_named_method_are_proven(branched, large, caplog, monkeypatch):
    named = find_designs(branched, options(method="tree"))
    assert (named.record["method"], named.record["status"]) == ("tree", "optimal")
    assert "`method: dive` finds designs of that depth" in caplog.text
    monkeypatch.setattr(unnamed, "FEW_TARGETS", 3)
    monkeypatch.delattr(_Dives, "dive")
    found = find_designs(branched, options())
    same = ("status", "reason", "method", "options", "objective", "bound")
    assert found.rows == named.rows and [found.record[key] for key in same] == [named.record[key] for key in same]


def test_what_dives_do_not_hold_for_is_searched_exactly(branched, large, caplog, monkeypatch):
    from knockflow.methods.registry import METHODS

    monkeypatch.setitem(METHODS["dive"].__dict__, "followers", frozenset())
    with caplog.at_level("INFO", "knockflow.search"):
        assert find_designs(branched, options()).record["method"] == "tree"
    assert "`dive` was not taken: method: `dive` needs" in caplog.text
