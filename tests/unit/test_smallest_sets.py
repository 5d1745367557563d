"""Smallest sets to lift, against trying all sets."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knockflow.numerics.smallest_sets import smallest_hitting_set, smallest_to_lift

ITEMS = list("abcdefgh")


def by_trying(items, works):
    for size in range(len(items) + 1):
        for chosen in combinations(items, size):
            if works(frozenset(chosen)):
                return size
    return None


@given(st.lists(st.sets(st.sampled_from(ITEMS), min_size=1, max_size=4), max_size=7))
def test_it_is_as_small_as_the_smallest_of_all_sets_and_its_cores_prove_it(sets):
    def works(lifted):
        return all(lifted & one for one in sets)

    found = smallest_to_lift(ITEMS, works)
    assert works(frozenset(found.lifted))
    assert len(found.lifted) == by_trying(ITEMS, works)
    for core in found.cores:
        assert not works(frozenset(ITEMS) - set(core))
        for name in core:
            assert works(frozenset(ITEMS) - (set(core) - {name}))
    assert len(smallest_hitting_set(ITEMS, found.cores)) == len(found.lifted) if found.cores else found.lifted == ()


def test_what_works_anyway_needs_nothing_lifted():
    assert smallest_to_lift(ITEMS, lambda lifted: True).lifted == ()


def test_what_no_lifting_helps_is_not_the_items_fault():
    assert smallest_to_lift(ITEMS, lambda lifted: False) is None


def test_a_core_among_many_takes_few_tests():
    items = [f"R{number}" for number in range(500)]
    found = smallest_to_lift(items, lambda lifted: bool(lifted & {"R17", "R400"}))
    assert found.lifted in (("R17",), ("R400",)) and found.cores == (("R17", "R400"),)
    assert found.tests < 50


def test_every_set_is_hit():
    assert smallest_hitting_set("abc", ["ab", "bc"]) == ("b",)
    assert len(smallest_hitting_set("abc", ["a", "bc"])) == 2
    with pytest.raises(KeyError):
        smallest_hitting_set("abc", ["x"])
