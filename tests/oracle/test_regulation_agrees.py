"""Followers with Boolean rules: every method lists what enumeration lists, and values are those of brute force."""

import json
import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_interventions import COSTS
from random_regulation import (
    REGULATORS,
    BruteForce,
    BruteForceOfWishes,
    built,
    problem_of,
    regulated_networks,
    wished_networks,
)
from test_interventions_agree import designs, few
from test_interventions_agree import limits as any_limits
from test_interventions_agree import listed as ranked
from test_methods_agree import listed, prepared

from knockflow.designs import BestDesigns, Limits, names
from knockflow.errors import ConfigError
from knockflow.formulations import FORMULATIONS, Response, Stance
from knockflow.gather import best_designs, gathered
from knockflow.gpr import genes as genes_of
from knockflow.gpr import parse
from knockflow.hunt import Hunt
from knockflow.leader import CANDIDATE, ESSENTIAL, EXCLUDED
from knockflow.methods import exhaustive, tree
from knockflow.parallel import can_fork
from knockflow.respond import Follower
from knockflow.scatter import part, seeds
from knockflow.traversal import Traversal
from knockflow.watch import Watch

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
TIE = 2e-4
"""Thresholds of rules are worth so little that designs may tie by it: then either may be listed."""


def regulated_problem(given):
    """The problem; forced interventions that contradict each other are no case."""
    try:
        problem = problem_of(given)
    except ConfigError as error:
        assert REFUSED.search(str(error)), error
        assume(False)
    assume(problem.viable and problem.integer.any() and len(problem.growing().targets))
    return problem


REFUSED = re.compile("no flux at all|needs a wild type that grows")


def assert_alike(found, wanted):
    """That two lists of ranked designs are one, but for the choice among designs that tie."""
    if [entry.names for entry in found] != [entry.names for entry in wanted]:
        assert numbers(found) == [pytest.approx(pair, abs=TIE, rel=TIE) for pair in numbers(wanted)]


def numbers(ranked):
    return [(entry.value, entry.guarantee) for entry in ranked]


@settings(max_examples=150, **RELAXED)
@given(regulated_networks(), st.sampled_from(sorted(FORMULATIONS)), st.integers(0, 4), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(network, formulation, most, max_designs):
    problem = prepared(regulated_problem(network), formulation)
    limits = Limits(most, max_designs)
    assert shown(listed(tree, problem, formulation, limits)) == shown(listed(exhaustive, problem, formulation, limits))


@settings(max_examples=60, **RELAXED)
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


def shown(keys):
    return [key[-1] for key in keys]


@settings(max_examples=100, **RELAXED)
@given(wished_networks(), st.sampled_from(sorted(FORMULATIONS)), any_limits())
def test_tree_lists_what_enumeration_lists_whatever_else_a_case_says(drawn, formulation, limits):
    problem = regulated_problem(drawn)
    few(problem, 12)
    assume(limits.affordable(problem, frozenset()))
    assert_alike(*(ranked(method, problem, formulation, limits) for method in (tree, exhaustive)))


@settings(max_examples=40, **RELAXED)
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


@settings(max_examples=40, **RELAXED)
@given(wished_networks(), st.data())
def test_what_is_no_candidate_changes_nothing(drawn, data):
    problem = regulated_problem(drawn)
    _, rows = built(drawn)
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
            assert after == [value and pytest.approx(value, abs=1e-4, rel=1e-4) for value in before], text


@settings(max_examples=60, **RELAXED)
@given(wished_networks())
def test_what_is_undecided_leaves_room_for_every_decision(drawn):
    """The follower of each node of a search holds those of all designs below it."""
    problem = regulated_problem(drawn).growing()
    few(problem, 9)
    best = BestDesigns(problem, FORMULATIONS["robustknock"], Limits(3, None))
    nodes = set()
    with pytest.MonkeyPatch.context() as patch, Watch(20) as watch:
        settle = Hunt._settle

        def recorded(hunt, design, forbidden):
            nodes.add(design)
            return settle(hunt, design, forbidden)

        patch.setattr(Hunt, "_settle", recorded)
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
    follower.apply(effects)
    growth = follower.max_growth()
    follower.hold_viable_response()
    product = follower.product(maximize=False)
    return growth and growth.product, product and product.product


@settings(max_examples=40, **RELAXED)
@given(regulated_networks())
def test_undecided_regulators_allow_nothing_that_no_decision_does(network):
    problem = regulated_problem(network)
    follower, targets = Follower(problem), problem.targets
    follower.apply(())
    growths = [follower.max_growth().product]
    for size in range(len(targets.opposed) + 1):
        for design in combinations(targets.opposed, size):
            follower.apply(targets.effects(design))
            growth = follower.max_growth()
            growths.append(-1.0 if growth is None else growth.product)
    assert growths[0] == pytest.approx(max(growths[1:]), abs=1e-6)


@settings(max_examples=60, **RELAXED)
@given(regulated_networks(), st.sampled_from(sorted(FORMULATIONS)), st.data())
def test_tree_keeps_to_a_budget_of_costs(network, formulation, data):
    reactions = [name for name in network.network.reactions if name.startswith("R")]
    genes = [*REGULATORS, *sorted(set().union(*map(genes_of, map(parse, network.network.rules))))]
    names = genes if network.level == "genes" else reactions
    network = replace(network, costs={name: data.draw(st.sampled_from(COSTS)) for name in names})
    problem = prepared(regulated_problem(network), formulation)
    limits = Limits(4, 3, max_cost=data.draw(st.sampled_from([1.0, 2.5, 3.5])))
    found, wanted = (listed(method, problem, formulation, limits) for method in (tree, exhaustive))
    if shown(found) != shown(wanted):
        assert [key[:2] for key in found] == [pytest.approx(key[:2], abs=TIE, rel=TIE) for key in wanted]


@settings(max_examples=40, **RELAXED)
@given(wished_networks(), st.sampled_from(sorted(FORMULATIONS)), st.integers(1, 3), st.sampled_from([1, 3, "all"]))
def test_parts_of_a_search_gather_what_enumeration_lists(drawn, kind, most, places):
    problem = regulated_problem(drawn)
    few(problem, 12)
    asked = {"kind": kind, "max_interventions": most, "max_designs": places, "max_cost": None, "time_limit_s": 60}
    assume(Limits.of(asked).affordable(problem, frozenset()))
    whole, best = best_designs(problem, asked), best_designs(problem, asked)
    exhaustive.search(whole, Watch())
    begin = json.loads(json.dumps(seeds(problem, asked)))
    parts = [json.loads(json.dumps(part(problem, asked, begin, number, 3))) for number in range(3)]
    assert gathered(best, problem, begin, parts).complete
    assert_alike(best.ranked, whole.ranked)


@pytest.mark.skipif(not can_fork(), reason="processes cannot begin as copies here")
@settings(max_examples=8, **RELAXED)
@given(wished_networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_two_processes_find_what_enumeration_lists(drawn, formulation):
    problem = regulated_problem(drawn)
    few(problem, 12)
    limits = Limits(4, 3)
    assume(limits.affordable(problem, frozenset()))
    assert_alike(ranked(tree, problem, formulation, limits, 2), ranked(exhaustive, problem, formulation, limits))
