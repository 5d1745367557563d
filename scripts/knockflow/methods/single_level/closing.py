"""Every effect as the closing of columns, so that a single-level model knows nothing but closed columns.

A bound b that an effect sets is written  v_j + r >= b  (or  v_j - r <= b)  with a slack r of its own, free up to the
problem's bound; the effect closes r. Targets, effects and their numbers stay the same.
"""

from dataclasses import replace

import numpy as np

from knockflow.numerics.sparse import Sparse
from knockflow.problem.leader import Effect
from knockflow.problem.problem import PER_COLUMN, Problem


def with_slacks(problem: Problem) -> Problem:
    """The same problem, where all effects close columns."""
    effects, slacks = [], []
    for number in range(problem.targets.n_effects):
        effect = problem.targets.effect(number)
        bounds = []
        for column, lower, upper in effect.bounds:
            if lower == upper == 0:
                bounds.append((column, 0.0, 0.0))
                continue
            for sign, bound, most in (
                (1.0, lower, lower - problem.viable_lower[column]),
                (-1.0, -upper, problem.viable_upper[column] - upper),
            ):
                if most > 0 and np.isfinite(bound):
                    bounds.append((len(problem.columns) + len(slacks), 0.0, 0.0))
                    slacks.append((column, sign, bound, most))
        effects.append(Effect(effect.needs, bounds))
    if slacks:
        return _extended(problem, effects, slacks)
    if not (problem.targets.lower.any() or problem.targets.upper.any()):
        return problem
    # Bounds that no state reaches: what they narrow is not closed.
    return replace(problem, targets=problem.targets.with_effects(effects))


def _extended(problem: Problem, effects: list[Effect], slacks: list[tuple[int, float, float, float]]) -> Problem:
    """The problem with a column r and a row  sign v_j + r >= bound  for each slack."""
    m, n = len(problem.rows), len(problem.columns)
    columns = [list(zip(*problem.matrix[j], strict=True)) for j in range(n)]
    for number, (column, sign, _, _) in enumerate(slacks):
        columns[column].append((m + number, sign))
        columns.append([(m + number, 1.0)])
    most = np.array([slack[3] for slack in slacks])
    added = {name: np.zeros(len(slacks), getattr(problem, name).dtype) for name in PER_COLUMN}
    added |= {"upper": most, "viable_upper": most}
    names = tuple(f"slack {number} of {problem.columns[slack[0]]}" for number, slack in enumerate(slacks))
    return replace(
        problem,
        rows=(*problem.rows, *names),
        row_lower=np.append(problem.row_lower, [slack[2] for slack in slacks]),
        row_upper=np.append(problem.row_upper, np.full(len(slacks), np.inf)),
        columns=(*problem.columns, *names),
        matrix=Sparse.of(columns),
        members=Sparse.of([*(zip(*problem.members[j], strict=True) for j in range(n)), *([] for _ in names)]),
        targets=problem.targets.with_effects(effects),
        total_flux=np.append(problem.total_flux, np.zeros(len(slacks) if problem.total_flux.size else 0)),
        **{name: np.concatenate([getattr(problem, name), added[name]]) for name in PER_COLUMN},
    )
