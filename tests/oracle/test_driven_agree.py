"""Cells with driving forces: methods list what enumeration lists, and values are those of a program with binaries."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from by_binaries import ByBinaries
from driven_cells import viable
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_forces import driven, driven_networks, driven_problems, model_of
from random_networks import networks, problem_of
from random_scenarios import judges, problem_of_scenarios, scenarios
from whole_searches import fresh, listed

from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.conflict_pool import ConflictPool
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import respond
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.numerics.conflict_search import literals
from knockflow.problem.judge import WORST

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def judged():
    """All ways to judge."""
    return st.one_of(st.just(WORST), judges())


def used_reactions(problem, fluxes):
    """Literals of the forces that a state uses."""
    number = {name: row for row, name in enumerate(problem.driving_forces.names)}
    runs = problem.fluxes(fluxes)
    return [2 * number[name] + (flux < 0) for name, flux in runs.items() if name in number and flux]


@settings(max_examples=examples(68), **RELAXED)
@given(driven_networks(networks()), st.sampled_from([0.05, 0.2]), st.data())
def test_growth_and_product_are_those_of_a_program_with_binaries(drawn, share, data):
    network, own = drawn
    problem = problem_of(network, share).with_follower(driving_forces=own)
    viable(problem)
    targets = range(len(problem.targets))
    design = data.draw(st.sets(st.sampled_from(targets), max_size=3)) if targets else set()
    removed = {name for target in design for name in problem.targets.ids[target].split("|")}
    follower, effects = Follower(problem), problem.targets.effects(design)
    states = follower.after(effects)
    growth = follower.max_growth(states)
    other = ByBinaries(model_of(network), own).optimum("BIOMASS", True, removed)
    if growth is None or growth.value < problem.min_growth:
        assert other is None or other[0] < problem.min_growth + 1e-6
        return
    assert other[0] - 1e-6 <= growth.value <= other[1] + 1e-6
    assert driven(own, used_reactions(problem, growth.fluxes))
    growing, binaries = follower.growing(effects), ByBinaries(model_of(network), own, {"BIOMASS": problem.min_growth})
    for maximize in (True, False):
        found = follower.product(growing, maximize)
        low, high = sorted(binaries.optimum("EX_p", maximize, removed))
        assert low - 1e-5 <= found.value <= high + 1e-5
        assert driven(own, used_reactions(problem, found.fluxes))
    fastest = BEHAVIOURS[Response.GROWTH].hold(follower, states)
    for maximize in (True, False):
        found = follower.product(fastest, maximize)
        assert problem.growth @ found.fluxes >= growth.value - 1e-6
        assert driven(own, used_reactions(problem, found.fluxes))


@settings(max_examples=examples(27), **RELAXED)
@given(driven_problems(networks()), st.sampled_from(sorted(rated())), st.integers(0, 3), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(problem, formulation, most, max_designs):
    viable(problem)
    limits = Limits(most, max_designs)
    found, wanted = (listed(method, fresh(problem, formulation, limits)) for method in ("tree", "exhaustive"))
    assert found == wanted


@settings(max_examples=examples(8), **RELAXED)
@given(st.data(), driven_networks(networks()), st.sampled_from(sorted(rated())), st.integers(1, 3), judged())
def test_so_it_does_for_several_cells_with_forces_of_their_own(data, drawn, formulation, most, judge):
    network, forces = drawn
    each = data.draw(scenarios(network, 2))
    by = st.lists(st.sampled_from([-3.0, 0.0, 4.0]), min_size=len(forces.mean), max_size=len(forces.mean))
    own = [forces, *(replace(forces, mean=forces.mean + np.array(data.draw(by))) for _ in each[1:])]
    problem = problem_of_scenarios(each, 0.1, judge)
    followers = zip(problem.followers, own, strict=True)
    problem = replace(problem, followers=tuple(replace(one, driving_forces=forces) for one, forces in followers))
    for alone in problem.each:
        viable(alone)
    limits = Limits(most, 3)
    found, wanted = (listed(method, fresh(problem, formulation, limits)) for method in ("tree", "exhaustive"))
    assert found == wanted


@pytest.mark.parametrize("cuts", ["classic", "pareto"])
@settings(max_examples=examples(8), **RELAXED)
@given(driven_problems(networks()), st.sampled_from(sorted(rated())), st.integers(1, 2))
def test_logic_benders_lists_what_exhaustive_enumeration_lists(cuts, problem, formulation, most):
    viable(problem)
    limits = Limits(most, 3)
    found = listed("logic_benders", fresh(problem, formulation, limits), solver="highs", cuts=cuts)
    assert found == listed("exhaustive", fresh(problem, formulation, limits))


@settings(max_examples=examples(18), **RELAXED)
@given(driven_problems(networks()), st.data())
def test_answers_do_not_depend_on_what_the_pool_holds(problem, data):
    viable(problem)
    problem = problem.growing()
    designs = [set(), *map(set, combinations(range(len(problem.targets)), 1))]
    alone = [respond(problem, design) for design in designs]
    pool = ConflictPool(problem.driving_forces)
    best = BestDesigns(problem, FORMULATIONS["robustknock"], Limits(1))
    for number in data.draw(st.permutations(range(len(designs)))):
        best.evaluate(frozenset(designs[number]))
        follower = Follower(problem, pool)
        states = follower.after(problem.targets.effects(designs[number]))
        fastest = BEHAVIOURS[Response.GROWTH].hold(follower, states)
        assert (fastest is None) == (alone[number] is None)
        if fastest is not None:
            assert follower.max_growth(states).value == pytest.approx(alone[number].growth, abs=1e-7)
            assert follower.product(fastest, False).value == pytest.approx(alone[number].product_min, abs=1e-5)
    assert [respond(problem, design) for design in designs] == alone
    assert all(len(found) == len(set(found)) for found in pool.sets)


@settings(max_examples=examples(18), **RELAXED)
@given(driven_problems(networks()))
def test_what_lies_around_a_state_has_no_conflict(problem):
    viable(problem)
    follower = Follower(problem)
    best = follower.max_growth(follower.after(()))
    linear = follower.around(best.fluxes)
    assert linear.linear and (best.fluxes >= linear.lower).all() and (best.fluxes <= linear.upper).all()
    for goal in (problem.product, -problem.product, np.ones(len(problem.columns))):
        near = Follower(linear)
        near.lp.set_objective(goal, maximize=True)
        near.lp.solve()
        state = np.where(np.abs(near.lp.primals()) > 1e-9, near.lp.primals(), 0.0)
        assert follower.possible(state), literals(state)


def test_every_formulation_is_tried():
    assert {FORMULATIONS[name].response for name in rated()} >= {Response.GROWTH, Response.VIABLE, Response.PFBA}
