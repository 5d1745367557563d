"""Genes as targets: which sets of them switch a reaction off, and which limit it, by its gene-protein-reaction rule.

A reaction is off once all genes of one of its minimal cut sets are gone (`knockflow.gpr`). A gene's limit caps what its
enzyme carries: a reaction carries at most, over its cut sets, the least sum of what their genes still give. A gene
that is there only if added counts as gone while it is left out.
"""

from collections.abc import Iterable, Mapping
from itertools import product

from knockflow.gpr import CutSet
from knockflow.interventions import Asked, Offer, Wanted
from knockflow.leader import KNOCK_OUT, REGULATION
from knockflow.network import Network, subsystems_of
from knockflow.notation import AT_MOST
from knockflow.targets import TargetOptions

PSEUDO = "a pseudo-gene: it stands for what needs no gene, or for one that is not known (curation.tsv)"


def offer_genes(
    made: Offer,
    network: Network,
    cuts: Mapping[str, list[CutSet]],
    options: TargetOptions,
    wanted: Asked,
    gone: frozenset[str],
) -> dict[str, str]:
    """Add genes to what is offered; why the others are no targets, by gene.

    `gone` are the genes that every design knocks out.
    """
    reactions_of: dict[str, list[str]] = {}
    for reaction, own in cuts.items():
        for gene in sorted(set().union(*own)):
            reactions_of.setdefault(gene, []).append(reaction)
    refused = dict.fromkeys(sorted(network.pseudo_genes), PSEUDO)
    for gene in sorted(reactions_of):
        why = _refusal(gene, reactions_of[gene], network, options)
        if gene in network.absent_genes or gene in gone:
            continue
        if why:
            refused[gene] = why
        else:
            made.targets[gene] = Wanted(KNOCK_OUT, float(options.costs.get(gene, 1)), False, tuple(reactions_of[gene]))
    limits = _limits(made, network, wanted, reactions_of)
    index = network.index()
    for reaction, own in cuts.items():
        for cut in own:
            if not cut <= gone:
                _offer_cut(made, index[reaction], cut - gone, limits)
    return refused


def _refusal(gene: str, reactions: list[str], network: Network, options: TargetOptions) -> str:
    if gene in options.exclude:
        return "excluded by the case"
    index = network.index()
    where = set().union(*(subsystems_of(network.subsystems[index[reaction]]) for reaction in reactions))
    if options.subsystems and gene not in options.include and not where.intersection(options.subsystems):
        return "no reaction of it is in the subsystems asked for"
    return ""


def _limits(
    made: Offer, network: Network, wanted: Asked, reactions_of: Mapping[str, list[str]]
) -> dict[str, list[tuple[str, float]]]:
    """The limits that are offered of each gene; one that is forced needs no decision, so it has no name."""
    found: dict[str, list[tuple[str, float]]] = {}
    for name, change in wanted.of(AT_MOST):
        if change.name not in reactions_of or change.name in network.index():
            continue
        if name in wanted.forced:
            made.forced.append((name, REGULATION, wanted.costs[name]))
            found.setdefault(change.name, []).append(("", change.level))
            continue
        made.targets[name] = Wanted(REGULATION, wanted.costs[name], False, tuple(reactions_of[change.name]))
        found.setdefault(change.name, []).append((name, change.level))
    return found


def _offer_cut(made: Offer, reaction: int, cut: CutSet, limits: Mapping[str, Iterable[tuple[str, float]]]) -> None:
    """What each way of removing or limiting all genes of a cut set does to a reaction."""
    ways = []
    for gene in sorted(cut):
        removed = [(gene, 0.0)] if gene in made.targets else []
        ways.append([*removed, *limits.get(gene, ())])
    for way in product(*ways) if all(ways) else ():
        capacity = sum(level for _, level in way)
        needs = [name for name, _ in way if name]
        if needs:
            made.restrict(needs, {reaction: (-capacity, capacity)})
        else:
            made.narrow(reaction, -capacity, capacity)
