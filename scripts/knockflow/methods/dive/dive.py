"""One dive: from a design, remove something that a state uses which must not be, until there is no such state.

The change that comes first in the order (`knockflow.methods.dive.choice`) is taken. Where a dive is stuck it goes back,
with limited discrepancies (Harvey & Ginsberg 1995): all in all, the changes taken may come that much later in their
orders. Where every change that hits a state is lethal, no larger design meets the aim: a no-good.
"""

from knockflow.base.clock import Watch
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Aim, Fate, Reach
from knockflow.methods.dive.choice import Chooser
from knockflow.methods.dive.met import Conflict, Met, Row

MOST_NODES = 400
"""Designs that one dive evaluates at most."""


class Dive:
    """A search for one design that meets an aim, however many interventions up to `deepest` it takes."""

    def __init__(self, aim: Aim, met: Met, chooser: Chooser, watch: Watch, deepest: int):
        self.aim, self.met, self.chooser, self.watch, self.deepest = aim, met, chooser, watch, deepest
        self.stuck = 0
        self._left, self._seen = 0, set()

    def run(self, start: Design, discrepancies: int) -> Design | None:
        """A design that meets the aim; None if none was found."""
        reach = self.aim.reach(self.aim.problem.targets.effects(start))
        for allowed in range(discrepancies + 1) if reach is not None else ():
            self._left, self._seen = MOST_NODES, set()
            found = self._below(start, reach, allowed)
            if found is not None or self.watch.stop():
                return found
        return None

    def _below(self, design: Design, reach: Reach, discrepancies: int) -> Design | None:
        if not self._left or design in self._seen or self.watch.stop():
            return None
        self._left -= 1
        self._seen.add(design)
        self.watch.tick(None, None)
        standing = self.aim.standing(design)
        if standing.fate is Fate.MET:
            return design
        if standing.fate is Fate.LOST:
            return None
        hits = self.aim.hits(standing.state)
        restrictions = frozenset(self.aim.problem.targets.restrictions(design))
        self.met.add(Row(hits, standing.state, restrictions, standing.value))
        if len(design) >= self.deepest:
            return None
        children = self.chooser.sparing(self.aim, design, hits, reach)
        if not children:
            self._learn(restrictions)
        for later, (change, left) in enumerate(children[: discrepancies + 1]):
            found = self._below(change.design, left, discrepancies - later)
            if found is not None:
                return found
        return None

    def _learn(self, restrictions: frozenset[int]) -> None:
        """Note that a branch is empty: no change hits its state and spares what is needed.

        Where a target can be decided either way, or some exclude each other, other designs can come of it.
        """
        self.stuck += 1
        targets = self.aim.problem.targets
        if not targets.opposed and not targets.exclusive():
            self.met.lose(Conflict(restrictions, self.aim.missed))
