"""Which sets of effects a search may visit: what follows from what is decided, and what the limits still allow.

A search decides restrictions (`knockflow.leader`), effect by effect. Leaving out what could be added costs nothing;
keeping it has its cost, and is decided where an effect that would leave it out is forbidden.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import numpy as np

from knockflow.designs import Limits, cost
from knockflow.problem import Problem
from knockflow.tolerances import FEASIBILITY
from knockflow.witnesses import bits, members

Chosen = tuple[int, ...]
"""Effects in the order in which they were chosen, each followed by those that it implies."""


class Space:
    """The sets of effects within some limits; with `viable_only`, without what no design that grows can hold."""

    def __init__(self, problem: Problem, limits: Limits, viable_only: bool = True):
        self.problem, self.limits, self.targets = problem, limits, problem.targets
        targets = self.targets
        self.plain = targets.plain and not limits.max_per_kind
        self.room = limits.max_interventions - len(problem.forced)
        self.everything = (1 << targets.n_effects) - 1
        self._groups = targets.exclusive()
        self._adds = set(np.flatnonzero(targets.adds).tolist())
        self.forbidden = bits(self._impossible(viable_only))
        self._count = (~targets.adds).astype(float)
        self._needs = [frozenset(targets.needs(effect).tolist()) for effect in range(targets.n_effects)]
        self._with: list[list[int]] = [[] for _ in range(len(targets))]
        for effect, needs in enumerate(self._needs):
            for target in needs:
                self._with[target].append(effect)

    def _impossible(self, viable_only: bool) -> np.ndarray:
        """Effects that no state survives which a response may hold, and those that need what excludes each other."""
        targets, problem = self.targets, self.problem
        lethal = (problem.viable_lower[targets.column] > targets.upper + FEASIBILITY) | (
            problem.viable_upper[targets.column] < targets.lower - FEASIBILITY
        )
        flags = np.zeros(targets.n_effects, bool)
        flags[targets.owner[lethal]] = viable_only
        for effect in range(targets.n_effects) if self._groups else ():
            needs = set(targets.needs(effect).tolist())
            flags[effect] |= any(sum(not targets.adds[t] for t in group & needs) > 1 for group in self._groups)
        return flags

    def restrictions(self, chosen: Chosen) -> set[int]:
        """What some effects decide."""
        return set().union(*(self._needs[effect] for effect in chosen))

    def joined(self, chosen: Chosen, effect: int, forbidden: int) -> Chosen | None:
        """The effects with one more, and those that follow; None if one of them is forbidden."""
        if self.plain:
            return (*chosen, effect)
        decided, new = self.restrictions(chosen), self._needs[effect]
        after = decided | new
        touched = {other for target in new - decided for other in self._with[target]}
        follow = sorted(other for other in touched if other != effect and self._needs[other] <= after)
        if any(forbidden >> other & 1 for other in (effect, *follow)):
            return None
        return (*chosen, effect, *follow)

    def allowed(self, chosen: Chosen, forbidden: int = 0) -> int:
        """The effects that can be paid for beside the chosen ones, as a set."""
        if self.plain:
            return self._affordable(chosen) & ~forbidden
        decided, kept = self.restrictions(chosen), self._kept(chosen, forbidden)
        taken = {target for target in decided if not self.targets.adds[target]} | kept
        if not self.limits.affordable(self.problem, frozenset(taken)):
            return 0
        return self._fitting(decided, kept, taken) & ~forbidden

    def _affordable(self, chosen: Chosen) -> int:
        budget = self.limits.max_cost
        if len(chosen) >= self.room:
            return 0
        if budget is None:
            return self.everything
        return bits(self.targets.cost <= budget + 1e-9 - cost(self.problem, frozenset(chosen)))

    def _fitting(self, decided: set[int], kept: set[int], taken: set[int]) -> int:
        targets, limits = self.targets, self.limits
        still = np.ones(len(targets))
        still[list(decided)] = 0.0
        fits = self._sum(still * self._count) <= self.room - len(taken)
        if limits.max_cost is not None:
            left = limits.max_cost + 1e-9 - cost(self.problem, frozenset(taken))
            fits &= self._sum(still * self._count * targets.cost) <= left
        for kind, most in limits.max_per_kind.items():
            same = np.array([own == kind for own in targets.kind])
            used = self.problem.forced_kinds.count(kind) + sum(targets.kind[target] == kind for target in taken)
            fits &= self._sum(still * self._count * same) <= most - used
        barred = np.zeros(len(targets))
        barred[list(kept)] = 1.0
        for group in self._groups:
            if group & taken:
                barred[[target for target in group - taken if not targets.adds[target]]] = 1.0
        return bits(fits & (self._sum(barred) == 0))

    def _sum(self, per_target: np.ndarray) -> np.ndarray:
        """For each effect, the sum over the restrictions that it needs."""
        return np.bincount(self.targets.needing, per_target[self.targets.need], self.targets.n_effects)

    def _kept(self, chosen: Chosen, forbidden: int) -> set[int]:
        """What is certainly added: where leaving it out is all that a forbidden effect still needs."""
        if not self._adds:
            return set()
        decided = self.restrictions(chosen)
        rests = (self._needs[effect] - decided for effect in members(forbidden))
        return {target for rest in rests if len(rest) == 1 for target in rest if self.targets.adds[target]}

    def last(self, chosen: Chosen, forbidden: int = 0) -> bool:
        """Whether there is no room for one more effect."""
        if not self._adds and len(chosen if self.plain else self.restrictions(chosen)) >= self.room:
            return True
        return not self.allowed(chosen, forbidden)

    def full(self, chosen: Chosen) -> bool:
        """Whether only leaving out what could be added is left to decide."""
        return bool(self._adds) and len(self.restrictions(chosen) - self._adds) >= self.room

    @cached_property
    def leaving_out(self) -> int:
        """The effects that need something to be left out, as a set."""
        return sum(1 << effect for effect, needs in enumerate(self._needs) if needs & self._adds)

    def designs(self, chosen: Chosen, hit: int) -> Iterator[frozenset[int]]:
        """The least designs that have the chosen effects and none of those that some states hit.

        What the states do not need is not added.
        """
        if self.plain:
            yield frozenset(chosen)
            return
        decided = self.restrictions(chosen)
        removed = frozenset(target for target in decided if not self.targets.adds[target])
        open_needs = (self._needs[effect] - decided for effect in members(hit))
        wanted = {needs for needs in open_needs if needs and all(self.targets.adds[target] for target in needs)}
        for added in _hitting_sets(wanted):
            yield removed | added


def _hitting_sets(sets: Collection[frozenset[int]]) -> Iterable[frozenset[int]]:
    """The minimal sets that have a member of each of some sets."""
    found = {frozenset()}
    for one in sorted(sets, key=sorted):
        found = {hitting if hitting & one else hitting | {member} for hitting in found for member in one}
        found = {hitting for hitting in found if not any(other < hitting for other in found)}
    return sorted(found, key=sorted)
