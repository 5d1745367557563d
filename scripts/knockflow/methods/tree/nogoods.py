"""Sets of effects of which nothing more is to be seen, nor of any larger set."""

from functools import reduce
from itertools import combinations
from operator import or_

from knockflow.methods.tree.search_space import Chosen

MOST_REMEMBERED = 8
"""Effects from which a set is not remembered: to ask for all subsets of larger ones takes too long."""


class NoGoods:
    """Dead sets, so that no search below another branch reaches them again."""

    def __init__(self) -> None:
        self.sets: list[Chosen] = []
        self._last: dict[frozenset[int], int] = {}

    def add(self, chosen: Chosen) -> None:
        """Remember a set."""
        if len(chosen) > MOST_REMEMBERED:
            return
        self.sets.append(chosen)
        for effect in chosen:
            rest = frozenset(chosen) - {effect}
            self._last[rest] = self._last.get(rest, 0) | 1 << effect

    def beside(self, chosen: Chosen) -> int:
        """The effects that a set cannot be joined by, as far as is known, as a set."""
        if len(chosen) > MOST_REMEMBERED:
            return 0
        parts = (frozenset(part) for size in range(len(chosen)) for part in combinations(chosen, size))
        return reduce(or_, (self._last.get(part, 0) for part in parts), 0)
