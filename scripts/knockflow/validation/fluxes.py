"""The fluxes of strains in the state that their guarantee is about, with COBRApy."""

from collections.abc import Sequence

from cobra import Model

from knockflow.designs.claims import Claims
from knockflow.layers.in_strain import as_each, copies, is_flux
from knockflow.model.question import Question
from knockflow.validation.guarantee import guarantee
from knockflow.validation.strain import changed

WILD_TYPE = "wild type"

CARRIES = 5e-7
"""mmol/gDW/h from which the table's six decimals show a flux."""


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
        mmol/gDW/h (of biomass 1/h) by reaction, in several parts, such as zones, their mean by shares; empty without a
        product, or where the strain does not grow at min_growth.

    Raises
    ------
    FileError
        If an intervention names nothing in the model.
    """
    if question.biomass is None or not question.made:
        return {}
    variants = as_each(model)
    try:
        next(variants)
        found = guarantee(model, question, interventions)
        if found is None:
            return {}
        with changed(model, interventions) as strain:
            return {
                reaction.id: sum(share * found.fluxes[copy.id] for copy, share in copies(strain, reaction.id))
                for reaction in model.reactions
                if is_flux(reaction)
            }
    finally:
        variants.close()


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
        if abs(flux) >= CARRIES
    ]


def _once(known: dict, model: Model, question: Question, interventions: str) -> dict[str, float]:
    """Formulations often have the same best design."""
    if interventions not in known:
        known[interventions] = fluxes_of(model, question, interventions)
    return known[interventions]
