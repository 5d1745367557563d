"""Linear programs whose answers can be proven by plain arithmetic: exact states, and prices that bound from below.

    min c'v   s.t.   row_lower <= A v <= row_upper,   lower <= v <= upper

Solved by HiGHS, which the search of `tree` does not use. From the optimal basis follows a state in exact fractions, and
the prices p of the rows bound c'v for every state, whatever they are: c'v = p'A v + (c - p'A)v, and each term is least
at one end of its range (Neumaier & Shcherbina 2004, doi:10.1007/s10107-003-0433-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from knockflow.numerics.exact import solve
from knockflow.numerics.exact_rows import Ends, Entries, ExactRow, Ranges, Rows

IDLE = 1e-11
"""mmol/gDW/h up to which a flux that is basic is taken to be 0, at first."""

MOST_MISSED = Fraction(10**6)
"""mmol/gDW/h by which a row may be missed at most, where prices are sought that prove that there is no state."""

SHARE = Fraction(1, 10**7)
"""Share of a range by which it is made narrower where an exact state needs room."""

BASIC, AT_UPPER = (int(one) for one in (highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper))
"""What a basis says of a flux or a row."""


class Unproven(Exception):
    """Why something has no certificate."""


@dataclass(frozen=True)
class OptimalBasis:
    """An optimal basis: fluxes, prices of the rows, reduced costs, and what is basic or at which end."""

    fluxes: np.ndarray
    prices: np.ndarray
    reduced: np.ndarray
    columns: np.ndarray
    rows: np.ndarray


class ExactProgram:
    """Rows and bounds by name, exact; minimized by HiGHS with their nearest floating-point numbers."""

    def __init__(self, bounds: Mapping[str, tuple[Fraction, Fraction]], rows: Mapping[str, ExactRow]):
        self.bounds = bounds if isinstance(bounds, Ranges) else Ranges(bounds)
        self.rows = rows if isinstance(rows, Rows) else Rows(rows, self.bounds.number)

    @property
    def names(self) -> list[str]:
        """The fluxes in their order."""
        return self.bounds.names

    def holding(self, fixed: Mapping[str, Fraction], more: Mapping[str, ExactRow] | None = None) -> "ExactProgram":
        """The program with some fluxes fixed, and more rows."""
        own = {name: (value, value) for name, value in fixed.items() if name in self.bounds}
        return ExactProgram(self.bounds.changed(own), self.rows.changed(more) if more else self.rows)

    def least(self, goal: Entries) -> OptimalBasis | None:
        """The optimum; None if HiGHS finds none."""
        return None if self.bounds.crossed else self.answer(self.highs(goal))

    def answer(self, highs: highspy.Highs) -> OptimalBasis | None:
        """The optimum by an engine that holds this program."""
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution, basis = highs.getSolution(), highs.getBasis()
        numbers = (np.array(one) for one in (solution.col_value, solution.row_dual, solution.col_dual))
        return OptimalBasis(*numbers, *(np.array(list(map(int, one))) for one in (basis.col_status, basis.row_status)))

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
        program.num_col_, program.num_row_ = len(self.bounds), len(self.rows)
        costs = np.zeros(len(self.bounds))
        for name, value in goal.items():
            costs[self.bounds.number[name]] = float(value)
        program.col_cost_, program.col_lower_, program.col_upper_ = costs, self.bounds.lower, self.bounds.upper
        program.row_lower_, program.row_upper_ = self.rows.lower, self.rows.upper
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = self.rows.start, self.rows.index
        program.a_matrix_.value_ = self.rows.value
        highs.passModel(program)
        return highs

    def face(self, answer: OptimalBasis, least: float = 1e-9) -> "ExactProgram":
        """The program on the optimal face: fluxes and rows with a price stay at their ends."""
        priced = np.flatnonzero((np.abs(answer.reduced) > least) & (answer.columns != BASIC)).tolist()
        names = [self.names[number] for number in priced]
        fixed = {name: _at(answer.columns[j], self.bounds[name]) for name, j in zip(names, priced, strict=True)}
        priced = np.flatnonzero((np.abs(answer.prices) > least) & (answer.rows != BASIC)).tolist()
        ends = {place: _at(answer.rows[place], self.rows.of(place).ends) for place in priced}
        held = {self.rows.names[i]: ExactRow(self.rows.of(i).entries, end, end) for i, end in ends.items()}
        return self.holding(fixed, held)

    def best_state(self, goal: Entries, then: Entries | None = None) -> dict[str, Fraction] | None:
        """A state of least goal'v, and of those one of least `then`'v, in exact fractions; fluxes of 0 are left out.

        A basis that is optimal within HiGHS's tolerance may lie outside a bound by as little. Then a program whose
        ranges are a little narrower gives a state within them, with a goal'v that is a little more. Else None.
        """
        for narrower in (False, True):
            program = self._narrower() if narrower else self
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

        return ExactProgram({name: inner(*ends) for name, ends in self.bounds.items()}, self.rows)

    def _solved(self, answer: OptimalBasis, least: float) -> dict[str, Fraction] | None:
        """The fluxes of a basis in exact fractions without 0, of what is basic those above `least`; None if not one."""
        columns, names = self.rows.columns, self.names
        at_end = np.where(answer.columns == AT_UPPER, self.bounds.upper, self.bounds.lower)
        ended = np.flatnonzero((answer.columns != BASIC) & (at_end != 0)).tolist()
        basic = np.flatnonzero((answer.columns == BASIC) & (np.abs(answer.fluxes) > least)).tolist()
        equations: dict[int, dict[int, Fraction]] = {i: {} for i in np.flatnonzero(answer.rows != BASIC).tolist()}
        right = {place: _at(answer.rows[place], self.rows.of(place).ends) for place in equations}
        for number in basic:
            for place, value in columns[number]:
                if place in equations:
                    equations[place][number] = value
        fluxes = {names[number]: _at(answer.columns[number], self.bounds[names[number]]) for number in ended}
        for number in ended:
            for place, value in columns[number]:
                if place in right:
                    right[place] -= value * fluxes[names[number]]
        found = solve(list(equations.values()), list(right.values()))
        if found is None or len(found) < len(basic):
            return None
        return fluxes | {names[number]: value for number, value in found.items() if value}

    def _keeps(self, fluxes: Mapping[str, Fraction]) -> bool:
        """Whether a state, without fluxes of 0, is within every bound and row."""
        if any(name not in fluxes for name in self.bounds.without_zero()):
            return False
        totals = dict.fromkeys(self.rows.without_zero(), Fraction(0))
        for name, flux in fluxes.items():
            lower, upper = self.bounds[name]
            if not lower <= flux <= upper:
                return False
            for place, value in self.rows.columns[self.bounds.number[name]]:
                totals[place] = totals.get(place, 0) + value * flux
        for place, total in totals.items():
            lower, upper = self.rows.of(place).ends
            if (lower is not None and total < lower) or (upper is not None and total > upper):
                return False
        return True

    def emptied(self) -> OptimalBasis | None:
        """Prices by which 0 would be more than 0 if there is no state: those of the least sum by which rows are missed.

        All rows may be missed: a strain may have no state at all.
        """
        rows, misses = self.rows.with_misses
        bounds = self.bounds.extended(rows, misses, MOST_MISSED)
        return ExactProgram(bounds, rows).least(dict.fromkeys(misses, Fraction(1)))

    def exact_prices(self, goal: Entries, answer: OptimalBasis) -> dict[str, Fraction] | None:
        """The prices of a basis in exact fractions, those of 0 left out; None if it is singular.

        B'p = c of what is basic: exactly optimal prices, where those of `least` are so within a tolerance.
        """
        known = self.rows.columns
        priced = {place: number for number, place in enumerate(np.flatnonzero(answer.rows != BASIC).tolist())}
        basic = np.flatnonzero(answer.columns == BASIC).tolist()
        columns = [{priced[place]: x for place, x in known[number] if place in priced} for number in basic]
        found = solve(columns, [goal.get(self.names[number], Fraction(0)) for number in basic])
        if found is None:
            return None
        names = [self.rows.names[place] for place in priced]
        return {names[number]: price for number, price in sorted(found.items()) if price}

    def bound(self, goal: Entries, prices: Mapping[str, Fraction]) -> Fraction:
        """What goal'v is nowhere less than, by some prices of the rows; these must not bear on ends that are None."""
        reduced, total = dict(goal), Fraction(0)
        for name, price in prices.items():
            row = self.rows[name]
            total += price * (row.lower if price > 0 else row.upper)
            for one, value in row.entries.items():
                reduced[one] = reduced.get(one, Fraction(0)) - price * value
        return total + sum(x * self.bounds[name][x < 0] for name, x in reduced.items() if x)


def _at(status: int, ends: Ends) -> Fraction:
    """The end of a range where a basis has what is not basic."""
    lower, upper = ends
    if lower is None or (status == AT_UPPER and upper is not None):
        return Fraction(0) if upper is None else upper
    return lower


def usable(prices: np.ndarray, rows: Rows) -> dict[str, float]:
    """Prices as the decimals that are written, without those of no weight and those that bear on an end that is not."""
    useless = np.where(prices > 0, np.isinf(rows.lower), np.isinf(rows.upper))
    places = np.flatnonzero((prices != 0) & ~useless).tolist()
    return {rows.names[place]: float(f"{prices[place]:.15g}") for place in places}
