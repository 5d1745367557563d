"""One problem of several followers: the same targets for all, and what they do to the columns of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from knockflow.problem.judge import WORST, Judge
from knockflow.problem.leader import Effect
from knockflow.problem.problem import Problem, SeveralFollowersError


def joined(problems: Sequence[Problem], judge: Judge = WORST) -> Problem:
    """The problem of all followers of some problems, in their order; the opposite of `Problem.alone`.

    `judge` says what a design is worth by all of them.

    Raises
    ------
    SeveralFollowersError
        If they do not have the same targets.
    """
    first = problems[0]
    if len(problems) == 1:
        return first
    if any(other.targets.ids != first.targets.ids for other in problems):
        raise SeveralFollowersError("the followers of one leader must have the same targets")
    # What some decisions do to one follower and not to another is an effect of its own, as are two of the same ones.
    bounds: dict[tuple[tuple[int, ...], int], list[tuple[int, float, float]]] = {}
    start = 0
    for problem in problems:
        met: Counter[tuple[int, ...]] = Counter()
        for effect in map(problem.targets.effect, range(problem.targets.n_effects)):
            needs = tuple(effect.needs)
            own = bounds.setdefault((needs, met[needs]), [])
            own += [(start + column, *ends) for column, *ends in effect.bounds]
            met[needs] += 1
        start += sum(len(follower.columns) for follower in problem.followers)
    effects = [Effect(needs, own) for (needs, _), own in bounds.items()]
    followers = tuple(follower for problem in problems for follower in problem.followers)
    return replace(first, followers=followers, targets=first.targets.with_effects(effects), judge=judge)
