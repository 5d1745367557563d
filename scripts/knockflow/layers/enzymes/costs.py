"""What each enzyme of a reaction costs, in g of protein per mmol/gDW/h, from a model's gene rules and a case's tables.

cost = sum over subunits of (number * mass) / (3600 * kcat)        (kDa is g/mmol, kcat in 1/s)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from knockflow.base.errors import ConfigError, suggestion
from knockflow.language.ids import is_protein
from knockflow.layers.enzymes.complexes import Complex, complexes, lightest
from knockflow.layers.enzymes.inputs import DIRECTIONS, MOST_ENZYMES, SECONDS_PER_HOUR, Inputs
from knockflow.model.gpr import GeneRule, genes, parse
from knockflow.model.network import Network

TABLE, MEDIAN = "table", "median"
"""Statuses of what has a cost."""

MOST_TOLD = 10
"""Names of tables that are nothing in the model, with the nearest match of each, that are told in full."""

LEAST_COST, MOST_COST = 1e-12, 1e9
"""g h/mmol between which an enzyme's cost must lie: beyond, GLPK ends the process where it scales the row."""


POOL = ""
"""What proteins are drawn from that were not measured; a measured one is drawn from its own, by its gene."""

Draws = Mapping[str, float]
"""What a flux of 1 mmol/gDW/h takes, by what it is drawn from (g h/mmol)."""


@dataclass(frozen=True)
class Enzyme:
    """An isozyme.

    Attributes
    ----------
    genes
        The genes that it needs.
    forward, reverse
        What a flux of 1 mmol/gDW/h in each direction costs (g h/mmol).
    shares
        What share of its mass is drawn from what; they add up to 1.
    """

    genes: Complex
    forward: float
    reverse: float
    shares: Mapping[str, float] = field(default_factory=lambda: {POOL: 1.0})

    def draws(self, way: str) -> Draws:
        """What a flux in a direction takes."""
        cost = getattr(self, way)
        return {what: cost * share for what, share in self.shares.items()} if cost else {}


@dataclass(frozen=True)
class Costed:
    """A reaction's enzymes; `status` says, by direction, where the cost comes from or why there is none."""

    enzymes: tuple[Enzyme, ...]
    status: tuple[str, str]

    @property
    def genes(self) -> Complex:
        """The genes of all its enzymes."""
        return frozenset().union(*(one.genes for one in self.enzymes))


@dataclass(frozen=True)
class Found:
    """The reactions of a model with their enzymes.

    Attributes
    ----------
    of
        What they cost, by reaction.
    unused
        The names of tables that are nothing in the model, with the nearest.
    measured
        How much there is of each measured protein of the model, by gene (g/gDW).
    """

    of: Mapping[str, Costed]
    unused: tuple[str, ...]
    measured: Mapping[str, float] = field(default_factory=dict)

    def amounts(self, inputs: Inputs, budget: float) -> dict[str, float]:
        """How much there is of what enzymes are drawn from, the pool first (g/gDW).

        pool = (budget - measured) * f * sigma      (Sanchez et al. 2017, doi:10.15252/msb.20167411)

        Raises
        ------
        ConfigError
            If the measured proteins leave nothing.
        """
        weighed = sum(self.measured.values())
        if weighed >= budget:
            raise ConfigError(
                f"layers.enzymes.abundances: the measured proteins weigh {weighed:.4g} g/gDW together, and the budget "
                f"is {budget:g}: it is the mass of all, so `budget` must be larger, or abundances are in another unit"
            )
        return {POOL: (budget - weighed) * inputs.unmeasured_share * inputs.saturation} | dict(self.measured)


def costs_of(network: Network, inputs: Inputs) -> Found:
    """What each reaction's enzymes cost.

    Raises
    ------
    ConfigError
        If no row of a table is of a reaction or gene of the model, or an exempt reaction or one that has a cost is
        none of the model, or an exchange.
    """
    return _Costing(network, inputs).all()


class _Costing:
    def __init__(self, network: Network, inputs: Inputs):
        self.network, self.inputs = network, inputs
        self.known, self.unused = network.known(), {}
        self.exempt = {self._exempt(name) for name in inputs.exempt}
        self.directed = self._of_reactions()
        self.masses = self._of_genes()
        self.subunits = {
            self.known.reaction(name): {
                frozenset(self._gene(gene) for gene in own): {self._gene(gene): n for gene, n in own_n.items()}
                for own, own_n in sets.items()
            }
            for name, sets in inputs.subunits.items()
            if self.known.reaction(name)
        }
        self.middle = median(self.directed.values()) if inputs.median else None
        self.middle_mass = median(self.masses.values()) if inputs.median and self.masses else None
        self.measured = self._of_proteins()

    def _exempt(self, name: str) -> str:
        found = self.known.reaction(name)
        if found is None:
            near = suggestion(name, self.network.reactions)
            raise ConfigError(f"layers.enzymes.exempt: no reaction {name} in the model{near}")
        return found

    def _gene(self, name: str) -> str:
        return self.known.gene(name) or name

    def _of_reactions(self) -> dict[tuple[str, str], float]:
        found, index = {}, self.network.index()
        for (name, way), value in self.inputs.directed.items():
            reaction = self.known.reaction(name)
            if reaction is None:
                self._not_used("reaction", name, self.network.reactions)
                continue
            if self.network.boundary(index[reaction]):
                if self.inputs.costs is None:
                    continue  # Large tables have a number for every reaction, whether it has an enzyme or not.
                raise ConfigError(f"layers.enzymes: {reaction} has a cost, but is an exchange, which no enzyme carries")
            found[reaction, way] = value
        if not found:
            raise ConfigError(f"layers.enzymes: no row is of a reaction of the model, as in {self._told('reaction')}")
        return found

    def _of_genes(self) -> dict[str, float]:
        found = {}
        for name, mass in self.inputs.masses.items():
            gene = self.known.gene(name)
            if gene is None:
                self._not_used("gene", name, self.network.genes)
            else:
                found[gene] = mass
        if self.inputs.masses and not found:
            raise ConfigError(f"layers.enzymes.masses: no row is of a gene of the model, as in {self._told('gene')}")
        return found

    def _of_proteins(self) -> dict[str, float]:
        """Mass of each measured protein (g/gDW); one that is measured in mmol/gDW and has no mass is left out."""
        found, unknown = {}, []
        for name, amount in self.inputs.abundances.items():
            gene = self.known.gene(name)
            if gene is None:
                self._not_used("gene", name, self.network.genes)
                unknown.append(name)
                continue
            mass = self.masses.get(gene, self.middle_mass) if self.inputs.molar else 1.0
            if mass is not None:
                found[gene] = amount * mass
        if self.inputs.abundances and len(unknown) == len(self.inputs.abundances):
            told = self.unused["gene", unknown[0]]
            raise ConfigError(f"layers.enzymes.abundances: no row is of a gene of the model, as in {told}")
        return found

    def _not_used(self, kind: str, name: str, known: Iterable[str]) -> None:
        if (kind, name) not in self.unused:
            # The nearest match takes long to find, and a large table of another model has thousands of names.
            near = suggestion(name, known) if len(self.unused) < MOST_TOLD else ""
            self.unused[kind, name] = f"no {kind} {name} in the model{near}"

    def all(self) -> Found:
        of = {}
        rules = zip(self.network.reactions, self.network.written_rules, self.network.rules, strict=True)
        for number, (reaction, written, rule) in enumerate(rules):
            why = self._free(number, reaction)
            own = parse(rule)
            of[reaction] = Costed((), (why, why)) if why else self._reaction(reaction, own, bool(written.strip()))
            _check_costs(reaction, of[reaction].enzymes)
        return Found(of, tuple(self.unused.values()), self.measured)

    def _told(self, kind: str) -> str:
        return next(text for (own, _), text in self.unused.items() if own == kind)

    def _free(self, number: int, reaction: str) -> str:
        if self.network.boundary(number):
            return "boundary"
        if reaction in self.exempt:
            return "exempt"
        own = [self.network.metabolites[row] for row, _ in self.network.stoichiometry[number]]
        if own and all(map(is_protein, own)):
            return "supplies enzymes"
        given = any((reaction, way) in self.directed for way in DIRECTIONS)
        return "biomass" if reaction == self.network.biomass and not given else ""

    def _reaction(self, reaction: str, rule: GeneRule, written: bool) -> Costed:
        values, status = [], []
        for way in DIRECTIONS:
            given = self.directed.get((reaction, way))
            if given is None and rule is not None:
                values.append(self.middle)
                status.append(MEDIAN if self.middle is not None else "not in the table")
            else:
                values.append(given)
                status.append(TABLE if given is not None else "no enzyme needed" if written else "no gene")
        if self.inputs.costs is not None:
            alone = Enzyme(frozenset(), values[0] or 0.0, values[1] or 0.0)
            return Costed((alone,) if any(values) else (), tuple(status))
        return self._by_masses(reaction, rule, values, status)

    def _by_masses(self, reaction: str, rule: GeneRule, kcats: list, status: list[str]) -> Costed:
        if rule is None:
            why = ["no gene" if one == TABLE else one for one in status]
            return Costed((), tuple(why))
        unknown = sorted(genes(rule) - self.masses.keys())
        if unknown and self.middle_mass is None:
            return Costed((), (f"no mass of {unknown[0]}",) * 2)
        if unknown:
            status = [MEDIAN if one == TABLE else one for one in status]
        sets = complexes(rule, MOST_ENZYMES)
        enzymes = (
            [(frozenset(), {POOL: lightest(rule, self._mass)})]
            if sets is None
            else [(own, self._complex(reaction, own)) for own in sets]
        )
        found = (_enzyme(own, masses, kcats) for own, masses in enzymes)
        return Costed(tuple(found) if any(kcats) else (), tuple(status))

    def _mass(self, gene: str) -> float:
        return self.masses.get(gene, self.middle_mass)

    def _complex(self, reaction: str, own: Complex) -> dict[str, float]:
        """The mass of a complex, by what it is drawn from."""
        numbers, masses = self.subunits.get(reaction, {}).get(own, {}), {}
        for gene in sorted(own):
            what = gene if gene in self.measured else POOL
            masses[what] = masses.get(what, 0) + numbers.get(gene, 1.0) * self._mass(gene)
        return masses


def _enzyme(genes: Complex, masses: Mapping[str, float], kcats: Iterable[float | None]) -> Enzyme:
    whole = sum(masses.values())
    shares = {what: mass / whole for what, mass in masses.items()}
    return Enzyme(genes, *(whole / (SECONDS_PER_HOUR * kcat) if kcat else 0.0 for kcat in kcats), shares)


def _check_costs(reaction: str, enzymes: Iterable[Enzyme]) -> None:
    """That costs are numbers with which a solver can compute."""
    for cost in (getattr(one, way) for one in enzymes for way in DIRECTIONS):
        if cost and not LEAST_COST <= cost <= MOST_COST:
            raise ConfigError(
                f"layers.enzymes: the enzymes of {reaction} cost {cost:g} g h/mmol, which is not between "
                f"{LEAST_COST:g} and {MOST_COST:g}: mind the units of its turnover numbers, masses or costs"
            )
