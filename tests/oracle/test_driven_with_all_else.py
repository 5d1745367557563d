"""Driving forces with all else that a case may say: additions, genes, media, costs, fronts, yields, other objectives.

Each of these agrees with enumeration; parts of a search, processes and checkpoints find the same.
"""

import json
from dataclasses import replace

import pytest
from asked_searches import designs, few, limits, listed
from asked_searches import problem_of as asked_problem
from by_binaries import ByBinaries
from examples import examples
from front_searches import AXES, READ, front_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_forces import driven_networks, model_of
from random_interventions import Read, givens
from random_networks import problem_of as plain_problem
from searches import run
from tilted_networks import wished

from knockflow.base.clock import Watch
from knockflow.base.errors import SolverError
from knockflow.base.processes import can_fork
from knockflow.designs.gather import best_designs, gathered
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.responses.yields import why_no_yield
from knockflow.formulations.registry import YIELDS, formulation, rated
from knockflow.methods.fronts import rising
from knockflow.stages.design_parts import part, seeds

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def with_forces(problem, own):
    """A problem with driving forces as a stage makes it, if its wild type grows with them."""
    try:
        own.conflict([])
    except SolverError:
        assume(False)  # its ratios contradict its ranges
    problem = problem.with_follower(driving_forces=own)
    follower = Follower(problem)
    best = follower.max_growth(follower.after(()))
    most = float("-inf") if best is None else best.value
    problem = problem.with_follower(max_growth=most)
    assume(problem.viable)
    return problem


@st.composite
def cells(draw):
    """What a case says of its targets, with forces of the network's reactions, those that can be added among them."""
    drawn = draw(givens())
    _, own = draw(driven_networks(st.just(drawn.network)))
    problem = with_forces(asked_problem(drawn), own)
    few(problem, 12)
    return drawn, own, problem


def driven_givens():
    """The problems of such cases."""
    return cells().map(lambda cell: cell[2])


def names_of(ranked):
    return [entry.names for entry in ranked]


@settings(max_examples=examples(8), **RELAXED)
@given(driven_givens(), st.sampled_from(sorted(rated())), limits())
def test_tree_lists_what_enumeration_lists(problem, formulation, asked):
    assume(asked.affordable(problem, frozenset()))
    found, wanted = (listed(method, problem, formulation, asked) for method in ("tree", "exhaustive"))
    assert names_of(found) == names_of(wanted)


@settings(max_examples=examples(8), **RELAXED)
@given(cells(), st.data())
def test_growth_of_a_design_is_that_of_a_program_with_binaries(cell, data):
    drawn, own, problem = cell
    design = data.draw(designs(problem.targets))
    read = Read(drawn, names(problem, design))
    assume(not read.contradicts)
    follower = Follower(problem)
    found = follower.max_growth(follower.after(problem.targets.effects(design)))
    reached = ByBinaries(model_of(replace(drawn.network, lower=read.lower, upper=read.upper)), own).optimum(
        "BIOMASS", True
    )
    if found is None or not follower.grows(found.value):
        assert reached is None or reached[0] < problem.min_growth + 1e-6
    else:
        assert reached[0] - 1e-6 <= found.value <= reached[1] + 1e-5


@settings(max_examples=examples(6), **RELAXED)
@given(driven_givens(), st.sampled_from(READ), st.integers(1, 3), st.sampled_from(AXES))
def test_fronts_are_those_of_enumeration(problem, formulation, most, axes):
    assume("growth" not in axes or not rising(problem))
    asked = Limits(most)
    assume(asked.affordable(problem, frozenset()))
    tree, every = (front_of(method, problem, formulation, asked, axes) for method in ("tree", "exhaustive"))
    assert list(tree) == list(every)


@settings(max_examples=examples(6), **RELAXED)
@given(driven_givens(), st.sampled_from(sorted(one.name for one in YIELDS.values())), limits())
def test_yields_are_those_of_enumeration(problem, kind, asked):
    assume(not why_no_yield(problem) and asked.affordable(problem, frozenset()))
    base, whole = BEHAVIOURS[formulation(kind).response].prepare(problem)
    lists = []
    for method in ("tree", "exhaustive"):
        best = BestDesigns(whole, formulation(kind), asked, base)
        with Watch(30) as watch:
            assert run(method, best, watch).complete
        lists.append(names_of(best.ranked))
    assert lists[0] == lists[1]


@settings(max_examples=examples(8), **RELAXED)
@given(wished(), st.data(), st.sampled_from(sorted(rated())), st.integers(1, 3))
def test_so_it_is_whatever_the_cell_maximizes(asked, data, formulation, most):
    _, own = data.draw(driven_networks(st.just(asked[0])))
    problem = with_forces(plain_problem(asked[0], cell_objective=asked[1]), own)
    few(problem, 10)
    found, wanted = (listed(method, problem, formulation, Limits(most, 3)) for method in ("tree", "exhaustive"))
    assert names_of(found) == names_of(wanted)


@settings(max_examples=examples(6), **RELAXED)
@given(driven_givens(), st.sampled_from(sorted(rated())), st.integers(1, 3), st.sampled_from([1, 3, "all"]))
def test_parts_of_a_search_gather_what_enumeration_lists(problem, kind, most, places):
    asked = {"kind": kind, "max_interventions": most, "max_designs": places, "max_cost": None, "time_limit_s": 60}
    assume(Limits.of(asked).affordable(problem, frozenset()))
    whole, best = best_designs(problem, asked), best_designs(problem, asked)
    run("exhaustive", whole, Watch())
    begin = json.loads(json.dumps(seeds(problem, asked)))
    parts = [json.loads(json.dumps(part(problem, asked, begin, number, 3))) for number in range(3)]
    assert gathered(best, problem, begin, parts).complete
    assert names_of(best.ranked) == names_of(whole.ranked)


@pytest.mark.skipif(not can_fork(), reason="processes cannot begin as copies here")
@settings(max_examples=examples(2), **RELAXED)
@given(driven_givens(), st.sampled_from(READ))
def test_two_processes_find_what_enumeration_lists(problem, kind):
    asked = Limits(4, 3)
    assume(asked.affordable(problem, frozenset()))
    found = listed("tree", problem, kind, asked, threads=2)
    assert names_of(found) == names_of(listed("exhaustive", problem, kind, asked))
