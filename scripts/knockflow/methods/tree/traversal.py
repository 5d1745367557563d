"""The tree of designs below one goal: which sets can reach it, with as few linear programs as possible.

A region of states rules out every design that leaves one of them whole (`knockflow.follower.region`). So below a design
with such a state only effects that hit the state lead on (`knockflow.methods.tree.search`). The tree is visited level
by level: what has been learnt of small designs spares linear programs for the larger ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.region import slightly_below
from knockflow.follower.respond import folded
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.node import Node, Passed
from knockflow.methods.tree.nogoods import NoGoods
from knockflow.methods.tree.one_follower import OneFollower
from knockflow.methods.tree.open_nodes import OpenNodes
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.search_space import Chosen, Space
from knockflow.methods.tree.shared import Shared, engines
from knockflow.methods.tree.workers import MOST_LEVELS_BEFORE_SHARING, Workers, visit_open


class Traversal:
    """All designs with at least a goal's value are offered to a list.

    Parameters
    ----------
    best
        The list.
    goal
        Value that a design must reach, or tie (mmol/gDW/h); it rises with the last place of a full list.
    known
        What another search of the same formulation has learnt, for its goal or a higher one.
    shared
        What searches of the same problem share of each follower; by default nothing.

    Attributes
    ----------
    rest
        What is still to be visited; None before the root has been.
    """

    def __init__(
        self,
        best: BestDesigns,
        watch: Watch,
        goal: float,
        known: Knowledge | None = None,
        shared: Sequence[Shared] | None = None,
    ):
        self.best, self.watch, self.goal = best, watch, slightly_below(goal)
        self.problem = best.base
        self.space = Space(self.problem, best.limits)
        each = self.problem.each
        parts = zip(each, shared or engines(each), strict=True)
        self.ones = [OneFollower(self, number, *part) for number, part in enumerate(parts)]
        # What is ruled out for a lower goal is ruled out for a higher one.
        useful = known is not None and known.goal <= self.goal
        self._known = known if useful else Knowledge(self.goal)
        self.at_root = False
        self._no_goods = NoGoods()
        for design in self._known.no_goods:
            self._no_goods.add(design)
        self.possible = self._begin()
        self.rest: OpenNodes | None = None
        self.workers: Workers | None = None

    def _begin(self) -> bool:
        """Make the searches for the goal; whether any design may reach it."""
        regions = [one.own_region((), self.goal) for one in self.ones]
        for one, region in zip(self.ones, regions, strict=True):
            # What is known of states is of the first follower's.
            one.first = RegionSearch(one, region, None if one.number else self._known)
            one.first.begin_with(one.shared.states())
        return None not in regions or self.drops

    @property
    def _first(self) -> RegionSearch:
        """The search with which a visit begins."""
        return self.ones[0].first

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
        visit_open(self, workers, share, note)

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
        return self.workers.state() if self.workers else self.state_with(self.knowledge())

    def state_with(self, known: Knowledge) -> dict:
        """The list and the open nodes of one process, with some knowledge."""
        return {
            "goal": self.goal,
            "known": [known.as_json()],
            "rest": None if self.rest is None else self.open_nodes(self.rest),
            "designs": self.best.state(),
        }

    def take(self, designs: Iterable) -> None:
        """Have the list that a state holds."""
        self.best.restore(designs)

    def open_nodes(self, rest: OpenNodes) -> list[dict]:
        """Open nodes of this traversal in a form that JSON can hold."""
        return rest.as_json(self._first)

    def restore(self, state: Mapping) -> None:
        """Go on from a state, whose designs are back in the list."""
        if state["rest"] is None:
            return
        self._raise_to(state["goal"])
        known = Knowledge.of_several(state["known"], len(self.ones[0].problem.columns))
        for design in known.no_goods:
            self._no_goods.add(design)
        self._go_on(known, state["rest"])

    def _go_on(self, known: Knowledge, rest: Sequence[Mapping]) -> None:
        """Have open nodes again, with what was known of states."""
        self.ones[0].first = RegionSearch(self.ones[0], self._first.region, known)
        self.rest = OpenNodes.of_json(rest, self._first)

    def _root(self, alike: bool) -> list[Node]:
        """The nodes below the root; if they must be `alike`, the same whatever the list holds already."""
        forbidden = self.space.forbidden
        if not self.possible:
            return []
        self.at_root = alike
        # Where nothing is left to decide, something may still have to be added.
        root = self.space.root
        alone = self.space.last(root, forbidden)
        level = self._first.alone(root) if alone else self._descend(root)
        self.at_root = False
        self._raise_goal()
        return level

    def _descend(self, root: Chosen) -> list[Node]:
        """The first nodes below the root."""
        level = self._first.descendants(root, self.space.forbidden)
        return self._children(level[0]) if [node.design for node in level] == [root] else level

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
        return self.best.behaviour.all_growing and self.best.formulation.optimistic

    def offer(self, chosen: Chosen, passed: Passed) -> None:
        """Offer the designs that some evaluations hold for, and raise the goal to the last place of a full list."""
        evaluation = folded([one for _, one in passed], self.problem.judge)
        for design in self.space.designs(chosen, self._hit(chosen, passed)):
            # With regulators undecided, the states may lie outside of what the design allows.
            own = self.best.evaluate(design) if self.problem.targets.opposed else evaluation
            if own is not None:
                self.best.offer(design, own)
        if not self.at_root:
            self._raise_goal()

    def _hit(self, chosen: Chosen, passed: Passed) -> int:
        """The effects that any of the states hits that give a design its value, its guarantee and its growth."""
        hit = 0
        for number, evaluation in passed:
            one = self.ones[number]
            hit |= one.hits(evaluation.promise.fluxes) | one.hits(evaluation.worst.fluxes) | one.growth_hits(chosen)
        return hit

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """Effects of which every larger design that is better than one that reaches the goal has some.

        Those that hit the state that gives a design its value, then those that hit the one of its guarantee, and of
        growth. What does not hit the state of the worst follower leaves the least value as it is, or lower. Where a
        design can add, those of all followers count: what no state needs is left out of the design that is offered.
        """
        value, guarantee = min(passed, key=_value), min(passed, key=_guarantee)
        first = self.ones[value[0]].hits(value[1].promise.fluxes)
        second = self.ones[guarantee[0]].hits(guarantee[1].worst.fluxes) & ~first
        third = self._hit(chosen, passed) & ~first & ~second if self.problem.targets.enlarging else 0
        return [*members(first), *members(second), *members(third)]

    def _raise_goal(self) -> None:
        if self.best.full:
            self._raise_to(slightly_below(self.best.threshold()))

    def _raise_to(self, goal: float) -> None:
        if goal > self.goal:
            self.goal = goal
            self._aim()

    def _aim(self) -> None:
        """Let the searches have the present goal."""
        for one in self.ones:
            region = one.own_region((), self.goal)
            if region is not None:
                one.first.region = region

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""
        self._no_goods.add(design)

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""
        return self._no_goods.beside(design)


def _value(passed: tuple[int, Evaluation]) -> float:
    return passed[1].value


def _guarantee(passed: tuple[int, Evaluation]) -> float:
    return passed[1].guarantee
