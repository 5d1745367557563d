"""Smaller and better designs from one that a dive has found: drop what is not needed, then exchange.

Exchanges follow the states, too: once something is dropped, a state shows what else would rule it out. Drop one; swap
one; two out, one in; and one more where the limits leave room.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random

from knockflow.base.clock import Watch
from knockflow.designs.ranking import cost
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Aim, Fate
from knockflow.methods.dive.choice import Chooser
from knockflow.methods.dive.met import Met, Row

MOST_TRIED = 12
"""Changes that are tried after each removal."""


def shrunk(aim: Aim, design: Design, order: Random, watch: Watch) -> Design:
    """A design without what it does not need to meet an aim: none of its interventions can be dropped by itself.

    Once the watch says stop, what it has come to.
    """
    left = True
    while left:
        left = False
        for target in _shuffled(sorted(design), order):
            smaller = design - {target}
            if watch.stop():
                return design
            if aim.standing(smaller).fate is Fate.MET:
                design, left = smaller, True
    return design


class Improver:
    """Exchanges, as long as they help and evaluations are left."""

    def __init__(self, met: Met, chooser: Chooser, watch: Watch, order: Random):
        self._met, self._chooser, self._watch, self._order = met, chooser, watch, order
        self._left = 0

    def improved(self, design: Design, aim_above: Callable[[Design], Aim], trials: int) -> Design:
        """The best of what exchanges lead to.

        `aim_above` makes the aim to be worth more than a design.
        """
        known: dict[Design, tuple | None] = {}
        aim, self._left = aim_above(design), trials
        best = known[design] = aim.worth(design)
        found = True
        while found:
            found = False
            for larger in self._neighbours(aim, design):
                if self._left <= 0 or self._watch.stop():
                    return design
                if larger not in known:
                    known[larger] = self._worth(aim, larger, design)
                    self._left -= 1
                worth = known[larger]
                if worth is not None and (best is None or worth > best):
                    design, best, found = larger, worth, True
                    aim = aim_above(design)
                    break
        return design

    def _worth(self, aim: Aim, design: Design, beside: Design) -> tuple | None:
        """What a design is worth, if it may be worth more than the one that the aim lies above."""
        cheaper = cost(aim.problem, design) < cost(aim.problem, beside) - 1e-9 or len(design) < len(beside)
        return aim.worth(design) if cheaper or aim.standing(design).fate is Fate.MET else None

    def _neighbours(self, aim: Aim, design: Design) -> Iterator[Design]:
        members = _shuffled(sorted(design), self._order)
        room = aim.limits.max_interventions - len(aim.problem.forced) - len(design)
        yield from (design - {target} for target in members)
        if room > 0:
            yield from self._with_one(aim, design)
        for target in members:
            yield from self._with_one(aim, design - {target})
        for target in members if room > 0 else ():
            for larger in self._with_one(aim, design - {target}):
                yield from self._with_one(aim, larger, MOST_TRIED // 4)
        for pair in _shuffled(list(combinations(members, 2)), self._order):
            yield from self._with_one(aim, design.difference(pair))

    def _with_one(self, aim: Aim, design: Design, most: int = MOST_TRIED) -> Iterator[Design]:
        """What a design becomes with one of what hits a state that spoils the aim."""
        self._left -= 1
        standing = aim.standing(design)
        if standing.fate is Fate.MET:
            yield design
        if standing.fate is not Fate.SPOILT:
            return
        hits = aim.hits(standing.state)
        restrictions = frozenset(aim.problem.targets.restrictions(design))
        self._met.add(Row(hits, standing.state, restrictions, standing.value))
        yield from (one.design for one in self._chooser.ordered(aim, design, hits)[:most])


def _shuffled(items: list, order: Random) -> list:
    return order.sample(items, len(items))
