"""Every set of targets within the limits, one after the other: the oracle of the tests."""

from itertools import combinations
from math import comb

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result

MOST_SETS = 2_000_000


def search(best: BestDesigns, watch: Watch, workers: int = 1) -> Result:
    """Evaluate every design; one process does, however many may.

    Raises
    ------
    ConfigError
        If there are more than MOST_SETS of them.
    """
    targets, limits = range(len(best.problem.targets)), best.limits
    count = sum(comb(len(targets), size) for size in range(1, limits.max_interventions + 1))
    if count > MOST_SETS:
        raise ConfigError(
            f"method: exhaustive would evaluate {count} designs, at most {MOST_SETS} are allowed; `tree` gives the same"
        )
    for size in range(1, limits.max_interventions + 1):
        for subset in combinations(targets, size):
            if watch.stop():
                break
            design = frozenset(subset)
            if limits.affordable(best.problem, design):
                watch.tick(best.ranked[0].value if best.ranked else None, None)
                evaluation = best.evaluate(design)
                if evaluation is not None:
                    best.offer(design, evaluation)
    return Result(best.ranked, best.bound(watch), not watch.stopped, True)
