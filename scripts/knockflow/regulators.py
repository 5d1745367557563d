"""Genes and rules of a case with regulation: which regulators a design may remove, and what its rules amount to.

All of it in terms of the model's reactions, before they are compressed; `knockflow.regulated` makes rows of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from knockflow.errors import ConfigError
from knockflow.gpr import CutSet
from knockflow.interventions import Offer, Wanted
from knockflow.leader import KNOCK_OUT, REGULATION
from knockflow.network import Network
from knockflow.notation import AT_LEAST, intervention
from knockflow.regulation.expression import expressed, regulators
from knockflow.regulation.resolve import Regulation
from knockflow.regulation.rules import OFF, ON, Rule, atoms
from knockflow.targets import TargetOptions


@dataclass(frozen=True)
class Switch:
    """An exchange that one target decides on: largest uptake (mmol/gDW/h) with its restriction, and without."""

    target: str
    restricted: float
    free: float


def offer_regulators(
    made: Offer, regulation: Regulation, options: TargetOptions, gone: Collection[str]
) -> dict[str, str]:
    """Add the genes that only rules know to what is offered; why some are no targets, by gene."""
    refused = {}
    for gene in sorted(regulators(regulation.rules, regulation.rules) & regulation.genes):
        known = gene in made.targets or gene in gone or gene in options.spontaneous
        if known or regulation.rules.get(gene) == OFF:
            continue
        if gene in options.exclude:
            refused[gene] = "excluded by the case"
        elif options.subsystems and gene not in options.include:
            refused[gene] = "no reaction of it is in the subsystems asked for"
        else:
            made.targets[gene] = Wanted(KNOCK_OUT, float(options.costs.get(gene, 1)))
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
        own = network.lower[index[exchange]]
        ways = [exchange] if exchange in options.include else []
        ways += [name for name in made.targets if _sets_uptake(name, exchange)]
        if len(ways) > 1:
            listed = ", ".join(f"`{name}`" for name in ways)
            raise ConfigError(f"targets: {listed}: rules depend on {exchange}, so at most one of them can be offered")
        for name in ways:
            level = 0.0 if name == exchange else intervention(name).level
            loosens = name in made.targets and made.targets[name].adds
            ends = (own, level) if loosens else (level, made.lower[index[exchange]])
            found[exchange] = Switch(name, *(max(0.0, -float(end)) for end in ends))
    return found


def _sets_uptake(name: str, exchange: str) -> bool:
    change = intervention(name, bare="-")
    return change.action == AT_LEAST and change.name == exchange


def rules_of(
    made: Offer,
    network: Network,
    regulation: Regulation,
    cuts: Mapping[str, Iterable[CutSet]],
    gone: Collection[str],
    switches: Mapping[str, Switch],
) -> dict[str, Rule]:
    """The rules of all symbols that are not simply on; reactions that they close for certain are closed.

    Raises
    ------
    ConfigError
        If the limit of a gene is offered, too.
    """
    for name, wanted in made.targets.items():
        if wanted.kind == REGULATION and intervention(name).name not in network.index():
            raise ConfigError(f"targets: `{name}`: with regulation, a gene can be removed or added, not limited")
    removable = {name for name in made.targets if name in regulation.genes}
    index = network.index()
    uptakes = {name: max(0.0, -float(made.lower[number])) for name, number in index.items() if name not in switches}
    rules = expressed(regulation, removable, gone, uptakes)
    for reaction, own in cuts.items():
        number = index[reaction]
        never = any(all(rules.get(gene) == OFF for gene in cut) for cut in own)
        if never and made.lower[number] <= 0 <= made.upper[number]:
            made.narrow(number, 0.0, 0.0)
    others = regulators(rules, rules)
    for gene in sorted(removable):
        made.roles[gene] = ("gene", gene) if gene in others else rules.get(gene, ON)
    made.regulators.update(removable & others)
    return rules
