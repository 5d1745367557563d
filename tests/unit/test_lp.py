"""The warm-started engine: verdicts, prices and bounds against HiGHS, and flux ranges."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from knockflow.numerics.flux_ranges import flux_ranges
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict

INF = np.inf


def engine(matrix, row_lower, row_upper, lower, upper) -> LP:
    dense = np.array(matrix, float).reshape(len(row_lower), len(lower))
    return LP(LinearProgram.of(dense, row_lower, row_upper, lower, upper))


def programs():
    """Random bounded programs with rows of every kind."""
    numbers = st.integers(-3, 3)

    def of_size(size):
        m, n = size
        row = st.tuples(st.lists(numbers, min_size=n, max_size=n), st.sampled_from(["=", "<=", ">="]), numbers)
        bounds = st.tuples(st.integers(-4, 0), st.integers(0, 4))
        return st.tuples(
            st.lists(row, min_size=m, max_size=m),
            st.lists(bounds, min_size=n, max_size=n),
            st.lists(numbers, min_size=n, max_size=n),
        )

    return st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(of_size)


def row_bounds(rows):
    return (
        [float(rhs) if kind in ("=", ">=") else -INF for _, kind, rhs in rows],
        [float(rhs) if kind in ("=", "<=") else INF for _, kind, rhs in rows],
    )


def reference(rows, bounds, objective, maximize):
    sign = -1 if maximize else 1
    upper = [(np.array(a), b) if kind == "<=" else (-np.array(a), -b) for a, kind, b in rows if kind != "="]
    equal = [(a, b) for a, kind, b in rows if kind == "="]
    result = linprog(
        sign * np.array(objective, float),
        A_ub=[a for a, _ in upper] or None,
        b_ub=[b for _, b in upper] or None,
        A_eq=[a for a, _ in equal] or None,
        b_eq=[b for _, b in equal] or None,
        bounds=bounds,
    )
    return None if result.status == 2 else sign * result.fun


@given(programs(), st.booleans(), st.booleans())
@settings(max_examples=examples(68))
def test_optimum_is_that_of_another_solver(program, maximize, dual):
    rows, bounds, objective = program
    lp = engine([a for a, _, _ in rows], *row_bounds(rows), [b[0] for b in bounds], [b[1] for b in bounds])
    lp.set_objective(np.array(objective, float), maximize)
    expected = reference(rows, bounds, objective, maximize)
    verdict = lp.solve(dual)
    if expected is None:
        assert verdict is Verdict.INFEASIBLE
    else:
        assert verdict is Verdict.OPTIMAL
        assert lp.value == pytest.approx(expected, abs=1e-7)
        assert np.dot(objective, lp.primals()) == pytest.approx(expected, abs=1e-7)


@given(programs(), st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=examples(36))
def test_a_warm_start_gives_what_a_cold_one_gives(program, changes):
    rows, bounds, objective = program
    lower, upper = [b[0] for b in bounds], [b[1] for b in bounds]
    lp = engine([a for a, _, _ in rows], *row_bounds(rows), lower, upper)
    lp.set_objective(np.array(objective, float), maximize=True)
    lp.solve()
    now = list(bounds)
    for column, close in changes:
        if column < len(bounds):
            now[column] = (0, 0) if close else bounds[column]
            lp.set_column(column, *now[column])
            expected = reference(rows, now, objective, maximize=True)
            found = lp.value if lp.solve(dual=True) is Verdict.OPTIMAL else None
            assert found == (None if expected is None else pytest.approx(expected, abs=1e-7))


def test_verdicts():
    lp = engine([[1, 1]], [2], [INF], [0, 0], [INF, INF])
    lp.set_objective(np.array([1.0, 1.0]), maximize=True)
    assert lp.solve() is Verdict.UNBOUNDED
    lp.set_objective(np.array([1.0, 1.0]), maximize=False)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.value == 2
    lp.set_row(0, -INF, -1)
    assert lp.solve() is Verdict.INFEASIBLE
    assert lp.solves == 3


def test_free_and_half_free_variables():
    lp = engine([[1, 1, 1]], [0], [0], [-INF, -INF, 3], [INF, 2, INF])
    lp.set_objective(np.array([1.0, 0, 0]), maximize=False)
    assert lp.solve() is Verdict.UNBOUNDED
    lp.set_objective(np.array([1.0, 0, 0]), maximize=True)
    assert lp.solve() is Verdict.UNBOUNDED
    lp.set_column(1, -7, 2)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.value == 4


def test_bounds_that_cross_leave_no_state():
    lp = engine([[1, -1]], [0], [0], [0, 0], [5, 5])
    lp.set_objective(np.array([1.0, 0]), maximize=True)
    lp.set_column(0, 3, 2)
    for dual in (False, True):
        assert lp.solve(dual) is Verdict.INFEASIBLE
    lp.set_column(0, 2, 3)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.value == 3


def test_a_program_without_rows():
    lp = engine(np.zeros((0, 2)), [], [], [0, -1], [2, 3])
    lp.set_objective(np.array([1.0, -1.0]), maximize=True)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.value == 3


def test_a_new_objective_forgets_the_old_one():
    lp = engine([[1, 1]], [-INF], [4], [0, 0], [3, 3])
    lp.set_objective(np.array([1.0, 0]), maximize=True)
    lp.solve()
    lp.set_objective(np.array([0, 1.0]), maximize=False)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.value == 0


def test_prices_have_the_sign_of_what_the_bound_gains():
    # max 2 a + b with a <= 3 and a + b <= 4: the row's price is 1, that of a's bound 1
    lp = engine([[1, 1]], [-INF], [4], [0, 0], [3, 9])
    lp.set_objective(np.array([2.0, 1.0]), maximize=True)
    lp.solve()
    assert lp.value == 7
    np.testing.assert_allclose(lp.reduced_costs(), [1, 0], atol=1e-9)
    np.testing.assert_allclose(lp.row_duals(), [1], atol=1e-9)


def test_a_basis_can_be_returned_to():
    lp = engine([[1, 1]], [-INF], [4], [0, 0], [3, 3])
    lp.set_objective(np.array([2.0, 1.0]), maximize=True)
    lp.solve()
    kept, at = lp.basis(), lp.primals()
    lp.set_objective(np.array([0, 1.0]), maximize=True)
    lp.solve()
    assert lp.basis() != kept
    lp.restore(kept)
    assert lp.basis() == kept
    lp.set_objective(np.array([2.0, 1.0]), maximize=True)
    lp.solve()
    np.testing.assert_allclose(lp.primals(), at)


@given(programs())
@settings(max_examples=examples(36))
def test_flux_ranges_are_those_of_one_program_for_each_end(program):
    rows, bounds, _ = program
    lower, upper = (np.array(ends, float) for ends in zip(*bounds, strict=True))
    ranges = flux_ranges(engine([a for a, _, _ in rows], *row_bounds(rows), lower, upper), lower, upper)
    for column in range(len(bounds)):
        objective = np.eye(len(bounds))[column]
        ends = [reference(rows, bounds, objective, maximize) for maximize in (False, True)]
        if ranges is None:
            assert ends == [None, None]
        else:
            np.testing.assert_allclose([ranges[0][column], ranges[1][column]], ends, atol=1e-7)


def test_flux_ranges_of_nothing_feasible():
    lp = engine([[1, 1]], [5], [5], [0, 0], [1, 1])
    assert flux_ranges(lp, np.zeros(2), np.ones(2)) is None


def test_flux_ranges_stay_within_the_bounds():
    lower, upper = np.array([0.0, 0.0]), np.array([1 / 3, 1000.0])
    lp = engine([[3, -1]], [0], [0], lower, upper)
    least, largest = flux_ranges(lp, lower, upper)
    assert (least >= lower).all()
    assert (largest <= upper).all()
    np.testing.assert_allclose(largest, [1 / 3, 1])
