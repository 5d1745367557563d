"""What follows from a design by trials with fewer of its effects; any follower, with integers or not.

Effects only shrink the follower, so each of these questions, once answered yes for some effects, is answered yes for
all larger sets. The fewest of a design's effects that still give the answer, up to exchange, make the cut (Hooker &
Ottosson 2003, doi:10.1007/s10107-003-0375-9); they are sought by halves (QuickXplain, Junker 2004), since of many
effects mostly a few matter. The same questions are answered by prices in `knockflow.methods.decomposition.by_prices`.
"""

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.behaviour import Behaviour
from knockflow.methods.decomposition.cuts import Cut, outward
from knockflow.problem.problem import Problem


def fewest(holds: Callable[[Collection[int]], bool], effects: Collection[int]) -> list[int]:
    """A minimal subset of some effects for which a monotone question, true of all of them, is still true."""
    items = sorted(effects)

    def needed(background: list[int], items: list[int]) -> list[int]:
        if holds(background):
            return []
        if len(items) == 1:
            return items
        first, second = items[: len(items) // 2], items[len(items) // 2 :]
        late = needed([*background, *first], second)
        return [*needed([*background, *late], first), *late]

    return sorted(needed([], items)) if items else []


class Trials:
    """Cuts from trials, for a response of the follower."""

    def __init__(self, problem: Problem, behaviour: Behaviour):
        self._follower, self._growing = Follower(problem), behaviour.growing(problem)
        self._behaviour = behaviour

    def lethal(self, effects: Collection[int], valueless: Callable[[Collection[int]], bool]) -> Cut:
        """What must not hold together: the cut bounds a number, of which a design needs 1."""
        return Cut(0.0, {}, dict.fromkeys(fewest(valueless, effects), 1.0))

    def ceiling(self, effects: Collection[int], level: float, target: float) -> Cut | None:
        """A cut on the most product of states whose objective reaches a level; None if there is no such state.

        The fewest effects are sought only where the product does not exceed a target.
        """
        most = self._most(effects, level)
        if most is None:
            return None
        if most > outward(target):
            return Cut(outward(most), {}, dict.fromkeys(effects, np.inf))
        enough = max(target, most)
        left = fewest(lambda some: self._at_most(some, level, enough), effects)
        return Cut(outward(self._most(left, level)), {}, dict.fromkeys(left, np.inf))

    def kept(self, effects: Collection[int]) -> list[int]:
        """Effects with which alone the cell's objective grows no larger than with all."""
        best = self._objective(effects)
        most = best + FEASIBILITY * max(1.0, abs(best))
        return fewest(lambda some: self._objective(some) <= most, effects)

    def top(self, effect: int) -> float:
        """A value that no design with an effect exceeds (mmol/gDW/h), -inf if none can grow with it."""
        best = _most_product(self._relaxed, [effect], -np.inf, self._growing)
        return -np.inf if best is None else outward(best)

    @cached_property
    def _relaxed(self) -> Follower:
        return Follower(self._follower.problem.relaxed())

    def _at_most(self, effects: Collection[int], level: float, enough: float) -> bool:
        most = self._most(effects, level)
        return most is None or most <= enough

    def _most(self, effects: Collection[int], level: float) -> float | None:
        return _most_product(self._follower, effects, level, self._growing)

    def _objective(self, effects: Collection[int]) -> float:
        best = self._behaviour.best(self._follower, self._follower.after(effects))
        return -np.inf if best is None else best.value


def _most_product(follower: Follower, effects: Collection[int], level: float, growing: bool) -> float | None:
    """Most product after some effects where the objective reaches a level; None if there is no such state."""
    states = (follower.growing(effects) if growing else follower.after(effects)).reaching(level)
    best = follower.product(states, maximize=True)
    return None if best is None else best.value
