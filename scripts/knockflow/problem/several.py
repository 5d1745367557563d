"""One problem of several followers: the same targets for all, and what they do to the columns of each."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knockflow.problem.judge import WORST, Judge
from knockflow.problem.leader import Effect
from knockflow.problem.problem import Problem, SeveralFollowersError


def joined(problems: Sequence[Problem], judge: Judge = WORST) -> Problem:
    """The problem of all followers of some problems, in their order; the opposite of `Problem.alone`.

    `judge` says what a design is worth by all of them.

    Raises
    ------
    SeveralFollowersError
        If they do not have the same targets, with effects that need the same.
    """
    first = problems[0]
    if len(problems) == 1:
        return first
    for other in problems[1:]:
        ours, theirs = first.targets, other.targets
        alike = ours.ids == theirs.ids and np.array_equal(ours.need_start, theirs.need_start)
        if not alike or not np.array_equal(ours.need, theirs.need):
            raise SeveralFollowersError("the followers of one leader must have the same targets")
    bounds: list[list[tuple[int, float, float]]] = [[] for _ in range(first.targets.n_effects)]
    start = 0
    for problem in problems:
        for number, own in enumerate(bounds):
            own += [(start + column, *ends) for column, *ends in problem.targets.effect(number).bounds]
        start += sum(len(follower.columns) for follower in problem.followers)
    effects = [Effect(first.targets.effect(number).needs, own) for number, own in enumerate(bounds)]
    followers = tuple(follower for problem in problems for follower in problem.followers)
    return replace(first, followers=followers, targets=first.targets.with_effects(effects), judge=judge)
