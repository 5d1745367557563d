"""A target that closes more than another one which does the same is in no design: `-A` stands, `-A&B` does not."""

from dataclasses import replace

import pytest
from networks import BRANCHED, network

from knockflow.designs.ranking import order
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.problem.leader import Targets
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.settings.options import formulation_options
from knockflow.stages.design import find_designs
from knockflow.stages.problem import build

# Genes close FAST alone, by f, but SIDE only with it, by f and h.
REACTIONS = BRANCHED | {"SIDE": ({"s": -1, "t": 1}, 0, 1000), "EX_t": ({"t": -1}, 0, 1000)}
RULES = {"FAST": "f", "SIDE": "f or h", "WASTE": "w"}


def targets(*names: str) -> Targets:
    columns = [sorted("ABC".index(one) for one in name.split("&") if one in "ABC") for name in names]
    return Targets.knock_outs(names, columns)


def test_what_closes_part_of_it_by_fewer_is_weaker():
    assert targets("A", "A&B", "C").weaker == {1: [0]}
    assert targets("A", "A&B", "A&B&C", "B&C").weaker == {1: [0], 2: [0, 1, 3], 3: []}
    # what never carries flux has no column
    assert targets("A", "A&idle").weaker == {1: [0]}
    assert targets("A&idle", "B&other").weaker == {0: [], 1: []}


def test_of_equal_designs_the_one_that_closes_fewer_reactions_is_first():
    assert order(1.0, ("-C",)) < order(1.0, ("-A&B",))
    assert order(1.0, ("-A&B|C",)) == (1.0, 1, 1, ("-A&B|C",))


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_with({})


def problem_with(costs: dict[str, float]) -> Problem:
    drawn = network(REACTIONS)
    drawn = replace(drawn, rules=tuple(RULES.get(name, "") for name in drawn.reactions))
    cuts = listed_cut_sets(dict(zip(drawn.reactions, drawn.rules, strict=True)))
    options = TargetOptions(realizable=True, with_side_effects=True, maintenance=(), costs=costs)
    return build(drawn, cuts, Question("EX_p", None, 0.1), options)[0]


def listed(problem: Problem, **given) -> list[tuple[str, ...]]:
    options = formulation_options(given)
    return [row["interventions"] for row in find_designs(problem, options).rows]


ALL = {"max_designs": "all"}
CUT_FAST_GROWTH = {"kind": "mcs", "suppress": [["BIO >= 6"]], "protect": ["BIO >= 1"]}


def test_both_are_offered(problem):
    assert problem.targets.ids == ("FAST", "FAST&SIDE", "WASTE")
    assert problem.targets.weaker == {1: [0]}


@pytest.mark.parametrize("method", ["tree", "exhaustive", "strong_duality", "kkt", "benders", "logic_benders"])
def test_no_method_lists_a_design_with_a_superfluous_part(problem, method):
    expected = [("-FAST", "-WASTE"), ("-FAST",)]
    assert listed(problem, kind="optknock", method=method, **ALL) == expected
    assert listed(problem, kind="optknock", method=method, max_designs=1) == expected[:1]


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_no_cut_set_has_a_superfluous_part(problem, method):
    assert listed(problem, method=method, **CUT_FAST_GROWTH, **ALL) == [("-FAST",)]


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_what_is_cheaper_stays(method):
    dear = problem_with({"FAST": 3})
    found = listed(dear, kind="optknock", method=method, **ALL)
    assert found == [("-FAST&SIDE", "-WASTE"), ("-FAST", "-WASTE"), ("-FAST&SIDE",), ("-FAST",)]
    assert listed(dear, method=method, **CUT_FAST_GROWTH, **ALL) == [("-FAST&SIDE",), ("-FAST",)]
