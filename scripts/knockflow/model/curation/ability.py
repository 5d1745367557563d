"""What the curated model can do: grow in the medium, and make the product at all."""

import math
from collections.abc import Mapping, Sequence

from cobra import Model, Reaction

from knockflow.base.tolerances import reached
from knockflow.language.products import asked_in, named_in
from knockflow.model.common_curation import GROWS, largest_made
from knockflow.model.curation.advice import missing_for_growth, missing_for_product
from knockflow.model.curation.names import exchange_ids
from knockflow.model.curation.organic import feeds_carbon
from knockflow.model.entries.constraints import at_fault as constraints_at_fault
from knockflow.model.finding import INFO, WARNING, WHOLE_MODEL, Finding, first_few, flux, plain

GROWN = 1e-3  # 1/h; the growth that a medium is asked for where the case has no min_growth
MADE = 1e-3  # mmol/gDW/h; the product flux that counts as made where other nutrients are tried
LISTED = 5
OPENING = "; opening "  # how advice on the medium begins


def check_ability(model: Model, case: Mapping, biomass: Reaction, more: bool = False) -> list[Finding]:
    """Largest growth and largest product flux in the case's medium; the model is left as it was.

    `more` says that the model holds all that a design may add: what it lacks even so, no design has.
    """
    all_added = ", with everything added that a design may add" if more else ""
    wanted = float(case.get("min_growth") or 0.0)
    growth = largest(model, biomass)
    if growth is None:
        return [infeasible(model, case, biomass, wanted or GROWN)]
    findings = [
        Finding(biomass.id, "growth", INFO, flux(growth), "", f"largest growth in this medium{all_added} (1/h)")
    ]
    grows = growth >= max(wanted, GROWS) - 1e-9
    if not grows:
        what = "no growth" if growth < GROWS else f"growth {flux(growth)} 1/h"
        asked = f" where min_growth is {plain(wanted)}" if wanted else ""
        more = missing_for_growth(model, case, biomass, wanted or GROWN)
        if wanted and reached(growth):
            lower = f"; lower min_growth to {reached(growth):g} or less"
            more = f"{lower}; or{more[1:]}" if more.startswith(OPENING) else lower + more
        why = f"{starved(model)}{what} in this medium{all_added}{asked}{more}"
        findings.append(Finding(biomass.id, "growth", WARNING, flux(growth), "", why))
    for product in named_in(asked_in(case)):
        findings += check_yield(model, case, product, biomass, wanted if grows else 0.0, all_added)
    return findings


def wild_type(model: Model, biomass: Reaction) -> list[Finding]:
    """Largest growth of a model to which nothing is added."""
    growth = largest(model, biomass)
    if growth is None:
        why = "no flux fits the bounds of the wild type, to which nothing is added"
        return [Finding(WHOLE_MODEL, "growth", WARNING, "infeasible", "", why)]
    why = "largest growth of the wild type, to which nothing is added (1/h)"
    return [Finding(biomass.id, "growth", INFO, flux(growth), "", why)]


def largest(model: Model, reaction: Reaction) -> float | None:
    """The largest flux of a reaction (inf where it has no bound); None where the model has no solution at all."""
    with model:
        model.objective = reaction
        model.objective_direction = "max"
        value = model.slim_optimize()
        if not math.isnan(value):
            return value
        return None if model.solver.status == "infeasible" else math.inf


def infeasible(model: Model, case: Mapping, biomass: Reaction, needed: float) -> Finding:
    """Say that no flux fits the bounds, and which forced fluxes are at fault one by one."""
    at_fault = []
    forced = [reaction for reaction in model.reactions if reaction.lower_bound > 0 or reaction.upper_bound < 0]
    for reaction in forced:
        with model:
            reaction.bounds = (min(reaction.lower_bound, 0), max(reaction.upper_bound, 0))
            if feasible(model):
                at_fault.append(reaction.id)
    more = missing_for_growth(model, case, biomass, needed)
    if more.startswith(OPENING):
        head = (starved(model) or "in this medium ") + "no flux fits the bounds"
        cannot = f"; {' or '.join(at_fault)} must run and cannot" if at_fault else ""
        return Finding(WHOLE_MODEL, "growth", WARNING, "infeasible", "", f"{head}{more}{cannot}")
    why = _whose_fault(model, forced, at_fault)
    return Finding(WHOLE_MODEL, "growth", WARNING, "infeasible", "", f"{why}{more}")


def _whose_fault(model: Model, forced: Sequence[Reaction], at_fault: Sequence[str]) -> str:
    """Why no flux fits the bounds, where it is not for the medium."""
    constraints = constraints_at_fault(model)
    if constraints is not None:
        which = f": {first_few(constraints, LISTED)}" if constraints else ", all together"
        why = f"no flux fits the bounds and the model's own constraints; it would without them{which}"
        return why + (f", or without the forced flux of {' or '.join(at_fault)}" if at_fault else "")
    if at_fault:
        return f"no flux fits the bounds: infeasible unless the forced flux of {' or '.join(at_fault)} is relaxed"
    listed = first_few([reaction.id for reaction in forced], LISTED)
    return f"no flux fits the bounds, and relaxing no single forced flux helps: {listed}"


def starved(model: Model) -> str:
    """That nothing with carbon is taken up, as the beginning of a sentence, if so."""
    taken = [model.reactions.get_by_id(name) for name in exchange_ids(model)]
    taken = [one for one in taken if one.lower_bound < 0]
    known = [feeds_carbon(one) for one in taken]
    return "" if any(feeds is not False for feeds in known) else "no source of organic carbon in this medium: "


def feasible(model: Model) -> bool:
    """Whether any flux fits the model's bounds."""
    model.slim_optimize()
    return model.solver.status != "infeasible"


def check_yield(
    model: Model, case: Mapping, name: str, biomass: Reaction, wanted: float, all_added: str
) -> list[Finding]:
    """The largest product flux without growth; where there is none, or none at `wanted` growth, what is missing."""
    product = model.reactions.get_by_id(name)
    value = largest(model, product)
    if value is not None and value <= GROWS:
        why = f"{product.id} cannot be made in this medium, even without growth{all_added}"
        why += missing_for_product(model, case, product, MADE)
        return [Finding(product.id, "product", WARNING, flux(value), "", why)]
    findings = [largest_made(product.id, value, all_added)]
    with model:
        biomass.lower_bound = max(biomass.lower_bound, wanted)
        growing = largest(model, product)
        if growing is not None and growing <= GROWS:
            why = f"{product.id} cannot be made by a cell that grows at min_growth ({plain(wanted)} 1/h){all_added}"
            why += missing_for_product(model, case, product, MADE)
            findings.append(Finding(product.id, "product", WARNING, flux(growing), "", why))
    return findings
