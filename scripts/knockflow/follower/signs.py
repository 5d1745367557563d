"""Conflict sets of reactions in terms of a problem's columns: what a search asks of a state.

A column stands for coupled reactions, so that its sign settles the directions of all of them. A conflict set of which
no column carries some reaction cannot be used, and is none here.
"""

import numpy as np

from knockflow.follower.conflict_pool import ConflictPool, Set
from knockflow.numerics.conflict_search import Cycle, literals, numbers
from knockflow.numerics.program import listed
from knockflow.problem.problem import Problem

ALIKE = 1e-9
"""Up to which a singular value, of the largest, is 0."""


class Signs:
    """The conflicts of a problem's columns, as `knockflow.numerics.conflict_search` asks for them.

    Attributes
    ----------
    conflicts
        Known conflicts as sets of literals of columns.
    """

    def __init__(self, problem: Problem, pool: ConflictPool):
        self._problem, self.pool = problem, pool
        self.conflicts: list[int] = []
        self._cycles: dict[int, Cycle | None] = {}
        self._seen_sets = self._seen_points = 0
        self._points: list[int] = []
        row = {name: number for number, name in enumerate(pool.forces.names)}
        number = {member: row[name] for member, name in enumerate(problem.reactions) if name in row}
        self._rows: dict[int, tuple[int, ...]] = {}
        self._column: dict[int, int] = {}
        for column in range(len(problem.columns)):
            members = [(number[r], f) for r, f in listed(problem.members, column) if r in number]
            for back in (0, 1):
                rows = tuple(2 * r + (back if factor > 0 else 1 - back) for r, factor in members)
                if rows:
                    self._rows[2 * column + back] = rows
                    self._column |= dict.fromkeys(rows, 2 * column + back)
        self._limited = sum(1 << literal for literal in self._rows)

    def conflict(self, used: int, kept: int = 0) -> int:
        """A conflict among the literals that a state uses; 0 if some concentrations allow all of them."""
        self._sync()
        used &= self._limited
        known = [conflict for conflict in self.conflicts if conflict & used == conflict]
        if known:
            return min(known, key=lambda conflict: ((conflict & ~kept).bit_count(), conflict))
        if any(not used & ~met for met in self._points):
            return 0
        rows = [row for literal in numbers(used) for row in self._rows[literal]]
        found = self.pool.conflict(rows)
        self._sync()
        return 0 if found is None else self._in_columns(found)

    def against(self, used: int) -> int:
        """The literals that some point does not allow which allows all of those that a state without conflict uses.

        No state that uses none of them has a conflict.
        """
        if self.conflict(used):
            raise ValueError("no point allows a state with a conflict")
        used &= self._limited
        return self._limited & ~next(met for met in reversed(self._points) if not used & ~met)

    def always(self) -> int:
        """The literals of all states that a response may hold."""
        problem = self._problem
        ranges = (problem.viable_lower > 0, problem.viable_upper < 0)
        return literals(np.where(ranges[0], 1.0, np.where(ranges[1], -1.0, 0.0)))

    def _sync(self) -> None:
        for found in self.pool.sets[self._seen_sets :]:
            mask = self._in_columns(found)
            if mask and mask not in self.conflicts:
                self.conflicts.append(mask)
        self._seen_sets = len(self.pool.sets)
        for met in self.pool.met[self._seen_points :]:
            flags = met.tolist()
            self._points.append(sum(1 << one for one, rows in self._rows.items() if all(flags[row] for row in rows)))
        self._seen_points = len(self.pool.met)

    def _in_columns(self, found: Set) -> int:
        """A set as literals of columns; 0 if some reaction of it has no column."""
        mask = 0
        for literal in found:
            if literal not in self._column:
                return 0
            mask |= 1 << self._column[literal]
        return mask

    def cycle(self, conflict: int) -> Cycle | None:
        """Fluxes along a conflict's directions that change no balance and no goal; None if there are none."""
        if conflict not in self._cycles:
            self._cycles[conflict] = self._cycle(numbers(conflict))
        return self._cycles[conflict]

    def _cycle(self, directed: list[int]) -> Cycle | None:
        problem = self._problem
        columns = [literal // 2 for literal in directed]
        signs = np.array([1.0 - 2.0 * (literal % 2) for literal in directed])
        equal = np.flatnonzero(problem.row_lower == problem.row_upper)
        goals = (problem.growth, problem.objective, problem.product, problem.uptake)
        dense = np.vstack([problem.matrix[:, columns].toarray()[equal], [goal[columns] for goal in goals]])
        dense = dense[np.any(dense != 0, axis=1)] * signs
        _, sizes, right = np.linalg.svd(dense) if dense.size else (None, np.zeros(0), np.eye(len(columns)))
        rank = int((sizes > ALIKE * sizes.max(initial=0.0)).sum())
        if rank != len(columns) - 1:
            return None
        share = right[-1] * np.sign(right[-1].sum())
        if share.min() <= ALIKE:
            return None
        # Coefficients of a cycle are mostly whole multiples of its smallest one, which arithmetic keeps only nearly.
        share = share / share.min()
        whole = np.round(share)
        share = whole if np.abs(share - whole).max() < 1e-7 and not (dense @ whole).any() else share
        return {column: float(sign * part) for column, sign, part in zip(columns, signs, share, strict=True)}
