"""What a dive aims at where the worst of several followers counts: that each of them has the value.

A design that misses it by one follower has a state of that one which every larger design must hit; so it is shown as
that state, with the follower's number.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import numpy as np

from knockflow.designs.by_one import by_each
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Fate, Reach, Standing, ValueAim
from knockflow.methods.tree.search_space import Space


@dataclass(frozen=True)
class Seen:
    """A state of a follower, by number."""

    number: int
    fluxes: np.ndarray


class WorstAim(ValueAim):
    """A value that a design is to reach by every follower."""

    def __init__(self, best: BestDesigns, goal: float, space: Space):
        self.best, self.goal, self.space = best, goal, space
        self.problem, self.limits = best.problem, best.limits
        self._each = [ValueAim(one, goal, space) for one in by_each(best)]

    @property
    def reachable(self) -> bool:
        """Whether some state of each follower reaches the goal, with all that can be added."""
        return all(one.reachable for one in self._each)

    def standing(self, design: Design) -> Standing:
        """Met if the least value is no less than the goal."""
        return self._first(lambda one: one.standing(design))

    def alone(self, effects: Collection[int]) -> Standing:
        """How some effects stand while all else is undecided."""
        return self._first(lambda one: one.alone(effects))

    def _first(self, ask: Callable[[ValueAim], Standing]) -> Standing:
        """How the first follower stands that misses the goal; the least value where none does."""
        least = float("inf")
        for number, one in enumerate(self._each):
            found = ask(one)
            if found.fate is Fate.SPOILT:
                return replace(found, state=Seen(number, found.state))
            if found.fate is Fate.LOST:
                return found
            least = min(least, found.value)
        return Standing(Fate.MET, value=least)

    def reach(self, effects: Collection[int]) -> Reach | None:
        """The least of what is left, and what any of the states violates; None where a follower is left too little."""
        found = []
        for one in self._each:
            left = one.reach(effects)
            if left is None:
                return None
            found.append(left)
        return Reach(min(left.potential for left in found), reduce(or_, (left.used for left in found)))

    def demands(self, pace: float, surplus: float) -> None:
        """None: several followers have no linear regions in common."""

    def spoiling(self, effects: Collection[int]) -> tuple:
        """None is known of all followers."""
        del effects
        return ()

    def hits(self, state: Seen) -> int:
        """The effects that a state violates, as a set."""
        return self._each[state.number].hits(state.fluxes)

    def fluxes(self, state: Seen) -> dict[str, float]:
        """The reactions that run in a state, with their fluxes (mmol/gDW/h; 1/h for growth)."""
        return self._each[state.number].fluxes(state.fluxes)

    def rules_out(self, state: Seen) -> bool:
        """Whether it lies in its follower's region that is ruled out whatever the design."""
        return self._each[state.number].rules_out(state.fluxes)


def aim_at(best: BestDesigns, goal: float, space: Space) -> ValueAim:
    """A value to reach by the one follower, or by all."""
    return (ValueAim if len(best.followers) == 1 else WorstAim)(best, goal, space)
