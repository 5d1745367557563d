"""A state that no removal can hit: why a product cannot be coupled to growth, however many interventions are allowed.

A state that keeps the bounds of every candidate target at once is left by each set of them, since removals only take
states away. If it counts in every design, no design is worth more than it makes:

- among the states with growth >= min_growth it counts as soon as it grows so;
- among those of maximal growth, as soon as it grows as fast as the wild type, which no removal makes faster.
"""

from knockflow.base.tolerances import FEASIBILITY, below
from knockflow.designs.no_design import usable
from knockflow.follower.oracle import Follower
from knockflow.follower.states import Optimum
from knockflow.formulations.formulation import Formulation, Response
from knockflow.language.kinds import FollowerKind
from knockflow.problem.problem import Problem

COUNTS = (Response.VIABLE, Response.GROWTH)


def state_beyond_reach(problem: Problem, wanted: Formulation, goal: float) -> Optimum | None:
    """A state that every design leaves and that makes less than `goal` (mmol/gDW/h), where there is one.

    Asked only of what guarantees product in one linear follower that designs only take away from.
    """
    one_linear = len(problem.followers) == 1 and problem.kind is FollowerKind.LINEAR
    only_removed = not problem.targets.enlarging and not problem.targets.opposed
    if wanted.optimistic or wanted.response not in COUNTS or not one_linear or not only_removed:
        return None
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(problem.candidates(usable(wanted))))
    fastest = follower.max_growth(states)
    if fastest is None or not follower.grows(fastest.value):
        return None
    if wanted.response is Response.VIABLE:
        states = follower.growing_among(states)
    elif not problem.maximizes_growth or fastest.value < problem.max_growth - FEASIBILITY:
        return None
    else:
        states = follower.optimal(states, fastest)
    least = follower.product(states, maximize=False)
    return least if least is not None and below(least.value, goal) else None
