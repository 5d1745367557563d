"""Enzymes with other layers: tree lists what enumeration lists, on toys and the core model, and COBRApy confirms it."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from driven_cells import viable
from enzymes_by_hand import Cell, by_hand
from exact_designs import value_and_guarantee
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from prepared_searches import listed, prepared, shown
from random_enzymes import enzymatic, problem_of
from random_forces import driven_networks
from random_networks import networks
from random_regulation import regulated_networks
from random_zones import by_hand as all_zones
from random_zones import in_all, problem_of_zones, zoned

from knockflow import Case
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.respond import respond
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.layers.enzymes.follower import EnzymesInFollower
from knockflow.layers.enzymes.inputs import Inputs
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.gpr import genes, parse
from knockflow.model.question import Question
from knockflow.settings.support import why_not
from knockflow.stages.problem import build

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
MASSES = {"budget": 0.015, "kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses"}
KINDS = sorted(one for one in rated() if not why_not("tree", one))


def agree(problem, formulation, most):
    """Tree and enumeration, three designs each."""
    problem, limits = prepared(problem, formulation), Limits(most, 3)
    lists = (listed(method, problem, formulation, limits) for method in ("tree", "exhaustive"))
    assert len({str(shown(own)) for own in lists}) == 1


@settings(max_examples=15, **RELAXED)
@given(st.data(), driven_networks(networks()), st.sampled_from(["reactions", "genes"]), st.integers(1, 3))
def test_enzymes_with_driving_forces(data, drawn, level, most):
    """Genes, enzymes and conflicts of driving forces, which come after compression, in one cell."""
    network, forces = drawn
    case = data.draw(enzymatic(network))
    problem = problem_of(case, level).with_follower(driving_forces=forces)
    viable(problem)
    agree(problem, data.draw(st.sampled_from(KINDS)), most)


@settings(max_examples=15, **RELAXED)
@given(st.data(), regulated_networks(), st.sampled_from([1.0, 5.0, 20.0]), st.integers(1, 2))
def test_enzymes_with_rules_of_genes(data, case, budget, most):
    network = case.network
    own = sorted(set().union(*(genes(parse(rule)) for rule in network.rules if rule)))
    network = replace(network, genes=tuple(own), written_rules=network.rules)
    ruled = [name for name, rule in zip(network.reactions, network.rules, strict=True) if rule]
    assume(ruled)
    kcats = {(name, "forward"): data.draw(st.sampled_from([0.5, 1.0])) / 3600 for name in ruled}
    masses = {gene: data.draw(st.sampled_from([0.1, 1.0, 5.0])) for gene in own}
    inputs = Inputs(kcats=kcats, masses=masses, median=True)
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))

    def made(floor):
        layers = [EnzymesInFollower(inputs, budget, False), RulesInFollower(case.rows, {}, {})]
        return build(network, cuts, Question("EX_p", "EX_s", floor), case.options, layers)[0]

    problem = made(max(0.01, 0.2 * max(made(0.0).max_growth, 0.0)))
    assume(problem.viable and len(problem.growing().targets))
    agree(problem, data.draw(st.sampled_from(KINDS)), most)


def in_zones(data, zones):
    """The problem of zones whose enzymes cost, and the network of all by hand."""
    case = data.draw(enzymatic(zones.network))
    zones = replace(zones, network=case.network)
    problem = problem_of_zones(zones, more=(EnzymesInFollower(case.inputs, case.budget, False),))
    assume(problem.viable)
    return problem.growing(), all_zones(replace(zones, network=by_hand(case)))


def removals(problem, zones, count):
    """The wild type and some removals of one target, with the reactions of all zones that they close."""
    for design in [(), *list(combinations(range(len(problem.targets)), 1))[:count]]:
        removed = {name for target in design for name in problem.targets.ids[target].split("|")}
        yield frozenset(design), in_all(zones, removed)


@settings(max_examples=10, **RELAXED)
@given(st.data(), zoned(networks()))
def test_each_zone_has_the_budget(data, zones):
    """Growth and guarantee are those of enzymes and zones that are put together by hand."""
    problem, whole = in_zones(data, zones)
    best = BestDesigns(problem, FORMULATIONS["strong_coupling"], Limits(2))
    for design, removed in removals(problem, zones, 6):
        wanted, found = Cell(whole, removed).viable(problem.min_growth), best.evaluate(design)
        if wanted is None or found is None:
            assert wanted is None or wanted[0] == pytest.approx(problem.min_growth, abs=1e-6)
            assert found is None or respond(problem, design).growth == pytest.approx(problem.min_growth, abs=1e-6)
            continue
        assert found.value == pytest.approx(wanted[1], abs=5e-6)
    if len(problem.targets):
        agree(problem, data.draw(st.sampled_from(KINDS)), 2)


@pytest.mark.long
@settings(max_examples=5, **RELAXED)
@given(st.data(), zoned(networks()))
def test_each_zone_has_the_budget_in_exact_arithmetic(data, zones):
    """At maximal growth, where one zone's growth may be worth much of another's product."""
    problem, whole = in_zones(data, zones)
    formulation, floor = FORMULATIONS["robustknock"], Fraction(repr(problem.min_growth))
    best = BestDesigns(problem, formulation, Limits(2))
    for design, removed in removals(problem, zones, 2):
        exact, found = value_and_guarantee(whole, removed, formulation, floor), best.evaluate(design)
        assert (exact is None) == (found is None)
        if found is not None:
            assert found.value == pytest.approx(float(exact[0]), abs=5e-6)


HALVES = {"oxic": {"share": 0.5, "medium": {"EX_o2_e": 1000}}, "anoxic": {"share": 0.5}}
CORE = {
    "zones": {"layers": {"enzymes": "default", "zones": {"named": HALVES}}},
    "regulation": {"layers": {"enzymes": MASSES, "regulation": "default"}, "targets": {"level": "genes"}},
    "thermodynamics": {"layers": {"enzymes": "default", "thermodynamics": "directions"}},
    "concentrations": {"layers": {"enzymes": "default", "thermodynamics": "concentrations"}},
    "genes and thermodynamics": {
        "layers": {"enzymes": MASSES, "thermodynamics": "directions"},
        "targets": {"level": "genes"},
    },
    "genes and concentrations": {
        "layers": {"enzymes": MASSES, "thermodynamics": "concentrations"},
        "targets": {"level": "genes"},
    },
    "all": {
        "layers": {"enzymes": MASSES, "regulation": "default", "thermodynamics": "concentrations"},
        "targets": {"level": "genes"},
    },
}
"""Cases by what is beside enzymes; those with energies, whose data take long to open, are long tests."""


@pytest.mark.parametrize(
    "beside", [pytest.param(key, marks=[] if key in ("regulation", "zones") else pytest.mark.long) for key in CORE]
)
def test_combinations_on_the_core_model_come_from_the_configuration_alone(beside, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    medium = {"EX_glc__D_e": 10, "EX_o2_e": 0}
    case = Case("cobra:textbook", "EX_etoh_e", medium=medium, min_growth=0.02, **CORE[beside])
    tree, every = (
        case.design("robustknock", max_interventions=1, max_designs=3, method=m) for m in ("tree", "exhaustive")
    )
    assert [row["interventions"] for row in tree.table] == [row["interventions"] for row in every.table]
    values = [[row["value_mmol_per_gdw_h"] for row in own.table] for own in (tree, every)]
    assert values[0] == pytest.approx(values[1], abs=1e-6)
    assert tree.validate()["verified"].all() and tree[0].value > 1
    # The budget counts: without it the cell grows faster.
    loose = {key: value for key, value in CORE[beside]["layers"].items() if key != "enzymes"}
    free = Case("cobra:textbook", "EX_etoh_e", medium=medium, min_growth=0.02, **(CORE[beside] | {"layers": loose}))
    assert case.problem.max_growth < free.problem.max_growth - 1e-3
    # At maximal growth some cell uses up what it has; what the route needs is part of that.
    told = tree.of_layers()["enzymes"]
    budget = 0.015 if CORE[beside]["layers"]["enzymes"] == MASSES else 0.2818
    assert ((told["route_g_per_gdw"] > 0) & (told["enzymes_g_per_gdw"] <= budget + 1e-6)).all()
