"""The one data structure of every stage: a follower LP, its targets, and the way back to the model's ids.

    max  c'v   s.t.   row_lower <= S v <= row_upper,   lower <= v <= upper

Targets change bounds of columns (`knockflow.problem.leader`): a knock-out sets both to 0. Columns may stand for several
coupled reactions (`members`), and `viable_lower`, `viable_upper` are the flux ranges of the states that a response
may hold: those that grow at least `min_growth` where the cell maximizes growth, else all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import csc_array

from knockflow.base.tolerances import FEASIBILITY
from knockflow.language.kinds import FollowerKind
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.numerics.program import Column, LinearProgram, Row, listed
from knockflow.problem.leader import BLOCKED, CANDIDATE, Targets


@dataclass(frozen=True, eq=False)
class Problem(LinearProgram):
    """A follower, its targets, and what the leader wants.

    `growth`, `objective`, `product` and `uptake` are coefficient vectors over the columns: biomass, what the
    cell maximizes, the product, and the substrate taken up (positive). `block` numbers the follower that a
    column belongs to where a layer needs several; `integer` marks columns that take whole values. `total_flux` is
    empty unless `with_total_flux` has made it a vector over the columns, too. The bounds already hold what every
    design contains (`forced`, as tables write it), and leave room for all that a target adds. With `driving_forces`,
    which go by reactions, only those are states whose directions some point of their variables drives, all at once.
    """

    growth: np.ndarray
    objective: np.ndarray
    product: np.ndarray
    uptake: np.ndarray
    min_growth: float
    max_growth: float
    viable_lower: np.ndarray
    viable_upper: np.ndarray
    members: csc_array
    reactions: tuple[str, ...]
    targets: Targets
    block: np.ndarray
    total_flux: np.ndarray = field(default_factory=lambda: np.empty(0))
    forced: tuple[str, ...] = ()
    forced_kinds: tuple[str, ...] = ()
    forced_cost: float = 0.0
    driving_forces: DrivingForces | None = None

    @classmethod
    def per_column(cls) -> tuple[str, ...]:
        """The fields with one entry for each column."""
        goals = "growth", "objective", "product", "uptake"
        return *super().per_column(), *goals, "viable_lower", "viable_upper", "block"

    def extended(self, rows: Iterable[Row] = (), columns: Iterable[Column] = (), **vectors: np.ndarray) -> Self:
        """The problem with more rows and columns, which stand for no reaction and are in no goal.

        What is not given in `vectors` is 0 for the new columns, and their own bounds are the range of the states that
        count.
        """
        columns = list(columns)
        none, start = np.zeros(len(columns)), self.members.indptr
        start = np.append(start, np.full(len(columns), start[-1]))
        more = {name: np.append(getattr(self, name), none) for name in ("growth", "objective", "product", "uptake")}
        more |= {
            "viable_lower": np.append(self.viable_lower, [float(column.lower) for column in columns]),
            "viable_upper": np.append(self.viable_upper, [float(column.upper) for column in columns]),
            "block": np.append(self.block, none.astype(self.block.dtype)),
            "total_flux": np.append(self.total_flux, none) if self.total_flux.size else self.total_flux,
            "members": csc_array(
                (self.members.data, self.members.indices, start), shape=(len(self.reactions), len(start) - 1)
            ),
        }
        return super().extended(rows, columns, **(more | vectors))

    @property
    def kind(self) -> FollowerKind:
        """What the states are the solutions of."""
        if self.integer.any():
            return FollowerKind.INTEGER
        return FollowerKind.LINEAR if self.driving_forces is None else FollowerKind.CONFLICTS

    @property
    def linear(self) -> bool:
        """Whether the states are those of a linear program."""
        return self.kind is FollowerKind.LINEAR

    def relaxed(self) -> "Problem":
        """The linear problem without whole numbers and driving forces; it has more states."""
        return replace(self, integer=np.zeros_like(self.integer), driving_forces=None)

    @property
    def viable(self) -> bool:
        """Whether the wild type can grow at min_growth."""
        return self.max_growth >= self.min_growth - FEASIBILITY and not np.isnan(self.viable_lower).any()

    @property
    def maximizes_growth(self) -> bool:
        """Whether growth is what the cell maximizes; else its response may hold states that do not grow."""
        return np.array_equal(self.objective, self.growth)

    def candidates(self, usable: tuple[str, ...] = (CANDIDATE,)) -> list[int]:
        """Numbers of the targets of some statuses; by default those for a formulation with a growth requirement."""
        return [t for t, status in enumerate(self.targets.status) if status in usable]

    @cached_property
    def place(self) -> dict[str, tuple[int, float]]:
        """For each of the model's reactions that some steady state carries, its column and its flux per that of it."""
        pairs = ((j, *entry) for j in range(len(self.columns)) for entry in listed(self.members, j))
        return {self.reactions[member]: (j, factor) for j, member, factor in pairs}

    def fluxes(self, v: np.ndarray) -> dict[str, float]:
        """Fluxes of the model's reactions from those of the columns; reactions left out carry 0."""
        return dict(zip(self.reactions, (self.members @ v).tolist(), strict=True))

    def with_integers(self, state: np.ndarray) -> "Problem":
        """The linear problem in which whole numbers have the values of a state."""
        lower, upper = (np.where(self.integer, state, side) for side in (self.lower, self.upper))
        return replace(self, lower=lower, upper=upper, integer=np.zeros_like(self.integer))

    def without_directions(self, literals: Iterable[int]) -> "Problem":
        """The problem without driving forces and some directions of columns: 2 j is v_j > 0, 2 j + 1 is v_j < 0."""
        lower, upper = self.lower.copy(), self.upper.copy()
        for literal in literals:
            side = lower if literal % 2 else upper
            side[literal // 2] = max(side[literal // 2], 0.0) if literal % 2 else min(side[literal // 2], 0.0)
        return replace(self, lower=lower, upper=upper, driving_forces=None)

    def in_units_of(self, unit: float) -> "Problem":
        """The same linear problem with fluxes in multiples of a unit (mmol/gDW/h, 1/h for growth).

        S v = 0 says the same in any unit, and so do l <= v <= u and ranges of rows once they are divided by it.
        """
        targets = self.targets
        scaled = (
            "row_lower",
            "row_upper",
            "lower",
            "upper",
            "viable_lower",
            "viable_upper",
            "min_growth",
            "max_growth",
        )
        return replace(
            self,
            targets=replace(targets, lower=targets.lower / unit, upper=targets.upper / unit),
            **{name: getattr(self, name) / unit for name in scaled},
        )

    def growing(self, with_idle: bool = False) -> "Problem":
        """The same problem for the states that a response may hold.

        Columns without flux in any such state are dropped and targets that are no candidates with them:
        lossless for every formulation that requires growth, not for lethal sets. `with_idle` keeps those columns and
        their targets, for a formulation that also asks for states of less growth.
        """
        flux = np.maximum(np.abs(self.viable_lower), np.abs(self.viable_upper)) > 0
        keep = np.flatnonzero(flux | with_idle)
        usable = (CANDIDATE, BLOCKED) if with_idle else (CANDIDATE,)
        column_map = {int(old): new for new, old in enumerate(keep)}
        matrix = self.matrix[:, keep]
        used = np.unique(matrix.indices)
        row_map = np.full(len(self.rows), -1)
        row_map[used] = np.arange(len(used))
        candidates = self.candidates(usable)
        vectors = {name: getattr(self, name)[keep] for name in self.per_column()}
        for column, lower, upper in self.targets.settled(candidates):
            if column in column_map:
                new = column_map[column]
                vectors["lower"][new] = max(vectors["lower"][new], lower)
                vectors["upper"][new] = min(vectors["upper"][new], upper)
        return Problem(
            rows=tuple(self.rows[i] for i in used),
            row_lower=self.row_lower[used],
            row_upper=self.row_upper[used],
            columns=tuple(self.columns[j] for j in keep),
            matrix=csc_array((matrix.data, row_map[matrix.indices], matrix.indptr), shape=(len(used), len(keep))),
            min_growth=self.min_growth,
            max_growth=self.max_growth,
            members=self.members[:, keep],
            reactions=self.reactions,
            targets=self.targets.take(candidates, column_map),
            forced=self.forced,
            forced_kinds=self.forced_kinds,
            forced_cost=self.forced_cost,
            driving_forces=self.driving_forces,
            **vectors,
        )
