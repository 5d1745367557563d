"""Which sets of effects a search may visit: limits, what follows, what is certainly added."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import BRANCHED, problem_of

from knockflow.designs.ranking import Limits
from knockflow.follower.witness_pool import bits, members
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT
from knockflow.methods.tree.search_space import Space
from knockflow.problem.leader import Effect, Targets

IDS = ("a", "b", "c", "d")


def space(needs, limits=None, viable_only=True, bounds=None, forced=(), **more) -> Space:
    """Effects that need some of the targets a, b, c and d, or (A, B, C, D) their opposites, on columns of their own."""
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"])
    effects = [
        Effect(["abcdABCD".index(name) for name in text], [(column % 3, *(bounds or {}).get(column, (0.0, 0.0)))])
        for column, text in enumerate(needs)
    ]
    wide = np.full(len(problem.columns), 1000.0)
    targets = Targets.of(IDS, effects, **more)
    made = replace(
        problem.with_follower(viable_lower=-wide, viable_upper=wide),
        targets=targets,
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


BOTH = ["a", "b", "A", "B", "d"]
"""a and b have opposites, as regulators have."""


@pytest.mark.parametrize(
    ("limits", "chosen", "effect", "forbidden", "joined"),
    [
        (Limits(4), (), 0, [], (0,)),
        (Limits(4), (), 2, [], (2,)),
        (Limits(4), (0,), 2, [], None),
        (Limits(4), (2,), 0, [], None),
        (Limits(4), (2,), 1, [], (2, 1)),
        # no room for more: what is not removed is kept
        (Limits(1), (), 4, [], (4, 2, 3)),
        (Limits(2), (), 4, [], (4,)),
        (Limits(2), (4,), 0, [], (4, 0, 3)),
        # nor for b beside a, which is certain where it cannot be kept
        (Limits(2), (), 4, [2], (4, 3)),
        (Limits(1), (), 4, [2], (4, 3)),
        (Limits(1), (), 4, [3, 2], (4,)),
        (Limits(1), (), 4, [3], (4, 2)),
        # b costs too much in the end
        (Limits(4, max_cost=4.0), (), 0, [], (0,)),
        (Limits(4, max_cost=3.5), (), 0, [], (0, 3)),
        (Limits(4, max_cost=3.5), (2,), 4, [], (2, 4, 3)),
    ],
)
def test_what_follows_from_an_opposite(limits, chosen, effect, forbidden, joined):
    """They cost 1, 3 and (d) 1."""
    found = space(BOTH, limits, cost=[1, 3, 1, 1])
    assert found.joined(chosen, effect, sum(1 << e for e in forbidden)) == joined


@pytest.mark.parametrize(
    ("limits", "root"),
    [(Limits(1), ()), (Limits(0), (2, 3)), (Limits(4, max_cost=2.0), (3,)), (Limits(4, max_cost=0.5), (2, 3))],
)
def test_what_no_design_can_remove_is_kept_from_the_beginning(limits, root):
    assert space(BOTH, limits, cost=[1, 3, 1, 1]).root == root


def test_what_no_design_can_add_is_left_out_from_the_beginning():
    needs = ["a", "c", "C"]
    assert space(needs, Limits(0), adds=ADDS).root == (1,)
    assert space(needs, Limits(1), adds=ADDS).root == ()
    assert space(needs, Limits(1), adds=ADDS).joined((), 0, 0) == (0, 1)


@pytest.mark.parametrize(
    ("limits", "chosen", "forbidden", "effects"),
    [
        (Limits(4), (), [], [0, 1, 2, 3, 4]),
        (Limits(1), (), [], [0, 1, 2, 3, 4]),
        (Limits(1), (2,), [], [1, 2, 3, 4]),
        (Limits(1), (0,), [], [0, 3]),
        # a is certain, and paid for, where it cannot be kept
        (Limits(1), (), [2], [0, 3]),
        (Limits(2), (), [2], [0, 1, 3, 4]),
        (Limits(1), (), [2, 3], []),
        (Limits(4, max_cost=3.5), (), [2], [0, 3, 4]),
        (Limits(4, max_per_kind={KNOCK_OUT: 1}), (), [2], [0, 3]),
        (Limits(4, max_per_kind={KNOCK_OUT: 0}), (), [], [2, 3]),
        (Limits(4, max_per_kind={KNOCK_OUT: 0}), (), [2], []),
    ],
)
def test_keeping_costs_nothing_and_what_cannot_be_kept_is_paid(limits, chosen, forbidden, effects):
    assert allowed(space(BOTH, limits, cost=[1, 3, 1, 1]), chosen, forbidden) == effects


def test_what_cannot_be_kept_excludes_others():
    found = space(BOTH, Limits(4), exclusive=[{0, 3}])
    assert allowed(found, (), [2]) == [0, 1, 3]
    assert allowed(found, (4,), [2]) == []


def test_a_set_with_a_regulator_to_decide_is_not_the_last():
    assert not space(BOTH, Limits(1)).last((0,))
    assert not space(BOTH, Limits(1)).last((4,))
    # a and b are certain, which is one too many
    assert space(BOTH, Limits(1)).last((), 0b1100)
    assert not space(BOTH, Limits(2)).last((), 0b1100)


@pytest.mark.parametrize(
    ("needs", "chosen", "hit", "designs"),
    [
        (BOTH, (), [], [set()]),
        (BOTH, (), [2], [{0}]),
        (BOTH, (), [2, 3], [{0, 1}]),
        (BOTH, (2,), [3], [{1}]),
        (BOTH, (4, 0), [3], [{0, 1, 3}]),
        # what is to be removed by itself is no reason to remove it
        (BOTH, (), [0, 1, 4], [set()]),
        (["Ac", "A", "c"], (), [0], [{2}, {0}]),
        (["Ac", "A", "c"], (), [0, 2], [{2}]),
        (["AB", "Bc", "A"], (), [0, 1], [{0, 2}, {1}]),
        # with a removed for good, b alone would close it
        (["aB", "A", "b"], (), [0], [set()]),
    ],
)
def test_designs_remove_only_what_states_need_to_be_removed(needs, chosen, hit, designs):
    found = space(needs, adds=ADDS)
    assert list(found.designs(chosen, sum(1 << e for e in hit))) == [frozenset(design) for design in designs]


@st.composite
def spaces(draw):
    """Removable and added targets with single and joint effects and opposites; costs, kinds, exclusive ones."""
    adds = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    opposed = draw(st.sets(st.sampled_from("abcd")))
    single = draw(st.sets(st.sampled_from("abcd"))) | opposed
    more = draw(st.lists(st.sets(st.sampled_from("abcd"), min_size=2, max_size=3), max_size=3))
    needs = [*sorted(single), *sorted({"".join(sorted(names)) for names in more}), *sorted(map(str.upper, opposed))]
    limits = Limits(
        draw(st.integers(0, 4)),
        None,
        draw(st.sampled_from([None, 1.0, 2.5, 4.0])),
        draw(st.sampled_from([{}, {}, {KNOCK_OUT: 1}, {KNOCK_IN: 1}, {KNOCK_IN: 0}])),
    )
    return space(
        needs or ["a"],
        limits,
        adds=adds,
        cost=draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=4, max_size=4)),
        kind=[KNOCK_IN if added else KNOCK_OUT for added in adds],
        exclusive=draw(st.sampled_from([[], [], [{0, 1}], [{1, 2, 3}]])),
        forced=draw(st.sampled_from([(), (), ("-x",)])),
    )


def designs_of(found: Space) -> list[frozenset[int]]:
    every = (frozenset(design) for size in range(5) for design in combinations(range(4), size))
    return [design for design in every if found.limits.affordable(found.problem, design)]


def walk(found: Space, chosen, forbidden):
    """All sets below one, as a search visits them that branches on everything."""
    yield chosen, forbidden
    for effect in members(found.allowed(chosen, forbidden) & ~bits_of(chosen)):
        child = found.joined(chosen, effect, forbidden)
        if child is not None:
            yield from walk(found, child, forbidden)
        forbidden |= 1 << effect


def bits_of(chosen) -> int:
    return sum(1 << effect for effect in chosen)


@pytest.mark.full
@settings(max_examples=examples(135), deadline=None)
@given(spaces())
def test_each_design_is_come_by_once(found):
    """By its effects, since they are all that tells two designs apart for the cell."""
    if found.room < 0:
        return
    sets = [frozenset(chosen) for chosen, _ in walk(found, found.root, found.forbidden)]
    assert len(sets) == len(set(sets))
    for design in designs_of(found):
        assert frozenset(found.targets.effects(design)) in sets, design


@settings(max_examples=examples(68), deadline=None)
@given(spaces(), st.data())
def test_what_lies_below_a_set_is_never_cut_off(found, data):
    """Wherever a search branches only on what a state hits, all designs stay in reach that do not leave it whole."""
    if found.room < 0:
        return
    nodes = list(walk(found, found.root, found.forbidden))
    chosen, forbidden = data.draw(st.sampled_from(nodes))
    flags = data.draw(st.lists(st.booleans(), min_size=found.targets.n_effects, max_size=found.targets.n_effects))
    hit = bits(np.array(flags)) & ~bits_of(chosen)
    branches = members(hit & found.allowed(chosen, forbidden))
    for design in designs_of(found):
        effects = found.targets.effects(design)
        own = bits_of(effects)
        if not set(chosen) <= set(effects) or own & forbidden:
            continue
        if own & hit:
            first = next(effect for effect in branches if own >> effect & 1)
            child = found.joined(chosen, first, forbidden | bits_of(e for e in branches if e < first))
            assert child is not None and set(child) <= set(effects)
        else:
            assert any(least <= design for least in found.designs(chosen, hit))
        assert found.full(chosen) <= (len(design) == found.room)
