"""Constraints of a model's own: every method against enumeration, and that against plain linear programs."""

from dataclasses import replace
from itertools import combinations

import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_constraints import best, constrained_networks
from random_networks import problem_of
from searches import run
from whole_searches import RELAXED, fresh

from knockflow.base.clock import Watch
from knockflow.designs.ranking import Limits
from knockflow.follower.respond import respond
from knockflow.formulations.registry import rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search as search_cut_sets
from knockflow.methods.registry import with_models
from knockflow.problem.archive import digest
from knockflow.settings.support import why_not


def listed(method, problem, formulation, limits, **asked):
    with Watch(60) as watch:
        result = run(method, fresh(problem, formulation, limits), watch, **asked)
    assert result.complete and not watch.stopped
    return result.ranked


def names(ranked):
    return [entry.names for entry in ranked]


def possible(problem):
    assume(problem.viable and 0 < len(problem.growing(with_idle=True).targets) <= 12)


@settings(max_examples=examples(8), **RELAXED)
@given(constrained_networks())
def test_every_design_has_the_response_of_the_plain_programs(network):
    problem = problem_of(network)
    assert (problem.max_growth > float("-inf")) == (best(network, "BIOMASS", True) is not None)
    possible(problem)
    small = problem.growing()
    for design in [frozenset(d) for size in range(3) for d in combinations(range(len(small.targets)), size)]:
        removed = {name for target in design for name in small.targets.ids[target].split("|")}
        growth = best(network, "BIOMASS", True, removed)
        outcome = respond(small, design)
        if growth is None or growth < small.min_growth - 1e-7:
            assert outcome is None
            continue
        assume(growth > small.min_growth + 1e-6)
        assert outcome.growth == pytest.approx(growth, abs=1e-6)
        floor = {"BIOMASS": small.min_growth}
        assert outcome.product_min_at_min_growth == pytest.approx(
            best(network, "EX_p", False, removed, floor), abs=1e-5
        )
        assert outcome.product_max_at_min_growth == pytest.approx(best(network, "EX_p", True, removed, floor), abs=1e-5)


@settings(max_examples=examples(22), **RELAXED)
@given(constrained_networks(), st.sampled_from(sorted(rated())), st.integers(1, 4), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(network, formulation, most, max_designs):
    problem = problem_of(network)
    possible(problem)
    limits = Limits(most, max_designs)
    assert names(listed("tree", problem, formulation, limits)) == names(
        listed("exhaustive", problem, formulation, limits)
    )


@pytest.mark.parametrize("method", ["benders", "logic_benders"])
@settings(max_examples=examples(8), **RELAXED)
@given(network=constrained_networks(), formulation=st.sampled_from(sorted(rated())), most=st.integers(1, 3))
def test_decompositions(method, network, formulation, most):
    problem, limits = problem_of(network), Limits(most, 3)
    possible(problem)
    found = listed(method, problem, formulation, limits, solver="highs")
    assert names(found) == names(listed("exhaustive", problem, formulation, limits))


PAIRS = [(m, f) for m in with_models() for f in sorted(rated()) if why_not(m, f) is None]


@pytest.mark.parametrize(("method", "formulation"), PAIRS)
@settings(max_examples=examples(4), **RELAXED)
@given(network=constrained_networks(), most=st.integers(1, 3))
def test_single_level_programs_find_the_best_value(method, formulation, network, most):
    problem, limits = problem_of(network), Limits(most, 1)
    possible(problem)
    found = listed(method, problem, formulation, limits, solver="highs")
    wanted = listed("exhaustive", problem, formulation, limits)
    assert [entry.value for entry in found] == pytest.approx([entry.value for entry in wanted], abs=2e-4)


@settings(max_examples=examples(18), **RELAXED)
@given(constrained_networks(), st.sampled_from([0.3, 0.7, 0.95]), st.booleans())
def test_minimal_cut_sets(network, share, protect):
    problem = problem_of(network)
    possible(problem)
    high = share * problem.max_growth
    regions = {"suppress": [[f"BIOMASS >= {high:.6f}", f"EX_p <= {1.0}"]]}
    regions["protect"] = [[f"BIOMASS >= {0.5 * high:.6f}"]] if protect else []
    options = {"max_interventions": 3, "max_designs": "all", "max_cost": None, "threads": 1} | regions
    found = []
    for search in (search_cut_sets, CutSets.exhaustive):
        sets = CutSets(problem, options)
        with Watch(30) as watch:
            search(sets, watch)
        found.append([one.names for one in sets.listed()])
    assert found[0] == found[1]


@settings(max_examples=examples(14), **RELAXED)
@given(constrained_networks())
def test_loose_constraints_change_no_problem(network):
    loose = tuple(replace(one, lower=-1e6, upper=1e6) for one in network.constraints if not one.metabolite)
    plain = replace(network, constraints=())
    assert_same(problem_of(plain), problem_of(replace(network, constraints=loose)))


def assert_same(left, right):
    assert digest(left) == digest(right)
