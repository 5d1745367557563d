"""Why energies keep random cells from growing: smallest sets are those of all sets tried, and the changes suffice."""

from dataclasses import replace
from itertools import combinations
from math import log

from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from random_forces import driven_networks, potentials_of
from random_networks import networks, problem_of

from knockflow.base.errors import SolverError
from knockflow.designs.no_design import not_viable
from knockflow.follower.conflict_pool import ConflictPool
from knockflow.follower.oracle import Follower
from knockflow.layers.thermodynamics.diagnosis import diagnose, widened, without
from knockflow.layers.thermodynamics.forces import as_forces

SETTINGS = settings(max_examples=examples(14), deadline=None, suppress_health_check=list(HealthCheck))


def grows(problem, potentials):
    forces = as_forces(potentials) if potentials.reactions else None
    cell = problem.with_follower(driving_forces=forces)
    follower = Follower(cell, ConflictPool(forces) if forces is not None else None)
    found = follower.max_growth(follower.after(()))
    return found is not None and follower.grows(found.value)


def smallest(names, works):
    return next((size for size in range(len(names) + 1) if any(map(works, combinations(names, size)))), None)


def drawn_case(drawn, min_growth=0.3):
    network, own = drawn
    try:
        own.conflict([])
    except SolverError:
        assume(False)  # its ratios contradict its ranges
    problem = problem_of(network, min_growth)
    assume(len(problem.columns))
    return problem, potentials_of(own)


@SETTINGS
@given(driven_networks(networks()))
def test_the_smallest_set_of_reactions_is_that_of_all_sets(drawn):
    problem, own = drawn_case(drawn)
    found = diagnose(problem, own)
    if found is None:
        assert grows(problem, own)
        return
    assert not grows(problem, own)
    size = smallest(own.reactions, lambda some: grows(problem, without(own, some)))
    if found.reactions is None:
        assert size is None and str(found) == ""
        return
    lifted = found.reactions.lifted
    assert len(lifted) == size and grows(problem, without(own, lifted))
    assert found.growth >= problem.min_growth - 1e-8
    for core in found.reactions.cores:
        assert not grows(problem, without(own, set(own.reactions) - set(core)))
    told = not_viable(replace(problem, hindrances=(str(found),)))
    assert all(name in told.text for name in lifted[:10])


@SETTINGS
@given(driven_networks(networks()))
def test_ranges_that_the_diagnosis_widens_let_the_cell_grow(drawn):
    problem, own = drawn_case(drawn)
    found = diagnose(problem, own)
    assume(found is not None and found.reactions is not None)
    if found.metabolites is not None:
        assert grows(problem, widened(own, found.metabolites.lifted))
        for name in found.metabolites.lifted:
            assert not grows(problem, widened(own, set(found.metabolites.lifted) - {name}))
    if found.changes is not None:
        lower, upper = own.lower.copy(), own.upper.copy()
        for change in found.changes:
            place = own.variables.index(change.metabolite)
            lower[place] = min(lower[place], log(change.needed) - 1e-6)
            upper[place] = max(upper[place], log(change.needed) + 1e-6)
        assert grows(problem, replace(own, lower=lower, upper=upper))
