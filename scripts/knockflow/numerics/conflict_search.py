"""A linear program in which some sets of directions cannot all be used: conflict sets, found while it is solved.

A literal is a direction of a column: 2 j is v_j > 0, 2 j + 1 is v_j < 0. A set of literals, a whole number with one bit
for each, is a conflict if no state may use all of them. The states are those of the linear program that use all of no
conflict; the conflicts are not known beforehand, but whether a state has one can be asked. So: solve the program, ask,
and branch on the conflict l_1, ..., l_k: child i closes l_i and keeps l_1, ..., l_{i-1} open, since the states that do
not use one of these are below an earlier child. Every state that has no conflict stays below some child, and each child
closes one direction more. A node whose kept literals leave a known conflict one literal closes that one; one whose
kept literals fill a conflict has no state. Nodes with the best bound come first.

A conflict that is a cycle, a flux distribution which changes no row and no goal, is taken out of a state and is no
reason to branch (compare Desouki et al. 2015, doi:10.1093/bioinformatics/btv096).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import FEASIBILITY, NOISE
from knockflow.numerics.branch_and_bound import GAIN
from knockflow.numerics.over_lp import Best, OverLP
from knockflow.numerics.simplex import LP, Verdict

MOST_NODES = 100_000

Cycle = Mapping[int, float]
"""Fluxes of columns that change no row and no goal."""


class Conflicts(Protocol):
    """What knows the conflicts of a program; `conflicts` only grows."""

    conflicts: list[int]

    def conflict(self, used: int, kept: int) -> int:
        """A conflict among the literals that a state uses, best with few that are not kept; 0 if there is none.

        It is among the known ones from then on.
        """

    def cycle(self, conflict: int) -> Cycle | None:
        """The conflict as a cycle; None if it is none."""


def literals(fluxes: np.ndarray) -> int:
    """The literals that a state uses; what is not 0 is used."""
    return _mask(fluxes > 0, fluxes < 0)


def numbers(mask: int) -> list[int]:
    """The literals in a set, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


@dataclass(frozen=True)
class _Node:
    closed: int
    kept: int


@dataclass(frozen=True)
class _Solution(Best):
    closed: int


class ConflictSearch(OverLP):
    """max or min a'v over the states of an `LP` that have no conflict; the same calls as `LP` has.

    States are without cycles; prices are those of the linear program without the directions that the best node closes.

    Parameters
    ----------
    lp
        The linear program; from now on changed through this object only.
    lower, upper
        Its bounds of columns.
    signs
        What knows the conflicts.
    tidy
        From what the engine calls a solution, and bounds, to a state in which only what runs is not 0; None if there
        is none.
    """

    def __init__(self, lp: LP, lower, upper, signs: Conflicts, tidy: Callable[..., np.ndarray | None]):
        super().__init__(lp)
        self._signs, self._tidy = signs, tidy
        self._own = np.array(lower, float), np.array(upper, float)
        self._lower, self._upper = np.array(lower, float), np.array(upper, float)
        self.required = 0
        """Literals that all states use that are asked for; may be set before a solve."""
        self._goal, self._maximize = np.zeros(lp.n), True
        self._closed = self._absent = 0
        self._nodes = 0

    def set_column(self, column: int, lower: float, upper: float) -> None:
        """Set the bounds of a variable; infinities are allowed."""
        self._own[0][column], self._own[1][column] = lower, upper
        self._put(column)

    def set_objective(self, coefficients: np.ndarray, maximize: bool) -> None:
        """Set the objective from a vector over the columns."""
        self._goal, self._maximize = np.asarray(coefficients, float), maximize
        self._lp.set_objective(coefficients, maximize)

    def others(self) -> Iterator[Verdict | None]:
        """What is found from a fresh basis, where what the last one has led to is no solution."""
        self.restart()
        yield self.solve()

    @property
    def closed(self) -> int:
        """The literals that the best node of the last solve closes."""
        return self._best.closed

    def reduced_costs(self) -> np.ndarray:
        """The variables' reduced costs."""
        return self._at_best(self._lp.reduced_costs)

    def row_duals(self) -> np.ndarray:
        """The rows' dual values."""
        return self._at_best(self._lp.row_duals)

    def _at_best(self, ask: Callable[[], np.ndarray]) -> np.ndarray:
        self._close(self._best.closed)
        self._lp.solve(dual=True)
        found = ask()
        self._close(0)
        return found

    def solve(self, dual: bool = False, needed: float | None = None) -> Verdict:
        """Solve to optimality.

        Where no state is as good as what is needed, the value is a bound of all, and the state may be none.

        Raises
        ------
        SolverError
            If that takes more than MOST_NODES nodes, or the engine reaches no verdict.
        """
        self._best, self._sign = None, -1.0 if self._maximize else 1.0
        self._absent = _mask(self._own[1] <= 0, self._own[0] >= 0)
        forced = _mask(self._own[0] > 0, self._own[1] < 0)
        try:
            return self._search(_Node(0, self.required | forced), dual, needed)
        finally:
            self._close(0)

    def _search(self, root: _Node, dual: bool, needed: float | None) -> Verdict:
        """Best bound first, and of equal ones the last: rank, which is smaller for better values, age, node, state."""
        queue: list[tuple[float, int, _Node, np.ndarray | None]] = [(-np.inf, 0, root, None)]
        self._nodes = age = 0
        while queue:
            rank, own_age, node, state = heappop(queue)
            if not self._improves(rank):
                break
            if state is None:
                found = self._look_at(node, dual or self._nodes > 0, needed)
                if found is Verdict.UNBOUNDED:
                    return found
                if found is Verdict.INFEASIBLE:
                    continue
                rank, node, state = found
                if queue and queue[0][0] < rank:
                    heappush(queue, (rank, own_age, node, state))
                    continue
            if self._short(rank, needed):
                self._best = self._best or _Solution(self._sign * rank, state, node.closed)
                break
            for child in self._below(node, rank, state):
                age -= 1
                heappush(queue, (rank, age, child, None))
        return Verdict.INFEASIBLE if self._best is None else Verdict.OPTIMAL

    def _look_at(self, node: _Node, dual: bool, needed: float | None) -> Verdict | tuple[float, _Node, np.ndarray]:
        """Solve a node: its rank, the node with what is known to be closed, and the engine's state."""
        node = self._propagated(node)
        if node is None:
            return Verdict.INFEASIBLE
        if self._nodes == MOST_NODES:
            raise SolverError(f"a program of the cell with conflict sets takes more than {MOST_NODES} nodes")
        self._nodes += 1
        verdict = self._node(node, dual)
        if verdict is not Verdict.OPTIMAL:
            return verdict
        rank = self._sign * self._lp.value
        state = self._lp.primals() if self._short(rank, needed) else self._state()
        return Verdict.INFEASIBLE if state is None else (rank, node, state)

    def _node(self, node: _Node, dual: bool) -> Verdict:
        self._close(node.closed)
        if (self._lower > self._upper).any():
            return Verdict.INFEASIBLE
        return self._lp.solve(dual)

    def _short(self, rank: float, needed: float | None) -> bool:
        return needed is not None and rank > self._sign * needed + FEASIBILITY

    def _improves(self, rank: float) -> bool:
        if self._best is None:
            return True
        return rank < self._sign * self._best.value - GAIN * max(1.0, abs(self._best.value))

    def _state(self) -> np.ndarray | None:
        """The state that the engine has found; None if there turns out to be none.

        Raises
        ------
        SolverError
            If what it calls a solution is none, in whatever way it is found.
        """
        state = self._tidy(self._lp.primals(), self._lower, self._upper)
        if state is not None:
            return state
        for verdict in self._lp.others():
            if verdict is Verdict.INFEASIBLE:
                return None
            state = self._tidy(self._lp.primals(), self._lower, self._upper) if verdict is Verdict.OPTIMAL else None
            if state is not None:
                return state
        raise SolverError(
            "a linear program of the cell with some directions closed has no solution that keeps balances"
        )

    def _below(self, node: _Node, rank: float, state: np.ndarray) -> list[_Node]:
        """What is left to see below a solved node, the best last; takes its state if that has no conflict."""
        while True:
            conflict = self._signs.conflict(literals(state), node.kept)
            if not conflict:
                if self._improves(rank):
                    self._best = _Solution(self._sign * rank, state, node.closed)
                return []
            without = self._without(state, conflict, node.closed)
            if without is None:
                break
            state = without
        children, kept = [], node.kept
        for literal in numbers(conflict & ~node.kept):
            children.append(_Node(node.closed | 1 << literal, kept))
            kept |= 1 << literal
        return children[::-1]

    def _without(self, state: np.ndarray, conflict: int, closed: int) -> np.ndarray | None:
        """The state without a cycle; None if the conflict is none, or bounds or rows need it."""
        cycle = self._signs.cycle(conflict)
        if cycle is None:
            return None
        columns = np.fromiter(cycle, np.int64)
        share = np.fromiter(cycle.values(), float)
        if abs(float(self._goal[columns] @ share)) > NOISE * np.abs(self._goal[columns] * share).sum():
            return None
        lower, upper = self._bounds(closed)
        nearest = np.where(share > 0, np.maximum(lower[columns], 0.0), np.minimum(upper[columns], 0.0))
        room = (state[columns] - nearest) / share
        least = int(np.argmin(room))
        if nearest[least] != 0:
            return None
        left = state.copy()
        left[columns] -= room[least] * share
        left[columns[np.abs(left[columns]) <= NOISE * np.maximum(1.0, np.abs(state[columns]))]] = 0.0
        left[columns[least]] = 0.0
        return self._tidy(left, lower, upper)

    def _bounds(self, closed: int) -> tuple[np.ndarray, np.ndarray]:
        lower, upper = self._own[0].copy(), self._own[1].copy()
        for literal in numbers(closed):
            side = lower if literal % 2 else upper
            side[literal // 2] = 0.0
        return lower, upper

    def _propagated(self, node: _Node) -> _Node | None:
        """The node with what the known conflicts close; None if it has no state."""
        closed, before = node.closed, -1
        while closed != before:
            before = closed
            for conflict in self._signs.conflicts:
                if conflict & (closed | self._absent):
                    continue
                open_ones = conflict & ~node.kept
                if not open_ones:
                    return None
                if not open_ones & (open_ones - 1):
                    closed |= open_ones
        return _Node(closed, node.kept)

    def _close(self, closed: int) -> None:
        changed = {literal // 2 for literal in numbers(closed ^ self._closed)}
        self._closed = closed
        for column in sorted(changed):
            self._put(column)

    def _put(self, column: int) -> None:
        """Set a column's bounds, without the directions that are closed."""
        lower, upper = self._own[0][column], self._own[1][column]
        if self._closed >> (2 * column) & 1:
            upper = min(upper, 0.0)
        if self._closed >> (2 * column + 1) & 1:
            lower = max(lower, 0.0)
        self._lower[column], self._upper[column] = lower, upper
        if lower <= upper:
            self._lp.set_column(column, lower, upper)


def _mask(forward: np.ndarray, backward: np.ndarray) -> int:
    flags = np.column_stack([forward, backward]).ravel()
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
