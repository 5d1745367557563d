"""What dives have met, for all later ones: states that must be hit, and what nothing that is needed survives.

A row says of a design with some restrictions that it must also have one of some effects, or it leaves a state whole
that spoils the aim. A conflict says that no design has all of some restrictions. Both hold for any aim that they are
asked for with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from knockflow.follower.witness_pool import members
from knockflow.methods.dive.aims import Aim

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Row:
    """A state that spoils designs.

    Attributes
    ----------
    hits
        The effects that it violates.
    state
        Its fluxes (mmol/gDW/h).
    within
        The restrictions of the design that it was met at.
    value
        What a design with these restrictions is worth at most while it leaves the state whole.
    """

    hits: int
    state: np.ndarray
    within: frozenset[int]
    value: float


@dataclass(frozen=True)
class Conflict:
    """Restrictions that leave no more than some potential."""

    restrictions: frozenset[int]
    potential: float


class Met:
    """All rows and conflicts."""

    def __init__(self, n_effects: int):
        self.rows: list[Row] = []
        self.conflicts: list[Conflict] = []
        self._n, self._flags = n_effects, np.zeros((0, n_effects), np.float32)
        self._seen: set[tuple[int, frozenset[int]]] = set()

    def add(self, row: Row) -> None:
        """Note a row, once."""
        key = row.hits, row.within
        if key in self._seen:
            return
        self._seen.add(key)
        self.rows.append(row)
        flags = np.zeros((1, self._n), np.float32)
        flags[0, members(row.hits)] = 1.0
        self._flags = np.concatenate([self._flags, flags])

    def lose(self, conflict: Conflict) -> None:
        """Note a conflict."""
        self.conflicts.append(conflict)

    def lost(self, aim: Aim, restrictions: set[int]) -> bool:
        """Whether some restrictions are known to leave too little."""
        return any(aim.misses(one.potential) and one.restrictions <= restrictions for one in self.conflicts)

    def counts(self, done: int) -> np.ndarray:
        """For each effect, how many of the states that some effects leave whole it would hit."""
        left = [number for number, row in enumerate(self.rows) if not row.hits & done]
        return self._flags[left].sum(axis=0)

    def holding(self, aim: Aim) -> Iterator[tuple[int, frozenset[int]]]:
        """The rows that hold for an aim: effects to be hit, by designs with some restrictions."""
        for row in self.rows:
            if aim.rules_out(row.state):
                yield row.hits, NOTHING
            elif aim.misses(row.value):
                yield row.hits, row.within

    def lethal(self, aim: Aim) -> Iterator[frozenset[int]]:
        """The restrictions that no design has together that meets an aim."""
        return (one.restrictions for one in self.conflicts if aim.misses(one.potential))
