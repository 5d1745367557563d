"""Targets and effects: what a design leads to, how it is written, what is left of some of them."""

from itertools import combinations

import numpy as np
import pytest

from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT, MEDIUM, REGULATION
from knockflow.problem.leader import Effect, Targets

CLOSED = (0.0, 0.0)


def made() -> Targets:
    """Gene a alone closes column 0, a and b close column 1; c is there only if added; d limits column 3."""
    return Targets.of(
        ["a", "b", "c", "d<=2"],
        [
            Effect([0], [(0, *CLOSED)]),
            Effect([0, 1], [(1, *CLOSED)]),
            Effect([2], [(2, *CLOSED)]),
            Effect([3], [(3, -np.inf, 2.0)]),
            Effect([1, 2], [(3, *CLOSED)]),
        ],
        kind=[KNOCK_OUT, KNOCK_OUT, KNOCK_IN, REGULATION],
        cost=[1.0, 2.0, 0.5, 1.5],
        adds=[False, False, True, False],
        exclusive=[{0, 3}],
    )


@pytest.mark.parametrize(
    ("design", "restrictions", "effects"),
    [
        (set(), {2}, [2]),
        ({2}, set(), []),
        ({0}, {0, 2}, [0, 2]),
        ({0, 2}, {0}, [0]),
        ({1}, {1, 2}, [2, 4]),
        ({1, 2}, {1}, []),
        ({0, 1, 2}, {0, 1}, [0, 1]),
        ({0, 1, 2, 3}, {0, 1, 3}, [0, 1, 3]),
        ({0, 1, 3}, {0, 1, 2, 3}, [0, 1, 2, 3, 4]),
    ],
)
def test_what_a_design_leads_to(design, restrictions, effects):
    targets = made()
    assert targets.restrictions(design) == restrictions
    assert targets.design(restrictions) == design
    assert targets.effects(design) == effects
    assert targets.implied(restrictions) == effects


def test_the_number_of_effects_and_what_they_need_and_narrow():
    targets = made()
    assert targets.n_effects == 5
    assert [targets.needs(e).tolist() for e in range(5)] == [[0], [0, 1], [2], [3], [1, 2]]
    assert [targets.columns(e).tolist() for e in range(5)] == [[0], [1], [2], [3], [3]]
    assert targets.owner.tolist() == [0, 1, 2, 3, 4]
    assert targets.needing.tolist() == [0, 1, 1, 2, 3, 4, 4]
    assert targets.effect(3) == Effect([3], [(3, -np.inf, 2.0)])
    assert targets.effect(1).columns == {1}
    assert targets.exclusive() == [{0, 3}]


def test_how_targets_are_written():
    kinds = [KNOCK_OUT, KNOCK_IN, REGULATION, MEDIUM]
    targets = Targets.of(["A|B", "C", "D>=5", "EX_d<=0"], [], kind=kinds)
    assert [targets.written(t) for t in range(4)] == ["-A|B", "+C", "D>=5", "EX_d<=0"]


def test_interchangeable_names_have_their_own_costs():
    targets = Targets.of(["A", "B|C", "D"], [], cost=[1, 0.5, 2], choice_cost=[[1], [0.5, 3], [2]])
    assert targets.choices(0) == [("-A", 1.0)]
    assert targets.choices(1) == [("-B", 0.5), ("-C", 3.0)]
    assert targets.choices(2) == [("-D", 2.0)]


def test_without_own_costs_all_names_cost_the_same():
    assert Targets.of(["A|B"], [], cost=[3]).choices(0) == [("-A", 3.0), ("-B", 3.0)]


@pytest.mark.parametrize(
    ("effects", "more", "plain"),
    [
        ([Effect([0], [(0, *CLOSED)]), Effect([1], [(1, *CLOSED)])], {}, True),
        ([Effect([1], [(0, *CLOSED)]), Effect([0], [(1, *CLOSED)])], {}, False),
        ([Effect([0], [(0, *CLOSED)])], {}, False),
        ([Effect([0], [(0, *CLOSED)]), Effect([0, 1], [(1, *CLOSED)])], {}, False),
        ([Effect([0], [(0, *CLOSED)]), Effect([1], [(1, *CLOSED)])], {"adds": [False, True]}, False),
        ([Effect([0], [(0, *CLOSED)]), Effect([1], [(1, *CLOSED)])], {"exclusive": [{0, 1}]}, False),
    ],
)
def test_only_one_effect_for_each_target_in_order_is_plain(effects, more, plain):
    targets = Targets.of(["A", "B"], effects, **more)
    assert targets.plain == plain
    if not more.get("adds"):
        numbers = [t for t in range(targets.n_effects) if set(targets.needs(t).tolist()) <= {1}]
        assert targets.effects({1}) == numbers


def test_taking_some_targets_keeps_what_belongs_to_them():
    taken = made().take([1, 2, 3], {2: 0, 3: 5})
    assert taken.ids == ("b", "c", "d<=2")
    assert taken.cost.tolist() == [2.0, 0.5, 1.5]
    assert taken.adds.tolist() == [False, True, False]
    assert taken.kind == (KNOCK_OUT, KNOCK_IN, REGULATION)
    assert taken.exclusive() == [{2}]
    wanted = [Effect([1], [(0, *CLOSED)]), Effect([2], [(5, -np.inf, 2.0)]), Effect([0, 1], [(5, *CLOSED)])]
    assert [taken.effect(e) for e in range(taken.n_effects)] == wanted


def test_taking_without_a_map_keeps_the_columns():
    taken = made().take([0, 1])
    assert [taken.effect(e) for e in range(taken.n_effects)] == [
        Effect([0], [(0, *CLOSED)]),
        Effect([0, 1], [(1, *CLOSED)]),
    ]


def test_taking_keeps_the_costs_of_choices():
    targets = Targets.of(["A", "B|C", "D"], [], cost=[1, 0.5, 2], choice_cost=[[1], [0.5, 3], [2]])
    assert targets.take([1, 2]).choices(0) == [("-B", 0.5), ("-C", 3.0)]
    assert targets.take([1, 2]).choices(1) == [("-D", 2.0)]


def test_with_other_effects_all_else_stays():
    targets = made()
    other = targets.with_effects([Effect([0], [(7, *CLOSED)])])
    assert other.n_effects == 1 and other.columns(0).tolist() == [7]
    for name in ("ids", "kind", "status"):
        assert getattr(other, name) == getattr(targets, name)
    for name in ("cost", "choice_cost", "adds", "group_start", "member"):
        assert np.array_equal(getattr(other, name), getattr(targets, name))


def opposed() -> Targets:
    """Regulator r has columns 0 (on) and 1 (off); gene a closes 2; added regulator k has 3 (there) and 4 (not)."""
    return Targets.of(
        ["r", "a", "k"],
        [
            Effect([0], [(0, *CLOSED)]),
            Effect([1], [(2, *CLOSED)]),
            Effect([2], [(3, *CLOSED)]),
            Effect([0, 1], [(5, *CLOSED)]),
            Effect([3], [(1, *CLOSED)]),
            Effect([5], [(4, *CLOSED)]),
            Effect([1, 3], [(6, *CLOSED)]),
        ],
        kind=[KNOCK_OUT, KNOCK_OUT, KNOCK_IN],
        cost=[1.0, 2.0, 0.5],
        adds=[False, False, True],
    )


@pytest.mark.parametrize(
    ("design", "restrictions", "effects"),
    [
        (set(), {2, 3}, [2, 4]),
        ({0}, {0, 2}, [0, 2]),
        ({1}, {1, 2, 3}, [1, 2, 4, 6]),
        ({2}, {3, 5}, [4, 5]),
        ({0, 1}, {0, 1, 2}, [0, 1, 2, 3]),
        ({0, 2}, {0, 5}, [0, 5]),
        ({0, 1, 2}, {0, 1, 5}, [0, 1, 3, 5]),
    ],
)
def test_a_design_decides_its_opposites_too(design, restrictions, effects):
    targets = opposed()
    assert targets.restrictions(design) == restrictions
    assert targets.effects(design) == effects
    assert targets.design(restrictions) == design


def test_which_targets_have_an_opposite_and_which_decisions_apply_one():
    targets = opposed()
    assert targets.opposed == [0, 2]
    assert targets.applies.tolist() == [True, True, False, False, False, True]
    assert targets.enlarging and not targets.plain
    assert not Targets.knock_outs(["a"], [[0]]).enlarging
    removable = Targets.of(["r"], [Effect([0], [(0, *CLOSED)]), Effect([1], [(1, *CLOSED)])])
    assert removable.enlarging and not removable.plain


def test_undecided_opposites_lead_to_nothing():
    targets = opposed()
    assert targets.implied(()) == []
    assert targets.implied({3}) == [4]
    assert targets.implied({1, 3}) == [1, 4, 6]
    assert targets.implied({0, 3}) == [0, 4]


def test_taking_some_targets_renumbers_opposites_and_settles_those_of_the_others():
    targets = opposed()
    taken = targets.take([1, 2])
    # r is kept for good: column 1 is closed once and for all, and a alone closes 6
    assert targets.settled([1, 2]) == [(1, *CLOSED)]
    assert [taken.effect(e) for e in range(taken.n_effects)] == [
        Effect([0], [(2, *CLOSED)]),
        Effect([1], [(3, *CLOSED)]),
        Effect([3], [(4, *CLOSED)]),
        Effect([0], [(6, *CLOSED)]),
    ]
    assert taken.opposed == [1]
    whole = targets.take([0, 1, 2])
    assert targets.settled([0, 1, 2]) == []
    assert [whole.effect(e) for e in range(7)] == [targets.effect(e) for e in range(7)]
    assert targets.take([0, 2]).effect(2) == Effect([2], [(1, *CLOSED)])
    assert targets.settled([0, 2]) == []


@pytest.mark.parametrize("keep", [[0], [1], [0, 1], [1, 2], [0, 1, 2]])
def test_what_is_taken_and_settled_is_what_a_design_of_them_leads_to(keep):
    """Whatever is added stays among the targets here, as candidates do."""
    targets = opposed()
    taken, settled = targets.take(keep), targets.settled(keep)
    for size in range(len(keep) + 1):
        for design in combinations(range(len(keep)), size):
            own = {b for e in taken.effects(design) for b in taken.effect(e).bounds} | set(settled)
            was = {b for e in targets.effects([keep[t] for t in design]) for b in targets.effect(e).bounds}
            assert own == was - ({(3, *CLOSED)} if 2 not in keep else set())


def test_a_decision_has_a_number_and_an_opposite():
    targets = opposed()
    every = [targets.decision(number) for number in range(6)]
    assert every == [(0, True), (1, True), (2, False), (0, False), (1, False), (2, True)]
    assert [targets.number(decision) for decision in every] == list(range(6))
    assert [targets.opposite(number) for number in range(6)] == [3, 4, 5, 0, 1, 2]
    assert [targets.decision(targets.opposite(number)) for number in range(6)] == [one.opposite for one in every]
