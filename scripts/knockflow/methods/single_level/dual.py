"""The dual of a follower as Pyomo constraints, with removals. One convention, one table of signs.

Primal: max a'v subject to the rows below; its dual minimizes the sum of the last column.

| primal                 | multiplier       | in column j's constraint | in the dual objective |
|------------------------|------------------|--------------------------|-----------------------|
| S_i v  = b_i           | row_i free       | + S_ij row_i             | + b_i row_i           |
| S_i v <= U_i           | row_i >= 0       | + S_ij row_i             | + U_i row_i           |
| S_i v >= L_i           | row_i <= 0       | + S_ij row_i             | + L_i row_i           |
| v_j <= u_j             | at_upper_j >= 0  | + at_upper_j             | + u_j at_upper_j      |
| v_j >= l_j             | at_lower_j >= 0  | - at_lower_j             | - l_j at_lower_j      |
| v_j = 0 where removed  | removed_j free   | + removed_j              | 0                     |

Column j's constraint: the sum of its terms equals a_j. `removed_j` is 0 where the reaction is kept:
-M (1 - y_j) <= removed_j <= M (1 - y_j), the only place where a big-M enters. A minimization of a'v is the
maximization of -a'v.

A bound that no state with growth >= min_growth reaches has no multiplier: it is slack in every optimum that
counts, and a slack constraint of a linear program can be left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo

from knockflow.numerics.program import listed
from knockflow.problem.problem import Problem

SLACK = 1e-6
"""mmol/gDW/h by which a bound must lie outside the flux range to count as never reached."""


@dataclass(frozen=True)
class Dual:
    """Handles of a dual block: the multipliers and the bound part of the dual objective."""

    removed: pyo.Var
    value: object


def binding_bounds(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Which lower and upper bounds some state with growth >= min_growth reaches."""
    return (
        problem.viable_lower <= problem.lower + SLACK,
        problem.viable_upper >= problem.upper - SLACK,
    )


def add_dual(
    block: pyo.Block,
    problem: Problem,
    coefficient: Callable[[int], object],
    kept: dict[int, object],
    big_m: float,
) -> Dual:
    """Add the dual of max a'v over the follower, where column j is removed if kept[j] is 0.

    Parameters
    ----------
    coefficient
        a_j by column; it may hold Pyomo variables, where a row with a variable right-hand side is priced in.
    kept
        For every column that a target removes, an expression that is 1 if it is kept and 0 if not.
    big_m
        Bound on the multiplier of a removal.
    """
    columns, rows = range(len(problem.columns)), range(len(problem.rows))
    at_lower_bound, at_upper_bound = binding_bounds(problem)
    block.row = pyo.Var(rows, bounds=lambda _, i: _row_sign(problem.row_lower[i], problem.row_upper[i]))
    block.at_upper = pyo.Var(np.flatnonzero(at_upper_bound).tolist(), domain=pyo.NonNegativeReals)
    block.at_lower = pyo.Var(np.flatnonzero(at_lower_bound).tolist(), domain=pyo.NonNegativeReals)
    block.removed = pyo.Var(sorted(kept))

    def column_constraint(_, j):
        # sum_i S_ij row_i + at_upper_j - at_lower_j + removed_j = a_j
        total = sum(s * block.row[i] for i, s in listed(problem.matrix, j))
        for multiplier, sign in ((block.at_upper, 1), (block.at_lower, -1), (block.removed, 1)):
            if j in multiplier:
                total += sign * multiplier[j]
        return total == coefficient(j)

    block.column = pyo.Constraint(columns, rule=column_constraint)
    # removed_j <= M (1 - y_j)   and   removed_j >= -M (1 - y_j)
    block.removed_above = pyo.Constraint(sorted(kept), rule=lambda _, j: block.removed[j] <= big_m * (1 - kept[j]))
    block.removed_below = pyo.Constraint(sorted(kept), rule=lambda _, j: block.removed[j] >= -big_m * (1 - kept[j]))
    value = (
        sum(_row_bound(problem, i) * block.row[i] for i in rows if _row_bound(problem, i))
        + sum(float(problem.upper[j]) * block.at_upper[j] for j in block.at_upper)
        - sum(float(problem.lower[j]) * block.at_lower[j] for j in block.at_lower)
    )
    return Dual(block.removed, value)


def _row_sign(lower: float, upper: float) -> tuple[float | None, float | None]:
    if lower == upper:
        return None, None
    if np.isinf(lower):
        return 0, None
    if np.isinf(upper):
        return None, 0
    raise ValueError("a row with two different finite bounds must be written as two rows")


def _row_bound(problem: Problem, row: int) -> float:
    return float(problem.row_lower[row] if np.isfinite(problem.row_lower[row]) else problem.row_upper[row])
