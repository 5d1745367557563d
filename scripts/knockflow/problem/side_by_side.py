"""Copies of the cell side by side in one follower, such as the zones of a reactor, each with a share of the biomass.

    S v_k = 0,   l_k <= v_k <= u_k   for each part k;    growth = sum of w_k v_k,growth,   sum of w_k = 1

Fluxes of a part are per its own biomass (mmol/gDW/h). Growth, what the cell maximizes, product, uptake, and with them
the flux of each reaction of the model, are means weighted by the shares w_k: per biomass of all parts together. All
parts have the same columns, one part after the other, so that a target is the same in each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_diag, csc_array, hstack

from knockflow.problem.assemble import Ranges
from knockflow.problem.follower_program import FollowerProgram
from knockflow.problem.leader import Effect, Targets

Place = Mapping[str, tuple[int, float]]
"""For each reaction that some state carries, its column, and its flux per flux of the column."""


@dataclass(frozen=True)
class SideBySide:
    """The parts of a follower.

    Attributes
    ----------
    names, shares
        One for each part; the shares add up to 1.
    """

    names: tuple[str, ...]
    shares: tuple[float, ...]

    def follower(self, parts: Sequence[FollowerProgram]) -> FollowerProgram:
        """One follower of the parts, which have the same columns; nothing connects them."""
        first = parts[0]
        every = {name: np.concatenate([getattr(one, name) for one in parts]) for name in ("row_lower", "row_upper")}
        every |= {name: np.concatenate([getattr(one, name) for one in parts]) for name in first.per_column()}
        for goal in first.goals:
            own = zip(self.shares, parts, strict=True)
            every[goal] = np.concatenate([share * getattr(one, goal) for share, one in own])
        members = [share * one.members for share, one in zip(self.shares, parts, strict=True)]
        return replace(
            first,
            rows=self._named(one.rows for one in parts),
            columns=self._named(one.columns for one in parts),
            matrix=csc_array(block_diag([one.matrix for one in parts], format="csc")),
            members=csc_array(hstack(members, format="csc")),
            **every,
        )

    def _named(self, names) -> tuple[str, ...]:
        return tuple(f"{part}: {name}" for part, own in zip(self.names, names, strict=True) for name in own)

    def places(self, place: Place, columns: int) -> list[Place]:
        """The columns of each part, given those of one part alone, and how many it has."""
        return [
            {reaction: (number * columns + column, factor) for reaction, (column, factor) in place.items()}
            for number in range(len(self.names))
        ]

    def by_name(self, place: Place, columns: int) -> dict[str, Place]:
        """The same by the parts' names."""
        return dict(zip(self.names, self.places(place, columns), strict=True))

    def ranges(self, ranges: Ranges, columns: int) -> list[Ranges]:
        """Ranges of the columns of each part, of which it has so many."""
        starts = [number * columns for number in range(len(self.names))]
        return [(ranges[0][start : start + columns], ranges[1][start : start + columns]) for start in starts]

    def targets(self, targets: Targets, columns: int) -> Targets:
        """What targets do to the columns of one part, done to those of all."""
        starts = [number * columns for number in range(len(self.names))]
        effects = (targets.effect(number) for number in range(targets.n_effects))
        return targets.with_effects(
            [
                Effect(one.needs, [(start + column, *ends) for start in starts for column, *ends in one.bounds])
                for one in effects
            ]
        )
