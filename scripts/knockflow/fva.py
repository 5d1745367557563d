"""Flux variability: the range of every flux over the states that a linear program allows."""

import numpy as np

from knockflow.lp import LP, Verdict
from knockflow.tolerances import FEASIBILITY


def flux_ranges(lp: LP, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Least and largest value of each column, given the bounds that the columns have now.

    A range end that an earlier solution already reaches costs no solve of its own; one that has no end is infinite.
    None if no state is allowed.
    """
    n = lp.n
    lp.set_objective(np.zeros(n), maximize=True)
    if lp.solve() is not Verdict.OPTIMAL:
        return None
    seen = lp.primals()
    least, largest = seen.copy(), seen.copy()
    for maximize in (True, False):
        for column in range(n):
            reached = largest[column] >= upper[column] if maximize else least[column] <= lower[column]
            if reached:
                continue
            objective = np.zeros(n)
            objective[column] = 1
            lp.set_objective(objective, maximize)
            verdict = lp.solve()
            if verdict is Verdict.INFEASIBLE:
                return None
            if verdict is Verdict.UNBOUNDED:
                (largest if maximize else least)[column] = np.inf if maximize else -np.inf
                continue
            seen = lp.primals()
            np.maximum(largest, seen, out=largest)
            np.minimum(least, seen, out=least)
    # A basic variable may overshoot its bound by the engine's tolerance.
    return np.clip(_clean(least), lower, upper), np.clip(_clean(largest), lower, upper)


def _clean(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) <= FEASIBILITY, 0.0, values)
