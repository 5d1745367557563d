"""Linear programs whose answers can be proven by plain arithmetic: exact states, and prices that bound from below.

    min c'v   s.t.   row_lower <= A v <= row_upper,   lower <= v <= upper

Solved by HiGHS, which the search of `tree` does not use. From the optimal basis follows a state in exact fractions, and
the prices p of the rows bound c'v for every state, whatever they are: c'v = p'A v + (c - p'A)v, and each term is least
at one end of its range (Neumaier & Shcherbina 2004, doi:10.1007/s10107-003-0433-3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from knockflow.numerics.exact import solve

Entries = Mapping[str, Fraction]

IDLE = 1e-11
"""mmol/gDW/h up to which a flux that is basic is taken to be 0, at first."""

MOST_MISSED = Fraction(10**6)
"""mmol/gDW/h by which a row may be missed at most, where prices are sought that prove that there is no state."""

SHARE = Fraction(1, 10**7)
"""Share of a range by which it is made narrower where an exact state needs room."""


class Unproven(Exception):
    """Why something has no certificate."""


@dataclass(frozen=True)
class ExactRow:
    """lower <= sum of coefficient * flux <= upper; an end that is not there is None."""

    entries: Entries
    lower: Fraction | None
    upper: Fraction | None


@dataclass(frozen=True)
class OptimalBasis:
    """An optimal basis: fluxes, prices of the rows, reduced costs, and what is basic or at which end."""

    fluxes: np.ndarray
    prices: dict[str, float]
    reduced: np.ndarray
    columns: Sequence
    rows: Sequence


class ExactProgram:
    """Rows and bounds by name, exact; minimized by HiGHS with their nearest floating-point numbers."""

    def __init__(self, bounds: Mapping[str, tuple[Fraction, Fraction]], rows: Mapping[str, ExactRow]):
        self.names, self.bounds, self.rows = list(bounds), dict(bounds), dict(rows)
        self._number = {name: number for number, name in enumerate(self.names)}

    def holding(self, fixed: Mapping[str, Fraction], more: Mapping[str, ExactRow] | None = None) -> "ExactProgram":
        """The program with some fluxes fixed, and more rows."""
        bounds = {name: (fixed[name],) * 2 if name in fixed else ends for name, ends in self.bounds.items()}
        return ExactProgram(bounds, self.rows | dict(more or {}))

    def least(self, goal: Entries) -> OptimalBasis | None:
        """The optimum; None if HiGHS finds none."""
        if any(lower > upper for lower, upper in self.bounds.values()):
            return None
        return self.answer(self.highs(goal))

    def answer(self, highs: highspy.Highs) -> OptimalBasis | None:
        """The optimum by an engine that holds this program."""
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution, basis = highs.getSolution(), highs.getBasis()
        prices = dict(zip(self.rows, map(float, solution.row_dual), strict=True))
        fluxes = np.array(solution.col_value)
        return OptimalBasis(fluxes, prices, np.array(solution.col_dual), basis.col_status, basis.row_status)

    def highs(self, goal: Entries) -> highspy.Highs:
        """An engine that holds the program."""
        highs = highspy.Highs()
        for key, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        }.items():
            highs.setOptionValue(key, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.names), len(self.rows)
        program.col_cost_ = np.array([float(goal.get(name, 0)) for name in self.names])
        program.col_lower_, program.col_upper_ = np.array(list(self.bounds.values()), float).reshape(-1, 2).T
        program.row_lower_ = np.array([_end(row.lower, -highspy.kHighsInf) for row in self.rows.values()])
        program.row_upper_ = np.array([_end(row.upper, highspy.kHighsInf) for row in self.rows.values()])
        lists = [[(self._number[name], float(x)) for name, x in row.entries.items()] for row in self.rows.values()]
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *map(len, lists)])
        program.a_matrix_.index_ = np.array([column for entries in lists for column, _ in entries], dtype=np.int32)
        program.a_matrix_.value_ = np.array([value for entries in lists for _, value in entries])
        highs.passModel(program)
        return highs

    def face(self, answer: OptimalBasis, least: float = 1e-9) -> "ExactProgram":
        """The program on the optimal face: fluxes and rows with a price stay at their ends."""
        fixed = {
            name: self._at(answer.columns[number], self.bounds[name])
            for number, name in enumerate(self.names)
            if abs(answer.reduced[number]) > least and answer.columns[number] != highspy.HighsBasisStatus.kBasic
        }
        held = {
            name: ExactRow(row.entries, *((self._at(status, (row.lower, row.upper)),) * 2))
            for (name, row), status in zip(self.rows.items(), answer.rows, strict=True)
            if abs(answer.prices[name]) > least and status != highspy.HighsBasisStatus.kBasic
        }
        return self.holding(fixed, held)

    def best_state(self, goal: Entries, then: Entries | None = None) -> dict[str, Fraction] | None:
        """A state of least goal'v, and of those one of least `then`'v, in exact fractions; fluxes of 0 are left out.

        A basis that is optimal within HiGHS's tolerance may lie outside a bound by as little. Then a program whose
        ranges are a little narrower gives a state within them, with a goal'v that is a little more. Else None.
        """
        for program in (self, self._narrower()):
            answer = program.least(goal)
            if answer is not None and then:
                program = program.face(answer)
                answer = program.least(then)
            found = program.state(answer, self) if answer is not None else None
            if found is not None:
                return found
        return None

    def state(self, answer: OptimalBasis, whole: "ExactProgram") -> dict[str, Fraction] | None:
        """The state of a basis in exact fractions, fluxes of 0 left out; None if it is none of a whole program's.

        What is basic and 0 is left out of the equations first, which are then few.
        """
        for least in (IDLE, -1.0):
            found = self._solved(answer, least)
            if found is not None and whole._keeps(found):
                return {name: flux for name, flux in found.items() if flux}
        return None

    def _narrower(self) -> "ExactProgram":
        """The program with ranges narrower by a share of their width; ends at 0 stay, and so do single values."""

        def inner(lower: Fraction | None, upper: Fraction | None) -> tuple:
            if lower is None or upper is None or lower == upper:
                return lower, upper
            step = min(upper - lower, Fraction(1)) * SHARE
            return lower + step if lower else lower, upper - step if upper else upper

        bounds = {name: inner(*ends) for name, ends in self.bounds.items()}
        return ExactProgram(bounds, self.rows)

    def _solved(self, answer: OptimalBasis, least: float) -> dict[str, Fraction] | None:
        """The fluxes of a basis in exact fractions, of what is basic those above `least`; None if there are none."""
        fluxes, basic = {}, set()
        for name, status, flux in zip(self.names, answer.columns, np.abs(answer.fluxes).tolist(), strict=True):
            if status != highspy.HighsBasisStatus.kBasic:
                fluxes[name] = self._at(status, self.bounds[name])
            elif flux > least:
                basic.add(name)
        equations, right = [], []
        for row, status in zip(self.rows.values(), answer.rows, strict=True):
            if status != highspy.HighsBasisStatus.kBasic:
                equations.append({self._number[name]: x for name, x in row.entries.items() if name in basic})
                known = sum((x * fluxes[name] for name, x in row.entries.items() if fluxes.get(name)), Fraction(0))
                right.append(self._at(status, (row.lower, row.upper)) - known)
        found = solve(equations, right)
        if found is None or len(found) < len(basic):
            return None
        return fluxes | {self.names[number]: value for number, value in found.items()}

    @staticmethod
    def _at(status, ends: tuple[Fraction | None, Fraction | None]) -> Fraction:
        """The end of a range where a basis has what is not basic."""
        lower, upper = ends
        if lower is None or (status == highspy.HighsBasisStatus.kUpper and upper is not None):
            return Fraction(0) if upper is None else upper
        return lower

    def _keeps(self, fluxes: Mapping[str, Fraction]) -> bool:
        """Whether a state is within every bound and row."""
        if any(not lower <= fluxes.get(name, 0) <= upper for name, (lower, upper) in self.bounds.items()):
            return False
        used = {name: flux for name, flux in fluxes.items() if flux}
        for row in self.rows.values():
            value = sum(x * used[name] for name, x in row.entries.items() if name in used)
            if (row.lower is not None and value < row.lower) or (row.upper is not None and value > row.upper):
                return False
        return True

    def emptied(self) -> OptimalBasis | None:
        """Prices by which 0 would be more than 0 if there is no state: those of the least sum by which rows are missed.

        All rows may be missed: a strain may have no state at all.
        """
        misses, goal, rows = {}, {}, {}
        for name, row in self.rows.items():
            own = {}
            for sign, end in ((1, row.lower), (-1, row.upper)):
                if end is not None:
                    miss = f"{name} {sign}"
                    own[miss], misses[miss], goal[miss] = Fraction(sign), (Fraction(0), MOST_MISSED), Fraction(1)
            rows[name] = ExactRow({**row.entries, **own}, row.lower, row.upper)
        return ExactProgram(self.bounds | misses, rows).least(goal)

    def exact_prices(self, goal: Entries, answer: OptimalBasis) -> dict[str, Fraction] | None:
        """The prices of a basis in exact fractions, those of 0 left out; None if it is singular.

        B'p = c of what is basic: exactly optimal prices, where those of `least` are so within a tolerance.
        """
        basic = highspy.HighsBasisStatus.kBasic
        columns = {name: {} for name, status in zip(self.names, answer.columns, strict=True) if status == basic}
        priced = [name for name, status in zip(self.rows, answer.rows, strict=True) if status != basic]
        for number, row in enumerate(priced):
            for name, x in self.rows[row].entries.items():
                if name in columns:
                    columns[name][number] = x
        found = solve(list(columns.values()), [goal.get(name, Fraction(0)) for name in columns])
        return None if found is None else {priced[number]: price for number, price in sorted(found.items()) if price}

    def bound(self, goal: Entries, prices: Mapping[str, Fraction]) -> Fraction:
        """What goal'v is nowhere less than, by some prices of the rows; these must not bear on ends that are None."""
        reduced, total = dict(goal), Fraction(0)
        for name, price in prices.items():
            row = self.rows[name]
            total += price * (row.lower if price > 0 else row.upper)
            for one, value in row.entries.items():
                reduced[one] = reduced.get(one, Fraction(0)) - price * value
        return total + sum(x * self.bounds[name][x < 0] for name, x in reduced.items() if x)


def _end(value: Fraction | None, infinite: float) -> float:
    return infinite if value is None else float(value)


def usable(prices: Mapping[str, float], rows: Mapping[str, ExactRow]) -> dict[str, Fraction]:
    """Prices as the decimals that are written, without those of no weight and those that bear on an end that is not."""
    found = {}
    for name, price in prices.items():
        exact = Fraction(f"{price:.15g}")
        end = rows[name].lower if exact > 0 else rows[name].upper
        if exact and end is not None:
            found[name] = exact
    return found
