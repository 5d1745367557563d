"""Whether some functions can all have the signs that are asked of them, by how much, and which of them cannot.

Functions  g_r(w) = mean_r + a_r'w  of bounded variables w. The literal 2 r asks for  -g_r >= least,  2 r + 1 for
g_r >= least;  for reaction energies these are "r runs forward" and "r runs backward". How well a set L of literals can
be met is the largest common force (max-min driving force, Noor et al. 2014, doi:10.1371/journal.pcbi.1003483):

    max f   s.t.   -s_l (mean_l + a_l'w) >= f  for l in L,   lower <= w <= upper,   row_lower <= B w <= row_upper

A set whose force stays below `least` is a conflict. Prices y_l >= 0 of its rows, which sum to 1, prove that: at every w
the weighted sum of the forces, so the least of them, is no more than  -sum y_l s_l g_l  at the best w for that sum.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from knockflow.base.errors import SolverError
from knockflow.numerics.program import LinearProgram
from knockflow.numerics.simplex import LP, Verdict

SHORT = 1e-7
"""By how much a force may fall short of the least one within the engine's tolerance (kJ/mol)."""

KEPT = 1e-8
"""By how much a point may miss a row over the variables."""

PRICED = 1e-9
"""From which the price of a literal counts."""


@dataclass(frozen=True)
class Fit:
    """The largest common force of some literals, a point where they have it, and the literals that limit it.

    `ceiling` is no less than the force at any point, by the prices alone; `rows` marks the rows that took part.
    """

    force: float
    point: np.ndarray
    limiting: tuple[int, ...]
    ceiling: float
    rows: np.ndarray


@dataclass(frozen=True)
class DrivingForces:
    """Functions of bounded variables: mean (n,), coefficients (n, k), ranges (k,), rows (m, k), and the least force.

    `names` are those of the functions; with a reaction's energy, the reaction's.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    coefficients: csr_array
    lower: np.ndarray
    upper: np.ndarray
    row_coefficients: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    least: float

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides which literals are in conflict."""
        hashed = hashlib.sha256(repr((self.names, self.least)).encode())
        ends = (self.mean, self.lower, self.upper, self.row_lower, self.row_upper)
        for matrix in (self.coefficients, self.row_coefficients):
            ends += (matrix.data, matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64))
        for array in ends:
            hashed.update(f"{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
        return hashed.hexdigest()

    def met(self, point: np.ndarray) -> np.ndarray:
        """Which literals are met at a point, shape (2 n,)."""
        values = self.mean + self.coefficients @ point
        bar = self.least - SHORT
        return np.column_stack([-values >= bar, values >= bar]).ravel()

    def fit(self, literals: Collection[int], rows: np.ndarray | None = None) -> Fit | None:
        """The largest common force; None if the rows leave no point at all.

        Variables that no literal and no row needs stay in the middle of their ranges. Rows take part once a solution
        breaks them, since most of many leave it alone; those that `rows` marks do so from the start.

        Raises
        ------
        SolverError
            If the engine reaches no optimum.
        """
        wanted = np.array(sorted(literals), dtype=np.int64)
        signs = np.where(wanted % 2 == 0, -1.0, 1.0)
        own = self.coefficients[wanted // 2]
        own = csr_array((own.data * np.repeat(signs, np.diff(own.indptr)), own.indices, own.indptr), shape=own.shape)
        mean = signs * self.mean[wanted // 2]
        rows = np.zeros(len(self.row_lower), bool) if rows is None else rows.copy()
        while True:
            found = self._solved(own, mean, np.flatnonzero(rows))
            if found is None:
                return None
            reached = self.row_coefficients @ found.point
            broken = (reached < self.row_lower - KEPT) | (reached > self.row_upper + KEPT)
            if not (broken & ~rows).any():
                return replace(found, limiting=tuple(wanted[list(found.limiting)].tolist()), rows=rows)
            rows |= broken

    @cached_property
    def shared(self) -> np.ndarray:
        """The variables that are in rows, as marks."""
        marks = np.zeros(len(self.lower), bool)
        marks[self.row_coefficients.indices] = True
        return marks

    def near(self, literals: Collection[int], point: np.ndarray) -> np.ndarray | None:
        """A point that meets all literals and has the shared variables of another one, which keeps the rows.

        None if there is no such point; others may meet the literals all the same.
        """
        wanted = np.array(sorted(literals), dtype=np.int64)
        signs = np.where(wanted % 2 == 0, -1.0, 1.0)
        own = self.coefficients[wanted // 2]
        held = np.where(self.shared, point, 0.0)
        mean = signs * (self.mean[wanted // 2] + own @ held)
        data = own.data * np.repeat(signs, np.diff(own.indptr)) * ~self.shared[own.indices]
        own = csr_array((data, own.indices, own.indptr), shape=own.shape)
        own.eliminate_zeros()
        found = self._solved(own, mean, np.zeros(0, dtype=np.int64))
        if found is None or found.force < self.least - SHORT:
            return None
        return np.where(self.shared, point, found.point)

    def _solved(self, own: csr_array, mean: np.ndarray, rows: np.ndarray) -> Fit | None:
        """The largest force with some rows:  s_l a_l'w - f >= -s_l mean_l,  and what limits it by position."""
        over = self.row_coefficients[rows]
        used = np.union1d(own.indices, over.indices)
        force = np.append(np.full(len(mean), -1.0), np.zeros(len(rows)))
        program = LinearProgram.of(
            hstack([vstack([own, over]).tocsc()[:, used], force[:, None]]),
            np.append(-mean, self.row_lower[rows]),
            np.append(np.full(len(mean), np.inf), self.row_upper[rows]),
            np.append(self.lower[used], -np.inf),
            np.append(self.upper[used], np.inf if len(mean) else 0.0),
        )
        lp = LP(program)
        lp.set_objective(np.eye(1, len(used) + 1, len(used))[0], maximize=True)
        verdict = lp.solve()
        if verdict is Verdict.INFEASIBLE:
            return None
        if verdict is not Verdict.OPTIMAL:
            raise SolverError("the largest common driving force of some reactions has no bound")
        point, duals = (self.lower + self.upper) / 2, lp.row_duals()
        point[used] = np.clip(lp.primals()[:-1], self.lower[used], self.upper[used])
        prices = np.maximum(-duals[: len(mean)], 0.0)
        prices /= max(prices.sum(), PRICED)
        limiting = tuple(np.flatnonzero(prices > PRICED).tolist())
        ceiling = self._ceiling(own, mean, prices, rows, duals[len(mean) :])
        return Fit(float((mean + own @ point).min(initial=np.inf)), point, limiting, ceiling, rows)

    def _ceiling(
        self, own: csr_array, mean: np.ndarray, prices: np.ndarray, rows: np.ndarray, duals: np.ndarray
    ) -> float:
        """The most that  sum y_l s_l g_l  can be: rows over the variables by their duals, and w by its ranges."""
        duals = np.where(np.abs(duals) <= PRICED, 0.0, duals)
        # y'(S g) = y'S mean + (y'S A - d'B) w + d'(B w), and d'(B w) is no more than d' times the better end of B w.
        left = prices @ own - duals @ self.row_coefficients[rows]
        most = np.maximum(left * self.lower, left * self.upper).sum()
        used = np.flatnonzero(duals)
        ends = np.where(duals[used] > 0, self.row_upper[rows[used]], self.row_lower[rows[used]])
        return float(prices @ mean + most + duals[used] @ ends)

    def conflict(self, literals: Collection[int], first: Fit | None = None) -> tuple[int, ...] | None:
        """A smallest possible conflict within some literals: without any one of them the rest can be met.

        None if all can be met. By the prices of the program, and then literal by literal (deletion filter, Chinneck &
        Dravnieks 1991, doi:10.1287/ijoc.3.2.157).

        Raises
        ------
        SolverError
            If neither a point nor prices prove what the engine says, or no point at all is left by the rows.
        """
        left = self._limiting(literals, first)
        if left is None:
            return None
        kept: list[int] = []
        while left:
            tried, left = left[0], left[1:]
            smaller = self._limiting([*kept, *left])
            if smaller is None:
                kept.append(tried)
            else:
                # What is kept is needed by all that is left, so it is in what limits.
                left = [literal for literal in smaller if literal not in kept]
        return tuple(sorted(kept))

    def _limiting(self, literals: Collection[int], fit: Fit | None = None) -> list[int] | None:
        """Literals that cannot all be met, proven by prices; None if all of those given can be met."""
        fit = fit or self.fit(literals)
        if fit is None:
            raise SolverError("no concentrations keep all ranges and ratios at once")
        if fit.force >= self.least - SHORT:
            return None
        if fit.ceiling < self.least:
            return list(fit.limiting)
        raise SolverError(
            f"the largest driving force of {len(literals)} reactions is between {fit.force:.3g} and {fit.ceiling:.3g}, "
            f"and the engine does not tell on which side of {self.least:g} it is"
        )


def ranges(forces: DrivingForces, varying: np.ndarray | None = None) -> np.ndarray:
    """Least and largest value of each function over the ranges of the variables, without rows; shape (n, 2).

    Variables that do not vary stay in the middle of their ranges; by default all vary.
    """
    half = (forces.upper - forces.lower) / 2
    reach = abs(forces.coefficients) @ (half if varying is None else np.where(varying, half, 0.0))
    middle = forces.mean + forces.coefficients @ ((forces.lower + forces.upper) / 2)
    return np.column_stack([middle - reach, middle + reach])


def single_conflicts(forces: DrivingForces) -> list[int]:
    """The literals that no point meets by themselves.

    Ranges of functions settle most; where rows over the variables leave it open, a program for the literal, whose point
    settles others, too.
    """
    bar, most = forces.least - SHORT, _most_by_rows(forces)
    met = np.zeros(2 * len(forces.mean), bool)
    middle = (forces.lower + forces.upper) / 2
    kept = forces.row_coefficients @ middle
    if ((kept >= forces.row_lower) & (kept <= forces.row_upper)).all():
        alone = np.ones(len(forces.lower), bool)
        alone[forces.row_coefficients.indices] = False
        sure = ranges(forces, alone)
        met |= np.column_stack([-sure[:, 0], sure[:, 1]]).ravel() >= bar
    found = []
    for literal in range(len(met)):
        if most[literal] < bar:
            found.append(literal)
        elif not met[literal]:
            fit = forces.fit([literal])
            if forces.conflict([literal], fit) is not None:
                found.append(literal)
            else:
                met |= forces.met(fit.point)
    return found


def _most_by_rows(forces: DrivingForces) -> np.ndarray:
    """No less than the force of each literal at any point, shape (2 n,): by ranges, and by rows over a part of it.

    A row that has the coefficients of a function in all variables that are in rows limits that part of the function.
    """
    rows, own = forces.row_coefficients, forces.coefficients
    ends = {_entries(rows, row): (forces.row_lower[row], forces.row_upper[row]) for row in range(rows.shape[0])}
    shared = np.zeros(len(forces.lower), bool)
    shared[rows.indices] = True
    widest, apart = ranges(forces), ranges(forces, ~shared)
    part = csr_array(own.multiply(shared[None, :]))
    part.eliminate_zeros()
    middle = part @ ((forces.lower + forces.upper) / 2)
    for row in range(own.shape[0]):
        limits = ends.get(_entries(part, row)) if part.indptr[row + 1] > part.indptr[row] else None
        if limits is not None:
            narrower = apart[row] - middle[row] + limits
            widest[row] = max(widest[row, 0], narrower[0]), min(widest[row, 1], narrower[1])
    return np.column_stack([-widest[:, 0], widest[:, 1]]).ravel()


def _entries(matrix: csr_array, row: int) -> tuple[bytes, bytes]:
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    order = np.argsort(matrix.indices[span])
    return matrix.indices[span][order].astype(np.int64).tobytes(), matrix.data[span][order].tobytes()
