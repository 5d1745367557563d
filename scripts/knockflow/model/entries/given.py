"""The values of a model that was made in Python, which no reader has settled; those of a file are settled already."""

from cobra import Metabolite, Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.model.entries.values import Values, is_missing
from knockflow.model.finding import Finding


def settle_model(model: Model) -> list[Finding]:
    """Mend what is harmless among a model's values, in place, before any solver sees them.

    Raises
    ------
    ModelError
        With one line for each value that cannot be used.
    """
    values = Values()
    for kind, members in (
        ("metabolite", model.metabolites),
        ("reaction", model.reactions),
        ("gene", model.genes),
    ):
        for number, one in enumerate(members, start=1):
            values.identifier(kind, one.id, number)
            if not isinstance(one.notes, dict) or not all(isinstance(key, str) for key in one.notes):
                one.notes = values.notes(one.id, one.notes)
            if not isinstance(one.name, str) or not one.name.isprintable():
                one.name = values.text(one.id, "name", one.name)
    for metabolite in model.metabolites:
        settle_metabolite(values, metabolite)
    for reaction in model.reactions:
        settle_reaction(values, reaction)
    for reaction, weight in linear_reaction_coefficients(model).items():
        values.objective(reaction.id, weight)
    return values.check()


def settle_metabolite(values: Values, metabolite: Metabolite) -> None:
    """Charge, formula and compartment of a metabolite."""
    # NaN is what COBRApy has for a charge that a MATLAB file does not tell.
    known = not is_missing(metabolite.charge)
    metabolite.charge = values.charge(metabolite.id, metabolite.charge) if known else None
    for key in ("formula", "compartment"):
        given = getattr(metabolite, key)
        if given is not None and not isinstance(given, str):
            setattr(metabolite, key, values.text(metabolite.id, key, given))


def settle_reaction(values: Values, reaction: Reaction) -> None:
    """Coefficients and subsystem of a reaction; that its bounds are numbers."""
    if not isinstance(reaction.subsystem, str):
        reaction.subsystem = values.subsystem(reaction.id, reaction.subsystem)
    for key in ("lower_bound", "upper_bound"):
        values.bound(reaction.id, key, getattr(reaction, key))
    terms = reaction.metabolites
    settled = {one: values.coefficient(reaction.id, one.id, value) for one, value in terms.items()}
    dropped = {one: -value for one, value in terms.items() if value and not settled[one]}
    if dropped and not values.problems:
        reaction.add_metabolites(dropped)
