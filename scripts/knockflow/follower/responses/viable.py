"""The viable response: all states that grow at min_growth."""

from collections.abc import Collection

import numpy as np

from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region, unwanted
from knockflow.follower.responses.behaviour import Behaviour, ends_of
from knockflow.follower.states import Evaluation


class Viable(Behaviour):
    """All states with growth >= min_growth."""

    all_growing = True
    extreme_counts = True

    def hold(self, follower: Follower, states: States) -> States | None:
        """The states that grow at min_growth.

        How far the cell can grow is asked first: a state at min_growth may use less than the engine's tolerance of
        what the cell needs, one of largest growth does not.
        """
        best = follower.max_growth(states)
        if best is None or not follower.grows(best.value):
            return None
        return follower.growing_among(states)

    def evaluate(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation | None:
        """Most or least product over them."""
        states = self.hold(follower, follower.after(effects))
        return None if states is None else ends_of(follower, states, optimistic)

    def region(self, follower: Follower, goal: float, optimistic: bool, effects: Collection[int] = ()) -> Region | None:
        """The states that make less than the goal, whatever the effects.

        The most product has no such states: it is that of any one state, so a design loses by what it breaks.
        """
        return None if optimistic else unwanted(follower.problem, goal)

    def extreme(
        self, follower: Follower, effects: Collection[int], fastest: np.ndarray, goal: float
    ) -> np.ndarray | None:
        """The state of least product that grows at min_growth, or the fastest if that makes less than the goal."""
        if follower.problem.product @ fastest < goal:
            return fastest
        least = follower.product(follower.growing(effects), maximize=False, dual=True)
        return fastest if least is None else least.fluxes
