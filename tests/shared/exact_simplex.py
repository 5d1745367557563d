"""Linear programs of small networks in rational arithmetic: what is true, whatever tolerances a solver has.

The simplex method for variables between two bounds, by the least index (Bland 1977, doi:10.1287/moor.2.2.103), which
cannot cycle. Coefficients are the decimals as they are written.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from knockflow.model.network import Network

Bounds = tuple[Fraction, Fraction]


class Program:
    """max or min c'v subject to A v = 0 and finite bounds of v."""

    def __init__(self, rows: Sequence[Mapping[int, Fraction]], bounds: Sequence[Bounds]):
        self._lower, self._upper = ([ends[side] for ends in bounds] for side in (0, 1))
        self._n, m = len(bounds), len(rows)
        self._value = list(self._lower)
        left = [sum((a * self._value[j] for j, a in row.items()), Fraction(0)) for row in rows]
        signs = [-1 if rest > 0 else 1 for rest in left]
        # One artificial variable for each row makes up for what the others leave.
        self._rows = [
            [sign * row.get(j, Fraction(0)) for j in range(self._n)] + [Fraction(int(i == k)) for k in range(m)]
            for i, (row, sign) in enumerate(zip(rows, signs, strict=True))
        ]
        self._value += [abs(rest) for rest in left]
        self._lower += [Fraction(0)] * m
        self._upper += [abs(rest) for rest in left]
        self._basis = [self._n + i for i in range(m)]

    def maximum(self, objective: Mapping[int, Fraction]) -> Fraction | None:
        """The optimum; None if there is no state."""
        artificial = range(self._n, len(self._value))
        self._climb(dict.fromkeys(artificial, Fraction(-1)))
        if any(self._value[j] for j in artificial):
            return None
        for j in artificial:
            self._upper[j] = Fraction(0)
        self._climb(objective)
        return sum((a * self._value[j] for j, a in objective.items()), Fraction(0))

    def _climb(self, objective: Mapping[int, Fraction]) -> None:
        while True:
            prices = [(row, objective[j]) for row, j in zip(self._rows, self._basis, strict=True) if objective.get(j)]
            entering = next(
                filter(None, (self._direction(j, objective, prices) for j in range(len(self._value)))), None
            )
            if entering is None:
                return
            self._step(*entering)

    def _direction(self, j: int, objective: Mapping[int, Fraction], prices) -> tuple[int, int] | None:
        """A variable that raises the objective, and whether it must rise (1) or fall (-1) for that."""
        if j in self._basis or self._lower[j] == self._upper[j]:
            return None
        reduced = objective.get(j, 0) - sum(price * row[j] for row, price in prices)
        if reduced > 0 and self._value[j] < self._upper[j]:
            return j, 1
        return (j, -1) if reduced < 0 and self._value[j] > self._lower[j] else None

    def _step(self, entering: int, sign: int) -> None:
        """Move a variable until it, or the first of the basic ones, is at a bound; that one leaves the basis."""
        step, leaving = self._upper[entering] - self._lower[entering], None
        for i, (row, j) in enumerate(zip(self._rows, self._basis, strict=True)):
            change = -sign * row[entering]
            if change:
                room = (self._upper[j] if change > 0 else self._lower[j]) - self._value[j]
                ratio = room / change
                if ratio < step or (ratio == step and leaving is not None and j < self._basis[leaving]):
                    step, leaving = ratio, i
        for row, j in zip(self._rows, self._basis, strict=True):
            self._value[j] -= sign * step * row[entering]
        self._value[entering] += sign * step
        if leaving is not None:
            self._pivot(leaving, entering)

    def _pivot(self, leaving: int, entering: int) -> None:
        scale = self._rows[leaving][entering]
        own = self._rows[leaving] = [value / scale for value in self._rows[leaving]]
        for i, row in enumerate(self._rows):
            factor = row[entering]
            if i != leaving and factor:
                self._rows[i] = [
                    value - factor * other if other else value for value, other in zip(row, own, strict=True)
                ]
        self._basis[leaving] = entering


class Cell:
    """The states of a network, with some reactions closed and some fluxes, or sums of them, in a range."""

    def __init__(self, network: Network, closed: Collection[str] = ()):
        self._index = network.index()
        self._rows: list[dict[int, Fraction]] = [{} for _ in network.metabolites]
        for j, column in enumerate(network.stoichiometry):
            for row, value in column:
                self._rows[row][j] = value
        ends = zip(network.reactions, network.lower.tolist(), network.upper.tolist(), strict=True)
        zero = Fraction(0)
        self._bounds = [
            (zero, zero) if name in closed else (Fraction(repr(least)), Fraction(repr(most)))
            for name, least, most in ends
        ]

    def hold(self, reaction: str, least: Fraction | None = None, most: Fraction | None = None) -> "Cell":
        """The same cell, where a flux keeps to a range."""
        j = self._index[reaction]
        lower, upper = self._bounds[j]
        lower, upper = lower if least is None else max(lower, least), upper if most is None else min(upper, most)
        self._bounds[j] = lower, upper
        return self

    def maximum(self, **coefficients: int) -> Fraction | None:
        """Largest value of a sum of fluxes; None if there is no state."""
        if any(lower > upper for lower, upper in self._bounds):
            return None
        objective = {self._index[name]: Fraction(value) for name, value in coefficients.items()}
        return Program(self._rows, self._bounds).maximum(objective)

    def minimum(self, **coefficients: int) -> Fraction | None:
        """Least value of a sum of fluxes; None if there is no state."""
        most = self.maximum(**{name: -value for name, value in coefficients.items()})
        return None if most is None else -most
