"""Every set of targets within the limits, one after the other: the oracle of the tests."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from math import comb

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import below
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.front import Front, Point
from knockflow.designs.result import Result
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.fronts import result_of
from knockflow.methods.task import Task

MOST_SETS = 2_000_000


def search(task: Task) -> Result:
    """Evaluate every design, one after the other.

    Raises
    ------
    ConfigError
        If there are more than MOST_SETS of them.
    """
    best = task.best
    for design, evaluation in _evaluated(task):
        best.offer(design, evaluation)
    return Result(best.ranked, best.bound(task.watch), not task.watch.stopped, True)


def search_front(task: Task, axes: Sequence[str]) -> Result:
    """Offer every design to the front.

    Raises
    ------
    ConfigError
        If there are more than MOST_SETS of them.
    """
    best, front, least = task.best, Front(axes), task.limits.min_value
    empty = [] if best.wild_type is None else [(frozenset(), best.wild_type)]
    for design, evaluation in chain(empty, _evaluated(task)):
        if least is None or not below(evaluation.value, least):
            front.offer(Point(best.entry(design, evaluation), best.growth(design)))
    return result_of(task, front)


def _evaluated(task: Task) -> Iterator[tuple[Design, Evaluation]]:
    """Every design within the limits that can grow, until the watch says stop."""
    best, watch, limits = task.best, task.watch, task.limits
    targets = range(len(best.problem.targets))
    room = limits.max_interventions - len(best.problem.forced)
    sizes = range(1, min(room, len(targets)) + 1)
    count = sum(comb(len(targets), size) for size in sizes)
    if count > MOST_SETS:
        raise ConfigError(
            f"method: exhaustive would evaluate {count} designs, at most {MOST_SETS} are allowed; `tree` gives the same"
        )
    for size in sizes:
        for subset in combinations(targets, size):
            if watch.stop():
                break
            design = frozenset(subset)
            if limits.affordable(best.problem, design):
                watch.tick(best.ranked[0].value if best.ranked else None, None)
                evaluation = best.evaluate(design)
                if evaluation is not None:
                    yield design, evaluation


def search_cut_sets(sets: CutSets, watch: Watch, _checkpoint: Checkpoint | None = None) -> None:
    """Find minimal cut sets in the same way; where the search stands is not kept."""
    sets.exhaustive(watch)
