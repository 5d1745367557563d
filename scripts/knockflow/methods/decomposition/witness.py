"""States that few effects hit: among those of a region, the one whose cut is strongest at the core point, nearly.

How many effects hit a state is no linear function of it. Here the sum over the columns that effects close of weight
times |flux| takes its place, the weight being that of the effects at the core point; solved again with each weight
divided by the flux that was found (Candes, Wakin, Boyd 2008, doi:10.1007/s00041-008-9045-x), it counts more than it
measures.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from knockflow.follower.states import Balances
from knockflow.methods.single_level.closing import with_slacks
from knockflow.numerics.program import Column, Row, turned
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.problem import Problem

ROUNDS = 3
SMALL = 1e-3
"""mmol/gDW/h that is added to a flux before its weight is divided by it."""


class Sparsest:
    """Linear programs  min sum of weight (rise + fall)  over the states of a follower, v = rise - fall."""

    def __init__(self, problem: Problem):
        self._n = len(problem.columns)
        self.problem = linear = with_slacks(problem)
        targets = linear.targets
        self._closable = np.unique(targets.column)
        self._falls = {int(j): len(linear.columns) + i for i, j in enumerate(self._closable)}
        self._rows = len(linear.rows)
        goals = {"objective": linear.objective, "growth": linear.growth, "product": linear.product}
        held = linear.follower.extended(
            Row(f"{name} of the cell", -np.inf, np.inf, goal) for name, goal in goals.items()
        )
        lower, upper = linear.lower.copy(), linear.upper.copy()
        # A column that can be closed is a rise and a fall, both positive.
        fall_lower, fall_upper = np.maximum(0.0, -upper[self._closable]), np.maximum(0.0, -lower[self._closable])
        lower[self._closable], upper[self._closable] = (
            np.maximum(0.0, lower[self._closable]),
            np.maximum(0.0, upper[self._closable]),
        )
        falls = [
            Column(f"fall of {linear.columns[j]}", *ends, coefficients=turned(held.matrix, j))
            for j, *ends in zip(self._closable, fall_lower, fall_upper, strict=True)
        ]
        split = replace(held, lower=lower, upper=upper).extended(columns=falls)
        self._lower, self._upper = split.lower, split.upper
        self._lp = LP(split)
        self._changed: set[int] = set()
        self._balances = Balances(linear)

    def state(
        self,
        effects: Collection[int],
        weights: np.ndarray,
        like: np.ndarray,
        objective: float = -np.inf,
        growth: float = -np.inf,
        product: float = np.inf,
    ) -> np.ndarray | None:
        """A state after some effects with at least so much objective and growth and at most so much product.

        `weights` are those of the effects; whole numbers are those of the state that it is to be `like`.
        """
        self._apply(effects)
        self._fix(like)
        for i, (least, most) in enumerate(((objective, np.inf), (growth, np.inf), (-np.inf, product))):
            self._lp.set_row(self._rows + i, least, most)
        targets = self.problem.targets
        own = np.zeros(len(self.problem.columns))
        np.add.at(own, targets.column, weights[targets.owner])
        found, scaled = None, own[self._closable]
        for _ in range(ROUNDS):
            flux = self._solved(scaled)
            if flux is None:
                break
            found = flux
            scaled = own[self._closable] / (np.abs(flux[self._closable]) + SMALL)
        if found is None:
            return None
        lower, upper = self._linear_bounds(like)
        state = self._balances.state(found, lower, upper)
        return None if state is None else state[: self._n]

    def _linear_bounds(self, like: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of the columns after the effects, with the whole numbers of a state."""
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        whole = np.flatnonzero(self.problem.integer)
        for side in (lower, upper):
            side[list(self._changed)] = 0.0
            side[whole] = like[whole]
        return lower, upper

    def _solved(self, weights: np.ndarray) -> np.ndarray | None:
        goal = np.zeros(len(self._lower))
        goal[self._closable] = goal[len(self.problem.columns) :] = weights
        self._lp.set_objective(goal, maximize=False)
        if self._lp.solve() is not Verdict.OPTIMAL:
            return None
        values = self._lp.primals()
        flux = values[: len(self.problem.columns)].copy()
        flux[self._closable] -= values[len(self.problem.columns) :]
        return flux

    def _fix(self, like: np.ndarray) -> None:
        for j in np.flatnonzero(self.problem.integer).tolist():
            value = float(like[j])
            rise, fall = (max(value, 0.0), max(-value, 0.0)) if j in self._falls else (value, 0.0)
            self._lp.set_column(j, rise, rise)
            if j in self._falls:
                self._lp.set_column(self._falls[j], fall, fall)

    def _apply(self, effects: Collection[int]) -> None:
        closed = {int(j) for effect in effects for j in self.problem.targets.columns(effect)}
        for j in closed ^ self._changed:
            for column in (j, self._falls[j]):
                ends = (0.0, 0.0) if j in closed else (self._lower[column], self._upper[column])
                self._lp.set_column(column, *ends)
        self._changed = closed
