"""States of a cell, and whether what a solver calls one is one, also where fluxes are smaller than its tolerance.

A linear program's variables may lie outside their bounds by the engine's tolerance, 1e-9. Beside a flux of 10 that is
nothing. But biomass needs 1e-6 of some metabolites, and a cell that grows by 1e-4 turns over 1e-10 of them: then what
makes them seems idle, and a cell without it seems to grow. So a number says little by itself. What tells a small flux
from an error is the balance of its metabolites:

    v within its bounds exactly, and then   |S v| <= LEAK * |S| |v| + NOISE   row by row

A flux up to the tolerance that matters to any balance cannot be left out of it, whatever its size, and a flux that is
not there cannot be made up for. Fluxes up to the tolerance that no balance misses are errors, and set to 0. So what a
state uses does not depend on the scale of a threshold, down to NOISE, the rounding errors of the arithmetic itself.
"""

from dataclasses import dataclass

import numpy as np

from knockflow.base.tolerances import ACTIVE_FLUX, NOISE
from knockflow.follower.held import States
from knockflow.problem.problem import Problem

LEAK = 1e-3
"""Share of what a row turns over by which it may miss its range: what is missing altogether is a share of 1."""


ZERO_PRICE = 1e-15
"""Up to which a price is the rounding error of none: a row or column without an end would make a bound infinite."""

Ends = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Optimum:
    """A state that is optimal for what was asked, and the value of that: 1/h for growth, else mmol/gDW/h, as fluxes."""

    value: float
    fluxes: np.ndarray


@dataclass(frozen=True)
class Evaluation:
    """A design's value under a formulation.

    `guarantee` is the least product over the same response, in strict order the least of the second product; `promise`
    and `worst` are the states that attain value and guarantee, one and the same for a pessimistic formulation of one
    product. `states` are the response, where it is one set of states.
    """

    value: float
    guarantee: float
    promise: Optimum
    worst: Optimum
    states: States | None = None


class Balances:
    """The rows of a follower, and how far a vector of fluxes keeps them."""

    def __init__(self, problem: Problem):
        self._rows = problem.matrix.tocsr()
        self._turnover = abs(self._rows)
        self._lower, self._upper = problem.row_lower, problem.row_upper

    def state(self, fluxes: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        """The state that a solver means by some fluxes, exactly within bounds; None if it is none."""
        within = np.minimum(np.maximum(fluxes, lower), upper)
        size = np.abs(within)
        for least in (ACTIVE_FLUX, NOISE):
            state = within.copy()
            state[size <= least] = 0.0
            # Where 0 lies outside the bounds, a small flux stays.
            state = np.minimum(np.maximum(state, lower), upper)
            if self.hold(state):
                return state
        return None

    def hold(self, fluxes: np.ndarray) -> bool:
        """Whether every row is within its range, but for a share of what it turns over."""
        reached = self._rows @ fluxes
        beyond = np.maximum(self._lower - reached, reached - self._upper)
        if beyond.max(initial=0.0) <= NOISE:
            return True
        return bool((beyond <= LEAK * (self._turnover @ np.abs(fluxes)) + NOISE).all())

    def most(self, goal: np.ndarray, prices: np.ndarray, rows: Ends, bounds: Ends) -> float:
        """A value that a'v exceeds in no state, whatever the prices of the rows are (weak duality).

        With reduced costs d = a - S'p:  a'v = p'S v + d'v, each term no more than at the better end of its range. A
        bound by a solver's optimum rests on its dual tolerance; this one rests on sums.
        """
        reduced = goal - self._rows.T @ prices
        total = 0.0
        for weight, (lower, upper) in ((prices, rows), (reduced, bounds)):
            weight = np.where(np.abs(weight) <= ZERO_PRICE, 0.0, weight)
            used = np.flatnonzero(weight)
            total += float((weight[used] * np.where(weight[used] > 0, upper[used], lower[used])).sum())
        return total
