"""Which columns can carry flux at all, against their ranges one by one; the ranges themselves stand in test_lp.py."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.numerics.flux_ranges import CAP, carrying_columns, flux_ranges
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP


def steady_states(matrix, lower, upper) -> LP:
    rows = np.zeros(len(matrix))
    return LP(LinearProgram.of(np.array(matrix, float), rows, rows, lower, upper))


@st.composite
def cases(draw):
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    entry = st.sampled_from([0, 0, 0, 1, -1, 2, -0.5])
    matrix = [[draw(entry) for _ in range(shape[1])] for _ in range(shape[0])]
    ends = [(0, 1000), (0, 4), (-1000, 1000), (-2, 0), (0, 0), (1, 4), (0, 1e-5), (-1e-4, 3)]
    lower, upper = zip(*[draw(st.sampled_from(ends)) for _ in range(shape[1])], strict=True)
    return matrix, np.array(lower, float), np.array(upper, float)


@given(cases())
@settings(max_examples=examples(68))
def test_columns_that_carry_are_those_whose_range_is_not_zero(case):
    matrix, lower, upper = case
    ranges = flux_ranges(steady_states(*case), lower, upper)
    carries = carrying_columns(steady_states(*case), lower, upper)
    if ranges is None:
        assert carries is None
    else:
        np.testing.assert_array_equal(carries, np.maximum(-ranges[0], ranges[1]) > 1e-9)


@given(cases())
@settings(max_examples=examples(22))
def test_bounds_may_be_infinite(case):
    matrix, lower, upper = case
    free = np.where(lower == -1000, -np.inf, lower), np.where(upper == 1000, np.inf, upper)
    found, wanted = (carrying_columns(steady_states(matrix, *ends), *ends) for ends in (free, (lower, upper)))
    np.testing.assert_array_equal(found, wanted)


@given(cases())
@settings(max_examples=examples(22))
def test_the_bounds_are_given_back(case):
    matrix, lower, upper = case
    lp = steady_states(*case)
    if carrying_columns(lp, lower, upper) is None:
        return
    found, wanted = flux_ranges(lp, lower, upper), flux_ranges(steady_states(*case), lower, upper)
    np.testing.assert_allclose(found, wanted, atol=1e-7)


def chain(n: int) -> tuple[list[list[float]], np.ndarray, np.ndarray]:
    """An inflow, `n` parallel ways and an outflow, and as many ways that end blind."""
    ways = np.ones(n)
    matrix = [[1, 0, *-ways, *-ways], [0, -1, *ways, *0 * ways]]
    matrix += [[0, 0, *0 * ways, *(np.arange(n) == way)] for way in range(n)]
    return matrix, np.zeros(2 * n + 2), np.array([10, *np.full(2 * n + 1, 1000)], float)


def test_many_columns_cost_few_programs():
    matrix, lower, upper = chain(50)
    lp = steady_states(matrix, lower, upper)
    carries = carrying_columns(lp, lower, upper)
    assert carries.tolist() == [True] * 52 + [False] * 50
    assert lp.solves <= 8


@pytest.mark.parametrize("flux", [3e-9, 5e-8, CAP, 10])
def test_a_flux_may_be_tiny(flux):
    lp = steady_states([[1, -1, 0], [0, 1, -1]], [0, 0, 0], [flux, 1000, 1000])
    assert carrying_columns(lp, np.zeros(3), np.array([flux, 1000, 1000])).all()


def test_no_state_at_all():
    lower, upper = np.array([2.0, 0.0]), np.array([3.0, 1.0])
    assert carrying_columns(steady_states([[1, -1]], lower, upper), lower, upper) is None
