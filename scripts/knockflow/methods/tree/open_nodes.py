"""What a search of the tree has still to visit: its open nodes, by level."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np

from knockflow.base.json_arrays import (
    packed,
    packed_lists,
    packed_masks,
    packed_shared,
    unpacked,
    unpacked_lists,
    unpacked_masks,
    unpacked_shared,
)
from knockflow.methods.tree.node import Node, SubtreeSearch

LEVELS_IN_WIDTH = 2
"""Levels of which all nodes are visited before any of the next one."""


class OpenNodes:
    """Open nodes by level, each level in order.

    The first levels are visited one after the other: what is learnt of small designs serves everywhere below. Deeper
    ones come before what is open above them, so that few of their many nodes are open at a time. `in_width` says how
    many levels are the first ones.
    """

    def __init__(self, in_width: float = LEVELS_IN_WIDTH) -> None:
        self._in_width = in_width
        self._levels: dict[int, deque[Node]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._levels.values()))

    @property
    def level(self) -> int | None:
        """The level that comes first; None if no node is open."""
        deepest = max(self._levels, default=0)
        return deepest if deepest > self._in_width else min(self._levels, default=None)

    def add(self, level: int, nodes: Iterable[Node]) -> None:
        """Open some nodes behind those of their level."""
        own = self._levels.setdefault(level, deque())
        own.extend(nodes)
        if not own:
            del self._levels[level]

    def take(self) -> tuple[int, Node]:
        """The first node, with its level; it is open no longer."""
        level = self.level
        node = self._levels[level].popleft()
        if not self._levels[level]:
            del self._levels[level]
        return level, node

    def share(self, number: int, shares: int) -> "OpenNodes":
        """One of several shares: every so many of the nodes of each level."""
        own = OpenNodes(self._in_width)
        for level, nodes in self._levels.items():
            own.add(level, islice(nodes, number, None, shares))
        return own

    def as_json(self, *searches: SubtreeSearch | None) -> list[dict]:
        """Designs, what is forbidden below them, and the states of the searches' nodes, in a form that JSON can hold.

        Nodes share few origins and changes; looking for a state again would cost a linear program for most of them.
        Those of other searches go to the first of these, or to the one of the same tree.
        """
        parts = []
        for level, nodes in self._levels.items():
            kept = [any(node.search is search for search in searches) for node in nodes]
            part = {
                "level": level,
                "designs": packed_lists([node.design for node in nodes]),
                "forbidden": packed_masks([node.forbidden for node in nodes]),
                "origins": packed_shared([node.origin if own else None for node, own in zip(nodes, kept, strict=True)]),
                "changes": packed_shared(
                    [node.change if own else None for node, own in zip(nodes, kept, strict=True)], sparse=True
                ),
            }
            if len(searches) > 1:
                part["searches"] = packed(np.array([_place(node.search, searches) for node in nodes], np.int64))
            parts.append(part)
        return parts

    @classmethod
    def of_json(
        cls, content: Iterable[Mapping], *searches: SubtreeSearch | None, in_width: float = LEVELS_IN_WIDTH
    ) -> "OpenNodes":
        """From that form, for as many searches; they will look for the states that nodes lack."""
        own = cls(in_width)
        for part in content:
            designs, forbidden = unpacked_lists(part["designs"]), unpacked_masks(part["forbidden"])
            states = unpacked_shared(part["origins"]), unpacked_shared(part["changes"])
            places = unpacked(part["searches"]).tolist() if len(searches) > 1 else [0] * len(designs)
            nodes = zip(designs, forbidden, *states, places, strict=True)
            own.add(part["level"], (Node(design, bar, at, searches[place], by) for design, bar, at, by, place in nodes))
        return own


def _place(search: SubtreeSearch, searches: Sequence[SubtreeSearch]) -> int:
    """Which of some searches is of the tree of another one, or that one itself; the first if none is."""
    return next((place for place, one in enumerate(searches) if one.tree is search.tree), 0)
