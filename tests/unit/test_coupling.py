"""Coupled groups, exactly: against the null space found numerically, and with decimals that binary cannot hold."""

from fractions import Fraction
from itertools import combinations

import numpy as np
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space

from knockflow.numerics.elimination import coupled_groups, independent_rows


def columns_of(matrix) -> list[list[tuple[int, Fraction]]]:
    return [
        [(row, Fraction(str(value))) for row, value in enumerate(column) if value]
        for column in zip(*matrix, strict=True)
    ]


def matrices(values):
    shapes = st.tuples(st.integers(1, 5), st.integers(1, 7))
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(st.sampled_from(values), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )


def numeric_groups(matrix) -> list[list[int]]:
    kernel = null_space(np.array(matrix, float), rcond=1e-9)
    groups: list[list[int]] = []
    for column, row in enumerate(kernel):
        if np.linalg.norm(row) < 1e-8:
            continue
        for group in groups:
            other = kernel[group[0]]
            cosine = abs(row @ other) / np.linalg.norm(row) / np.linalg.norm(other)
            if cosine > 1 - 1e-12:
                group.append(column)
                break
        else:
            groups.append([column])
    return groups


@given(matrices([0, 0, 0, 1, -1, 2, -3]))
@settings(max_examples=examples(135), deadline=None)
def test_groups_are_those_of_the_numeric_null_space(matrix):
    found = [[column for column, _ in group] for group in coupled_groups(columns_of(matrix))]
    assert found == numeric_groups(matrix)


@given(matrices([0, 0, 1, -1, 0.1, -59.81, 0.3]))
@settings(max_examples=examples(90), deadline=None)
def test_factors_hold_in_every_steady_state(matrix):
    kernel = null_space(np.array(matrix, float), rcond=1e-9)
    for group in coupled_groups(columns_of(matrix)):
        leading = max(group, key=lambda member: abs(member[1]))
        assert leading[1] == 1
        assert all(abs(factor) <= 1 for _, factor in group)
        for column, factor in group:
            np.testing.assert_allclose(kernel[column], float(factor) * kernel[leading[0]], atol=1e-8)


def test_a_chain_is_one_group_with_its_ratios():
    # A makes 2 x, B takes 1 x and makes y, C takes 4 y: in steady state B = 2 A, C = A / 2
    groups = coupled_groups(columns_of([[2, -1, 0], [0, 1, -4]]))
    assert groups == [[(0, Fraction(1, 2)), (1, Fraction(1)), (2, Fraction(1, 4))]]


def test_reversed_partners_have_a_negative_factor():
    assert coupled_groups(columns_of([[1, 1]])) == [[(0, 1), (1, -1)]]


def test_a_column_that_no_steady_state_carries_is_in_no_group():
    assert coupled_groups(columns_of([[1, -1, 0], [0, 0, 1]])) == [[(0, 1), (1, 1)]]


def test_a_column_without_rows_is_a_group_of_its_own():
    assert coupled_groups([[], []]) == [[(0, 1)], [(1, 1)]]


def test_a_branch_is_not_coupled():
    assert [len(group) for group in coupled_groups(columns_of([[1, -1, -1]]))] == [1, 1, 1]


def test_decimals_are_taken_as_written():
    # 0.1 + 0.2 = 0.3 holds for the decimals, not for the binary numbers nearest to them: D carries nothing
    matrix = [[0.1, -1, 0, 0], [0.2, 0, -1, 0], [0.3, -1, -1, 1]]
    assert coupled_groups(columns_of(matrix)) == [
        [(0, Fraction(1)), (1, Fraction(1, 10)), (2, Fraction(1, 5))],
    ]


def test_biomass_coefficients_cancel_exactly():
    # ATP into biomass and back out of it: only the decimals as written are balanced by the same flux
    groups = coupled_groups(columns_of([[-59.81, 59.81, 0], [0, 1, -1]]))
    assert groups == [[(0, 1), (1, 1), (2, 1)]]


def test_input_is_not_changed():
    columns = columns_of([[1, -1], [2, -2]])
    before = [list(column) for column in columns]
    coupled_groups(columns)
    assert columns == before


@given(matrices([0, 0, 0, 1, -1, 2, -3]))
@settings(max_examples=examples(90), deadline=None)
def test_independent_rows_are_as_many_as_the_rank_and_as_short_as_can_be(matrix):
    rows = independent_rows(columns_of(matrix))
    rank = np.linalg.matrix_rank(np.array(matrix, float))
    assert len(rows) == rank == np.linalg.matrix_rank(np.array(matrix, float)[rows])
    length = [np.count_nonzero(row) for row in matrix]
    bases = [
        c for c in combinations(range(len(matrix)), rank) if np.linalg.matrix_rank(np.array(matrix)[list(c)]) == rank
    ]
    assert sum(length[row] for row in rows) == min(sum(length[row] for row in basis) for basis in bases)


def test_dependence_is_taken_as_written():
    # The third row is the sum of the others as decimals, not as binary numbers.
    assert independent_rows(columns_of([[0.1, 1, 0], [0.2, 0, 1], [0.3, 1, 1]])) == [0, 1]
    assert independent_rows(columns_of([[0.1, 1, 0], [0.2, 0, 1], [0.30000001, 1, 1]])) == [0, 1, 2]
