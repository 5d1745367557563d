"""Minimal cut sets of a small network: every demand, additions, limits, and a search that ends early."""

import pytest
from networks import BRANCHED, network

from knockflow.base.clock import Watch
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search
from knockflow.model.question import Question
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

NAMES = ("FAST", "SLOW", "WASTE")
METHODS = pytest.mark.parametrize("method", [search, CutSets.exhaustive])


def made(interventions=(), costs=None, **more):
    include = [name for name in NAMES if f"-{name}" not in more.get("forced", ())]
    options = TargetOptions(
        include=include, interventions=dict.fromkeys(interventions, 1.0), costs=costs or {}, maintenance=(), **more
    )
    return build(network(BRANCHED), {}, Question("EX_p", "EX_s", 0.1), options)[0]


def cut(problem, method, suppress=(), protect=(), **limits) -> list[str]:
    """The sets, written `-A -B`."""
    options = {"max_interventions": 3, "max_designs": "all", "max_cost": None, "threads": 1}
    sets = CutSets(problem, options | {"suppress": list(suppress), "protect": list(protect)} | limits)
    with Watch(30) as watch:
        method(sets, watch)
    return [" ".join(one.names) for one in sets.listed()]


@METHODS
@pytest.mark.parametrize(
    ("suppress", "protect", "sets"),
    [
        (["BIO >= 9"], [], ["-FAST"]),
        (["BIO >= 1"], [], ["-FAST -SLOW"]),
        (["BIO >= 11"], [], [""]),
        ([], ["BIO >= 1"], [""]),
        ([], ["BIO >= 11"], []),
        (["EX_p >= 1"], [], ["-SLOW"]),
        (["EX_p >= 1"], ["EX_w >= 1"], []),
        (["EX_w >= 1"], ["EX_p >= 1"], ["-WASTE"]),
        ([["EX_w >= 1"], ["BIO >= 9"]], [], ["-FAST -SLOW", "-FAST -WASTE"]),
        ([["EX_w >= 1"], ["BIO >= 9"]], [["EX_p >= 1"]], ["-FAST -WASTE"]),
        (["EX_p <= 1", "BIO >= 4"], [], ["-FAST -SLOW", "-FAST -WASTE"]),
        (["EX_p <= 1", "BIO >= 4"], ["BIO >= 1"], ["-FAST -WASTE"]),
        ([{"where": ["EX_p <= 1"], "maximize": {"BIO": 1}}], ["BIO >= 1"], ["-FAST -WASTE"]),
        ([{"where": ["EX_p <= 1"], "maximize": {"BIO": 1}}], [], ["-FAST -WASTE"]),
        ([], [{"where": ["EX_p >= 1"], "maximize": {"BIO": 1}}], ["-FAST"]),
        (["EX_w >= 1"], [{"where": ["EX_p >= 1"], "maximize": {"BIO": 1}}], ["-FAST -WASTE"]),
    ],
)
def test_what_is_suppressed_and_protected(method, suppress, protect, sets):
    assert cut(made(), method, suppress, protect) == sets


@METHODS
def test_an_addition_that_what_is_protected_needs(method):
    problem = made(["EX_s>=-20"])
    assert cut(problem, method, [["EX_w >= 1"]], [["EX_p >= 6"]]) == ["-WASTE EX_s>=-20"]
    assert cut(problem, method, [["EX_w >= 1"]], [["EX_p >= 1"]]) == ["-WASTE"]
    assert cut(problem, method, [], [["BIO >= 15"]]) == ["EX_s>=-20"]


@METHODS
def test_bounds_cut_as_removals_do(method):
    problem = made(["FAST<=8", "FAST>=7", "EX_p<=0"])
    # Most growth with FAST at 8 is 9; with 7 at least, EX_w is at most 1.5.
    assert cut(problem, method, ["BIO >= 9.5"]) == ["-FAST", "FAST<=8"]
    assert cut(problem, method, ["EX_w >= 2"]) == ["-SLOW", "-WASTE", "FAST>=7"]


@METHODS
@pytest.mark.parametrize(
    ("limits", "sets"),
    [
        ({}, ["-FAST -WASTE", "-FAST -SLOW"]),
        ({"max_designs": 1}, ["-FAST -WASTE"]),
        ({"max_interventions": 1}, []),
        ({"max_cost": 3.0}, ["-FAST -WASTE"]),
        ({"max_cost": 2.9}, []),
        ({"max_per_kind": {"knock_out": 1}}, []),
    ],
)
def test_cheapest_first_within_the_limits(method, limits, sets):
    problem = made(costs={"FAST": 2, "SLOW": 1.5})
    assert cut(problem, method, [["EX_w >= 1"], ["BIO >= 9"]], **limits) == sets


@METHODS
def test_exclusive_targets_are_in_no_set_together(method):
    problem = made(exclusive=[["-FAST", "-WASTE"]])
    assert cut(problem, method, [["EX_w >= 1"], ["BIO >= 9"]]) == ["-FAST -SLOW"]


@METHODS
def test_what_is_forced_is_in_every_set(method):
    problem = made(forced=["-FAST"])
    assert cut(problem, method, [["EX_w >= 1"], ["BIO >= 9"]]) == ["-FAST -SLOW", "-FAST -WASTE"]
    assert cut(problem, method, ["BIO >= 9"]) == ["-FAST"]


@METHODS
def test_essential_targets_are_candidates_here(method):
    assert cut(made(), method, ["EX_s <= -1"]) == ["-FAST -SLOW"]


def test_a_search_that_ends_early_lists_only_minimal_sets():
    problem = made()
    options = {"max_interventions": 3, "max_designs": "all", "max_cost": None, "suppress": ["BIO >= 9"], "protect": []}
    sets = CutSets(problem, options)
    sets.found = {frozenset({0, 1}), frozenset({0})}
    assert [one.names for one in sets.listed(certain=False)] == [("-FAST",)]
    sets.found = {frozenset({0, 1})}
    assert sets.listed(certain=False) == []
