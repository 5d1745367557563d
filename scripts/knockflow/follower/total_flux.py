"""The total flux of a follower, sum over the model's reactions of |v_i|, as a linear objective.

A column that can run both ways gets a companion a with a >= v and a >= -v; minimized, a = |v|. A merged column
counts once for each member, by the absolute value of the member's factor (Lewis et al. 2010,
doi:10.1038/msb.2010.47, minimize the same sum).
"""

import numpy as np

from knockflow.numerics.program import Column, Row, entries
from knockflow.problem.problem import Problem


def with_total_flux(problem: Problem) -> Problem:
    """The same follower with `total_flux` filled in, and a companion for each column that can run both ways."""
    weight = np.array([np.abs(entries(problem.members, j)[1]).sum() for j in range(len(problem.columns))])
    both = np.flatnonzero((problem.viable_lower < 0) & (problem.viable_upper > 0))
    sign = np.where(problem.viable_upper > 0, 1.0, -1.0)
    sign[both] = 0.0
    rows, columns = [], []
    for j in both.tolist():
        name = f"|{problem.columns[j]}|"
        columns.append(Column(name, 0.0, np.inf))
        # a - v >= 0   and   a + v >= 0
        rows += [Row(f"{name} {side}", 0.0, np.inf, {j: way, name: 1.0}) for side, way in (("above", -1), ("below", 1))]
    size = np.maximum(np.abs(problem.viable_lower), np.abs(problem.viable_upper))[both]
    return problem.extended(
        rows,
        columns,
        viable_upper=np.append(problem.viable_upper, size),
        total_flux=np.append(sign * weight, weight[both]),
    )
