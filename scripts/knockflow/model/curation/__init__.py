"""Curation of a metabolic model for one case: checks, repairs, and a line for each of them."""

from collections.abc import Mapping
from pathlib import Path

from cobra import Model

from knockflow.language.ids import translated
from knockflow.model.curation.ability import check_ability, wild_type
from knockflow.model.curation.balance import check_balance
from knockflow.model.curation.biomass import other_biomass, set_biomass
from knockflow.model.curation.endless import clip_bounds
from knockflow.model.curation.enzyme_pool import named_enzymes
from knockflow.model.curation.heterologous import add_heterologous
from knockflow.model.curation.knock_ins import close, exclude, loosen, read_additions, reopen
from knockflow.model.curation.medium import find_substrate, name_substrate, set_case, turn_back
from knockflow.model.curation.names import check_names
from knockflow.model.curation.network import check_network
from knockflow.model.curation.pseudo_genes import mark_pseudo_genes
from knockflow.model.entries.bounds import check_bounds, forced_fluxes
from knockflow.model.entries.constraints import check_constraints
from knockflow.model.entries.genes import check_gene_links, unused_genes
from knockflow.model.entries.given import settle_model
from knockflow.model.entries.ids import known_to, settle_ids, settled_ids
from knockflow.model.finding import Finding

__all__ = ["Finding", "curate", "find_substrate"]


def curate(model: Model, case: Mapping, cache: str | Path = "resources/models") -> list[Finding]:
    """Check a model, mend what can be mended without guessing, and apply a case to it.

    Parameters
    ----------
    model : cobra.Model
        Edited in place: bounds, the product's exchange, heterologous reactions, the medium and the objective. No
        reaction is removed; what is there only if a design adds it is closed.
    case : mapping
        `name`, `product`, and optionally `heterologous`, `medium` (largest uptake by exchange, mmol/gDW/h),
        `min_growth` (1/h), `biomass`, `substrate`, `cell_objective`, `targets` and `repair`. Without `repair`, endless
        bounds are only reported and no exchange is added. Paths of files count from the working directory.
    cache : path
        Folder of models from BiGG, for heterologous reactions from one.

    Returns
    -------
    list of Finding
        Every change and every finding, always in the same order.

    Raises
    ------
    ConfigError
        If the case names what the model does not have: one line per problem.
    ModelError
        If a value is no number that a solver takes, bounds make no sense or are too wide to compute with, a constraint
        cannot be kept, or no reaction can be taken for biomass.
    """
    targets = case.get("targets") or {}
    findings = settle_model(model)
    findings += reopen(model)
    settle_ids(model, targets)
    own = frozenset(reaction.id for reaction in model.reactions)
    findings += check_constraints(model)
    findings += add_heterologous(model, case, Path(cache))
    settle_ids(model, targets)
    findings += settled_ids(model)
    findings += mark_pseudo_genes(model, targets)
    case = translated(case, known_to(model, targets))
    check_names(model, case)
    findings += check_bounds(model)
    findings += set_case(model, case)
    biomass, family, found = set_biomass(model, case)
    findings += found
    findings += clip_bounds(model, case, biomass)
    findings += name_substrate(model, case)
    findings += other_biomass(model, biomass, family)
    findings += forced_fluxes(model)
    findings += exclude(model, case, biomass)
    targets = case.get("targets") or {}
    more = bool(read_additions(model, targets))
    with model:
        more |= loosen(model, targets)
        findings += check_ability(model, case, biomass, more)
    findings += named_enzymes(model) + check_balance(model, family)
    findings += check_network(model, family)
    findings += close(model, case, biomass, own)
    findings += wild_type(model, biomass) if more else []
    findings += check_gene_links(model, targets)
    return turn_back(model, case, findings) + unused_genes(model)
