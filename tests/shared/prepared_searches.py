"""Lists of methods on problems as a search prepares them."""

from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.registry import with_models
from knockflow.settings.support import why_not


def listed(method, problem, formulation, limits, **asked):
    best = BestDesigns(problem, FORMULATIONS[formulation], limits)
    with Watch(20) as watch:
        result = run(method, best, watch, **asked)
    assert result.complete and not watch.stopped
    return [entry.key() for entry in result.ranked]


def prepared(problem, formulation):
    """As a search prepares it."""
    return BEHAVIOURS[FORMULATIONS[formulation].response].prepare(problem)[1]


def shown(keys):
    """Names only: equal values may be found with different last digits."""
    return [key[-1] for key in keys]


PAIRS = [
    (method, formulation)
    for method in with_models()
    for formulation in sorted(rated())
    if why_not(method, formulation) is None
]
