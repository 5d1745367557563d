"""Which sets of effects a search may visit: limits, what follows, what is certainly added."""

from dataclasses import replace

import numpy as np
import pytest
from networks import BRANCHED, problem_of

from knockflow.designs import Limits
from knockflow.leader import KNOCK_IN, KNOCK_OUT, Effect, Targets
from knockflow.space import Space
from knockflow.witnesses import members

IDS = ("a", "b", "c", "d")


def space(needs, limits=None, viable_only=True, bounds=None, forced=(), **more) -> Space:
    """Effects that need some of the targets a, b, c and d, on columns of their own."""
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"])
    effects = [
        Effect(["abcd".index(name) for name in text], [(column % 3, *(bounds or {}).get(column, (0.0, 0.0)))])
        for column, text in enumerate(needs)
    ]
    wide = np.full(len(problem.columns), 1000.0)
    targets = Targets.of(IDS, effects, **more)
    made = replace(
        problem,
        targets=targets,
        viable_lower=-wide,
        viable_upper=wide,
        forced=tuple(forced),
        forced_kinds=(KNOCK_OUT,) * len(forced),
    )
    return Space(made, limits or Limits(4), viable_only)


ADDS = [False, False, True, False]


@pytest.mark.parametrize(
    ("chosen", "effect", "forbidden", "joined"),
    [
        ((), 0, [], (0,)),
        ((0,), 1, [], (0, 1)),
        ((), 2, [], (2, 0, 1)),
        ((0,), 1, [2], None),
        ((0,), 1, [0], (0, 1)),
        ((), 2, [1], None),
        ((), 3, [], (3,)),
        ((), 0, [0], None),
    ],
)
def test_what_follows_from_an_effect(chosen, effect, forbidden, joined):
    """Effects need a, b, both of them, and d; both closes what a and b close, too."""
    found = space(["a", "b", "ab", "d"]).joined(chosen, effect, sum(1 << e for e in forbidden))
    if joined is not None and effect == 1 and chosen == (0,):
        joined = (0, 1, 2)
    assert found == joined


def allowed(found: Space, chosen=(), forbidden=()) -> list[int]:
    return list(members(found.allowed(chosen, sum(1 << e for e in forbidden))))


@pytest.mark.parametrize(
    ("limits", "chosen", "effects"),
    [
        (Limits(4), (), [0, 1, 2, 3]),
        (Limits(1), (), [0, 3]),
        (Limits(2), (), [0, 1, 2, 3]),
        (Limits(2), (3,), [0, 2, 3]),
        (Limits(1), (3,), [3]),
        (Limits(3), (3,), [0, 1, 2, 3]),
        (Limits(0), (), []),
        (Limits(4, max_cost=2.0), (), [0, 3]),
        (Limits(4, max_cost=3.0), (), [0, 1, 3]),
        (Limits(4, max_cost=3.0), (0,), [0, 1, 3]),
        (Limits(4, max_per_kind={KNOCK_OUT: 1}), (), [0, 3]),
        (Limits(4, max_per_kind={KNOCK_OUT: 0}), (), []),
    ],
)
def test_what_can_be_paid_for(limits, chosen, effects):
    """Effects need a; a and b; b and d; d. They cost 1, 2 and 1.5; what is chosen costs nothing more."""
    found = space(["a", "ab", "bd", "d"], limits, cost=[1, 2, 9, 1.5])
    assert allowed(found, chosen) == effects


def test_what_is_forced_takes_room():
    needs = ["a", "b", "ab"]
    assert allowed(space(needs, Limits(2), forced=["-x"])) == [0, 1]
    assert allowed(space(needs, Limits(1), forced=["-x"])) == []
    assert allowed(space(needs, Limits(4, max_per_kind={KNOCK_OUT: 1}), forced=["-x"])) == []


def test_of_an_exclusive_list_one_is_allowed():
    found = space(["a", "b", "d", "ab"], exclusive=[{0, 1}])
    assert allowed(found) == [0, 1, 2, 3]
    assert list(members(found.forbidden)) == [3]
    assert allowed(found, (0,)) == [0, 2]


def test_leaving_something_out_costs_nothing():
    found = space(["a", "c"], Limits(1, max_cost=1.0), cost=[1, 1, 5, 1], adds=ADDS)
    assert allowed(found) == [0, 1]
    assert allowed(found, (0,)) == [0, 1]


def test_what_is_not_left_out_is_added_and_paid():
    """Where effect c is forbidden, c is added."""
    adds = {"adds": ADDS, "kind": [KNOCK_OUT, KNOCK_OUT, KNOCK_IN, KNOCK_OUT]}
    found = space(["a", "c", "b"], Limits(1), **adds)
    assert allowed(found, (), [1]) == []
    assert allowed(space(["a", "c", "b"], Limits(2), **adds), (), [1]) == [0, 2]
    assert allowed(space(["a", "c", "b"], Limits(2), **adds), (0,), [1]) == [0]
    assert allowed(space(["a", "c"], Limits(3, max_per_kind={KNOCK_IN: 0}), **adds), (), [1]) == []


def test_an_effect_that_no_viable_state_survives_is_forbidden():
    bounds = {0: (2000.0, np.inf)}
    assert list(members(space(["a", "b"], bounds=bounds).forbidden)) == [0]
    assert list(members(space(["a", "b"], viable_only=False, bounds=bounds).forbidden)) == []


@pytest.mark.parametrize(
    ("chosen", "hit", "designs"),
    [
        ((), [1], [{2}]),
        ((), [], [set()]),
        ((0,), [1], [{0, 2}]),
        ((1,), [1], [set()]),
        ((0, 1), [], [{0}]),
    ],
)
def test_designs_add_only_what_states_need(chosen, hit, designs):
    found = space(["a", "c"], adds=ADDS)
    assert list(found.designs(chosen, sum(1 << e for e in hit))) == [frozenset(design) for design in designs]


def test_either_of_two_additions_serves_an_effect_that_needs_both_left_out():
    found = space(["a", "cd"], adds=[False, False, True, True])
    assert list(found.designs((), 0b10)) == [{2}, {3}]


@pytest.mark.parametrize(("most", "last"), [(1, True), (2, False)])
def test_the_last_effect_that_there_is_room_for(most, last):
    assert space(["a", "b"], Limits(most)).last((0,)) is last
    assert space(["a", "ab"], Limits(most)).last((0,)) is last
