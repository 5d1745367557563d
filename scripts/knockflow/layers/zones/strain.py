"""Zones on a COBRApy model: of a strain, a model of all zones, with what diffuses as metabolites and reactions.

For each zone z there is a copy of every metabolite and reaction. The exchange of what diffuses runs into a pool of the
zone, weighted by its share; out of the pool lead a reaction to outside, and the concentration, whose flux is c:

    pool_z:  w_z s_z - w_z e_z - sum over neighbours y of k (c_z - c_y) = 0

A reaction of the cell's own id has the sum over zones of w_z v_z, of each exchange and of growth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from cobra import Metabolite, Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.layers.in_strain import AUXILIARY_NOTE, CLOSED_NOTE, COPIES_NOTE, SHARE_NOTE, set_in_parts
from knockflow.layers.layer import Given
from knockflow.layers.zones.resolve import Bounds, Diffusing, Zone, Zones, connections, in_zone, read
from knockflow.layers.zones.table import TABLE
from knockflow.model.constrained_model import add, constraints_of
from knockflow.model.constraints import Constraint

CLOSED = (0.0, 0.0)


def rebuild(model: Model, given: Given) -> None:
    """Let strains of a curated model live in the zones of a case's table; a single one changes the model itself."""
    zones, options = read(TABLE.read(given.table)), given.options
    if len(zones.zones) == 1:
        for name, bounds in zones.zones[0].medium.items():
            model.reactions.get_by_id(name).bounds = bounds
        for reaction in linear_reaction_coefficients(model):
            reaction.lower_bound = max(reaction.lower_bound, options["least_growth"])
        return
    wild = {name: model.reactions.get_by_id(name).bounds for name in zones.exchanges}
    set_in_parts(model, InZones(zones, wild, options["least_growth"], options["equal_growth"]))


@dataclass(frozen=True)
class InZones:
    """Zones of strains.

    Attributes
    ----------
    wild
        Bounds of the exchanges that zones name, in the curated model (mmol/gDW/h).
    least_growth, equal_growth
        What growth every zone has at least (1/h), and whether all have the same.
    """

    zones: Zones
    wild: Mapping[str, Bounds]
    least_growth: float
    equal_growth: bool

    def model_of(self, strain: Model) -> Model:
        """The model of a strain in all zones."""
        return _Built(self, strain).made


class _Built:
    """A model of all zones while it is built."""

    def __init__(self, asked: InZones, strain: Model) -> None:
        self.asked, self.zones, self.strain = asked, asked.zones.zones, strain
        self.closed = strain.notes.get(CLOSED_NOTE, ())
        self.number = {zone.name: number for number, zone in enumerate(self.zones, 1)}
        self.metabolites: dict[str, Metabolite] = {}
        self.reactions: dict[str, Reaction] = {}
        growth = list(linear_reaction_coefficients(strain))
        for zone in self.zones:
            for reaction in strain.reactions:
                self._copy(reaction, zone)
        for one, zone in connections(asked.zones):
            self._diffuse(one, zone)
        for reaction in dict.fromkeys([*strain.boundary, *growth]):
            self._sum_up(reaction.id)
        for reaction in growth:
            self._tie(reaction.id)
        self.made = self._model()

    def _in(self, name: str, zone: str) -> str:
        return in_zone(name, self.number[zone])

    def _copy(self, reaction: Reaction, zone: Zone) -> None:
        """A reaction in a zone; where its bounds are the zone's, a design's go before them."""
        made = self._add(self._in(reaction.id, zone.name), reaction.bounds, auxiliary=AUXILIARY_NOTE in reaction.notes)
        # An aid of a layer is one in each zone, with what the layer notes of it.
        made.notes = (reaction.notes | made.notes if AUXILIARY_NOTE in made.notes else {}) | {SHARE_NOTE: zone.share}
        made.add_metabolites(
            {self._metabolite(self._in(one.id, zone.name)): value for one, value in reaction.metabolites.items()}
        )
        wild = self.asked.wild.get(reaction.id)
        if reaction.bounds == wild and reaction.id not in self.closed:
            made.bounds = zone.medium.get(reaction.id, reaction.bounds)

    def _diffuse(self, one: Diffusing, zone: Zone) -> None:
        """The pool of a zone; what a design closes is the cell's exchange, not the way to outside."""
        cell = self.reactions[self._in(one.exchange, zone.name)]
        closed = one.exchange in self.closed
        outside = self._add(
            self._in(f"OUTSIDE_{one.exchange}", zone.name), zone.medium[one.exchange] if closed else cell.bounds
        )
        cell.bounds = CLOSED if closed else one.of_cell(zone.medium[one.exchange])
        pool = self._metabolite(self._in(f"pool_{one.exchange}", zone.name))
        cell.add_metabolites({pool: one.outwards * zone.share})
        outside.add_metabolites({pool: -one.outwards * zone.share})
        concentration = self._concentration(one, zone.name)
        for name, factor in one.leaving(zone.name).items():
            self._concentration(one, name).add_metabolites({pool: -factor})
        if one.capacity is not None:
            # -s <= a c:  what is left of the capacity is a flux from 0 up
            room = self._metabolite(self._in(f"room_{one.exchange}", zone.name))
            cell.add_metabolites({room: one.outwards})
            concentration.add_metabolites({room: one.capacity})
            self._add(self._in(f"ROOM_{one.exchange}", zone.name), (0.0, inf)).add_metabolites({room: -1.0})

    def _concentration(self, one: Diffusing, zone: str) -> Reaction:
        name = self._in(f"CONCENTRATION_{one.exchange}", zone)
        return self.reactions.get(name) or self._add(name, (0.0, one.largest))

    def _sum_up(self, name: str) -> None:
        """A reaction with the mean flux of its copies, by shares."""
        total = self._metabolite(f"total_{name}")
        for zone in self.zones:
            self.reactions[self._in(name, zone.name)].add_metabolites({total: zone.share})
        self._add(name, (-inf, inf)).add_metabolites({total: -1.0})

    def _tie(self, biomass: str) -> None:
        """What is asked of the growth of each zone."""
        first = self.reactions[self._in(biomass, self.zones[0].name)]
        for zone in self.zones:
            own = self.reactions[self._in(biomass, zone.name)]
            if self.asked.least_growth:
                grown = self._metabolite(self._in("growth", zone.name))
                own.add_metabolites({grown: 1.0})
                rest = self._add(self._in("GROWTH", zone.name), (self.asked.least_growth, inf))
                rest.add_metabolites({grown: -1.0})
            if self.asked.equal_growth and own is not first:
                tie = self._metabolite(self._in("equal_growth", zone.name))
                own.add_metabolites({tie: 1.0})
                first.add_metabolites({tie: -1.0})

    def _add(self, name: str, bounds: Bounds, auxiliary: bool = True) -> Reaction:
        made = self.reactions[name] = Reaction(name, lower_bound=bounds[0], upper_bound=bounds[1])
        made.notes = {AUXILIARY_NOTE: name} if auxiliary else {}
        return made

    def _metabolite(self, name: str) -> Metabolite:
        if name not in self.metabolites:
            self.metabolites[name] = Metabolite(name, compartment="zones")
        return self.metabolites[name]

    def _model(self) -> Model:
        """The model with its copies, and the constraints of the strain in each zone."""
        made = Model(self.strain.id)
        made.solver = self.strain.problem
        made.tolerance = self.strain.tolerance
        made.add_metabolites(list(self.metabolites.values()))
        made.add_reactions(list(self.reactions.values()))
        made.notes = {
            COPIES_NOTE: {
                one.id: [(self._in(one.id, zone.name), zone.share) for zone in self.zones]
                for one in self.strain.reactions
            }
        }
        constraints = constraints_of(self.strain)
        for zone in self.zones:
            add(made, [self._constraint(one, zone.name) for one in constraints])
        return made

    def _constraint(self, one: Constraint, zone: str) -> Constraint:
        """A constraint of the strain as one of its copy in a zone."""
        entries = {self._in(name, zone): value for name, value in one.coefficients.items()}
        metabolite = self._in(one.metabolite, zone) if one.metabolite else ""
        return Constraint(self._in(one.id, zone), one.lower, one.upper, entries, metabolite)
