"""Bounds of fluxes after a design, with what rows of rules imply (`knockflow.problem.rule_rows`)."""

from collections.abc import Collection

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.methods.tree.detours import designed_bounds
from knockflow.numerics.program import entries, listed
from knockflow.problem.problem import Problem

MOST_SWEEPS = 100
"""Sweeps over all rows after which bounds count as settled."""


class ImpliedBounds:
    """The bounds of columns that a design changes, by itself or through columns that stand for no reaction."""

    def __init__(self, problem: Problem):
        self._problem = problem
        linked = {
            row
            for column in range(len(problem.columns))
            if not len(entries(problem.members, column)[0])
            for row in entries(problem.matrix, column)[0].tolist()
        }
        of_row: dict[int, list[tuple[int, float]]] = {row: [] for row in sorted(linked)}
        for column in range(len(problem.columns) if linked else 0):
            for row, value in listed(problem.matrix, column):
                if row in linked:
                    of_row[row].append((column, value))
        # As  sum of value * column <= most
        self._rows = [(own, problem.row_upper[row]) for row, own in of_row.items()]
        self._rows += [([(j, -value) for j, value in own], -problem.row_lower[row]) for row, own in of_row.items()]
        self._rows = [(own, float(most)) for own, most in self._rows if np.isfinite(most)]

    def after(self, effects: Collection[int]) -> dict[int, tuple[float, float]]:
        """Lower and upper bounds by column; they may contradict each other."""
        bounds = designed_bounds(self._problem, effects)
        if not self._rows:
            return bounds
        lower, upper = self._problem.lower.copy(), self._problem.upper.copy()
        for column, ends in bounds.items():
            lower[column], upper[column] = ends
        for _ in range(MOST_SWEEPS):
            if not any([self._tighten(own, most, lower, upper) for own, most in self._rows]):
                break
        changed = np.flatnonzero((lower != self._problem.lower) | (upper != self._problem.upper))
        return {int(column): (float(lower[column]), float(upper[column])) for column in changed}

    @staticmethod
    def _tighten(own: list[tuple[int, float]], most: float, lower: np.ndarray, upper: np.ndarray) -> bool:
        """Bounds that a row leaves its columns; whether any is tighter."""
        least = [value * (lower[j] if value > 0 else upper[j]) for j, value in own]
        tighter = False
        for number, (column, value) in enumerate(own):
            end = (most - sum(least[:number]) - sum(least[number + 1 :])) / value
            if value > 0 and end < upper[column] - FEASIBILITY:
                upper[column], tighter = end, True
            elif value < 0 and end > lower[column] + FEASIBILITY:
                lower[column], tighter = end, True
        return tighter
