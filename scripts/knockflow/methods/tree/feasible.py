"""Some state of a region after a design, whichever is nearest at hand: all that is needed to rule the design out."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.states import Balances
from knockflow.methods.tree.detours import designed_bounds
from knockflow.numerics.program import Column, Row, turned
from knockflow.numerics.simplex import LP
from knockflow.problem.problem import Problem

MOST_ITERATIONS = 60
"""Iterations after which columns that the design leaves open are opened again."""


class Feasible:
    """A linear program without an objective, solved from where the last one has ended.

    The primal simplex ends with the first state that keeps all bounds, a few iterations away. What earlier designs
    close stays closed as long as there is such a state: it then avoids the effects of several designs at once, and
    rules out more. A column that runs both ways stands as two, so that one that is opened again may stay at 0.
    """

    def __init__(self, problem: Problem, region: Region):
        self.problem, self._region = problem, region
        self._balances, self._lower, self._upper = Balances(problem), problem.lower.copy(), problem.upper.copy()
        self._closed: set[int] = set()
        n = len(problem.columns)
        two_way = np.flatnonzero((problem.lower < 0) & (problem.upper > 0)).tolist()
        self._back = {column: number for number, column in enumerate(two_way, n)}
        lower = problem.lower.copy()
        lower[two_way] = 0.0
        inner = region.inner()
        ends = zip(inner.lower, inner.upper, inner.rows, strict=True)
        forth = replace(problem.follower, lower=lower).extended(
            Row(f"inequality {k} of the region", *row) for k, row in enumerate(ends)
        )
        back = [
            Column(f"{problem.columns[j]} backwards", 0.0, -problem.lower[j], coefficients=turned(forth.matrix, j))
            for j in two_way
        ]
        self._lp = LP(forth.extended(columns=back))

    def after(self, design: Collection[int], region: Region) -> np.ndarray | None:
        """A state of a region with the same rows that a design leaves whole; None if none is found."""
        self._aim(region)
        bounds = designed_bounds(self.problem, design)
        for column, ends in bounds.items():
            self._set(column, *ends)
        more = self._closed - bounds.keys()
        self._closed.update(bounds)
        found = self._lp.reoptimized(dual=False, most=MOST_ITERATIONS if more else None)
        if not found and more:
            for column in more:
                self._set(column, self.problem.lower[column], self.problem.upper[column])
            self._closed = set(bounds)
            found = self._lp.reoptimized(dual=False)
        state = self._balances.state(self._fluxes(), self._lower, self._upper) if found else None
        return state if state is not None and region.holds(state) else None

    def _aim(self, region: Region) -> None:
        if region is not self._region:
            self._region, inner, first = region, region.inner(), len(self.problem.rows)
            for row, ends in enumerate(zip(inner.lower, inner.upper, strict=True), first):
                self._lp.set_row(row, *ends)

    def _set(self, column: int, lower: float, upper: float) -> None:
        if (self._lower[column], self._upper[column]) == (lower, upper):
            return
        self._lower[column], self._upper[column] = lower, upper
        if column in self._back:
            self._lp.place_column(self._back[column], max(-upper, 0.0), max(-lower, 0.0))
            lower, upper = max(lower, 0.0), max(upper, 0.0)
        self._lp.place_column(column, lower, upper)

    def _fluxes(self) -> np.ndarray:
        found = self._lp.primals()
        fluxes = found[: len(self.problem.columns)]
        fluxes[list(self._back)] -= found[len(fluxes) :]
        return fluxes
