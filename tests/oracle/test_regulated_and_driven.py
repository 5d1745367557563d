"""Rules of genes and driving forces in one cell: both are heeded at once, by the search and by COBRApy."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from asked_searches import listed
from by_binaries import ByBinaries
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_forces import driven_networks, model_of
from random_regulation import BruteForce, Regulated, regulated_networks
from regulated_searches import assert_alike

from knockflow import Case
from knockflow.base.errors import ConfigError, SolverError
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.formulations.formulation import Response, Stance
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.layers.in_follower import InFollower
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.problem.problem import Problem
from knockflow.stages.problem import build

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


class Forces(InFollower):
    """Driving forces as a layer adds them."""

    def __init__(self, own: DrivingForces):
        self._own = own

    def extend(self, extension) -> None:
        """As the layer does."""
        extension.drive(self._own)


@st.composite
def cells(draw) -> tuple[Problem, Regulated, DrivingForces]:
    """A network with rules and with energies, as a problem of at most ten targets."""
    drawn = draw(regulated_networks())
    network, own = draw(driven_networks(st.just(drawn.network)))
    try:
        own.conflict([])
        question, forces = Question("EX_p", "EX_s", 0.0, {}), Forces(own)
        cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
        free, _ = build(network, cuts, question, drawn.options, [forces])
        question = replace(question, min_growth=max(0.01, 0.2 * max(free.max_growth, 0.0)))
        problem, _ = build(network, cuts, question, drawn.options, [RulesInFollower(drawn.rows, {}, {}), forces])
    except (ConfigError, SolverError):
        assume(False)  # forced interventions, or ratios, that contradict each other
    assume(problem.viable and problem.integer.any() and 0 < len(problem.growing().targets) <= 10)
    return problem, drawn, own


class DrivenBruteForce(BruteForce):
    """Every assignment of the rules, and each of them as a program with binaries for the directions."""

    def __init__(self, given: Regulated, min_growth: float, own: DrivingForces):
        super().__init__(given, min_growth)
        self._own = own

    def _optimum(self, bounds, reaction, sign, growth=-np.inf):
        lower, upper = bounds[0].copy(), bounds[1]
        biomass = self.index["BIOMASS"]
        lower[biomass] = max(lower[biomass], growth)
        if (lower > upper + 1e-12).any():
            return None
        model = model_of(replace(self.network, lower=lower, upper=np.maximum(lower, upper)))
        found = ByBinaries(model, self._own).optimum(reaction, sign > 0)
        return None if found is None else found[0] + 0.0


@settings(max_examples=examples(8), **RELAXED)
@given(cells(), st.sampled_from(sorted(rated())), st.integers(0, 3), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(cell, formulation, most, max_designs):
    limits = Limits(most, max_designs)
    assert_alike(*(listed(method, cell[0], formulation, limits) for method in ("tree", "exhaustive")))


@settings(max_examples=examples(8), **RELAXED)
@given(cells(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_values_are_those_of_every_assignment_with_binaries(cell, kind):
    problem, drawn, own = cell
    formulation, brute = FORMULATIONS[kind], DrivenBruteForce(drawn, problem.min_growth, own)
    assume(len(brute.fluxes) <= 3)
    best = BestDesigns(problem, formulation, Limits(3))
    for size in range(3):
        for design in list(combinations(problem.candidates(), size))[:6]:
            removed = frozenset(name.split("|")[0].removeprefix("-") for name in names(problem, frozenset(design)))
            wanted = brute.value(
                removed, formulation.stance is Stance.PESSIMISTIC, formulation.response is Response.VIABLE
            )
            found = best.evaluate(frozenset(design))
            assert (found is None) == (wanted is None), removed
            assert wanted is None or found.value == pytest.approx(wanted, abs=1e-4), removed


def test_cobrapy_confirms_designs_of_the_core_model_with_both():
    case = Case(
        "cobra:textbook",
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.05,
        targets={"level": "genes"},
        layers={"thermodynamics": {"passive_transport": "free"}, "regulation": "default"},
        conditions={"concentration_min_m": 1e-4, "concentration_max_m": 2e-2},
    )
    assert case.respond()["growth_per_h"] == pytest.approx(0.196462, abs=1e-5)
    found = case.design("optknock", max_interventions=1, max_designs=3)
    assert [row.value for row in found] == pytest.approx(
        [row.value for row in case.design("optknock", method="exhaustive", max_interventions=1, max_designs=3)],
        abs=1e-5,
    )
    assert set(found.validate()["verified"]) == {True}
