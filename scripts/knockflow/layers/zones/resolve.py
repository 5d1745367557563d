"""What zones are in a curated model: from the options of a case to bounds and conductances by id, and back.

In zone z, with share w_z of the biomass, the cell gives off s_x,z of what is exchanged by x (mmol/gDW/h, negative where
it takes up); e_x,z of that leaves the zone for outside, within the bounds of the zone's medium, and the rest diffuses
to neighbours:

    w_z s_x,z = w_z e_x,z + sum over neighbours y of k_x (c_x,z - c_x,y),     0 <= c_x <= largest,
    -s_x,z <= a_x c_x,z   where uptake has a capacity a_x
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knockflow.base.errors import ConfigError, suggestion
from knockflow.model.network import Network

NO_BOUND = 1000.0
"""mmol/gDW/h that a cell gives off or takes up at most of what diffuses, unless its own bounds are wider."""

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Zone:
    """A zone: its share of the biomass, and between which bounds exchanges run to outside, by id (mmol/gDW/h)."""

    name: str
    share: float
    medium: dict[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True)
class Diffusing:
    """What diffuses by the id of its exchange.

    Attributes
    ----------
    outwards
        1 where a positive flux is secretion, -1 where it is uptake.
    capacity
        Largest uptake per concentration (L/gDW/h); None without a limit.
    largest
        Largest concentration (mmol/L).
    between
        Conductance (L/gDW/h) by the names of two neighbours.
    """

    exchange: str
    outwards: float
    capacity: float | None
    largest: float
    between: Mapping[tuple[str, str], float]

    def of_cell(self, bounds: Bounds) -> Bounds:
        """Bounds of what a cell exchanges with its zone, given those of what the zone exchanges with outside."""
        most = max(NO_BOUND, *map(abs, bounds))
        uptake = most if self.capacity is None else min(most, self.capacity * self.largest)
        return (-uptake, most) if self.outwards > 0 else (-most, uptake)

    def leaving(self, zone: str) -> dict[str, float]:
        """What diffuses out of a zone per concentration in each zone (L/gDW/h)."""
        found: dict[str, float] = {}
        for pair, conductance in self.between.items():
            for here, there in (pair, pair[::-1]):
                if here == zone:
                    found[here] = found.get(here, 0.0) + conductance
                    found[there] = found.get(there, 0.0) - conductance
        return found


@dataclass(frozen=True)
class Zones:
    """All zones of a case, in its order."""

    zones: Sequence[Zone]
    diffusing: Sequence[Diffusing]

    @property
    def exchanges(self) -> list[str]:
        """The exchanges of which zones say anything, sorted."""
        return sorted({name for zone in self.zones for name in zone.medium})


def rows(network: Network, options: Mapping) -> list[dict]:
    """The rows of zones.tsv.

    Raises
    ------
    ConfigError
        With a line for each name that is wrong.
    """
    return _Rows(network, options).found


class _Rows:
    """The rows of a case, and what is wrong with it."""

    def __init__(self, network: Network, options: Mapping) -> None:
        self.network, self.options = network, options
        self.found: list[dict] = []
        self.wrong: list[str] = []
        self._known = network.known()
        names = list(options["named"])
        pairs = list(zip(names, names[1:], strict=False)) if options["neighbours"] is None else options["neighbours"]
        exchanges = self._by_id("exchange", options["exchange"])
        for name, zone in options["named"].items():
            self._zone(name, zone, exchanges)
        for exchange, one in exchanges.items():
            self.found += [
                {"zone": a, "neighbour": b, "exchange": exchange, "conductance_l_per_gdw_h": repr(one["conductance"])}
                for a, b in pairs
                if one["conductance"]
            ]
        if self.wrong:
            raise ConfigError("\n".join(f"layers.zones.{line}" for line in self.wrong))

    def _zone(self, name: str, zone: Mapping, exchanges: Mapping[str, Mapping]) -> None:
        self.found.append({"zone": name, "share": repr(zone["share"])})
        asked = self._by_id(f"named.{name}.medium", zone["medium"])
        for exchange in sorted({*asked, *exchanges}):
            lower, upper = self._bounds(exchange, asked.get(exchange))
            if lower > upper:
                line = f"the model's bounds leave no flux within an uptake of {asked[exchange]:g}"
                self.wrong.append(f"named.{name}.medium: {exchange}: {line}")
            row = {"zone": name, "exchange": exchange}
            row |= {"lower_mmol_per_gdw_h": repr(lower), "upper_mmol_per_gdw_h": repr(upper)}
            self.found.append(row | self._limits(exchange, exchanges.get(exchange)))

    def _limits(self, exchange: str, one: Mapping | None) -> dict:
        if one is None:
            return {}
        capacity = {} if one["capacity"] is None else {"capacity_l_per_gdw_h": repr(float(one["capacity"]))}
        outwards = int(-self.network.uptake(exchange))
        return {"outwards": outwards, "largest_mmol_per_l": repr(float(one["largest"]))} | capacity

    def _bounds(self, exchange: str, uptake: float | None) -> Bounds:
        """The bounds of an exchange in a medium."""
        number = self.network.index()[exchange]
        lower, upper = float(self.network.lower[number]), float(self.network.upper[number])
        if uptake is None:
            return lower, upper
        return (-float(uptake) + 0.0, upper) if self.network.uptake(exchange) < 0 else (lower, float(uptake))

    def _by_id(self, key: str, written: Mapping[str, object]) -> dict[str, object]:
        """What stands under a key, by the ids of the model."""
        found: dict[str, object] = {}
        for name, one in written.items():
            exchange = self._exchange(key, name)
            if exchange in found:
                self.wrong.append(f"{key}: {exchange} is there twice; keep one")
            elif exchange is not None:
                found[exchange] = one
        return found

    def _exchange(self, key: str, name: str) -> str | None:
        """The exchange that is meant."""
        known, network = self._known.reaction(name), self.network
        exchanges = [one for number, one in enumerate(network.reactions) if network.boundary(number)]
        if known is None:
            self.wrong.append(f"{key}: no reaction `{name}` in the model{suggestion(name, exchanges)}")
        elif not network.boundary(network.index()[known]):
            self.wrong.append(f"{key}: {name} exchanges nothing with the medium{suggestion(name, exchanges)}")
        elif known in network.added:
            self.wrong.append(f"{key}: {name} is there only if a design adds it")
        else:
            return known
        return None


def read(table: Sequence[Mapping[str, str]]) -> Zones:
    """The zones of a table. What has no conductance between any neighbours is no more than a limit of uptake."""
    zones = [Zone(row["zone"], float(row["share"])) for row in table if row["share"]]
    by_name = {zone.name: zone for zone in zones}
    between: dict[str, dict[tuple[str, str], float]] = {}
    for row in table:
        if row["neighbour"]:
            own = between.setdefault(row["exchange"], {})
            own[row["zone"], row["neighbour"]] = float(row["conductance_l_per_gdw_h"])
    diffusing: dict[str, Diffusing] = {}
    for row in table:
        if not row["exchange"] or row["neighbour"]:
            continue
        bounds = float(row["lower_mmol_per_gdw_h"]), float(row["upper_mmol_per_gdw_h"])
        one = _diffusing(row, between.get(row["exchange"], {})) if row["largest_mmol_per_l"] else None
        if one is not None and not one.between:
            ends = one.of_cell(bounds)
            bounds = max(bounds[0], ends[0]), min(bounds[1], ends[1])
        elif one is not None:
            diffusing[one.exchange] = one
        by_name[row["zone"]].medium[row["exchange"]] = bounds
    return Zones(zones, list(diffusing.values()))


def _diffusing(row: Mapping[str, str], between: Mapping[tuple[str, str], float]) -> Diffusing:
    capacity = float(row["capacity_l_per_gdw_h"]) if row["capacity_l_per_gdw_h"] else None
    return Diffusing(row["exchange"], float(row["outwards"]), capacity, float(row["largest_mmol_per_l"]), between)


def connections(zones: Zones) -> Iterator[tuple[Diffusing, Zone]]:
    """What diffuses, with each zone."""
    return ((one, zone) for one in zones.diffusing for zone in zones.zones)


def in_zone(name: str, number: int) -> str:
    """The id of a reaction or metabolite in a zone, numbered from 1: zones may have names that no solver takes."""
    return f"{name}@{number}"
