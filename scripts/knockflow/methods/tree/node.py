"""A node of the tree, and what its parts need of each other."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.states import Evaluation
from knockflow.methods.tree.detours import after_change
from knockflow.methods.tree.search_space import Chosen, Space
from knockflow.problem.problem import Problem


class SubtreeSearch(Protocol):
    """The search below one region, as a node has it."""

    def children(self, node: "Node") -> list["Node"]:
        """The children of a node that have children themselves; the others are settled."""


@dataclass(frozen=True)
class Node:
    """A design whose descendants are still to be seen, and a state of the search's region that it leaves whole.

    The state is that of `origin` after a known change, if there is one; without an origin it is still to be found.
    """

    design: Chosen
    forbidden: int
    origin: np.ndarray | None
    search: SubtreeSearch
    change: np.ndarray | None = None

    def state(self) -> np.ndarray:
        """The state's fluxes."""
        return self.origin if self.change is None else after_change(self.origin, self.change)


class TreeSearch(Protocol):
    """The search as a whole, as its parts have it: its goal, its space, and what is known of designs."""

    problem: Problem
    space: Space
    goal: float
    viable: bool

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones."""

    def evaluate(self, design: Chosen) -> Evaluation | None:
        """A design's evaluation."""

    def offer(self, chosen: Chosen, evaluation: Evaluation) -> None:
        """Offer the designs that an evaluation holds for."""

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state hits, as a set."""

    def around(self, fluxes: np.ndarray) -> Problem:
        """A linear problem that holds a state, and nothing that is none."""

    def growth_hits(self, design: Chosen) -> int:
        """The effects that a growing state hits, as a set, where it is none of those that give a design its value."""

    def extreme(self, design: Chosen) -> np.ndarray | None:
        """The state of a design that most likely lies in a region."""

    def own_region(self, design: Chosen) -> Region | None:
        """The region of a design's own ceiling; None if no state after it reaches the goal."""

    def misses(self, design: Chosen, state: np.ndarray) -> bool:
        """Whether the extreme state alone shows that a design misses the goal."""
