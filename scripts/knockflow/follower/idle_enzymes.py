"""States without what they have for nothing: a gene's enzyme that is there although no flux needs it.

Such a state would seem to need the gene, and a search would branch on it for no reason.
"""

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.numerics.program import entries
from knockflow.problem.problem import Problem


class Spare:
    """The columns of a follower that stand for no reaction, and that a design can close.

    Without integers also those that such columns make room for (`knockflow.problem.rule_rows`), these first; and all of
    them are lowered as far as they can be, not only to 0.
    """

    def __init__(self, problem: Problem):
        self._problem, self._partly = problem, not problem.integer.any()
        targets = problem.targets
        closed = np.unique(targets.column[(targets.lower == 0) & (targets.upper == 0)])
        self._columns = [int(j) for j in closed if _stands_for_nothing(problem, int(j))]
        if self._partly and self._columns:
            self._columns = sorted(_with_neighbours(problem, self._columns), reverse=True)

    def without(self, fluxes: np.ndarray) -> np.ndarray:
        """The state with each of these columns lowered, one after the other, while all rows still hold."""
        if not self._columns:
            return fluxes
        problem, left = self._problem, fluxes.copy()
        activity = problem.matrix @ fluxes
        for column in self._columns:
            if left[column] <= 0:
                continue
            rows, values = entries(problem.matrix, column)
            after = activity[rows] - values * left[column]
            if (after >= problem.row_lower[rows] - FEASIBILITY).all() and (
                after <= problem.row_upper[rows] + FEASIBILITY
            ).all():
                activity[rows], left[column] = after, 0.0
            elif self._partly:
                # A row that rises has room up to its upper end, one that falls down to its lower.
                rising = problem.row_upper[rows] - activity[rows]
                room = np.where(values < 0, rising, activity[rows] - problem.row_lower[rows])
                less = max(0.0, float((room / np.abs(values)).min()))
                activity[rows], left[column] = activity[rows] - values * less, left[column] - less
        return left


def _stands_for_nothing(problem: Problem, column: int) -> bool:
    return not len(entries(problem.members, column)[0]) and problem.lower[column] == 0


def _with_neighbours(problem: Problem, columns: list[int]) -> set[int]:
    """Some columns with all that stand for no reaction and are linked to them by rows among such columns."""
    flux = problem.total_flux if problem.total_flux.size else np.zeros(len(problem.columns))
    free = [j for j in range(len(problem.columns)) if _stands_for_nothing(problem, j) and not flux[j]]
    in_row: dict[int, list[int]] = {}
    for column in free:
        for row in entries(problem.matrix, column)[0].tolist():
            in_row.setdefault(row, []).append(column)
    found, waiting = set(columns), list(columns)
    while waiting:
        for row in entries(problem.matrix, waiting.pop())[0].tolist():
            new = [column for column in in_row[row] if column not in found]
            found.update(new)
            waiting += new
    return found
