"""The search where a design is judged by the mean, or a quantile, of what it is worth by several followers.

Let x_k(E) be the value of a design E by follower k, F the judge, and z the goal. A bound (b, M) of follower k at a
design D, with M a set of effects, says

    x_k(E) <= b   for every E that contains D and none of the effects of M.

F is monotone. So if F(b_1, ..., b_n) < z, every larger design that reaches z has an effect of M_1, ..., or M_n, and
only these lead on; if all M_k are empty, D is ruled out with all larger designs. Such bounds are

- (the potential, nothing): no design makes more;
- (t, what hits s) for a state s that D leaves whole of the region of t, which rules out by follower k all designs that
  leave s whole (`knockflow.follower.region`), t being any goal: such states are kept for all designs;
- the same with the region of what D leaves of the cell; (t, nothing) if no state that D leaves reaches t;
- (x_k(D), what hits v) with the state v that gives D its value: effects only shrink the follower, so v stays a state of
  the response, and of the least product: then x_k(E) <= x_k(D). Where the value is the most product, it is that of a
  response that stays the same set of states or becomes a smaller one, as long as v is in it. For a coupling potential
  G - N, v is the fastest state without product: N stays, G does not rise. The extreme state of a response bounds a
  least product in the same way before that is known.

Any followers may have their potential in place of their bound, as long as F stays below z: those with the most effects
do. With a quantile, m followers that miss the goal are enough; with a mean, a follower that misses it by much may
suffice. Goals t by follower make F = z: z itself, or for a mean the follower's potential less what the mean of
potentials exceeds z by. A design that cannot grow as some follower is ruled out with all larger ones, however it is
judged. One that no bounds rule out is evaluated by all, hence exactly; if it reaches z, it is offered, and of larger
ones only those are better that hit the state of some value, or guarantee.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import isfinite
from operator import or_
from typing import NamedTuple

import numpy as np

from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import Witnesses, members
from knockflow.methods.tree.by_follower import ByFollower, WholeJudged, goals, wild_types
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.node import Node, Passed, SubtreeSearch
from knockflow.methods.tree.one_follower import OneFollower
from knockflow.methods.tree.open_nodes import OpenNodes
from knockflow.methods.tree.search_space import Chosen
from knockflow.methods.tree.traversal import Traversal

LESS = 1e-9
"""By how much, of its size, a value lies below a goal that a state rules out: far less than equal values differ by."""


class Bound(NamedTuple):
    """No design that contains the present one, and none of the effects of a set, has more than a value."""

    value: float
    effects: int


@dataclass
class _Part:
    """A follower's part: its potential, its goal, the region that rules out for that, and known states of it.

    `never` says that no design reaches the goal by it.
    """

    one: OneFollower
    potential: float

    def __post_init__(self) -> None:
        targets = self.one.problem.targets
        self.known, self.values = Witnesses(targets.n_effects), []
        behaviour, best = self.one.whole.best.behaviour, self.one.whole.best
        self.least = not best.formulation.optimistic
        self.by_extreme = self.least and behaviour.extreme_counts and behaviour.in_product
        self.by_worst = behaviour.lives_without

    def aim(self, goal: float) -> None:
        """Have a goal, no lower than before; states that ruled out for a lower one do for this one."""
        self.goal, self.region = goal, self.one.own_region((), goal)
        self.never = self.region is None and not self.one.drops
        self.short = goal - LESS * max(1.0, abs(goal))

    def bound(self, design: Chosen, allowed: int) -> Bound:
        """What is known of a design without any program."""
        if self.never:
            return Bound(min(self.short, self.potential), 0)
        spared = self.known.spared(design)
        number = self.known.fewest_hit(spared, allowed) if spared else None
        return Bound(self.potential, 0) if number is None else Bound(self.values[number], self.known.masks[number])

    def of_state(self, design: Chosen, state: np.ndarray) -> Bound | None:
        """What the extreme state of a design says; None if nothing. A state of the region is kept."""
        hit, most = self.one.hits(state), self.potential
        if self.by_extreme:
            most = min(most, float(self.one.problem.product @ state))
        if self.region is not None and self.region.holds(state):
            always = min(self.short, most) if self.one.all_growing else self.short
            self.known.add(hit)
            self.values.append(always)
            return Bound(min(self.short, most), hit)
        if not self.one.all_growing:
            own = self.one.own_region(design, self.goal)
            if own is None:
                return Bound(min(self.short, self.potential), 0)
            if own.holds(state):
                return Bound(min(self.short, most), hit)
        return Bound(most, hit) if most < self.potential else None

    def of_value(self, found: Evaluation) -> Bound:
        """What the value of a design says."""
        state = found.worst if self.by_worst else found.promise
        return Bound(found.value, 0 if self.one.drops else self.one.hits(state.fluxes))


class JudgedSearch:
    """The search below the root by bounds of all followers."""

    def __init__(self, tree: "JudgedTraversal", goal: float):
        self.tree, self.judge = tree, tree.problem.judge
        self.potentials = [tree.best.behaviour.potential(follower) for follower in tree.best.followers]
        self.parts = [_Part(one, most) for one, most in zip(tree.ones, self.potentials, strict=True)]
        self._leading: dict[Chosen, int] = {}
        self.aim(goal)

    def aim(self, goal: float) -> None:
        """Have a goal, no lower than before."""
        potentials = [part.potential for part in self.parts]
        shared = self.judge.by == "mean" and all(map(isfinite, potentials))
        more = self.judge.of(potentials) - goal if shared else 0.0
        for part in self.parts:
            part.aim(part.potential - more if shared else goal)

    def descendants(self, design: Chosen, forbidden: int, passed: Passed = ()) -> list[Node]:
        """A design as a node, if larger ones may reach the goal; `passed` has evaluations by some followers."""
        leading = self._settled(design, forbidden, passed)
        if not leading & self.tree.space.allowed(design, forbidden):
            return []
        self._leading[design] = leading
        return [Node(design, forbidden, None, self)]

    def alone(self, design: Chosen) -> list[Node]:
        """Settle a design that has no children."""
        self._settled(design, self.tree.space.everything)
        return []

    def leaf(self, design: Chosen, passed: Passed = ()) -> int:
        """The same, as any search is asked."""
        self._settled(design, self.tree.space.everything, passed)
        return 0

    def children(self, node: Node) -> list[Node]:
        """The children of a node that have children themselves; the others are settled."""
        space, design, forbidden = self.tree.space, node.design, node.forbidden
        leading = self._leading.pop(design, None)
        if leading is None:
            leading = self._settled(design, forbidden)
        found = []
        for effect in members(leading & space.allowed(design, forbidden) & ~self.tree.ruled_out(design)):
            child = space.joined(design, effect, forbidden)
            if child is not None and space.last(child, forbidden):
                self.alone(child)
            elif child is not None:
                found += self.descendants(child, forbidden)
            forbidden |= 1 << effect
        return found

    def _settled(self, design: Chosen, forbidden: int, passed: Passed = ()) -> int:
        """The effects that lead on from a design, as a set; it is offered if it reaches the goal."""
        tree, allowed = self.tree, self.tree.space.allowed(design, forbidden)
        found: dict[int, Evaluation] = dict(passed)
        bounds = [part.bound(design, allowed) for part in self.parts]
        bounds = [self.parts[k].of_value(found[k]) if k in found else bound for k, bound in enumerate(bounds)]
        leading = self._ruling_out(bounds, allowed)
        if leading is None:
            leading = self._by_states(design, bounds, allowed)
        for number, part in enumerate(self.parts) if leading is None else ():
            evaluation = found[number] if number in found else part.one.evaluate(design)
            if evaluation is None:
                leading = 0
                break
            found[number], bounds[number] = evaluation, part.of_value(evaluation)
            leading = self._ruling_out(bounds, allowed)
            if leading is not None:
                break
        if leading is None:
            passed = tuple(sorted(found.items()))
            tree.offer(design, passed)
            return sum(1 << effect for effect in tree.leading_on(design, passed))
        if not leading:
            tree.rule_out(design)
        return leading

    def _by_states(self, design: Chosen, bounds: list[Bound], allowed: int) -> int | None:
        """The effects that lead on by the extreme states of followers, with what these say put among the bounds."""
        for number, part in enumerate(self.parts):
            if bounds[number].value < part.potential:
                continue
            state = part.one.extreme(design)
            if state is None:
                return 0
            bounds[number] = part.of_state(design, state) or bounds[number]
            leading = self._ruling_out(bounds, allowed)
            if leading is not None:
                return leading
        return None

    def _ruling_out(self, bounds: Sequence[Bound], allowed: int) -> int | None:
        """Effects of which every larger design that reaches the goal has one; None if bounds rule nothing out."""
        values, goal = [bound.value for bound in bounds], self.tree.goal
        if not self.judge.of(values) < goal:
            return None
        own = [bound.effects for bound in bounds]
        for number in sorted(range(len(own)), key=lambda number: -(own[number] & allowed).bit_count()):
            without = [*values[:number], self.parts[number].potential, *values[number + 1 :]]
            if own[number] and self.judge.of(without) < goal:
                values, own[number] = without, 0
        return reduce(or_, own)


class JudgedTraversal(Traversal):
    """All designs with at least a goal's value are offered to a list, where not only the worst follower counts."""

    def _begin(self) -> bool:
        self._search = JudgedSearch(self, self.goal)
        self._wild = wild_types(self.best)
        whole = WholeJudged(self._search, self.problem.targets.n_effects)
        own = self._own_goals()
        self._trees = {number: ByFollower(self, self.ones[number], whole, own[number]) for number in own}
        return self.drops or self.best.potential >= self.goal

    def _own_goals(self) -> dict[int, float]:
        return goals(self.problem.judge, self.goal, self._wild, self._search.potentials)

    def _descend(self, root: Chosen) -> list[Node]:
        """The first nodes of the trees of followers, unless the root reaches the goal of one: then of all together."""
        own, forbidden = self._own_goals(), self.space.forbidden
        if self._wild is None or any(self._wild[number] >= goal for number, goal in own.items()):
            return super()._descend(root)
        level = [node for tree in self._trees.values() for node in tree.roots(root, forbidden)]
        return [child for node in level for child in (self._children(node) if node.design == root else [node])]

    @property
    def _first(self) -> JudgedSearch:
        """The one search."""
        return self._search

    def knowledge(self) -> Knowledge:
        """What has been learnt for the present goal."""
        return replace(Knowledge(self.goal), no_goods=self._no_goods.sets)

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """Effects of which every larger design that is better than one that reaches the goal has some.

        With none of them, value and guarantee by each follower stay as they are, or fall.
        """
        return members(self._hit(chosen, passed))

    @property
    def _searches(self) -> list[SubtreeSearch]:
        """The search of all followers, and that of each tree."""
        return [self._search, *(tree.one.first for tree in self._trees.values())]

    def open_nodes(self, rest: OpenNodes) -> list[dict]:
        """Open nodes of this traversal in a form that JSON can hold."""
        return rest.as_json(*self._searches)

    def _go_on(self, known: Knowledge, rest: Sequence[Mapping]) -> None:
        self.rest = OpenNodes.of_json(rest, *self._searches)

    def _aim(self) -> None:
        self._search.aim(self.goal)
        for number, goal in self._own_goals().items():
            self._trees[number].aim(goal)
