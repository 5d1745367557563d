"""Lossless compression of a network: idle reactions dropped, coupled ones merged, dependent rows left out.

A reaction is idle if no steady state within the bounds carries it, so that dropping it changes no state. A merged
column carries its members in their one possible ratio, within the bounds of each. A dependent row is implied by others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from knockflow.coupling import Column, Group, coupled_groups, independent_rows
from knockflow.fva import carrying_columns
from knockflow.lp import LP
from knockflow.network import Network
from knockflow.sparse import Sparse
from knockflow.tolerances import FEASIBILITY


@dataclass(frozen=True)
class Merged:
    """A network in columns: groups of coupled reactions with what they do to the metabolites, and common bounds."""

    network: Network
    groups: list[Group]
    columns: list[Column]
    rows: list[int]
    lower: np.ndarray
    upper: np.ndarray

    def matrix(self) -> Sparse:
        """The coefficients of the columns in the rows, by position in `rows`."""
        position = {row: number for number, row in enumerate(self.rows)}
        return Sparse.of(
            [(position[row], float(value)) for row, value in column if row in position] for column in self.columns
        )

    def vector(self, coefficients: Mapping[str, float]) -> np.ndarray:
        """A linear function of reactions as one of the columns."""
        index = self.network.index()
        of = {index[reaction]: value for reaction, value in coefficients.items()}
        return np.array([sum(of.get(member, 0.0) * float(factor) for member, factor in g) for g in self.groups])

    def lp(self) -> LP:
        """All steady states within the bounds."""
        zero = np.zeros(len(self.rows))
        return LP(self.matrix(), zero, zero, self.lower, self.upper)

    def members(self, columns: Iterable[int]) -> list[int]:
        """The reactions in some columns, in ascending order."""
        return sorted(member for column in columns for member, _ in self.groups[column])


def merge(network: Network, reactions: Iterable[int]) -> Merged:
    """Some of a network's reactions as coupled groups; those that no steady state can carry are in none."""
    chosen = list(reactions)
    groups = [
        [(chosen[column], factor) for column, factor in group]
        for group in coupled_groups([network.stoichiometry[reaction] for reaction in chosen])
    ]
    columns = [_merged_column(network, group) for group in groups]
    ends = np.array([_merged_bounds(network, group) for group in groups]).reshape(-1, 2)
    return Merged(network, groups, columns, independent_rows(columns), ends[:, 0], ends[:, 1])


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
    carrying = merged.members(np.flatnonzero(carries))
    smaller = merge(network, carrying)
    # What needs so little of another reaction that its flux drowns in the tolerance (a tiny biomass coefficient) can
    # no longer run without it; then nothing is dropped.
    return (smaller if smaller.members(range(len(smaller.groups))) == carrying else merged), True


def _forces_what_cannot_run(merged: Merged) -> bool:
    """Whether a reaction that no steady state can carry must have flux."""
    out = np.ones(len(merged.network.reactions), bool)
    out[merged.members(range(len(merged.groups)))] = False
    return bool((out & ((merged.network.lower > FEASIBILITY) | (merged.network.upper < -FEASIBILITY))).any())


def _merged_column(network: Network, group: Group) -> Column:
    total: dict[int, Fraction] = {}
    for member, factor in group:
        for row, value in network.stoichiometry[member]:
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
