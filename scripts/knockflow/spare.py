"""States without what they have for nothing: a gene's enzyme that is there although no flux needs it.

Such a state would seem to need the gene, and a search would branch on it for no reason.
"""

import numpy as np

from knockflow.problem import Problem
from knockflow.tolerances import FEASIBILITY


class Spare:
    """The columns of a follower that stand for no reaction, and that a design can close."""

    def __init__(self, problem: Problem):
        self._problem = problem
        targets = problem.targets
        closed = np.unique(targets.column[(targets.lower == 0) & (targets.upper == 0)])
        self._columns = [int(j) for j in closed if not len(problem.members[int(j)][0]) and problem.lower[j] == 0]

    def without(self, fluxes: np.ndarray) -> np.ndarray:
        """The state with each of these columns at 0, one after the other, where all rows still hold."""
        if not self._columns:
            return fluxes
        problem, left = self._problem, fluxes.copy()
        activity = problem.matrix.times(fluxes, len(problem.rows))
        for column in self._columns:
            if left[column] <= 0:
                continue
            rows, values = problem.matrix[column]
            after = activity[rows] - values * left[column]
            if (after >= problem.row_lower[rows] - FEASIBILITY).all() and (
                after <= problem.row_upper[rows] + FEASIBILITY
            ).all():
                activity[rows], left[column] = after, 0.0
        return left
