"""What proves by plain arithmetic which directed reactions no concentrations drive at once, and which some do.

    max f   s.t.   -s_r (mean_r + a_r'w) >= f  for the reactions r that run along s_r,   w within its ranges and rows

Prices of these rows bound f from above, whatever they are; below the least driving force they prove a conflict. A point
w with a force of at least that shows that all of them can run.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

import numpy as np
from cobra import Reaction

from knockflow.layers.in_strain import Bounds
from knockflow.layers.thermodynamics.states import ByConcentrations, ConcentrationsInStrain, Directed, Node
from knockflow.numerics.certified import ExactProgram, Unproven, usable
from knockflow.numerics.exact_rows import ExactRow

FORCE = "driving force"
MOST = Fraction(10**6)
"""kJ/mol that a driving force has at most."""


class DrivingEvidence:
    """Evidence of driving forces (`knockflow.layers.in_strain.Evidence`)."""

    def __init__(self, layer: ConcentrationsInStrain):
        self._potentials = potentials = layer.potentials
        self._energies = {
            name: (mean, _entries(potentials.coefficients, row, potentials.variables))
            for row, (name, mean) in enumerate(zip(potentials.reactions, potentials.mean.tolist(), strict=True))
        }
        self._bounds = {
            name: (_exact(low), _exact(high))
            for name, low, high in zip(potentials.variables, potentials.lower, potentials.upper, strict=True)
        }
        ends = zip(potentials.row_lower.tolist(), potentials.row_upper.tolist(), strict=True)
        self._rows = {
            f"row {row + 1}": [
                _entries(potentials.row_coefficients, row, potentials.variables),
                *(None if np.isinf(end) else end for end in both),
            ]
            for row, both in enumerate(ends)
        }
        self._conflicts: dict[frozenset[Directed], int] = {}
        self._prices: list[dict[str, float]] = []
        self._known: dict[frozenset[Directed], dict[str, float]] = {}
        for one in sorted(layer.never):
            self._number(frozenset([one]))

    def branch(self, decided: ByConcentrations, node: Node, below: Sequence[Node], fluxes: Mapping[str, float]) -> list:
        """The number of the conflict, and the direction that each node closes."""
        return [self._number(decided.conflict(fluxes)), [list(next(iter(one[0] - node[0]))) for one in below]]

    def settled(
        self, decided: ByConcentrations, node: Node, fluxes: Mapping[str, float]
    ) -> list[tuple[Reaction, Bounds]]:
        """What runs keeps its direction, and what does not stays so."""
        used = dict(decided.used(fluxes))
        ends = {1: (0.0, np.inf), -1: (-np.inf, 0.0), 0: (0.0, 0.0)}
        return [(reaction, ends[used.get(reaction.id, 0)]) for reaction in decided.reactions]

    def witness(
        self, decided: ByConcentrations, node: Node, fluxes: Mapping[str, float], state: Mapping[str, Fraction]
    ) -> dict[str, float]:
        """A point of the variables that drives all that runs; none where nothing does."""
        runs = frozenset((name, 1 if state[name] > 0 else -1) for name in decided.watched if state.get(name))
        if runs and runs not in self._known:
            program = self._program(runs)
            answer = program.least({FORCE: Fraction(-1)})
            if answer is None:
                raise Unproven("no concentrations were found that drive a state")
            point = dict(zip(program.names, answer.fluxes.tolist(), strict=True))
            self._known[runs] = {
                name: min(max(point[name], float(low)), float(high)) for name, (low, high) in self._bounds.items()
            }
        return self._known[runs] if runs else {}

    def content(self) -> dict:
        """Energies as functions of the variables, and the conflicts with their prices."""
        conflicts = [
            {"of": [list(one) for one in sorted(own)], "prices": self._prices[number]}
            for own, number in self._conflicts.items()
        ]
        variables = {name: [float(low), float(high)] for name, (low, high) in self._bounds.items()}
        return {
            "kind": "driving forces",
            "least": self._potentials.min_driving_force,
            "energies": {name: list(own) for name, own in self._energies.items()},
            "variables": variables,
            "rows": self._rows,
            "conflicts": conflicts,
        }

    def _number(self, conflict: frozenset[Directed]) -> int:
        """The number of a conflict, which has prices from now on."""
        if conflict not in self._conflicts:
            program = self._program(conflict)
            answer = program.least({FORCE: Fraction(-1)})
            prices = {} if answer is None else usable(answer.prices, program.rows)
            bound = program.bound({FORCE: Fraction(-1)}, _exactly(prices))
            if -bound >= _exact(self._potentials.min_driving_force):
                raise Unproven("no prices were found that prove a conflict of driving forces")
            self._conflicts[conflict] = len(self._prices)
            self._prices.append(prices)
        return self._conflicts[conflict]

    def _program(self, runs: Collection[Directed]) -> ExactProgram:
        """-s_r a_r'w - f >= s_r mean_r  for all that runs."""
        rows = {name: ExactRow(_exactly(own), *map(_end, ends)) for name, (own, *ends) in self._rows.items()}
        for name, sign in sorted(runs):
            mean, own = self._energies[name]
            entries = {one: -sign * x for one, x in _exactly(own).items()} | {FORCE: Fraction(-1)}
            rows[f"{name} {sign}"] = ExactRow(entries, sign * _exact(mean), None)
        return ExactProgram(self._bounds | {FORCE: (-MOST, MOST)}, rows)


def of(layer: ConcentrationsInStrain) -> DrivingEvidence:
    """The evidence of what the layer says of strains of a model."""
    return DrivingEvidence(layer)


def _entries(matrix, row: int, names: Sequence[str]) -> dict[str, float]:
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return {names[one]: float(x) for one, x in zip(matrix.indices[span], matrix.data[span], strict=True)}


def _exactly(entries: Mapping[str, float]) -> dict[str, Fraction]:
    return {name: _exact(value) for name, value in entries.items()}


def _exact(number: float) -> Fraction:
    return Fraction(repr(float(number)))


def _end(end: float | None) -> Fraction | None:
    return None if end is None else _exact(end)
