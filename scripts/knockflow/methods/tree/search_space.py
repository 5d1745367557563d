"""Which sets of effects a search may visit: what follows from what is decided, and what the limits still allow.

A search decides restrictions (`knockflow.problem.leader`), effect by effect. Leaving out what could be added costs
nothing, nor does keeping a regulator; to add it, or to remove it, has its cost, and is decided where an effect that
would leave it out, or keep it, is forbidden.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.ranking import Limits, cost
from knockflow.follower.witness_pool import bits, members
from knockflow.problem.leader import Decision
from knockflow.problem.problem import Problem

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
        self._free = set(np.flatnonzero(~targets.applies).tolist())
        self.forbidden = bits(self._impossible(viable_only))
        self._count = targets.applies.astype(float)
        self._cost = np.concatenate([targets.cost, targets.cost])
        self._needs = [frozenset(targets.needs(effect).tolist()) for effect in range(targets.n_effects)]
        self._with: list[list[int]] = [[] for _ in range(2 * len(targets))]
        for effect, needs in enumerate(self._needs):
            for restriction in needs:
                self._with[restriction].append(effect)

    @cached_property
    def root(self) -> Chosen:
        """The effects that every design within the limits has."""
        return self._following((), self._exhausted(set(), ()), set())

    def _impossible(self, viable_only: bool) -> np.ndarray:
        """Effects that no state survives which a response may hold, and those that need what excludes each other."""
        targets, problem = self.targets, self.problem
        least, most = (ends[targets.column] for ends in problem.viable_ranges)
        lethal = (least > targets.upper + FEASIBILITY) | (most < targets.lower - FEASIBILITY)
        flags = np.zeros(targets.n_effects, bool)
        flags[targets.owner[lethal]] = viable_only
        for effect in range(targets.n_effects) if self._groups else ():
            needs = set(targets.needs(effect).tolist())
            flags[effect] |= any(sum(bool(targets.applies[t]) for t in group & needs) > 1 for group in self._groups)
        return flags

    def restrictions(self, chosen: Chosen) -> set[int]:
        """What some effects decide."""
        return set().union(*(self._needs[effect] for effect in chosen))

    def joined(self, chosen: Chosen, effect: int, forbidden: int) -> Chosen | None:
        """The effects with one more, and those that follow; None if one is forbidden, or contradicts another."""
        if self.plain:
            return (*chosen, effect)
        decided = self.restrictions(chosen)
        after = decided | self._needs[effect]
        if any(self.targets.opposite(restriction) in after for restriction in self._needs[effect] - decided):
            return None
        after = after | self._exhausted(after, self._kept(decided, forbidden))
        found = self._following((*chosen, effect), after, decided)
        return None if any(forbidden >> other & 1 for other in found[len(chosen) :]) else found

    def _following(self, chosen: Chosen, after: set[int], before: set[int]) -> Chosen:
        """Chosen effects with all others that some restrictions lead to, where fewer held before."""
        touched = {other for restriction in after - before for other in self._with[restriction]}
        follow = sorted(other for other in touched if other not in chosen and self._needs[other] <= after)
        return (*chosen, *follow)

    def _exhausted(self, decided: set[int], kept: Collection[int]) -> set[int]:
        """The opposites that are left once the limits allow no more: what is not applied yet never will be."""
        if not self.targets.opposed:
            return set()
        n, taken = len(self.targets), self._taken(decided) | set(kept)
        left = [target for target in self.targets.opposed if not {target, target + n} & decided and target not in taken]
        if self.limits.max_cost is not None and len(taken) < self.room:
            rest = self.limits.max_cost + 1e-9 - cost(self.problem, frozenset(taken))
            left = [target for target in left if self.targets.cost[target] > rest]
        elif len(taken) < self.room:
            return set()
        return {self.targets.number(Decision(target, False)) for target in left} - decided

    def _taken(self, restrictions: Collection[int]) -> set[int]:
        """The targets that some restrictions put into the design."""
        return {restriction % len(self.targets) for restriction in restrictions if self.targets.applies[restriction]}

    def allowed(self, chosen: Chosen, forbidden: int = 0) -> int:
        """The effects that can be paid for beside the chosen ones, as a set."""
        if self.plain:
            return self._affordable(chosen) & ~forbidden
        decided = self.restrictions(chosen)
        kept = self._kept(decided, forbidden)
        taken = self._taken(decided) | kept
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
        targets, limits, n = self.targets, self.limits, len(self.targets)
        still = np.ones(2 * n)
        still[[*decided, *kept, *(target + n for target in kept)]] = 0.0
        fits = self._sum(still * self._count) <= self.room - len(taken)
        if limits.max_cost is not None:
            left = limits.max_cost + 1e-9 - cost(self.problem, frozenset(taken))
            fits &= self._sum(still * self._count * self._cost) <= left
        for kind, most in limits.max_per_kind.items():
            same = np.array([own == kind for own in targets.kind] * 2)
            used = self.problem.forced_kinds.count(kind) + sum(targets.kind[target] == kind for target in taken)
            fits &= self._sum(still * self._count * same) <= most - used
        return bits(fits & (self._sum(self._barred(decided, kept, taken)) == 0))

    def _barred(self, decided: set[int], kept: set[int], taken: set[int]) -> np.ndarray:
        """The restrictions that contradict what is decided, or certain, or excluded by it, as flags."""
        targets, n = self.targets, len(self.targets)
        barred = np.zeros(2 * n)
        barred[[targets.number(Decision(target, False)) for target in kept]] = 1.0
        barred[[self.targets.opposite(restriction) for restriction in decided]] = 1.0
        for group in self._groups:
            if group & taken:
                barred[[target for target in group - taken if not targets.adds[target]]] = 1.0
        return barred

    def _sum(self, per_restriction: np.ndarray) -> np.ndarray:
        """For each effect, the sum over the restrictions that it needs."""
        return np.bincount(self.targets.needing, per_restriction[self.targets.need], self.targets.n_effects)

    def _kept(self, decided: set[int], forbidden: int) -> set[int]:
        """What is certainly in the design: where leaving it out is all that a forbidden effect still needs."""
        if not self._free_needs:
            return set()
        rests = (self._needs[effect] - decided for effect in members(forbidden & self._free_needs))
        certain = {restriction for rest in rests if len(rest) == 1 for restriction in rest if restriction in self._free}
        return {restriction % len(self.targets) for restriction in certain}

    @cached_property
    def _free_needs(self) -> int:
        """The effects that need what costs nothing, as a set."""
        return sum(1 << effect for effect, needs in enumerate(self._needs) if needs & self._free)

    def last(self, chosen: Chosen, forbidden: int = 0) -> bool:
        """Whether it is certain that there is no room for one more effect."""
        if not self.targets.enlarging and len(chosen if self.plain else self.restrictions(chosen)) >= self.room:
            return True
        return not self.allowed(chosen, forbidden)

    def last_but_one(self, chosen: Chosen) -> bool:
        """Whether there is room for one more effect and no other, and none implies others."""
        return self.plain and len(chosen) == self.room - 1

    def full(self, chosen: Chosen) -> bool:
        """Whether only leaving out what could be added is left to decide."""
        return bool(self._adds) and len(self._taken(self.restrictions(chosen))) >= self.room

    @cached_property
    def leaving_out(self) -> int:
        """The effects that need something to be left out, as a set."""
        return sum(1 << effect for effect, needs in enumerate(self._needs) if needs & self._adds)

    def designs(self, chosen: Chosen, hit: int) -> Iterator[frozenset[int]]:
        """The least designs that have the chosen effects and none of those that some states hit.

        What the states do not need is not added, and no regulator is removed that they may keep.
        """
        if self.plain:
            yield frozenset(chosen)
            return
        decided = self.restrictions(chosen)
        taken, n = frozenset(self._taken(decided)), len(self.targets)
        open_needs = (self._needs[effect] - decided for effect in members(hit))
        wanted = {needs for needs in open_needs if needs and needs <= self._free}
        for more in _hitting_sets(wanted):
            yield taken | {restriction % n for restriction in more}


def _hitting_sets(sets: Collection[frozenset[int]]) -> Iterable[frozenset[int]]:
    """The minimal sets that have a member of each of some sets."""
    found = {frozenset()}
    for one in sorted(sets, key=sorted):
        found = {hitting if hitting & one else hitting | {member} for hitting in found for member in one}
        found = {hitting for hitting in found if not any(other < hitting for other in found)}
    return sorted(found, key=sorted)
