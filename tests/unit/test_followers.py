"""A problem with several followers: each answers by itself, and what holds for one alone is refused for all."""

import numpy as np
import pytest
from networks import BRANCHED, problem_of

from knockflow.base.errors import FileError
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import respond
from knockflow.problem.archive import digest, load, save
from knockflow.problem.leader import Effect, Targets
from knockflow.problem.problem import Problem, SeveralFollowersError
from knockflow.problem.several import joined

TARGETS = ["FAST", "SLOW", "WASTE"]
MEDIA = [BRANCHED, BRANCHED | {"EX_s": ({"s": -1}, -4, 0), "SPILL": ({"s": -1}, 0, 3)}]
"""The second one has less substrate, and a column more, so that the columns of both have other numbers."""


def single(reactions) -> Problem:
    return problem_of(reactions, TARGETS)


def joint() -> Problem:
    """One leader over the followers of both media."""
    problems = [single(reactions) for reactions in MEDIA]
    assert problems[0].targets.ids == problems[1].targets.ids
    first, effects = 0, [Effect([t], []) for t in range(len(TARGETS))]
    for problem in problems:
        for t in range(len(TARGETS)):
            own = [(first + column, *ends) for column, *ends in problem.targets.effect(t).bounds]
            effects[t] = Effect([t], [*effects[t].bounds, *own])
        first += len(problem.columns)
    targets = Targets.of(problems[0].targets.ids, effects)
    return Problem(tuple(problem.follower for problem in problems), targets)


def same(left: Problem, right: Problem) -> bool:
    """Equal but for the status of targets, of which the joint problem has one for all followers."""
    bare = [
        Problem(one.followers, Targets.of(one.targets.ids, map(one.targets.effect, range(one.targets.n_effects))))
        for one in (left, right)
    ]
    return digest(bare[0]) == digest(bare[1])


def test_each_follower_alone_is_the_problem_that_it_would_be_by_itself():
    problem = joint()
    assert problem.first_columns == [0, *np.cumsum([len(single(reactions).columns) for reactions in MEDIA])]
    for number, reactions in enumerate(MEDIA):
        assert same(problem.alone(number), single(reactions))
        for target in range(len(TARGETS)):
            assert respond(problem.alone(number), {target}) == respond(single(reactions), {target})


def test_a_target_that_does_nothing_to_a_follower_keeps_its_number_there():
    problem = joint()
    inner, first = problem.first_columns[1], problem.targets.effect(0)
    only_second = Effect([0], [bound for bound in first.bounds if bound[0] >= inner])
    effects = [only_second, *(problem.targets.effect(t) for t in (1, 2))]
    made = Problem(problem.followers, problem.targets.with_effects(effects)).alone(0)
    assert made.targets.effect(0) == Effect([0], [])
    assert made.targets.effect(1) == single(MEDIA[0]).targets.effect(1)
    assert respond(made, {0}) == respond(made, set())


def test_what_is_dropped_from_each_follower_is_what_would_be_dropped_from_it_alone():
    problem, grown = joint(), joint().growing()
    assert [len(follower.columns) for follower in grown.followers] == [
        len(problem.alone(number).growing().columns) for number in range(2)
    ]
    for number in range(2):
        assert same(grown.alone(number), problem.alone(number).growing())
        assert same(problem.in_units_of(0.5).alone(number), problem.alone(number).in_units_of(0.5))


def test_all_followers_come_back_from_a_file(tmp_path):
    problem = joint()
    save(tmp_path / "p.npz", problem)
    again = load(tmp_path / "p.npz")
    assert len(again.followers) == 2 and digest(again) == digest(problem)
    assert same(again.alone(1), single(MEDIA[1]))


def test_what_holds_for_one_follower_is_refused_for_several():
    problem = joint()
    for ask in (
        lambda: problem.lower,
        lambda: Follower(problem),
        lambda: problem.extended(),
    ):
        with pytest.raises(SeveralFollowersError, match="holds for one follower, and the problem has 2"):
            ask()
    with pytest.raises(SeveralFollowersError, match="needs a follower"):
        Problem((), problem.targets)


def test_of_several_followers_the_least_of_each_number_counts():
    problem = joint()
    for design in ((), {0}, {0, 2}):
        alone = [respond(single(reactions), design) for reactions in MEDIA]
        together = respond(problem, design)
        for name in ("growth", "product_min", "product_max", "product_min_at_min_growth"):
            assert getattr(together, name) == min(getattr(one, name) for one in alone)
    assert respond(problem, {0, 1}) is None


def test_several_problems_with_the_same_targets_are_one_again():
    problem = joint()
    assert digest(joined(problem.each)) == digest(problem)
    other = problem_of(MEDIA[0], TARGETS[:2])
    with pytest.raises(SeveralFollowersError, match="the same targets"):
        joined([problem.alone(0), other])


def test_a_problem_is_viable_if_every_follower_is():
    problem = joint()
    dead = problem.alone(1).with_follower(max_growth=-np.inf).followers[0]
    assert problem.viable
    assert not Problem((problem.followers[0], dead), problem.targets).viable


@pytest.mark.parametrize("lost", ["followers.0.lower", "followers.0.matrix.index", "followers", "targets.ids"])
def test_a_file_of_another_version_is_refused_though_its_hash_is_right(tmp_path, lost, monkeypatch):
    from knockflow.problem import archive

    whole = archive._arrays
    monkeypatch.setattr(
        archive,
        "_arrays",
        lambda item, prefix="": {k: v for k, v in whole(item, prefix).items() if prefix or not k.startswith(lost)},
    )
    save(tmp_path / "p.npz", single(BRANCHED))
    with pytest.raises(FileError, match="no problem file of this version"):
        load(tmp_path / "p.npz")
