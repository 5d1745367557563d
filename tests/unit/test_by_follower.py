"""Goals of single followers: what misses them all misses the goal of a mean or a quantile, too."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knockflow.methods.tree.by_follower import goals
from knockflow.problem.judge import Judge

JUDGES = st.one_of(
    st.just(Judge("mean")), st.builds(Judge, st.just("quantile"), st.sampled_from([0.2, 0.5, 0.75, 1.0]))
)
SHARES = st.floats(0, 1)


@settings(max_examples=200, deadline=None)
@given(JUDGES, st.lists(st.tuples(SHARES, SHARES, SHARES), min_size=2, max_size=6), SHARES, st.booleans())
def test_what_misses_the_goals_of_all_misses_the_goal(judge, drawn, share, known):
    potentials = [10 * most for most, _, _ in drawn]
    wild = [least * most for (_, least, _), most in zip(drawn, potentials, strict=True)]
    low, high = judge.of(wild), judge.of(potentials)
    goal = low + share * (high - low)
    own = goals(judge, goal, wild if known else None, potentials)
    values = [
        min(most, own[k] * part if k in own else most)
        for k, (most, (_, _, part)) in enumerate(zip(potentials, drawn, strict=True))
    ]
    assume(all(values[k] < own[k] - 1e-9 for k in own))
    assert judge.of(values) < goal + 1e-12


@pytest.mark.parametrize(
    ("judge", "count"), [(Judge("mean"), 4), (Judge("quantile", 0.5), 2), (Judge("quantile", 1.0), 4)]
)
def test_no_more_followers_than_needed(judge, count):
    own = goals(judge, 2.0, [1.0, 0.5, 0.0, 0.2], [4.0, 5.0, 6.0, 3.0])
    assert len(own) == count
    assert judge.by != "quantile" or set(own.values()) == {2.0}


def test_goals_of_a_mean_lie_above_the_wild_types_and_have_the_goal_as_their_mean():
    wild, potentials = [1.0, 0.0, 0.5], [2.0, 4.0, 9.0]
    own = goals(Judge("mean"), 1.2, wild, potentials)
    assert sum(own.values()) / 3 == pytest.approx(1.2)
    assert all(wild[k] < own[k] < potentials[k] for k in range(3))
