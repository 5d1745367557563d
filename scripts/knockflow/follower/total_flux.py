"""The total flux of a follower, sum over the model's reactions of |v_i|, as a linear objective.

A column that can run both ways gets a companion a with a >= v and a >= -v; minimized, a = |v|. A merged column
counts once for each member, by the absolute value of the member's factor (Lewis et al. 2010,
doi:10.1038/msb.2010.47, minimize the same sum).
"""

from dataclasses import replace

import numpy as np

from knockflow.numerics.sparse import Sparse
from knockflow.problem.problem import PER_COLUMN, Problem


def with_total_flux(problem: Problem) -> Problem:
    """The same follower with `total_flux` filled in, and a companion for each column that can run both ways."""
    weight = np.array([np.abs(problem.members[j][1]).sum() for j in range(len(problem.columns))])
    both = np.flatnonzero((problem.viable_lower < 0) & (problem.viable_upper > 0))
    sign = np.where(problem.viable_upper > 0, 1.0, -1.0)
    sign[both] = 0.0
    n, m, extra = len(problem.columns), len(problem.rows), len(both)
    # a - v >= 0   and   a + v >= 0
    above = {int(column): m + 2 * k for k, column in enumerate(both)}
    columns = [
        [*zip(*problem.matrix[j], strict=True), *([(above[j], -1.0), (above[j] + 1, 1.0)] if j in above else [])]
        for j in range(n)
    ]
    columns += [[(m + 2 * k, 1.0), (m + 2 * k + 1, 1.0)] for k in range(extra)]
    size = np.maximum(np.abs(problem.viable_lower), np.abs(problem.viable_upper))[both]
    added = {name: np.zeros(extra, getattr(problem, name).dtype) for name in PER_COLUMN}
    added |= {"upper": np.full(extra, np.inf), "viable_upper": size}
    names = [f"|{problem.columns[column]}|" for column in both]
    return replace(
        problem,
        rows=(*problem.rows, *(f"{name} {side}" for name in names for side in ("above", "below"))),
        row_lower=np.append(problem.row_lower, np.zeros(2 * extra)),
        row_upper=np.append(problem.row_upper, np.full(2 * extra, np.inf)),
        columns=(*problem.columns, *names),
        matrix=Sparse.of(columns),
        members=Sparse.of([*(zip(*problem.members[j], strict=True) for j in range(n)), *([] for _ in names)]),
        total_flux=np.concatenate([sign * weight, weight[both]]),
        **{name: np.concatenate([getattr(problem, name), added[name]]) for name in PER_COLUMN},
    )
