"""Single-level models, by strong duality and by complementary slackness: their claims are the oracle's values."""

import pytest
from networks import BRANCHED, problem_of

from knockflow.designs.ranking import Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import evaluate
from knockflow.follower.total_flux import with_total_flux
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.registry import with_models
from knockflow.methods.single_level import complementarity as kkt
from knockflow.methods.single_level import strong_duality
from knockflow.methods.single_level.program import BigM
from knockflow.numerics.mip_solvers import MipStatus, Solver, SolverOptions
from knockflow.settings.support import why_not

FAMILIES = {"strong_duality": strong_duality.MODELS, "kkt": kkt.MODELS}
PAIRS = [(method, name) for method, models in FAMILIES.items() for name in models]
WIDE = BigM(100.0, 100.0, 100.0, 100.0)


def branched(name, **changes):
    problem = problem_of(BRANCHED | changes, ["FAST", "SLOW", "WASTE"]).growing()
    return with_total_flux(problem) if FORMULATIONS[name].response is Response.PFBA else problem


def minimized(single, solver="highs"):
    return Solver(SolverOptions(solver)).minimize(single.model, list(single.kept.values()), 60, None)


@pytest.mark.parametrize("solver", ["cbc", "highs"])
@pytest.mark.parametrize(("method", "name"), PAIRS)
def test_the_best_claim_is_what_the_oracle_says(method, name, solver):
    problem = branched(name)
    single = FAMILIES[method][name](problem, Limits(2), WIDE)
    result = minimized(single, solver)
    assert result.status is MipStatus.OPTIMAL
    oracle = evaluate(Follower(problem), FORMULATIONS[name], single.restrictions())
    assert -result.objective == pytest.approx(oracle.value, abs=1e-5)
    assert 0 in single.restrictions()


@pytest.mark.parametrize(("method", "name"), PAIRS)
def test_the_claim_of_every_design_is_that_of_the_oracle(method, name):
    problem = branched(name, ATPM=({"s": -1}, 1, 1000))
    for number in range(8):
        removed = {target for target in range(3) if number >> target & 1}
        single = FAMILIES[method][name](problem, Limits(3), WIDE)
        for target in single.kept:
            single.kept[target].fix(0 if target in removed else 1)
        result = minimized(single)
        oracle = evaluate(Follower(problem), FORMULATIONS[name], removed)
        if oracle is None:
            assert result.status is MipStatus.INFEASIBLE
        else:
            assert -result.objective == pytest.approx(oracle.value, abs=1e-5), removed


def test_a_multiplier_at_its_bound_is_noticed():
    tight = BigM(0.5, 0.5, 0.5, 0.5)
    single = strong_duality.optknock(branched("optknock"), Limits(2), tight)
    minimized(single)
    assert single.saturated(tight) == (0 in single.restrictions())
    assert BigM(1.0, 2.0, 3.0, 4.0).times(10) == BigM(10.0, 20.0, 30.0, 40.0)


def test_the_table_of_pairs_is_that_of_the_models():
    for method in with_models():
        for name in rated():
            assert (name in FAMILIES[method]) == (why_not(method, name) is None)


def test_limits_hold_in_the_model():
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"], costs={"FAST": 3}).growing()
    for limits, allowed in (
        (Limits(1), ({0},)),
        (Limits(3, 1, 3.5), ({0},)),
        (Limits(2, 1, 2.0), (set(), {1}, {2}, {1, 2})),
    ):
        single = strong_duality.optknock(problem, limits, WIDE)
        minimized(single)
        assert single.restrictions() in allowed
