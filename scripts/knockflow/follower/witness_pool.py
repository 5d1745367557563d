"""States that every good design must break, and which designs leave one of them whole.

A target here, as in the search, is an effect (`knockflow.problem.leader`), and a design the effects that it has.
A set of targets, or of states, is a whole number with one bit for each member: to ask whether a design of three
targets spares one of thousands of states costs two operations.
"""

from collections.abc import Iterable

import numpy as np

MOST_COMPARED = 64
"""States among which the one with fewest targets is sought."""

FIRST_COMPARED = 32
"""States after which targets are asked one by one whether they hit all: by then few are left."""


def bits(flags: np.ndarray) -> int:
    """The set of positions that are true."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def members(mask: int) -> list[int]:
    """The positions in a set, ascending."""
    octets = np.frombuffer(mask.to_bytes((mask.bit_length() + 7) // 8, "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(octets, bitorder="little")).tolist()


class Witnesses:
    """States by number, with the targets that each of them hits; the fluxes of some are not kept.

    `masks` are these targets, and `apart` the states that hit none of some special ones.
    """

    def __init__(self, n_targets: int, special: int = 0):
        self.states: list[np.ndarray | None] = []
        self._special, self.apart = special, 0
        self._whole = 0
        self.masks: list[int] = []
        self._hitting = [0] * n_targets
        self._all = 0

    def add(self, mask: int, state: np.ndarray | None = None) -> int:
        """Take a state that hits the targets of a mask; its bit."""
        bit = 1 << len(self.states)
        self.states.append(state)
        if state is not None:
            self._whole |= bit
        self.masks.append(mask)
        if not mask & self._special:
            self.apart |= bit
        self._all |= bit
        for target in members(mask):
            self._hitting[target] |= bit
        return bit

    def spared(self, design: Iterable[int]) -> int:
        """The states that no target of a design hits."""
        left = self._all
        for target in design:
            left &= ~self._hitting[target]
        return left

    def also_spared(self, spared: int, target: int) -> int:
        """Those of some states that one more target does not hit."""
        return spared & ~self._hitting[target]

    def hitting_all(self, spared: int, among: int) -> int:
        """Those of some targets that hit each of some states: the latest ones first, found next to where they serve."""
        rest = spared
        for _ in range(FIRST_COMPARED):
            if not rest or not among:
                return among
            latest = rest.bit_length() - 1
            among &= self.masks[latest]
            rest ^= 1 << latest
        return sum(1 << target for target in members(among) if spared & self._hitting[target] == spared)

    def fewest(self, spared: int, allowed: int) -> np.ndarray | None:
        """Of some states, one that few of the allowed targets hit; None if the fluxes of none are kept."""
        number = self.fewest_hit(spared & self._whole, allowed)
        return None if number is None else self.states[number]

    def fewest_hit(self, spared: int, allowed: int) -> int | None:
        """The number of one of some states that few of the allowed targets hit, whether its fluxes are kept or not."""
        numbers: list[int] = []
        while spared and len(numbers) < MOST_COMPARED:
            low = spared & -spared
            numbers.append(low.bit_length() - 1)
            spared ^= low
        return min(numbers, key=lambda number: (self.masks[number] & allowed).bit_count(), default=None)
