"""Scenarios in the search: a follower for each, all of which answer the same design."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from knockflow.layers.in_follower import InFollower, Variant
from knockflow.layers.layer import Given
from knockflow.layers.scenarios.resolve import by_scenario
from knockflow.layers.scenarios.table import TABLE
from knockflow.model.network import Network
from knockflow.problem.judge import Judge


class ScenariosInFollower(InFollower):
    """The scenarios of a table."""

    def __init__(self, rows: Sequence[Mapping[str, str]], judge: Judge) -> None:
        self._rows, self._judge = rows, judge

    def judge(self) -> Judge:
        """The case's."""
        return self._judge

    def variants(self, network: Network) -> Sequence[Variant]:
        """The network in each scenario; its bounds take the place of those that other layers leave."""
        return [
            Variant(one.name, _changed(network, one.bounds, one.coefficients), one.varied)
            for one in by_scenario(self._rows)
        ]


def _changed(network: Network, bounds: Mapping, coefficients: Mapping[str, Mapping[str, Fraction]]) -> Network:
    index, lower, upper = network.index(), network.lower.copy(), network.upper.copy()
    for name, ends in bounds.items():
        lower[index[name]], upper[index[name]] = ends
    stoichiometry = list(network.stoichiometry)
    for name, own in coefficients.items():
        stoichiometry[index[name]] = tuple(
            (number, own.get(network.metabolites[number], value)) for number, value in stoichiometry[index[name]]
        )
    return replace(network, lower=lower, upper=upper, stoichiometry=tuple(stoichiometry))


def of(given: Given) -> ScenariosInFollower:
    """The scenarios of a case's table."""
    by, quantile = given.options["judge"], given.options["quantile"]
    return ScenariosInFollower(TABLE.read(given.table), Judge(by, 0.0 if quantile is None else float(quantile)))
