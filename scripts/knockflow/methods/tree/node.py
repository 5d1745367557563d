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
    """The search below one region, as a node has it; `tree` is the search that it is a part of."""

    tree: object

    def children(self, node: "Node") -> list["Node"]:
        """The children of a node that have children themselves; the others are settled."""

    def descendants(self, design: Chosen, forbidden: int, passed: "Passed" = ()) -> list["Node"]:
        """A design as a node of this search, or what is left to see below it."""

    def leaf(self, design: Chosen, passed: "Passed" = ()) -> int:
        """Settle a design that has no children; the bit of a new witness, if it gives one."""


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


Passed = tuple[tuple[int, Evaluation], ...]
"""The followers, by number, by which a design has been found to reach the goal, with its evaluation by each."""


class TreeSearch(Protocol):
    """The search as one follower has it: its goal, its space, and what is known of designs."""

    problem: Problem
    space: Space
    goal: float
    number: int
    all_growing: bool
    first: "SubtreeSearch"

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones."""

    def evaluate(self, design: Chosen) -> Evaluation | None:
        """A design's evaluation by this follower."""

    def after(self, passed: Passed) -> "TreeSearch | None":
        """The next follower by which a design is to be judged; None if it has passed all."""

    def elsewhere(self, design: Chosen, forbidden: int) -> "tuple[np.ndarray, SubtreeSearch] | None":
        """A known state of another follower that rules a design out, and the search that it belongs to."""

    def spared_elsewhere(self, design: Chosen) -> bool:
        """Whether another follower has a known state that rules a design out."""

    def offer(self, chosen: Chosen, passed: Passed) -> None:
        """Offer the designs that some evaluations hold for."""

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """Effects of which every larger design that is better than one that reaches the goal has some."""

    def rule_out(self, design: Chosen) -> None:
        """Note that neither a design nor a larger one reaches the goal."""

    def ruled_out(self, design: Chosen) -> int:
        """Effects that a design cannot be joined by, as far as is known, as a set."""

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state hits, as a set."""

    def keep(self, fluxes: np.ndarray) -> None:
        """Keep a state of a region for other searches."""

    def around(self, fluxes: np.ndarray) -> Problem:
        """A linear problem that holds a state, and nothing that is none."""

    def extreme(self, design: Chosen) -> np.ndarray | None:
        """The state of a design that most likely lies in a region."""

    def some_state(self, design: Chosen, region: Region) -> np.ndarray | None:
        """A state of a region that a design leaves whole; None if none is at hand."""

    def own_region(self, design: Chosen) -> Region | None:
        """The region of a design's own ceiling; None if no state after it reaches the goal."""

    def misses(self, design: Chosen, state: np.ndarray) -> bool:
        """Whether the extreme state alone shows that a design misses the goal."""
