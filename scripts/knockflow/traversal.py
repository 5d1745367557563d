"""The tree of designs below one goal: which sets can reach it, with as few linear programs as possible.

A region of states rules out every design that leaves one of them whole (`knockflow.region`). So below a design with
such a state only targets that hit the state lead on; where one is known for a child as well, from the pool of
witnesses or by adding a known detour, the child costs no linear program. A design without any is evaluated: it reaches
the goal and is offered; or it is ruled out by a region of its own, smaller ceiling; or by its response's own state,
which stays whole and optimal in all larger designs that do not hit it (`knockflow.methods.tree`).

Targets of finished branches are forbidden in later siblings, so no set is visited twice.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_

import numpy as np

from knockflow.designs import BestDesigns, cost
from knockflow.detours import Changes, Nearest
from knockflow.formulations import Response
from knockflow.region import Region, above, ceiling, ruling_out, slightly_below
from knockflow.respond import Evaluation, Follower
from knockflow.watch import Watch
from knockflow.witnesses import Witnesses, bits, members

Design = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """A design whose descendants are still to be seen, and a state of the hunt's region that it leaves whole.

    The state is that of `origin` after a known change, if one is numbered.
    """

    design: Design
    forbidden: int
    origin: np.ndarray
    hunt: "Hunt"
    change: int | None = None

    def state(self) -> np.ndarray:
        """The state's fluxes."""
        return self.origin if self.change is None else self.hunt.changed(self.origin, self.change)


class Traversal:
    """All designs with at least a goal's value are offered to a list.

    Parameters
    ----------
    best
        The list.
    goal
        Value that a design must reach, or tie (mmol/gDW/h); it rises with the last place of a full list.
    """

    def __init__(self, best: BestDesigns, watch: Watch, goal: float):
        self.best, self.watch, self.goal = best, watch, slightly_below(goal)
        self.problem = best.base
        self.grower, self.probe = Follower(self.problem), Follower(self.problem)
        self.viable = best.formulation.response is Response.VIABLE
        self._everything = (1 << len(self.problem.targets)) - 1
        self._dead: dict[frozenset[int], int] = {}
        self._first: Hunt | None = None

    def run(self) -> None:
        """Visit every design that may reach the goal, or until the watch says stop."""
        region = ruling_out(self.probe, self.best.formulation, self.goal)
        if region is None and not self.drops:
            return
        self._first = Hunt(self, region)
        level = self._first.descendants((), 0)
        while level:
            level = [child for node in level for child in self._children(node)]

    def _children(self, node: Node) -> list[Node]:
        if self.watch.stop():
            return []
        self.watch.tick(self.best.incumbent, self.best.known_bound)
        return node.hunt.children(node)

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones: removals only lower a potential."""
        return self.viable and self.best.formulation.optimistic

    def offer(self, design: Design, evaluation: Evaluation) -> None:
        """Offer a design, and raise the goal to the last place of a full list."""
        self.best.offer(frozenset(design), evaluation)
        goal = slightly_below(self.best.threshold())
        if self.best.full and goal > self.goal:
            self.goal = goal
            region = ruling_out(self.probe, self.best.formulation, goal)
            if region is not None:
                self._first.region = region

    def bury(self, design: Design) -> None:
        """Note that neither a design nor a larger one reaches the goal."""
        for target in design:
            rest = frozenset(design) - {target}
            self._dead[rest] = self._dead.get(rest, 0) | 1 << target

    def dead(self, design: Design) -> int:
        """Targets that a design cannot be joined by, as far as is known, as a set."""
        parts = (frozenset(part) for size in range(len(design)) for part in combinations(design, size))
        return reduce(or_, (self._dead.get(part, 0) for part in parts), 0)

    def last(self, design: Design) -> bool:
        """Whether a design has no room for one more target."""
        return len(design) >= self.best.limits.max_interventions or not self.allowed(design)

    def allowed(self, design: Design) -> int:
        """The targets that can be paid for beside a design, as a set."""
        budget = self.best.limits.max_cost
        if budget is None:
            return self._everything
        return bits(self.problem.targets.cost <= budget + 1e-9 - cost(self.problem, frozenset(design)))

    def hits(self, fluxes: np.ndarray) -> int:
        """The targets that a state hits, as a set."""
        return self.best.follower.hits(fluxes)

    def extreme(self, design: Design) -> np.ndarray | None:
        """The state of a design that most likely lies in a region: of largest objective, or of least product.

        None if the design cannot grow at min_growth.
        """
        fastest = self._fastest(design)
        if fastest is None or self.viable:
            return self._least_product(design, fastest) if fastest is not None else None
        if self.problem.maximizes_growth:
            return fastest
        self.probe.apply(design)
        return self.probe.max_objective().fluxes

    def _fastest(self, design: Design) -> np.ndarray | None:
        """The state of largest growth; None if that is below min_growth."""
        self.grower.apply(design)
        growth = self.grower.max_growth()
        return growth.fluxes if growth is not None and self.grower.grows(growth.product) else None

    def _least_product(self, design: Design, fastest: np.ndarray) -> np.ndarray:
        """The state of least product that grows at min_growth, or the fastest if that makes less than the goal."""
        if self.problem.product @ fastest < self.goal:
            return fastest
        self.probe.apply(design)
        self.probe.hold_viable_response()
        return self.probe.product(maximize=False, dual=True).fluxes

    def own_region(self, design: Design) -> Region | None:
        """The region of a design's own ceiling; None if no state after it reaches the goal."""
        level = ceiling(self.probe, self.goal, design)
        if level is None or (self.problem.maximizes_growth and not self.probe.grows(level)):
            return None
        return above(self.probe, level)

    def misses(self, design: Design, state: np.ndarray) -> bool:
        """Whether the extreme state alone shows that a design misses the goal."""
        pessimistic = not self.best.formulation.optimistic
        response = self.best.formulation.response
        if pessimistic and response is not Response.PFBA and self.problem.product @ state < self.goal:
            return True
        if self.viable:
            return False
        own = self.own_region(design)
        return own is None or own.holds(state)


class Hunt:
    """The search with one region, its witnesses and its detours."""

    def __init__(self, whole: Traversal, region: Region | None):
        self.whole, self.region = whole, region
        self.witnesses = Witnesses(len(whole.problem.targets))
        self._nearest: Nearest | None = None
        self._changes: Changes | None = None

    def children(self, node: Node) -> list[Node]:
        """The children of a node that have children themselves; the others are settled."""
        whole, state = self.whole, node.state()
        allowed = whole.allowed(node.design) & ~node.forbidden & ~whole.dead(node.design)
        targets = members(whole.hits(state) & allowed)
        reachable = self._changes.reachable(node.design, state, targets) if self._changes else {}
        inner = [target for target in targets if not whole.last((*node.design, target))]
        self._settle_leaves(node.design, [t for t in targets if t not in inner and t not in reachable])
        return self._inner(node, state, inner, reachable)

    def _inner(self, node: Node, state: np.ndarray, targets: list[int], reachable: dict[int, int]) -> list[Node]:
        """Children with a witness, and before them what is left below those without.

        In this order, what is dead or has a region of its own is forbidden in all other branches.
        """
        known: dict[int, tuple[np.ndarray, int | None]] = {}
        for target in targets:
            if target in reachable:
                known[target] = state, reachable[target]
            elif (witness := self._witness((*node.design, target), node.forbidden, state)) is not None:
                known[target] = witness, None
        found, forbidden = [], node.forbidden
        for target in sorted(targets, key=lambda target: (target in known, target)):
            child = (*node.design, target)
            if target in known:
                found.append(Node(child, forbidden, known[target][0], self, known[target][1]))
            else:
                found += self._settle(child, forbidden)
            forbidden |= 1 << target
        return found

    def _settle_leaves(self, design: Design, targets: list[int]) -> None:
        """Settle the children without children."""
        spared = self.witnesses.spared(design)
        for target in targets:
            if not self.witnesses.also_spared(spared, target):
                spared |= self._leaf((*design, target))

    def descendants(self, design: Design, forbidden: int) -> list[Node]:
        """A design as a node of this hunt, or what is left to see below it."""
        state = self._witness(design, forbidden, None)
        return self._settle(design, forbidden) if state is None else [Node(design, forbidden, state, self)]

    def changed(self, state: np.ndarray, change: int) -> np.ndarray:
        """A state after a known change."""
        return self._changes.applied(state, change)

    def _leaf(self, design: Design) -> int:
        """Settle a design that has no children; the bit of a new witness, if it gives one."""
        state = self.whole.extreme(design)
        if state is None:
            return 0
        if self._holds(state):
            return self.witnesses.add(self.whole.hits(state), state)
        if not self.whole.misses(design, state):
            self._evaluate(design)
        return 0

    def _holds(self, state: np.ndarray) -> bool:
        return self.region is not None and self.region.holds(state)

    def _witness(self, design: Design, forbidden: int, parent: np.ndarray | None) -> np.ndarray | None:
        """A state of the region that a design leaves whole: a known one, or the nearest to the base."""
        whole, spared = self.whole, self.witnesses.spared(design)
        if self.region is None:
            return None
        if spared:
            return self.witnesses.fewest(spared, whole.allowed(design) & ~forbidden)
        if self._nearest is None:
            self._begin(design)
        state = None if whole.last(design) else self._nearest.after(design)
        if state is None or not self.region.holds(state):
            return None
        self.witnesses.add(whole.hits(state), state)
        if design and parent is not None:
            self._changes.add(design[-2] if len(design) > 1 else -1, design[-1], state - parent)
        return state

    def _begin(self, design: Design) -> None:
        """Find a base state that hits few targets."""
        problem = self.whole.problem
        origin = Nearest(problem, self.region, np.zeros(len(problem.columns)))
        base = origin.after(design)
        self._nearest = origin if base is None else Nearest(problem, self.region, base)
        self._changes = Changes(problem, self.region)

    def _settle(self, design: Design, forbidden: int) -> list[Node]:
        """What is left to see below a design that no state of the region is known to survive."""
        whole = self.whole
        state = whole.extreme(design)
        if state is None:
            whole.bury(design)
            return []
        if self._holds(state):
            self.witnesses.add(whole.hits(state), state)
            return [Node(design, forbidden, state, self)]
        if not whole.viable:
            own = whole.own_region(design)
            if own is None:
                whole.bury(design)
                return []
            if own.holds(state):
                return [] if whole.last(design) else [Node(design, forbidden, state, self._narrower(design, own))]
        evaluation = self._evaluate(design)
        if evaluation is None or whole.last(design):
            return []
        return self._below(design, forbidden, evaluation)

    def _narrower(self, design: Design, region: Region) -> "Hunt":
        """A hunt below a design, which begins with the witnesses that it leaves whole."""
        hunt = Hunt(self.whole, region)
        for number in members(self.witnesses.spared(design)):
            state = self.witnesses.states[number]
            if region.holds(state):
                hunt.witnesses.add(self.whole.hits(state), state)
        return hunt

    def _evaluate(self, design: Design) -> Evaluation | None:
        evaluation = self.whole.best.evaluate(frozenset(design))
        if evaluation is not None and evaluation.value >= self.whole.goal:
            self.whole.offer(design, evaluation)
        return evaluation

    def _below(self, design: Design, forbidden: int, evaluation: Evaluation) -> list[Node]:
        """Branch on the targets that hit the states that give a design its value and its guarantee."""
        whole = self.whole
        reaches = evaluation.value >= whole.goal
        if not reaches and whole.drops:
            return []
        first = whole.hits(evaluation.promise.fluxes)
        second = whole.hits(evaluation.worst.fluxes) & ~first if reaches else 0
        allowed, found = whole.allowed(design) & ~forbidden & ~whole.dead(design), []
        for target in [*members(first & allowed), *members(second & allowed)]:
            child = (*design, target)
            if not whole.last(child):
                found += self.descendants(child, forbidden)
            elif not self.witnesses.spared(child):
                self._leaf(child)
            forbidden |= 1 << target
        return found
