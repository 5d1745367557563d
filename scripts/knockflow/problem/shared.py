"""What several networks of the same reactions share: one network that has the states of each, to compress for all.

A network that differs in bounds only lies within the widest bounds of all. Where coefficients differ, the rows that
hold in each are the combinations in which the differences cancel: with S_k = S_1 + D_k, those of p'S with p'D_k = 0
for all k. As many rows as the differences have rank stay each network's own, and have no ends in the shared one. So
what is coupled in the shared network is coupled in each of them, by the same factors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction

import numpy as np

from knockflow.model.network import Network, NetworkRow

Coefficients = dict[int, Fraction]


@dataclass(frozen=True)
class SharedNetwork(Network):
    """A network with rows of its own in place of those of its stoichiometry."""

    own_rows: tuple[NetworkRow, ...] = ()

    @property
    def rows(self) -> tuple[NetworkRow, ...]:
        """The rows that hold in every one of the networks; those that do not have no ends."""
        return self.own_rows


def shared(networks: Sequence[Network]) -> tuple[Network, list[int]]:
    """The network that several share, and the rows that each has by itself, by number.

    The networks have the same reactions and rows, by name, with other bounds and coefficients.
    """
    first = networks[0]
    if len(networks) == 1:
        return first, []
    lower = np.min([network.lower for network in networks], axis=0)
    upper = np.max([network.upper for network in networks], axis=0)
    widest = replace(first, lower=lower, upper=upper)
    differing = _differences(networks)
    if not differing:
        return widest, []
    rows, own = list(first.rows), [row for row in differing if not first.rows[row].steady]
    pivots = _eliminated({row: differing[row] for row in differing if row not in own}, rows)
    own = sorted([*own, *pivots])
    for row in own:
        rows[row] = replace(rows[row], lower=-np.inf, upper=np.inf)
    values = {field.name: getattr(widest, field.name) for field in fields(widest)}
    return SharedNetwork(**values, own_rows=tuple(rows)), own


def _differences(networks: Sequence[Network]) -> dict[int, dict[tuple[int, int], Fraction]]:
    """By row, by how much the coefficient of a reaction in a network, each by number, is more than in the first."""
    first, found = networks[0], {}
    for number, network in enumerate(networks[1:]):
        for row, (ours, theirs) in enumerate(zip(first.rows, network.rows, strict=True)):
            if ours.coefficients is theirs.coefficients or ours.coefficients == theirs.coefficients:
                continue
            for reaction in ours.coefficients.keys() | theirs.coefficients.keys():
                more = theirs.coefficients.get(reaction, Fraction(0)) - ours.coefficients.get(reaction, Fraction(0))
                if more:
                    found.setdefault(row, {})[number, reaction] = more
    return dict(sorted(found.items()))


def _eliminated(differing: Mapping[int, Mapping], rows: list[NetworkRow]) -> list[int]:
    """The rows by which the differences are taken out of the others, in place; Gauss, in exact fractions."""
    left, pivots = {row: dict(entries) for row, entries in differing.items()}, []
    while left:
        pivot, entries = left.popitem()
        if not entries:
            continue
        pivots.append(pivot)
        place = min(entries)
        for row, others in left.items():
            if place in others:
                factor = others[place] / entries[place]
                left[row] = _less(others, factor, entries)
                less = _less(rows[row].coefficients, factor, rows[pivot].coefficients)
                rows[row] = replace(rows[row], coefficients=less)
    return pivots


def _less(one: Mapping, factor: Fraction, other: Mapping) -> dict:
    """One sparse vector less a multiple of another."""
    keys = dict.fromkeys([*one, *other])
    found = {key: one.get(key, Fraction(0)) - factor * other.get(key, Fraction(0)) for key in keys}
    return {key: value for key, value in found.items() if value}
