"""Which change to make next: what hits a state that must not be, and spares the states that are needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from knockflow.follower.respond import Design
from knockflow.follower.witness_pool import members
from knockflow.methods.dive.aims import Aim, Reach
from knockflow.methods.dive.met import Conflict, Met
from knockflow.problem.leader import Targets

MOST_COMPARED = 8
"""Changes of which the one is taken that leaves the most product."""


@dataclass(frozen=True)
class Change:
    """What a design becomes, to have one more effect, and all effects that it then has, as a set."""

    design: Design
    effects: tuple[int, ...]
    mask: int
    effect: int
    added: int


def mask_of(effects) -> int:
    """Some effects as a set."""
    found = 0
    for effect in effects:
        found |= 1 << effect
    return found


def changes(targets: Targets, design: Design, hits: int) -> Iterator[Change]:
    """The least changes of a design that give it one of some effects: targets added, and additions left out."""
    decided, n, seen = targets.restrictions(design), len(targets), {design}
    exclusive = targets.exclusive()
    for effect in members(hits):
        after = set(design)
        for need in targets.needs(effect).tolist():
            if need in decided:
                continue
            if targets.applies[need]:
                after.add(need % n)
            else:
                after.discard(need % n)
        larger = frozenset(after)
        if larger in seen or any(len(group & larger) > 1 for group in exclusive):
            continue
        seen.add(larger)
        effects = tuple(targets.effects(larger))
        if effect in effects:
            yield Change(larger, effects, mask_of(effects), effect, len(larger - design))


class Chooser:
    """Changes in the order in which they are to be tried.

    Parameters
    ----------
    met
        What earlier dives have met.
    favour
        A number for each change that makes it come sooner: chance, and what short designs have shared.
    """

    def __init__(self, met: Met, favour: Callable[[Change], float]):
        self._met, self._favour = met, favour

    def ordered(self, aim: Aim, design: Design, hits: int) -> list[Change]:
        """The changes of a design that hit, those first that hit most of the states met, for each intervention."""
        targets = aim.problem.targets
        allowed = hits & ~aim.space.forbidden
        counts = self._met.counts(mask_of(targets.effects(design)))
        found = [(self._score(one, counts), one) for one in changes(targets, design, allowed)]
        return [one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1].effect))]

    def _score(self, change: Change, counts: np.ndarray) -> float:
        return float(counts[change.effect] + 1.0) * self._favour(change) / max(change.added, 0.5)

    def sparing(self, aim: Aim, design: Design, hits: int, reach: Reach) -> list[tuple[Change, Reach]]:
        """Up to MOST_COMPARED of them that leave the needed states, the one first that leaves the most product.

        The kept state shows it without a program where the change takes nothing that it uses.
        """
        found: list[tuple[Change, Reach]] = []
        for change in self.ordered(aim, design, hits):
            restrictions = aim.problem.targets.restrictions(change.design)
            if self._met.lost(aim, restrictions):
                continue
            left = reach if not change.mask & reach.used else aim.reach(change.effects)
            if left is not None:
                found.append((change, left))
            if len(found) == MOST_COMPARED:
                break
        return sorted(found, key=lambda pair: -round(pair[1].potential, 6))


def lethal_reason(aim: Aim, restrictions: set[int]) -> Conflict:
    """Of restrictions that leave too little, a least set that still does."""
    targets, kept = aim.problem.targets, set(restrictions)
    for one in sorted(restrictions):
        if len(kept) > 1 and aim.reach(targets.implied(kept - {one})) is None:
            kept.discard(one)
    return Conflict(frozenset(kept), aim.missed)
