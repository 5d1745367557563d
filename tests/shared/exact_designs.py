"""What designs of small networks are worth, in rational arithmetic, for lists that owe nothing to a solver."""

from fractions import Fraction
from functools import cached_property

import numpy as np
from exact_simplex import Cell

from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.states import Evaluation, Optimum
from knockflow.formulations.formulation import Formulation, Response
from knockflow.formulations.registry import FORMULATIONS
from knockflow.model.network import Network
from knockflow.problem.problem import Problem

EXACT = (Response.GROWTH, Response.VIABLE)
"""Responses that are evaluated here."""


def value_and_guarantee(
    network: Network, removed: set[str], formulation: Formulation, min_growth: Fraction
) -> tuple[Fraction, Fraction] | None:
    """Product of a design under a formulation, None if it cannot grow."""
    growth = Cell(network, removed).maximum(BIOMASS=1)
    if growth is None or growth < min_growth:
        return None
    least = growth if formulation.response is Response.GROWTH else min_growth
    worst = Cell(network, removed).hold("BIOMASS", least).minimum(EX_p=1)
    best = Cell(network, removed).hold("BIOMASS", least).maximum(EX_p=1)
    return (best if formulation.optimistic else worst), worst


class ExactDesigns(BestDesigns):
    """The best designs, where every evaluation is exact."""

    def __init__(self, network: Network, problem: Problem, formulation: str, limits: Limits):
        self._network = network
        super().__init__(problem, FORMULATIONS[formulation], limits)

    @cached_property
    def _nothing(self) -> np.ndarray:
        return np.zeros(len(self.problem.columns))

    def evaluate(self, design) -> Evaluation | None:
        """The design's evaluation; its states are left open."""
        removed = {name for target in design for name in self.problem.targets.ids[target].split("|")}
        found = value_and_guarantee(self._network, removed, self.formulation, Fraction(repr(self.problem.min_growth)))
        self._known[design] = found and (float(found[0]), float(found[1]))
        if found is None:
            return None
        value, guarantee = map(float, found)
        return Evaluation(value, guarantee, Optimum(value, self._nothing), Optimum(guarantee, self._nothing))
