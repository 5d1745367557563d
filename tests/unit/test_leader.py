"""Targets and effects: what a design leads to, how it is written, what is left of some of them."""

import numpy as np
import pytest

from knockflow.leader import KNOCK_IN, KNOCK_OUT, MEDIUM, REGULATION, Effect, Targets

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
