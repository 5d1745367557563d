"""Exact solutions of sparse systems, and exact states and bounds of linear programs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knockflow.numerics.certified import ExactProgram, usable
from knockflow.numerics.exact import solve
from knockflow.numerics.exact_rows import ExactRow

NUMBERS = st.integers(-6, 6).map(Fraction)


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(NUMBERS, min_size=n, max_size=n)] * (n + 1))))
def test_a_solution_is_exact_or_the_system_is_singular(parts):
    *matrix, right = parts
    found = solve([{j: x for j, x in enumerate(row) if x} for row in matrix], right)
    if found is None:
        assert _determinant(matrix) == 0
    else:
        assert [sum(x * found.get(j, 0) for j, x in enumerate(row)) for row in matrix] == right


def _determinant(rows):
    if not rows:
        return Fraction(1)
    first, *rest = rows
    minors = ([row[:j] + row[j + 1 :] for row in rest] for j in range(len(first)))
    return sum((-1) ** j * x * _determinant(minor) for j, (x, minor) in enumerate(zip(first, minors, strict=True)))


@pytest.fixture
def program():
    """3 a = b, a third of what is taken up, and a limit of a on what two routes make."""
    bounds = {name: (Fraction(0), Fraction(10)) for name in ("a", "b", "c")}
    rows = {
        "balance": ExactRow({"a": Fraction(3), "b": Fraction(-1)}, Fraction(0), Fraction(0)),
        "limit": ExactRow({"b": Fraction(1), "c": Fraction(1)}, None, Fraction(7)),
    }
    return ExactProgram(bounds, rows)


def test_the_state_of_a_basis_is_exact(program):
    assert program.best_state({"a": Fraction(-1)}) == {"a": Fraction(7, 3), "b": Fraction(7)}
    assert program.best_state({"c": Fraction(-1)}, {"a": Fraction(-1)}) == {"c": Fraction(7)}


def test_the_bound_of_optimal_prices_is_the_optimum(program):
    goal = {"a": Fraction(-1)}
    prices = {name: Fraction(price) for name, price in usable(program.least(goal).prices, program.rows).items()}
    assert float(program.bound(goal, prices)) == pytest.approx(-7 / 3, abs=1e-12)


@given(st.dictionaries(st.sampled_from(["balance", "limit"]), st.integers(-50, 0).map(lambda n: Fraction(n, 10))))
def test_the_bound_of_any_prices_holds(prices):
    bounds = {name: (Fraction(0), Fraction(10)) for name in ("a", "b", "c")}
    rows = {
        "balance": ExactRow({"a": Fraction(3), "b": Fraction(-1)}, Fraction(0), Fraction(0)),
        "limit": ExactRow({"b": Fraction(1), "c": Fraction(1)}, None, Fraction(7)),
    }
    assert ExactProgram(bounds, rows).bound({"a": Fraction(-1)}, prices) <= Fraction(-7, 3)


def test_no_state_no_answer(program):
    assert program.holding({"b": Fraction(9)}).best_state({"a": Fraction(1)}) is None
    assert program.holding({}, {"never": ExactRow({}, Fraction(1), None)}).least({"a": Fraction(1)}) is None
