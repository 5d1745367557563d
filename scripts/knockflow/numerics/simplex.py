"""A linear program that is solved many times with small changes: GLPK's simplex, warm-started.

GLPK is chosen because a warm re-solve with changed bounds costs it a fraction of what other free solvers
need for one call. A verdict other than `optimal` counts only if primal and dual simplex agree on it from fresh bases,
or, for `infeasible`, if the prices with which the dual simplex ends prove it (`knockflow.numerics.farkas`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import repeat
from math import isinf

import numpy as np
import swiglpk as glp
from scipy.sparse import csc_array
from swiglpk import _swiglpk

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import FEASIBILITY
from knockflow.numerics.farkas import Emptiness
from knockflow.numerics.program import LinearProgram


class Verdict(Enum):
    """What a solve has shown."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"


glp.glp_term_out(glp.GLP_OFF)

_STATUS = {
    glp.GLP_OPT: Verdict.OPTIMAL,
    glp.GLP_NOFEAS: Verdict.INFEASIBLE,
    glp.GLP_INFEAS: None,
    glp.GLP_UNBND: Verdict.UNBOUNDED,
    glp.GLP_FEAS: None,
    glp.GLP_UNDEF: None,
}

_FRESH = (
    (glp.GLP_PRIMAL, lambda lp: glp.glp_adv_basis(lp, 0)),
    (glp.GLP_DUALP, glp.glp_std_basis),
    (glp.GLP_PRIMAL, glp.glp_std_basis),
    (glp.GLP_DUALP, lambda lp: glp.glp_adv_basis(lp, 0)),
)
"""Methods with the bases that they begin from; the later ones serve where an earlier one fails."""

_NO_END = np.finfo(float).max
"""What GLPK has for a bound that is not there, with its sign."""

_SCALED = glp.GLP_SF_EQ | glp.GLP_SF_2N
_BALANCED = glp.GLP_SF_GM | glp.GLP_SF_2N
"""Ways to scale: the largest coefficient of each row and column about 1, or their geometric mean.

The first takes fewer iterations. But a small coefficient that is left alone in its row, the others being closed, is
then no pivot for GLPK, and it reaches no verdict; with the second it does.
"""

LOOSE = 1e-7
"""Tolerance of a last attempt, where primal and dual simplex do not agree at the tight one."""

TIGHT = 1e-12
"""Tolerance where what was found at the usual one is no solution."""


@dataclass(frozen=True)
class _Way:
    """How fresh bases are tried: scaling, tolerance, and whether GLPK's presolver runs before."""

    scaling: int = _SCALED
    tolerance: float = FEASIBILITY
    presolve: bool = False


_WAYS = (_Way(), _Way(_BALANCED), _Way(presolve=True), _Way(tolerance=LOOSE))
"""The ways to a verdict, one after the other, where the last basis does not lead to one."""

_OTHERS = (_Way(), _Way(_BALANCED), _Way(_BALANCED, TIGHT), _Way(tolerance=TIGHT))
"""The ways to another solution, where the first one is none by `knockflow.follower.states`."""


class LP:
    """max or min a'v over the rows and columns of a linear program; what is to be whole is not asked here.

    Columns and rows are numbered from 0. The basis of the last solve is where the next one starts.
    """

    def __init__(self, program: LinearProgram):
        self.n, self.m = len(program.columns), len(program.rows)
        self._lp = glp.glp_create_prob()
        self._parameters = glp.glp_smcp()
        glp.glp_init_smcp(self._parameters)
        self._parameters.msg_lev = glp.GLP_MSG_OFF
        self._parameters.tol_bnd = self._parameters.tol_dj = FEASIBILITY
        self._parameters.it_lim = 5000 + 10 * (self.n + self.m)  # a simplex that cycles would never end
        # GLPK ends the whole process where it is asked to add nothing.
        if self.m:
            glp.glp_add_rows(self._lp, self.m)
        if self.n:
            glp.glp_add_cols(self._lp, self.n)
        self._load(program.matrix)
        for row, ends in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
            self.set_row(row, *ends)
        for column, ends in enumerate(zip(program.lower, program.upper, strict=True)):
            self.set_column(column, *ends)
        self._matrix, self._emptiness = program.matrix, None
        self._objective = np.zeros(self.n)
        self._scaling = 0
        self._scale(_SCALED)
        glp.glp_adv_basis(self._lp, 0)
        self.solves = 0

    def __del__(self):
        if getattr(self, "_lp", None) is not None:
            glp.glp_delete_prob(self._lp)
            self._lp = None

    def _load(self, matrix: csc_array) -> None:
        count, size = len(matrix.data), np.abs(matrix.data)
        self._span = (float(size.min()), float(size.max())) if count else (0.0, 0.0)
        column_of = np.repeat(np.arange(self.n), np.diff(matrix.indptr))
        rows, columns, values = glp.intArray(count + 1), glp.intArray(count + 1), glp.doubleArray(count + 1)
        entries = zip(matrix.indices.tolist(), column_of.tolist(), matrix.data.tolist(), strict=True)
        for entry, (row, column, value) in enumerate(entries, 1):
            rows[entry], columns[entry], values[entry] = row + 1, column + 1, value
        glp.glp_load_matrix(self._lp, count, rows, columns, values)

    def set_column(self, column: int, lower: float, upper: float) -> None:
        """Set the bounds of a variable; infinities are allowed.

        A nonbasic one goes to the bound that its price wants, so that the basis stays dual feasible.
        """
        kind, lower, upper = _bounds(lower, upper)
        glp.glp_set_col_bnds(self._lp, column + 1, kind, lower, upper)
        if kind == glp.GLP_DB and glp.glp_get_col_stat(self._lp, column + 1) != glp.GLP_BS:
            rising = glp.glp_get_col_dual(self._lp, column + 1) > 0
            wanted = rising == (glp.glp_get_obj_dir(self._lp) == glp.GLP_MAX)
            glp.glp_set_col_stat(self._lp, column + 1, glp.GLP_NU if wanted else glp.GLP_NL)

    def place_column(self, column: int, lower: float, upper: float) -> None:
        """Set the bounds of a variable, where there is no price: a nonbasic one goes to the end that is nearer to 0."""
        kind, lower, upper = _bounds(lower, upper)
        glp.glp_set_col_bnds(self._lp, column + 1, kind, lower, upper)
        if kind == glp.GLP_DB and glp.glp_get_col_stat(self._lp, column + 1) != glp.GLP_BS:
            nearer = glp.GLP_NL if abs(lower) <= abs(upper) else glp.GLP_NU
            glp.glp_set_col_stat(self._lp, column + 1, nearer)

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Set the bounds of a row; infinities are allowed."""
        glp.glp_set_row_bnds(self._lp, row + 1, *_bounds(lower, upper))

    def set_objective(self, coefficients: np.ndarray, maximize: bool) -> None:
        """Set the objective from a vector over the columns."""
        if not np.array_equal(coefficients, self._objective):
            for column in np.flatnonzero(self._objective).tolist():
                glp.glp_set_obj_coef(self._lp, column + 1, 0.0)
            self._objective = np.array(coefficients, float)
            for column in np.flatnonzero(self._objective).tolist():
                glp.glp_set_obj_coef(self._lp, column + 1, float(coefficients[column]))
        glp.glp_set_obj_dir(self._lp, glp.GLP_MAX if maximize else glp.GLP_MIN)

    def solve(self, dual: bool = False) -> Verdict:
        """Solve from the present basis, by the dual simplex where only bounds have changed.

        Raises
        ------
        SolverError
            If GLPK reaches no verdict, even from a fresh basis.
        """
        self.solves += 1
        verdict = self._attempt(glp.GLP_DUALP if dual else glp.GLP_PRIMAL)
        if verdict is Verdict.OPTIMAL:
            return Verdict.OPTIMAL
        if dual and verdict is Verdict.INFEASIBLE and self._empty():
            return Verdict.INFEASIBLE
        if dual and self._attempt(glp.GLP_PRIMAL) is Verdict.OPTIMAL:
            return Verdict.OPTIMAL
        for way in _WAYS:
            verdict = self._agreed(way)
            if verdict is not None:
                return verdict
        least, most = self._span
        raise SolverError(
            "GLPK reached no verdict on a linear program, even from fresh bases and scaled otherwise; its coefficients "
            f"reach from {least:.2g} to {most:.2g}, and what is far smaller than the rest can be lost in the arithmetic"
        )

    def _empty(self) -> bool:
        """Whether the ray with which the dual simplex has ended shows that there is no solution."""
        prices = self._ray()
        if prices is None:
            return False
        if self._emptiness is None:
            self._emptiness = Emptiness(self._matrix)
        rows = self._ends(_swiglpk.glp_get_row_lb, _swiglpk.glp_get_row_ub, self.m)
        columns = self._ends(_swiglpk.glp_get_col_lb, _swiglpk.glp_get_col_ub, self.n)
        return self._emptiness.shown(prices, rows, columns)

    def _ray(self) -> np.ndarray | None:
        """The prices of the rows by which the one variable that the dual simplex could not mend stays out of bounds."""
        number = glp.glp_get_unbnd_ray(self._lp)
        if not number or not glp.glp_bf_exists(self._lp):
            return None
        is_row = number <= self.m
        place = glp.glp_get_row_bind(self._lp, number) if is_row else glp.glp_get_col_bind(self._lp, number - self.m)
        if not place:
            return None
        unit = glp.doubleArray(self.m + 1)
        for row in range(self.m + 1):
            unit[row] = float(row == place)
        glp.glp_btran(self._lp, unit)
        return np.array([unit[row] for row in range(1, self.m + 1)])

    def _ends(self, lower, upper, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of all rows or columns."""
        found = (np.fromiter(map(get, repeat(self._lp), range(1, count + 1)), float, count) for get in (lower, upper))
        return tuple(np.where(np.abs(ends) >= _NO_END, np.copysign(np.inf, ends), ends) for ends in found)

    def _agreed(self, way: _Way) -> Verdict | None:
        """What is found from fresh bases: an optimum, or what primal and dual simplex agree on."""
        own = self._parameters
        self._scale(way.scaling)
        own.presolve = glp.GLP_ON if way.presolve else glp.GLP_OFF
        own.tol_bnd = own.tol_dj = way.tolerance
        try:
            return self._from_fresh_bases()
        finally:
            self._scale(_SCALED)
            own.presolve, own.tol_bnd, own.tol_dj = glp.GLP_OFF, FEASIBILITY, FEASIBILITY

    def _from_fresh_bases(self) -> Verdict | None:
        said: dict[int, set[Verdict | None]] = {glp.GLP_PRIMAL: set(), glp.GLP_DUALP: set()}
        for method, basis in _FRESH:
            basis(self._lp)
            said[method].add(self._attempt(method))
            if Verdict.OPTIMAL in said[method]:
                return Verdict.OPTIMAL
            agreed = said[glp.GLP_PRIMAL] & said[glp.GLP_DUALP] - {None}
            if agreed:
                return agreed.pop()
        return None

    def _scale(self, scaling: int) -> None:
        if scaling != self._scaling:
            glp.glp_unscale_prob(self._lp)
            glp.glp_scale_prob(self._lp, scaling)
            self._scaling = scaling

    def others(self) -> Iterator[Verdict | None]:
        """What is found in other ways: from the last basis, factorized anew, and then from fresh ones."""
        self.solves += 1
        glp.glp_factorize(self._lp)
        yield self._attempt(glp.GLP_PRIMAL)
        for way in _OTHERS:
            yield self._agreed(way)

    def reoptimized(self, dual: bool = True, most: int | None = None) -> bool:
        """Whether the simplex ends optimal from the present basis, in so many iterations; if not, nothing is known."""
        self.solves += 1
        own, usual = self._parameters, self._parameters.it_lim
        own.it_lim = usual if most is None else most
        try:
            return self._attempt(glp.GLP_DUALP if dual else glp.GLP_PRIMAL) is Verdict.OPTIMAL
        finally:
            own.it_lim = usual

    def _attempt(self, method: int) -> Verdict | None:
        self._parameters.meth = method
        code = glp.glp_simplex(self._lp, self._parameters)
        if code in (glp.GLP_EBOUND, glp.GLP_ENOPFS):
            return Verdict.INFEASIBLE  # a lower bound above its upper bound, or the presolver finds no state
        if code != 0:
            return None
        return _STATUS[glp.glp_get_status(self._lp)]

    @property
    def value(self) -> float:
        """The objective of the last optimal solve."""
        return glp.glp_get_obj_val(self._lp)

    def primals(self) -> np.ndarray:
        """The variables' values."""
        return self._columns(_swiglpk.glp_get_col_prim)

    def reduced_costs(self) -> np.ndarray:
        """The variables' reduced costs."""
        return self._columns(_swiglpk.glp_get_col_dual)

    def _columns(self, get) -> np.ndarray:
        """One number for each column; the wrapped function itself, since this is called in the innermost loop."""
        return np.fromiter(map(get, repeat(self._lp), range(1, self.n + 1)), float, self.n)

    def row_duals(self) -> np.ndarray:
        """The rows' dual values."""
        return np.array([glp.glp_get_row_dual(self._lp, i) for i in range(1, self.m + 1)])

    def basis(self) -> tuple[list[int], list[int]]:
        """The status of every row and column, to return to with `restore`."""
        rows = [glp.glp_get_row_stat(self._lp, i) for i in range(1, self.m + 1)]
        return rows, [glp.glp_get_col_stat(self._lp, j) for j in range(1, self.n + 1)]

    def restore(self, basis: tuple[list[int], list[int]]) -> None:
        """Go back to a basis."""
        for i, status in enumerate(basis[0], 1):
            glp.glp_set_row_stat(self._lp, i, status)
        for j, status in enumerate(basis[1], 1):
            glp.glp_set_col_stat(self._lp, j, status)

    def restart(self) -> None:
        """Forget the basis, so that the next result does not depend on what was solved before."""
        glp.glp_adv_basis(self._lp, 0)


def _bounds(lower: float, upper: float) -> tuple[int, float, float]:
    if lower == upper:
        return glp.GLP_FX, float(lower), float(upper)
    if isinf(lower) and isinf(upper):
        return glp.GLP_FR, 0.0, 0.0
    if isinf(lower):
        return glp.GLP_UP, 0.0, float(upper)
    if isinf(upper):
        return glp.GLP_LO, float(lower), 0.0
    return glp.GLP_DB, float(lower), float(upper)
