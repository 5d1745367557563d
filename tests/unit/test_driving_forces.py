"""Which signs functions of bounded variables can have at once, by how much, and which sets of signs they cannot."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_forces import forces
from scipy.optimize import linprog

from knockflow.numerics.driving_forces import SHORT, DrivingForces, ranges, single_conflicts


def largest_force(own: DrivingForces, literals) -> float | None:
    """The same by another solver, from dense arrays."""
    signs = np.array([1.0 if literal % 2 == 0 else -1.0 for literal in literals])
    rows = [literal // 2 for literal in literals]
    matrix, limits = signs[:, None] * own.coefficients.toarray()[rows], -signs * own.mean[rows]
    ratios = own.row_coefficients.toarray()
    above = np.column_stack([np.vstack([matrix, ratios, -ratios]), [1.0] * len(rows) + [0.0] * 2 * len(ratios)])
    limits = np.concatenate([limits, own.row_upper, -own.row_lower])
    kept = np.isfinite(limits)
    goal = np.append(np.zeros(len(own.lower)), -1.0)
    ends = [*zip(own.lower, own.upper, strict=True), (None, None)]
    found = linprog(goal, A_ub=above[kept], b_ub=limits[kept], bounds=ends)
    return -found.fun if found.status == 0 else None


@st.composite
def random_forces(draw):
    n, k = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    whole = st.integers(-2, 2).map(float)
    mean = draw(st.lists(st.integers(-6, 6).map(float), min_size=n, max_size=n))
    matrix = draw(st.lists(st.lists(whole, min_size=k, max_size=k), min_size=n, max_size=n))
    row = st.tuples(st.lists(whole, min_size=k, max_size=k), st.just(-1.0), st.sampled_from([0.5, np.inf]))
    return forces(mean, matrix, [-1.0] * k, [1.0] * k, draw(st.lists(row, max_size=3)))


@given(random_forces(), st.data())
def test_the_largest_common_force_is_that_of_another_solver(own, data):
    literals = [2 * r + data.draw(st.integers(0, 1)) for r in range(len(own.mean))]
    fit, other = own.fit(literals), largest_force(own, literals)
    assert fit.force == pytest.approx(other, abs=1e-7) and fit.ceiling == pytest.approx(other, abs=1e-7)
    assert own.met(fit.point)[literals].all() == (other >= own.least - SHORT)


@given(random_forces(), st.data())
def test_a_conflict_cannot_be_met_and_no_part_of_it_is_one(own, data):
    literals = [2 * r + data.draw(st.integers(0, 1)) for r in range(len(own.mean))]
    found = own.conflict(literals)
    if found is None:
        assert largest_force(own, literals) >= own.least - SHORT
        return
    assert set(found) <= set(literals) and largest_force(own, found) < own.least
    for part in itertools.combinations(found, len(found) - 1):
        assert not part or largest_force(own, part) >= own.least - SHORT


def test_two_copies_of_a_reaction_cannot_run_against_each_other_whatever_is_uncertain():
    # The latent factor (last) is the same for both, so that no error makes one uphill and the other downhill.
    own = forces([1.0, 1.0], [[2.5, -2.5, 8.0], [2.5, -2.5, 8.0]], [-9, -9, -2], [-4, -4, 2])
    assert own.conflict([0, 3]) == (0, 3) and own.conflict([0, 2]) is None and own.conflict([1, 3]) is None
    apart = forces([1.0, 1.0], [[2.5, -2.5, 8.0, 0], [2.5, -2.5, 0, 8.0]], [-9, -9, -2, -2], [-4, -4, 2, 2])
    assert apart.conflict([0, 3]) is None, "independent errors do allow it"


def test_a_cycle_is_a_conflict_by_its_directions_alone():
    # A -> B -> C -> A: the energies sum to 0 at all concentrations.
    cycle = [[-1, 1, 0], [0, -1, 1], [1, 0, -1]]
    own = forces([3.0, -1.0, -2.0], cycle, [-9.0] * 3, [9.0] * 3)
    assert own.conflict([0, 2, 4]) == (0, 2, 4) and own.conflict([1, 3, 5]) == (1, 3, 5)
    assert own.conflict([0, 2, 5]) is None


def test_ranges_and_single_conflicts():
    own = forces([-10.0, 0.0, 10.0], [[2.0, 0], [1.0, -1.0], [0, 3.0]], [-1, -1], [1, 1])
    assert ranges(own).tolist() == [[-12, -8], [-2, 2], [7, 13]]
    assert single_conflicts(own) == [1, 4]


@given(random_forces())
def test_single_conflicts_are_those_of_a_program_for_each(own):
    alone = [literal for literal in range(2 * len(own.mean)) if largest_force(own, [literal]) < own.least - SHORT]
    assert single_conflicts(own) == alone


def test_a_row_over_a_part_of_a_function_limits_it_without_a_program(monkeypatch):
    # g = ln c + 2 e1 + 2 e2 - 4, errors within -1 and 1 each but  -1 <= 2 e1 + 2 e2 <= 1:  at most 1 + 1 - 4.
    own = forces([-4.0], [[1.0, 2.0, 2.0]], [-1, -1, -1], [1, 1, 1], rows=[([0, 2.0, 2.0], -1.0, 1.0)])
    monkeypatch.setattr(DrivingForces, "fit", None)
    assert single_conflicts(own) == [1]


def test_a_ratio_can_rule_a_direction_out():
    # g = ln a - ln b, and a/b >= 3:  it cannot run forward.
    own = forces([0.0], [[1.0, -1.0]], [-5, -5], [5, 5], rows=[([1.0, -1.0], np.log(3), np.inf)])
    assert single_conflicts(own) == [0]
    assert single_conflicts(forces([0.0], [[1.0, -1.0]], [-5, -5], [5, 5])) == []


def test_equal_forces_have_equal_digests():
    first, second = forces([1.0], [[1.0]], [0], [1]), forces([1.0], [[1.0]], [0], [1])
    assert first.digest == second.digest
    assert first.digest != forces([1.0], [[1.0]], [0], [2]).digest
    assert first.digest != forces([1.0], [[1.0]], [0], [1], least=2e-3).digest
