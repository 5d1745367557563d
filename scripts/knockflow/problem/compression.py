"""Lossless compression of a network: idle reactions dropped, coupled ones merged, dependent rows left out.

A reaction is idle if no steady state within the bounds carries it, so that dropping it changes no state. A merged
column carries its members in their one possible ratio, within the bounds of each. A dependent row is implied by others.
Constraints of the model's own are kept, with what a merged column adds to them; left out are those that the bounds
imply, whatever the fluxes are. One that says that something is 0 is treated like the balance of a metabolite.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.sparse import csc_array

from knockflow.base.tolerances import FEASIBILITY
from knockflow.model.network import Network
from knockflow.numerics.elimination import Group, SparseColumn, coupled_groups, independent_rows
from knockflow.numerics.flux_ranges import carrying_columns
from knockflow.numerics.program import LinearProgram, distinct, matrix_of
from knockflow.numerics.simplex import LP


@dataclass(frozen=True)
class Merged:
    """A network in columns: groups of coupled reactions with what they add to the rows, and common bounds.

    `rows` are the numbers of those of the network's rows that are kept.
    """

    network: Network
    groups: list[Group]
    columns: list[SparseColumn]
    rows: list[int]
    lower: np.ndarray
    upper: np.ndarray

    def program(self) -> LinearProgram:
        """All steady states within the bounds; a column is called by its reactions, sorted and joined by |."""
        kept = [self.network.rows[row] for row in self.rows]
        position = {row: number for number, row in enumerate(self.rows)}
        entries = (
            [(position[row], float(value)) for row, value in column if row in position] for column in self.columns
        )
        ids = ("|".join(sorted(self.network.reactions[member] for member, _ in group)) for group in self.groups)
        return LinearProgram(
            rows=distinct(row.name for row in kept),
            row_lower=np.array([row.lower for row in kept], float),
            row_upper=np.array([row.upper for row in kept], float),
            columns=tuple(ids),
            lower=self.lower,
            upper=self.upper,
            matrix=matrix_of(entries, len(kept)),
            integer=np.zeros(len(self.groups), bool),
        )

    def members(self) -> csc_array:
        """The flux of each of the network's reactions per flux of each column, reactions by columns."""
        factors = ([(member, float(factor)) for member, factor in group] for group in self.groups)
        return matrix_of(factors, len(self.network.reactions))

    @property
    def place(self) -> dict[str, tuple[int, float]]:
        """For each reaction that some steady state carries, its column and its flux per that of it."""
        reactions = self.network.reactions
        return {
            reactions[member]: (column, float(factor))
            for column, group in enumerate(self.groups)
            for member, factor in group
        }

    def vector(self, coefficients: Mapping[str, float]) -> np.ndarray:
        """A linear function of reactions as one of the columns."""
        index = self.network.index()
        of = {index[reaction]: value for reaction, value in coefficients.items()}
        return np.array([sum(of.get(member, 0.0) * float(factor) for member, factor in g) for g in self.groups])

    def in_network(self, network: Network, own_rows: Iterable[int]) -> "Merged":
        """The same groups in one of the networks that share this one, with the rows that it has by itself."""
        entries = _entries(network)
        columns = [_merged_column(entries, group) for group in self.groups]
        ends = np.array([_merged_bounds(network, group) for group in self.groups]).reshape(-1, 2)
        rows = sorted({*self.rows, *own_rows, *_binding(network, columns, ends)})
        return Merged(network, self.groups, columns, rows, ends[:, 0], ends[:, 1])

    @property
    def possible(self) -> bool:
        """Whether no reaction must have flux that no steady state can carry."""
        return not _forces_what_cannot_run(self)

    def lp(self) -> LP:
        """An engine for all steady states within the bounds."""
        return LP(self.program())

    def members_of(self, columns: Iterable[int]) -> list[int]:
        """The reactions in some columns, in ascending order."""
        return sorted(member for column in columns for member, _ in self.groups[column])


def merge(network: Network, reactions: Iterable[int]) -> Merged:
    """Some of a network's reactions as coupled groups; those that no steady state can carry are in none."""
    chosen, entries = list(reactions), _entries(network)
    steady = [row.steady for row in network.rows]
    groups = [
        [(chosen[column], factor) for column, factor in group]
        for group in coupled_groups([[(i, x) for i, x in entries[reaction] if steady[i]] for reaction in chosen])
    ]
    columns = [_merged_column(entries, group) for group in groups]
    ends = np.array([_merged_bounds(network, group) for group in groups]).reshape(-1, 2)
    rows = independent_rows([[(i, x) for i, x in column if steady[i]] for column in columns])
    kept = sorted([*rows, *_binding(network, columns, ends)])
    return Merged(network, groups, columns, kept, ends[:, 0], ends[:, 1])


def _entries(network: Network) -> list[list[tuple[int, Fraction]]]:
    """For each reaction, what it adds to the rows."""
    entries: list[list[tuple[int, Fraction]]] = [[] for _ in network.reactions]
    for number, row in enumerate(network.rows):
        for reaction, value in row.coefficients.items():
            entries[reaction].append((number, value))
    return entries


def _binding(network: Network, columns: Sequence[SparseColumn], ends: np.ndarray) -> list[int]:
    """The rows that do not say that something is 0, without those that hold for all fluxes within their bounds."""
    least = {number: 0.0 for number, row in enumerate(network.rows) if not row.steady}
    most = dict(least)
    for column, (lower, upper) in zip(columns, ends, strict=True):
        for number, value in column:
            if number in least:
                sides = sorted((float(value) * lower, float(value) * upper))
                least[number] += sides[0]
                most[number] += sides[1]
    rows = network.rows
    return [i for i in least if not (least[i] >= rows[i].lower and most[i] <= rows[i].upper)]


def compress(network: Network) -> tuple[Merged, bool]:
    """Only what carries flux in some steady state within the bounds, and whether there is any such state.

    Coupling needs no bounds and comes first, so that the programs that look for idle columns are small; without
    those, what shared a metabolite with them may be coupled. One repetition is enough: the states are the same.
    """
    merged = merge(network, range(len(network.reactions)))
    if _forces_what_cannot_run(merged):
        return merged, False
    carries = carrying_columns(merged.lp(), merged.lower, merged.upper)
    if carries is None:
        return merged, False
    carrying = merged.members_of(np.flatnonzero(carries))
    smaller = merge(network, carrying)
    # What needs so little of another reaction that its flux drowns in the tolerance (a tiny biomass coefficient) can
    # no longer run without it; then nothing is dropped.
    return (smaller if smaller.members_of(range(len(smaller.groups))) == carrying else merged), True


def _forces_what_cannot_run(merged: Merged) -> bool:
    """Whether a reaction that no steady state can carry must have flux."""
    out = np.ones(len(merged.network.reactions), bool)
    out[merged.members_of(range(len(merged.groups)))] = False
    return bool((out & ((merged.network.lower > FEASIBILITY) | (merged.network.upper < -FEASIBILITY))).any())


def _merged_column(entries: Sequence[SparseColumn], group: Group) -> SparseColumn:
    total: dict[int, Fraction] = {}
    for member, factor in group:
        for row, value in entries[member]:
            total[row] = total.get(row, Fraction(0)) + factor * value
    return sorted((row, value) for row, value in total.items() if value)


def _merged_bounds(network: Network, group: Group) -> tuple[float, float]:
    """Bounds of a merged column: those of every member hold, each by its factor."""
    lower, upper = -np.inf, np.inf
    for member, factor in group:
        ends = sorted((network.lower[member] / float(factor), network.upper[member] / float(factor)))
        lower, upper = max(lower, ends[0]), min(upper, ends[1])
    if upper < lower <= upper + FEASIBILITY:
        return upper, upper  # equal but for the rounding of the factors
    return lower, upper
