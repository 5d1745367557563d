"""Columns and rows that are added to a follower once it is compressed; they stand for no reaction.

    extension = Extension(problem)
    extension.add_column("enzyme of PFK", 0.0, np.inf)
    # v - 5 e <= 0
    extension.add_row("capacity of PFK", {"PFK": 1.0, "enzyme of PFK": -5.0}, -np.inf, 0.0)
    problem = extension.extended()

A flux goes by its reaction's id in the curated model, whatever column it has been merged into.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from knockflow.base.errors import suggestion
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.numerics.program import Column, ProgramError, Row, distinct
from knockflow.problem.leader import Decision, Effect, Targets
from knockflow.problem.logic import Columns
from knockflow.problem.problem import Problem


class Extension:
    """Columns, rows, and what targets do to these columns, while they are collected for a problem.

    Columns keep their numbers: new ones come after those of the problem.

    Attributes
    ----------
    problem
        The problem as it was before.
    depending
        Columns that are 0 without some genes, by number, those of earlier extensions among them: for what switches
        genes off.
    part, place
        Of a follower with several parts side by side the one that is meant, and the columns of its reactions; its name
        stands before those of new columns and rows.
    """

    def __init__(
        self,
        problem: Problem,
        depending: dict[int, frozenset[str]] | None = None,
        part: str = "",
        place: Mapping[str, tuple[int, float]] | None = None,
    ):
        self.problem = problem
        self._label = f"{part}: " if part else ""
        self._place = problem.place if place is None else place
        self.depending = {} if depending is None else depending
        self._viable: dict[int, tuple[float, float]] = {}
        self._reactions = set(problem.reactions)
        self._columns: list[Column] = []
        self._rows: list[Row] = []
        self._number = {name: number for number, name in enumerate(problem.columns)}
        self._row_names = set(problem.rows)
        self._bounds: dict[int, list[tuple[int, float, float]]] = {}
        self._forces: DrivingForces | None = None

    @property
    def n_columns(self) -> int:
        """How many columns there are so far; the number of the next one."""
        return len(self.problem.columns) + len(self._columns)

    def flux(self, reaction: str) -> tuple[int, float] | None:
        """The column that carries a reaction, and the reaction's flux per flux of the column (mmol/gDW/h).

        None if no steady state carries the reaction.

        Raises
        ------
        ProgramError
            If the model has no such reaction.
        """
        if reaction not in self._reactions:
            near = suggestion(reaction, self.problem.reactions)
            raise ProgramError(f"no reaction `{reaction}` in the model{near}")
        return self._place.get(reaction)

    def add_column(
        self, name: str, lower: float, upper: float, integer: bool = False, viable: tuple[float, float] | None = None
    ) -> int:
        """Add a column between two bounds; infinities are allowed. It is in no goal of the cell.

        `viable` is its range in the states that count, by default the bounds: each of these has some value within it.

        Returns
        -------
        Its number.

        Raises
        ------
        ProgramError
            If the name is a reaction's or another column's, or the bounds leave no value.
        """
        name = self._label + name
        if name in self._number or name in self._reactions:
            raise ProgramError(f"column `{name}`: the name is taken by a reaction or another column")
        if not lower <= upper:
            raise ProgramError(f"column `{name}`: no value lies between {lower:g} and {upper:g}")
        self._number[name] = number = self.n_columns
        self._columns.append(Column(name, float(lower), float(upper), integer))
        if viable is not None:
            self._viable[number] = viable
        return number

    def add_row(self, name: str, coefficients: Mapping[str | int, float], lower: float, upper: float) -> None:
        """Add a row  lower <= sum of coefficient * flux or column <= upper.

        Parameters
        ----------
        coefficients
            By reaction id (per mmol/gDW/h), by name of a column that stands for no reaction, or by number of a
            column. A reaction that no steady state carries adds nothing.

        Raises
        ------
        ProgramError
            If a name is unknown or the row's name is taken, a coefficient is no finite number, or no value lies
            between the bounds.
        """
        name = self._label + name
        if name in self._row_names:
            raise ProgramError(f"row `{name}`: the name is taken by another row")
        if not lower <= upper:
            raise ProgramError(f"row `{name}`: no value lies between {lower:g} and {upper:g}")
        entries: dict[int, float] = {}
        for key, value in coefficients.items():
            if not np.isfinite(value):
                raise ProgramError(f"row `{name}`: the coefficient of `{key}` is no finite number")
            for column, factor in self._entry(key, name):
                entries[column] = entries.get(column, 0.0) + factor * float(value)
        self._row_names.add(name)
        self._rows.append(Row(name, float(lower), float(upper), entries))

    def _entry(self, key: str | int, row: str) -> list[tuple[int, float]]:
        """The column that a coefficient belongs to, if any, with what it counts there."""
        if not isinstance(key, str):
            return [(int(key), 1.0)]
        if key in self._place:
            return [self._place[key]]
        if key in self._reactions:
            return []
        if self._label + key in self._number:
            return [(self._number[self._label + key], 1.0)]
        near = suggestion(key, [*self.problem.reactions, *self._number])
        raise ProgramError(f"row `{row}`: no reaction and no column `{key}`{near}")

    def add_logic(self, logic: Columns) -> None:
        """Add the columns, between 0 and 1, and rows of rules, which number their columns from `n_columns` on."""
        if logic.first != self.n_columns:
            raise ProgramError(f"columns of rules are numbered from {logic.first}, the next one is {self.n_columns}")
        names = distinct(logic.names, [*self._number, *self.problem.reactions])
        for name, whole in zip(names, logic.integer, strict=True):
            self.add_column(name, 0.0, 1.0, whole)
        for name, row in zip(distinct((row[0] for row in logic.rows), self._row_names), logic.rows, strict=True):
            self._row_names.add(name)
            self._rows.append(Row(name, *row[1:]))

    def restrict(self, decision: Decision, column: int, lower: float = 0.0, upper: float = 0.0) -> None:
        """Let a decision of the leader narrow the bounds of a column; without bounds it is closed."""
        number = self.problem.targets.number(decision)
        self._bounds.setdefault(number, []).append((column, float(lower), float(upper)))

    def depend(self, column: int, genes: Collection[str]) -> None:
        """Note that a column is 0 without any of some genes, for layers that switch genes off."""
        if genes:
            self.depending[column] = frozenset(genes)

    def drive(self, forces: DrivingForces) -> None:
        """Let reactions, by whose ids the forces go, run only where some point of the forces' variables drives all.

        Raises
        ------
        ProgramError
            If the model has no such reaction, or the problem has driving forces already.
        """
        unknown = next((name for name in forces.names if name not in self._reactions), None)
        if unknown is not None:
            near = suggestion(unknown, self.problem.reactions)
            raise ProgramError(f"driving forces: no reaction `{unknown}` in the model{near}")
        if self._forces is not None or self.problem.driving_forces is not None:
            raise ProgramError("driving forces: the problem has some already")
        self._forces = forces

    def extended(self) -> Problem:
        """The problem with all this; the problem itself if there is nothing."""
        if not (self._columns or self._rows or self._bounds or self._forces):
            return self.problem
        own = {} if self._forces is None else {"driving_forces": self._forces}
        if self._viable:
            ends = (("viable_lower", 0, "lower"), ("viable_upper", 1, "upper"))
            first = len(self.problem.columns)
            for name, side, bound in ends:
                new = [
                    self._viable[number][side] if number in self._viable else getattr(column, bound)
                    for number, column in enumerate(self._columns, first)
                ]
                own[name] = np.append(getattr(self.problem, name), new)
        return self.problem.extended(self._rows, self._columns, targets=self._targets(self.problem.targets), **own)

    def _targets(self, targets: Targets) -> Targets:
        """The targets with what they do to columns: an effect that needs a decision alone takes it in."""
        effects = [targets.effect(number) for number in range(targets.n_effects)]
        alone = {effect.needs[0]: number for number, effect in enumerate(effects) if len(effect.needs) == 1}
        for decision, bounds in sorted(self._bounds.items()):
            if decision in alone:
                number = alone[decision]
                effects[number] = replace(effects[number], bounds=[*effects[number].bounds, *bounds])
            else:
                effects.append(Effect([decision], bounds))
        return targets.with_effects(effects) if self._bounds else targets


def extended(problem: Problem, added: Columns, most: np.ndarray, viable_most: np.ndarray) -> Problem:
    """The problem with more columns, from 0 up, and rows over all of them.

    Parameters
    ----------
    most
        The new columns' upper bounds.
    viable_most
        Their largest values in the states that count.
    """
    names = distinct(added.names, problem.columns)
    columns = [
        Column(name, 0.0, float(upper), whole) for name, upper, whole in zip(names, most, added.integer, strict=True)
    ]
    row_names = distinct((row[0] for row in added.rows), problem.rows)
    rows = [Row(name, *row[1:]) for name, row in zip(row_names, added.rows, strict=True)]
    return problem.extended(rows, columns, viable_upper=np.append(problem.viable_upper, viable_most))
