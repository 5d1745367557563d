"""Every effect as the closing of columns, so that a single-level model knows nothing but closed columns.

A bound b that an effect sets is written  v_j + r >= b  (or  v_j - r <= b)  with a slack r of its own, free up to where
some state that counts lies; the effect closes r. Targets, effects and their numbers stay the same.
"""

from dataclasses import replace

import numpy as np

from knockflow.numerics.program import Column, Row
from knockflow.problem.leader import Effect
from knockflow.problem.problem import Problem


def with_slacks(problem: Problem, slower: bool = False) -> Problem:
    """The same problem, where all effects close columns.

    Parameters
    ----------
    problem
        With the ranges of the states that grow at min_growth.
    slower
        Whether states that grow less count, too: slacks then reach as far as the bounds of their columns.
    """
    lowest, highest = (problem.lower, problem.upper) if slower else (problem.viable_lower, problem.viable_upper)
    effects, slacks = [], []
    for number in range(problem.targets.n_effects):
        effect = problem.targets.effect(number)
        bounds = []
        for column, lower, upper in effect.bounds:
            if lower == upper == 0:
                bounds.append((column, 0.0, 0.0))
                continue
            for sign, bound, most in (
                (1.0, lower, lower - lowest[column]),
                (-1.0, -upper, highest[column] - upper),
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
    rows, columns = [], []
    for number, (column, sign, bound, most) in enumerate(slacks):
        name = f"slack {number} of {problem.columns[column]}"
        columns.append(Column(name, 0.0, most))
        rows.append(Row(name, bound, np.inf, {column: sign, name: 1.0}))
    return problem.extended(rows, columns, targets=problem.targets.with_effects(effects))
