"""Strains with concentrations, rebuilt apart from the search: the same optima as the search and as binaries find."""

import numpy as np
import pytest
from by_binaries import ByBinaries
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_forces import driven_networks, model_of, potentials_of
from random_networks import networks, problem_of

from knockflow.base.errors import SolverError
from knockflow.follower.oracle import Follower
from knockflow.layers.in_strain import DECIDED_NOTE
from knockflow.layers.thermodynamics.states import ConcentrationsInStrain
from knockflow.validation.optimum import branched, solved


@settings(max_examples=examples(27), deadline=None, suppress_health_check=list(HealthCheck))
@given(driven_networks(networks()), st.data())
def test_optima_are_those_of_the_search_and_of_binaries(drawn, data):
    network, own = drawn
    try:
        own.conflict([])
    except SolverError:
        assume(False)  # its ratios contradict its ranges
    problem, model = problem_of(network, 0.05).with_follower(driving_forces=own), model_of(network)
    assume(len(problem.columns))  # some flux can run
    layer = ConcentrationsInStrain(potentials_of(own))
    model.notes = {DECIDED_NOTE: (layer.decided(model, (), {}, None),)}
    assert branched(model) == bool(own.names)
    removed = data.draw(st.sets(st.sampled_from(range(len(problem.targets))), max_size=2)) if problem.targets else set()
    for target in removed:
        for name in problem.targets.ids[target].split("|"):
            model.reactions.get_by_id(name).knock_out()
    binaries = ByBinaries(model, own)
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(removed))
    for reaction, goal in (("BIOMASS", problem.growth), ("EX_p", problem.product)):
        for maximize in (True, False):
            model.objective = model.reactions.get_by_id(reaction)
            model.objective_direction = "max" if maximize else "min"
            value = solved(model, ())[0]
            other = binaries.optimum(reaction, maximize)
            assert np.isnan(value) == (other is None)
            if other is None:
                continue
            low, high = sorted(other)
            assert low - 1e-6 <= value <= high + 1e-6
            follower.lp.required = 0
            found = follower.optimum(goal, states, maximize)
            assert found.value == pytest.approx(value, abs=1e-6)
