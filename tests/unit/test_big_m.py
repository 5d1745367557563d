"""Bounds of dual variables: the norm holds for every design, the instance scales with its margin."""

from itertools import combinations

import pytest
from networks import BRANCHED, problem_of

from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import evaluate
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.single_level import strong_duality
from knockflow.methods.single_level.big_m import LARGEST_NORM, Policy, instance, norm, user
from knockflow.methods.single_level.program import BigM
from knockflow.numerics.mip_solvers import MipStatus, Solver, SolverOptions

NAMES = ["FAST", "SLOW", "WASTE"]
TOYS = {
    "branched": BRANCHED,
    "maintenance": BRANCHED | {"ATPM": ({"s": -1}, 1, 1000)},
    "halves": BRANCHED | {"MAKE": ({"s": -0.5, "p": 0.5}, 0, 4)},
}


@pytest.mark.parametrize("toy", TOYS)
@pytest.mark.parametrize("name", ["optknock", "robustknock", "strong_coupling"])
def test_within_the_norm_every_design_has_its_true_claim(toy, name):
    problem = problem_of(TOYS[toy], NAMES).growing()
    bounds = norm(problem, FORMULATIONS[name])
    assert bounds.removal <= LARGEST_NORM
    targets = range(len(problem.targets))
    for design in (set(subset) for size in range(4) for subset in combinations(targets, size)):
        oracle = evaluate(Follower(problem), FORMULATIONS[name], design)
        single = strong_duality.MODELS[name](problem, Limits(3), bounds)
        for target in single.kept:
            single.kept[target].fix(0 if target in design else 1)
        result = Solver(SolverOptions("highs")).minimize(single.model, single.kept.values(), None, None)
        if oracle is None:
            assert result.status is MipStatus.INFEASIBLE
        else:
            assert -result.objective == pytest.approx(oracle.value, abs=1e-4), design


def test_the_norm_is_no_smaller_than_what_the_instance_needs():
    problem = problem_of(BRANCHED, NAMES).growing()
    needed = instance(problem, FORMULATIONS["robustknock"], margin=1.0)
    bounds = norm(problem, FORMULATIONS["robustknock"])
    assert bounds.removal >= needed.removal
    assert bounds.growth_price >= needed.growth_price


def test_the_norm_is_refused_with_its_value_where_it_is_too_large():
    long = {f"L{i}": ({f"a{i}": -3, f"a{i + 1}": 7}, 0, 1000) for i in range(12)}
    side = {f"S{i}": ({f"a{i}": -1}, 0, 1000) for i in range(1, 13)}
    table = BRANCHED | {"START": ({"s": -1, "a0": 1}, 0, 1000)} | long | side
    problem = problem_of(table, NAMES).growing()
    with pytest.raises(ConfigError, match=r"`norm` gives a bound of 1e\d+ on this model, at most 1e\+06"):
        norm(problem, FORMULATIONS["optknock"])


def test_the_instance_scales_with_its_margin():
    problem = problem_of(BRANCHED, NAMES).growing()
    narrow, wide = (instance(problem, FORMULATIONS["robustknock"], margin) for margin in (10.0, 1000.0))
    assert wide == narrow.times(100.0)
    assert Policy("instance", 10.0).bounds(problem, FORMULATIONS["robustknock"]) == narrow


def test_a_user_must_give_every_bound():
    assert user({"removal": 1, "growth_price": 2, "flux_price": 3, "multiplier": 4}) == BigM(1.0, 2.0, 3.0, 4.0)
    with pytest.raises(ConfigError, match="policy `user` needs a value for growth_price, multiplier"):
        user({"removal": 1, "growth_price": None, "flux_price": 3})
