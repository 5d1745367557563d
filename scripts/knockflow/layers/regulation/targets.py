"""Genes and rules of a case with regulation: which regulators a design may remove, and what its rules amount to.

All of it in terms of the model's reactions, before they are compressed; `knockflow.layers.regulation.follower` makes
rows of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from knockflow.base.errors import ConfigError
from knockflow.language.boolean_rules import OFF, ON, Rule, atoms
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT, REGULATION
from knockflow.language.notation import AT_LEAST, intervention
from knockflow.layers.regulation.expression import expressed, regulators
from knockflow.layers.regulation.resolve import Regulation
from knockflow.model.gpr import GeneCutSet, GeneRule, genes
from knockflow.model.network import Network
from knockflow.problem.offer import Offer, OfferedTarget, closed_without
from knockflow.problem.targets import TargetOptions


@dataclass(frozen=True)
class Switch:
    """An exchange that one target decides on: largest uptake (mmol/gDW/h) with its restriction, and without."""

    target: str
    restricted: float
    free: float


def offer_regulators(
    made: Offer,
    regulation: Regulation,
    enzymes: Collection[str],
    options: TargetOptions,
    gone: Collection[str],
    pseudo_genes: Collection[str],
) -> dict[str, str]:
    """Add the genes that only rules know, no reaction, to what is offered; why some are no targets, by gene."""
    refused = {}
    for gene in sorted((regulators(regulation.rules, regulation.rules) & regulation.genes).difference(enzymes)):
        known = gene in made.targets or gene in gone or gene in pseudo_genes
        if known or regulation.rules.get(gene) == OFF:
            continue
        if gene in options.exclude:
            refused[gene] = "excluded by the case"
        elif options.subsystems and gene not in options.include:
            refused[gene] = "no reaction of it is in the subsystems asked for"
        else:
            made.targets[gene] = OfferedTarget(KNOCK_OUT, float(options.costs.get(gene, 1)))
    return refused


def switches_of(made: Offer, network: Network, regulation: Regulation, options: TargetOptions) -> dict[str, Switch]:
    """The exchanges whose uptake a rule asks for and an intervention decides.

    Raises
    ------
    ConfigError
        If more than one intervention decides on such an exchange.
    """
    index = network.index()
    asked = {atom[1] for rule in regulation.rules.values() for atom in atoms(rule) if atom[0] == "uptake"}
    found = {}
    for exchange in sorted(asked):
        ends = float(network.lower[index[exchange]]), float(made.lower[index[exchange]])
        names = [exchange] if exchange in options.include else []
        names += [name for name, wanted in made.targets.items() if _decides(name, wanted, exchange)]
        ways = [way for way in (_switch(made, name, exchange, *ends) for name in names) if way.restricted < way.free]
        if len(ways) > 1:
            listed = ", ".join(f"`{way.target}`" for way in ways)
            raise ConfigError(f"targets: {listed}: rules depend on {exchange}, so at most one of them can be offered")
        for way in ways:
            found[exchange] = way
            # Rules ask for the medium also where no flux does.
            made.regulators.add(way.target)
    return found


def _switch(made: Offer, name: str, exchange: str, own: float, widest: float) -> Switch:
    """What a target does to an exchange, whose lower bound is its own, or the widest that designs may have."""
    level = intervention(name).level if _sets_uptake(name, exchange) else 0.0
    loosens = name in made.targets and made.targets[name].adds
    return Switch(name, max(0.0, -own if loosens else -level), max(0.0, -widest))


def _decides(name: str, wanted: OfferedTarget, exchange: str) -> bool:
    return _sets_uptake(name, exchange) or (wanted.kind == KNOCK_IN and exchange in wanted.reactions)


def _sets_uptake(name: str, exchange: str) -> bool:
    change = intervention(name, bare="-")
    return change.action == AT_LEAST and change.name == exchange


def rules_of(
    made: Offer,
    network: Network,
    regulation: Regulation,
    cuts: Mapping[str, Iterable[GeneCutSet]],
    gone: Collection[str],
    switches: Mapping[str, Switch],
    large: Mapping[str, GeneRule] | None = None,
) -> dict[str, Rule]:
    """The rules of all symbols that are not simply on; reactions that they close for certain are closed.

    `large` are the gene rules of reactions that have no list of cut sets.

    Raises
    ------
    ConfigError
        If the limit of a gene is offered or forced, too.
    """
    kinds = [*((name, wanted.kind) for name, wanted in made.targets.items()), *(one[:2] for one in made.forced)]
    for name, kind in kinds:
        if kind == REGULATION and intervention(name).name not in network.index():
            raise ConfigError(f"targets: `{name}`: with regulation, a gene can be removed or added, not limited")
    removable = {name for name in made.targets if name in regulation.genes}
    index = network.index()
    uptakes = {name: max(0.0, -float(made.lower[number])) for name, number in index.items() if name not in switches}
    rules = expressed(regulation, removable, gone, uptakes)
    large = large or {}
    off = frozenset(gene for gene, rule in rules.items() if rule == OFF)
    for reaction in closed_without(off, cuts, large):
        number = index[reaction]
        if made.lower[number] <= 0 <= made.upper[number]:
            made.narrow(number, 0.0, 0.0)
    others = regulators(rules, rules) | _beside_ruled(made, rules, cuts, gone)
    others |= _beside_ruled_at_large(made, rules, large, gone)
    for gene in sorted(removable):
        own = ("gene", gene) if gene in others else rules.get(gene, ON)
        made.roles[gene] = (own, made.roles[gene]) if gene in made.roles else own
    made.regulators.update(removable & others)
    return rules


def _beside_ruled(
    made: Offer, rules: Mapping[str, Rule], cuts: Mapping[str, Iterable[GeneCutSet]], gone: Collection[str]
) -> set[str]:
    """The genes without which a reaction is off where rules switch off others that no design removes."""
    found: set[str] = set()
    for cut in (cut.difference(gone) for own in cuts.values() for cut in own):
        fixed = cut - made.targets.keys()
        if fixed and fixed <= rules.keys():
            found |= cut - fixed
    return found


def _beside_ruled_at_large(
    made: Offer, rules: Mapping[str, Rule], large: Mapping[str, GeneRule], gone: Collection[str]
) -> set[str]:
    """The same, and maybe others, of reactions whose rules have too many cut sets."""
    of_reactions = (genes(rule).difference(gone) for rule in large.values())
    concerned = (own for own in of_reactions if own & rules.keys() - made.targets.keys())
    return {gene for own in concerned for gene in own & made.targets.keys()}
