"""Every method gives the list of exhaustive enumeration, on random networks and for every formulation."""

import pytest
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from prepared_searches import PAIRS, listed, prepared, shown
from random_networks import networks, problem_of

from knockflow.designs.ranking import Limits
from knockflow.formulations.registry import rated

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}


@settings(max_examples=examples(135), **RELAXED)
@given(networks(), st.sampled_from(sorted(rated())), st.integers(1, 4), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(network, formulation, most, max_designs):
    problem = problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    limits = Limits(most, max_designs)
    problem = prepared(problem, formulation)
    assert shown(listed("tree", problem, formulation, limits)) == shown(
        listed("exhaustive", problem, formulation, limits)
    )


@settings(max_examples=examples(18), **RELAXED)
@given(networks(), st.sampled_from(sorted(rated())), st.data())
def test_tree_keeps_to_a_budget_of_costs(network, formulation, data):
    reactions = [name for name in network.reactions if name.startswith("R")]
    costs = {name: data.draw(st.sampled_from([0.5, 1.0, 1.5, 2.0])) for name in reactions}
    problem = problem_of(network, costs=costs)
    assume(problem.viable and len(problem.growing().targets))
    problem = prepared(problem, formulation)
    limits = Limits(4, 3, max_cost=data.draw(st.sampled_from([1.0, 2.5, 3.5])))
    assert shown(listed("tree", problem, formulation, limits)) == shown(
        listed("exhaustive", problem, formulation, limits)
    )


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize(("method", "formulation"), PAIRS)
@settings(max_examples=examples(8), phases=[Phase.explicit, Phase.reuse, Phase.generate], **RELAXED)
@given(network=networks(), most=st.integers(1, 3))
def test_single_level_programs_find_the_best_value(method, formulation, solver, network, most):
    problem = problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    problem, limits = prepared(problem, formulation), Limits(most, 1)
    found = listed(method, problem, formulation, limits, solver=solver)
    wanted = listed("exhaustive", problem, formulation, limits)
    assert [key[0] for key in found] == pytest.approx([key[0] for key in wanted], abs=2e-4)
    assert [key[1] for key in found] == pytest.approx([key[1] for key in wanted], abs=2e-4)
