"""Every cut of a decomposition is true of every design; of the optimal ones the Pareto-optimal are the strongest."""

from itertools import chain, combinations

import numpy as np
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_interventions import givens
from random_networks import networks, problem_of
from random_regulation import problem_of as regulated_problem_of
from random_regulation import regulated_networks
from whole_searches import RELAXED, fresh

from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import Limits
from knockflow.follower.region import slightly_below
from knockflow.formulations.registry import rated
from knockflow.methods.decomposition.by_prices import Duals
from knockflow.methods.decomposition.by_trials import Trials
from knockflow.methods.decomposition.core_point import CorePoint
from knockflow.methods.decomposition.cuts import ROUNDING, truncated
from knockflow.methods.decomposition.value_cuts import ValueCuts

KINDS = sorted(rated())


def designs(problem, most):
    """All sets of a few targets, whatever the limits."""
    n = len(problem.targets)
    return [frozenset(d) for d in chain.from_iterable(combinations(range(n), size) for size in range(most + 1))]


def holding(problem, design):
    point = np.zeros(problem.targets.n_effects)
    point[problem.targets.effects(design)] = 1.0
    return point


def cuts_of(best, reasons, core, pareto, proposals):
    made = ValueCuts(best, reasons, core, pareto)
    for design in proposals:
        evaluation, effects = best.evaluate(design), best.problem.targets.effects(design)
        if evaluation is None:
            yield design, "needs", made.lethal(effects)
        else:
            for cut in made.value(effects, evaluation):
                yield design, "value", cut


def check(problem, formulation, reasons, pareto, data):
    assume(problem.viable and 0 < len(problem.growing(with_idle=True).targets) <= 9)
    best = fresh(problem, formulation, Limits(3))
    assume(best.possible and len(best.problem.targets))
    for design in data.draw(st.lists(st.sampled_from(designs(best.problem, 2)), max_size=3)):
        if best.evaluate(design) is not None:
            best.offer(design, best.evaluate(design))
    every = designs(best.problem, 3)
    values = {design: best.evaluate(design) for design in every}
    core = CorePoint(best.problem, best.limits)
    proposals = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=6))
    source = Trials if reasons == "trials" else Duals
    how = {"holding": core.holding} if pareto and source is Duals else {}
    made = source(best.base, best.behaviour, **how)
    for own, what, cut in cuts_of(best, made, core, pareto, proposals):
        assert min([0.0, *cut.hit.values(), *cut.restored.values()]) == 0
        for design, evaluation in values.items():
            if evaluation is not None:
                true = 1.0 if what == "needs" else evaluation.value
                assert cut.at(holding(best.problem, design)) >= true - 1e-7, (own, design, what)


@pytest.mark.parametrize("pareto", [False, True], ids=["classic", "pareto"])
@pytest.mark.parametrize("reasons", ["duals", "trials"])
@settings(max_examples=examples(18), **RELAXED)
@given(network=networks(), formulation=st.sampled_from(KINDS), data=st.data())
def test_removals(reasons, pareto, network, formulation, data):
    check(problem_of(network), formulation, reasons, pareto, data)


@pytest.mark.parametrize("pareto", [False, True], ids=["classic", "pareto"])
@pytest.mark.parametrize("reasons", ["duals", "trials"])
@settings(max_examples=examples(18), **RELAXED)
@given(drawn=givens(), formulation=st.sampled_from(KINDS), data=st.data())
def test_genes_additions_and_bounds(reasons, pareto, drawn, formulation, data):
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    check(problem, formulation, reasons, pareto, data)


@pytest.mark.parametrize("pareto", [False, True], ids=["classic", "pareto"])
@settings(max_examples=examples(18), **RELAXED)
@given(network=regulated_networks(), formulation=st.sampled_from(KINDS), data=st.data())
def test_regulated_followers(pareto, network, formulation, data):
    check(regulated_problem_of(network), formulation, "trials", pareto, data)


@settings(max_examples=examples(27), **RELAXED)
@given(network=networks(), formulation=st.sampled_from(KINDS), data=st.data())
def test_pareto_optimal_cuts_are_as_strong_at_the_core_point(network, formulation, data):
    problem = problem_of(network)
    assume(problem.viable and len(problem.growing(with_idle=True).targets))
    best = fresh(problem, formulation, Limits(3))
    design = data.draw(st.sampled_from(designs(best.problem, 3)))
    evaluation, effects = best.evaluate(design), best.problem.targets.effects(design)
    core = CorePoint(best.problem, best.limits, seed=data.draw(st.integers(0, 3)))
    h, behaviour = core.holding(), best.behaviour
    classic, sharp = Duals(best.base, behaviour), Duals(best.base, behaviour, core.holding)
    level = -np.inf if evaluation is None else float(best.problem.objective @ evaluation.promise.fluxes) - 1e-7
    for name, arguments in (("lethal", ()), ("fastest", ()), ("ceiling", (level,))):
        pair = [getattr(duals, name)(effects, *arguments) for duals in (classic, sharp)]
        if None not in pair:
            slack = 4 * ROUNDING * max(1.0, abs(pair[0].bound))
            assert pair[1].at(h) <= pair[0].at(h) + slack and pair[1].bound <= pair[0].bound + slack
    if evaluation is None or not behaviour.in_product:
        return
    pair = [next(iter(ValueCuts(best, classic, core, pareto).value(effects, evaluation))) for pareto in (False, True)]
    left, right = (truncated(cut, slightly_below(best.threshold()), best.potential).at(h) for cut in pair)
    assert right <= left + 1e-9 * max(1.0, abs(left))
