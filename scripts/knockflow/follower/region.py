"""The states that rule a design out: if one of them is left whole, the design's value stays below a goal.

Growth or pfba response, goal z: with  c* = max { c'v : v_p >= z }  over the follower, no state of v_p >= z has an
objective above c*. So a design that leaves a state with c'v > c* whole has its optimum above c*, and all states of
its response make less than z. Viable response, pessimistic: any state with v_b >= min_growth and v_p < z. Coupling
potential z: any state without product that grows more than G - z, with G the largest growth of all.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from knockflow.base.tolerances import FEASIBILITY, VALUE
from knockflow.follower.oracle import Follower
from knockflow.follower.states import Optimum
from knockflow.problem.problem import Problem

MARGIN = 1e-8
"""By how much, of its size, an objective must lie above the ceiling: a multiple of the engine's tolerance.

A state may lie outside its constraints by that tolerance, each worth its price; where prices are large, so is the
margin.
"""


@dataclass(frozen=True)
class Region:
    """The states with lower <= rows v <= upper, beyond the follower's own constraints."""

    rows: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    margin: float = 0.0

    def holds(self, fluxes: np.ndarray) -> bool:
        """Whether a state of the follower lies in the region."""
        values = self.rows @ fluxes
        return bool((values >= self.lower).all() and (values <= self.upper).all())

    def inner(self) -> "Region":
        """The same by a margin, so that a state found within an engine's tolerance lies in the region itself."""
        lower, upper = (np.maximum(_margins(bounds), self.margin) for bounds in (self.lower, self.upper))
        return Region(self.rows, self.lower + lower, self.upper - upper)


def _margins(bounds: np.ndarray) -> np.ndarray:
    return MARGIN * np.maximum(1.0, np.abs(np.where(np.isfinite(bounds), bounds, 0.0)))


def slightly_below(goal: float) -> float:
    """A goal lowered by the tolerance up to which values count as equal."""
    return goal - VALUE * max(1.0, abs(goal))


def ceiling(follower: Follower, goal: float, effects: Collection[int] = ()) -> Optimum | None:
    """Largest objective of the cell among the states with v_p >= goal after some effects; None if there are none."""
    return follower.largest_objective(follower.after(effects).making(goal))


def over_ceiling(follower: Follower, goal: float, effects: Collection[int] = ()) -> Region | None:
    """The states above the ceiling after some effects; None if no state that the response may hold reaches the goal.

    Where the cell maximizes growth such a ceiling is no lower than min_growth, so no state of the region grows less.
    """
    best = ceiling(follower, goal, effects)
    if best is None or (follower.problem.maximizes_growth and not follower.grows(best.value)):
        return None
    return above(follower.problem, best.value, trust(follower, best))


def above(problem: Problem, level: float, margin: float) -> Region:
    """The states with an objective above a level by more than a margin."""
    return Region(problem.objective[np.newaxis, :], np.array([level + margin]), np.array([np.inf]), margin)


def trust(follower: Follower, optimum: Optimum) -> float:
    """By how much errors of the engine may flatter the optimum that was found last: its tolerance, at each price."""
    prices = sum(float(np.abs(one).sum()) for one in follower.prices(optimum))
    return max(MARGIN * max(1.0, abs(optimum.value)), 2 * FEASIBILITY * prices)


def unwanted(problem: Problem, goal: float) -> Region:
    """The states that grow at min_growth and make less than the goal."""
    rows = np.array([problem.growth, problem.product])
    most = goal - MARGIN * max(1.0, abs(goal))
    return Region(rows, np.array([problem.min_growth - 2 * FEASIBILITY, -np.inf]), np.array([np.inf, most]))


def uncoupled(follower: Follower, goal: float, effects: Collection[int] = ()) -> Region | None:
    """The states without product that grow too fast for a coupling potential; None if the cell cannot grow enough."""
    best = follower.max_growth(follower.after(effects))
    if best is None or best.value < goal:
        return None
    problem = follower.problem
    rows = np.array([problem.growth, problem.product])
    least = best.value - goal + MARGIN * max(1.0, best.value)
    return Region(rows, np.array([least, -2 * MARGIN]), np.array([np.inf, 2 * MARGIN]))
