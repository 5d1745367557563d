"""What searches ask of a response; each is an object of its own, and nothing else asks which one it is."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region
from knockflow.follower.states import Evaluation, Optimum
from knockflow.problem.leader import CANDIDATE
from knockflow.problem.problem import Problem

NEAR_OPTIMUM = 1e-6
"""Share of an optimum that is missing where it is priced: the price is largest close to the optimum."""


class Behaviour(ABC):
    """A response of the cell, and the value of a design by it.

    Attributes
    ----------
    usable
        The statuses of targets that can matter to it.
    in_product
        Whether its value is a flux of product (mmol/gDW/h), which no state that grows at min_growth exceeds.
    all_growing
        Whether its states are all that grow at min_growth: no optimum of the cell counts, the states that rule a design
        out are the same for all designs, and the most product is the potential.
    extreme_counts
        Whether `extreme` is one of its own states, so that the least product is no more than there.
    least_flux
        Whether the least total flux is a stage of it, after the cell's optimum.
    lives_without
        Whether a design must have a state without product.
    """

    usable: tuple[str, ...] = (CANDIDATE,)
    in_product = True
    all_growing = False
    extreme_counts = False
    least_flux = False
    lives_without = False

    def prepare(self, problem: Problem) -> tuple[Problem, Problem]:
        """The problem of the states that count, and the same with the columns that only this response needs."""
        base = problem.growing()
        return base, base

    @abstractmethod
    def hold(self, follower: Follower, states: States) -> States | None:
        """Those of some states that are the response to them; None if the cell cannot grow at min_growth."""

    @abstractmethod
    def evaluate(self, follower: Follower, effects: Collection[int], optimistic: bool) -> Evaluation | None:
        """The value after some effects; None if the cell cannot grow at min_growth, or has no value."""

    @abstractmethod
    def region(self, follower: Follower, goal: float, optimistic: bool, effects: Collection[int] = ()) -> Region | None:
        """The states of which a design that reaches a goal leaves none whole, by what some effects leave.

        None if there is none; with a ceiling that means that no design with these effects reaches the goal.
        """

    @abstractmethod
    def extreme(
        self, follower: Follower, effects: Collection[int], fastest: np.ndarray, goal: float
    ) -> np.ndarray | None:
        """The state after some effects that most likely lies in the region, by the fastest; None without a value."""

    def short(self, problem: Problem, state: np.ndarray, goal: float) -> bool:
        """Whether the value of a design is less than a goal where this state is among those that count."""
        return bool(problem.product @ state < goal)

    def objective(self, problem: Problem) -> np.ndarray:
        """The function of the fluxes of whose largest value a design makes use."""
        return problem.objective

    def best(self, follower: Follower, states: States) -> Optimum | None:
        """Its largest value over some states; None if there is no state."""
        return follower.max_objective(states)

    def growing(self, problem: Problem) -> bool:
        """Whether all states that count for the value grow at min_growth."""
        return problem.maximizes_growth or self.all_growing

    def least(self, problem: Problem) -> float:
        """A value that no design falls below: what the ranges of the fluxes in the product allow."""
        ends = np.minimum(problem.product * problem.viable_lower, problem.product * problem.viable_upper)
        return float(ends[problem.product != 0].sum())

    def potential(self, follower: Follower) -> float:
        """A value that no design exceeds: the most product of any state that counts, with all that can be added."""
        states = follower.growing(()) if self.growing(follower.problem) else follower.after(())
        most = follower.product(states, maximize=True)
        if most is None:
            raise SolverError("the wild type grows, but no state of it is found at min_growth")
        return most.value

    def optima(self, follower: Follower, effects: Collection[int], pessimistic: bool) -> Iterator[Optimum]:
        """The optima of the programs that lead to a value; the prices of each can be read before the next is asked.

        Growth is priced both at min_growth and near the optimum, where a value is pessimistic: single removals often
        guarantee nothing at min_growth, where all prices are then 0.
        """
        states = follower.after(effects)
        growth = follower.max_growth(states)
        if growth is None or not follower.grows(growth.value):
            return
        yield growth
        best = follower.max_objective(states)
        near = states.reaching(best.value - NEAR_OPTIMUM * abs(best.value))
        yield from self._near(follower, near, pessimistic)

    def _near(self, follower: Follower, states: States, pessimistic: bool) -> Iterator[Optimum]:
        """The optima of the last levels, over the states near the cell's optimum."""
        for among in (states, follower.growing(states.effects)) if pessimistic else ():
            least = follower.product(among, maximize=False)
            if least is not None:
                yield least


def ends_of(follower: Follower, states: States, optimistic: bool) -> Evaluation | None:
    """Value and guarantee over some states; None if there is none within the engine's tolerance."""
    first = follower.product(states, maximize=optimistic)
    worst = follower.product(states, maximize=False) if optimistic else first
    if first is None or worst is None:
        return None
    return Evaluation(first.value, worst.value, first, worst, states)
