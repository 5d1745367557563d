"""Random zones of random small networks, as the layer has them, and as one network that is put together by hand."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from knockflow.layers.in_follower import InFollower
from knockflow.layers.zones.follower import ZonesInFollower
from knockflow.layers.zones.resolve import read, rows
from knockflow.layers.zones.table import TABLE
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

SHARES = {1: ["1"], 2: ["0.5", "0.5"], 3: ["0.25", "0.5", "0.25"]}
FREE = 1e6


@dataclass(frozen=True)
class Zoned:
    """A network with options of the layer."""

    network: Network
    options: dict


@st.composite
def zoned(draw, networks, fewest: int = 2, joined: bool = True) -> Zoned:
    """Zones of a random network; `joined` lets metabolites diffuse and growth be tied."""
    network = draw(networks)
    shares = draw(st.sampled_from([SHARES[count] for count in (1, 2, 2, 3) if count >= fewest]))
    uptakes = st.sampled_from([0, 3, 10, 20])
    named = {
        f"zone {number}": {"share": float(share), "medium": draw(st.sampled_from([{}, {"EX_s": draw(uptakes)}]))}
        for number, share in enumerate(shares)
    }
    exchanges = [name for name in network.reactions if name.startswith("EX_")]
    chosen = draw(st.sets(st.sampled_from(exchanges), max_size=2)) if joined else ()
    exchange = {
        name: {
            "conductance": draw(st.sampled_from([0, 0.1, 1, 20])),
            "capacity": draw(st.sampled_from([None, 0.5, 10])),
            "largest": draw(st.sampled_from([1, 1000])),
        }
        for name in sorted(chosen)
    }
    options = {"named": named, "exchange": exchange, "neighbours": None}
    options |= {"least_growth": draw(st.sampled_from([0, 0, 0.125])) if joined else 0}
    return Zoned(network, options | {"equal_growth": joined and draw(st.sampled_from([False, False, True]))})


def layer_of(case: Zoned) -> ZonesInFollower:
    """The layer as a case has it."""
    empty = dict.fromkeys(TABLE.names, "")
    table = [empty | {name: str(value) for name, value in row.items()} for row in rows(case.network, case.options)]
    return ZonesInFollower(read(table), case.options["least_growth"], case.options["equal_growth"])


def problem_of_zones(case: Zoned, min_growth: float | None = None, more: tuple[InFollower, ...] = ()) -> Problem:
    """The problem of zones; by default a fifth of the largest growth is asked of designs."""
    network = case.network
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question = Question("EX_p", "EX_s", min_growth or 0.0)
    if min_growth is None:
        free, _ = build(network, cuts, question, TargetOptions(), [*more, layer_of(case)])
        question = replace(question, min_growth=round(max(0.01, 0.2 * max(free.max_growth, 0.0)), 6))
    return build(network, cuts, question, TargetOptions(), [*more, layer_of(case)])[0]


class _Sheet:
    """Reactions and metabolites by name while a network is put together."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.columns: dict[str, tuple[dict[int, Fraction], float, float]] = {}

    def add(self, name: str, entries: dict[str, Fraction], lower: float, upper: float) -> None:
        own = {self.rows.setdefault(row, len(self.rows)): value for row, value in entries.items() if value}
        self.columns[name] = own, lower, upper


def by_hand(case: Zoned) -> Network:
    """One network of all zones: `R@2` is R in the second, BIOMASS and EX_p are the means by shares."""
    network, options, sheet = case.network, case.options, _Sheet()
    names = list(options["named"])
    shares = [Fraction(repr(options["named"][name]["share"])) for name in names]
    next_to = [[k for k in (number - 1, number + 1) if 0 <= k < len(names)] for number in range(len(names))]
    for z, (zone, share) in enumerate(zip(names, shares, strict=True), 1):
        medium = options["named"][zone]["medium"]
        for number, name in enumerate(network.reactions):
            entries = {f"{network.metabolites[row]}@{z}": value for row, value in network.stoichiometry[number]}
            lower, upper = float(network.lower[number]), float(network.upper[number])
            lower = -float(medium[name]) if name in medium else lower
            asked = options["exchange"].get(name)
            if asked and (not asked["conductance"] or len(names) == 1) and asked["capacity"]:
                lower = max(lower, -asked["capacity"] * asked["largest"])
            elif asked and asked["conductance"] and len(names) > 1:
                # The cell's exchange runs into a pool, from which one goes to outside and others to the neighbours.
                entries[f"pool {name}@{z}"] = share
                sheet.add(f"outside {name}@{z}", {f"pool {name}@{z}": -share}, lower, upper)
                lower, upper = -1000.0, 1000.0
                flow = Fraction(repr(float(asked["conductance"])))
                leaving = {f"pool {name}@{k + 1}": flow for k in next_to[z - 1]}
                leaving |= {f"pool {name}@{z}": -flow * len(next_to[z - 1])}
                if asked["capacity"]:
                    entries[f"room {name}@{z}"] = Fraction(1)
                    leaving[f"room {name}@{z}"] = Fraction(repr(float(asked["capacity"])))
                    sheet.add(f"spare {name}@{z}", {f"room {name}@{z}": Fraction(-1)}, 0.0, FREE)
                sheet.add(f"concentration {name}@{z}", leaving, 0.0, float(asked["largest"]))
            if name in ("BIOMASS", "EX_p"):
                entries[f"mean {name}"] = share
            if name == "BIOMASS":
                lower = max(lower, float(options["least_growth"]))
                if options["equal_growth"]:
                    entries |= {f"tie {z}": Fraction(-1)} if z > 1 else {}
                    entries |= {f"tie {k}": Fraction(1) for k in range(2, len(names) + 1)} if z == 1 else {}
            sheet.add(f"{name}@{z}", entries, lower, upper)
    for name in ("BIOMASS", "EX_p"):
        sheet.add(name, {f"mean {name}": Fraction(-1)}, -FREE, FREE)
    entries, lower, upper = zip(*sheet.columns.values(), strict=True)
    return Network(
        metabolites=tuple(sheet.rows),
        reactions=tuple(sheet.columns),
        stoichiometry=tuple(tuple(sorted(own.items())) for own in entries),
        lower=np.array(lower),
        upper=np.array(upper),
        biomass="BIOMASS",
        substrate=None,
        rules=("",) * len(sheet.columns),
        subsystems=("",) * len(sheet.columns),
    )


def in_all(case: Zoned, removed: set[str]) -> set[str]:
    """Reactions in all zones, as the network by hand has them."""
    return {f"{name}@{z}" for name in removed for z in range(1, len(case.options["named"]) + 1)}
