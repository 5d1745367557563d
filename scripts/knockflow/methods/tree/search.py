"""The search below one region of states: its witnesses, its detours, and what each design leads to.

A design is a tuple of effects (`knockflow.problem.leader`), and its children have one more, which hits a state of it.
Where a state of the region is known for a child, from the pool of witnesses or by adding a known detour, the child
costs no linear program. A design without any is evaluated: it reaches the goal and is offered; or it is ruled out by a
region of its own, with a smaller ceiling; or by its response's own state, which stays whole and optimal in all larger
designs that do not hit it (`knockflow.methods.tree.method`). Effects of finished branches are forbidden in later
siblings, so no set is visited twice. With several followers each has its own states, and a design that reaches the
goal by one goes on to the next (`knockflow.methods.tree.one_follower`).
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.witness_pool import Witnesses, members
from knockflow.methods.tree.detours import Detours, Nearest, after_change
from knockflow.methods.tree.learned import Detour, Knowledge
from knockflow.methods.tree.node import Node, Passed, TreeSearch
from knockflow.methods.tree.search_space import Chosen

MOST_LEARNT_FROM = 2
"""Effects of a design up to which changes of states are sought: those of small designs serve everywhere below."""


class RegionSearch:
    """The search with one region, its witnesses and its detours."""

    def __init__(self, tree: TreeSearch, region: Region | None, known: Knowledge | None = None):
        self.tree, self.region = tree, region
        self.witnesses = Witnesses(tree.problem.targets.n_effects, tree.space.leaving_out)
        self._nearest: Nearest | None = None
        self._detours: Detours | None = None
        self._from_a_state = False
        if known is not None and region is not None:
            self._remember(known)

    def _remember(self, known: Knowledge) -> None:
        """Take known changes, the states that they lead to from the base, and what other states are known to hit."""
        if known.base is not None:
            self._around(known.base)
        for mask, fluxes in zip(known.hits, known.states, strict=False):
            self.witnesses.add(mask, fluxes)
        first: dict[int, np.ndarray] = {}
        for cause, target, change in known.changes:
            self._detours.add(cause, target, change)
            state = (known.base if cause == -1 else first.get(cause, known.base)) + change
            if cause == -1:
                first[target] = state
            if not known.states and self._detours.allow(state):
                self.witnesses.add(self.tree.hits(state), state)
        there = set(self.witnesses.masks)
        for mask in dict.fromkeys(known.hits):
            if mask not in there:
                self.witnesses.add(mask)

    def known(self) -> tuple[np.ndarray | None, list[Detour]]:
        """The base state, and the changes that have been found."""
        return (None, []) if self._nearest is None else (self._nearest.base, self._detours.all())

    def children(self, node: Node) -> list[Node]:
        """The children of a node that have children themselves; the others are settled."""
        if node.origin is None:
            return self._children_unseen(node)
        tree, state = self.tree, node.state()
        if tree.space.last_but_one(node.design):
            self._settle_last(node.design, node.forbidden, state)
            return []
        allowed = tree.space.allowed(node.design, node.forbidden) & ~tree.ruled_out(node.design)
        children = self._unsettled(
            node.design, self._children_by_effect(node.design, tree.hits(state) & allowed, node.forbidden)
        )
        settled = {effect for effect, child in children.items() if self._settled(child, node.forbidden)}
        if settled:
            node = replace(node, forbidden=node.forbidden | sum(1 << effect for effect in settled))
            children = {effect: child for effect, child in children.items() if effect not in settled}
        # A change around one effect need not avoid those that it implies.
        single = [effect for effect, child in children.items() if len(child) == len(node.design) + 1]
        reachable = self._detours.reachable(node.design, state, single) if self._detours else {}
        inner = {e: child for e, child in children.items() if not tree.space.last(child, node.forbidden)}
        self._settle_leaves(
            node.design, {e: child for e, child in children.items() if e not in inner and e not in reachable}
        )
        return self._inner(node, state, inner, reachable)

    def _children_unseen(self, node: Node) -> list[Node]:
        """Those of a node without a state."""
        state, found = self._retraced(node.design), []
        if state is not None:
            return self.children(replace(node, origin=state))
        for one in self.descendants(node.design, node.forbidden):
            found += [one] if one.origin is None else one.search.children(one)
        return found

    def _retraced(self, design: Chosen) -> np.ndarray | None:
        """The state that known changes lead to from the base, around one effect of a design after the other."""
        if self._detours is None or not self._from_a_state:
            return None
        state = self._nearest.base
        for place, effect in enumerate(design):
            way = self._detours.reachable(design[:place], state, [effect])
            if way:
                state = after_change(state, self._detours.vector(way[effect]))
            elif self.tree.hits(state) >> effect & 1:
                return None
        return state if self._holds(state) else None

    def _unsettled(self, design: Chosen, children: dict[int, Chosen]) -> dict[int, Chosen]:
        """Without the children that only leave additions out any more, and leave a state whole that uses none."""
        if not children or not self.tree.space.leaving_out:
            return children
        apart = self.witnesses.spared(design) & self.witnesses.apart
        return {
            effect: child
            for effect, child in children.items()
            if not (self.tree.space.full(child) and self._left(apart, child[len(design) :]))
        }

    def _left(self, spared: int, effects: Chosen) -> int:
        """Those of some states that some effects do not hit."""
        for effect in effects:
            spared = self.witnesses.also_spared(spared, effect)
        return spared

    def _children_by_effect(self, design: Chosen, effects: int, forbidden: int) -> dict[int, Chosen]:
        """A design's children by the effect that leads to each."""
        joined = self.tree.space.joined
        children = ((effect, joined(design, effect, forbidden)) for effect in members(effects))
        return {effect: child for effect, child in children if child is not None}

    def _inner(
        self, node: Node, state: np.ndarray, children: dict[int, Chosen], reachable: dict[int, int]
    ) -> list[Node]:
        """Children with a witness, and before them what is left below those without.

        In this order, what is ruled out or has a region of its own is forbidden in all other branches.
        """
        known: dict[int, tuple[np.ndarray, np.ndarray | None]] = {}
        for effect, child in children.items():
            if effect in reachable:
                known[effect] = state, self._detours.vector(reachable[effect])
            else:
                alone = len(child) == len(node.design) + 1
                witness = self._witness(child, node.forbidden, state if alone else None)
                if witness is not None:
                    known[effect] = witness, None
        found, forbidden = [], node.forbidden
        for effect in sorted(children, key=lambda effect: (effect in known, effect)):
            child = children[effect]
            if not any(forbidden >> other & 1 for other in child[len(node.design) :]):
                if effect in known:
                    found.append(Node(child, forbidden, known[effect][0], self, known[effect][1]))
                else:
                    found += self._settle(child, forbidden)
            forbidden |= 1 << effect
        return found

    def _settle_leaves(self, design: Chosen, children: dict[int, Chosen]) -> None:
        """Settle the children without children."""
        spared = self.witnesses.spared(design)
        for child in children.values():
            if not self._left(spared, child[len(design) :]) and not self.tree.spared_elsewhere(child):
                spared |= self.leaf(child)

    def _settled(self, design: Chosen, forbidden: int) -> bool:
        """Whether known states rule out all designs with one more effect, where one more is all that fits."""
        if not self.tree.space.last_but_one(design):
            return False
        spared = self.witnesses.spared(design)
        return bool(spared) and not self.witnesses.hitting_all(spared, self.tree.space.allowed(design, forbidden))

    def _settle_last(self, design: Chosen, forbidden: int, state: np.ndarray) -> None:
        """Settle all designs with one effect more than one that leaves a state whole, where one more is all that fits.

        A design that reaches the goal leaves no state of the region whole. So its last effect hits all of them that
        the others spare, and mostly no effect does, as far as such states are known.
        """
        tree, witnesses = self.tree, self.witnesses
        left = tree.hits(state) & tree.space.allowed(design, forbidden)
        left = witnesses.hitting_all(witnesses.spared(design), left)
        left &= ~tree.ruled_out(design) if left else 0
        if left and self._detours:
            left &= ~sum(1 << effect for effect in self._detours.reachable(design, state, members(left)))
        while left:
            effect = left & -left
            left ^= effect
            child = (*design, effect.bit_length() - 1)
            if not tree.spared_elsewhere(child) and (self._some_state(child) is not None or self.leaf(child)):
                left &= witnesses.masks[-1]

    def _some_state(self, design: Chosen) -> np.ndarray | None:
        """A state of the region that a design leaves whole, a witness from now on; None if none is at hand."""
        state = None if self.region is None else self.tree.some_state(design, self.region)
        if state is not None:
            self.witnesses.add(self.tree.hits(state))
        return state

    def descendants(self, design: Chosen, forbidden: int, passed: Passed = ()) -> list[Node]:
        """A design as a node of this search, or what is left to see below it.

        `passed` has the evaluations by other followers, all of which reach the goal.
        """
        state = self._witness(design, forbidden, None)
        return self._settle(design, forbidden, passed) if state is None else [Node(design, forbidden, state, self)]

    def alone(self, design: Chosen) -> list[Node]:
        """Settle a design that has no children."""
        self.leaf(design)
        return []

    def leaf(self, design: Chosen, passed: Passed = ()) -> int:
        """Settle a design that has no children; the bit of a new witness, if it gives one."""
        state = self.tree.extreme(design)
        if state is None:
            return 0
        if self._holds(state):
            # Many are found here, and none of them begins a branch: their fluxes would only take room.
            return self.witnesses.add(self.tree.hits(state))
        if not self.tree.misses(design, state):
            evaluation = self.tree.evaluate(design)
            if evaluation is not None and evaluation.value >= self.tree.goal:
                passed = (*passed, (self.tree.number, evaluation))
                other = self.tree.after(passed)
                if other is None:
                    self.tree.offer(design, passed)
                else:
                    other.first.leaf(design, passed)
        return 0

    def _holds(self, state: np.ndarray) -> bool:
        return self.region is not None and self.region.holds(state)

    def _keep(self, state: np.ndarray) -> None:
        self.witnesses.add(self.tree.hits(state), state)
        self.tree.keep(state)

    def begin_with(self, states: Iterable[np.ndarray]) -> None:
        """Take those of some states that lie in the region, of states that hit the same the first."""
        there = set(self.witnesses.masks)
        for state in states:
            hit = self.tree.hits(state) if self._holds(state) else None
            if hit is not None and hit not in there:
                there.add(hit)
                self.witnesses.add(hit, state)

    def _witness(self, design: Chosen, forbidden: int, parent: np.ndarray | None) -> np.ndarray | None:
        """A state of the region that a design leaves whole: a known one, or the nearest to the base.

        `parent` is the state before the last effect, where the change from it is worth remembering.
        """
        tree, spared = self.tree, self.witnesses.spared(design)
        if self.region is None:
            return None
        known = self.witnesses.fewest(spared, tree.space.allowed(design, forbidden)) if spared else None
        if known is not None:
            return known
        if len(design) > MOST_LEARNT_FROM and tree.space.last_but_one(design):
            state = self._some_state(design)
            if state is not None:
                return state
        if self._nearest is None and not self._begin(design):
            return None
        state = None if tree.space.last(design, forbidden) else self._nearest.after(design)
        if state is None or not self.region.holds(state):
            return None
        self._keep(state)
        if design and parent is not None:
            self._detours.add(design[-2] if len(design) > 1 else -1, design[-1], state - parent)
        return state

    def _begin(self, design: Chosen) -> bool:
        """Find a base state that hits few targets; whether there is one.

        Of a follower that is not linear it is a witness, and those near it are sought in a linear program around it.
        """
        problem = self.tree.problem
        if not problem.linear:
            base = next((state for state in self.witnesses.states if state is not None), None)
        else:
            zero = np.zeros(len(problem.columns))
            base = Nearest(problem, self.region, zero).after(design)
            base = zero if base is None else base
        if base is not None:
            self._around(base)
        return base is not None

    def _around(self, base: np.ndarray) -> None:
        """Seek states near a base from now on."""
        problem = self.tree.problem if self.tree.problem.linear else self.tree.around(base)
        self._nearest, self._detours = Nearest(problem, self.region, base), Detours(problem, self.region)
        self._from_a_state = self._detours.roughly_allow(base)

    def _settle(self, design: Chosen, forbidden: int, passed: Passed = ()) -> list[Node]:
        """What is left to see below a design that no state of the region is known to survive."""
        tree = self.tree
        elsewhere = None if passed else tree.elsewhere(design, forbidden)
        if elsewhere is not None:
            return [Node(design, forbidden, *elsewhere)]
        state = tree.extreme(design)
        if state is None:
            tree.rule_out(design)
            return []
        if self._holds(state):
            self._keep(state)
            return [Node(design, forbidden, state, self)]
        if not tree.all_growing:
            own = tree.own_region(design)
            if own is None:
                tree.rule_out(design)
                return []
            if own.holds(state):
                last = tree.space.last(design, forbidden)
                return [] if last else [Node(design, forbidden, state, self._narrower(design, own))]
        return self._judge(design, forbidden, passed)

    def _judge(self, design: Chosen, forbidden: int, passed: Passed) -> list[Node]:
        """What is left to see below a design that no state is known to rule out, by its value."""
        tree = self.tree
        evaluation = tree.evaluate(design)
        if evaluation is None:
            return []
        if evaluation.value < tree.goal:
            ends = tree.drops or tree.space.last(design, forbidden)
            hit = 0 if ends else tree.hits(evaluation.promise.fluxes)
            return self._below(design, forbidden, members(hit))
        passed = (*passed, (tree.number, evaluation))
        other = tree.after(passed)
        if other is not None:
            return other.first.descendants(design, forbidden, passed)
        tree.offer(design, passed)
        if tree.space.last(design, forbidden):
            return []
        return self._below(design, forbidden, tree.leading_on(design, passed))

    def _narrower(self, design: Chosen, region: Region) -> "RegionSearch":
        """A search below a design, which begins with the witnesses that it leaves whole."""
        narrower = RegionSearch(self.tree, region)
        for number in members(self.witnesses.spared(design)):
            state = self.witnesses.states[number]
            if state is not None and region.holds(state):
                narrower.witnesses.add(self.tree.hits(state), state)
        return narrower

    def _below(self, design: Chosen, forbidden: int, effects: Iterable[int]) -> list[Node]:
        """Branch on the effects that hit the states that give a design its value, its guarantee and its growth."""
        tree, found = self.tree, []
        allowed = tree.space.allowed(design, forbidden) & ~tree.ruled_out(design)
        for effect in [effect for effect in effects if allowed >> effect & 1]:
            child = tree.space.joined(design, effect, forbidden)
            if child is not None and not tree.space.last(child, forbidden):
                # Not at once: such branches can be long, and a search may have to stop among them.
                found.append(Node(child, forbidden, None, self))
            elif child is not None and not self.witnesses.spared(child):
                self.leaf(child)
            forbidden |= 1 << effect
        return found
