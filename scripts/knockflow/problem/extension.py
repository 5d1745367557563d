"""Columns and rows that are added to a follower once it is compressed; they stand for no reaction."""

from collections.abc import Mapping

import numpy as np

from knockflow.numerics.program import Column, Row, distinct
from knockflow.problem.logic import Columns
from knockflow.problem.problem import Problem


def extended(problem: Problem, added: Columns, ends: Mapping[str, np.ndarray]) -> Problem:
    """The problem with more columns, from 0 up, and rows over all of them.

    Parameters
    ----------
    ends
        The new columns' `upper` and `viable_upper`.
    """
    names = distinct(added.names, problem.columns)
    columns = [
        Column(name, 0.0, float(upper), whole)
        for name, upper, whole in zip(names, ends["upper"], added.integer, strict=True)
    ]
    row_names = distinct((row[0] for row in added.rows), problem.rows)
    rows = [Row(name, *row[1:]) for name, row in zip(row_names, added.rows, strict=True)]
    return problem.extended(rows, columns, viable_upper=np.append(problem.viable_upper, ends["viable_upper"]))
