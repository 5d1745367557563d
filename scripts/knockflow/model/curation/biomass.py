"""The biomass reaction: which one it is, and what other ones there are."""

from collections.abc import Mapping

from cobra import Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.base.errors import ModelError, nearest
from knockflow.language.products import asked_in, named_in
from knockflow.model.curation.ability import largest
from knockflow.model.curation.names import SAYS_GROWTH
from knockflow.model.curation.network import direction, shape
from knockflow.model.finding import CHANGE, INFO, WARNING, WHOLE_MODEL, Finding, flux, interval, plain

OPEN = 1e-6  # 1/h; a reaction that cannot exceed it counts as closed


def set_biomass(model: Model, case: Mapping) -> tuple[Reaction, list[Reaction], list[Finding]]:
    """Find the biomass reaction and make its flux the model's objective.

    Returns
    -------
    The biomass reaction, all reactions that look like one (with it), and the findings.

    Raises
    ------
    ModelError
        If no reaction, or no single one, can be taken for biomass.
    """
    objective = {reaction: float(value) for reaction, value in linear_reaction_coefficients(model).items() if value}
    others = lookalikes(model)
    biomass, why = choose(model, case, list(objective), others)
    family = list(dict.fromkeys([biomass, *others]))
    findings = [] if not why else [Finding(biomass.id, "biomass", INFO, "", "", why)]
    if not SAYS_GROWTH.search(f"{biomass.id} {biomass.name}") and not case.get("biomass"):
        doubt = "neither id nor name says biomass or growth; if it is not growth, name the right one as biomass"
        findings.append(Finding(biomass.id, "biomass", WARNING, "", "", doubt))
    if biomass.id in named_in(asked_in(case)):
        why = "the product is the biomass reaction, so that designs are rated by growth itself"
        findings.append(Finding(biomass.id, "product", WARNING, interval(biomass.bounds), "", why))
    findings += set_objective(model, biomass, objective)
    return biomass, family, findings


def lookalikes(model: Model) -> list[Reaction]:
    """Reactions whose id or name says biomass or growth; exchanges only if no inner reaction does."""
    named = [reaction for reaction in model.reactions if SAYS_GROWTH.search(f"{reaction.id} {reaction.name}")]
    return [reaction for reaction in named if not reaction.boundary] or named


def choose(model: Model, case: Mapping, objective: list[Reaction], others: list[Reaction]) -> tuple[Reaction, str]:
    """The biomass reaction, and how it was found; no word where the case names it."""
    if case.get("biomass"):
        return model.reactions.get_by_id(case["biomass"]), ""
    # A model that was left with the product as its objective says nothing of growth.
    product = [reaction.id for reaction in objective if reaction.id in named_in(asked_in(case))]
    objective = [reaction for reaction in objective if reaction.id not in product]
    if len(objective) == 1:
        return objective[0], "taken for biomass: the model's objective"
    if len(others) == 1:
        return others[0], "taken for biomass: the only reaction that says biomass or growth"
    key = f"cases.{case['name']}.biomass"
    if others:
        told = "objective is the product" if product and not objective else "model has no single objective"
        raise ModelError(f"{key}: the {told}; choose {', '.join(r.id for r in others)}")
    near = nearest("biomass", [reaction.id for reaction in model.reactions])
    offer = f"; nearest: {', '.join(near)}" if near else ""
    offer += f"; the model's objective: {', '.join(r.id for r in objective)}" if objective else ""
    raise ModelError(
        f"{key}: no biomass reaction found in the model; give the id of the reaction that is growth{offer}"
    )


def set_objective(model: Model, biomass: Reaction, objective: dict[Reaction, float]) -> list[Finding]:
    """Make growth the objective, to be maximized; a change where it was anything else."""
    way = model.objective_direction
    if objective == {biomass: 1.0} and way == "max":
        return []
    before = " + ".join(f"{plain(value)} {reaction.id}" for reaction, value in objective.items())
    model.objective = biomass
    model.objective_direction = "max"
    before = f"{way} {before or '0'}"
    return [
        Finding(WHOLE_MODEL, "objective", CHANGE, before, f"max 1 {biomass.id}", "growth is what the cell maximizes")
    ]


def largest_without(model: Model, other: Reaction, biomass: Reaction) -> float:
    """The largest flux of another biomass reaction while the biomass reaction rests; 0 where it cannot rest."""
    with model:
        biomass.bounds = (0, 0)
        return largest(model, other) or 0.0


def other_biomass(model: Model, biomass: Reaction, family: list[Reaction]) -> list[Finding]:
    """The other biomass reactions: which of them can carry flux, and which are copies."""
    findings = []
    for other in family:
        if other is biomass:
            continue
        most, before = largest(model, other), interval(other.bounds)
        if most is None or most <= OPEN:
            severity, why = INFO, "another biomass reaction; it cannot carry flux in this medium"
        elif (alone := largest_without(model, other, biomass)) <= OPEN:
            severity, why = INFO, f"another biomass reaction; it runs only with {biomass.id}, as one that feeds it does"
        else:
            severity = WARNING
            why = f"another biomass reaction is open (up to {flux(alone)} 1/h), which {biomass.id} does not count"
        findings.append(Finding(other.id, "biomass", severity, before, "", why))
    for first, second in ((a, b) for i, a in enumerate(family) for b in family[i + 1 :]):
        if first.metabolites and shape(first) == shape(second) and direction(first) == direction(second):
            findings.append(
                Finding(first.id, "biomass", WARNING, "", "", f"the same recipe as {second.id}, up to scale")
            )
    return findings
