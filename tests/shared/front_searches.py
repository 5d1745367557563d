"""Fronts of any method."""

from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.respond import strain_growth
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS

AXES = [["value", "growth", "cost"], ["growth", "value"], ["value", "cost"], ["cost", "growth"]]
READ = ("optknock", "robustknock", "strong_coupling")


def front_of(method, problem, formulation, limits, axes):
    """Of each point the names of its design, and value, growth and cost."""
    wanted = FORMULATIONS[formulation]
    base, whole = BEHAVIOURS[wanted.response].prepare(problem)
    best = BestDesigns(whole, wanted, limits, base)
    with Watch(60) as watch:
        result = run(method, best, watch, front=axes)
    assert result.complete and not watch.stopped
    effects = whole.targets.effects
    return {
        entry.names: (entry.value, strain_growth(best.follower, effects(entry.design)), entry.cost)
        for entry in result.ranked
    }
