"""What reaction energies rule out, on a COBRApy model; nothing of the search is used here."""

from collections.abc import Mapping, Sequence

from cobra import Model

from knockflow.layers.in_strain import add_to_strains
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.assemble import limits_of, potentials_of
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.directions import TABLE
from knockflow.layers.thermodynamics.states import ConcentrationsInStrain
from knockflow.model.notes import KNOCK_IN_NOTE, open_bounds, write_bounds_when_added


def rebuild(model: Model, given: Given) -> None:
    """Apply the directions of a case's table to a curated model, or give its strains what concentrations decide."""
    rows = TABLE.read(given.table)
    if given.options["mode"] == "directions":
        apply_directions(model, rows)
        return
    bounds = {reaction.id: open_bounds(reaction) for reaction in model.reactions}
    potentials = potentials_of(rows, read_conditions(given.case["conditions"]), limits_of(given.options), bounds)
    add_to_strains(model, ConcentrationsInStrain(potentials))


def apply_directions(model: Model, rows: Sequence[Mapping[str, str]]) -> None:
    """Close the directions that the table rules out, reaction by reaction, apart from the search's own way.

    A direction that would leave a reaction nothing of what the model allows is not applied. Of a reaction that must be
    added, the bounds that it then has are narrowed.
    """
    for row in rows:
        reaction = model.reactions.get_by_id(row["reaction"])
        lower, upper = open_bounds(reaction)
        if row["direction"] == "forward" and upper > 0:
            lower = max(lower, 0.0)
        elif row["direction"] == "reverse" and lower < 0:
            upper = min(upper, 0.0)
        if KNOCK_IN_NOTE in reaction.notes:
            write_bounds_when_added(reaction, (lower, upper))
        else:
            reaction.bounds = lower, upper
