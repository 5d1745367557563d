"""The coupling potential: the largest growth less the largest growth without product (1/h).

Jensen et al. 2019, doi:10.1016/j.mec.2019.e00087.
"""

from collections.abc import Collection, Iterator

import numpy as np

from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region, uncoupled
from knockflow.follower.responses.behaviour import Behaviour
from knockflow.follower.responses.growth import Growth
from knockflow.follower.states import Evaluation, Optimum
from knockflow.problem.leader import BLOCKED, CANDIDATE
from knockflow.problem.problem import Problem


class Coupling(Behaviour):
    """The fastest state of all, beside the fastest one without product, which need not grow at min_growth."""

    usable = (CANDIDATE, BLOCKED)
    in_product = False
    lives_without = True

    def prepare(self, problem: Problem) -> tuple[Problem, Problem]:
        """Columns that no growing state uses may matter to those that grow less."""
        base = problem.growing(with_idle=True)
        return base, base

    def hold(self, follower: Follower, states: States) -> States | None:
        """The growth response: its yield is what is reported."""
        return Growth().hold(follower, states)

    def evaluate(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation | None:
        """The growth that is lost; None also where there is no state without product."""
        states = follower.after(effects)
        best = follower.max_growth(states)
        if best is None or not follower.grows(best.value):
            return None
        without = follower.without_product(states)
        if without is None:
            return None
        value = best.value - without.value
        return Evaluation(value, value, best, without)

    def region(self, follower: Follower, goal: float, optimistic: bool, effects: Collection[int] = ()) -> Region | None:
        """The states without product that grow too fast for the goal."""
        return uncoupled(follower, goal, effects)

    def extreme(
        self, follower: Follower, effects: Collection[int], fastest: np.ndarray, goal: float
    ) -> np.ndarray | None:
        """The fastest state without product."""
        without = follower.without_product(follower.after(effects))
        return None if without is None else without.fluxes

    def objective(self, problem: Problem) -> np.ndarray:
        """Growth, whatever the cell maximizes."""
        return problem.growth

    def best(self, follower: Follower, states: States) -> Optimum | None:
        """The largest growth."""
        return follower.max_growth(states)

    def least(self, problem: Problem) -> float:
        """No growth is gained by making no product."""
        return 0.0

    def potential(self, follower: Follower) -> float:
        """The largest growth (1/h)."""
        return follower.max_growth(follower.after(())).value

    def optima(self, follower: Follower, effects: Collection[int], pessimistic: bool) -> Iterator[Optimum]:
        """The largest growth, and the largest without product."""
        states = follower.after(effects)
        growth = follower.max_growth(states)
        if growth is None or not follower.grows(growth.value):
            return
        yield growth
        without = follower.without_product(states)
        if without is not None:
            yield without
