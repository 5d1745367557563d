"""Every set of targets within the limits, one after the other: the oracle of the tests."""

from itertools import combinations
from math import comb

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.result import Result
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.task import Task

MOST_SETS = 2_000_000


def search(task: Task) -> Result:
    """Evaluate every design, one after the other.

    Raises
    ------
    ConfigError
        If there are more than MOST_SETS of them.
    """
    best, watch, limits = task.best, task.watch, task.limits
    targets = range(len(best.problem.targets))
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


def search_cut_sets(sets: CutSets, watch: Watch) -> None:
    """Find minimal cut sets in the same way."""
    sets.exhaustive(watch)
