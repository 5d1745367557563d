"""Bounds as closed slacks: every effect of the problem with slacks leaves what the effect itself leaves."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pyomo.environ as pyo
import pytest
from networks import BRANCHED, problem_of

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.oracle import Follower
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.registry import METHODS
from knockflow.methods.single_level.closing import with_slacks
from knockflow.methods.single_level.program import price, scaled_flux
from knockflow.methods.task import Task
from knockflow.problem.leader import Effect, Targets
from knockflow.problem.problem import Problem
from knockflow.settings.options import formulation_options


def made(*effects: tuple[str, float, float]) -> Problem:
    """Effects on reactions, one for each target."""
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"]).growing()
    column = {name: number for number, names in enumerate(problem.columns) for name in names.split("|")}
    listed = [Effect([t], [(column[name], lower, upper)]) for t, (name, lower, upper) in enumerate(effects)]
    return replace(problem, targets=Targets.of([f"T{t}" for t in range(len(effects))], listed))


def test_a_bound_that_no_state_reaches_closes_nothing():
    problem = made(("FAST", -np.inf, 50.0), ("SLOW", -3.0, np.inf))
    assert with_slacks(problem).targets.n_effects == 2 and not with_slacks(problem).targets.column.size


def numbers(problem, effects) -> list[float] | None:
    follower = Follower(problem)
    states = follower.after(effects)
    growth = follower.max_growth(states)
    if growth is None:
        return None
    return [growth.value, follower.product(states, True).value, follower.product(states, False).value]


MANY = [("FAST", -np.inf, 4.0), ("SLOW", 3.0, np.inf), ("WASTE", 0.0, 0.0), ("EX_p", 1.0, 2.0), ("FAST", 12.0, np.inf)]


def test_all_sets_of_effects_leave_the_same():
    problem = made(*MANY)
    slack = with_slacks(problem)
    assert slack.targets.n_effects == problem.targets.n_effects
    for size in range(len(MANY) + 1):
        for effects in combinations(range(len(MANY)), size):
            assert numbers(slack, effects) == (
                None if numbers(problem, effects) is None else pytest.approx(numbers(problem, effects), abs=1e-7)
            ), effects


def test_every_bound_is_a_closed_column():
    slack = with_slacks(made(*MANY))
    assert not slack.targets.lower.any() and not slack.targets.upper.any()
    assert slack.rows[-5:] == slack.columns[-5:]
    assert len(slack.columns) == len(made(*MANY).columns) + 5


def test_closed_columns_stay_as_they_are():
    problem = made(("FAST", 0.0, 0.0), ("SLOW", 0.0, 0.0))
    assert with_slacks(problem) is problem


def test_a_bound_that_no_state_can_break_needs_no_slack():
    slack = with_slacks(made(("FAST", -5.0, np.inf), ("SLOW", 3.0, np.inf)))
    assert len(slack.columns) == len(made(("FAST", 0.0, 0.0)).columns) + 1
    assert slack.targets.n_effects == 2


def test_a_bound_that_only_slower_states_reach_counts_where_these_do():
    """Growth without product is 5 by ALT alone; all that grow by 6 use at most 4 of it, so 4.5 bounds none of these."""
    reactions = {
        "EX_s": ({"s": -1}, -10, 0),
        "WITH": ({"s": -1, "x": 1, "p": 1}, 0, 1000),
        "ALT": ({"s": -2, "x": 1}, 0, 1000),
        "EX_p": ({"p": -1}, 0, 1000),
        "BIO": ({"x": -1}, 0, 1000),
    }
    problem = problem_of(reactions, ["ALT"], 6.0).growing(with_idle=True)
    number = [names.split("|") for names in problem.columns].index(["ALT"])
    targets = Targets.of(["ALT<=4.5"], [Effect([0], [(number, 0.0, 4.5)])])
    best = BestDesigns(replace(problem, targets=targets), FORMULATIONS["optcouple"], Limits(1))
    options = formulation_options({"kind": "optcouple", "method": "strong_duality", "solver": "highs"})
    (found,) = Task(METHODS["strong_duality"], best, Watch(), options).run().ranked
    assert found.design == {0} and found.value == pytest.approx(5.5)


@pytest.mark.parametrize("scale", [0.0, 0.5, 10.0])
def test_a_column_that_all_growing_states_use_scales_with_its_price(scale):
    """As a reaction that must be added does: its flux range is without 0, and price 0 leaves flux 0."""
    problem = problem_of(BRANCHED | {"FAST": (BRANCHED["FAST"][0], 0, 0)}, ["SLOW"]).growing(with_idle=True)
    (column,) = np.flatnonzero(problem.growth)
    assert not problem.viable_lower[column] <= 0 <= problem.viable_upper[column]
    model = pyo.ConcreteModel()
    paid = price(model, "paid", 10.0)
    flux = scaled_flux(model, "flux", problem, {int(column): 1}, paid, 10.0)
    paid.set_value(scale)
    for j, value in enumerate(state_of(problem)):
        flux[j].set_value(scale * value)
    for constraint in model.component_data_objects(pyo.Constraint):
        assert constraint.lslack() >= -1e-6 and constraint.uslack() >= -1e-6, constraint.name


def state_of(problem) -> np.ndarray:
    """The state of largest growth."""
    follower = Follower(problem)
    states = follower.after([])
    return follower.max_growth(states).fluxes
