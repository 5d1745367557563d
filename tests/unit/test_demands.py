"""Regions of states as a configuration writes them, and whether a design leaves a state of them."""

import numpy as np
import pytest
from networks import BRANCHED, problem_of

from knockflow.base.errors import ConfigError
from knockflow.methods.cut_sets.regions import RegionFollower, demands

NAMES = ("FAST", "SLOW", "WASTE")


def read(suppress=(), protect=(), problem=None):
    return demands(problem or problem_of(BRANCHED, NAMES), {"suppress": list(suppress), "protect": list(protect)})


@pytest.mark.parametrize(
    ("regions", "sizes"),
    [
        ([], []),
        (["BIO >= 1"], [1]),
        (["BIO >= 1", "EX_p <= 2"], [2]),
        ([["BIO >= 1"], ["EX_p <= 2", "BIO >= 2"]], [1, 2]),
        ([{"where": ["EX_p <= 2"], "maximize": {"BIO": 1}}], [1]),
        ([["BIO >= 1"], {"where": ["EX_p <= 2", "BIO >= 1"], "maximize": {"BIO": 1}}], [1, 2]),
    ],
)
def test_strings_are_one_region_and_lists_several(regions, sizes):
    assert [len(one.rows) for one in read(suppress=regions)] == sizes
    assert [one.protect for one in read(protect=regions)] == [True] * len(sizes)


def test_what_is_protected_comes_first():
    found = read(suppress=["BIO >= 1"], protect=[["EX_p >= 1"], ["BIO >= 2"]])
    assert [one.protect for one in found] == [True, True, False]


def test_the_three_senses():
    found = read(suppress=["BIO >= 1", "EX_p <= 2", "SLOW = 3"])[0]
    assert found.lower.tolist() == [1, -np.inf, 3]
    assert found.upper.tolist() == [np.inf, 2, 3]


def test_a_function_of_reactions_is_one_of_the_columns():
    """SLOW - 2 EX_s, whatever columns they are part of."""
    problem = problem_of(BRANCHED, NAMES)
    row = read(suppress=["SLOW <= 2 EX_s"], problem=problem)[0].rows[0]
    for fluxes in np.eye(len(problem.columns)):
        of = problem.fluxes(fluxes)
        assert row @ fluxes == pytest.approx(of["SLOW"] - 2 * of["EX_s"])


@pytest.mark.parametrize("key", ["suppress", "protect"])
def test_an_unknown_reaction_is_named_with_the_nearest(key):
    with pytest.raises(
        ConfigError, match=f"{key}: `FASTER >= 1`: no reaction `FASTER` in the model; did you mean FAST"
    ):
        read(**{key: ["FASTER >= 1"]})
    with pytest.raises(ConfigError, match=f"{key}: maximize: no reaction `BIOO`"):
        read(**{key: [{"where": ["FAST >= 1"], "maximize": {"BIOO": 1}}]})


@pytest.mark.parametrize(
    ("region", "removed", "left"),
    [
        (["BIO >= 9"], "", True),
        (["BIO >= 11"], "", False),
        (["BIO >= 9"], "FAST", False),
        (["BIO >= 5"], "FAST", True),
        (["EX_p <= 4", "BIO >= 5"], "FAST", True),
        (["EX_p <= 4", "BIO >= 5"], "FAST WASTE", False),
        (["EX_p <= 4"], "FAST WASTE", True),
        (["EX_p = 2", "BIO = 2"], "FAST WASTE", True),
        (["EX_p = 2", "BIO = 3"], "FAST WASTE", False),
        ({"where": ["EX_p <= 4"], "maximize": {"BIO": 1}}, "FAST WASTE", False),
        ({"where": ["EX_p <= 4"], "maximize": {"BIO": 1}}, "FAST", True),
        ({"where": ["EX_p >= 1"], "maximize": {"BIO": 1}}, "", False),
        ({"where": ["EX_p >= 1"], "maximize": {"EX_p": 1}}, "", True),
        ({"where": ["EX_p >= 1"], "maximize": {"EX_p": -1}}, "FAST WASTE", False),
    ],
)
def test_whether_a_state_of_a_region_is_left(region, removed, left):
    problem = problem_of(BRANCHED, NAMES)
    regions = [region] if isinstance(region, dict) else [list(region)]
    (demand,) = read(suppress=regions, problem=problem)
    follower = RegionFollower(problem, demand)
    state = follower.inside([problem.targets.ids.index(name) for name in removed.split()])
    assert (state is not None) == left
    if left:
        values = demand.rows @ state
        assert (values >= demand.lower - 1e-7).all() and (values <= demand.upper + 1e-7).all()
    assert follower.inside([]) is not None or not left or not removed
