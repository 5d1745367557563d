"""Exact programs from which fluxes are taken, set after set, by an engine that goes on from its last basis."""

from collections.abc import Collection, Mapping
from fractions import Fraction

import highspy
import numpy as np

from knockflow.numerics.certified import ExactProgram, OptimalBasis
from knockflow.numerics.exact_rows import Ends, Entries, ExactRow


class Reoptimized:
    """A program with a goal, without some of its fluxes and with other ends of some of its rows."""

    def __init__(self, program: ExactProgram, goal: Entries):
        self._program, self._engine = program, program.highs(goal)
        self._column = {name: number for number, name in enumerate(program.names)}
        self._row = {name: number for number, name in enumerate(program.rows)}
        self._closed: frozenset[str] = frozenset()

    def weigh(self, goal: Mapping[str, float]) -> None:
        """Another goal; what it does not name counts 0."""
        weights = np.array([float(goal.get(name, 0)) for name in self._program.names])
        self._engine.changeColsCost(len(weights), np.arange(len(weights), dtype=np.int32), weights)

    def least(
        self, closed: Collection[str], ends: Mapping[str, Ends] | None = None
    ) -> tuple[ExactProgram, OptimalBasis] | None:
        """The program as it then is, and its optimum; None if HiGHS finds none.

        Parameters
        ----------
        closed
            Fluxes that are 0.
        ends
            Rows with other ends; they keep them until they are named again.
        """
        held = {name: ExactRow(self._program.rows[name].entries, *own) for name, own in (ends or {}).items()}
        for name, row in held.items():
            low, high = -highspy.kHighsInf, highspy.kHighsInf
            low, high = (low if row.lower is None else row.lower), (high if row.upper is None else row.upper)
            self._engine.changeRowBounds(self._row[name], float(low), float(high))
        self._program = self._program.holding({}, held) if held else self._program
        closed = frozenset(closed)
        for name in sorted(self._closed ^ closed):
            lower, upper = (0, 0) if name in closed else self._program.bounds[name]
            self._engine.changeColBounds(self._column[name], float(lower), float(upper))
        self._closed = closed
        program = self._program.holding(dict.fromkeys(closed, Fraction(0)))
        answer = program.answer(self._engine)
        return None if answer is None else (program, answer)


class FewFluxes:
    """States of a program with few fluxes: least sum of weight * |flux|, each flux in two parts, by direction."""

    def __init__(self, program: ExactProgram, weights: Mapping[str, float]):
        self._program, self._weights = program, weights
        parts, zero = {}, Fraction(0)
        for name, (lower, upper) in program.bounds.items():
            for sign, low, high in ((1, lower, upper), (-1, -upper, -lower)):
                if high > 0:
                    parts[_part(name, sign)] = max(low, zero), high
        self._there = parts.keys()
        rows = {
            name: ExactRow(
                {_part(one, s): s * x for one, x in row.entries.items() for s in (1, -1) if _part(one, s) in parts},
                row.lower,
                row.upper,
            )
            for name, row in program.rows.items()
        }
        self._engine = Reoptimized(ExactProgram(parts, rows), {})
        self._weighted: Mapping[str, float] | None = None

    def state(
        self, closed: Collection[str], ends: Mapping[str, Ends], heavier: Mapping[str, float] | None = None
    ) -> dict[str, Fraction] | None:
        """Such a state without some fluxes, in exact fractions; None if none was found.

        Parameters
        ----------
        closed
            Fluxes that are 0.
        ends
            Rows with other ends, from now on.
        heavier
            Fluxes that have another weight this time.
        """
        weights = self._weights | dict(heavier or {})
        if weights != self._weighted:
            self._engine.weigh({part: weights[part[1:]] for part in self._there})
            self._weighted = weights
        shut = {part for name in closed for sign in (1, -1) if (part := _part(name, sign)) in self._there}
        found = self._engine.least(shut, ends)
        parts = None if found is None else found[0].state(found[1], found[0])
        if parts is None:
            return None
        fluxes: dict[str, Fraction] = {}
        for part, flux in parts.items():
            fluxes[part[1:]] = fluxes.get(part[1:], Fraction(0)) + (flux if part[0] == "+" else -flux)
        return {name: flux for name, flux in fluxes.items() if flux}


def _part(name: str, sign: int) -> str:
    return ("+" if sign > 0 else "-") + name
