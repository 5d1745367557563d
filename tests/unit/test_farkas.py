"""Programs without a solution, proven by prices: never where there is one, and without a second opinion."""

import numpy as np
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csc_array

from knockflow.numerics.farkas import Emptiness
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict

SIZES = st.tuples(st.integers(1, 4), st.integers(2, 6))
NUMBERS = st.integers(-3, 3)


@st.composite
def balances(draw):
    """S v = 0 with some bounds, and others for later."""
    m, n = draw(SIZES)
    matrix = np.array(draw(st.lists(st.lists(NUMBERS, min_size=n, max_size=n), min_size=m, max_size=m)), float)
    bounds = [np.array(draw(st.lists(st.integers(*ends), min_size=n, max_size=n)), float) for ends in ((-4, 0), (0, 4))]
    least = np.array(draw(st.lists(st.sampled_from([-4, -4, 0, 1, 2]), min_size=n, max_size=n)), float)
    return matrix, bounds, (np.maximum(bounds[0], least), np.maximum(bounds[1], least))


def feasible(matrix, lower, upper) -> bool:
    bounds = list(zip(lower, upper, strict=True))
    return linprog(np.zeros(len(lower)), A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds).status == 0


@settings(max_examples=examples(60), deadline=None)
@given(balances(), st.lists(NUMBERS, min_size=4, max_size=4))
def test_no_prices_show_that_what_has_a_solution_has_none(drawn, prices):
    matrix, _, ends = drawn
    assume(feasible(matrix, *ends))
    zero = np.zeros(len(matrix))
    assert not Emptiness(csc_array(matrix)).shown(np.array(prices[: len(matrix)], float), (zero, zero), ends)


@settings(max_examples=examples(60), deadline=None)
@given(balances())
def test_the_dual_simplex_is_right_from_a_warm_start(drawn):
    matrix, bounds, ends = drawn
    zero = np.zeros(len(matrix))
    lp = LP(LinearProgram.of(matrix, zero, zero, *bounds))
    lp.set_objective(np.ones(len(ends[0])), maximize=True)
    assert lp.solve() is Verdict.OPTIMAL
    for column, (lower, upper) in enumerate(zip(*ends, strict=True)):
        lp.set_column(column, lower, upper)
    verdict = lp.solve(dual=True)
    assert (verdict is Verdict.OPTIMAL) == feasible(matrix, *ends)


def chain(most: float) -> LP:
    """In -> middle -> out, with a scaled side product; out must be 2."""
    matrix = np.array([[1.0, -1e-3, 0.0, 0.0], [0.0, 1.0, -1.0, 1000.0]])
    lower, upper = np.array([0.0, 0.0, 2.0, 0.0]), np.array([most, 1000.0, 2.0, np.inf])
    lp = LP(LinearProgram.of(matrix, np.zeros(2), np.zeros(2), lower, upper))
    lp.set_objective(np.array([0.0, 0.0, 1.0, 0.0]), maximize=True)
    return lp


@pytest.mark.parametrize(("most", "proven"), [(1e-4, True), (0.0, True), (2e-3 - 1e-13, False)])
def test_prices_settle_it_unless_it_is_within_tolerance(monkeypatch, most, proven):
    lp = chain(10.0)
    lp.set_column(3, 0.0, 0.0)
    assert lp.solve() is Verdict.OPTIMAL
    lp.set_column(0, 0.0, most)
    asked = []
    agreed = LP._agreed
    monkeypatch.setattr(LP, "_agreed", lambda self, way: asked.append(way) or agreed(self, way))
    assert (lp.solve(dual=True) is Verdict.INFEASIBLE) == proven
    assert not asked


def test_a_range_without_an_end_proves_nothing():
    matrix = csc_array(np.array([[1.0, -1.0]]))
    zero, prices = np.zeros(1), np.ones(1)
    ends = np.array([2.0, 0.0]), np.array([3.0, 1.0])
    assert Emptiness(matrix).shown(prices, (zero, zero), ends)
    assert not Emptiness(matrix).shown(prices, (zero, zero), (ends[0], np.array([3.0, np.inf])))
    assert Emptiness(matrix).shown(-prices, (zero, zero), (ends[0], np.array([np.inf, 1.0])))
