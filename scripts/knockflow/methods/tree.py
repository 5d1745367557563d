"""Support branching: exact, without big-M.

Let v* be the state that gives a design D its value, and w* the one that gives its guaranteed product (the same
state for a pessimistic formulation). An intervention that only removes, and removes nothing that v* or w* uses,
leaves both states feasible in a follower that has only shrunk: they stay optimal, and value and guarantee stay.
So a larger design in which no intervention hits v* or w* is never minimal, and it suffices to branch on the
targets that they hit. A follower that cannot grow is not revived by more removals.

The search goes through falling goals: for a high one nearly all designs are ruled out by a state that they leave whole
(`knockflow.traversal`), so it is cheap, and all designs that reach it are known afterwards. It ends with the first goal
that fills the list, at the latest with the wild type's value.
"""

from collections.abc import Callable, Iterator

from knockflow.designs import BestDesigns
from knockflow.hunt import Knowledge
from knockflow.result import Result
from knockflow.tolerances import below
from knockflow.traversal import Traversal
from knockflow.watch import Watch

SHARES = (0.5, 0.1, 0.01)
"""Goals, as shares of the way from the wild type's value to the potential."""


def search(best: BestDesigns, watch: Watch, workers: int = 1) -> Result:
    """All best minimal designs within the limits, with the proof that there are no others."""
    return _through_goals(best, watch, lambda goal: Traversal(best, watch, goal).run(workers))


def search_piece(best: BestDesigns, watch: Watch, piece: int, pieces: int, known: Knowledge | None = None) -> Result:
    """The best minimal designs in one of several pieces of the tree; `best` may hold designs to begin with."""
    return _through_goals(best, watch, lambda goal: Traversal(best, watch, goal, known).run(1, piece, pieces))


def _through_goals(best: BestDesigns, watch: Watch, visit: Callable[[float], None]) -> Result:
    for goal in _goals(best):
        visit(goal)
        if _done(best, watch, goal):
            break
    return Result(best.ranked, best.bound(watch), not watch.stopped, True)


def _done(best: BestDesigns, watch: Watch, goal: float) -> bool:
    """Whether no other goal is needed once all designs that reach this one are known."""
    if watch.stopped or (best.full and not below(best.threshold(), goal)):
        return True
    best.known_bound = goal if best.incumbent is None else max(goal, best.incumbent)
    return False


def _goals(best: BestDesigns) -> Iterator[float]:
    """Falling values for a list to be filled with, down to its last place, or else to the wild type's value."""
    if not best.possible:
        return
    floor, top = best.threshold(), best.potential
    best.known_bound = max(floor, top)
    if not best.full and best.limits.max_designs is not None and below(floor, top):
        yield from (floor + share * (top - floor) for share in SHARES)
    yield floor
