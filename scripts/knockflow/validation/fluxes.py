"""The fluxes of strains in the state that their guarantee is about, with COBRApy."""

from collections.abc import Sequence

import numpy as np
from cobra import Model

from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.claims import Claims
from knockflow.layers.in_strain import as_each, is_flux
from knockflow.model.question import Question
from knockflow.validation.optimum import SLACK, best, flux_of, solved
from knockflow.validation.reevaluation import responding
from knockflow.validation.responses import minimize_total_flux
from knockflow.validation.strain import changed

WILD_TYPE = "wild type"


def fluxes_of(model: Model, question: Question, interventions: str) -> dict[str, float]:
    """Fluxes of a design where it makes least: at largest growth, of these at least product, of these at least flux.

    Parameters
    ----------
    model
        The curated model with its layers, which is left as it was; of several variants the first counts.
    question
        What the case asks.
    interventions
        The design as tables write it, `-ACALD;-PYK`; empty for the wild type.

    Returns
    -------
    dict
        mmol/gDW/h (of biomass 1/h) by reaction; empty where no state exists. Fluxes within tolerances of 0 are 0.

    Raises
    ------
    FileError
        If an intervention names nothing in the model.
    """
    if question.biomass is None:
        return {}
    variants = as_each(model)
    try:
        next(variants)
        with changed(model, interventions), responding(model, question):
            if question.made:
                _hold_least_product(model, question)
            minimize_total_flux(model)
            reactions = [one for one in model.reactions if is_flux(one)]
            total, found = solved(model, reactions)
    finally:
        variants.close()
    if np.isnan(total):
        return {}
    return {
        reaction.id: flux if abs(flux) > 10 * FEASIBILITY else 0.0
        for reaction, flux in zip(reactions, found, strict=True)
    }


def _hold_least_product(model: Model, question: Question) -> None:
    """Leave only the states with the least product, but for the solver's tolerance."""
    product = flux_of(model, question.made)
    model.objective = model.problem.Objective(product, direction="min")
    least = best(model)
    # a'v <= its minimum
    if not np.isnan(least):
        model.add_cons_vars([model.problem.Constraint(product, ub=least + SLACK * max(1.0, abs(least)))])


def fluxes(model: Model, question: Question, claims: Sequence[Claims]) -> list[dict]:
    """The rows of fluxes.tsv: the wild type, then the best design of each formulation; only reactions that run."""
    strains = [(WILD_TYPE, 0, "")]
    strains += [(claim.formulation, row["rank"], row["interventions"]) for claim in claims for row in claim.rows[:1]]
    known: dict[str, dict[str, float]] = {}
    return [
        {
            "formulation": name,
            "rank": rank,
            "interventions": interventions,
            "reaction": reaction,
            "flux_mmol_per_gdw_h": flux,
        }
        for name, rank, interventions in strains
        for reaction, flux in _once(known, model, question, interventions).items()
        if flux
    ]


def _once(known: dict, model: Model, question: Question, interventions: str) -> dict[str, float]:
    """Formulations often have the same best design."""
    if interventions not in known:
        known[interventions] = fluxes_of(model, question, interventions)
    return known[interventions]
