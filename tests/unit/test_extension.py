"""Rows and columns over fluxes by reaction id: as if they had been written beside the network before compression."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import BRANCHED, flux_program, problem_of
from random_forces import forces
from scipy.optimize import linprog

from knockflow.follower.oracle import Follower
from knockflow.numerics.program import ProgramError
from knockflow.problem.extension import Extension
from knockflow.problem.leader import Decision, Effect
from knockflow.problem.logic import Columns

INF = np.inf

CHAIN = BRANCHED | {
    # SLOW, TWICE and BACK are one column: TWICE runs at half of SLOW, BACK backwards at the same rate as SLOW.
    "SLOW": ({"s": -1, "q": 1}, 0, 1000),
    "TWICE": ({"q": -2, "r": 2}, 0, 300),
    "BACK": ({"x": -0.5, "p": -0.5, "r": 1}, -1000, 0),
    "DEAD": ({"dead": 1}, 0, 1000),
}


def most_growth(problem) -> float | None:
    follower = Follower(problem)
    best = follower.max_growth(follower.after(()))
    return None if best is None else best.value


def most_growth_as_written(rows) -> float | None:
    """Of the network with rows (coefficients by reaction, lower, upper), by another solver."""
    program, names = flux_program(CHAIN), list(CHAIN)
    above, ends = [], []
    for coefficients, lower, upper in rows:
        row = np.array([coefficients.get(name, 0.0) for name in names])
        for sign, end in ((1, upper), (-1, -lower)):
            if np.isfinite(end):
                above.append(sign * row)
                ends.append(end)
    if above:
        program |= {"A_ub": np.array(above), "b_ub": np.array(ends)}
    goal = np.array([-1.0 if name == "BIO" else 0.0 for name in names])
    result = linprog(goal, **program, method="highs")
    return None if result.status == 2 else -result.fun


ROWS = st.tuples(
    st.dictionaries(st.sampled_from(sorted(CHAIN)), st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]), max_size=4),
    st.sampled_from([-INF, -5.0, 0.0, 1.0]),
    st.sampled_from([1.0, 2.0, 7.5, INF]),
)


@given(st.lists(ROWS, max_size=3))
@settings(max_examples=examples(68))
def test_rows_over_reactions_are_those_of_the_network_as_written(rows):
    extension = Extension(problem_of(CHAIN, ["FAST"]))
    for number, (coefficients, lower, upper) in enumerate(rows):
        extension.add_row(f"row {number}", coefficients, lower, upper)
    found, wanted = most_growth(extension.extended()), most_growth_as_written(rows)
    assert (found is None) == (wanted is None)
    assert found is None or found == pytest.approx(wanted, abs=1e-6)


def test_a_flux_goes_by_its_reaction_whatever_column_it_is_in():
    problem = problem_of(CHAIN, [])
    extension = Extension(problem)
    column, factor = extension.flux("SLOW")
    assert problem.columns[column] == "BACK|SLOW|TWICE"
    assert extension.flux("TWICE") == (column, factor / 2)
    assert extension.flux("BACK") == (column, -factor)
    assert extension.flux("DEAD") is None


def budgeted(problem, most: float):
    """SLOW and FAST share a budget of enzyme: v <= 2 e each, and no more than so much e in all."""
    extension = Extension(problem)
    for name in ("SLOW", "FAST"):
        extension.add_column(f"enzyme of {name}", 0.0, INF)
        extension.add_row(f"capacity of {name}", {name: 1.0, f"enzyme of {name}": -2.0}, -INF, 0.0)
    extension.add_row("budget", {"enzyme of SLOW": 1.0, "enzyme of FAST": 1.0}, -INF, most)
    return extension.extended()


def test_columns_limit_fluxes_and_stand_for_no_reaction():
    problem = problem_of(CHAIN, ["FAST"])
    made = budgeted(problem, 3.0)
    # At most 6 of s are used, all by FAST; without FAST all by SLOW, which leaves half of it.
    assert most_growth(made) == pytest.approx(6.0)
    follower = Follower(made)
    states = follower.after({0})
    assert follower.max_growth(states).value == pytest.approx(3.0)
    assert made.columns[-2:] == ("enzyme of SLOW", "enzyme of FAST")
    assert made.place == problem.place
    for goal in (made.growth, made.objective, made.product, made.uptake):
        assert goal[-2:].tolist() == [0.0, 0.0]
    assert made.viable_lower[-2:].tolist() == [0.0, 0.0] and made.viable_upper[-2:].tolist() == [INF, INF]
    assert set(made.fluxes(np.ones(len(made.columns)))) == set(CHAIN)


def test_one_extension_after_another_can_name_the_columns_of_the_one_before():
    made = Extension(budgeted(problem_of(CHAIN, []), 3.0))
    made.add_row("no FAST", {"enzyme of FAST": 1.0}, 0.0, 0.0)
    assert most_growth(made.extended()) == pytest.approx(3.0)


def test_a_row_without_fluxes_that_its_bounds_rule_out_leaves_no_state():
    extension = Extension(problem_of(CHAIN, []))
    extension.add_row("the dead end runs", {"DEAD": 1.0}, 1.0, INF)
    assert most_growth(extension.extended()) is None


def test_whole_numbers_are_whole():
    extension = Extension(problem_of(CHAIN, []))
    extension.add_column("on", 0.0, 1.0, integer=True)
    extension.add_row("FAST needs on", {"FAST": 1.0, "on": -1000.0}, -INF, 0.0)
    extension.add_row("hardly on", {"on": 1.0}, -INF, 0.9)
    made = extension.extended()
    assert made.integer.tolist() == [False] * (len(made.columns) - 1) + [True]
    assert most_growth(made) == pytest.approx(5.0)


def test_targets_close_columns_by_the_effects_that_they_have_or_by_new_ones():
    problem = problem_of(CHAIN, ["FAST", "SLOW"])
    extension = Extension(problem)
    column = extension.add_column("helper", 0.0, 4.0)
    extension.add_row("FAST needs the helper", {"FAST": 1.0, "helper": -1.0}, -INF, 0.0)
    extension.restrict(Decision(1, True), column, 0.0, 1.0)
    extension.restrict(Decision(0, False), column)
    made = extension.extended()
    old = problem.targets.effect(1)
    assert made.targets.effect(0) == problem.targets.effect(0)
    assert made.targets.effect(1) == Effect([1], [*old.bounds, (column, 0.0, 1.0)])
    assert made.targets.effect(2) == Effect([2], [(column, 0.0, 0.0)])
    assert made.targets.opposed == [0]


def test_rules_are_added_with_names_of_their_own():
    extension = Extension(problem_of(CHAIN, []))
    for _ in range(2):
        logic = Columns(extension.n_columns)
        a, b = logic.add("FAST", integer=False), logic.add("b", integer=False)
        logic.limit("a = b", 0.0, 0.0, (1.0, a), (-1.0, b))
        extension.add_logic(logic)
    made = extension.extended()
    assert made.columns[-4:] == ("FAST (2)", "b", "FAST (3)", "b (2)")
    assert made.rows[-2:] == ("a = b", "a = b (2)")
    with pytest.raises(ProgramError, match="numbered from 0, the next one is"):
        extension.add_logic(Columns(0))


def test_without_anything_added_the_problem_is_the_same():
    problem = problem_of(CHAIN, [])
    assert Extension(problem).extended() is problem


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda e: e.flux("FSAT"), "no reaction `FSAT` in the model; did you mean FAST"),
        (
            lambda e: e.add_row("r", {"enzym": 1.0}, 0, 1),
            "row `r`: no reaction and no column `enzym`; did you mean enzyme",
        ),
        (lambda e: e.add_row("r", {"FAST": np.inf}, 0, 1), "row `r`: the coefficient of `FAST` is no finite number"),
        (lambda e: e.add_row("r", {"FAST": 1.0}, 1, 0), "row `r`: no value lies between 1 and 0"),
        (lambda e: e.add_row("r", {"FAST": 1.0}, np.nan, 0), "row `r`: no value lies between nan and 0"),
        (lambda e: e.add_row("x", {"FAST": 1.0}, 0, 1), "row `x`: the name is taken"),
        (lambda e: e.add_column("enzyme", 0, 1), "column `enzyme`: the name is taken"),
        (lambda e: e.add_column("DEAD", 0, 1), "column `DEAD`: the name is taken by a reaction"),
        (lambda e: e.add_column("c", 2, 1), "column `c`: no value lies between 2 and 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, message):
    extension = Extension(problem_of(CHAIN, []))
    extension.add_column("enzyme", 0.0, 1.0)
    with pytest.raises(ProgramError, match=message):
        call(extension)


def test_reactions_are_driven_by_forces_that_the_model_has_once():
    problem, own = problem_of(CHAIN, []), forces([1.0, -1.0], [[2.5], [1.0]], [-9], [-4], names=["FAST", "DEAD"])
    extension = Extension(problem)
    extension.drive(own)
    assert extension.extended().driving_forces is own and problem.driving_forces is None
    with pytest.raises(ProgramError, match="already"):
        extension.drive(own)
    with pytest.raises(ProgramError, match="already"):
        Extension(extension.extended()).drive(own)
    with pytest.raises(ProgramError, match="no reaction `FASTT` in the model; did you mean FAST"):
        Extension(problem).drive(forces([1.0], [[2.5]], [-9], [-4], names=["FASTT"]))
