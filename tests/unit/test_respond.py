"""What the cell does after a design: the exact optimal face, maintenance in force, the least yield."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from networks import BRANCHED, flux_program, optimum, problem_of
from scipy.optimize import linprog

from knockflow.base.errors import SolverError
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import evaluate, respond
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.total_flux import with_total_flux
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS, formulation, rated
from knockflow.numerics.program import Column, Row

NAMES = ("FAST", "SLOW", "WASTE")


def design(problem, *ids) -> frozenset[int]:
    return frozenset(problem.targets.ids.index(name) for name in ids)


def response(reactions, *removed, targets=NAMES, **keywords):
    problem = problem_of(reactions, targets, **keywords)
    return respond(problem, design(problem, *removed))


def least_yield(reactions, *removed, targets=NAMES, **keywords):
    problem = problem_of(reactions, targets, **keywords)
    follower = Follower(problem)
    return follower.least_yield(held(follower, *removed))


def held(follower, *removed):
    """The growth response after some removals."""
    return BEHAVIOURS[Response.GROWTH].hold(follower, follower.after(design(follower.problem, *removed)))


def test_the_wild_type_makes_nothing_at_maximal_growth_and_might_at_less():
    outcome = response(BRANCHED)
    assert outcome.growth == pytest.approx(10)
    assert (outcome.product_min, outcome.product_max) == pytest.approx((0, 0))
    # growth 0.1 leaves s for SLOW: v_fast + v_slow / 2 >= 0.1, p = v_slow / 2
    assert outcome.product_max_at_min_growth == pytest.approx(5)


def test_a_degenerate_optimum_has_a_product_range():
    outcome = response(BRANCHED, "FAST")
    assert outcome.growth == pytest.approx(5)
    assert (outcome.product_min, outcome.product_max) == pytest.approx((0, 5))


def test_a_design_that_leaves_no_alternative_has_none():
    outcome = response(BRANCHED, "FAST", "WASTE")
    assert (outcome.product_min, outcome.product_max) == pytest.approx((5, 5))
    assert outcome.product_min_at_min_growth == pytest.approx(0.1)


def test_a_design_that_cannot_grow_has_no_response():
    assert response(BRANCHED, "FAST", "SLOW") is None


def test_the_face_is_exact_where_a_slack_of_growth_would_drift():
    # 1 flux of TRADE costs 1e-4 growth and makes 1000 p: growth (1 - 1e-6) g would already allow p = 100.
    table = BRANCHED | {
        "TRADE": ({"s": -1e-4, "p": 1000}, 0, 1000),
        "EX_p": ({"p": -1}, 0, 1e6),
        "WASTE": ({"p": -1, "w": 1}, 0, 1e6),
        "EX_w": ({"w": -1}, 0, 1e6),
    }
    outcome = response(table)
    assert outcome.growth == pytest.approx(10)
    assert outcome.product_max == pytest.approx(0, abs=1e-6)


MAINTAINED = BRANCHED | {"ATPM": ({"s": -1}, 4, 1000)}


def test_maintenance_stays_in_force_after_a_design():
    assert response(MAINTAINED).growth == pytest.approx(6)
    outcome = response(MAINTAINED, "FAST", "WASTE")
    assert outcome.growth == pytest.approx(3)
    assert outcome.product_max == pytest.approx(3)
    assert outcome.product_max_at_min_growth == pytest.approx(3)


def test_a_design_that_cannot_pay_for_maintenance_has_no_response():
    table = BRANCHED | {"ATPM": ({"e": -1}, 4, 1000), "SPEND": ({"x": -1, "e": 1}, 0, 1000)}
    assert response(table).growth == pytest.approx(6)
    # Without FAST at most 5 x, of which 4 pay for maintenance.
    assert response(table, "FAST").growth == pytest.approx(1)
    assert response(table, "FAST", min_growth=1.5) is None


def test_removing_what_must_run_leaves_no_state():
    problem = problem_of(MAINTAINED | {"PAY": ({"s": -1, "m": 1}, 0, 9), "ATPM": ({"m": -1}, 4, 9)}, ["PAY"])
    assert respond(problem, {0}) is None


@pytest.mark.parametrize("growth", [5, 5 + 5e-10])
def test_a_design_that_just_grows_enough_has_a_response(growth):
    assert response(BRANCHED, "FAST", min_growth=growth).growth == pytest.approx(5)


def test_a_design_is_taken_back_whole():
    problem = problem_of(MAINTAINED, NAMES)
    follower = Follower(problem)
    for name, wanted in rated().items():
        fresh = {}
        for size, ids in enumerate(((), ("FAST",), ("FAST", "WASTE"), ("SLOW",), ("FAST", "SLOW"), ())):
            found = evaluate(follower, wanted, design(problem, *ids))
            expected = evaluate(Follower(problem), wanted, design(problem, *ids))
            assert (found is None) == (expected is None), (name, ids, size)
            if found:
                assert (found.value, found.guarantee) == pytest.approx((expected.value, expected.guarantee))
                fresh[ids] = found


@pytest.mark.parametrize(
    ("name", "ids", "value", "guarantee"),
    [
        ("optknock", (), 0, 0),
        ("optknock", ("FAST",), 5, 0),
        ("optknock", ("FAST", "WASTE"), 5, 5),
        ("robustknock", ("FAST",), 0, 0),
        ("robustknock", ("FAST", "WASTE"), 5, 5),
        ("strong_coupling", ("FAST", "WASTE"), 0.1, 0.1),
        ("strong_coupling", ("FAST",), 0, 0),
        ("potential", (), 5, 0),
        ("potential", ("FAST", "WASTE"), 5, 0.1),
    ],
)
def test_value_and_guarantee_of_each_formulation(name, ids, value, guarantee):
    problem = problem_of(BRANCHED, NAMES)
    evaluation = evaluate(Follower(problem), formulation(name), design(problem, *ids))
    assert (evaluation.value, evaluation.guarantee) == pytest.approx((value, guarantee))
    assert evaluation.promise.value == evaluation.value
    assert evaluation.worst.value == evaluation.guarantee
    for state in (evaluation.promise, evaluation.worst):
        np.testing.assert_allclose(problem.matrix @ state.fluxes, 0, atol=1e-9)
        assert problem.product @ state.fluxes == pytest.approx(state.value)


def test_targets_are_hit_by_the_fluxes_that_they_would_change():
    problem = problem_of(BRANCHED, NAMES)
    fluxes = np.zeros(len(problem.columns))
    follower = Follower(problem)
    assert follower.hits(fluxes) == 0
    fluxes[problem.targets.columns(1)[0]] = -2.0
    assert follower.hits(fluxes) == 1 << 1


def test_another_objective_of_the_cell_decides_the_growth_response():
    problem = problem_of(BRANCHED, NAMES)
    tilted = problem.with_follower(objective=problem.growth + 3 * problem.product)
    outcome = respond(tilted, ())
    # per s: FAST gives 1, SLOW gives 0.5 + 1.5
    assert outcome.product_min == pytest.approx(5)
    assert outcome.growth == pytest.approx(5)


def ratio_program(reactions, removed, growth) -> float | None:
    """Least product per uptake by a linear program in scaled fluxes, with growth at its maximum."""
    program = flux_program(reactions, removed)
    n = len(reactions)
    index = list(reactions).index
    equal = np.hstack([program["A_eq"], np.zeros((len(program["b_eq"]), 1))])
    uptake, held, cost = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    uptake[index("EX_s")], cost[index("EX_p")] = -1, 1
    held[index("BIO")], held[n] = 1, -growth
    lower, upper = np.array(program["bounds"], float).T
    above = np.hstack([np.eye(n), -upper[:, None]])
    under = np.hstack([-np.eye(n), lower[:, None]])
    result = linprog(
        cost,
        A_ub=np.vstack([above, under]),
        b_ub=np.zeros(2 * n),
        A_eq=np.vstack([equal, uptake, held]),
        b_eq=np.concatenate([program["b_eq"], [1, 0]]),
        bounds=[(None, None)] * n + [(0, None)],
    )
    return result.fun if result.status == 0 else None


@given(
    st.integers(0, 4), st.integers(0, 3), st.sampled_from([0.2, 0.5, 0.8]), st.sampled_from([2, 5, 20]), st.booleans()
)
def test_the_least_yield_is_that_of_one_linear_program(floor, spill, share, cap, wild):
    # BIO is capped, so that uptake is free between what growth needs and the medium's bound.
    table = BRANCHED | {
        "SLOW": ({"s": -1, "x": share, "p": 1 - share}, 0, 1000),
        "BIO": ({"x": -1}, 0, cap),
        "SPILL": ({"s": -1}, 0, spill),
        "EX_p": ({"p": -1}, floor / 10, 1000),
        "MAKE": ({"s": -1, "p": 0.7}, 0, 2),
    }
    removed = () if wild else ("FAST", "WASTE")
    growth = optimum(table, "BIO", True, removed)
    assume(growth is not None and growth > 0.1)
    assert least_yield(table, *removed) == pytest.approx(ratio_program(table, removed, growth), abs=1e-6)


def test_the_least_yield_may_lie_away_from_the_least_product():
    # Growth is capped at 2 without FAST; spilled s lowers the yield without changing the product's least flux.
    table = BRANCHED | {"BIO": ({"x": -1}, 0, 2), "SPILL": ({"s": -1}, 0, 3)}
    outcome = response(table, "FAST", "WASTE")
    assert outcome.product_min == pytest.approx(2)
    assert least_yield(table, "FAST", "WASTE") == pytest.approx(2 / 7)


def test_without_a_substrate_there_is_no_yield():
    assert least_yield(BRANCHED, substrate=None) is None


def with_switch(reactions, targets, name: str, flux: str, most: float, other: str | None = None):
    """A problem with one more column, 0 or 1, without which a flux is closed, and with which another is."""
    problem = problem_of(reactions, targets)
    column = {reaction: j for j, names in enumerate(problem.columns) for reaction in names.split("|")}
    # flux <= most * on   and   other <= most * (1 - on)
    rows = [Row(f"{name} opens {flux}", -np.inf, 0.0, {column[flux]: 1.0, name: -most})]
    if other:
        rows.append(Row(f"{name} closes {other}", -np.inf, most, {column[other]: 1.0, name: most}))
    return problem.extended(rows, [Column(name, 0.0, 1.0, integer=True)])


STEEP = BRANCHED | {
    # 1 flux of TRADE costs 1e-4 growth and makes 1000 p
    "TRADE": ({"s": -1e-4, "p": 1000}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1e6),
    "WASTE": ({"p": -1, "w": 1}, 0, 1e6),
    "EX_w": ({"w": -1}, 0, 1e6),
}


@pytest.mark.parametrize("removed", [(), ("FAST",), ("FAST", "WASTE"), ("SLOW",), ("FAST", "SLOW")])
@pytest.mark.parametrize("name", sorted(rated()))
def test_a_switch_that_may_be_on_changes_nothing(name, removed):
    """The exact face, too: within the floor of growth alone TRADE would make p."""
    plain, switched = problem_of(STEEP, NAMES), with_switch(STEEP, NAMES, "on", "SLOW", 1000.0)
    if FORMULATIONS[name].response is Response.PFBA:
        plain, switched = with_total_flux(plain), with_total_flux(switched)
    wanted = evaluate(Follower(plain), FORMULATIONS[name], design(plain, *removed))
    found = evaluate(Follower(switched), FORMULATIONS[name], design(switched, *removed))
    assert (found is None) == (wanted is None)
    if wanted is not None:
        assert (found.value, found.guarantee) == pytest.approx((wanted.value, wanted.guarantee), abs=1e-6)
        for state in (found.promise, found.worst):
            on = state.fluxes[switched.columns.index("on")]
            assert on in (0.0, 1.0)
    again, once = respond(switched, design(switched, *removed)), respond(plain, design(plain, *removed))
    assert (again is None) == (once is None)
    assert again is None or outcome_of(again) == pytest.approx(outcome_of(once), abs=1e-6)


def outcome_of(found) -> tuple:
    return found.growth, found.product_min, found.product_max, found.product_min_at_min_growth


def test_both_states_of_a_switch_are_the_cells_to_choose():
    """FAST or SLOW, never both: without FAST growth is 5, and 4 p at growth 4 need SLOW, and so no FAST."""
    problem = with_switch(BRANCHED, NAMES, "on", "FAST", 10.0, other="SLOW")
    assert outcome_of(respond(problem, ())) == pytest.approx((10, 0, 0, 0))
    assert outcome_of(respond(problem, design(problem, "FAST"))) == pytest.approx((5, 0, 5, 0))
    assert outcome_of(respond(problem, design(problem, "FAST", "WASTE"))) == pytest.approx((5, 5, 5, 0.1))
    follower = Follower(problem)
    states = follower.after(())
    states = states.making(4)
    # one by one they would reach 6
    assert follower.max_growth(states).value == pytest.approx(5)
    assert Follower(problem_of(BRANCHED, NAMES)).integers.size == 0


def test_alternatives_of_equal_growth_are_all_in_the_response():
    """Two ways of equal growth exclude each other, and only one of them makes p."""
    table = BRANCHED | {"EVEN": ({"s": -1, "x": 1, "p": 0.3}, 0, 1000)}
    problem = with_switch(table, ["FAST", "EVEN"], "on", "FAST", 10.0, other="EVEN")
    outcome = respond(problem, ())
    assert (outcome.growth, outcome.product_min, outcome.product_max) == pytest.approx((10, 0, 3))
    outcome = respond(problem, design(problem, "FAST"))
    assert (outcome.growth, outcome.product_max) == pytest.approx((10, 3))
    whole = with_total_flux(problem)
    shortest = evaluate(Follower(whole), FORMULATIONS["pfba_optimistic"], ())
    # p takes one flux more, so the state of least total flux makes none
    assert (shortest.value, shortest.guarantee) == pytest.approx((0, 0))
    follower = Follower(problem)
    assert follower.least_yield(held(follower, "FAST")) == pytest.approx(0)


def test_the_least_yield_of_a_switched_follower():
    problem = with_switch(BRANCHED | {"BIO": ({"x": -1}, 0, 2)}, NAMES, "on", "FAST", 10.0, other="SLOW")
    follower = Follower(problem)
    # BIO is capped at 2, which takes 4 s and makes 2 p that cannot be wasted
    assert follower.least_yield(held(follower, "FAST", "WASTE")) == pytest.approx(0.5)


def test_a_switched_design_is_taken_back_whole():
    problem = with_switch(BRANCHED, NAMES, "on", "FAST", 10.0, other="SLOW")
    follower = Follower(problem)
    for name in ("optknock", "strong_coupling", "robustknock", "potential", "optcouple"):
        for ids in ((), ("FAST",), ("SLOW",), ("FAST", "WASTE"), ("FAST", "SLOW"), ("FAST",), ()):
            found = evaluate(follower, FORMULATIONS[name], design(problem, *ids))
            wanted = evaluate(Follower(problem), FORMULATIONS[name], design(problem, *ids))
            assert (found is None) == (wanted is None), (name, ids)
            if found:
                assert (found.value, found.guarantee) == pytest.approx((wanted.value, wanted.guarantee)), (name, ids)


def test_a_call_depends_on_nothing_that_was_asked_before():
    problem = with_switch(BRANCHED, NAMES, "on", "FAST", 10.0)
    follower = Follower(problem)
    whole = follower.after(())
    off = whole.fixing(dict.fromkeys(follower.integers.tolist(), 0.0))
    making = off.making(2.0)
    without = follower.after(design(problem, "SLOW"))
    wanted = {whole: 10, off: 5, making: 5, whole.making(2.0): 8, without: 10}
    for one, other in permutations(wanted, 2):
        for states in (one, other, one):
            assert follower.max_growth(states).value == pytest.approx(wanted[states])


def test_prices_are_those_of_the_last_program_or_refused():
    follower = Follower(problem_of(BRANCHED, NAMES))
    whole = follower.after(())
    first = follower.max_growth(whole)
    assert np.abs(follower.prices(first)[0]).sum() > 0
    follower.product(whole, maximize=True)
    with pytest.raises(SolverError, match="prices are those of the last program"):
        follower.prices(first)
