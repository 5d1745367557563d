"""Yields over a response: the least or most product per substrate, v_p / v_s, exact by Dinkelbach's iteration.

With v_s > 0 a state has a yield of at least z where  v_p - z v_s >= 0, which is linear. So what rules designs out for a
goal z of product does so for a goal z of yield, once v_p - z v_s is in the place of v_p and 0 in that of z.

Dinkelbach 1967, doi:10.1287/mnsc.13.7.492.
"""

from collections.abc import Collection

import numpy as np

from knockflow.base.tolerances import ACTIVE_FLUX
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region
from knockflow.follower.responses.behaviour import Behaviour
from knockflow.follower.responses.growth import Growth
from knockflow.follower.responses.pfba import Pfba
from knockflow.follower.responses.viable import Viable
from knockflow.follower.states import Evaluation
from knockflow.problem.problem import Problem

LEAST_UPTAKE = 1e-6
"""mmol/gDW/h of substrate that every state must take up, so that a yield is a number."""


class _Yield(Behaviour):
    """Yields over the states of the response that stands beside it among the bases."""

    in_product = False

    def evaluate(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation | None:
        """The least yield, or the most; None also where no state takes up substrate."""
        states = self.hold(follower, follower.after(effects))
        least = None if states is None else follower.least_ratio(states)
        if least is None:
            return None
        first = follower.most_ratio(states) if optimistic else least
        return Evaluation(first.value, least.value, first, least, states)

    def region(self, follower: Follower, goal: float, optimistic: bool, effects: Collection[int] = ()) -> Region | None:
        """The states that rule designs out for a goal of v_p - z v_s."""
        return super().region(follower.beyond_yield(goal), 0.0, optimistic, effects)

    def extreme(
        self, follower: Follower, effects: Collection[int], fastest: np.ndarray, goal: float
    ) -> np.ndarray | None:
        """The extreme state for a goal of v_p - z v_s."""
        return super().extreme(follower.beyond_yield(goal), effects, fastest, 0.0)

    def short(self, problem: Problem, state: np.ndarray, goal: float) -> bool:
        """Whether a state yields less than a goal."""
        return bool((problem.product - goal * problem.uptake) @ state < 0)

    def least(self, problem: Problem) -> float:
        """No design yields less than nothing, unless product may be taken up."""
        return 0.0 if super().least(problem) >= 0 else float("-inf")

    def potential(self, follower: Follower) -> float:
        """The largest yield of any state that counts; infinite where one takes up no substrate."""
        states = follower.growing(()) if self.growing(follower.problem) else follower.after(())
        if (follower.least_uptake(states) or 0.0) <= ACTIVE_FLUX:
            return float("inf")
        most = follower.most_ratio(states)
        return float("inf") if most is None else most.value


class GrowthYield(_Yield, Growth):
    """Yields over the growth response."""


class ViableYield(_Yield, Viable):
    """Yields over all states that grow at min_growth."""


class PfbaYield(_Yield, Pfba):
    """Yields over the states of largest growth with the least total flux."""


def why_no_yield(problem: Problem) -> str:
    """Why yields of a problem are no numbers: some state grows without the substrate; empty where they are."""
    for alone in problem.each:
        if not alone.uptake.any():
            return (
                "no substrate that a yield could refer to: none is known, or the one that is named is not taken up; "
                "name one with `substrate` that `medium` opens"
            )
        follower = Follower(alone)
        states = follower.growing(()) if alone.maximizes_growth else follower.after(())
        least = follower.least_uptake(states)
        if least is not None and least <= LEAST_UPTAKE:
            return (
                "some state takes up no substrate, so that a yield has no bound; name another `substrate`, or close "
                "the other sources in `medium`"
            )
    return ""
