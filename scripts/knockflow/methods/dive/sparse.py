"""Designs by sparse certificates: which few closures leave no state of the regions that must not be.

Begin with a state of each region that is to be kept, one that uses little. Were all closed that it leaves unused, would
a state that must not be remain? Then something that this one uses is closed, and a state to keep is found anew; as in a
dive, but with few steps, since each rules out whatever is not in the support of the kept states. Once nothing remains,
a linear program finds a small part of the closures that suffices (`knockflow.numerics.sparse_certificate`). Where a
design takes too many interventions it is begun again from parts of the smallest ones found so far.
"""

from collections.abc import Collection, Sequence
from random import Random

import numpy as np

from knockflow.base.clock import Watch
from knockflow.designs.ranking import Limits
from knockflow.follower.region import Region
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Aim, Demands, Fate
from knockflow.methods.dive.shrink import shrunk
from knockflow.methods.tree.search_space import Space
from knockflow.numerics.sparse_certificate import SETTLED, Certificates, Polyhedron, SparseStates
from knockflow.problem.problem import Problem

ROUNDS, ATTEMPTS = 4, 6
"""Choices of regions for an aim, and attempts for each."""

IN_VAIN = 10
"""Attempts one after the other that bring nothing smaller, after which no more follow."""

STEPS = 40
"""Closures that are chosen one by one in an attempt at most."""

COMPARED = 12
"""Closures of which one must leave the kept regions a state."""

REWEIGHTED = 4
"""Certificates for one set of closures, each with the weights that the last one gives."""

REFINED = 4
"""Times that a set is made anew from another state to keep."""

POOL = 12
"""Smallest designs that later attempts begin from."""

MORE = 15
"""Interventions beyond the limits up to which a design is made smaller one by one."""


class Closures:
    """What closes columns of one linear follower: effects of knock-outs alone."""

    def __init__(self, problem: Problem, space: Space):
        targets = problem.targets
        self.applicable = len(problem.followers) == 1 and problem.linear and not targets.enlarging
        self.costs = np.zeros(targets.n_effects)
        self._of: dict[int, list[int]] = {}
        self.columns: dict[int, list[int]] = {}
        for number in range(targets.n_effects) if self.applicable else ():
            effect = targets.effect(number)
            if space.forbidden >> number & 1 or any(ends != [0.0, 0.0] for _, *ends in effect.bounds):
                continue
            self.costs[number] = targets.cost[list(effect.needs)].sum()
            self.columns[number] = sorted(effect.columns)
            for column in self.columns[number]:
                self._of.setdefault(column, []).append(number)
        for numbers in self._of.values():
            numbers.sort(key=lambda number: (self.costs[number], number))
        self.closable = np.array(sorted(self._of), dtype=np.int64)

    def best(self, used: np.ndarray) -> np.ndarray:
        """For each closable column the cheapest effect that closes it and none that is used; -1 if there is none."""
        free = {number for number, own in self.columns.items() if not used[own].any()}
        choices = (self._of[column] for column in self.closable.tolist())
        return np.array([next((one for one in own if one in free), -1) for own in choices])

    def closing(self, columns: Collection[int]) -> list[int]:
        """The cheapest effect for each of some columns, each once."""
        return list(dict.fromkeys(self._of[j][0] for j in columns))

    def closed(self, effects: Collection[int]) -> np.ndarray:
        """The columns that some effects close."""
        return np.array(sorted({j for one in effects for j in self.columns.get(one, ())}), dtype=np.int64)


class SparseDesigns:
    """Designs that meet aims, and the smallest ones so far, whatever the aim."""

    def __init__(self, problem: Problem, limits: Limits, space: Space, order: Random, watch: Watch):
        self._problem, self._limits, self._order, self._watch = problem, limits, order, watch
        self._closures = Closures(problem, space)
        self.attempts, self._pool = 0, []

    def design(self, aim: Aim) -> Design | None:
        """A design within the limits that meets an aim; None if none was found."""
        vain = 0
        for _ in range(ROUNDS if self._closures.applicable and self._closures.closable.size else 0):
            demands = aim.demands(self._order.random(), self._order.random())
            if demands is None:
                return None
            regions = _Regions(self._problem, self._closures, demands, self._numbers())
            for _ in range(ATTEMPTS):
                if self._watch.stop() or vain >= IN_VAIN:
                    return None
                self.attempts += 1
                found = regions.attempt(self._begin())
                smaller = found is not None and self._kept(aim, found)
                if smaller and self._limits.affordable(self._problem, smaller):
                    return smaller
                vain = 0 if smaller else vain + 1
        return None

    def _numbers(self) -> np.random.Generator:
        return np.random.default_rng(self._order.getrandbits(32))

    def _begin(self) -> list[int]:
        """Part of what a small design closes, or nothing."""
        if not self._pool or self._order.random() < 0.25:
            return []
        design = self._pool[int(len(self._pool) * self._order.random() ** 2)]
        share = self._order.choice((0.3, 0.6, 0.8))
        return [one for one in self._problem.targets.effects(design) if self._order.random() < share]

    def _kept(self, aim: Aim, effects: Sequence[int]) -> Design | None:
        """A design of some effects, made smaller, if it meets the aim and is among the smallest; it joins them."""
        targets, most = self._problem.targets, self._limits.max_interventions + MORE
        design = frozenset(need for one in effects for need in targets.needs(one).tolist())
        if len(self._pool) == POOL and len(design) > len(self._pool[-1]) + MORE:
            return None
        if aim.standing(design).fate is not Fate.MET:
            return None
        if len(design) <= most:
            design = shrunk(aim, design, self._order, self._watch)
        if design in self._pool or (len(self._pool) == POOL and len(design) >= len(self._pool[-1])):
            return design if self._limits.affordable(self._problem, design) else None
        self._pool = sorted([*self._pool, design], key=lambda one: (len(one), sorted(one)))[:POOL]
        return design


class _Regions:
    """Attempts for one choice of regions."""

    def __init__(self, problem: Problem, closures: Closures, demands: Demands, numbers: np.random.Generator):
        self._closures, self._numbers = closures, numbers
        self._n = len(problem.columns)
        whole = Polyhedron(problem.matrix, problem.row_lower, problem.row_upper, problem.lower, problem.upper)
        suppressed = [_part(whole, region) for region in demands.suppressed]
        self._kept = [SparseStates(_part(whole, region)) for region in demands.kept]
        self._spoiling = [SparseStates(one) for one in suppressed]
        self._certificates = [Certificates(one, closures.closable) for one in suppressed]

    def attempt(self, begin: Sequence[int]) -> list[int] | None:
        """Effects that leave no state that must not be, and the kept states whole; None if the choices lead nowhere."""
        closable, weights = self._closures.closable, self._numbers.random(self._n) ** 2
        effects, used = list(begin), self._used(begin, weights)
        for _ in range(STEPS):
            if used is None:
                return None
            best = self._closures.best(used)
            state = self._spoilt(closable[best >= 0], weights)
            if state is None:
                few = self._few(best, begin)
                return few and self._refined(self._least(few, weights))
            effects, used = self._closed_too(effects, state, weights)
        return None

    def _used(self, effects: Collection[int], weights: np.ndarray) -> np.ndarray | None:
        """The columns that a state of each kept region uses after some effects; None if one has none."""
        used, closed = np.zeros(self._n, bool), self._closures.closed(effects)
        for region in self._kept:
            state = region.state(weights, closed)
            if state is None:
                return None
            used |= state != 0
        return used

    def _spoilt(self, closed: np.ndarray, weights: np.ndarray) -> np.ndarray | None:
        """A state that must not be and uses none of some columns."""
        found = (region.state(weights, closed) for region in self._spoiling)
        return next((state for state in found if state is not None), None)

    def _closed_too(
        self, effects: list[int], state: np.ndarray, weights: np.ndarray
    ) -> tuple[list[int], np.ndarray | None]:
        """One more effect that hits a state and leaves the kept regions some, and what these then use."""
        columns = self._closures.closable[state[self._closures.closable] != 0]
        choices = [one for one in self._closures.closing(columns.tolist()) if one not in effects]
        for one in self._numbers.permutation(choices)[:COMPARED].tolist():
            used = self._used([*effects, one], weights)
            if used is not None:
                return [*effects, one], used
        return effects, None

    def _refined(self, effects: list[int]) -> list[int]:
        """Effects that do as well and are no more, by other states to keep, which use other columns."""
        for _ in range(REFINED):
            weights = self._numbers.random(self._n) ** 2
            used = self._used(effects, weights)
            few = None if used is None else self._few(self._closures.best(used), effects)
            least = None if few is None else self._least(few, weights)
            if least is not None and len(least) <= len(effects):
                effects = least
        return effects

    def _least(self, effects: list[int], weights: np.ndarray) -> list[int]:
        """Effects of which none can be left out, of some that leave no state that must not be."""
        kept = list(effects)
        for one in self._numbers.permutation(effects).tolist():
            others = [other for other in kept if other != one]
            if self._spoilt(self._closures.closed(others), weights) is None:
                kept = others
        return kept

    def _few(self, best: np.ndarray, favoured: Collection[int]) -> list[int] | None:
        """Of effects that close columns together, few that do; those favoured come cheaper."""
        found: list[int] = []
        for certificates in self._certificates:
            own = self._few_of(certificates, best, set(favoured) | set(found))
            if own is None:
                return None
            found += [one for one in own if one not in found]
        return found

    def _few_of(self, certificates: Certificates, best: np.ndarray, favoured: set[int]) -> list[int] | None:
        allowed = best >= 0
        cost = self._closures.costs[best]
        near = np.array([0.3 if one in favoured else 1.0 for one in best.tolist()])
        weights, smallest = cost * near * self._numbers.uniform(0.5, 1.5, len(best)), None
        for _ in range(REWEIGHTED):
            prices = certificates.closed(weights, allowed)
            if prices is None:
                return smallest
            effects = list(dict.fromkeys(best[prices > 0].tolist()))
            if smallest is None or len(effects) <= len(smallest):
                smallest = effects
            largest = np.zeros(len(self._closures.costs))
            np.maximum.at(largest, best[allowed], prices[allowed])
            share = largest[best] / max(largest.max(initial=0.0), 1e-300)
            weights = cost / (share + SETTLED) * self._numbers.uniform(0.7, 1.3, len(best))
        return smallest


def _part(whole: Polyhedron, region: Region) -> Polyhedron:
    return whole.within(np.atleast_2d(region.rows), region.lower, region.upper)
