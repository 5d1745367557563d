"""Linear programs of the follower whose prices bound it after every design: the dual cuts.

Let p be prices of the rows of  max a'v  over the follower, and d = a - p'S the reduced costs. Then for every state v

    a'v = p'S v + d'v <= sum of max p_i (row i) + sum over j of max { d_j v_j : v_j within its bounds }

whatever the prices are (weak duality), and as an equation at an optimum if p is optimal. A design sets bounds; where
every effect closes columns (`knockflow.methods.single_level.closing`), a column that an effect closes adds 0 while the
effect holds and at most  w = max(0, d_j l_j, d_j u_j)  once it is restored, with l_j and u_j the range of the states
that count. That is a cut with weights w: at the design it is the optimum, and it needs no other bound of prices.

The three programs: the objective of the cell; its product, where the objective and growth reach some level; and, for
designs after which the cell cannot grow, the share t of all that is needed which it can have:

    max t <= 1   subject to   growth >= min_growth t,   and t times every bound and row that the zero flux does not keep
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.methods.decomposition.cuts import Cut
from knockflow.numerics.program import Column, LinearProgram, Row
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.leader import Targets
from knockflow.problem.problem import Problem

PRICE = 1e-10
"""From which a price or a reduced cost counts; smaller ones are noise of the engine."""

WIDER = 1e-7
"""mmol/gDW/h by which the ranges of fluxes are widened."""

Ends = tuple[np.ndarray, np.ndarray]


class PriceProgram:
    """max a'v subject to row_lower <= S v <= row_upper and bounds, where effects close columns.

    `least`, `most` are the ranges of the columns while they are open, over the states that count.
    """

    def __init__(self, goal: np.ndarray, program: LinearProgram, ranges: Ends, targets: Targets):
        self.goal, self.targets = goal, targets
        self.row_lower, self.row_upper = program.row_lower.copy(), program.row_upper.copy()
        self.lower, self.upper = program.lower, program.upper
        self.least, self.most = ranges
        self._columns = program.matrix.T.tocsr()
        self.lp = LP(program)
        self.lp.set_objective(goal, maximize=True)
        self._changed: set[int] = set()

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Set the bounds of a row."""
        self.row_lower[row], self.row_upper[row] = lower, upper
        self.lp.set_row(row, lower, upper)

    def maximum(self, effects: Collection[int], opened: Mapping[int, float] | None = None) -> float | None:
        """The optimum after some effects, None if there is no state.

        `opened` says to what share of its range a column that an effect closes is open all the same.
        """
        closed = self.closed(effects)
        for column in self._changed - closed.keys():
            self.lp.set_column(column, self.lower[column], self.upper[column])
        for column in closed:
            share = (opened or {}).get(column, 0.0)
            least, most = min(0.0, self.least[column]), max(0.0, self.most[column])
            self.lp.set_column(column, share * least, share * most)
        self._changed = set(closed)
        return self.lp.value if self.lp.solve(dual=True) is Verdict.OPTIMAL else None

    def closed(self, effects: Collection[int]) -> dict[int, int]:
        """The columns that some effects close, each with one that does."""
        found: dict[int, int] = {}
        for effect in sorted(effects):
            for column in self.targets.columns(effect).tolist():
                found.setdefault(column, effect)
        return found

    def cut(self, effects: Collection[int]) -> Cut | None:
        """The bound on the optimum of every design that the prices of the last solve give.

        None if they are of no use.
        """
        prices = self.lp.row_duals()
        at = np.where(prices > 0, self.row_upper, self.row_lower)
        prices[(np.abs(prices) <= PRICE) | ~np.isfinite(at) & (np.abs(prices) <= FEASIBILITY)] = 0.0
        worth = prices * np.where(prices == 0, 0.0, at)
        reduced = self.goal - self._columns @ prices
        reduced[np.abs(reduced) <= PRICE] = 0.0
        closed = self.closed(effects)
        free = np.setdiff1d(np.flatnonzero(reduced), list(closed))
        most = reduced[free] * np.where(reduced[free] > 0, self.upper[free], self.lower[free])
        bound = float(worth.sum() + most.sum())
        if not np.isfinite(bound):
            return None
        restored: dict[int, float] = {}
        for column, effect in closed.items():
            ends = reduced[column] * (self.least[column] - WIDER), reduced[column] * (self.most[column] + WIDER)
            if reduced[column]:
                restored[effect] = restored.get(effect, 0.0) + max(0.0, *ends)
        return Cut(bound, {}, restored).outward()


def fastest(problem: Problem, goal: np.ndarray) -> PriceProgram:
    """The most of a linear function that the cell can reach."""
    return PriceProgram(goal, problem.follower, (problem.viable_lower, problem.viable_upper), problem.targets)


class Ceiling:
    """The most product of the states whose objective and growth reach some level (mmol/gDW/h)."""

    def __init__(self, problem: Problem, growing: bool):
        self._row = len(problem.rows)
        least = problem.min_growth - FEASIBILITY if growing else -np.inf
        held = problem.follower.extended(
            [
                Row("objective of the cell", -np.inf, np.inf, problem.objective),
                Row("growth of the cell", least, np.inf, problem.growth),
            ]
        )
        ranges = problem.viable_lower, problem.viable_upper
        self.program = PriceProgram(problem.product, held, ranges, problem.targets)

    def after(self, effects: Collection[int], level: float) -> PriceProgram | None:
        """The program solved after some effects with the objective at some level; None if it has no state."""
        self.program.set_row(self._row, level, np.inf)
        return None if self.program.maximum(effects) is None else self.program


def share(problem: Problem) -> PriceProgram:
    """The share t of all needs that the cell can have: 1 if it can grow at min_growth, and less if not."""
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    rests = np.flatnonzero((problem.row_lower > 0) | (problem.row_upper < 0))
    rest = np.where(problem.row_lower > 0, problem.row_lower, problem.row_upper)[rests]
    # row - rest t = 0 (>= 0, <= 0)
    row_lower[rests], row_upper[rests] = problem.row_lower[rests] - rest, problem.row_upper[rests] - rest
    free = replace(
        problem.follower,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.minimum(problem.lower, 0.0),
        upper=np.maximum(problem.upper, 0.0),
    )
    t = len(problem.columns)
    rows = []
    for j in np.flatnonzero((problem.lower > 0) | (problem.upper < 0)).tolist():
        side, needed = (1.0, problem.lower[j]) if problem.lower[j] > 0 else (-1.0, problem.upper[j])
        # side v_j - side needed_j t >= 0
        rows.append(Row(f"share of {problem.columns[j]}", 0.0, np.inf, {j: side, t: -side * needed}))
    # growth - min_growth t >= 0
    rows.append(Row("share of growth", 0.0, np.inf, np.append(problem.growth, -problem.min_growth)))
    needs = dict(zip(rests.tolist(), (-rest).tolist(), strict=True))
    whole = free.extended(rows, [Column("share of all needs", 0.0, 1.0, coefficients=needs)])
    goal = np.append(np.zeros(t), 1.0)
    return PriceProgram(goal, whole, (whole.viable_lower, whole.viable_upper), problem.targets)
