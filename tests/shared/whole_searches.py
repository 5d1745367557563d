"""Empty lists as a search begins with, and complete ones."""

from hypothesis import HealthCheck, Phase
from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS

RELAXED = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


def fresh(problem, formulation, limits):
    """An empty list, on the problem as a search prepares it."""
    base, prepared = BEHAVIOURS[FORMULATIONS[formulation].response].prepare(problem)
    return BestDesigns(prepared, FORMULATIONS[formulation], limits, base)


def listed(method, best, **asked):
    with Watch(60) as watch:
        result = run(method, best, watch, **asked)
    assert result.complete and result.claims_exact and not watch.stopped
    return [entry.names for entry in result.ranked]
