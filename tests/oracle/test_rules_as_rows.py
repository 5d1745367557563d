"""Rules as rows of the follower, not as cut sets: as the network is written, and in every search.

Here every rule with more than one cut set is taken as it is.
"""

from itertools import combinations

import pytest
from asked_searches import READ, designs, few, limits, listed, problem_of
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_interventions import Read, givens
from random_regulation import BruteForce, regulated_networks
from regulated_searches import assert_alike, regulated_problem

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.oracle import Follower
from knockflow.formulations.formulation import Response, Stance
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search
from knockflow.model import gene_cuts
from knockflow.problem.archive import load, save

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(autouse=True, scope="module")
def no_lists():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gene_cuts, "FEW", 1)
        yield


def deep():
    return givens(level="genes", depth=3)


def with_rows(drawn):
    assume(sum(len(rule.split()) > 3 for rule in drawn.network.rules) > 1)
    problem = problem_of(drawn)
    assume(problem.viable and any(name.startswith("enzyme of") for name in problem.columns))
    return problem


@settings(max_examples=examples(8), **RELAXED)
@given(deep(), st.data())
def test_a_design_does_to_the_network_what_it_says(drawn, data):
    problem = with_rows(drawn)
    design = data.draw(designs(problem.targets))
    read = Read(drawn, names(problem, design))
    assume(not read.contradicts)
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(design))
    found, growth = follower.max_growth(states), read.best("BIOMASS")
    assert (found is None) == (growth is None)
    assume(growth is not None and abs(growth - problem.min_growth) > 1e-7)
    assert found.value == pytest.approx(growth, abs=1e-6)
    for formulation in READ:
        best = BestDesigns(problem, FORMULATIONS[formulation], Limits(5))
        value, wanted = best.evaluate(design), read.value(formulation, problem.min_growth)
        assert (value is None) == (wanted is None), formulation
        if value is not None:
            assert value.value == pytest.approx(wanted, abs=1e-4, rel=1e-4), formulation


@settings(max_examples=examples(6), **RELAXED)
@given(deep(), st.sampled_from(sorted(rated())), limits())
def test_tree_lists_what_exhaustive_enumeration_lists(drawn, formulation, limits):
    problem = with_rows(drawn)
    few(problem)
    assume(limits.affordable(problem, frozenset()))
    found, wanted = (listed(method, problem, formulation, limits) for method in ("tree", "exhaustive"))
    assert [entry.names for entry in found] == [entry.names for entry in wanted]


@settings(max_examples=examples(6), **RELAXED)
@given(deep(), st.sampled_from(sorted(rated())), limits())
def test_rows_and_lists_lead_to_equal_values(drawn, formulation, limits):
    """Names may differ: with cut sets more genes may count as interchangeable."""
    as_rows = with_rows(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gene_cuts, "FEW", 1000)
        as_lists = problem_of(drawn)
    few(as_rows)
    limits = Limits(limits.max_interventions, 1, limits.max_cost)
    assume(limits.affordable(as_rows, frozenset()))
    found, wanted = (listed("tree", problem, formulation, limits) for problem in (as_rows, as_lists))
    assert [entry.value for entry in found] == pytest.approx([entry.value for entry in wanted], abs=1e-5, rel=1e-5)


@pytest.mark.parametrize("method", ["strong_duality", "kkt", "benders"])
@settings(max_examples=examples(3), phases=[Phase.explicit, Phase.reuse, Phase.generate], **RELAXED)
@given(drawn=deep(), limits=limits(3, (1,)))
def test_mixed_integer_programs_find_the_best_value(method, drawn, limits):
    problem = with_rows(drawn)
    few(problem)
    assume(limits.affordable(problem, frozenset()))
    found = listed(method, problem, "robustknock", limits, solver="highs", cuts="classic")
    wanted = listed("exhaustive", problem, "robustknock", limits)
    assert [entry.value for entry in found] == pytest.approx([entry.value for entry in wanted], abs=3e-4, rel=3e-4)


@settings(max_examples=examples(4), **RELAXED)
@given(deep(), st.sampled_from([0.01, 0.5]), st.integers(1, 4))
def test_minimal_cut_sets_are_those_of_exhaustive_enumeration_and_of_lists(drawn, floor, most):
    problem = with_rows(drawn)
    assume(len(problem.targets) <= 14)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gene_cuts, "FEW", 1000)
        as_lists = problem_of(drawn)
    options = {"suppress": [f"BIOMASS >= {floor:g}"], "protect": [], "max_designs": "all"}
    options |= {"max_interventions": most, "max_cost": None, "max_per_kind": {}, "min_value": None, "threads": 1}
    found, every = [], CutSets.exhaustive
    for of, method in ((as_lists, every), (as_lists, search), (problem, search), (problem, every)):
        sets = CutSets(of, options)
        with Watch(30) as watch:
            method(sets, watch)
        assert not watch.stopped
        found.append(sets.listed())
    assert found[0] == found[1] == found[2] == found[3]


@settings(max_examples=examples(4), **RELAXED)
@given(drawn=deep())
def test_the_file_holds_all_of_it(drawn, tmp_path_factory):
    problem = with_rows(drawn)
    path = tmp_path_factory.mktemp("problem") / "problem.npz"
    save(path, problem)
    again = load(path)
    design = frozenset(range(min(3, len(problem.targets))))
    assert (again.columns, again.rows, again.targets.ids) == (problem.columns, problem.rows, problem.targets.ids)
    first, second = (
        follower.max_growth(follower.after(follower.problem.targets.effects(design)))
        for follower in (Follower(problem), Follower(again))
    )
    assert (first and first.value) == (second and second.value)


@settings(max_examples=examples(6), **RELAXED)
@given(regulated_networks(), st.sampled_from(sorted(rated())), st.integers(1, 3), st.sampled_from([1, 3, None]))
def test_rules_of_genes_hold_beside_them(network, formulation, most, max_designs):
    problem = regulated_problem(network)
    assume(
        any(name.startswith("complex") for name in problem.columns)
        or any(row.endswith("its genes") for row in problem.rows)
    )
    places = Limits(most, max_designs)
    assert_alike(*(listed(method, problem, formulation, places) for method in ("tree", "exhaustive")))


@settings(max_examples=examples(6), **RELAXED)
@given(regulated_networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_with_rules_of_genes_values_are_those_of_every_assignment(network, kind):
    problem, formulation = regulated_problem(network), FORMULATIONS[kind]
    assume(
        any(name.startswith("complex") for name in problem.columns)
        or any(row.endswith("its genes") for row in problem.rows)
    )
    best, brute = BestDesigns(problem, formulation, Limits(3)), BruteForce(network, problem.min_growth)
    assume(len(brute.fluxes) <= 4)
    for size in range(3):
        for design in list(combinations(problem.candidates(), size))[:8]:
            removed = frozenset(name.split("|")[0].removeprefix("-") for name in names(problem, frozenset(design)))
            pessimistic, viable = formulation.stance is Stance.PESSIMISTIC, formulation.response is Response.VIABLE
            wanted, found = brute.value(removed, pessimistic, viable), best.evaluate(frozenset(design))
            assert (found is None) == (wanted is None), removed
            assert wanted is None or found.value == pytest.approx(wanted, abs=1e-4), removed
