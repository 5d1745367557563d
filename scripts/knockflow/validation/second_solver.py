"""A strain's linear program, as COBRApy has it, given to HiGHS: an engine that neither the tree nor COBRApy uses here.

Columns are the solver's variables, two for each reaction (v = v+ - v-), rows its constraints, those of layers included.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import highspy
import numpy as np
import swiglpk
from cobra import Model
from scipy.sparse import csc_array, hstack, vstack

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import REDUCED_COST
from knockflow.validation.optimum import HIGHS_TOLERANCE

SIMPLEX, INTERIOR = "simplex", "ipm"
"""Algorithms of HiGHS; where a search has used HiGHS itself, the other one is asked."""

_SETTLED = {
    highspy.HighsModelStatus.kOptimal: True,
    highspy.HighsModelStatus.kInfeasible: False,
}


@dataclass(frozen=True)
class Arrays:
    """min or max c'x  s.t.  row_lower <= A x <= row_upper,  lower <= x <= upper."""

    matrix: csc_array
    lower: np.ndarray
    upper: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    columns: Mapping[str, int]

    def extended(
        self,
        lower: np.ndarray,
        upper: np.ndarray,
        own: csc_array,
        new: csc_array,
        row_ends: tuple[np.ndarray, np.ndarray],
    ) -> "Arrays":
        """With further columns, which only new rows hold: `own` are the old columns' entries there, `new` theirs."""
        empty = csc_array((self.matrix.shape[0], new.shape[1]))
        return Arrays(
            vstack([hstack([self.matrix, empty]), hstack([own, new])]).tocsc(),
            np.append(self.lower, lower),
            np.append(self.upper, upper),
            np.append(self.row_lower, row_ends[0]),
            np.append(self.row_upper, row_ends[1]),
            self.columns,
        )


def arrays_of(model: Model) -> Arrays:
    """The program of a model as it stands, from COBRApy's solver."""
    model.solver.update()
    program = model.solver.problem
    columns, rows = swiglpk.glp_get_num_cols(program), swiglpk.glp_get_num_rows(program)
    index, value = swiglpk.intArray(columns + 1), swiglpk.doubleArray(columns + 1)
    entries: list[tuple[int, int, float]] = []
    for row in range(1, rows + 1):
        count = swiglpk.glp_get_mat_row(program, row, index, value)
        entries += [(row - 1, index[place] - 1, value[place]) for place in range(1, count + 1)]
    at_row, at_column, values = zip(*entries, strict=True) if entries else ((), (), ())
    place = (np.array(at_row, int), np.array(at_column, int))
    of_columns = _ends(program, columns, swiglpk.glp_get_col_lb, swiglpk.glp_get_col_ub)
    of_rows = _ends(program, rows, swiglpk.glp_get_row_lb, swiglpk.glp_get_row_ub)
    names = {swiglpk.glp_get_col_name(program, number + 1): number for number in range(columns)}
    return Arrays(csc_array((np.array(values, float), place), (rows, columns)), *of_columns, *of_rows, names)


def _ends(program, count: int, lower, upper) -> tuple[np.ndarray, np.ndarray]:
    """Bounds, of which GLPK writes endless ones as the largest number."""
    found = np.array([(lower(program, number), upper(program, number)) for number in range(1, count + 1)])
    found = found.reshape(count, 2)
    endless = np.abs(found) >= np.finfo(float).max
    return tuple(np.where(endless, np.copysign(np.inf, found), found).T)


class SecondSolver:
    """A program of which optima are asked, one after the other, from the last basis on."""

    def __init__(self, arrays: Arrays, algorithm: str = SIMPLEX):
        self._lower, self._upper = arrays.lower.copy(), arrays.upper.copy()
        self._row_lower, self._row_upper = arrays.row_lower.copy(), arrays.row_upper.copy()
        self._columns, self.size = arrays.columns, len(arrays.lower)
        self._engine = highspy.Highs()
        settings = {"output_flag": False, "solver": algorithm, "threads": 1, "parallel": "off"}
        settings |= {f"{kind}_feasibility_tolerance": HIGHS_TOLERANCE for kind in ("primal", "dual")}
        for name, setting in settings.items():
            self._engine.setOptionValue(name, setting)
        self._engine.passModel(_written(arrays))

    def optimum(self, costs: np.ndarray, largest: bool) -> float:
        """The optimum of c'x; nan where there is no state.

        Raises
        ------
        SolverError
            If HiGHS leaves it open.
        """
        every = np.arange(len(costs), dtype=np.int32)
        self._engine.changeColsCost(len(costs), every, costs)
        sense = highspy.ObjSense.kMaximize if largest else highspy.ObjSense.kMinimize
        self._engine.changeObjectiveSense(sense)
        self._engine.run()
        status = self._engine.getModelStatus()
        if status not in _SETTLED:
            # From scratch, a basis that has led astray is no longer there.
            self._engine.clearSolver()
            self._engine.run()
            status = self._engine.getModelStatus()
        if status not in _SETTLED:
            raise SolverError(f"HiGHS does not settle a linear program: {self._engine.modelStatusToString(status)}")
        return self._engine.getInfo().objective_function_value if _SETTLED[status] else np.nan

    @property
    def state(self) -> np.ndarray:
        """The state of the last optimum."""
        return np.array(self._engine.getSolution().col_value)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it only the states of the last optimum: what has a price stays where it stands."""
        found = self._engine.getSolution()
        with self._as_before():
            self._hold(found)
            self._give()
            yield

    def _hold(self, found: highspy.HighsSolution) -> None:
        for ends, values, prices in (
            ((self._lower, self._upper), found.col_value, found.col_dual),
            ((self._row_lower, self._row_upper), found.row_value, found.row_dual),
        ):
            for place in np.flatnonzero(np.abs(prices) > REDUCED_COST):
                end = min((side[place] for side in ends), key=lambda one, at=values[place]: abs(one - at))
                ends[0][place] = ends[1][place] = end

    @contextmanager
    def limited(self, columns: Iterable[str], lower: Iterable[float], upper: Iterable[float]) -> Iterator[None]:
        """Within it some columns have other bounds."""
        with self._as_before():
            for name, least, most in zip(columns, lower, upper, strict=True):
                self._lower[self._columns[name]], self._upper[self._columns[name]] = least, most
            self._give()
            yield

    @contextmanager
    def _as_before(self) -> Iterator[None]:
        """After it all bounds are what they were."""
        before = [one.copy() for one in (self._lower, self._upper, self._row_lower, self._row_upper)]
        try:
            yield
        finally:
            self._lower, self._upper, self._row_lower, self._row_upper = before
            self._give()

    def _give(self) -> None:
        """The bounds to the engine."""
        for change, lower, upper in (
            (self._engine.changeColsBounds, self._lower, self._upper),
            (self._engine.changeRowsBounds, self._row_lower, self._row_upper),
        ):
            change(len(lower), np.arange(len(lower), dtype=np.int32), lower, upper)


def _written(arrays: Arrays) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = arrays.matrix.shape
    program.col_cost_ = np.zeros(program.num_col_)
    program.col_lower_, program.col_upper_ = arrays.lower, arrays.upper
    program.row_lower_, program.row_upper_ = arrays.row_lower, arrays.row_upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = arrays.matrix.indptr, arrays.matrix.indices
    program.a_matrix_.value_ = arrays.matrix.data
    return program
