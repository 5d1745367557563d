"""Linear programs with names: what is added comes last and is all that changes, and what does not fit is refused."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.numerics.program import (
    Column,
    LinearProgram,
    ProgramError,
    Row,
    distinct,
    entries,
    listed,
    matrix_of,
    turned,
)
from knockflow.numerics.simplex import LP, Verdict

INF = np.inf
NUMBERS = st.sampled_from([-3.0, -2.0, -1.0, -0.5, 0.0, 0.0, 0.0, 0.1, 1.0, 2.0, 7.0])


def small() -> LinearProgram:
    """X + 2y <= 4,  x - y = 0,  0 <= x, y <= 3."""
    return LinearProgram.of([[1.0, 2.0], [1.0, -1.0]], [-INF, 0], [4, 0], [0, 0], [3, 3])


def dense(size) -> st.SearchStrategy:
    return st.lists(NUMBERS, min_size=size, max_size=size)


@st.composite
def parts(draw):
    """A matrix cut into what there is first, coefficients of new columns in old rows, and new rows over all."""
    m, n, more_m, more_n = (draw(st.integers(0, 3)) for _ in range(4))
    whole = np.array(draw(dense((m + more_m) * (n + more_n)))).reshape(m + more_m, n + more_n)
    return whole, m, n, draw(st.booleans())


@given(parts())
@settings(max_examples=examples(90))
def test_a_program_extended_in_any_way_is_the_whole(given):
    whole, m, n, by_name = given
    height, width = whole.shape
    first = LinearProgram.of(whole[:m, :n], np.zeros(m), np.ones(m), np.zeros(n), np.ones(n))
    names = (*first.columns, *(f"new column {j}" for j in range(n, width)))
    columns = [
        Column(names[j], -j, j, integer=True, coefficients=whole[:m, j] if by_name else dict(enumerate(whole[:m, j])))
        for j in range(n, width)
    ]
    rows = [
        Row(f"new row {i}", -i, i, dict(zip(names, whole[i], strict=True)) if by_name else whole[i])
        for i in range(m, height)
    ]
    made = first.extended(rows, columns)
    np.testing.assert_array_equal(made.matrix.toarray(), whole)
    assert made.columns == names and made.rows[:m] == first.rows
    assert made.lower.tolist() == [0.0] * n + [-j for j in range(n, width)]
    assert made.row_upper.tolist() == [1.0] * m + list(range(m, height))
    assert made.integer.tolist() == [False] * n + [True] * (width - n)
    # One after the other is the same as all at once, to the byte.
    stepwise = first
    for column in columns:
        stepwise = stepwise.extended(columns=[column])
    for row in rows:
        stepwise = stepwise.extended([row])
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(stepwise.matrix, part), getattr(made.matrix, part))


@given(st.lists(dense(4), min_size=1, max_size=5))
def test_a_matrix_times_a_vector_adds_in_the_order_of_columns(rows):
    """As a loop over the columns does, to the last bit."""
    matrix = LinearProgram.of(rows, np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(4), np.ones(4)).matrix
    v, total = np.array([0.1, -0.7, 1e-9, 3.3]), [0.0] * len(rows)
    for j in range(4):
        for i, value in listed(matrix, j):
            total[i] += value * v[j]
    assert (matrix @ v).tolist() == total


def test_the_entries_of_a_column_keep_the_order_in_which_they_were_given():
    matrix = matrix_of([[(2, 5.0), (0, 1.0)], [], [(1, -1.0)]], 3)
    assert [listed(matrix, j) for j in range(3)] == [[(2, 5.0), (0, 1.0)], [], [(1, -1.0)]]
    assert [part.tolist() for part in entries(matrix, 1)] == [[], []]
    assert turned(matrix, 0) == {2: -5.0, 0: -1.0}


def test_an_extended_program_is_solved_as_written_and_the_old_one_stays():
    program = small()
    more = program.extended([Row("cap", -INF, 1.5, {"column 0": 1.0, "z": 1.0})], [Column("z", 0.5, 9.0)])
    best = []
    for own in (program, more):
        lp = LP(own)
        lp.set_objective(np.eye(1, len(own.columns))[0], maximize=True)
        assert lp.solve() is Verdict.OPTIMAL
        best.append(lp.value)
    # x = y and 3x <= 4;   x + z <= 1.5 with z >= 0.5
    assert best == pytest.approx([4 / 3, 1.0])
    assert program.columns == ("column 0", "column 1") and program.matrix.shape == (2, 2)


def test_nothing_of_a_program_can_be_changed_and_arrays_of_callers_stay_their_own():
    upper = np.array([3.0, 3.0])
    program = replace(small(), upper=upper)
    with pytest.raises(FrozenInstanceError):
        program.rows = ()
    for array in (program.lower, program.upper, program.matrix.data, program.matrix.indices, program.integer):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    upper[0] = 2.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.extended([Row("row 1", 0, 0, {})]), "row `row 1` is there twice"),
        (lambda p: p.extended(columns=[Column("a", 0, 1), Column("a", 0, 1)]), "column `a` is there twice"),
        (
            lambda p: p.extended([Row("r", 0, 0, {"colum 1": 1.0})]),
            "row `r`: no column `colum 1`; did you mean column 1",
        ),
        (lambda p: p.extended([Row("r", 0, 0, {2: 1.0})]), "row `r`: column 2 is none of 2"),
        (lambda p: p.extended([Row("r", 0, 0, {-1: 1.0})]), "row `r`: column -1 is none of 2"),
        (lambda p: p.extended([Row("r", 0, 0, np.ones(3))]), r"row `r`: a vector of shape \(3,\), it must be \(2,\)"),
        (lambda p: p.extended([Row("r", 0, 0, {0: 1.0, "column 0": 1.0})]), "given by name and by number"),
        (lambda p: p.extended([Row("r", 0, 0, {0: np.nan})]), "row `r`: a coefficient is no finite number"),
        (lambda p: p.extended([Row("r", np.nan, 0, {0: 1.0})]), "`row_lower` has an entry that is no number"),
        (lambda p: p.extended(columns=[Column("c", 0, np.nan)]), "`upper` has an entry that is no number"),
        (lambda p: p.extended(columns=[Column("c", 0, 1, coefficients={2: 1.0})]), "column `c`: row 2 is none of 2"),
        (lambda p: p.extended(columns=[Column("c", 0, 1)], lower=np.zeros(2)), r"`lower` has shape \(2,\), .* \(3,\)"),
        (lambda p: replace(p, matrix=p.matrix[:1]), r"`matrix` has shape \(1, 2\), it must be \(2, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, message):
    with pytest.raises(ProgramError, match=message):
        change(small())


def test_a_program_without_rows_or_columns_can_be_extended():
    empty = LinearProgram.of(np.zeros((0, 0)), [], [], [], [])
    made = empty.extended([Row("r", 1.0, 1.0, {"c": 2.0})], [Column("c", 0.0, 1.0)])
    lp = LP(made)
    assert lp.solve() is Verdict.OPTIMAL
    assert lp.primals().tolist() == [0.5]


def test_names_that_stand_twice_get_numbers():
    assert distinct(["a", "b", "a", "a"], ["b"]) == ("a", "b (2)", "a (2)", "a (3)")
    assert distinct(["a", "a", "a (2)"]) == ("a", "a (2)", "a (2) (2)")
