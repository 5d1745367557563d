"""Followers with Boolean rules: every method lists what enumeration lists, and values are those of brute force."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_regulation import BruteForce, problem_of, regulated_networks
from test_methods_agree import listed, prepared

from knockflow.designs import BestDesigns, Limits, names
from knockflow.formulations import FORMULATIONS, Response, Stance
from knockflow.methods import exhaustive, tree

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}


def regulated_problem(given):
    problem = problem_of(given)
    assume(problem.viable and problem.integer.any() and len(problem.growing().targets))
    return problem


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
