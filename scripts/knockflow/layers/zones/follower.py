"""Zones in the search: copies of the cell side by side in one follower, and what diffuses between them.

The flux v of an exchange is what the cell exchanges with its zone. Of what diffuses, a column e has what the zone
exchanges with outside, in the same direction, and one more the concentration c:

    w_z v - w_z e - sign * sum over y of k (c_z - c_y) = 0,      sign * v + a c_z >= 0
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import FEASIBILITY
from knockflow.language.kinds import MEDIUM
from knockflow.language.notation import intervention
from knockflow.layers.in_follower import InFollower, Part, Uncompressed
from knockflow.layers.layer import Given
from knockflow.layers.zones.resolve import Zones, connections, read
from knockflow.layers.zones.table import TABLE
from knockflow.model.network import Network
from knockflow.numerics.simplex import Verdict
from knockflow.problem.compression import merge
from knockflow.problem.extension import Extension
from knockflow.problem.problem import Problem
from knockflow.problem.side_by_side import Place


class ZonesInFollower(InFollower):
    """The zones of a table; growth in 1/h."""

    def __init__(self, zones: Zones, least_growth: float = 0.0, equal_growth: bool = False) -> None:
        self._zones, self._least, self._equal = zones, least_growth, equal_growth
        self._before: dict[str, tuple[float, float]] = {}
        self._alone: dict[str, Network] = {}

    def tighten(self, network: Network) -> Network:
        """A single zone is the case in the medium of the zone."""
        self._biomass, self._before = network.biomass, {}
        alone = len(self._zones.zones) == 1
        return self._least_growing(self._part(network, 0).network) if alone else network

    def parts(self, network: Network) -> Sequence[Part]:
        """The network in each zone.

        Raises
        ------
        ConfigError
            If several followers of the case have other bounds of an exchange that zones set.
        """
        if len(self._zones.zones) == 1:
            return ()
        for name in self._zones.exchanges:
            number = network.index()[name]
            ends = network.lower[number], network.upper[number]
            if self._before.setdefault(name, ends) != ends:
                raise ConfigError(f"layers.zones: {name} is set by zones and changed by another layer; leave it to one")
        return [self._part(network, number) for number in range(len(self._zones.zones))]

    def _part(self, network: Network, number: int) -> Part:
        """A zone's network, in which exchanges of what diffuses have room for what comes from neighbours."""
        zone = self._zones.zones[number]
        alone = _with_bounds(network, zone.medium)
        self._alone[zone.name] = alone
        inside = {one.exchange: one.of_cell(zone.medium[one.exchange]) for one in self._zones.diffusing}
        return Part(zone.name, zone.share, _with_bounds(alone, inside))

    def _least_growing(self, network: Network) -> Network:
        lower, number = network.lower.copy(), network.index()[network.biomass]
        lower[number] = max(lower[number], self._least)
        return replace(network, lower=lower)

    def offer(self, case: Uncompressed) -> dict[str, str]:
        """Refuse bounds as interventions of what zones set: each of them has its own.

        Raises
        ------
        ConfigError
            If such a bound is offered or forced.
        """
        kinds = [(name, one.kind) for name, one in case.offered.targets.items()]
        for name, kind in [*kinds, *((name, kind) for name, kind, _ in case.offered.forced)]:
            if kind == MEDIUM and (exchange := intervention(name).name) in self._zones.exchanges:
                raise ConfigError(f"targets: `{name}`: zones have bounds of their own of {exchange}; leave it to them")
        return {}

    def connect(self, extension: Extension, places: Sequence[Place]) -> None:
        """Diffusion, and what is asked of growth."""
        names = [zone.name for zone in self._zones.zones]
        concentration = {
            (one.exchange, zone.name): extension.add_column(
                f"{zone.name}: concentration of {one.exchange}", 0.0, one.largest
            )
            for one, zone in connections(self._zones)
        }
        for one, zone in connections(self._zones):
            outside = extension.add_column(f"{zone.name}: {one.exchange} outside", *zone.medium[one.exchange])
            row = {outside: -zone.share}
            flux = places[names.index(zone.name)].get(one.exchange)
            row |= {} if flux is None else {flux[0]: zone.share * flux[1]}
            # w v - w e - sign * sum of k (c_z - c_y) = 0
            leaving = one.leaving(zone.name).items()
            row |= {concentration[one.exchange, name]: -one.outwards * factor for name, factor in leaving}
            extension.add_row(f"{zone.name}: diffusion of {one.exchange}", row, 0.0, 0.0)
            if one.capacity is not None and flux is not None:
                # sign * v + a c >= 0
                limit = {flux[0]: one.outwards * flux[1], concentration[one.exchange, zone.name]: one.capacity}
                extension.add_row(f"{zone.name}: uptake of {one.exchange}", limit, 0.0, np.inf)
        self._tie_growth(extension, places)

    def _tie_growth(self, extension: Extension, places: Sequence[Place]) -> None:
        found = [place.get(self._biomass) for place in places]
        if None in found:
            return
        first = found[0]
        for zone, (column, factor) in zip(self._zones.zones, found, strict=True):
            if self._least:
                # v_growth >= least
                extension.add_row(f"{zone.name}: least growth", {column: factor}, self._least, np.inf)
            if self._equal and column != first[0]:
                # v_growth,z - v_growth,1 = 0
                tied = {column: factor, first[0]: -first[1]}
                extension.add_row(f"{zone.name}: growth as in the first", tied, 0.0, 0.0)

    def hindrance(self, problem: Problem) -> str:
        """The zones that cannot grow by themselves, without what diffuses; of a single one the case's reason tells."""
        if len(self._zones.zones) == 1 and not self._least:
            return ""
        found = []
        for zone, network in self._alone.items():
            merged = merge(network, range(len(network.reactions)))
            lp = merged.lp()
            lp.set_objective(merged.vector({network.biomass: 1.0}), maximize=True)
            if lp.solve() is not Verdict.OPTIMAL:
                found.append(
                    f"zone {zone} by itself has no steady state: what must run there, such as maintenance, cannot"
                )
            elif lp.value < max(self._least, FEASIBILITY):
                found.append(f"zone {zone} by itself grows at most {max(lp.value, 0.0):.4g} per h")
        return "; ".join(found)


def _with_bounds(network: Network, bounds: Mapping[str, tuple[float, float]]) -> Network:
    lower, upper, index = network.lower.copy(), network.upper.copy(), network.index()
    for name, ends in bounds.items():
        lower[index[name]], upper[index[name]] = ends
    return replace(network, lower=lower, upper=upper)


def of(given: Given) -> ZonesInFollower:
    """The zones of a case's table."""
    options = given.options
    return ZonesInFollower(read(TABLE.read(given.table)), options["least_growth"], options["equal_growth"])
