"""The table of signs, line by line: the dual's optimum equals that of the primal, solved by another program."""

from types import SimpleNamespace

import numpy as np
import pyomo.environ as pyo
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csc_array

from knockflow.methods.single_level.dual import add_dual, binding_bounds

INF = np.inf


def follower(rows, bounds):
    """Rows as (coefficients, kind, right-hand side), bounds as (lower, upper)."""
    return SimpleNamespace(
        rows=tuple(range(len(rows))),
        columns=tuple(range(len(bounds))),
        matrix=csc_array(np.array([coefficients for coefficients, _, _ in rows], float)),
        row_lower=np.array([-INF if kind == "<=" else rhs for _, kind, rhs in rows], float),
        row_upper=np.array([INF if kind == ">=" else rhs for _, kind, rhs in rows], float),
        lower=np.array([lower for lower, _ in bounds], float),
        upper=np.array([upper for _, upper in bounds], float),
        # The range of growing states is finite; every finite bound is reached.
        viable_lower=np.array([max(lower, -50) for lower, _ in bounds], float),
        viable_upper=np.array([min(upper, 50) for _, upper in bounds], float),
    )


def primal(rows, bounds, objective, removed=()) -> float | None:
    """The largest value of the objective, None without a state."""
    above = [(np.array(a), b) if kind == "<=" else (-np.array(a), -b) for a, kind, b in rows if kind != "="]
    equal = [(a, b) for a, kind, b in rows if kind == "="]
    result = linprog(
        -np.array(objective, float),
        A_ub=[a for a, _ in above] or None,
        b_ub=[b for _, b in above] or None,
        A_eq=[a for a, _ in equal] or None,
        b_eq=[b for _, b in equal] or None,
        bounds=[(0, 0) if j in removed else (lo, hi) for j, (lo, hi) in enumerate(bounds)],
    )
    return -result.fun if result.status == 0 else None


def dual(rows, bounds, objective, removed=(), removable=(), big_m=1e4) -> float:
    """The least value of the dual objective."""
    model = pyo.ConcreteModel()
    model.block = pyo.Block()
    kept = {j: int(j not in removed) for j in {*removed, *removable}}
    made = add_dual(model.block, follower(rows, bounds), lambda j: float(objective[j]), kept, big_m)
    model.objective = pyo.Objective(expr=made.value)
    results = pyo.SolverFactory("appsi_highs").solve(model)
    assert str(results.solver.termination_condition) == "optimal"
    return pyo.value(made.value)


def assert_equal(rows, bounds, objective, expected, removed=(), **keywords):
    assert primal(rows, bounds, objective, removed) == pytest.approx(expected)
    assert dual(rows, bounds, objective, removed, **keywords) == pytest.approx(expected)


def test_an_equation_has_a_free_multiplier():
    assert_equal([([1, 1], "=", 4)], [(0, 9), (0, 9)], [2, 1], 8)
    # pushed the other way the multiplier is negative
    assert_equal([([1, 1], "=", 4)], [(0, 9), (0, 9)], [-2, -1], -4)


def test_a_row_from_above_has_a_nonnegative_multiplier():
    assert_equal([([1, 1], "<=", 4)], [(0, 9), (0, 9)], [2, 1], 8)
    # slack: with a free multiplier the dual would be unbounded or lower than 0
    assert_equal([([1, 1], "<=", 4)], [(0, 9), (0, 9)], [-2, -1], 0)


def test_a_row_from_below_has_a_nonpositive_multiplier():
    assert_equal([([1, 1], ">=", 4)], [(0, 9), (0, 9)], [-2, -1], -4)
    assert_equal([([1, 1], ">=", 4)], [(0, 9), (0, 9)], [2, 1], 27)


def test_a_row_with_a_negative_side():
    assert_equal([([-1, -1], "<=", -4)], [(0, 9), (0, 9)], [-2, -1], -4)
    assert_equal([([-1, -1], ">=", -4)], [(0, 9), (0, 9)], [2, 1], 8)


def test_an_upper_bound_adds_its_multiplier():
    assert_equal([([1, -1], "=", 0)], [(0, 3), (0, 9)], [1, 0], 3)
    assert_equal([([1, -1], "=", 0)], [(-9, -3), (-9, 0)], [1, 0], -3)


def test_a_lower_bound_subtracts_its_multiplier():
    assert_equal([([1, -1], "=", 0)], [(2, 9), (0, 9)], [-1, 0], -2)
    assert_equal([([1, -1], "=", 0)], [(-2, 9), (-9, 9)], [-1, 0], 2)


def test_a_bound_of_zero_costs_nothing_but_is_there():
    assert_equal([([1, -1], "=", 0)], [(0, 9), (-9, 9)], [-1, 0], 0)
    assert_equal([([1, -1], "=", 0)], [(-9, 0), (-9, 9)], [1, 0], 0)


def test_endless_bounds_have_no_multiplier():
    assert_equal([([1, 1], "<=", 4)], [(-INF, INF), (-INF, INF)], [2, 2], 8)
    assert_equal([([1, 0], "<=", 4)], [(-INF, INF), (0, INF)], [1, -1], 4)


def test_a_removed_column_has_a_free_multiplier():
    rows, bounds = [([1, 1], "=", 4)], [(0, 9), (0, 9)]
    assert_equal(rows, bounds, [2, 1], 4, removed=(0,))
    assert_equal(rows, bounds, [1, 2], 4, removed=(1,))
    # the multiplier of the removal is negative: the column would be run although it costs
    assert_equal([([1, 1], "=", 4)], [(-9, 9), (0, 9)], [-2, -1], -4, removed=(0,))


def test_a_column_that_is_kept_has_no_multiplier_of_removal():
    assert_equal([([1, 1], "=", 4)], [(0, 9), (0, 9)], [2, 1], 8, removable=(0, 1))


def test_a_bound_of_the_multiplier_that_is_too_small_only_raises_the_dual():
    rows, bounds = [([1, 1], "=", 4)], [(0, 9), (0, 9)]
    assert dual(rows, bounds, [2, 1], removed=(0,), big_m=1.0) == pytest.approx(4)
    assert dual(rows, bounds, [2, 1], removed=(0,), big_m=0.5) == pytest.approx(6)


def test_a_minimization_is_the_maximization_of_the_negative():
    rows, bounds, objective = [([1, 1], ">=", 4)], [(0, 3), (0, 9)], [1, 2]
    least = linprog(objective, A_ub=[[-1, -1]], b_ub=[-4], bounds=bounds).fun
    assert least == 5
    assert -dual(rows, bounds, [-1, -2]) == pytest.approx(least)


def test_a_row_with_two_different_sides_is_refused():
    problem = follower([([1], "=", 0)], [(0, 1)])
    problem.row_lower[0] = -1
    with pytest.raises(ValueError, match="must be written as two rows"):
        add_dual(pyo.Block(concrete=True), problem, lambda _: 0.0, {}, 1.0)


def test_only_bounds_that_growing_states_reach_have_multipliers():
    problem = follower([([1, 1], "=", 4)], [(0, 9), (0, 9)])
    problem.viable_lower, problem.viable_upper = np.array([0, 0.5]), np.array([8.5, 9])
    lower, upper = binding_bounds(problem)
    assert (lower.tolist(), upper.tolist()) == ([True, False], [False, True])
    block = pyo.Block(concrete=True)
    add_dual(block, problem, lambda _: 0.0, {}, 1.0)
    assert (list(block.at_lower), list(block.at_upper)) == ([0], [1])


@st.composite
def programs(draw):
    numbers = st.integers(-3, 3)
    n = draw(st.integers(1, 4))
    row = st.tuples(st.lists(numbers, min_size=n, max_size=n), st.sampled_from(["=", "<=", ">="]), numbers)
    bounds = draw(st.lists(st.tuples(st.integers(-4, 1), st.integers(1, 4)), min_size=n, max_size=n))
    rows = draw(st.lists(row, min_size=1, max_size=3))
    # What must run is never removed.
    removed = draw(st.sets(st.integers(0, n - 1)))
    return rows, bounds, draw(st.lists(numbers, min_size=n, max_size=n)), {j for j in removed if bounds[j][0] <= 0}


@given(programs())
@settings(max_examples=examples(27))
def test_strong_duality_holds_for_random_programs(program):
    rows, bounds, objective, removed = program
    expected = primal(rows, bounds, objective, removed)
    assume(expected is not None)
    found = dual(rows, bounds, objective, removed, removable=range(len(bounds)))
    assert found == pytest.approx(expected, abs=1e-6)
