"""How the tree of cut sets branches: which effects can lead from a set to a cut set.

Support branching without a value. A state of a region that is to be suppressed stays there in every larger design that
does not hit it, so only effects that hit it lead on. Where all demands are met, states certify it: one of each
protected region, and of a nested region one of largest objective. A larger design that hits none of them meets the
demands, too, and is not minimal; leaving out what could be added is tried where it hits one. A nested region that is
protected in vain has its largest objective elsewhere, and that state must be hit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.follower.region import Region
from knockflow.follower.respond import Design
from knockflow.follower.witness_pool import Witnesses, members
from knockflow.methods.cut_sets.checker import Checker
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.node import Node, SubtreeSearch
from knockflow.methods.tree.nogoods import NoGoods
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.search_space import Chosen

NO_GOAL = 0.0
"""What stands for the goal in what has been learnt: cut sets have no value."""


class Branching(Protocol):
    """A way to branch.

    Attributes
    ----------
    search
        The search that nodes with a state belong to; None if they have none.
    """

    search: SubtreeSearch | None

    def root(self) -> list[Node]:
        """The first node, unless there is nothing to search."""

    def children(self, node: Node) -> list[Node]:
        """The children of a node that have children themselves; cut sets that are met are noted."""

    def knowledge(self) -> Knowledge:
        """What has been learnt of states and dead sets."""

    def remember(self, known: Knowledge) -> None:
        """Have what another search of the same demands has learnt."""


def branching(sets: CutSets) -> Branching:
    """The way that suits the demands."""
    suppressed = [checker for checker in sets.checkers if not checker.demand.protect]
    return Suppression(sets, suppressed[0]) if sets.simple and len(suppressed) == 1 else AnyDemands(sets)


@dataclass(frozen=True)
class Standing:
    """Whether a set of effects meets the demands, and the effects that may change that; None of them if nothing can."""

    met: bool
    hits: int


class AnyDemands:
    """The search for any demands. What it learns of states is found again soon, so it is not kept."""

    search = None

    def __init__(self, sets: CutSets):
        self._sets, self.space, self.problem = sets, sets.space, sets.problem
        self.checkers = sets.checkers

    def root(self) -> list[Node]:
        """The empty set."""
        return [Node((), self.space.forbidden, None, None)]

    def knowledge(self) -> Knowledge:
        """Nothing."""
        return Knowledge(NO_GOAL)

    def remember(self, _known: Knowledge) -> None:
        """There is nothing."""

    def children(self, node: Node) -> list[Node]:
        """The children of a set that lead on."""
        chosen, forbidden = node.design, node.forbidden
        if self._sets.contradicts(chosen):
            return []
        allowed = self.space.allowed(chosen, forbidden)
        standing = self._standing(chosen, allowed)
        if standing.met:
            for design in self.space.designs(chosen, standing.hits):
                self._sets.found.update(self._strains(design))
        return list(self._children(chosen, forbidden, allowed & self._leading_on(chosen, standing)))

    def _strains(self, design: Design) -> Iterator[Design]:
        """A design, or where it leaves out what it makes to run, the least ones that add it; within the limits."""
        additions = np.flatnonzero(self.problem.targets.adds).tolist()
        found, level = [], [design]
        while level:
            affordable = [one for one in level if self._sets.limits.affordable(self.problem, one)]
            strains = [
                one for one in affordable if not self._sets.contradicts(tuple(self.problem.targets.effects(one)))
            ]
            yield from strains
            found += strains
            larger = {one | {target} for one in affordable if one not in strains for target in additions}
            level = sorted((one for one in larger.difference(level) if not any(map(one.issuperset, found))), key=sorted)

    def _leading_on(self, chosen: Chosen, standing: Standing) -> int:
        """Of the effects that change a standing, those that can lead to another minimal design."""
        adds = self.problem.targets.adds
        if not standing.met:
            return standing.hits
        if not adds.any():
            return 0
        decided = self.space.restrictions(chosen)
        needs = self.problem.targets.needs
        left_out = (e for e in members(standing.hits) if any(adds[t] and t not in decided for t in needs(e)))
        return sum(1 << effect for effect in left_out)

    def _children(self, chosen: Chosen, forbidden: int, effects: int) -> Iterator[Node]:
        pools = [checker.known for checker in self.checkers if not checker.demand.protect and not checker.nested]
        spared = [pool.spared(chosen) for pool in pools]
        for effect in members(effects):
            child = self.space.joined(chosen, effect, forbidden)
            if child is not None and not self._settled(child, len(chosen), pools, spared, forbidden):
                yield Node(child, forbidden, None, None)
            forbidden |= 1 << effect

    def _settled(self, child: Chosen, before: int, pools: list[Witnesses], spared: list[int], forbidden: int) -> bool:
        """Whether a set without children is seen to leave a state that it should suppress."""
        for pool, left in zip(pools, spared, strict=True):
            for effect in child[before:]:
                left = pool.also_spared(left, effect)
            if left:
                return self.space.last(child, forbidden)
        return False

    def _standing(self, chosen: Chosen, allowed: int) -> Standing:
        """How a set of effects stands; a protected region without states, unless nested, stays without."""
        hits = 0
        for checker in self.checkers:
            if checker.nested:
                best = checker.best(chosen)
                if best is None:
                    if checker.demand.protect:
                        return Standing(False, 0)
                    continue
            state = checker.inside(chosen, allowed)
            if checker.demand.protect == (state is not None):
                if checker.demand.protect or checker.nested:
                    hits |= checker.hits(best if state is None else state)
            elif state is not None:
                return Standing(False, checker.hits(state))
            else:
                return Standing(False, checker.hits(best) if checker.nested else 0)
        return Standing(True, hits)


class Suppression:
    """The search where one region is suppressed and nothing is added: as below one region of states, with its detours.

    What leaves no state is a cut set if all protected regions keep one; either way nothing larger is of interest.
    """

    all_growing = True

    def __init__(self, sets: CutSets, checker: Checker):
        self._sets, self._checker = sets, checker
        self.problem, self.space, self._no_goods = sets.problem, sets.space, NoGoods()
        self.hits, self.ruled_out, self.rule_out = checker.hits, self._no_goods.beside, self._no_goods.add
        demand = checker.demand
        self._region = Region(demand.rows, demand.lower - 2 * FEASIBILITY, demand.upper + 2 * FEASIBILITY)
        self.search = RegionSearch(self, self._region)

    def root(self) -> list[Node]:
        """The empty set, unless that is a cut set."""
        state = self.extreme(())
        return [] if state is None else [Node((), self.space.forbidden, state, self.search)]

    def children(self, node: Node) -> list[Node]:
        """The children of a node that have children themselves; cut sets among all of them are noted."""
        return self.search.children(node)

    def knowledge(self) -> Knowledge:
        """States of the region, changes of them, and dead sets."""
        pool = self.search.witnesses
        return Knowledge(NO_GOAL, *self.search.known(), self._no_goods.sets, pool.masks, pool.states)

    def remember(self, known: Knowledge) -> None:
        """Have what another search of the same demands has learnt."""
        for design in known.no_goods:
            self.rule_out(design)
        self.search = RegionSearch(self, self._region, known)

    def elsewhere(self, design: Chosen, forbidden: int) -> None:
        """There is one follower only: no other one rules a design out."""

    def spared_elsewhere(self, design: Chosen) -> bool:
        """Likewise."""
        return False

    def keep(self, fluxes: np.ndarray) -> None:
        """There is one search only: no other one has a use for a state."""

    def some_state(self, _design: Chosen, _region: Region) -> None:
        """None: states near zero flux are soon found, and hit fewer targets."""

    def extreme(self, chosen: Chosen) -> np.ndarray | None:
        """A state of the region; where there is none the set is noted if it is a cut set."""
        state = None if self._sets.contradicts(chosen) else self._checker.remaining(chosen)
        if state is None and not self._sets.contradicts(chosen) and self._sets.protected(chosen):
            self._sets.found.add(frozenset(self.space.restrictions(chosen)))
        return state
