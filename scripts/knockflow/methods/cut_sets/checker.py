"""States that show whether a demand is met, known ones first."""

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.witness_pool import Witnesses
from knockflow.methods.cut_sets.regions import Demand, RegionFollower
from knockflow.methods.tree.detours import Nearest
from knockflow.methods.tree.search_space import Chosen
from knockflow.problem.problem import Problem


class Checker:
    """One demand: states that show that it is violated or met, known ones first."""

    def __init__(self, problem: Problem, demand: Demand):
        self.demand, self.nested = demand, demand.objective is not None
        self._follower, self._problem = RegionFollower(problem, demand), problem
        self.known = Witnesses(problem.targets.n_effects)
        self._nearest: Nearest | None = None

    def inside(self, effects: Chosen, allowed: int) -> np.ndarray | None:
        """A state of the region that some effects leave, one that few others hit; None if there is none."""
        if self.nested:
            return self._follower.inside(effects)
        spared = self.known.spared(effects)
        state = self.known.fewest(spared, allowed) if spared else None
        if state is None:
            state = self._near_zero(effects)
            if state is None:
                state = self._follower.inside(effects)
            if state is not None:
                self.known.add(self._follower.hits(state), state)
        return state

    def remaining(self, effects: Chosen) -> np.ndarray | None:
        """A state of the region that some effects leave, whichever; None if there is none."""
        return self._follower.inside(effects)

    def best(self, effects: Chosen) -> np.ndarray | None:
        """A state of largest objective; None if none is left at all."""
        return self._follower.best(effects)

    def _near_zero(self, effects: Chosen) -> np.ndarray | None:
        region = Region(self.demand.rows, self.demand.lower, self.demand.upper)
        if self._nearest is None:
            self._nearest = Nearest(self._problem, region, np.zeros(len(self._problem.columns)))
        state = self._nearest.after(effects)
        return state if state is not None and region.holds(state) else None

    def hits(self, state: np.ndarray) -> int:
        """The effects that a state hits."""
        return self._follower.hits(state)
