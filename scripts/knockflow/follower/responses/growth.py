"""The growth response: the states of largest growth, or of the cell's own objective.

It is lexicographic: first max c'v, then the product over the exact optimal face of that linear program.
"""

from collections.abc import Collection

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import GROWTH_FLOOR
from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region, over_ceiling
from knockflow.follower.responses.behaviour import Behaviour, ends_of
from knockflow.follower.states import Evaluation


class Growth(Behaviour):
    """All states in which the cell's objective is largest."""

    extreme_counts = True

    def hold(self, follower: Follower, states: States) -> States | None:
        """The states of maximal objective; how far the cell can grow is asked first."""
        best = follower.max_growth(states)
        if best is None or not follower.grows(best.value):
            return None
        if not follower.problem.maximizes_growth:
            best = follower.max_objective(states)
        return follower.optimal(states, best).by(self.hold)

    def evaluate(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation | None:
        """Most or least product over them."""
        states = self.hold(follower, follower.after(effects))
        if states is None:
            return None
        return ends_of(follower, states, optimistic) or self._by_the_floor(follower, effects, optimistic)

    def _by_the_floor(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation:
        """The value where the exact face is empty within the engine's tolerance: the objective's floor alone holds.

        Raises
        ------
        SolverError
            If that finds no state either.
        """
        states, found = follower.after(effects), None
        best = follower.max_objective(states) if follower.max_growth(states) else None
        if best is not None:
            states = self._floor(follower, states.reaching(best.value - (1 - GROWTH_FLOOR) * abs(best.value)))
            follower.restart(states)
            found = ends_of(follower, states, optimistic)
        if found is None:
            raise SolverError("a response that is not empty has no state within the engine's tolerance")
        return found

    def _floor(self, _follower: Follower, states: States) -> States:
        return states

    def region(self, follower: Follower, goal: float, optimistic: bool, effects: Collection[int] = ()) -> Region | None:
        """The states above the ceiling: a design that leaves one whole has an optimum above all that reach the goal."""
        return over_ceiling(follower, goal, effects)

    def extreme(
        self, follower: Follower, effects: Collection[int], fastest: np.ndarray, goal: float
    ) -> np.ndarray | None:
        """The state of largest objective."""
        if follower.problem.maximizes_growth:
            return fastest
        return follower.max_objective(follower.after(effects)).fluxes
