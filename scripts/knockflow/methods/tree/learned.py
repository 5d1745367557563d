"""What a search has learnt that spares others of the same formulation linear programs, and its form as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knockflow.base.json_arrays import packed, packed_masks, packed_shared, unpacked, unpacked_masks, unpacked_shared
from knockflow.methods.tree.search_space import Chosen

Detour = tuple[int, int, np.ndarray]
"""Cause, target and change of fluxes, as in `knockflow.methods.tree.detours.Detours`."""


@dataclass
class Knowledge:
    """What one search can tell another of the same formulation, for its goal or a higher one.

    Attributes
    ----------
    goal
        Value for which all of it holds.
    base, changes
        A state of the region, and changes of it.
    no_goods
        Designs that do not reach the goal, nor does any larger one.
    hits
        For states of the region, the effects that each of them hits, as sets.
    states
        The fluxes of these states where they are kept, None where not; empty if they are not told.
    """

    goal: float
    base: np.ndarray | None = None
    changes: list[Detour] = field(default_factory=list)
    no_goods: list[Chosen] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    states: list[np.ndarray | None] = field(default_factory=list)

    def as_json(self) -> dict:
        """In a form that JSON can hold."""
        return {
            "goal": self.goal,
            "base": None if self.base is None else packed(self.base),
            "changes": _as_json(self.changes),
            "no_goods": [list(map(int, design)) for design in self.no_goods],
            "hits": packed_masks(self.hits),
            "states": packed_shared(self.states),
        }

    @classmethod
    def of_json(cls, content: Mapping, n_columns: int) -> "Knowledge":
        """From that form, for a problem with so many columns."""
        return cls(
            content["goal"],
            None if content["base"] is None else unpacked(content["base"], np.float64),
            _changes(content["changes"], n_columns),
            [tuple(design) for design in content["no_goods"]],
            unpacked_masks(content["hits"]),
            unpacked_shared(content["states"]),
        )

    @classmethod
    def of_several(cls, contents: Sequence[Mapping], n_columns: int) -> "Knowledge":
        """That of several processes, of which all but the first have only told what they have learnt themselves."""
        known, *more = (cls.of_json(one, n_columns) for one in contents)
        for other in more:
            known.no_goods, known.hits = known.no_goods + other.no_goods, known.hits + other.hits
            known.states = known.states + other.states
        return known


def _as_json(changes: list[Detour]) -> list[str]:
    """Causes and targets, how many fluxes each change touches, which ones, and by how much."""
    touched = [np.flatnonzero(change) for _, _, change in changes]
    numbers = np.array([[cause, target, len(at)] for (cause, target, _), at in zip(changes, touched, strict=True)])
    by = [change[at] for (_, _, change), at in zip(changes, touched, strict=True)]
    return [
        packed(numbers.astype(np.int64)),
        packed(np.concatenate([*touched, np.empty(0, np.int64)]).astype(np.int64)),
        packed(np.concatenate([*by, np.empty(0)])),
    ]


def _changes(texts: list[str], n_columns: int) -> list[Detour]:
    numbers, at, by = unpacked(texts[0]).reshape(-1, 3), unpacked(texts[1]), unpacked(texts[2], np.float64)
    changes, start = [], 0
    for cause, target, count in numbers.tolist():
        change = np.zeros(n_columns)
        change[at[start : start + count]] = by[start : start + count]
        changes.append((cause, target, change))
        start += count
    return changes
