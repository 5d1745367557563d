"""The tree of designs below one goal: which sets can reach it, with as few linear programs as possible.

A region of states rules out every design that leaves one of them whole (`knockflow.follower.region`). So below a design
with such a state only effects that hit the state lead on (`knockflow.methods.tree.search`). The tree is visited level
by level: what has been learnt of small designs spares linear programs for the larger ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from knockflow.base.clock import Watch
from knockflow.base.processes import can_fork
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region, slightly_below
from knockflow.follower.states import Evaluation
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.node import Node
from knockflow.methods.tree.nogoods import NoGoods
from knockflow.methods.tree.open_nodes import OpenNodes
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.search_space import Chosen, Space
from knockflow.methods.tree.workers import Workers
from knockflow.problem.problem import Problem

MOST_LEVELS_BEFORE_SHARING = 2
"""Levels that are visited before the rest is shared: what they teach serves everywhere below."""


class Traversal:
    """All designs with at least a goal's value are offered to a list.

    Parameters
    ----------
    best
        The list.
    goal
        Value that a design must reach, or tie (mmol/gDW/h); it rises with the last place of a full list.

    Attributes
    ----------
    rest
        What is still to be visited; None before the root has been.
    """

    def __init__(self, best: BestDesigns, watch: Watch, goal: float, known: Knowledge | None = None):
        self.best, self.watch, self.goal = best, watch, slightly_below(goal)
        self.problem = best.base
        self.grower, self.probe = Follower(self.problem), Follower(self.problem)
        self.all_growing = best.behaviour.all_growing
        self.space = Space(self.problem, best.limits)
        # What is ruled out for a lower goal is ruled out for a higher one.
        useful = known is not None and known.goal <= self.goal
        self._known = known if useful else Knowledge(self.goal)
        self._at_root = False
        self._no_goods = NoGoods()
        for design in self._known.no_goods:
            self._no_goods.add(design)
        region = self.own_region((), self.goal)
        self.possible = region is not None or self.drops
        self._first = RegionSearch(self, region, self._known)
        self.rest: OpenNodes | None = None
        self._workers: Workers | None = None

    def run(self, workers: int = 1, piece: int = 0, pieces: int = 1, note: Callable[[], None] | None = None) -> None:
        """Visit every design that may reach the goal, or until the watch says stop.

        Of several `pieces`, each takes every so many of the subtrees at the root; together they visit all designs.
        `workers` processes share the subtrees at the last level that has some, or at the second. `note` is called
        now and then, when `state` is one to go on from.
        """
        if self.rest is None:
            if self.watch.stop():
                return
            self.rest = OpenNodes()
            self.rest.add(1, self._root(alike=pieces > 1)[piece::pieces])
        share = min(self.best.limits.max_interventions - 1, MOST_LEVELS_BEFORE_SHARING)
        while self.rest and not self.watch.stop():
            if workers > 1 and 0 < share <= self.rest.level and can_fork():
                self._workers = Workers(self, workers)
                self._workers.run(note)
                return
            self.visit_next()
            if note is not None:
                note()

    def learn(self) -> Knowledge:
        """What other pieces of the same search can use, once all levels but the last are visited."""
        level = self._root(alike=False)
        for _ in range(self.best.limits.max_interventions - 2):
            level = self._next(level)
        # Each part has its own copy of the seeds: fluxes would make them many times larger.
        return replace(self.knowledge(), states=[])

    def knowledge(self) -> Knowledge:
        """What has been learnt for the present goal."""
        pool = self._first.witnesses
        return Knowledge(self.goal, *self._first.known(), self._no_goods.sets, pool.masks, pool.states)

    def state(self) -> dict:
        """Where the visit stands, in a form that JSON can hold."""
        return self._workers.state() if self._workers else self.state_with(self.knowledge())

    def state_with(self, known: Knowledge) -> dict:
        """The list and the open nodes of one process, with some knowledge."""
        return {
            "goal": self.goal,
            "known": [known.as_json()],
            "rest": None if self.rest is None else self.open_nodes(self.rest),
            "designs": self.best.state(),
        }

    def open_nodes(self, rest: OpenNodes) -> list[dict]:
        """Open nodes of this traversal in a form that JSON can hold."""
        return rest.as_json(self._first)

    def restore(self, state: Mapping) -> None:
        """Go on from a state, whose designs are back in the list."""
        if state["rest"] is None:
            return
        self._raise_to(state["goal"])
        known, *more = (Knowledge.of_json(one, len(self.problem.columns)) for one in state["known"])
        for other in more:
            known.no_goods, known.hits = known.no_goods + other.no_goods, known.hits + other.hits
            known.states = known.states + other.states
        for design in known.no_goods:
            self._no_goods.add(design)
        self._first = RegionSearch(self, self._first.region, known)
        self.rest = OpenNodes.of_json(state["rest"], self._first)

    def _root(self, alike: bool) -> list[Node]:
        """The nodes below the root; if they must be `alike`, the same whatever the list holds already."""
        forbidden = self.space.forbidden
        if not self.possible:
            return []
        self._at_root = alike
        # Where nothing is left to decide, something may still have to be added.
        root = self.space.root
        alone = self.space.last(root, forbidden)
        level = self._first.alone(root) if alone else self._first.descendants(root, forbidden)
        if [node.design for node in level] == [root]:
            level = self._children(level[0])
        self._at_root = False
        self._raise_goal()
        return level

    def evaluate(self, design: Chosen) -> Evaluation | None:
        """A design's evaluation; at the root from a cold start, since pieces must branch alike."""
        if self._at_root:
            self.best.follower.restart(self.best.follower.after(design))
        if self.space.plain:
            return self.best.evaluate(frozenset(design))
        return self.best.after(design)

    def _next(self, level: list[Node]) -> list[Node]:
        return [child for node in level if not self.watch.stop() for child in self._children(node)]

    def _children(self, node: Node) -> list[Node]:
        self.watch.tick(self.best.incumbent, self.best.known_bound)
        return node.search.children(node)

    def visit_next(self) -> None:
        """Visit the first of the open nodes."""
        level, node = self.rest.take()
        self.rest.add(level + 1, self._children(node))

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones: removals only lower a potential."""
        return self.all_growing and self.best.formulation.optimistic

    def offer(self, chosen: Chosen, evaluation: Evaluation) -> None:
        """Offer the designs that an evaluation holds for, and raise the goal to the last place of a full list."""
        hit = self.hits(evaluation.promise.fluxes) | self.hits(evaluation.worst.fluxes) | self.growth_hits(chosen)
        for design in self.space.designs(chosen, hit):
            # With regulators undecided, the states may lie outside of what the design allows.
            own = self.best.evaluate(design) if self.problem.targets.opposed else evaluation
            if own is not None:
                self.best.offer(design, own)
        if not self._at_root:
            self._raise_goal()

    def _raise_goal(self) -> None:
        if self.best.full:
            self._raise_to(slightly_below(self.best.threshold()))

    def _raise_to(self, goal: float) -> None:
        if goal > self.goal:
            self.goal = goal
            region = self.own_region((), goal)
            if region is not None:
                self._first.region = region

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""
        self._no_goods.add(design)

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""
        return self._no_goods.beside(design)

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state hits, as a set."""
        return self.best.follower.hits(fluxes)

    def around(self, fluxes: np.ndarray) -> Problem:
        """A linear problem that holds a state, and nothing that is none."""
        return self.probe.around(fluxes)

    def growth_hits(self, design: Chosen) -> int:
        """The effects that a growing state hits, as a set, where those that give a design its value need not grow.

        Without such a state, one design may lack the growth that a larger one has by what it adds.
        """
        if self.all_growing or self.problem.maximizes_growth or not self.problem.targets.enlarging:
            return 0
        state = self._fastest(design)
        return 0 if state is None else self.hits(state)

    def extreme(self, design: Chosen) -> np.ndarray | None:
        """The state of a design that most likely lies in a region: of largest objective, or of least product.

        None if the design cannot grow at min_growth, or has no value for another reason.
        """
        fastest = self._fastest(design)
        return None if fastest is None else self.best.behaviour.extreme(self.probe, design, fastest, self.goal)

    def _fastest(self, design: Chosen) -> np.ndarray | None:
        """The state of largest growth; None if that is below min_growth, or below what the limits ask of designs."""
        growth = self.grower.max_growth(self.grower.after(design))
        if growth is None or not self.grower.grows(growth.value):
            return None
        least = self.best.limits.least_growth
        return growth.fluxes if least is None or growth.value >= least else None

    def own_region(self, design: Chosen, goal: float | None = None) -> Region | None:
        """The states that rule out what a design makes of the cell, for a goal or the present one.

        None if there are none; but for a response of all growing states, because no state after it reaches the goal.
        """
        wanted = self.goal if goal is None else goal
        return self.best.behaviour.region(self.probe, wanted, self.best.formulation.optimistic, design)

    def misses(self, design: Chosen, state: np.ndarray) -> bool:
        """Whether the extreme state alone shows that a design misses the goal."""
        counts = self.best.behaviour.extreme_counts and not self.best.formulation.optimistic
        if counts and self.problem.product @ state < self.goal:
            return True
        if self.all_growing:
            return False
        own = self.own_region(design)
        return own is None or own.holds(state)
