"""A mixed-integer linear program that is solved many times with small changes: branch and bound by a warm simplex.

The cell's programs have few whole numbers (states of regulators, directions) and are solved thousands of times, each
but little different from the last one, so a warm simplex matters more than cuts. Every optimum is that of a linear
program in which all whole numbers are fixed: nothing rests on a tolerance of integrality, through which a large bound
would let flux leak. A node is ruled out only by what `knockflow.numerics.simplex` has verified.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.numerics.over_lp import Best, OverLP
from knockflow.numerics.simplex import LP, Verdict

WHOLE = 1e-6
"""Distance from a whole number from which a node is branched on."""

GAIN = 1e-9
"""By how much, of its size, a node's bound must exceed the incumbent to be looked into."""

MOST_NODES = 100_000

Fixed = Mapping[int, tuple[float, float]]
"""Bounds by column, beyond the program's own."""


@dataclass(frozen=True)
class _Solution(Best):
    reduced_costs: np.ndarray
    row_duals: np.ndarray


class MixedInteger(OverLP):
    """max or min a'v subject to the constraints of an `LP`, with v_j whole for some columns j.

    The same calls as `LP` has. Values of whole columns are exact; prices are those of the linear program in which the
    whole numbers are fixed. Bounds of whole columns are whole or infinite; a program counts as unbounded if it is so
    without whole numbers.
    """

    def __init__(self, lp: LP, lower, upper, integers: np.ndarray):
        super().__init__(lp)
        self._integers = integers.tolist()
        self._own = {j: (float(lower[j]), float(upper[j])) for j in self._integers}
        self._fixed: Fixed = {}
        self._maximize = True

    def set_column(self, column: int, lower: float, upper: float) -> None:
        """Set the bounds of a variable; infinities are allowed."""
        if column in self._own:
            self._own[column] = float(lower), float(upper)
        self._lp.set_column(column, lower, upper)

    def set_objective(self, coefficients: np.ndarray, maximize: bool) -> None:
        """Set the objective from a vector over the columns."""
        self._maximize = maximize
        self._lp.set_objective(coefficients, maximize)

    def others(self) -> Iterator[Verdict | None]:
        """What is found in other ways: from a fresh basis, and then with the whole numbers that were found there.

        A row with a large bound, beside a number that is 0, may be missed by far more than the engine's tolerance.
        """
        self.restart()
        verdict = self.solve()
        yield verdict
        if verdict is not Verdict.OPTIMAL:
            return
        whole, ways = {j: (self._best.primals[j],) * 2 for j in self._integers}, self._lp.others()
        while True:
            self._fix(whole)
            verdict = next(ways, Verdict.INFEASIBLE)
            if verdict is Verdict.OPTIMAL:
                self._take(whole)
            self._fix({})
            if verdict is Verdict.INFEASIBLE:  # of these whole numbers, which says nothing of others
                return
            yield verdict

    def reduced_costs(self) -> np.ndarray:
        """The variables' reduced costs."""
        return self._best.reduced_costs

    def row_duals(self) -> np.ndarray:
        """The rows' dual values."""
        return self._best.row_duals

    def solve(self, dual: bool = False) -> Verdict:
        """Solve to optimality.

        Raises
        ------
        SolverError
            If that takes more than MOST_NODES nodes, or the engine reaches no verdict.
        """
        self._best = None
        open_nodes: list[tuple[Fixed, float | None]] = [({}, None)]
        for _ in range(MOST_NODES):
            if not open_nodes:
                self._fix({})
                return Verdict.INFEASIBLE if self._best is None else Verdict.OPTIMAL
            fixed, bound = open_nodes.pop()
            if bound is not None and not self._improves(bound):
                continue
            verdict = self._node(fixed, dual)
            dual = True
            if verdict is Verdict.UNBOUNDED:
                self._fix({})
                return verdict
            if verdict is Verdict.OPTIMAL and self._improves(self._lp.value):
                open_nodes += self._look_into(fixed)
        raise SolverError(f"a mixed-integer program of the cell takes more than {MOST_NODES} nodes")

    def _node(self, fixed: Fixed, dual: bool) -> Verdict:
        self._fix(fixed)
        return self._lp.solve(dual)

    def _improves(self, value: float) -> bool:
        return self._best is None or self._better(value, self._best.value)

    def _look_into(self, fixed: Fixed) -> list[tuple[Fixed, float]]:
        """Take the solution of a solved node, if its numbers are whole; the nodes that are left to see below it."""
        bound, values = self._lp.value, self._lp.primals()[self._integers]
        distance = np.abs(values - np.round(values))
        if distance.size == 0 or distance.max() <= WHOLE:
            whole = {j: (float(w), float(w)) for j, w in zip(self._integers, np.round(values) + 0.0, strict=True)}
            if self._node(whole, dual=True) is Verdict.OPTIMAL:
                reached = self._lp.value
                if self._improves(reached):
                    self._take(whole)
                if not self._better(bound, reached):
                    return []
        return self._branches(fixed, bound, values, distance)

    def _take(self, whole: Fixed) -> None:
        values = self._lp.primals()
        values[self._integers] = [whole[j][0] for j in self._integers]
        self._best = _Solution(self._lp.value, values, self._lp.reduced_costs(), self._lp.row_duals())

    def _branches(
        self, fixed: Fixed, bound: float, values: np.ndarray, distance: np.ndarray
    ) -> list[tuple[Fixed, float]]:
        """Two nodes that part the values of the first column that is not whole, the nearer one last."""
        open_columns = [k for k, j in enumerate(self._integers) if self._room(j, fixed)]
        if not open_columns:
            return []
        uneven = [k for k in open_columns if distance[k] > WHOLE]
        k = uneven[0] if uneven else max(open_columns, key=lambda k: distance[k])
        column, (lower, upper) = self._integers[k], self._bounds(self._integers[k], fixed)
        below = float(min(max(np.floor(values[k]), lower), upper - 1))
        halves = [{**fixed, column: (lower, below)}, {**fixed, column: (below + 1, upper)}]
        if values[k] - below > 0.5:
            return [(half, bound) for half in halves]
        return [(half, bound) for half in reversed(halves)]

    def _bounds(self, column: int, fixed: Fixed) -> tuple[float, float]:
        return fixed.get(column, self._own[column])

    def _room(self, column: int, fixed: Fixed) -> bool:
        lower, upper = self._bounds(column, fixed)
        return upper - lower > WHOLE

    def _better(self, value: float, than: float) -> bool:
        least = GAIN * max(1.0, abs(than))
        return value > than + least if self._maximize else value < than - least

    def _fix(self, fixed: Fixed) -> None:
        for column in self._fixed.keys() - fixed.keys():
            self._lp.set_column(column, *self._own[column])
        for column, bounds in fixed.items():
            if self._fixed.get(column) != bounds:
                self._lp.set_column(column, *bounds)
        self._fixed = fixed
