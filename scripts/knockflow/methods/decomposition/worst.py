"""Cuts where the worst of several followers counts: z = min over k of z_k.

z is no more than any z_k, so a cut on the value by any follower (`knockflow.methods.decomposition.value_cuts`) holds
for z, with U no less than any value of z; and what one follower does not survive rules a design out. After a design the
cuts of the follower by which it is worth least are the ones that bring the bound down to its value.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from knockflow.designs.by_one import ByOne, by_each
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.respond import Design, evaluate
from knockflow.follower.states import Evaluation
from knockflow.methods.decomposition.cuts import Cut
from knockflow.methods.decomposition.value_cuts import ValueCuts


class WorstCuts:
    """The cuts of several followers; `parts` are those of each, with one core point for all."""

    def __init__(self, best: BestDesigns, make: Callable[[ByOne], ValueCuts]):
        self._best, self._parts = best, [make(one) for one in by_each(best)]

    def move_core(self, design: Design) -> None:
        """Move the core point towards a design."""
        self._parts[0].move_core(design)

    def lethal(self, effects: Collection[int]) -> Cut:
        """What a design needs and does not have, by the first follower that does not survive."""
        dead = next(part for part, found in zip(self._parts, self._each(effects), strict=True) if found is None)
        return dead.lethal(effects)

    def value(self, effects: Collection[int], _evaluation: Evaluation) -> Iterator[Cut]:
        """Cuts on the value of all designs, by the follower by which the design in question is worth least."""
        found = self._each(effects)
        worst = min(range(len(found)), key=lambda number: found[number].value)
        return self._parts[worst].value(effects, found[worst])

    def _each(self, effects: Collection[int]) -> Sequence[Evaluation | None]:
        return [evaluate(one, self._best.formulation, effects) for one in self._best.followers]
