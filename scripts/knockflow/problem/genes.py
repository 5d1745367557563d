"""Genes as targets: which sets of them switch a reaction off, and which limit it, by its gene-protein-reaction rule.

A reaction is off once all genes of one of its minimal cut sets are gone. Where these are too many, its rule stays what
it is (`knockflow.problem.rule_rows`). A gene's limit caps what its
enzyme carries: a reaction carries at most, over its cut sets, the least sum of what their genes still give. A gene
that is there only if added counts as gone while it is left out.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod

from knockflow.language.kinds import KNOCK_OUT, REGULATION
from knockflow.language.notation import AT_MOST
from knockflow.model import gene_cuts
from knockflow.model.gene_cuts import factored, few_cut_sets
from knockflow.model.gpr import GeneCutSet, GeneRule, active, genes, lacking, without
from knockflow.model.network import Network, subsystems_of
from knockflow.problem.offer import GeneLimit, NamedInterventions, Offer, OfferedTarget
from knockflow.problem.targets import TargetOptions

PSEUDO = "a pseudo-gene: it stands for what needs no gene, or for one that is not known (curation.tsv)"


def offer_genes(
    made: Offer,
    network: Network,
    cuts: Mapping[str, list[GeneCutSet]],
    options: TargetOptions,
    named: NamedInterventions,
    gone: frozenset[str],
    large: Mapping[str, GeneRule] | None = None,
) -> dict[str, str]:
    """Add genes to what is offered; why the others are no targets, by gene.

    `gone` are the genes that every design knocks out, `large` the rules of reactions that have no list of cut sets.
    """
    large = large or {}
    reactions_of: dict[str, list[str]] = {}
    concerned = [(reaction, set().union(*own)) for reaction, own in cuts.items()]
    for reaction, own in [*concerned, *((reaction, genes(rule)) for reaction, rule in large.items())]:
        for gene in sorted(own):
            reactions_of.setdefault(gene, []).append(reaction)
    refused = dict.fromkeys(sorted(network.pseudo_genes), PSEUDO)
    for gene in sorted(reactions_of):
        why = _refusal(gene, reactions_of[gene], network, options)
        if gene in network.absent_genes or gene in gone:
            continue
        if why:
            refused[gene] = why
        else:
            made.targets[gene] = OfferedTarget(
                KNOCK_OUT, float(options.costs.get(gene, 1)), False, tuple(reactions_of[gene])
            )
    limits = _limits(made, network, named, reactions_of)
    index = network.index()
    for reaction, own in cuts.items():
        for cut in own:
            if not cut <= gone:
                _offer_cut(made, index[reaction], cut - gone, limits)
    for reaction, rule in large.items():
        _offer_large(made, index[reaction], rule, limits, gone)
    return refused


def _offer_large(
    made: Offer, reaction: int, rule: GeneRule, limits: Mapping[str, Iterable[GeneLimit]], gone: frozenset[str]
) -> None:
    """What removing and limiting genes does to a reaction, without genes that every design lacks or has."""
    ways = {gene: _ways(made, gene, limits) for gene in sorted(genes(rule))}
    made.ways.update(ways)
    never = gone.union(gene for gene, own in ways.items() if GeneLimit("", 0.0) in own)
    left = lacking(rule, never)
    if left is not False:
        _offer_rule(made, reaction, without(left, [gene for gene, own in ways.items() if not own]), limits)


def _offer_rule(made: Offer, reaction: int, rule: GeneRule, limits: Mapping[str, Iterable[GeneLimit]]) -> None:
    """What can be said by cut sets of the parts that are all needed, and the other parts as they are."""
    rule = factored(rule)
    if rule is None:
        return
    for part in rule[1] if rule[0] == "and" else (rule,):
        cuts = few_cut_sets(part)
        if cuts is not None and sum(prod(len(made.ways[gene]) for gene in cut) for cut in cuts) <= gene_cuts.FEW:
            for cut in cuts:
                _offer_cut(made, reaction, cut, limits)
            continue
        alone = [gene for gene in sorted(genes(part)) if not active(part, {gene})]
        for gene in alone:
            _offer_cut(made, reaction, frozenset([gene]), limits)
        if alone:
            _offer_rule(made, reaction, without(part, alone), limits)
        else:
            made.structures.append((reaction, part))


def _refusal(gene: str, reactions: list[str], network: Network, options: TargetOptions) -> str:
    if gene in options.exclude:
        return "excluded by the case"
    index = network.index()
    where = set().union(*(subsystems_of(network.subsystems[index[reaction]]) for reaction in reactions))
    if options.subsystems and gene not in options.include and not where.intersection(options.subsystems):
        return "no reaction of it is in the subsystems asked for"
    return ""


def _limits(
    made: Offer, network: Network, named: NamedInterventions, reactions_of: Mapping[str, list[str]]
) -> dict[str, list[GeneLimit]]:
    """The limits that are offered of each gene; one that is forced needs no decision, so it has no name."""
    found: dict[str, list[GeneLimit]] = {}
    for name, change in named.of(AT_MOST):
        if change.name not in reactions_of or change.name in network.index():
            continue
        if name in named.forced:
            made.forced.append((name, REGULATION, named.costs[name]))
            found.setdefault(change.name, []).append(GeneLimit("", change.level))
            continue
        made.targets[name] = OfferedTarget(REGULATION, named.costs[name], False, tuple(reactions_of[change.name]))
        found.setdefault(change.name, []).append(GeneLimit(name, change.level))
    return found


def _ways(made: Offer, gene: str, limits: Mapping[str, Iterable[GeneLimit]]) -> list[GeneLimit]:
    """The ways of removing or limiting a gene."""
    return [*([GeneLimit(gene, 0.0)] if gene in made.targets else []), *limits.get(gene, ())]


def _offer_cut(made: Offer, reaction: int, cut: GeneCutSet, limits: Mapping[str, Iterable[GeneLimit]]) -> None:
    """What each way of removing or limiting all genes of a cut set does to a reaction."""
    ways = [_ways(made, gene, limits) for gene in sorted(cut)]
    for way in product(*ways) if all(ways) else ():
        capacity = sum(one.level for one in way)
        needs = [one.name for one in way if one.name]
        if needs:
            made.restrict(needs, {reaction: (-capacity, capacity)})
        else:
            made.narrow(reaction, -capacity, capacity)
