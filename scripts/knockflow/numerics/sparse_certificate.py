"""Few columns to close so that a region has no state: a sparse certificate that it has none.

By Farkas' lemma  { row_lower <= A v <= row_upper,  lower <= v <= upper,  v_j = 0 for j in K }  is empty where there are

    A'(y+ - y-) + r+ - r- + q = 0,    y+, y-, r+, r- >= 0,    q_j = 0 for j not in K,
    row_upper'y+ - row_lower'y- + upper'r+ - lower'r-  <=  -1

so what q is nonzero for can be closed. That of  min sum_j w_j |q_j|  is a set of which nothing can be left out with
these prices, and it becomes smaller where w_j = 1 / (|q_j| + e) of the last one (Candes, Wakin, Boyd 2008,
doi:10.1007/s00041-008-9045-x). Cut sets are such prices: Ballerstein et al. 2012, doi:10.1093/bioinformatics/btr674.

It is HiGHS's word on programs with tolerances, so whoever uses a set evaluates it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

SETTLED = 1e-3
"""Share of the largest price below which prices weigh the same next time."""

ZERO = 1e-7
"""Share of the largest price below which a price is none."""

ACTIVE = 1e-8
"""Flux (in the states' unit) above which a state uses a column."""


@dataclass(frozen=True)
class Polyhedron:
    """The states  row_lower <= A v <= row_upper,  lower <= v <= upper;  infinities are allowed."""

    matrix: csc_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def within(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> "Polyhedron":
        """Those of the states with  lower <= rows v <= upper."""
        return Polyhedron(
            vstack([self.matrix, csr_array(rows)], format="csc"),
            np.concatenate([self.row_lower, lower]),
            np.concatenate([self.row_upper, upper]),
            self.lower,
            self.upper,
        )


class Certificates:
    """Prices that show that a region has no state once some columns are closed."""

    def __init__(self, region: Polyhedron, closable: np.ndarray):
        self._closable = closable
        ends = (region.row_upper, -region.row_lower, region.upper, -region.lower)
        rows, chosen = region.matrix.T, eye_array(region.matrix.shape[1], format="csc")[:, closable]
        one = eye_array(region.matrix.shape[1])
        prices = vstack(
            [
                hstack([rows, -rows, one, -one, chosen, -chosen]),
                csr_array(np.concatenate([*(_finite(end) for end in ends), np.zeros(2 * len(closable))])[np.newaxis]),
            ]
        )
        most = np.concatenate([np.where(np.isfinite(end), np.inf, 0.0) for end in ends])
        self._first = len(most)
        n = region.matrix.shape[1]
        free = np.concatenate([most, np.zeros(2 * len(closable))])
        balance = np.zeros(n), np.zeros(n)
        self._program = _Program(
            prices, (np.append(balance[0], -np.inf), np.append(balance[1], -1.0)), (np.zeros(len(free)), free)
        )

    def closed(self, weights: np.ndarray, allowed: np.ndarray) -> np.ndarray | None:
        """For each closable column how large its price is, nonzero for those to close; None if no set of them does.

        `weights` are w_j, and `allowed` says which columns may be closed; one entry for each closable column.
        """
        columns = np.arange(self._first, self._first + 2 * len(self._closable), dtype=np.int32)
        self._program.bounds(columns, np.zeros(len(columns)), np.where(np.tile(allowed, 2), np.inf, 0.0))
        self._program.costs(columns, np.tile(weights, 2))
        found = self._program.solved()
        if found is None:
            return None
        plus, minus = found[columns].reshape(2, -1)
        size = plus + minus
        return np.where(size > ZERO * max(size.max(initial=0.0), 1e-300), size, 0.0)


class SparseStates:
    """States of a region that use little: of least weighted total flux."""

    def __init__(self, region: Polyhedron):
        self._lower, self._upper = region.lower, region.upper
        self._rows, self._n = region.matrix.shape
        both = hstack([region.matrix, -region.matrix])
        self._program = _Program(both, (region.row_lower, region.row_upper), _ends(self._lower, self._upper))

    def within(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Move the ends of the last rows."""
        rows = np.arange(self._rows - len(lower), self._rows, dtype=np.int32)
        self._program.rows(rows, lower, upper)

    def state(self, weights: np.ndarray, closed: np.ndarray) -> np.ndarray | None:
        """The state of least  sum_j w_j |v_j|  with some columns closed; None if there is none."""
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[closed], upper[closed] = 0.0, 0.0
        return self.bounded(weights, lower, upper)

    def bounded(self, weights: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        """The same within other bounds of the columns."""
        columns = np.arange(2 * self._n, dtype=np.int32)
        self._program.bounds(columns, *_ends(lower, upper))
        self._program.costs(columns, np.tile(weights, 2))
        found = self._program.solved()
        if found is None:
            return None
        fluxes = found[: self._n] - found[self._n :]
        return np.where(np.abs(fluxes) > ACTIVE, fluxes, 0.0)


class _Program:
    """A linear program of HiGHS whose costs and bounds change."""

    def __init__(self, matrix, rows: tuple[np.ndarray, np.ndarray], columns: tuple[np.ndarray, np.ndarray]):
        from highspy import Highs, HighsLp, MatrixFormat

        matrix, program = matrix.tocsc(), HighsLp()
        program.num_row_, program.num_col_ = matrix.shape
        program.col_cost_ = np.zeros(matrix.shape[1])
        program.row_lower_, program.row_upper_ = rows
        program.col_lower_, program.col_upper_ = columns
        program.a_matrix_.format_ = MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        self._highs = Highs()
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 1}.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(program)

    def bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        self._highs.changeColsBounds(len(columns), columns, lower, upper)

    def rows(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        self._highs.changeRowsBounds(len(rows), rows, lower, upper)

    def costs(self, columns: np.ndarray, costs: np.ndarray) -> None:
        self._highs.changeColsCost(len(columns), columns, costs)

    def solved(self) -> np.ndarray | None:
        """The variables at an optimum; None if HiGHS finds none."""
        from highspy import HighsModelStatus

        self._highs.run()
        if self._highs.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        return np.array(self._highs.getSolution().col_value)


def _ends(lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of the two directions of all columns."""
    ends = np.maximum(lower, 0), np.maximum(-upper, 0), np.maximum(upper, 0), np.maximum(-lower, 0)
    return np.concatenate(ends[:2]), np.concatenate(ends[2:])


def _finite(ends: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(ends), ends, 0.0)
