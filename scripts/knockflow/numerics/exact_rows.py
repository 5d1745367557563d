"""The bounds and rows of exact programs with their nearest floating-point numbers, which programs share.

A program that differs from another by a few bounds and rows takes the numbers of all others from it, so that thousands
of fractions are read, rounded and arranged by column once for all strains of a cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

Entries = Mapping[str, Fraction]

Ends = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class ExactRow:
    """lower <= sum of coefficient * flux <= upper; an end that is not there is None."""

    entries: Entries
    lower: Fraction | None
    upper: Fraction | None

    @property
    def ends(self) -> Ends:
        """The lower and the upper end."""
        return self.lower, self.upper


class Ranges(Mapping[str, tuple[Fraction, Fraction]]):
    """Bounds by flux; `lower` and `upper` are the nearest floating-point numbers, `number` the place of each flux."""

    def __init__(self, bounds: Mapping[str, tuple[Fraction, Fraction]]):
        self._bounds = dict(bounds)
        self.number = {name: number for number, name in enumerate(self._bounds)}
        self.lower, self.upper = np.array(list(self._bounds.values()), float).reshape(-1, 2).T
        self.crossed = {name for name, (lower, upper) in self._bounds.items() if lower > upper}

    def changed(self, some: Mapping[str, tuple[Fraction, Fraction]]) -> "Ranges":
        """These with other bounds for some of the fluxes."""
        new = object.__new__(Ranges)
        new._bounds, new.number = self._bounds | dict(some), self.number
        new.lower, new.upper = self.lower.copy(), self.upper.copy()
        for name, (lower, upper) in some.items():
            new.lower[self.number[name]], new.upper[self.number[name]] = float(lower), float(upper)
        new.crossed = self.crossed.difference(some) | {name for name, (lower, upper) in some.items() if lower > upper}
        return new

    def extended(self, rows: "Rows", names: Sequence[str], most: Fraction) -> "Ranges":
        """These and more fluxes of some rows, from 0 to `most`."""
        new, count = object.__new__(Ranges), len(names)
        new._bounds, new.number = self._bounds | dict.fromkeys(names, (Fraction(0), most)), rows.fluxes
        new.lower = np.concatenate([self.lower, np.zeros(count)])
        new.upper = np.concatenate([self.upper, np.full(count, float(most))])
        new.crossed = self.crossed
        return new

    @cached_property
    def names(self) -> list[str]:
        """The fluxes in their order."""
        return list(self._bounds)

    def without_zero(self) -> list[str]:
        """Fluxes that cannot be 0."""
        return [self.names[number] for number in np.flatnonzero((self.lower > 0) | (self.upper < 0))]

    def __getitem__(self, name: str) -> tuple[Fraction, Fraction]:
        return self._bounds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bounds)

    def __len__(self) -> int:
        return len(self._bounds)


class Rows(Mapping[str, ExactRow]):
    """Rows by name over numbered fluxes.

    `start`, `index` and `value` are the matrix by rows, `lower` and `upper` the ends, all as floating-point numbers;
    `fluxes` has the place of each flux.
    """

    def __init__(self, rows: Mapping[str, ExactRow], number: Mapping[str, int]):
        self._rows, self.fluxes = dict(rows), number
        own = self._rows.values()
        self.start, self.index, self.value = _matrix(own, number)
        self.lower = np.array([_end(row.lower, -np.inf) for row in own], float)
        self.upper = np.array([_end(row.upper, np.inf) for row in own], float)
        self._before: Rows | None = None

    def changed(self, more: Mapping[str, ExactRow]) -> "Rows":
        """These with more rows, at the end, and others in the place of those of the same name."""
        old = {name: row for name, row in more.items() if name in self._rows}
        if any(self._rows[name].entries is not row.entries for name, row in old.items()):
            return Rows(self._rows | dict(more), self.fluxes)
        new = object.__new__(Rows)
        new._rows, new.fluxes, new._before = self._rows | dict(more), self.fluxes, self
        added = [row for name, row in more.items() if name not in old]
        start, index, value = _matrix(added, self.fluxes)
        new.start = np.concatenate([self.start, self.start[-1] + start[1:]])
        new.index, new.value = np.concatenate([self.index, index]), np.concatenate([self.value, value])
        new.lower = np.concatenate([self.lower, [_end(row.lower, -np.inf) for row in added]])
        new.upper = np.concatenate([self.upper, [_end(row.upper, np.inf) for row in added]])
        for name, row in old.items():
            place = self.place[name]
            new.lower[place], new.upper[place] = _end(row.lower, -np.inf), _end(row.upper, np.inf)
        if not added:
            new.names, new.place, new.columns = self.names, self.place, self.columns
            new._before = None
        return new

    @cached_property
    def names(self) -> list[str]:
        """The rows in their order."""
        return list(self._rows)

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each row."""
        return {name: number for number, name in enumerate(self._rows)}

    @cached_property
    def columns(self) -> list[list[tuple[int, Fraction]]]:
        """For each flux its rows with the coefficients, in the order of the rows."""
        known = self._before.columns if self._before else [[] for _ in self.fluxes]
        found, own = list(known), set()
        for place in range(len(self._before) if self._before else 0, len(self)):
            for name, value in self._rows[self.names[place]].entries.items():
                number = self.fluxes[name]
                if self._before and number not in own:
                    found[number] = list(found[number])
                    own.add(number)
                found[number].append((place, value))
        return found

    def without_zero(self) -> list[int]:
        """Places of the rows that cannot be 0."""
        return np.flatnonzero((self.lower > 0) | (self.upper < 0)).tolist()

    def of(self, place: int) -> ExactRow:
        """The row at a place."""
        return self._rows[self.names[place]]

    @cached_property
    def with_misses(self) -> tuple["Rows", list[str]]:
        """The rows, each of which may be missed at either end by a flux of its own, and the names of those fluxes."""
        misses, rows = [], {}
        for name, row in self._rows.items():
            own = {
                f"{name} {sign}": Fraction(sign) for sign, end in ((1, row.lower), (-1, row.upper)) if end is not None
            }
            misses += own
            rows[name] = replace(row, entries={**row.entries, **own})
        return Rows(rows, {name: number for number, name in enumerate([*self.fluxes, *misses])}), misses

    def __getitem__(self, name: str) -> ExactRow:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _matrix(rows: Iterable[ExactRow], number: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts, columns and values of a matrix by rows."""
    start = np.cumsum([0, *(len(row.entries) for row in rows)], dtype=np.int32)
    index = np.array([number[name] for row in rows for name in row.entries], dtype=np.int32)
    return start, index, np.array([float(x) for row in rows for x in row.entries.values()], float)


def _end(value: Fraction | None, infinite: float) -> float:
    return infinite if value is None else float(value)
