"""Followers with Boolean rules: every method lists what enumeration lists, and values are those of brute force."""

import json
from dataclasses import replace
from itertools import combinations

import pytest
from asked_searches import designs, few
from asked_searches import limits as any_limits
from asked_searches import listed as ranked
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import network as small_network
from random_interventions import COSTS
from random_regulation import (
    REGULATORS,
    BruteForce,
    BruteForceOfWishes,
    built,
    regulated_networks,
    wished_networks,
)
from regulated_searches import assert_alike, regulated_problem
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.processes import can_fork
from knockflow.designs.gather import best_designs, gathered
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.oracle import Follower
from knockflow.formulations.formulation import Response, Stance
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.traversal import Traversal
from knockflow.model.gpr import genes as genes_of
from knockflow.model.gpr import parse
from knockflow.model.question import Question
from knockflow.problem.leader import CANDIDATE, ESSENTIAL, EXCLUDED
from knockflow.problem.targets import TargetOptions
from knockflow.stages.design_parts import part, seeds
from knockflow.stages.problem import build

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}


@settings(max_examples=examples(68), **RELAXED)
@given(regulated_networks(), st.sampled_from(sorted(rated())), st.integers(0, 4), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(network, formulation, most, max_designs):
    problem, limits = regulated_problem(network), Limits(most, max_designs)
    assert_alike(*(ranked(method, problem, formulation, limits) for method in ("tree", "exhaustive")))


@settings(max_examples=examples(27), **RELAXED)
@given(regulated_networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_values_are_those_of_every_assignment_tried(network, kind):
    problem = regulated_problem(network)
    formulation = FORMULATIONS[kind]
    best = BestDesigns(problem, formulation, Limits(3))
    brute = BruteForce(network, problem.min_growth)
    assume(len(brute.fluxes) <= 4)
    candidates = problem.candidates()
    for size in range(3):
        for design in list(combinations(candidates, size))[:12]:
            removed = frozenset(name.split("|")[0].removeprefix("-") for name in names(problem, frozenset(design)))
            wanted = brute.value(
                removed, formulation.stance is Stance.PESSIMISTIC, formulation.response is Response.VIABLE
            )
            found = best.evaluate(frozenset(design))
            assert (found is None) == (wanted is None), removed
            assert wanted is None or found.value == pytest.approx(wanted, abs=1e-4), removed


@settings(max_examples=examples(27), **RELAXED)
@given(wished_networks(), st.sampled_from(sorted(rated())), any_limits())
def test_tree_lists_what_enumeration_lists_whatever_else_a_case_says(drawn, formulation, limits):
    problem = regulated_problem(drawn)
    few(problem, 12)
    assume(limits.affordable(problem, frozenset()))
    assert_alike(*(ranked(method, problem, formulation, limits) for method in ("tree", "exhaustive")))


@settings(max_examples=examples(11), **RELAXED)
@given(wished_networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]), st.data())
def test_values_are_those_of_every_assignment_whatever_else_a_case_says(drawn, kind, data):
    problem = regulated_problem(drawn)
    brute = BruteForceOfWishes(drawn, problem.min_growth)
    assume(len(brute.fluxes) <= 3)
    best = BestDesigns(problem, FORMULATIONS[kind], Limits(8))
    for design in data.draw(st.lists(designs(problem.targets), max_size=6)):
        written = names(problem, design)
        found, wanted = best.evaluate(design), value_of(brute, kind, written)
        assert (found is None) == (wanted is None), written
        assert wanted is None or found.value == pytest.approx(wanted, abs=1e-4, rel=1e-4), written


def value_of(brute, kind, written):
    formulation = FORMULATIONS[kind]
    return brute.value(written, formulation.stance is Stance.PESSIMISTIC, formulation.response is Response.VIABLE)


@settings(max_examples=examples(11), **RELAXED)
@given(wished_networks(), st.data())
def test_what_is_no_candidate_changes_nothing(drawn, data):
    problem = regulated_problem(drawn)
    _, rows = built(drawn, None)
    brute = BruteForceOfWishes(drawn, problem.min_growth)
    assume(len(brute.fluxes) <= 3)
    design = data.draw(designs(problem.targets))
    written = names(problem, design)
    before = [value_of(brute, kind, written) for kind in ("optknock", "strong_coupling")]
    genes = drawn.options.level == "genes"
    offered = {f"-{name}" for name in [*brute.genes, *REGULATORS] if genes and name not in drawn.network.absent_genes}
    offered |= set(drawn.options.interventions) - set(drawn.options.forced)
    status = {name: row.status for row in rows if row.status != EXCLUDED for name in row.name.split("|")}
    excluded = {row.name for row in rows if row.status == EXCLUDED}
    sides = {text.split("=")[0] for text in written}
    for text in sorted(text for text in offered if text.split("=")[0] not in sides):
        name = text.lstrip("+-")
        if status.get(name) == ESSENTIAL:
            assert value_of(brute, "optknock", [*written, text]) is None, text
        elif status.get(name) != CANDIDATE and name not in excluded and "%" not in text:
            after = [value_of(brute, kind, [*written, text]) for kind in ("optknock", "strong_coupling")]
            # a demanded flux that nothing can carry leaves no state
            for one, other in zip(after, before, strict=True):
                assert one is None or one == pytest.approx(other, abs=1e-4, rel=1e-4), text


@settings(max_examples=examples(9), **RELAXED)
@given(wished_networks())
def test_what_is_undecided_leaves_room_for_every_decision(drawn):
    """The follower of each node of a search holds those of all designs below it."""
    problem = regulated_problem(drawn).growing()
    few(problem, 9)
    best = BestDesigns(problem, FORMULATIONS["robustknock"], Limits(3, None))
    nodes = set()
    with pytest.MonkeyPatch.context() as patch, Watch(20) as watch:
        settle = RegionSearch._settle

        def recorded(search, design, forbidden, passed=()):
            nodes.add(design)
            return settle(search, design, forbidden, passed)

        patch.setattr(RegionSearch, "_settle", recorded)
        Traversal(best, watch, best.least).run()
    follower, ends = Follower(problem), {}
    for size in range(4):
        for design in combinations(range(len(problem.targets)), size):
            effects = problem.targets.effects(design)
            ends[frozenset(effects)] = extremes(follower, effects)
    for node in [(), *sorted(nodes)[:20]]:
        most, least = extremes(follower, node)
        for effects, (own_most, own_least) in ends.items():
            if effects >= set(node):
                assert own_most is None or own_most <= most + 1e-6
                assert own_least is None or own_least >= least - 1e-6


def extremes(follower, effects):
    """Largest growth, and least product at min_growth, under some effects."""
    states = follower.after(effects)
    growth = follower.max_growth(states)
    states = follower.growing_among(states)
    product = follower.product(states, maximize=False)
    return growth and growth.value, product and product.value


@settings(max_examples=examples(14), **RELAXED)
@given(st.one_of(regulated_networks(), wished_networks()))
def test_undecided_regulators_and_media_allow_nothing_that_no_decision_does(drawn):
    problem = regulated_problem(drawn)
    follower, targets = Follower(problem), problem.targets
    states = follower.after(())
    most, growths = follower.max_growth(states).value, []
    others = [t for t, adds in enumerate(targets.adds) if adds and t not in targets.opposed]
    assume(len(targets.opposed) <= 6)
    for size in range(len(targets.opposed) + 1):
        for design in combinations(targets.opposed, size):
            states = follower.after(targets.effects([*design, *others]))
            growth = follower.max_growth(states)
            growths += [] if growth is None else [growth.value]
    assert most == pytest.approx(max(growths), abs=1e-6)


@settings(max_examples=examples(14), **RELAXED)
@given(regulated_networks(), st.sampled_from(sorted(rated())), st.data())
def test_tree_keeps_to_a_budget_of_costs(network, formulation, data):
    reactions = [name for name in network.network.reactions if name.startswith("R")]
    genes = [*REGULATORS, *sorted(set().union(*map(genes_of, map(parse, network.network.rules))))]
    names = genes if network.level == "genes" else reactions
    network = replace(network, costs={name: data.draw(st.sampled_from(COSTS)) for name in names})
    problem = regulated_problem(network)
    limits = Limits(4, 3, max_cost=data.draw(st.sampled_from([1.0, 2.5, 3.5])))
    assert_alike(*(ranked(method, problem, formulation, limits) for method in ("tree", "exhaustive")))


OBJECTIVES = [{"BIOMASS": 1.0, "EX_p": 0.3}, {"BIOMASS": 1.0, "EX_p": -0.2}, {"R0": 1.0}, {"BIOMASS": 0.5, "R1": 1.0}]


@settings(max_examples=examples(27), **RELAXED)
@given(wished_networks(), st.sampled_from(sorted(rated())), any_limits(), st.sampled_from(OBJECTIVES))
def test_tree_lists_what_enumeration_lists_whatever_the_cell_maximizes(drawn, formulation, limits, objective):
    problem = regulated_problem(drawn, objective)
    few(problem, 12)
    assume(limits.affordable(problem, frozenset()))
    assert_alike(*(ranked(method, problem, formulation, limits) for method in ("tree", "exhaustive")))


@pytest.mark.parametrize("formulation", sorted(rated()))
def test_a_design_must_grow_whatever_states_the_cell_prefers(formulation):
    """The cell makes p and does not grow; only what GROW adds lets it, and removing WASTE alone would not."""
    table = {
        "EX_s": ({"s": -1}, -10, 0),
        "MAKE": ({"s": -1, "p": 1}, 0, 1000),
        "WASTE": ({"p": -1, "w": 1}, 0, 1000),
        "EX_w": ({"w": -1}, 0, 1000),
        "GROW": ({"s": -1, "x": 1}, 0, 0),
        "EX_p": ({"p": -1}, 0, 1000),
        "BIO": ({"x": -1}, 0, 1000),
    }
    made = replace(small_network(table), added={"GROW": (0.0, 1000.0)})
    options = TargetOptions(include=["WASTE"], interventions={"+GROW": 1.0})
    problem, _ = build(made, {}, Question("EX_p", "EX_s", 0.1, {"MAKE": 1.0}), options)
    found, wanted = (ranked(method, problem, formulation, Limits(3, None)) for method in ("tree", "exhaustive"))
    assert [entry.names for entry in found] == [entry.names for entry in wanted]
    assert found and all("+GROW" in entry.names for entry in found)


@settings(max_examples=examples(14), **RELAXED)
@given(wished_networks(), st.sampled_from(sorted(rated())), st.integers(1, 3), st.sampled_from([1, 3, "all"]))
def test_parts_of_a_search_gather_what_enumeration_lists(drawn, kind, most, places):
    problem = regulated_problem(drawn)
    few(problem, 12)
    asked = {"kind": kind, "max_interventions": most, "max_designs": places, "max_cost": None, "time_limit_s": 60}
    assume(Limits.of(asked).affordable(problem, frozenset()))
    whole, best = best_designs(problem, asked), best_designs(problem, asked)
    run("exhaustive", whole, Watch())
    begin = json.loads(json.dumps(seeds(problem, asked)))
    parts = [json.loads(json.dumps(part(problem, asked, begin, number, 3))) for number in range(3)]
    assert gathered(best, problem, begin, parts).complete
    assert_alike(best.ranked, whole.ranked)


@pytest.mark.skipif(not can_fork(), reason="processes cannot begin as copies here")
@settings(max_examples=examples(8), **RELAXED)
@given(wished_networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_two_processes_find_what_enumeration_lists(drawn, formulation):
    problem = regulated_problem(drawn)
    few(problem, 12)
    limits = Limits(4, 3)
    assume(limits.affordable(problem, frozenset()))
    assert_alike(
        ranked("tree", problem, formulation, limits, threads=2), ranked("exhaustive", problem, formulation, limits)
    )
