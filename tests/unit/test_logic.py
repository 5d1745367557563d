"""Boolean rules as rows: each against its truth table, flux thresholds at their ends, equal parts made once."""

from itertools import product

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.base.tolerances import THRESHOLD
from knockflow.numerics.branch_and_bound import MixedInteger
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.logic import ALWAYS, NEVER, Columns, Value, value_of

A, B, C = (("gene", name) for name in "abc")
NAMES = (A, B, C)
COLUMN = {atom: Value(0.0, ((number, 1.0),)) for number, atom in enumerate(NAMES)}
FLUX = Value(0.0, ((3, 1.0),))
CLOSE = 1e-9


def made(rule, atoms=COLUMN) -> tuple[Columns, Value]:
    """A rule over three columns that are 0 or 1, and a flux in a fourth."""
    columns = Columns(4)
    return columns, value_of(rule, columns, atoms)


def solutions(columns: Columns, value: Value, fixed: dict[int, float], flux=(0.0, 0.0)) -> tuple[float, float] | None:
    """Least and largest value where some columns are fixed and a flux has bounds; None where no state is left."""
    n = columns.first + len(columns.names)
    lower, upper = np.zeros(n), np.ones(n)
    lower[3], upper[3] = flux
    for column, number in fixed.items():
        lower[column] = upper[column] = number
    matrix = np.zeros((len(columns.rows), n))
    for row, (_, _, _, coefficients) in enumerate(columns.rows):
        matrix[row, list(coefficients)] = list(coefficients.values())
    rows = np.array([row[1:3] for row in columns.rows]).reshape(-1, 2)
    whole = np.flatnonzero([False] * columns.first + columns.integer)
    engine = MixedInteger(LP(LinearProgram.of(matrix, *rows.T, lower, upper)), lower, upper, whole)
    goal = np.zeros(n)
    for column, factor in value.terms:
        goal[column] = factor
    ends = []
    for maximize in (False, True):
        engine.set_objective(goal, maximize)
        if engine.solve() is not Verdict.OPTIMAL:
            return None
        ends.append(value.constant + engine.value)
    return tuple(ends)


def truth(rule, on) -> bool:
    match rule[0]:
        case "const":
            return rule[1]
        case "not":
            return not truth(rule[1], on)
        case "and":
            return all([truth(part, on) for part in rule[1]])
        case "or":
            return any([truth(part, on) for part in rule[1]])
    return on[rule]


def assert_decided(rule):
    """That a rule's value is its truth, and nothing else, for each assignment of the atoms."""
    columns, value = made(rule)
    for bits in product([False, True], repeat=3):
        on = dict(zip(NAMES, bits, strict=True))
        fixed = {number: float(there) for number, there in enumerate(bits)}
        wanted = float(truth(rule, on))
        assert solutions(columns, value, fixed) == pytest.approx((wanted, wanted), abs=CLOSE), bits


@pytest.mark.parametrize(
    "rule",
    [
        A,
        ("not", A),
        ("not", ("not", A)),
        ("and", (A, B)),
        ("and", (A, B, C)),
        ("and", (A, ("not", B))),
        ("or", (A, B)),
        ("or", (A, B, C)),
        ("or", (("not", A), ("not", B))),
        ("not", ("and", (A, B))),
        ("not", ("or", (A, B))),
        ("or", (("and", (A, B)), ("and", (("not", A), C)))),
        ("and", (A, ("not", A))),
        ("or", (A, ("not", A))),
        ("and", (A, A)),
        ("or", (B, ("const", False))),
        ("and", (B, ("const", False))),
        ("and", (B, ("const", True))),
        ("or", (B, ("const", True))),
        ("const", True),
        ("const", False),
        ("and", ()),
        ("or", ()),
    ],
)
def test_a_rule_has_the_value_of_its_truth_table(rule):
    assert_decided(rule)


RULES = st.recursive(
    st.sampled_from([*NAMES, ("const", True), ("const", False)]),
    lambda rules: st.one_of(
        rules.map(lambda rule: ("not", rule)),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(rules, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=examples(45), deadline=None)
@given(RULES)
def test_so_does_any_rule(rule):
    assert_decided(rule)


def test_a_negation_and_a_constant_need_no_rows():
    columns, value = made(("not", A))
    assert (columns.names, columns.rows) == ([], [])
    assert value == Value(1.0, ((0, -1.0),))
    assert value.opposite() == COLUMN[A]
    columns, value = made(("or", (("const", True), ("and", (A,)))))
    assert (columns.names, columns.rows, value) == ([], [], ALWAYS)
    assert ALWAYS.opposite() == NEVER


def test_equal_parts_are_one_column():
    columns = Columns(4)
    first = value_of(("or", (("and", (A, B)), C)), columns, COLUMN)
    count = len(columns.names), len(columns.rows)
    assert count == (2, 6)
    assert value_of(("or", (C, ("and", (B, A, B)))), columns, COLUMN) == first
    assert (len(columns.names), len(columns.rows)) == count
    assert value_of(("and", (A, C)), columns, COLUMN) != value_of(("or", (A, C)), columns, COLUMN)
    assert not any(columns.integer)


def test_rows_move_constants_to_their_ends():
    columns = Columns(4)
    columns.limit("row", 0.0, 2.0, (1.0, COLUMN[A].opposite()), (3.0, COLUMN[A]), (1.0, COLUMN[B]), (-1.0, COLUMN[B]))
    # 0 <= (1 - a) + 3 a <= 2
    assert columns.rows == [("row", -1.0, 1.0, {0: 2.0})]
    columns.equal("same", COLUMN[B], ALWAYS)
    assert columns.rows[1] == ("same", 1.0, 1.0, {1: 1.0})


ENDS = (-10.0, 20.0)
STEP = THRESHOLD / 4


@pytest.mark.parametrize("level", [0.0, 3.0, -2.5])
@pytest.mark.parametrize(("operator", "sign"), [(">", 1), ("<", -1)])
@pytest.mark.parametrize("flux", [FLUX, Value(0.0, ((3, -2.0),))])
def test_a_flux_is_beyond_a_level_from_the_threshold_on(operator, sign, level, flux):
    factor = flux.terms[0][1]
    columns = Columns(4)
    value = columns.beyond("v", flux, operator, level, tuple(sorted(factor * end for end in ENDS)))
    assert columns.integer == [True]
    for beyond, wanted in [
        (-1.0, 0.0),
        (-STEP, 0.0),
        (0.0, 0.0),
        (STEP, None),
        (THRESHOLD - STEP, None),
        (THRESHOLD + STEP, 1.0),
        (1.0, 1.0),
    ]:
        v = (level + sign * beyond) / factor
        found = solutions(columns, value, {}, (v, v))
        assert found == (None if wanted is None else pytest.approx((wanted, wanted), abs=CLOSE)), beyond
    for end in ENDS:
        wanted = float(sign * (factor * end - level) > 0)
        assert solutions(columns, value, {}, (end, end)) == pytest.approx((wanted, wanted), abs=CLOSE)


@pytest.mark.parametrize(
    ("ends", "above", "below"),
    [
        ((0.0, 3.0), NEVER, None),
        ((3.0, 9.0), None, NEVER),
        ((3.0 + THRESHOLD, 9.0), ALWAYS, NEVER),
        ((0.0, 3.0 - THRESHOLD), NEVER, ALWAYS),
        ((0.0, 3.0 + THRESHOLD / 2), None, None),
        ((3.0 + THRESHOLD / 2, 9.0), None, NEVER),
    ],
)
def test_a_flux_that_never_crosses_a_level_needs_no_column(ends, above, below):
    for operator, wanted in ((">", above), ("<", below)):
        columns = Columns(4)
        value = columns.beyond("v", FLUX, operator, 3.0, ends)
        assert bool(columns.names) == (wanted is None)
        assert wanted is None or value == wanted


def test_above_and_below_are_two_columns_and_the_same_question_is_one():
    columns = Columns(4)
    above = columns.beyond("v > 0", FLUX, ">", 0.0, ENDS)
    assert columns.beyond("again", FLUX, ">", 0.0, ENDS) == above
    # -v < 0 is v > 0
    assert columns.beyond("turned", Value(0.0, ((3, -1.0),)), "<", 0.0, (-20.0, 10.0)) == above
    assert columns.beyond("v < 0", FLUX, "<", 0.0, ENDS) != above
    assert columns.beyond("v > 1", FLUX, ">", 1.0, ENDS) != above
    assert columns.names == ["v > 0", "v < 0", "v > 1"]
