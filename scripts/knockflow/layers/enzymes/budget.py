"""The rows of what there is of enzymes while they are collected, and the columns that they need."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from knockflow.layers.enzymes.complexes import Complex
from knockflow.layers.enzymes.costs import POOL
from knockflow.layers.enzymes.inputs import FORWARD
from knockflow.layers.enzymes.isozymes import Isozymes
from knockflow.problem.extension import Extension
from knockflow.problem.leader import Decision

PER_MILLE = 1000.0
"""What rows are scaled to, so that they are of the size of fluxes."""


@dataclass(frozen=True)
class Deciding:
    """A target by which a gene's enzyme is gone, or limited to a level (mmol/gDW/h)."""

    gene: str
    adds: bool
    level: float = 0.0


class Budget:
    """What there is, by what enzymes are drawn from, and what fluxes take of it.

    Parameters
    ----------
    amounts
        How much there is (g/gDW).
    deciding
        Targets that take genes away, by name.
    limits
        What the enzymes of some genes carry at most (mmol/gDW/h).
    """

    def __init__(
        self,
        extension: Extension,
        amounts: Mapping[str, float],
        deciding: Mapping[str, Deciding],
        limits: Mapping[str, float],
    ) -> None:
        self.extension, self.problem, self.amounts, self.limits = extension, extension.problem, amounts, limits
        self.by_gene: dict[str, list[tuple[int, Deciding]]] = {}
        for number, names in enumerate(self.problem.targets.ids):
            for one in (deciding[name] for name in names.split("|") if name in deciding):
                self.by_gene.setdefault(one.gene, []).append((number, one))
        # By column and by what is drawn from: what a flux takes that runs forward, and one that runs back.
        self.costs: dict[int, dict[str, list[float]]] = {}
        self.entries: dict[str, dict[int, float]] = {}

    def add(self, reaction: str, way: str, own: Isozymes, factor: float) -> None:
        """What a reaction takes in one direction; its turnover number is `factor` times what it was."""
        place = self.extension.flux(reaction)
        if place is None or not own:
            return
        column, flux = place
        back = (way == FORWARD) == (flux < 0)
        if len(own) == 1:
            for what, cost in own[0][1].items():
                both = self.costs.setdefault(column, {}).setdefault(what, [0.0, 0.0])
                both[back] += abs(flux) * (cost / factor)
            return
        most = self._most(column, flux, back)
        if not most[0]:
            return
        capacity = {column: -abs(flux) if back else abs(flux)}
        for number, (needs, draws) in enumerate(sorted(own, key=_order), start=1):
            enzyme = self._enzyme(f"isozyme {number} of {reaction}, {way}", needs, most)
            capacity[enzyme] = -1.0
            for what, cost in draws.items():
                self._take(enzyme, what, cost / factor)
        # v - sum e_i <= 0
        self.extension.add_row(f"isozymes of {reaction}, {way}", capacity, -np.inf, 0.0)

    def _most(self, column: int, factor: float, back: bool) -> tuple[float, float]:
        """The largest flux of a reaction in a direction of its column, and that of the states that count."""
        problem = self.problem
        ends = (problem.lower, problem.viable_lower) if back else (problem.upper, problem.viable_upper)
        whole, viable = (abs(factor) * max(0.0, -float(end[column]) if back else float(end[column])) for end in ends)
        return whole, whole if np.isnan(viable) else min(whole, viable)

    def _enzyme(self, name: str, needs: Complex, most: tuple[float, float]) -> int:
        limit = min((self.limits[gene] for gene in needs if gene in self.limits), default=np.inf)
        column = self.extension.add_column(name, 0.0, min(most[0], limit), viable=(0.0, min(most[1], limit)))
        for gene in sorted(needs):
            for number, one in self.by_gene.get(gene, ()):
                self.extension.restrict(Decision(number, not one.adds), column, 0.0, one.level)
        self.extension.depend(column, needs)
        return column

    def close(self, scaled: Collection[str] = ()) -> int | None:
        """Add the rows, with companions for what can run back.

        `scaled` names what there shall be any number of times as much of; the column of that number is returned.
        """
        for column, taken in sorted(self.costs.items()):
            self._taken(column, taken)
        times = self.extension.add_column("times what there is", 0.0, np.inf) if scaled else None
        for what in sorted(self.entries):
            entries, amount = self.entries[what], self.amounts[what]
            # A cap that leaves next to no flux would have entries larger than a solver can tell from its tolerance.
            whole = max(amount, *entries.values()) if what != POOL else amount
            row = {column: PER_MILLE / whole * cost for column, cost in entries.items()}
            most = PER_MILLE * (amount / whole)
            name = self.row(what)
            # sum of cost * flux <= amount, or <= times * amount
            if what in scaled:
                self.extension.add_row(name, row | {times: -most}, -np.inf, 0.0)
            else:
                self.extension.add_row(name, row, -np.inf, most)
        return times

    @staticmethod
    def row(what: str) -> str:
        """The name of the row of what there is."""
        return f"cap of {what}" if what != POOL else "budget of enzymes"

    def _taken(self, column: int, taken: Mapping[str, list[float]]) -> None:
        """What a column takes; one that can run both ways has a companion b for the flux back."""
        problem, companion = self.problem, None
        turns = problem.lower[column] < 0 < problem.upper[column]
        if turns and any(ahead + back for ahead, back in taken.values()):
            name = f"{problem.columns[column]} reversed"
            whole, viable = self._most(column, 1.0, True)
            companion = self.extension.add_column(name, 0.0, whole, viable=(0.0, viable))
            # v + b >= 0
            self.extension.add_row(name, {column: 1.0, companion: 1.0}, 0.0, np.inf)
        for what, (ahead, back) in taken.items():
            if companion is not None:
                self._take(column, what, ahead)
                self._take(companion, what, ahead + back)
            else:
                self._take(column, what, -back if problem.upper[column] <= 0 else ahead)

    def _take(self, column: int, what: str, cost: float) -> None:
        if cost:
            self.entries.setdefault(what, {})[column] = cost


def _order(own: tuple[Complex, Mapping[str, float]]) -> tuple:
    return sum(own[1].values()), sorted(own[0]), sorted(own[1].items())
