"""The constraints of a model of its own on a COBRApy model; nothing of the search is used here.

While a model is curated or a design evaluated they are constraints of COBRApy's solver, so that they hold in all that
COBRApy solves, in copies and in contexts. COBRApy writes none of them: model.json has them as a note
(`knockflow.model.constraints`), from which they are set up again.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import swiglpk as glp
from cobra import Metabolite, Model, Reaction
from optlang import glpk_interface
from optlang.symbolics import Zero

from knockflow.base.errors import FileError, ModelError
from knockflow.model.constraints import Constraint, from_text, wrong
from knockflow.model.from_mapping import model_from
from knockflow.model.notes import CONSTRAINTS_NOTE, note, open_bounds

MOST_LETTERS = 200
"""Of a constraint's id; GLPK stops the program at names of more than 255."""


def read_curated(path: str | Path) -> Model:
    """A curated model with all its constraints.

    Raises
    ------
    FileError
        If the note of constraints is not as `curate` writes it.
    """
    model = model_from(json.loads(Path(path).read_text(encoding="utf-8")))
    try:
        constrain(model)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    return model


def constrain(model: Model) -> None:
    """Set up the constraints of the model's note that are not there yet.

    Raises
    ------
    FileError
        If the note is not as `curate` writes it.
    """
    text = note(model, CONSTRAINTS_NOTE)
    if not text:
        return
    noted = from_text(text, [r.id for r in model.reactions], [m.id for m in model.metabolites])
    there = {constraint.name for constraint in _live(model)}
    add(model, [one for one in noted if (one.metabolite or one.id) not in there])


def add(model: Model, constraints: Iterable[Constraint]) -> None:
    """Add constraints: row_l <= sum a_j v_j <= row_u (mmol/gDW/h); of a metabolite, set the bounds of its balance."""
    constraints = list(constraints)
    for one in constraints:
        if one.metabolite:
            set_ends(model.constraints[one.metabolite], one.lower, one.upper)
    own = [one for one in constraints if not one.metabolite]
    rows = [model.problem.Constraint(Zero, lb=_end(one.lower), ub=_end(one.upper), name=one.id) for one in own]
    model.add_cons_vars(rows, sloppy=True)
    model.solver.update()
    for one, row in zip(own, rows, strict=True):
        terms = {}
        for name, value in one.coefficients.items():
            reaction = model.reactions.get_by_id(name)
            terms |= {reaction.forward_variable: value, reaction.reverse_variable: -value}
        row.set_linear_coefficients(terms)


def set_ends(row, lower: float, upper: float) -> None:
    """Set both bounds of a solver's constraint, in an order in which they never cross."""
    row.lb = None
    row.ub = _end(upper)
    row.lb = _end(lower)


def _end(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None


def ends(row) -> tuple[float, float]:
    """The bounds of a solver's constraint or variable, infinite where it has none."""
    return -np.inf if row.lb is None else float(row.lb), np.inf if row.ub is None else float(row.ub)


def _live(model: Model) -> Iterator:
    """The solver's constraints that are not the steady state of a metabolite."""
    return (row for row in model.constraints if row.name not in model.metabolites or ends(row) != (0.0, 0.0))


def constraints_of(model: Model) -> list[Constraint]:
    """All linear constraints of a model besides its steady state, in the solver's order.

    Raises
    ------
    ModelError
        With one line for each that is no linear function of net fluxes.
    """
    directions = {}
    found, problems = [], []
    for row in _live(model):
        lower, upper = ends(row)
        if row.name in model.metabolites:
            found.append(Constraint(row.name, lower, upper, metabolite=row.name))
            continue
        directions = directions or _directions(model)
        try:
            one = Constraint(row.name, lower, upper, _net(row, directions))
            if problem := wrong(one):
                raise ModelError(problem)
            found.append(one)
        except ModelError as error:
            problems.append(str(error))
    if problems:
        raise ModelError("\n".join(problems))
    return found


def _directions(model: Model) -> dict[str, tuple[Reaction, bool]]:
    """By name of a solver's variable: the reaction, and whether it is the forward flux."""
    forward = {reaction.id: (reaction, True) for reaction in model.reactions}
    return forward | {reaction.reverse_id: (reaction, False) for reaction in model.reactions}


def _net(row, directions: Mapping[str, tuple[Reaction, bool]]) -> dict[str, float]:
    """A constraint's coefficients by reaction."""
    if getattr(row, "indicator_variable", None) is not None:
        raise ModelError(f"constraint `{row.name}` depends on a variable that switches it: such a form cannot be kept")
    parts: dict[Reaction, list[float]] = {}
    for variable, value in _terms(row):
        if variable not in directions:
            raise ModelError(f"constraint `{row.name}` holds a variable that is no flux, `{variable}`: not kept")
        reaction, forward = directions[variable]
        parts.setdefault(reaction, [0.0, 0.0])[0 if forward else 1] += value
    net = {reaction: _coefficient(row.name, reaction, *both) for reaction, both in parts.items()}
    return {reaction.id: net[reaction] for reaction in sorted(net, key=lambda one: one.id) if net[reaction]}


def _terms(row) -> list[tuple[str, float]]:
    """A constraint's coefficients, by name of a solver's variable.

    GLPK tells them at once. Other solvers are asked for an expression, which takes seconds for the rows of a genome.
    """
    if isinstance(row, glpk_interface.Constraint):
        row.problem.update()
        program = row.problem.problem
        number = glp.glp_find_row(program, row.name)
        count = glp.glp_get_mat_row(program, number, None, None)
        columns, values = glp.intArray(count + 1), glp.doubleArray(count + 1)
        glp.glp_get_mat_row(program, number, columns, values)
        return [(glp.glp_get_col_name(program, columns[k]), values[k]) for k in range(1, count + 1)]
    if not row.is_Linear:
        raise ModelError(f"constraint `{row.name}` is not linear: only linear constraints on fluxes can be kept")
    return [(one.name, float(value)) for one, value in row.get_linear_coefficients(row.variables).items()]


def _coefficient(name: str, reaction: Reaction, forward: float, backward: float) -> float:
    """The coefficient of a net flux, from those of its two directions."""
    lower, upper = open_bounds(reaction)
    if forward == -backward or lower >= 0:
        return forward
    if upper <= 0:
        return -backward
    raise ModelError(
        f"constraint `{name}` weighs the two directions of {reaction.id} apart ({forward:g} and {backward:g}), which "
        "is no linear function of its flux: split the reaction, or limit it to one direction"
    )


def turned(reaction: Reaction) -> None:
    """Make the constraints speak of a reaction that has been rewritten the other way round."""
    model = reaction.model
    both = [reaction.forward_variable, reaction.reverse_variable]
    for row in model.constraints:
        if row.name in model.metabolites:
            continue
        found = row.get_linear_coefficients(both)
        if any(found.values()):
            row.set_linear_coefficients({both[0]: found[both[1]], both[1]: found[both[0]]})


def as_reactions(model: Model) -> list[str]:
    """Write a model's constraints as stoichiometry, for formats and tools that have no others; what was done, by line.

    Each becomes a metabolite that its reactions make by their coefficients, and that a reaction of its own takes away
    within the bounds; of a balance that is not 0, the metabolite itself is taken away.
    """
    kept = constraints_of(model)
    home = next(iter(sorted(filter(None, model.compartments))), "c")
    told = []
    for one in kept:
        row = model.constraints[one.id]
        if one.metabolite:
            set_ends(row, 0.0, 0.0)
            carrier = model.metabolites.get_by_id(one.metabolite)
        else:
            model.remove_cons_vars([row])
            carrier = Metabolite(_free(f"constraint_{one.id}", model.metabolites), compartment=home)
            carrier.name = f"constraint {one.id}"
            model.add_metabolites([carrier])
            for name, value in one.coefficients.items():
                model.reactions.get_by_id(name).add_metabolites({carrier: value})
        slack = Reaction(_free(f"SLACK_{one.id}", model.reactions), f"slack of constraint {one.id}")
        slack.bounds = one.lower, one.upper
        model.add_reactions([slack])
        slack.add_metabolites({carrier: -1.0})
        told.append(f"{slack.id}: {one}")
    return told


def _free(name: str, known) -> str:
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    return tidy_id(plain, [item.id for item in known])


def tidy_id(name: str, known: Iterable[str]) -> str:
    """An id that the solver takes and that is not taken yet."""
    plain = re.sub(r"[\s\x00-\x1f\x7f]+", "_", name.strip())[:MOST_LETTERS] or "constraint"
    taken, number, found = set(known), 1, plain
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    return found
