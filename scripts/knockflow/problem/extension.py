"""Columns and rows that are added to a follower once it is compressed; they stand for no reaction."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from knockflow.numerics.sparse import Sparse
from knockflow.problem.logic import Columns
from knockflow.problem.problem import PER_COLUMN, Problem


def extended(problem: Problem, added: Columns, ends: Mapping[str, np.ndarray]) -> Problem:
    """The problem with more columns, from 0 up, and rows over all of them.

    Parameters
    ----------
    ends
        The new columns' `upper` and `viable_upper`.
    """
    m, n, count = len(problem.rows), len(problem.columns), len(added.names)
    matrix = [list(zip(*problem.matrix[j], strict=True)) for j in range(n)] + [[] for _ in added.names]
    for row, (_, _, _, entries) in enumerate(added.rows):
        for column, value in entries.items():
            matrix[column].append((m + row, value))
    new = {name: np.zeros(count, getattr(problem, name).dtype) for name in PER_COLUMN}
    new |= {"integer": np.array(added.integer, bool), **ends}
    vectors = {name: np.concatenate([getattr(problem, name), new[name]]) for name in PER_COLUMN}
    return replace(
        problem,
        rows=(*problem.rows, *(row[0] for row in added.rows)),
        row_lower=np.append(problem.row_lower, [row[1] for row in added.rows]),
        row_upper=np.append(problem.row_upper, [row[2] for row in added.rows]),
        columns=(*problem.columns, *added.names),
        matrix=Sparse.of(matrix),
        members=Sparse.of([*(zip(*problem.members[j], strict=True) for j in range(n)), *([] for _ in added.names)]),
        **vectors,
    )
