"""Support branching: exact, without big-M, one or two warm-started linear programs for each node.

Let v* be the state that gives a design D its value, and w* the one that gives its guaranteed product (the same
state for a pessimistic formulation). An intervention that only removes, and removes nothing that v* or w* uses,
leaves both states feasible in a follower that has only shrunk: they stay optimal, and value and guarantee stay.
So a larger design in which no intervention hits v* or w* is never minimal, and it suffices to branch on the
targets that they hit. Once a branch is done its target is forbidden in the later siblings, so that no set is
visited twice. A follower that cannot grow is not revived by more removals.
"""

from knockflow.designs import BestDesigns
from knockflow.respond import Design, Evaluation
from knockflow.result import Result
from knockflow.watch import Watch


def search(best: BestDesigns, watch: Watch) -> Result:
    """All best minimal designs within the limits, with the proof that there are no others."""
    if best.wild_type is not None:
        _visit(best, watch, frozenset(), frozenset(), best.wild_type)
    return Result(best.ranked, best.bound(watch), not watch.stopped, True)


def _visit(best: BestDesigns, watch: Watch, design: Design, forbidden: Design, evaluation: Evaluation) -> None:
    """Branch below a design that can grow; no target in `forbidden` may join it."""
    best.offer(design, evaluation)
    if len(design) >= best.limits.max_interventions:
        return
    for target in _branching(best, evaluation, forbidden):
        if watch.stop():
            return
        child = design | {target}
        if best.limits.affordable(best.problem, child) and _worth(best, evaluation, target):
            watch.tick(best.ranked[0].value if best.ranked else None, None)
            below = best.evaluate(child)
            if below is not None:
                _visit(best, watch, child, forbidden, below)
        forbidden = forbidden | {target}


def _branching(best: BestDesigns, evaluation: Evaluation, forbidden: Design) -> list[int]:
    """Targets that hit the promised state first, then those that only hit the worst one."""
    promise = best.follower.hit(evaluation.promise.fluxes) - forbidden
    order = sorted(promise)
    if best.formulation.optimistic:
        order += sorted(best.follower.hit(evaluation.worst.fluxes) - forbidden - promise)
    return order


def _worth(best: BestDesigns, evaluation: Evaluation, target: int) -> bool:
    """Whether a branch can lead into the list.

    By the time that a target comes which does not hit the promised state, all that do are forbidden: the value
    can only stay what it is below there, whatever happens to the guarantee.
    """
    if not best.formulation.optimistic or not best.hopeless(evaluation.value):
        return True
    return target in best.follower.hit(evaluation.promise.fluxes)
