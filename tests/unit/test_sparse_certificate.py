"""Columns whose closing leaves no state of a region, and states that use little."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_array

from knockflow.numerics.sparse_certificate import Certificates, Polyhedron, SparseStates

NEVER = np.inf


def two_ways(long_way=3):
    """In -> A; A -> B at once, or by steps, each a column; B -> out, of which at least 1 is to leave."""
    n = 3 + long_way
    matrix = np.zeros((1 + long_way, n))
    matrix[0, [0, 1, 2]] = 1, -1, -1  # A: column 0 makes it, 1 takes it straight to B, 2 begins the steps
    for step in range(1, long_way):
        matrix[step, [1 + step, 2 + step]] = 1, -1
    matrix[long_way, [1, 1 + long_way, 2 + long_way]] = 1, 1, -1
    whole = Polyhedron(csc_array(matrix), np.zeros(1 + long_way), np.zeros(1 + long_way), np.zeros(n), np.full(n, 10.0))
    return whole.within(np.eye(n)[[n - 1]], np.array([1.0]), np.array([NEVER]))


def empty(region, closed):
    upper = region.upper.copy()
    upper[list(closed)] = 0.0
    dense = region.matrix.toarray()
    rows = np.vstack([dense[np.isfinite(region.row_upper)], -dense[np.isfinite(region.row_lower)]])
    ends = np.concatenate(
        [region.row_upper[np.isfinite(region.row_upper)], -region.row_lower[np.isfinite(region.row_lower)]]
    )
    return linprog(np.zeros(len(upper)), rows, ends, bounds=list(zip(region.lower, upper, strict=True))).status == 2


def test_few_columns_are_closed():
    region = two_ways()
    found = Certificates(region, np.arange(1, 5)).closed(np.ones(4), np.ones(4, bool))
    closed = np.flatnonzero(found) + 1
    assert len(closed) == 2 and 1 in closed and empty(region, closed)


def test_weights_choose_among_columns_and_what_is_not_allowed_stays_open():
    region = two_ways()
    certificates = Certificates(region, np.arange(1, 5))
    assert set(np.flatnonzero(certificates.closed(np.array([1, 9, 9, 1.0]), np.ones(4, bool))) + 1) == {1, 4}
    allowed = np.array([True, True, False, False])
    assert set(np.flatnonzero(certificates.closed(np.ones(4), allowed)) + 1) == {1, 2}


def test_there_are_no_prices_where_a_state_is_left_whatever_is_closed():
    certificates = Certificates(two_ways(), np.arange(1, 5))
    assert certificates.closed(np.ones(4), np.array([False, True, True, True])) is None
    assert certificates.closed(np.ones(4), np.ones(4, bool)) is not None


@pytest.mark.parametrize("seed", range(5))
def test_random_regions_have_no_state_once_the_columns_are_closed(seed):
    numbers = np.random.default_rng(seed)
    matrix = numbers.integers(-1, 2, (6, 14)).astype(float)
    whole = Polyhedron(csc_array(matrix), np.zeros(6), np.zeros(6), np.full(14, -5.0), np.full(14, 5.0))
    region = whole.within(np.eye(14)[[0]], np.array([0.1]), np.array([NEVER]))
    assert not empty(region, ())
    found = Certificates(region, np.arange(1, 14)).closed(numbers.random(13) + 0.1, np.ones(13, bool))
    closed = np.flatnonzero(found) + 1
    upper, lower = region.upper.copy(), region.lower.copy()
    upper[closed] = lower[closed] = 0.0
    assert empty(Polyhedron(region.matrix, region.row_lower, region.row_upper, lower, upper), ())


def test_a_state_takes_the_way_of_least_weight():
    states = SparseStates(two_ways())
    straight = states.state(np.ones(6), np.array([], int))
    assert straight[1] == pytest.approx(1) and np.count_nonzero(straight) == 3
    around = states.state(np.ones(6), np.array([1]))
    assert around[1] == 0 and np.count_nonzero(around) == 5
    assert states.state(np.ones(6), np.array([1, 2])) is None
