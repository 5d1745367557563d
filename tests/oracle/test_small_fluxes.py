"""Fluxes below the tolerance of an engine that a cell cannot do without: no missing design, no false one.

Biomass that needs 1e-3 to 1e-7 of something, thresholds down to 1e-4, and lists that owe nothing to a solver.
"""

from fractions import Fraction
from itertools import combinations

import pytest
from cobra import Metabolite, Model, Reaction
from cobra.io import load_model
from exact_designs import EXACT, ExactDesigns
from exact_simplex import Cell
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from searches import run
from small_coefficients import networks, targets_of

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search as search_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

RANDOM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}
LARGEST = 2
KINDS = sorted(name for name, formulation in rated().items() if formulation.response in EXACT)


def problem_of(network: Network, min_growth: float = 0.0) -> Problem:
    options = TargetOptions(include=tuple(targets_of(network)), maintenance=())
    return build(network, {}, Question("EX_p", "EX_s", min_growth), options)[0]


def found_by(method, problem: Problem, suppress: list, protect: list) -> set[frozenset[str]]:
    options = {"max_interventions": LARGEST, "max_designs": "all", "max_cost": None, "threads": 1}
    sets = CutSets(problem, options | {"suppress": suppress, "protect": protect})
    with Watch(60) as watch:
        method(sets, watch)
    assert not watch.stopped
    return {frozenset(name[1:] for name in one.names) for one in sets.listed()}


def minimal(network: Network, meets) -> set[frozenset[str]]:
    """The minimal sets of reactions that meet some demands."""
    found: list[frozenset[str]] = []
    for size in range(LARGEST + 1):
        for removed in map(frozenset, combinations(targets_of(network), size)):
            if not any(smaller <= removed for smaller in found) and meets(removed):
                found.append(removed)
    return set(found)


@settings(max_examples=examples(18), **RANDOM)
@given(networks(), st.sampled_from(["0.0001", "0.0001", "0.01"]))
def test_what_stops_growth(network, threshold):
    def dead(removed):
        growth = Cell(network, removed).maximum(BIOMASS=1)
        return growth is None or growth < Fraction(threshold)

    wanted, problem = minimal(network, dead), problem_of(network)
    for method in (search_cut_sets, CutSets.exhaustive):
        assert found_by(method, problem, [f"BIOMASS >= {threshold}"], []) == wanted


@settings(max_examples=examples(9), **RANDOM)
@given(networks(), st.sampled_from(["0.5", "4"]))
def test_growth_without_much_product_is_suppressed_and_growth_protected(network, most):
    threshold = Fraction("0.0001")

    def coupled(removed):
        growth = Cell(network, removed).maximum(BIOMASS=1)
        if growth is None or growth < threshold:
            return False
        return Cell(network, removed).hold("BIOMASS", threshold).minimum(EX_p=1) > Fraction(most)

    wanted, problem = minimal(network, coupled), problem_of(network)
    for method in (search_cut_sets, CutSets.exhaustive):
        regions = [["BIOMASS >= 0.0001", f"EX_p <= {most}"]], ["BIOMASS >= 0.0001"]
        assert found_by(method, problem, *regions) == wanted


def listed(method, best: BestDesigns, **asked) -> tuple[list, list]:
    with Watch(60) as watch:
        assert run(method, best, watch, **asked).complete
    return [entry.names for entry in best.ranked], [entry.value for entry in best.ranked]


@settings(max_examples=examples(11), **RANDOM)
@given(networks(), st.sampled_from([1e-4, 1e-4, 0.01]), st.sampled_from(KINDS), st.sampled_from([1, 3, None]))
def test_designs_that_grow(network, min_growth, kind, most):
    growth, problem = Cell(network).maximum(BIOMASS=1), problem_of(network, min_growth)
    assert problem.viable == (growth is not None and growth >= Fraction(repr(min_growth)))
    assume(problem.viable and len(problem.growing().targets))
    problem, limits = problem.growing(), Limits(LARGEST, most)
    names, values = listed("exhaustive", ExactDesigns(network, problem, kind, limits))
    for method in ("tree", "exhaustive"):
        found = listed(method, BestDesigns(problem, FORMULATIONS[kind], limits))
        assert found[0] == names
        assert found[1] == pytest.approx(values, abs=1e-5)


@pytest.mark.parametrize("method", ["benders", "logic_benders"])
@settings(max_examples=examples(6), **RANDOM)
@given(networks(), st.sampled_from(KINDS), st.booleans())
def test_decompositions_of_cells_that_grow_little(method, network, kind, pareto):
    problem, limits = problem_of(network, 1e-4), Limits(LARGEST, 3)
    assume(problem.viable and len(problem.growing().targets))
    problem = problem.growing()
    names, _ = listed("exhaustive", ExactDesigns(network, problem, kind, limits))
    best = BestDesigns(problem, FORMULATIONS[kind], limits)
    assert listed(method, best, solver="highs", cuts="pareto" if pareto else "classic")[0] == names


def with_cofactor() -> Model:
    """The core model, of whose biomass a millionth is a cofactor that two reactions make."""
    model = load_model("textbook")
    cofactor = Metabolite("cof_c", compartment="c")
    for name, source in (("COF1", "pyr_c"), ("COF2", "g6p_c")):
        reaction = Reaction(name, lower_bound=0, upper_bound=1000)
        model.add_reactions([reaction])
        reaction.add_metabolites({model.metabolites.get_by_id(source): -1, cofactor: 1})
        reaction.gene_reaction_rule = name.lower()
    model.reactions.Biomass_Ecoli_core.add_metabolites({cofactor: -1e-6})
    return model


def test_a_core_model_has_the_same_lethal_sets_at_every_threshold():
    case = Case(with_cofactor(), medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.0)
    asked = {"max_interventions": 2, "max_designs": "all", "time_limit_s": None}
    tables = [case.design("mcs", suppress=[f"Biomass_Ecoli_core >= {t}"], **asked) for t in ("1e-5", "1e-4", "0.01")]
    sets = [{row["interventions"] for row in found.table} for found in tables]
    assert sets[0] == sets[1] == sets[2] and ("-COF1", "-COF2") in sets[0]
    assert all(found.record["proven"] for found in tables)


BIOMASS = "BIOMASS_Ec_iJO1366_core_53p95M"


@pytest.mark.long
def test_a_genome_has_the_same_lethal_sets_at_every_threshold():
    """Growth of 1e-4 needs 2e-10 of some cofactors."""
    case = Case("cobra:iJO1366", "EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.1)
    asked = {"max_interventions": 2, "max_designs": "all", "time_limit_s": None}
    tables = [case.design("mcs", suppress=[f"{BIOMASS} >= {t}"], **asked).table for t in ("1e-4", "1e-3", "1e-2")]
    sets = [{row["interventions"] for row in table} for table in tables]
    assert sets[0] == sets[1] == sets[2] and len(sets[0]) == 539
    assert {("-I2FE2SR", "-S2FE2SR"), ("-I2FE2SR", "-SCYSDS")} <= sets[0]
