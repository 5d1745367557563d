"""The search as one of the followers has it: what it answers, and what rules a design out by it alone.

With several followers a design is worth the least of its values by each of them, and must grow as each. So a state of
one of them rules it out, and a design is known to reach the goal once it has passed them all.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from knockflow.designs.ranking import BestDesigns
from knockflow.follower.region import Region
from knockflow.follower.respond import evaluate
from knockflow.follower.states import Evaluation
from knockflow.methods.tree.node import Passed
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.search_space import Chosen, Space
from knockflow.methods.tree.shared import Shared
from knockflow.problem.problem import Problem


class WholeSearch(Protocol):
    """What is the same for all followers."""

    best: BestDesigns
    space: Space
    goal: float
    at_root: bool
    ones: "Sequence[OneFollower]"

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones."""

    def offer(self, chosen: Chosen, passed: Passed) -> None:
        """Offer the designs that some evaluations hold for."""

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """Effects of which every larger design that is better than one that reaches the goal has some."""


class OneFollower:
    """One follower's part of the search.

    Attributes
    ----------
    first
        The search with the region of the goal itself.
    """

    def __init__(self, whole: WholeSearch, number: int, problem: Problem, shared: Shared):
        self.whole, self.number, self.problem, self.shared = whole, number, problem, shared
        self.space, self.all_growing = whole.space, whole.best.behaviour.all_growing
        self.probe = shared.probe
        self.first: RegionSearch | None = None

    @property
    def goal(self) -> float:
        """The value that a design must reach, or tie."""
        return self.whole.goal

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones."""
        return self.whole.drops

    def offer(self, chosen: Chosen, passed: Passed) -> None:
        """Offer the designs that some evaluations hold for."""
        self.whole.offer(chosen, passed)

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""
        self.whole.rule_out(design)

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""
        return self.whole.ruled_out(design)

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """Effects of which every larger design that is better than one that reaches the goal has some."""
        return self.whole.leading_on(chosen, passed)

    def evaluate(self, design: Chosen) -> Evaluation | None:
        """A design's evaluation by this follower; at the root from a cold start, since pieces must branch alike."""
        best = self.whole.best
        follower = best.followers[self.number]
        if self.whole.at_root:
            follower.restart(follower.after(design))
        if len(best.followers) > 1:
            return evaluate(follower, best.formulation, design)
        return best.evaluate(frozenset(design)) if self.space.plain else best.after(design)

    def after(self, passed: Passed) -> "OneFollower | None":
        """The next follower by which a design is to be judged, given the evaluations by others; None if by all."""
        judged = {number for number, _ in passed}
        return next((one for one in self.whole.ones if one.number not in judged), None)

    def elsewhere(self, design: Chosen, forbidden: int) -> "tuple[np.ndarray, RegionSearch] | None":
        """A known state of another follower that rules a design out, and the search that it belongs to."""
        for one in self.whole.ones:
            spared = one.first.witnesses.spared(design) if one is not self else 0
            state = one.first.witnesses.fewest(spared, self.space.allowed(design, forbidden)) if spared else None
            if state is not None:
                return state, one.first
        return None

    def spared_elsewhere(self, design: Chosen) -> bool:
        """Whether another follower has a known state that rules a design out."""
        return any(one.first.witnesses.spared(design) for one in self.whole.ones if one is not self)

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state hits, as a set."""
        return self.whole.best.followers[self.number].hits(fluxes)

    def keep(self, fluxes: np.ndarray) -> None:
        """Keep a state of a region for other searches."""
        self.shared.keep(fluxes)

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
        return None if fastest is None else self.whole.best.behaviour.extreme(self.probe, design, fastest, self.goal)

    def _fastest(self, design: Chosen) -> np.ndarray | None:
        """The state of largest growth; None if that is below min_growth, or below what the limits ask of designs."""
        found = self.shared.fastest(design, self.whole.best.limits.least_growth)
        return None if found is None else found.fluxes

    def some_state(self, design: Chosen, region: Region) -> np.ndarray | None:
        """A state of a region that a design leaves whole; None if none is at hand.

        Where searches share how fast designs grow, that says more.
        """
        return None if self.shared.keeps else self.shared.some_state(design, region)

    def own_region(self, design: Chosen, goal: float | None = None) -> Region | None:
        """The states that rule out what a design makes of the cell, for a goal or the present one.

        None if there are none; but for a response of all growing states, because no state after it reaches the goal.
        """
        wanted, best = self.goal if goal is None else goal, self.whole.best
        return best.behaviour.region(self.probe, wanted, best.formulation.optimistic, design)

    def misses(self, design: Chosen, state: np.ndarray) -> bool:
        """Whether the extreme state alone shows that a design misses the goal."""
        best = self.whole.best
        counts = best.behaviour.extreme_counts and not best.formulation.optimistic
        if counts and best.behaviour.short(self.problem, state, self.goal):
            return True
        if self.all_growing:
            return False
        own = self.own_region(design)
        return own is None or own.holds(state)
