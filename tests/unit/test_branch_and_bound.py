"""Branch and bound against another solver: values, verdicts, exact whole numbers, prices of the fixed program."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from knockflow.base.errors import SolverError
from knockflow.numerics import branch_and_bound
from knockflow.numerics.branch_and_bound import MixedInteger
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict

CLOSE = 1e-6
FACTORS = [-3.0, -2.0, -1.0, 1.0, 1.0, 2.0, 0.5, 0.3]


class Program:
    """A mixed-integer program, with its engine and as another solver reads it."""

    def __init__(self, matrix, rows, lower, upper, integers, goal, maximize):
        self.matrix, self.rows = np.array(matrix, float), [list(row) for row in rows]
        self.lower, self.upper = np.array(lower, float), np.array(upper, float)
        self.integers, self.goal, self.maximize = integers, np.array(goal, float), maximize
        lp = LP(LinearProgram.of(self.matrix, *np.array(rows, float).T, self.lower, self.upper))
        self.engine = MixedInteger(lp, self.lower, self.upper, np.array(integers, int))
        self.engine.set_objective(self.goal, maximize)

    def set_column(self, j, lower, upper):
        self.lower[j], self.upper[j] = lower, upper
        self.engine.set_column(j, lower, upper)

    def set_row(self, i, lower, upper):
        self.rows[i] = [lower, upper]
        self.engine.set_row(i, lower, upper)

    def set_objective(self, goal, maximize):
        self.goal, self.maximize = np.array(goal, float), maximize
        self.engine.set_objective(self.goal, maximize)

    def best(self) -> float | None:
        """The optimum by another solver; None where there is no solution."""
        if (self.lower > self.upper).any() or any(least > most for least, most in self.rows):
            return None
        whole = np.zeros(len(self.goal))
        whole[self.integers] = 1
        sign = -1 if self.maximize else 1
        least, most = np.array(self.rows, float).T
        found = milp(
            sign * self.goal,
            integrality=whole,
            bounds=Bounds(self.lower, self.upper),
            constraints=LinearConstraint(self.matrix, least, most),
            options={"mip_rel_gap": 0},
        )
        assert found.status in (0, 2), found.message
        return sign * found.fun if found.status == 0 else None

    def check(self):
        """That engine and other solver agree, and that the solution is one."""
        wanted, verdict = self.best(), self.engine.solve()
        assert verdict is (Verdict.INFEASIBLE if wanted is None else Verdict.OPTIMAL)
        if wanted is None:
            return
        assert self.engine.value == pytest.approx(wanted, abs=CLOSE)
        v, (least, most) = self.engine.primals(), np.array(self.rows, float).T
        np.testing.assert_array_equal(v[self.integers], np.round(v[self.integers]))
        assert self.goal @ v == pytest.approx(self.engine.value, abs=CLOSE)
        assert (v >= self.lower - CLOSE).all() and (v <= self.upper + CLOSE).all()
        assert (self.matrix @ v >= least - CLOSE).all() and (self.matrix @ v <= most + CLOSE).all()
        self.check_prices(v)

    def check_prices(self, v):
        """Dual feasibility and complementary slackness of the program with these whole numbers."""
        reduced, duals = self.engine.reduced_costs(), self.engine.row_duals()
        np.testing.assert_allclose(self.goal - duals @ self.matrix, reduced, atol=CLOSE)
        sign, activity = (1 if self.maximize else -1), self.matrix @ v
        continuous = [j for j in range(len(v)) if j not in self.integers]
        ends = [(sign * reduced[j], v[j], self.lower[j], self.upper[j]) for j in continuous]
        ends += [(sign * d, a, *row) for d, a, row in zip(duals, activity, self.rows, strict=True)]
        for price, value, lower, upper in ends:
            if abs(price) > CLOSE:
                assert value == pytest.approx(upper if price > 0 else lower, abs=CLOSE)


@st.composite
def bounds(draw, whole: bool):
    """A binary, or a range with negative numbers in it; some cannot move."""
    if whole and draw(st.booleans()):
        return 0.0, 1.0
    lower = draw(st.integers(-4, 2))
    return float(lower), float(lower + draw(st.integers(0, 6)))


@st.composite
def programs(draw) -> Program:
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    integers = sorted(draw(st.sets(st.integers(0, n - 1), max_size=5)))
    column = st.lists(st.one_of(st.just(0.0), st.sampled_from(FACTORS)), min_size=n, max_size=n)
    ends = [draw(bounds(j in integers)) for j in range(n)]
    return Program(
        [draw(column) for _ in range(m)],
        [draw(row_ends()) for _ in range(m)],
        *zip(*ends, strict=True),
        integers,
        draw(column),
        draw(st.booleans()),
    )


@st.composite
def row_ends(draw):
    """Both ends, one, or an equality."""
    least = draw(st.sampled_from([-5.0, -2.0, 0.0, 0.5, 1.0, 3.0]))
    return draw(
        st.sampled_from([(least, least), (least, np.inf), (-np.inf, least), (least, least + 2.5), (-np.inf, np.inf)])
    )


@settings(max_examples=examples(135), deadline=None)
@given(programs())
def test_the_optimum_is_that_of_another_solver(program):
    program.check()


@st.composite
def packings(draw) -> Program:
    """Most worth that fits, or the least cost that covers: programs of which linear optima are rarely whole."""
    n, m, maximize = draw(st.integers(3, 7)), draw(st.integers(1, 3)), draw(st.booleans())
    weights = st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0, 7.0, 2.5]), min_size=n, max_size=n)
    matrix, goal = [draw(weights) for _ in range(m)], draw(weights)
    share = draw(st.sampled_from([0.3, 0.45, 0.6]))
    upper = draw(st.lists(st.sampled_from([1, 1, 2, 3]), min_size=n, max_size=n))
    middle = [share * sum(a * u for a, u in zip(row, upper, strict=True)) for row in matrix]
    rows = [(-np.inf, level) if maximize else (level, np.inf) for level in middle]
    integers = sorted(draw(st.sets(st.integers(0, n - 1), min_size=2)))
    return Program(matrix, rows, [0] * n, upper, integers, goal, maximize)


@settings(max_examples=examples(45), deadline=None)
@given(packings())
def test_so_it_is_where_linear_optima_are_far_from_whole(program):
    program.check()


@settings(max_examples=examples(68), deadline=None)
@given(programs(), st.data())
def test_so_it_is_after_each_of_many_changes(program, data):
    program.check()
    n, m = len(program.goal), len(program.rows)
    for _ in range(6):
        what = data.draw(st.sampled_from(["column", "column", "row", "objective", "restart"]))
        if what == "column":
            j = data.draw(st.integers(0, n - 1))
            program.set_column(j, *data.draw(bounds(j in program.integers)))
        elif what == "row":
            program.set_row(data.draw(st.integers(0, m - 1)), *data.draw(row_ends()))
        elif what == "objective":
            goal = data.draw(st.lists(st.sampled_from([0.0, *FACTORS]), min_size=n, max_size=n))
            program.set_objective(goal, data.draw(st.booleans()))
        else:
            program.engine.restart()
        program.check()


@settings(max_examples=examples(27), deadline=None)
@given(programs())
def test_prices_are_those_of_the_linear_program_with_fixed_whole_numbers(program):
    if program.engine.solve() is not Verdict.OPTIMAL:
        return
    v = program.engine.primals()
    ends = [(v[j], v[j]) if j in program.integers else (program.lower[j], program.upper[j]) for j in range(len(v))]
    sign, (least, most) = (-1 if program.maximize else 1), np.array(program.rows, float).T
    upper, lower = np.isfinite(most), np.isfinite(least)
    found = linprog(
        sign * program.goal,
        A_ub=np.vstack([program.matrix[upper], -program.matrix[lower]]),
        b_ub=np.concatenate([most[upper], -least[lower]]),
        bounds=ends,
    )
    assert sign * found.fun == pytest.approx(program.engine.value, abs=CLOSE)


def knapsack(maximize=True, **changes) -> Program:
    """5 a + 4 b + 3 c with 2 a + 3 b + c <= 5 for whole numbers up to 1, and d <= 0.5 by itself."""
    given = {"lower": [0, 0, 0, 0], "upper": [1, 1, 1, 0.5], "integers": [0, 1, 2]} | changes
    return Program([[2, 3, 1, 0]], [(-np.inf, 5)], **given, goal=[5, 4, 3, 1], maximize=maximize)


def test_a_small_knapsack():
    program = knapsack()
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.value == pytest.approx(9.5)
    assert program.engine.primals().tolist() == [1, 1, 0, 0.5]
    assert program.engine.reduced_costs()[3] == pytest.approx(1)
    assert (program.engine.n, program.engine.m) == (4, 1)


def test_the_least_of_it():
    program = knapsack(maximize=False)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.primals().tolist() == [0, 0, 0, 0]


def test_no_flux_leaks_through_a_large_bound():
    """A flux v <= 1000 x, and all x may cost is 1e-4: within a tolerance of integrality v could be 1e-3."""
    program = Program([[1, -1000]], [(-np.inf, 0)], [0, 0], [1000, 1], [1], [1e-9, -1], True)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.primals().tolist() == [0, 0]
    program.set_objective([1, 0], True)
    program.set_column(0, 0, 1e-4)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.primals().tolist() == pytest.approx([1e-4, 1])
    program.set_column(1, 0, 0)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert abs(program.engine.value) <= 1e-9


def test_whole_numbers_without_bounds():
    program = Program([[2, 2]], [(1, 1)], [-np.inf, -np.inf], [np.inf, np.inf], [0], [1, 0], True)
    program.set_column(1, -3.2, 0.9)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.primals().tolist() == pytest.approx([3, -2.5])


def test_no_whole_number_between_two_ends():
    program = Program([[2]], [(1, 1)], [0], [5], [0], [1], True)
    assert program.engine.solve() is Verdict.INFEASIBLE
    program.set_row(0, 1, 4)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.primals().tolist() == [2]


def test_an_unbounded_program_is_called_so_and_the_next_is_not():
    program = Program([[1, -1]], [(0, np.inf)], [0, 0], [np.inf, 1], [1], [1, 0], True)
    assert program.engine.solve() is Verdict.UNBOUNDED
    program.set_column(0, 0, 7)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.value == pytest.approx(7)


def test_ends_that_cross_are_infeasible():
    program = knapsack()
    program.set_column(0, 1, 0)
    assert program.engine.solve() is Verdict.INFEASIBLE
    program.set_column(0, 0, 0)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.value == pytest.approx(7.5)


def test_without_whole_numbers_it_is_one_linear_program():
    program = knapsack(integers=[])
    before = program.engine.solves
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.value == pytest.approx(5 + 3 + 4 * 2 / 3 + 0.5)
    assert program.engine.solves - before <= 2


def test_a_search_without_end_is_an_error(monkeypatch):
    monkeypatch.setattr(branch_and_bound, "MOST_NODES", 3)
    n = 8
    program = Program([[2] * n], [(7, 7)], [0] * n, [1] * n, list(range(n)), [1] * n, True)
    with pytest.raises(SolverError, match="more than 3 nodes"):
        program.engine.solve()
    monkeypatch.setattr(branch_and_bound, "MOST_NODES", 100_000)
    assert program.engine.solve() is Verdict.INFEASIBLE
    program.set_row(0, 6, 6)
    assert program.engine.solve() is Verdict.OPTIMAL
    assert program.engine.value == pytest.approx(3)


def test_other_ways_end_at_what_holds_where_a_large_bound_lets_flux_leak():
    """V + b <= 10, b >= 10 - 1e-7, v <= 1000 z, z <= y, y <= 0: v = 1e-7 misses its row, once scaled, by 1e-10."""
    rows = [(-np.inf, 10), (-np.inf, 0), (-np.inf, 0)]
    matrix, lower, upper = [[1, 1, 0, 0], [1, 0, -1000, 0], [0, 0, 1, -1]], [0, 10 - 1e-7, 0, 0], [1000, 1000, 1, 0]
    leaky = Program(matrix, rows, lower, upper, [2], [1, 0, 0, 0], True)
    assert leaky.engine.solve() is Verdict.OPTIMAL and leaky.engine.primals()[0] > 1e-8
    found = [(verdict, leaky.engine.primals()[0]) for verdict in leaky.engine.others()]
    assert {verdict for verdict, _ in found} <= {Verdict.OPTIMAL, None} and 0.0 in [flux for _, flux in found]
    leaky.set_column(3, 0.0, 1.0)  # the whole number is free again
    leaky.set_column(1, 0.0, 1000.0)
    leaky.check()
