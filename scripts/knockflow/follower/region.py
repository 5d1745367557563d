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
from knockflow.follower.respond import Follower
from knockflow.formulations.formulation import Formulation, Response

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


def ceiling(follower: Follower, goal: float, design: Collection[int] = ()) -> float | None:
    """Largest objective of the cell among the states with v_p >= goal after a design; None if there are none."""
    follower.apply(design)
    follower.hold_product(goal)
    return follower.largest_objective()


def over_ceiling(follower: Follower, goal: float, design: Collection[int] = ()) -> Region | None:
    """The states above the ceiling after a design; None if no state that the response may hold reaches the goal.

    Where the cell maximizes growth such a ceiling is no lower than min_growth, so no state of the region grows less.
    """
    level = ceiling(follower, goal, design)
    if level is None or (follower.problem.maximizes_growth and not follower.grows(level)):
        return None
    return above(follower, level)


def above(follower: Follower, level: float) -> Region:
    """The states with an objective above a ceiling, the last that the follower was asked for."""
    row = follower.problem.objective[np.newaxis, :]
    prices = np.abs(follower.lp.reduced_costs()).sum() + np.abs(follower.lp.row_duals()).sum()
    margin = max(MARGIN * max(1.0, abs(level)), 2 * FEASIBILITY * float(prices))
    return Region(row, np.array([level + margin]), np.array([np.inf]), margin)


def unwanted(follower: Follower, goal: float) -> Region:
    """The states that grow at min_growth and make less than the goal."""
    problem = follower.problem
    rows = np.array([problem.growth, problem.product])
    most = goal - MARGIN * max(1.0, abs(goal))
    return Region(rows, np.array([problem.min_growth - 2 * FEASIBILITY, -np.inf]), np.array([np.inf, most]))


def uncoupled(follower: Follower, goal: float, effects: Collection[int] = ()) -> Region | None:
    """The states without product that grow too fast for a coupling potential; None if the cell cannot grow enough."""
    follower.apply(effects)
    best = follower.max_growth()
    if best is None or best.value < goal:
        return None
    problem = follower.problem
    rows = np.array([problem.growth, problem.product])
    least = best.value - goal + MARGIN * max(1.0, best.value)
    return Region(rows, np.array([least, -2 * MARGIN]), np.array([np.inf, 2 * MARGIN]))


def ruling_out(follower: Follower, formulation: Formulation, goal: float) -> Region | None:
    """The region for a goal; None if there is none, which for a growth response means that no design reaches the goal.

    `potential` has no such states: its value is that of any one state, so a design loses by what it breaks.
    """
    if formulation.response is Response.VIABLE:
        return None if formulation.optimistic else unwanted(follower, goal)
    if formulation.response is Response.COUPLING:
        return uncoupled(follower, goal)
    return over_ceiling(follower, goal)
