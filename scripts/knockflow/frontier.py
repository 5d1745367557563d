"""What a search of the tree has still to visit: its open nodes, by level."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice

from knockflow.hunt import Hunt, Node
from knockflow.packing import packed_lists, packed_masks, unpacked_lists, unpacked_masks


class Frontier:
    """Open nodes by level; those of the level nearest to the root come first, each level in order."""

    def __init__(self) -> None:
        self._levels: dict[int, deque[Node]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._levels.values()))

    @property
    def level(self) -> int | None:
        """The level that comes first; None if no node is open."""
        return min(self._levels, default=None)

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

    def share(self, number: int, shares: int) -> "Frontier":
        """One of several shares: every so many of the nodes of each level."""
        own = Frontier()
        for level, nodes in self._levels.items():
            own.add(level, islice(nodes, number, None, shares))
        return own

    def as_json(self) -> list[dict]:
        """Designs and what is forbidden below them, in a form that JSON can hold; states are left out."""
        return [
            {
                "level": level,
                "designs": packed_lists([node.design for node in nodes]),
                "forbidden": packed_masks([node.forbidden for node in nodes]),
            }
            for level, nodes in self._levels.items()
        ]

    @classmethod
    def of_json(cls, content: Iterable[Mapping], hunt: Hunt) -> "Frontier":
        """From that form; the nodes' states will be looked for by a hunt."""
        own = cls()
        for part in content:
            pairs = zip(unpacked_lists(part["designs"]), unpacked_masks(part["forbidden"]), strict=True)
            own.add(part["level"], (Node(design, forbidden, None, hunt) for design, forbidden in pairs))
        return own
