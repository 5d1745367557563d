"""Why a search has no design to show: every cause, on networks small enough to see it."""

from dataclasses import replace

import pytest
from configurations import options
from networks import BRANCHED, problem_of

from knockflow.problem.leader import BLOCKED, ESSENTIAL
from knockflow.stages.design import find_designs

NAMES = ("FAST", "SLOW", "WASTE")


def why(problem, **given) -> tuple[str, str, str]:
    """Status, cause and reason of a search."""
    record = find_designs(problem, options(**given)).record
    return record["status"], record["cause"], record["reason"]


def closed(*names: str) -> dict:
    """The branched network without some reactions."""
    return {name: (row[0], 0, 0) if name in names else row for name, row in BRANCHED.items()}


def with_status(problem, status: str):
    return replace(problem, targets=replace(problem.targets, status=(status,) * len(problem.targets)))


def test_a_design_needs_no_reason():
    assert why(problem_of(BRANCHED, NAMES, 0.1)) == ("optimal", "", "")


def test_no_growth():
    said = "the wild type grows at most 10.000000 per h, min_growth is 20; lower min_growth to 10 or less"
    assert why(problem_of(BRANCHED, NAMES, 20)) == ("infeasible", "growth", said)


@pytest.mark.parametrize("kind", ["optknock", "robustknock", "strong_coupling", "potential", "pfba_optimistic"])
def test_a_product_that_no_growing_state_makes(kind):
    status, cause, reason = why(problem_of(closed("EX_p"), ["FAST", "WASTE"], 0.1), kind=kind)
    assert (status, cause) == ("optimal", "product")
    assert reason == "no state that grows at least 0.1 per h makes the product: no design can"


def test_a_value_that_no_design_reaches_since_there_is_no_product():
    status, cause, reason = why(problem_of(closed("EX_p"), ["FAST"], 0.1), min_value=2)
    assert (status, cause) == ("infeasible", "product")
    assert reason.startswith("no design within the limits reaches the value 2: no state")


def test_a_value_beyond_every_state():
    status, cause, reason = why(problem_of(BRANCHED, NAMES, 0.1), min_value=50)
    assert (status, cause) == ("infeasible", "limits")
    assert reason.startswith("no design within the limits reaches the value 50; no state that a design may reach makes")


@pytest.mark.parametrize("kind", ["optknock", "optcouple"])
def test_no_target_at_all(kind):
    assert why(problem_of(BRANCHED, [], 0.1), kind=kind)[1:] == (
        "targets",
        "the case has no targets: targets.tsv says why each reaction is none; `targets.include` names others",
    )


def test_no_target_is_left():
    problem = problem_of(BRANCHED, NAMES, 0.1)
    said = "no target is left to change: 3 essential for growth at min_growth (targets.tsv lists them)"
    assert why(with_status(problem, ESSENTIAL)) == ("optimal", "targets", said)
    assert "3 without flux in any state that grows so" in why(with_status(problem, BLOCKED))[2]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_interventions": 0}, "max_interventions is 0, so only the wild type is evaluated"),
        ({"max_cost": 0.5}, "the limits leave no room for any one intervention: max_interventions 3, max_cost 0.5"),
        (
            {"max_per_kind": {"knock_out": 0}},
            "the limits leave no room for any one intervention: max_interventions 3, max_per_kind.knock_out 0",
        ),
    ],
)
def test_limits_that_allow_nothing(limits, said):
    assert why(problem_of(BRANCHED, NAMES, 0.1), **limits) == ("optimal", "limits", said)


def test_nothing_beats_the_wild_type():
    status, cause, reason = why(problem_of(BRANCHED, ["SLOW", "WASTE"], 0.1), max_interventions=2, max_cost=2)
    assert (status, cause) == ("optimal", "wild type")
    assert reason == "no set of at most 2 of 2 candidate targets and a cost of at most 2 is worth more"


def test_the_wild_type_makes_the_most_already():
    twice = closed("FAST", "WASTE") | {"SLOW2": BRANCHED["SLOW"]}
    status, cause, reason = why(problem_of(twice, ["SLOW", "SLOW2"], 0.1), kind="robustknock", max_interventions=1)
    assert (status, cause) == ("optimal", "wild type")
    assert reason.startswith("it makes as much as any state that grows at min_growth, 5")


def test_the_wild_types_potential_is_an_answer():
    assert why(problem_of(BRANCHED, NAMES, 0.1), kind="potential") == ("optimal", "", "")


def test_no_cut_set():
    region = {"kind": "mcs", "suppress": ["FAST >= 1"], "method": "tree"}
    assert why(problem_of(BRANCHED, ["WASTE"], 0.1), **region) == (
        "infeasible",
        "limits",
        "no cut set within the limits",
    )
    assert why(problem_of(BRANCHED, [], 0.1), **region)[1] == "targets"
    assert why(problem_of(BRANCHED, ["FAST"], 0.1), max_interventions=0, **region) == (
        "infeasible",
        "limits",
        "max_interventions is 0, so only the wild type is evaluated",
    )


def test_no_cut_set_keeps_what_the_wild_type_lacks():
    region = {"kind": "mcs", "method": "tree", "suppress": ["FAST >= 1"]}
    impossible, possible = "EX_p >= 5000", "EX_p >= 0"
    said = "the wild type has no state of the region{} that `protect` asks for, so no cut set can keep one"
    problem = problem_of(BRANCHED, NAMES, 0.1)
    assert why(problem, protect=[impossible], **region) == ("infeasible", "protected states", said.format(""))
    several = [[possible], [impossible]]
    assert why(problem, protect=several, **region) == ("infeasible", "protected states", said.format(" 2"))
    assert why(problem, protect=[possible], **region)[:2] == ("optimal", "")


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_where_there_is_nothing_to_cut(method):
    found = why(problem_of(BRANCHED, NAMES, 0.1), kind="mcs", method=method, suppress=["EX_p >= 5000"])
    assert found == (
        "optimal",
        "wild type",
        "the wild type has no state of the regions that `suppress` asks to rule out: there is nothing to change",
    )
