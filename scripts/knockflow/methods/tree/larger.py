"""What designs become with one more target."""

from collections.abc import Iterable, Iterator

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.witness_pool import members
from knockflow.problem.leader import Targets


def offer_larger(best: BestDesigns, designs: Iterable[frozenset[int]], watch: Watch) -> None:
    """Offer designs to a list, and all that they become with one of the effects that hit their states."""
    for design in designs:
        evaluation = best.evaluate(design)
        if evaluation is None:
            continue
        best.offer(design, evaluation)
        hit = best.hits(design, evaluation)
        best.take(larger for larger in _larger(best.problem.targets, design, hit) if not watch.stop())


def _larger(targets: Targets, design: frozenset[int], hit: int) -> Iterator[frozenset[int]]:
    """What a design becomes with one of some effects."""
    decided = targets.restrictions(design)
    for effect in members(hit):
        yield targets.design(decided.union(targets.needs(effect).tolist()))
