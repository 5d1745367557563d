"""Ways around a target: the least change of a state that no longer uses it, found once and used again elsewhere.

A change d of a state v with S d = 0 leads to the steady state v + d. Most ways around one target touch few fluxes, so
those of several targets can be added: whether v + d keeps all bounds is seen by looking at the fluxes in d alone,
without a linear program.

A target here, as in the search, is an effect (`knockflow.problem.leader`), and a design the effects that it has.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from knockflow.base.tolerances import FEASIBILITY, NOISE
from knockflow.follower.region import Region
from knockflow.follower.states import Balances
from knockflow.numerics.program import Column, Row, turned
from knockflow.numerics.simplex import LP
from knockflow.problem.bounds import widened
from knockflow.problem.problem import Problem

ELSEWHERE = 0.01
"""Weight of the change of a flux that no target controls; that of others is 1."""

ROUGHLY = 1e-5
"""By how much a state may miss a bound and still be one; what is no state misses one by far more."""


class Nearest:
    """The state of a region that is nearest to a base state, after a design.

    min sum of weight (rise + fall)  subject to  all bounds and rows of base + rise - fall, which for the rows that the
    base keeps as equations is  S (rise - fall) = 0.  A design only moves bounds of rise and fall, so the dual simplex
    goes on from the last basis. The base itself need not be a state.
    """

    def __init__(self, problem: Problem, region: Region, base: np.ndarray):
        self.problem, self.base, self._changed = problem, base, set()
        self._balances, self._lower, self._upper = Balances(problem), problem.lower.copy(), problem.upper.copy()
        region = region.inner()
        there = problem.matrix @ base
        # An equation that the base keeps but for rounding is kept exactly by what changes nothing in it.
        equal = problem.row_lower == problem.row_upper
        kept = equal & ((problem.row_lower == 0) | (np.abs(problem.row_lower - there) <= _slack(problem.row_lower)))
        beyond = region.rows @ base
        n = len(problem.columns)
        least, most = self._range(problem.lower, problem.upper, base)
        ends = zip(region.lower - beyond, region.upper - beyond, region.rows, strict=True)
        rise = replace(
            problem.follower,
            row_lower=np.where(kept, 0.0, problem.row_lower - there),
            row_upper=np.where(kept, 0.0, problem.row_upper - there),
            lower=least[:n],
            upper=most[:n],
        ).extended(Row(f"inequality {k} of the region", *row) for k, row in enumerate(ends))
        falls = [
            Column(f"fall of {name}", least[n + j], most[n + j], coefficients=turned(rise.matrix, j))
            for j, name in enumerate(problem.columns)
        ]
        self.lp = LP(rise.extended(columns=falls))
        weight = np.full(n, ELSEWHERE)
        weight[problem.targets.column] = 1.0
        self.lp.set_objective(np.concatenate([weight, weight]), maximize=False)

    @staticmethod
    def _range(lower, upper, base) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of rise and fall, one after the other."""
        least = np.concatenate([np.maximum(lower - base, 0.0), np.maximum(base - upper, 0.0)])
        most = np.concatenate([np.maximum(upper - base, 0.0), np.maximum(base - lower, 0.0)])
        return least, most

    def after(self, design: Collection[int]) -> np.ndarray | None:
        """That state's fluxes; None if the region is empty after the design."""
        n = len(self.problem.columns)
        bounds = designed_bounds(self.problem, design)
        for column in self._changed - bounds.keys():
            self._set(column, self.problem.lower[column], self.problem.upper[column])
        for column, (lower, upper) in bounds.items():
            self._set(column, lower, upper)
        self._changed = set(bounds)
        if not self.lp.reoptimized():
            return None
        solution = self.lp.primals()
        return self._balances.state(self.base + solution[:n] - solution[n:], self._lower, self._upper)

    def _set(self, column: int, lower: float, upper: float) -> None:
        self._lower[column], self._upper[column] = lower, upper
        least, most = self._range(lower, upper, self.base[column : column + 1])
        self.lp.set_column(column, least[0], most[0])
        self.lp.set_column(column + len(self.problem.columns), least[1], most[1])


def designed_bounds(problem: Problem, design: Collection[int]) -> dict[int, tuple[float, float]]:
    """Bounds of the columns that a design changes."""
    targets, bounds = problem.targets, {}
    for effect in design:
        for entry in range(targets.start[effect], targets.start[effect + 1]):
            column = int(targets.column[entry])
            lower, upper = bounds.get(column, (problem.lower[column], problem.upper[column]))
            bounds[column] = max(lower, targets.lower[entry]), min(upper, targets.upper[entry])
    return bounds


class Detours:
    """Known changes, each around one target, and which of them can be added to a state.

    A change is kept as the columns that it touches, by how much, and between which bounds they must end if the target
    is to be avoided; short lists are filled up with a column that stands for none. Rows that a change can break, or a
    base that is no state, are looked at one by one: all but those that say that something is 0.
    """

    def __init__(self, problem: Problem, region: Region):
        self.problem = problem
        rows = np.flatnonzero((problem.row_lower != 0) | (problem.row_upper != 0))
        lower, upper = problem.row_lower[rows], problem.row_upper[rows]
        slack = np.where(lower == upper, _slack(lower), NOISE)
        self._rows = np.vstack([region.rows, _dense_rows(problem, rows)])
        self._row_lower = np.concatenate([region.lower - NOISE, lower - slack])
        self._row_upper = np.concatenate([region.upper + NOISE, upper + slack])
        lower, upper = widened(problem.lower, problem.upper)
        self._lower, self._upper = np.append(lower, -np.inf), np.append(upper, np.inf)
        self._least_of, self._most_of = widened(problem.targets.lower, problem.targets.upper)
        self._number: dict[tuple[int, int], int] = {}
        self._around: dict[int, list[int]] = defaultdict(list)
        self._vectors: list[np.ndarray] = []
        self._at = np.empty((0, 0), dtype=np.int64)
        self._by, self._least, self._most = (np.empty((0, 0)) for _ in range(3))
        self._beyond = np.empty((0, len(self._rows)))

    def add(self, cause: int, target: int, change: np.ndarray) -> None:
        """Take a change that avoids a target where `cause` has been applied (-1: nothing)."""
        targets = self.problem.targets
        own = slice(targets.start[target], targets.start[target + 1])
        columns = targets.column[own]
        touched = np.union1d(np.flatnonzero(change), columns)
        row = self._number[cause, target] = len(self._vectors)
        self._around[target].append(row)
        self._vectors.append(change)
        self._make_room(row + 1, len(touched))
        self._at[row, : len(touched)] = touched
        self._by[row, : len(touched)] = change[touched]
        place = np.searchsorted(touched, columns)
        self._least[row, place], self._most[row, place] = self._least_of[own], self._most_of[own]
        self._beyond[row] = self._rows @ change

    def all(self) -> list[tuple[int, int, np.ndarray]]:
        """Cause, target and change of each."""
        return [(*key, self._vectors[number]) for key, number in self._number.items()]

    def _make_room(self, rows: int, width: int) -> None:
        have = self._at.shape
        if rows <= have[0] and width <= have[1]:
            return
        more = ((0, max(0, 2 * rows - have[0])), (0, max(0, width - have[1])))
        self._at = np.pad(self._at, more, constant_values=len(self.problem.columns))
        self._by = np.pad(self._by, more)
        self._least = np.pad(self._least, more, constant_values=-np.inf)
        self._most = np.pad(self._most, more, constant_values=np.inf)
        self._beyond = np.pad(self._beyond, (more[0], (0, 0)))

    def known(self, causes: Iterable[int], target: int) -> list[int]:
        """The numbers of the changes around a target, from the base and where one of the causes has been applied."""
        numbers = (self._number.get((cause, target)) for cause in (-1, *causes))
        return [number for number in numbers if number is not None]

    def reachable(self, design: Sequence[int], state: np.ndarray, targets: Sequence[int]) -> dict[int, int]:
        """Of some targets, those with a change that leads from the state of a design to one that avoids them, too.

        Every target by itself; the values are numbers of changes. Most often a change from the base does, or from where
        an effect of the design has been applied; the others are tried afterwards.
        """
        found = self._leading(design, state, [(t, number) for t in targets for number in self.known(design, t)])
        rest = [(t, number) for t in targets if t not in found for number in self._around[t]]
        return found | self._leading(design, state, rest)

    def _leading(self, design: Sequence[int], state: np.ndarray, pairs: list[tuple[int, int]]) -> dict[int, int]:
        """Of some targets and changes around them, those that lead from the state of a design to one, by target."""
        if not pairs:
            return {}
        rows = np.fromiter((number for _, number in pairs), np.int64)
        lower, upper = self._bounds(design)
        at = self._at[rows]
        moved = np.append(state, 0.0)[at] + self._by[rows]
        beyond = self._rows @ state + self._beyond[rows]
        whole = (
            (moved >= np.maximum(lower[at], self._least[rows])) & (moved <= np.minimum(upper[at], self._most[rows]))
        ).all(axis=1) & ((beyond >= self._row_lower) & (beyond <= self._row_upper)).all(axis=1)
        return dict(pair for pair, kept in zip(pairs, whole, strict=True) if kept)

    def allow(self, state: np.ndarray) -> bool:
        """Whether a sum of the base and some changes keeps all bounds and lies in the region."""
        lower, upper = self._bounds(())
        rows = self._rows @ state
        return bool(
            (state >= lower[:-1]).all()
            and (state <= upper[:-1]).all()
            and (rows >= self._row_lower).all()
            and (rows <= self._row_upper).all()
        )

    def roughly_allow(self, state: np.ndarray) -> bool:
        """Whether a state keeps all bounds but for errors that are no more than an engine's."""
        rows, (lower, upper) = self._rows @ state, self._bounds(())
        return bool(
            (state >= lower[:-1] - ROUGHLY).all()
            and (state <= upper[:-1] + ROUGHLY).all()
            and (rows >= self._row_lower - ROUGHLY).all()
            and (rows <= self._row_upper + ROUGHLY).all()
        )

    def _bounds(self, design: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Bounds after a design, with the tolerance, and none for the column that fills up rows."""
        lower, upper = self._lower.copy(), self._upper.copy()
        targets = self.problem.targets
        for effect in design:
            for entry in range(targets.start[effect], targets.start[effect + 1]):
                column = targets.column[entry]
                lower[column] = max(lower[column], self._least_of[entry])
                upper[column] = min(upper[column], self._most_of[entry])
        return lower, upper

    def vector(self, number: int) -> np.ndarray:
        """A change by its number."""
        return self._vectors[number]


def after_change(state: np.ndarray, change: np.ndarray) -> np.ndarray:
    """The state that a change leads to."""
    moved = state + change
    return np.where(np.abs(moved) <= NOISE, 0.0, moved)


def _slack(bound: np.ndarray) -> np.ndarray:
    """By how much a state may miss an equation."""
    return 10 * FEASIBILITY * np.maximum(1.0, np.abs(np.where(np.isfinite(bound), bound, 0.0)))


def _dense_rows(problem: Problem, rows: np.ndarray) -> np.ndarray:
    return problem.matrix.tocsr()[rows].toarray()
