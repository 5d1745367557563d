"""The cell as a linear program: its rows and columns, its goals, and the way back to the model's reactions.

max  c'v   s.t.   row_lower <= S v <= row_upper,   lower <= v <= upper
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

GOALS = ("growth", "objective", "product", "uptake")
"""What is asked of states, each a vector with a coefficient for each column."""


@dataclass(frozen=True, eq=False)
class FollowerProgram(LinearProgram):
    """A linear program with what is asked of its states (mmol/gDW/h, 1/h for growth).

    Attributes
    ----------
    growth, objective, product, uptake
        Coefficients of the columns: biomass, what the cell maximizes, the product, and the substrate taken up
        (positive).
    min_growth, max_growth
        What a design must leave, and what the wild type reaches (-inf without any state).
    viable_lower, viable_upper
        Ranges of the columns over the states that a response may hold: those that grow at least `min_growth` where the
        cell maximizes growth, else all; nan where there is none.
    members
        The flux of each of `reactions` per flux of each column, reactions by columns: a column may stand for several
        coupled reactions, or for none; of copies side by side (`knockflow.problem.side_by_side`) the mean flux.
    reactions
        Ids of the model's reactions.
    name
        Which one it is, where a problem has several.
    total_flux
        Coefficients of the columns, or empty (`knockflow.follower.total_flux`).
    then
        Coefficients of the second product, where designs that make as much of the first are ranked by it.
    driving_forces
        By reaction, if any: then only those are states whose directions some point of their variables drives, all at
        once.
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
    name: str = ""
    total_flux: np.ndarray = field(default_factory=lambda: np.empty(0))
    driving_forces: DrivingForces | None = None
    then: np.ndarray | None = None

    @property
    def goals(self) -> tuple[str, ...]:
        """The linear functions of its columns that are asked of."""
        return GOALS if self.then is None else (*GOALS, "then")

    @classmethod
    def per_column(cls) -> tuple[str, ...]:
        """The fields with one entry for each column."""
        return *super().per_column(), *GOALS, "viable_lower", "viable_upper"

    def extended(self, rows: Iterable[Row] = (), columns: Iterable[Column] = (), **vectors: np.ndarray) -> Self:
        """The follower with more rows and columns, which stand for no reaction and are in no goal.

        What is not given in `vectors` is 0 for the new columns, and their own bounds are the range of the states that
        count.
        """
        columns = list(columns)
        none, start = np.zeros(len(columns)), self.members.indptr
        start = np.append(start, np.full(len(columns), start[-1]))
        more = {name: np.append(getattr(self, name), none) for name in self.goals}
        more |= {
            "viable_lower": np.append(self.viable_lower, [float(column.lower) for column in columns]),
            "viable_upper": np.append(self.viable_upper, [float(column.upper) for column in columns]),
            "total_flux": np.append(self.total_flux, none) if self.total_flux.size else self.total_flux,
            "members": csc_array(
                (self.members.data, self.members.indices, start), shape=(len(self.reactions), len(start) - 1)
            ),
        }
        return super().extended(rows, columns, **(more | vectors))

    @property
    def viable(self) -> bool:
        """Whether the wild type can grow at min_growth."""
        return self.max_growth >= self.min_growth - FEASIBILITY and not np.isnan(self.viable_lower).any()

    @property
    def maximizes_growth(self) -> bool:
        """Whether growth is what the cell maximizes; else its response may hold states that do not grow."""
        return np.array_equal(self.objective, self.growth)

    @cached_property
    def place(self) -> dict[str, tuple[int, float]]:
        """For each of the model's reactions that some steady state carries, its column and its flux per that of it."""
        pairs = ((j, *entry) for j in range(len(self.columns)) for entry in listed(self.members, j))
        return {self.reactions[member]: (j, factor) for j, member, factor in pairs}

    def fluxes(self, v: np.ndarray) -> dict[str, float]:
        """Fluxes of the model's reactions from those of the columns; reactions left out carry 0."""
        return dict(zip(self.reactions, (self.members @ v).tolist(), strict=True))

    def with_integers(self, state: np.ndarray) -> Self:
        """The linear program in which whole numbers have the values of a state."""
        lower, upper = (np.where(self.integer, state, side) for side in (self.lower, self.upper))
        return replace(self, lower=lower, upper=upper, integer=np.zeros_like(self.integer))

    @property
    def kind(self) -> FollowerKind:
        """What the states are the solutions of."""
        if self.integer.any():
            return FollowerKind.INTEGER
        return FollowerKind.LINEAR if self.driving_forces is None else FollowerKind.CONFLICTS

    def relaxed(self) -> Self:
        """The linear program without whole numbers and driving forces; it has more states."""
        return replace(self, integer=np.zeros_like(self.integer), driving_forces=None)

    def without_directions(self, literals: Iterable[int]) -> Self:
        """The follower without driving forces and some directions of columns: 2 j is v_j > 0, 2 j + 1 is v_j < 0."""
        lower, upper = self.lower.copy(), self.upper.copy()
        for literal in literals:
            side = lower if literal % 2 else upper
            side[literal // 2] = max(side[literal // 2], 0.0) if literal % 2 else min(side[literal // 2], 0.0)
        return replace(self, lower=lower, upper=upper, driving_forces=None)

    def in_units_of(self, unit: float) -> Self:
        """The same linear program with fluxes in multiples of a unit (mmol/gDW/h, 1/h for growth).

        S v = 0 says the same in any unit, and so do l <= v <= u and ranges of rows once they are divided by it.
        """
        bounds = ("row_lower", "row_upper", "lower", "upper", "viable_lower", "viable_upper")
        return replace(self, **{name: getattr(self, name) / unit for name in (*bounds, "min_growth", "max_growth")})

    def used(self) -> np.ndarray:
        """By column, whether some state that a response may hold gives it flux."""
        return np.maximum(np.abs(self.viable_lower), np.abs(self.viable_upper)) > 0

    def taken(self, keep: np.ndarray) -> Self:
        """Only some columns, by number, and the rows in which they stand."""
        matrix = self.matrix[:, keep]
        rows = np.unique(matrix.indices)
        row_map = np.full(len(self.rows), -1)
        row_map[rows] = np.arange(len(rows))
        vectors = {name: getattr(self, name)[keep] for name in self.per_column()}
        return replace(
            self,
            rows=tuple(self.rows[i] for i in rows),
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            columns=tuple(self.columns[j] for j in keep),
            matrix=csc_array((matrix.data, row_map[matrix.indices], matrix.indptr), shape=(len(rows), len(keep))),
            members=self.members[:, keep],
            total_flux=self.total_flux[keep] if self.total_flux.size else self.total_flux,
            then=None if self.then is None else self.then[keep],
            **vectors,
        )
