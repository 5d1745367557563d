"""What reaction energies rule out, on a COBRApy model; nothing of the search is used here."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cobra import Model

from knockflow.layers.in_strain import add_to_strains, let_vary, of_strains, set_strains, undone
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.assemble import limits_of, potentials_of
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.directions import DGP0, TABLE, shifted
from knockflow.layers.thermodynamics.potentials import Potentials
from knockflow.layers.thermodynamics.states import ConcentrationsInStrain
from knockflow.model.notes import KNOCK_IN_NOTE, Bounds, open_bounds, write_bounds_when_added


def rebuild(model: Model, given: Given) -> None:
    """Apply the directions of a case's table to a curated model, or give its strains what concentrations decide."""
    rows = TABLE.read(given.table)
    bounds = {reaction.id: open_bounds(reaction) for reaction in model.reactions}
    if given.options["mode"] == "directions":
        apply_directions(model, rows)
        let_vary(model, DGP0, partial(_with_directions, rows, bounds))
        return
    of_rows = partial(
        potentials_of,
        conditions=read_conditions(given.case["conditions"]),
        limits=limits_of(given.options),
        bounds=bounds,
    )
    own = ConcentrationsInStrain(of_rows(rows))
    add_to_strains(model, own)
    let_vary(model, DGP0, partial(_with_energies, own, lambda shifts: of_rows(shifted(rows, shifts))))


def _with_energies(
    own: ConcentrationsInStrain,
    potentials: Callable[[Mapping[str, float]], Potentials],
    model: Model,
    shifts: Mapping[str, float],
) -> None:
    """Put what other energies decide in the place of what the layer says of strains."""
    before = of_strains(model)
    undone(model, partial(set_strains, model, before))
    set_strains(model, [ConcentrationsInStrain(potentials(shifts)) if one is own else one for one in before])


def _with_directions(
    rows: Sequence[Mapping[str, str]], bounds: Mapping[str, Bounds], model: Model, shifts: Mapping[str, float]
) -> None:
    """Set the bounds of reactions with other energies, from those that the model has without any."""
    for row in shifted(rows, shifts):
        if row["reaction"] in shifts:
            model.reactions.get_by_id(row["reaction"]).bounds = _directed(row, *bounds[row["reaction"]])


def apply_directions(model: Model, rows: Sequence[Mapping[str, str]]) -> None:
    """Close the directions that the table rules out, reaction by reaction, apart from the search's own way.

    A direction that would leave a reaction nothing of what the model allows is not applied. Of a reaction that must be
    added, the bounds that it then has are narrowed.
    """
    for row in rows:
        reaction = model.reactions.get_by_id(row["reaction"])
        lower, upper = _directed(row, *open_bounds(reaction))
        if KNOCK_IN_NOTE in reaction.notes:
            write_bounds_when_added(reaction, (lower, upper))
        else:
            reaction.bounds = lower, upper


def _directed(row: Mapping[str, str], lower: float, upper: float) -> Bounds:
    """The bounds that a row leaves of some."""
    if row["direction"] == "forward" and upper > 0:
        return max(lower, 0.0), upper
    return (lower, min(upper, 0.0)) if row["direction"] == "reverse" and lower < 0 else (lower, upper)
