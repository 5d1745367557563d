"""What the curated model can do: grow in the medium, and make the product at all."""

import math
from collections.abc import Mapping

from cobra import Model, Reaction

from knockflow.curation.constraints import at_fault as constraints_at_fault
from knockflow.curation.finding import INFO, WARNING, WHOLE_MODEL, Finding, first_few, flux, plain
from knockflow.curation.names import exchange_ids

GROWS = 1e-6  # 1/h; below it there is no growth
OFFERED = 10.0  # mmol/gDW/h; the uptake with which closed exchanges are tried
TRIED = 3000  # reactions; larger models take too long to try every closed exchange
LISTED = 5


def check_ability(model: Model, case: Mapping, biomass: Reaction, more: bool = False) -> list[Finding]:
    """Largest growth and largest product flux in the case's medium; the model is left as it was.

    `more` says that the model holds all that a design may add: what it lacks even so, no design has.
    """
    all_added = ", with everything added that a design may add" if more else ""
    wanted = float(case.get("min_growth") or 0.0)
    growth = largest(model, biomass)
    if growth is None:
        return [infeasible(model, biomass, max(wanted, GROWS))]
    findings = [
        Finding(biomass.id, "growth", INFO, flux(growth), "", f"largest growth in this medium{all_added} (1/h)")
    ]
    needed = max(wanted, GROWS)
    if growth < needed - 1e-9:
        what = "no growth" if growth < GROWS else f"growth {flux(growth)} 1/h"
        asked = f" where min_growth is {plain(wanted)}" if wanted else ""
        why = f"{what} in this medium{all_added}{asked}{what_is_missing(model, biomass, needed)}"
        findings.append(Finding(biomass.id, "growth", WARNING, flux(growth), "", why))
    return findings if case.get("product") is None else findings + check_yield(model, case["product"], all_added)


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


def infeasible(model: Model, biomass: Reaction, needed: float) -> Finding:
    """Say that no flux fits the bounds, and which forced fluxes are at fault one by one."""
    at_fault = []
    forced = [reaction for reaction in model.reactions if reaction.lower_bound > 0 or reaction.upper_bound < 0]
    for reaction in forced:
        with model:
            reaction.bounds = (min(reaction.lower_bound, 0), max(reaction.upper_bound, 0))
            if feasible(model):
                at_fault.append(reaction.id)
    if at_fault:
        why = f"no flux fits the bounds: infeasible unless the forced flux of {' or '.join(at_fault)} is relaxed"
    elif (constraints := constraints_at_fault(model)) is not None:
        which = f": {first_few(constraints, LISTED)}" if constraints else ", all together"
        why = f"no flux fits the bounds and the model's own constraints; it would without them{which}"
    else:
        listed = first_few([reaction.id for reaction in forced], LISTED)
        why = f"no flux fits the bounds, and relaxing no single forced flux helps: {listed}"
    why += what_is_missing(model, biomass, needed)
    return Finding(WHOLE_MODEL, "growth", WARNING, "infeasible", "", why)


def feasible(model: Model) -> bool:
    """Whether any flux fits the model's bounds."""
    model.slim_optimize()
    return model.solver.status != "infeasible"


def what_is_missing(model: Model, biomass: Reaction, needed: float) -> str:
    """Which closed uptakes bring growth to `needed` (1/h) when opened, as the end of a sentence."""
    closed = [name for name in exchange_ids(model) if model.reactions.get_by_id(name).lower_bound >= 0]
    if not closed or not grows_with(model, biomass, closed, needed):
        return "; opening every exchange does not bring it back, so the medium is not the reason"
    if len(model.reactions) >= TRIED:
        return "; with every exchange open it would grow"
    helping = [name for name in closed if grows_with(model, biomass, [name], needed)]
    if not helping:
        return "; no single exchange brings it back, several together do"
    return f"; an uptake of {plain(OFFERED)} through one of these brings it back: {first_few(helping, LISTED)}"


def grows_with(model: Model, biomass: Reaction, opened: list[str], needed: float) -> bool:
    """Whether growth reaches `needed` (1/h) once the exchanges `opened` take up."""
    with model:
        for name in opened:
            model.reactions.get_by_id(name).lower_bound = -OFFERED
        growth = largest(model, biomass)
        return growth is not None and growth >= needed - 1e-9


def check_yield(model: Model, product: str, all_added: str = "") -> list[Finding]:
    """The largest product flux, growth or no growth."""
    value = largest(model, model.reactions.get_by_id(product))
    if value is None or value > GROWS:
        shown = "" if value is None else flux(value)
        why = f"largest product flux without growth{all_added} (mmol/gDW/h)"
        return [Finding(product, "product", INFO, shown, "", why)]
    why = f"cannot be made from this medium, even without growth{all_added}"
    return [Finding(product, "product", WARNING, flux(value), "", why)]
