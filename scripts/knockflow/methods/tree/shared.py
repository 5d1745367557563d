"""What searches of one problem share: the engines of each follower, and the states that they find.

The searches of a front visit the same designs under one floor and ceiling after the other. How fast a design grows
depends on neither, so no program of that is solved twice; and a state of one search's region often lies in the next
one's, too.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region
from knockflow.follower.states import Optimum
from knockflow.methods.tree.feasible import Feasible
from knockflow.problem.problem import Problem

MOST_FLUXES = 16_000_000
"""Fluxes other than 0 that are kept of all states together: 12 bytes each."""


class _Packed(NamedTuple):
    """A state of some value: where its fluxes are not 0, and what they are there."""

    value: float
    at: np.ndarray
    fluxes: np.ndarray


class Room:
    """How many fluxes may still be kept."""

    def __init__(self, left: int = 0):
        self.left = left

    def pack(self, found: Optimum) -> _Packed | None:
        """A state in little room; None if there is none left."""
        at = np.flatnonzero(found.fluxes).astype(np.int32)
        if len(at) > self.left:
            return None
        self.left -= len(at)
        return _Packed(found.value, at, found.fluxes[at])


class Shared:
    """What is shared of one follower; with no room, its engines alone.

    Attributes
    ----------
    grower, probe
        An engine that has growth as its objective, and one for all else.
    keeps
        Whether states are kept.
    """

    def __init__(self, problem: Problem, room: Room):
        self.grower, self.probe = Follower(problem), Follower(problem)
        self._problem = problem
        self._n, self._room, self.keeps = len(problem.columns), room, room.left > 0
        self._growth: dict[frozenset[int], float] = {}
        self._fastest: dict[frozenset[int], _Packed] = {}
        self._states: list[_Packed] = []
        self._feasible: Feasible | None = None

    def fastest(self, design: Collection[int], least: float | None) -> Optimum | None:
        """The state of largest growth; None if that is below min_growth, or below a floor (1/h)."""
        known = frozenset(design)
        growth = self._growth.get(known)
        if growth is not None and (known in self._fastest or not self._enough(growth, least)):
            return self._unpacked(self._fastest[known]) if self._enough(growth, least) else None
        found = self.grower.max_growth(self.grower.after(design))
        growth = -np.inf if found is None else found.value
        if self.keeps:
            self._growth[known] = growth
            packed = self._room.pack(found) if self.grower.grows(growth) else None
            if packed is not None:
                self._fastest[known] = packed
        return found if self._enough(growth, least) else None

    def _enough(self, growth: float, least: float | None) -> bool:
        return self.grower.grows(growth) and (least is None or growth >= least)

    def keep(self, state: np.ndarray) -> None:
        """Keep a state of a region."""
        packed = self._room.pack(Optimum(0.0, state)) if self.keeps else None
        if packed is not None:
            self._states.append(packed)

    def some_state(self, design: Collection[int], region: Region) -> np.ndarray | None:
        """A state of a region that a design leaves whole; None if none is found, or the follower is not linear."""
        if not self._problem.linear:
            return None
        if self._feasible is None:
            self._feasible = Feasible(self._problem, region)
        return self._feasible.after(design, region)

    def states(self) -> Iterator[np.ndarray]:
        """The states of regions that are kept."""
        return (self._unpacked(packed).fluxes for packed in self._states)

    def _unpacked(self, packed: _Packed) -> Optimum:
        fluxes = np.zeros(self._n)
        fluxes[packed.at] = packed.fluxes
        return Optimum(packed.value, fluxes)


def share(problems: Sequence[Problem]) -> list[Shared]:
    """What searches share of each follower, with one room for all."""
    room = Room(MOST_FLUXES)
    return [Shared(problem, room) for problem in problems]


def engines(problems: Sequence[Problem]) -> list[Shared]:
    """Engines of each follower, for one search that shares nothing."""
    return [Shared(problem, Room()) for problem in problems]
