"""Mass and charge balance of the reactions inside the cell."""

import math
import warnings
from collections import defaultdict

from cobra import Metabolite, Model, Reaction

from knockflow.language.ids import is_protein
from knockflow.model.finding import INFO, WARNING, WHOLE_MODEL, Finding, count, plain

TOLERANCE = 1e-6  # atoms or charges per turnover


def check_balance(model: Model, biomass: list[Reaction]) -> list[Finding]:
    """Unbalanced reactions, one line each, and the metabolites that keep others from being checked.

    Exchanges, sinks and demands create matter by design. Biomass reactions are recipes scaled to 1 gDW; their
    balance says nothing.
    """
    elements = {metabolite: composition(metabolite) for metabolite in model.metabolites}
    charges = {metabolite: charge(metabolite) for metabolite in model.metabolites}
    findings = [
        Finding(
            reaction.id, "balance", INFO, "", "", "not checked: a biomass reaction is scaled to 1 gDW, not balanced"
        )
        for reaction in biomass
        if not reaction.boundary
    ]
    inside = [reaction for reaction in model.reactions if not reaction.boundary and reaction not in biomass]
    for reaction in inside:
        excess = imbalance(reaction, elements) | imbalance(reaction, charges)
        if excess:
            text = ", ".join(f"{name} {'+' if amount > 0 else ''}{plain(amount)}" for name, amount in excess.items())
            findings.append(Finding(reaction.id, "balance", WARNING, text, "", "products minus substrates is not 0"))
    return findings + unknown(inside, elements, "formula", "mass") + unknown(inside, charges, "charge", "charge")


def composition(metabolite: Metabolite) -> dict[str, float] | None:
    """Atoms by element, none of what stands for an enzyme; None where the formula is missing or cannot be read."""
    if not metabolite.formula and is_protein(metabolite.id):
        return {}
    if not metabolite.formula:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return metabolite.elements or None


def charge(metabolite: Metabolite) -> dict[str, float] | None:
    """The charge as one more element, none of what stands for an enzyme; None where it is missing."""
    value = metabolite.charge
    if value is None or math.isnan(value):
        return {} if not metabolite.formula and is_protein(metabolite.id) else None
    return {"charge": value}


def imbalance(reaction: Reaction, contents: dict[Metabolite, dict[str, float] | None]) -> dict[str, float]:
    """What the reaction makes of each element; empty where it is balanced or cannot be checked."""
    total: dict[str, float] = defaultdict(float)
    for metabolite, coefficient in reaction.metabolites.items():
        content = contents[metabolite]
        if content is None:
            return {}
        for element, amount in content.items():
            total[element] += coefficient * amount
    return {element: total[element] for element in sorted(total) if abs(total[element]) > TOLERANCE}


def unknown(inside: list[Reaction], contents: dict, attribute: str, quantity: str) -> list[Finding]:
    """One line that lists all metabolites without a usable formula or charge."""
    lacking = sorted(metabolite.id for metabolite, content in contents.items() if content is None)
    if not lacking:
        return []
    unchecked = sum(any(contents[metabolite] is None for metabolite in reaction.metabolites) for reaction in inside)
    have = "has" if len(lacking) == 1 else "have"
    were = "was" if unchecked == 1 else "were"
    why = (
        f"{count(len(lacking), 'metabolite')} {have} no usable {attribute}: "
        f"{count(unchecked, 'reaction')} {were} not checked for {quantity}"
    )
    return [Finding(WHOLE_MODEL, attribute, INFO, ";".join(lacking), "", why)]
