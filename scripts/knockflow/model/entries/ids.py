"""Ids that mean something to the notation, a solver or COBRApy's rules, and ids that a gene and a reaction share."""

import ast
from collections.abc import Mapping

from cobra import Model

from knockflow.base.errors import ModelError
from knockflow.language.ids import REACTION, Known, gene_id, gene_name, own_gene, own_reaction, quoted
from knockflow.model.finding import CHANGE, Finding

QUOTED = (
    "the id has characters that mean something in the notation or to the solver: files quote them; a configuration may "
    "name it either way, in the notation with its own id in quotation marks"
)
ESCAPED = (
    "the id has characters that mean something in COBRApy's gene rules: in model.json it stands so, in all other files "
    "and in a configuration as the model has it"
)
SHARED = (
    "a gene has the same id, and genes are the targets: in interventions and targets the id names the gene, and this "
    "name the reaction"
)


def known_to(model: Model, targets: Mapping | None = None) -> Known:
    """What a COBRApy model has; its genes by their names, with their ids in the model."""
    genes = {gene.id: gene.id for gene in model.genes} | {gene_name(gene.id): gene.id for gene in model.genes}
    return Known(model.reactions, genes, (targets or {}).get("level") == "genes")


def settle_ids(model: Model, targets: Mapping | None = None) -> None:
    """Quote the ids of reactions, escape those of genes, and keep apart a gene and a reaction of one id.

    Raises
    ------
    ModelError
        If two ids cannot be told apart so.
    """
    escape_genes(model)
    by_genes = (targets or {}).get("level") == "genes"
    genes = {gene_name(gene.id) for gene in model.genes}
    for reaction in list(model.reactions):
        bare = quoted(reaction.id.removeprefix(REACTION))
        # An earlier curation may have had genes as targets.
        shared = bare in genes and (by_genes or reaction.id.startswith(REACTION))
        new = REACTION + bare if shared and by_genes else bare if shared else quoted(reaction.id)
        if new != reaction.id:
            _free(new, model.reactions, reaction.id)
            reaction.id = new


def settled_ids(model: Model) -> list[Finding]:
    """A line for each id that is another in the files."""
    genes = {gene_name(gene.id) for gene in model.genes}
    return [*_reactions(model, genes), *_metabolites(model), *_genes(model)]


def escape_genes(model: Model) -> None:
    """Give every gene an id that COBRApy can read in a rule."""
    new = {gene.id: gene_id(gene.id) for gene in model.genes if gene_id(gene.id) != gene.id}
    if not new:
        return
    for gene in list(model.genes):
        if gene.id in new:
            _free(new[gene.id], model.genes, gene.id)
    for reaction in model.reactions:
        if reaction.gpr.body is None or not any(gene.id in new for gene in reaction.genes):
            continue
        for node in ast.walk(reaction.gpr.body):
            if isinstance(node, ast.Name):
                node.id = new.get(node.id, node.id)
        reaction.gpr.update_genes()
    for gene in list(model.genes):
        if gene.id in new:
            gene.id = new[gene.id]


def _free(new: str, taken, old: str) -> None:
    if new in taken:
        raise ModelError(f"`{old}` would have to be called `{new}`, which the model has, too; rename one of them")


def _reactions(model: Model, genes: set[str]) -> list[Finding]:
    found = []
    for reaction in model.reactions:
        own = own_reaction(reaction.id)
        if own != reaction.id:
            shared = reaction.id.startswith(REACTION) and quoted(own) in genes
            found.append(Finding(reaction.id, "id", CHANGE, own, reaction.id, SHARED if shared else QUOTED))
    return found


def _metabolites(model: Model) -> list[Finding]:
    changed = [(one.id, own_reaction(one.id)) for one in model.metabolites if own_reaction(one.id) != one.id]
    return [Finding(name, "id", CHANGE, own, name, QUOTED) for name, own in changed]


def _genes(model: Model) -> list[Finding]:
    changed = [(own_gene(gene.id), gene.id) for gene in sorted(model.genes, key=lambda gene: gene.id)]
    return [Finding(own, "id", CHANGE, own, name, ESCAPED) for own, name in changed if own != name]
