"""Linear programs in which some sets of directions cannot all be used, against all ways to close one of each set."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from knockflow.numerics.conflict_search import ConflictSearch, literals, numbers
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict


class Listed:
    """Conflicts that are in a list, of which the search is told when it uses one."""

    def __init__(self, sets, cycles=()):
        self._all = [sum(1 << literal for literal in own) for own in sets]
        self._cycles = dict(zip(self._all, cycles, strict=False))
        self.conflicts: list[int] = []

    def conflict(self, used: int, kept: int) -> int:
        found = [own for own in self._all if own & used == own]
        self.conflicts += [own for own in found if own not in self.conflicts]
        return min(found, key=lambda own: (own & ~kept).bit_count(), default=0)

    def cycle(self, conflict: int):
        return self._cycles.get(conflict)


def rounded(fluxes, lower, upper):
    return np.clip(np.where(np.abs(fluxes) <= 1e-9, 0.0, fluxes), lower, upper)


def searched(matrix, lower, upper, signs) -> ConflictSearch:
    none = np.zeros(len(matrix))
    lp = LP(LinearProgram.of(np.asarray(matrix, float), none, none, lower, upper))
    return ConflictSearch(lp, lower, upper, signs, rounded)


def by_all_closings(matrix, lower, upper, sets, goal) -> float | None:
    """The largest value over the programs in which one literal of each set is closed."""
    best = None
    for closed in itertools.product(*sets):
        ends = [list(pair) for pair in zip(lower, upper, strict=True)]
        for literal in closed:
            side = 1 - literal % 2
            ends[literal // 2][side] = (max, min)[side](ends[literal // 2][side], 0.0)
        if any(low > high for low, high in ends):
            continue
        found = linprog(-np.asarray(goal), A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=ends)
        if found.status == 0 and (best is None or -found.fun > best):
            best = -found.fun
    return best


@st.composite
def programs(draw):
    n, m = draw(st.integers(3, 7)), draw(st.integers(1, 3))
    whole = st.integers(-2, 2).map(float)
    matrix = np.array(draw(st.lists(st.lists(whole, min_size=n, max_size=n), min_size=m, max_size=m)))
    lower = draw(st.lists(st.sampled_from([-5.0, -5.0, 0.0, 1.0]), min_size=n, max_size=n))
    upper = draw(st.lists(st.sampled_from([5.0, 5.0, 2.0]), min_size=n, max_size=n))
    goal = draw(st.lists(whole, min_size=n, max_size=n))
    literal = st.integers(0, 2 * n - 1)
    sets = draw(st.lists(st.sets(literal, min_size=1, max_size=3).map(sorted), max_size=5))
    sets = [own for own in sets if len({literal // 2 for literal in own}) == len(own)]
    return matrix, np.array(lower), np.array(upper), np.array(goal), sets


@given(programs())
def test_the_optimum_is_that_of_the_best_way_to_close_one_of_each_set(program):
    matrix, lower, upper, goal, sets = program
    search, expected = searched(matrix, lower, upper, Listed(sets)), by_all_closings(matrix, lower, upper, sets, goal)
    search.set_objective(goal, maximize=True)
    for _ in range(2):  # the second time all sets are known
        verdict = search.solve()
        assert (verdict is Verdict.OPTIMAL) == (expected is not None)
        if expected is not None:
            state = search.primals()
            assert search.value == pytest.approx(expected, abs=1e-7) and goal @ state == pytest.approx(
                expected, abs=1e-7
            )
            used = set(numbers(literals(state)))
            assert not any(set(own) <= used for own in sets)


@given(programs(), st.integers(-3, 3))
def test_with_a_need_that_no_state_meets_the_value_is_still_a_bound(program, needed):
    matrix, lower, upper, goal, sets = program
    search, expected = searched(matrix, lower, upper, Listed(sets)), by_all_closings(matrix, lower, upper, sets, goal)
    search.set_objective(goal, maximize=True)
    verdict = search.solve(needed=needed)
    if expected is None:
        assert verdict is Verdict.INFEASIBLE or search.value < needed
    elif expected >= needed:
        assert search.value == pytest.approx(expected, abs=1e-7)
    else:
        assert expected - 1e-7 <= search.value < needed + 1e-7


@given(programs(), st.data())
def test_what_is_required_only_spares_nodes(program, data):
    matrix, lower, upper, goal, sets = program
    plain = searched(matrix, lower, upper, Listed(sets))
    plain.set_objective(goal, maximize=True)
    if plain.solve() is not Verdict.OPTIMAL:
        return
    value, state = plain.value, plain.primals()
    used = numbers(literals(state))
    search = searched(matrix, lower, upper, Listed(sets))
    search.required = sum(1 << literal for literal in used if data.draw(st.booleans()))
    search.set_objective(goal, maximize=True)
    assert search.solve() is Verdict.OPTIMAL and search.value == pytest.approx(value, abs=1e-7)


def test_minima_and_bounds_that_change():
    # v0 = v1 + v2; using v0 and v1 is a conflict.
    search = searched([[1, -1, -1]], np.array([1.0, 0, 0]), np.array([9.0, 4, 3]), Listed([[0, 2]]))
    search.set_objective(np.array([1.0, 0, 0]), maximize=True)
    assert search.solve() is Verdict.OPTIMAL and search.value == pytest.approx(3)
    assert search.closed == 1 << 2
    search.set_column(2, 0, 2)
    assert search.solve(dual=True) is Verdict.OPTIMAL and search.value == pytest.approx(2)
    search.set_column(2, 0, 0)
    assert search.solve(dual=True) is Verdict.INFEASIBLE
    search.set_column(2, 0, 3)
    search.set_objective(np.array([0.0, 1, 1]), maximize=False)
    assert search.solve() is Verdict.OPTIMAL and search.value == pytest.approx(1)
    assert search.primals().tolist() == pytest.approx([1, 0, 1])


def test_a_cycle_is_taken_out_of_a_state_and_costs_no_node():
    # Two copies of v0, one against the other: the goal is their sum, a vertex has both at their ends.
    signs = Listed([[0, 3], [1, 2]], cycles=[{0: 1.0, 1: -1.0}, {0: -1.0, 1: 1.0}])
    search = searched([[1, 1, -1]], np.array([-5.0, -5, 0]), np.array([5.0, 5, 3]), signs)
    search.set_objective(np.array([0, 0, 1.0]), maximize=True)
    before = search.solves
    assert search.solve() is Verdict.OPTIMAL and search.value == pytest.approx(3)
    assert search.solves == before + 1 and not (search.primals()[:2] < 0).any()


def test_a_cycle_that_a_bound_needs_is_branched_on():
    signs = Listed([[0, 3]], cycles=[{0: 1.0, 1: -1.0}])
    search = searched([[1, 1, -1]], np.array([4.0, -5, 0]), np.array([5.0, 5, 3]), signs)
    search.set_objective(np.array([0, 0, 1.0]), maximize=True)
    assert search.solve() is Verdict.INFEASIBLE


def test_prices_are_those_of_the_best_node():
    search = searched([[1, -1, -1]], np.array([0.0, 0, 0]), np.array([9.0, 4, 3]), Listed([[0, 2]]))
    search.set_objective(np.array([1.0, 0, 0]), maximize=True)
    search.solve()
    assert search.reduced_costs()[2] == pytest.approx(1) and len(search.row_duals()) == 1
