"""A cell with driving forces as one mixed-integer program, from a COBRApy model and energies; HiGHS solves it.

Nothing of the project is used here, so that search and validation are both compared with something else.

    S v = 0,   lower <= v <= upper,   s v_r <= u_rs z_rs,   s dG'_r(w) + e <= m_rs (1 - z_rs),   z_r+ + z_r- <= 1

with a binary z for each direction s of each reaction that has an energy (Henry et al. 2007,
doi:10.1529/biophysj.106.093138). At genome scale such a program holds what it says only if its numbers are good:

- u and m are largest values, found by linear programs over the fluxes and over the energies. A direction that all
  states use has no binary: its energy is a row, which makes m smaller and closes directions that never run beside it.
- The ranges of fluxes are doubled. They have the error of the linear programs, 1e-9, and some are no wider than 1e-7;
  as they are, HiGHS's presolve concludes from them that there is no state.
- Each flux is counted in its largest value and each energy in its m, so that HiGHS's tolerances are relative.

What the binaries leave open is then solved once more, without binaries: that optimum is reached by a state, and the one
of the mixed-integer program is a bound.
"""

from collections.abc import Collection, Mapping

import highspy
import numpy as np
from cobra import Model
from cobra.util import create_stoichiometric_matrix
from scipy.sparse import csc_array, csr_array, diags_array, eye_array, hstack, vstack

TOLERANCE = 1e-9
FORCED = 1e-6
"""mmol/gDW/h from which a reaction's least flux shows that all states use it."""

OFF = 1e-6
"""kJ/mol by which an energy may be off within HiGHS's tolerance."""

NO_STATE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
    "mip_feasibility_tolerance": TOLERANCE,
    "small_matrix_value": 1e-12,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": TOLERANCE,
}

Literal = tuple[int, int]
"""Row of an energy, and 1 for forward, -1 for backward."""


class Program:
    """A linear or mixed-integer program over columns and rows, the last columns being binaries."""

    def __init__(self, lower, upper, matrix, row_lower, row_upper, binaries: int = 0) -> None:
        matrix, reals = csc_array(matrix), len(lower) - binaries
        self._size, self._integer = len(lower), bool(binaries)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(lower), len(row_lower)
        program.col_cost_ = np.zeros(len(lower))
        program.col_lower_, program.col_upper_ = np.asarray(lower, float), np.asarray(upper, float)
        program.row_lower_, program.row_upper_ = np.asarray(row_lower, float), np.asarray(row_upper, float)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        if binaries:
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            program.integrality_ = [kinds[0]] * reals + [kinds[1]] * binaries
        self._highs = highspy.Highs()
        for name, value in OPTIONS.items():
            assert self._highs.setOptionValue(name, value) == highspy.HighsStatus.kOk, name
        assert self._highs.passModel(program) != highspy.HighsStatus.kError

    def optimum(self, goal: np.ndarray, maximize: bool) -> tuple[float, np.ndarray] | None:
        """A value that no point exceeds (maximize) or undercuts, and a point; None if there is none."""
        way = highspy.ObjSense.kMaximize if maximize else highspy.ObjSense.kMinimize
        self._highs.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), np.asarray(goal, float))
        self._highs.changeObjectiveSense(way)
        self._highs.run()
        status, found = self._highs.getModelStatus(), self._highs.getInfo()
        if status in NO_STATE:
            return None
        if status == highspy.HighsModelStatus.kModelEmpty:
            return 0.0, np.zeros(self._size)
        assert status == highspy.HighsModelStatus.kOptimal, status
        value = found.mip_dual_bound if self._integer else found.objective_function_value
        return value, np.array(self._highs.getSolution().col_value)


class ByBinaries:
    """The states of a cell in which every reaction runs downhill, and some reactions at least so much.

    Parameters
    ----------
    model
        With finite bounds of its reactions.
    energies
        As `energies_of_table.Energies`: those of reactions that the model lacks limit nothing.
    floor
        Reaction to its least flux, mmol/gDW/h.
    """

    def __init__(self, model: Model, energies, floor: Mapping[str, float] | None = None) -> None:
        self._place = {reaction.id: number for number, reaction in enumerate(model.reactions)}
        self._balances = csr_array(create_stoichiometric_matrix(model))
        self._lower, self._upper = np.array([reaction.bounds for reaction in model.reactions], float).T
        for name, least in (floor or {}).items():
            self._lower[self._place[name]] = max(self._lower[self._place[name]], least)
        self._energies = energies
        self._column = {row: self._place[name] for row, name in enumerate(energies.names) if name in self._place}
        self._forced: list[Literal] = []
        self._most: dict[Literal, float] = {}
        self._possible = self._find_ranges() and self._find_energies()

    @property
    def binaries(self) -> int:
        """How many directions are still undecided once ranges of fluxes and energies are known."""
        return len(self._most)

    def optimum(self, goal: str, maximize: bool, removed: Collection[str] = ()) -> tuple[float, float] | None:
        """A flux that is reached without some reactions, and one that none exceeds or undercuts; None without state."""
        gone = [self._place[name] for name in removed]
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[gone] = upper[gone] = 0.0
        if not self._possible or (lower > upper).any():
            return None
        kept = np.flatnonzero((lower != 0) | (upper != 0))
        unit = 2.0 ** np.ceil(np.log2(np.maximum(abs(lower[kept]), abs(upper[kept]))))
        balances, ends = (
            csr_array(self._balances[:, kept] @ diags_array(unit)),
            (lower[kept] / unit, upper[kept] / unit),
        )
        cost = np.where(kept == self._place[goal], unit, 0.0)
        where = {column: number for number, column in enumerate(kept.tolist())}
        literals = [one for one in self._most if self._column[one[0]] in where]
        columns = np.array([where[self._column[row]] for row, _ in literals], int)
        k = len(self._energies.lower)
        found = self._program(balances, ends, literals, columns).optimum(_padded(cost, k + len(literals)), maximize)
        if found is None:
            return None
        bound, point = found
        for (_, sign), column, used in zip(literals, columns, point[len(kept) + k :], strict=True):
            if used < 0.5:
                ends[sign > 0][column] = 0.0
        reached = _steady(*ends, balances).optimum(cost, maximize)
        assert reached is not None, f"no state uses the directions of the program's optimum, {bound}"
        self._check(dict(zip(kept.tolist(), reached[1] * unit, strict=True)), point[len(kept) : len(kept) + k])
        return reached[0], bound

    def _find_ranges(self) -> bool:
        """Close what no state uses, find what all use, and bound the rest by twice its range; whether any state is."""
        program, n = _steady(self._lower, self._upper, self._balances), len(self._lower)
        low, high = np.full(n, np.inf), np.full(n, -np.inf)
        for maximize, ends in ((True, self._upper), (False, self._lower)):
            for column in range(n):
                if (high if maximize else low)[column] == ends[column]:
                    continue  # some point is at the bound already
                found = program.optimum(_single(n, column), maximize)
                if found is None:
                    return False
                point = np.clip(found[1], self._lower, self._upper)
                low, high = np.minimum(low, point), np.maximum(high, point)
        most = 2 * np.maximum(abs(low), abs(high)) + 1e-7
        self._lower = np.maximum(self._lower, np.where(low < -TOLERANCE, -most, 0.0))
        self._upper = np.minimum(self._upper, np.where(high > TOLERANCE, most, 0.0))
        self._forced += [(row, 1) for row, column in self._column.items() if low[column] > FORCED]
        self._forced += [(row, -1) for row, column in self._column.items() if high[column] < -FORCED]
        return True

    def _find_energies(self) -> bool:
        """The largest energy of each direction beside those that are forced; whether these run together at all.

        Directions that never run are closed; those that always go downhill need no binary.
        """
        own, ends, forced = self._energies, (self._lower, self._upper), {row for row, _ in self._forced}
        program = Program(own.lower, own.upper, *self._rows())
        if program.optimum(np.zeros(len(own.lower)), False) is None:
            return False
        for row, column in self._column.items():
            signs = [sign for sign in (-1, 1) if sign * ends[sign > 0][column] > 0 and row not in forced]
            for sign in signs:
                energy = sign * own.coefficients[[row]].toarray()[0]
                best, worst = (program.optimum(energy, up)[0] + sign * own.mean[row] for up in (False, True))
                if best > OFF - own.least:
                    ends[sign > 0][column] = 0.0
                elif worst > -own.least:
                    self._most[row, sign] = worst + own.least + 1e-3
        return True

    def _rows(self) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """The rows over the energies' variables:  s dG'_r <= -e  for what is forced, and their own."""
        own, signs = self._energies, np.array([sign for _, sign in self._forced], float)
        rows = np.array([row for row, _ in self._forced], int)
        matrix = vstack([diags_array(signs) @ own.coefficients[rows], own.row_coefficients]) if len(rows) else None
        lower = np.concatenate([np.full(len(rows), -np.inf), own.row_lower])
        upper = np.concatenate([-own.least - signs * own.mean[rows], own.row_upper])
        return csr_array(own.row_coefficients if matrix is None else matrix), lower, upper

    def _program(self, balances: csr_array, ends, literals: list[Literal], columns: np.ndarray) -> Program:
        """All rows; the columns are fluxes, variables of energies, binaries."""
        own, count, n, k = self._energies, len(literals), balances.shape[1], len(self._energies.lower)
        rows, signs = np.array(literals, int).reshape(-1, 2).T
        most = np.array([self._most[one] for one in literals])
        each = np.arange(count)
        runs = csr_array((signs.astype(float), (each, columns)), shape=(count, n))
        largest = np.where(signs > 0, ends[1][columns], -ends[0][columns])
        energies = csr_array(own.coefficients[rows].multiply((signs / most)[:, None]))
        both = csr_array((np.ones(count), (rows, each)), shape=(len(own.names), count))
        over, over_lower, over_upper = self._rows()
        parts = [
            # S v = 0, s dG'_r <= -e for what is forced, and the energies' own rows
            ((balances, None, None), 0.0, 0.0),
            ((None, over, None), over_lower, over_upper),
            # s v_r - u z <= 0
            ((runs, None, diags_array(-largest)), -np.inf, 0.0),
            # (s dG'_r + e) / m + z <= 1
            ((None, energies, eye_array(count)), -np.inf, 1 - (own.least + signs * own.mean[rows]) / most),
            # z+ + z- <= 1
            ((None, None, both), -np.inf, 1.0),
        ]
        lines, lower, upper = [], [], []
        for blocks, low, high in parts:
            size = next(one.shape[0] for one in blocks if one is not None)
            widths = zip(blocks, (n, k, count), strict=True)
            lines.append(hstack([csr_array((size, width)) if one is None else one for one, width in widths]))
            lower.append(np.broadcast_to(low, size))
            upper.append(np.broadcast_to(high, size))
        least, largest = (
            np.concatenate([of_fluxes, of_energies, np.full(count, end)])
            for of_fluxes, of_energies, end in zip(ends, (own.lower, own.upper), (0.0, 1.0), strict=True)
        )
        return Program(least, largest, vstack(lines), np.concatenate(lower), np.concatenate(upper), count)

    def _check(self, fluxes: Mapping[int, float], point: np.ndarray) -> None:
        """Each reaction that runs goes downhill at the point."""
        values = self._energies.mean + self._energies.coefficients @ point
        for row, column in self._column.items():
            flux = fluxes.get(column, 0.0)
            assert abs(flux) <= TOLERANCE or np.sign(flux) * values[row] <= OFF - self._energies.least


def _steady(lower, upper, balances: csr_array) -> Program:
    """S v = 0 within bounds, each row divided by its largest coefficient."""
    rows = np.flatnonzero(np.diff(balances.indptr))
    zeros = np.zeros(len(rows))
    return Program(lower, upper, _scaled(balances[rows]), zeros, zeros)


def _scaled(matrix: csr_array) -> csr_array:
    """Rows divided by a power of 2 near their largest coefficient."""
    if not matrix.nnz:
        return matrix
    largest = abs(matrix).max(axis=1).toarray().ravel()
    return csr_array(diags_array(2.0 ** -np.round(np.log2(largest))) @ matrix)


def _single(size: int, place: int) -> np.ndarray:
    return np.bincount([place], minlength=size).astype(float)


def _padded(values: np.ndarray, more: int) -> np.ndarray:
    return np.concatenate([values, np.zeros(more)])
