"""Which of many reactions carry flux in a strain, by as few linear programs as will do."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from cobra import Model, Reaction
from optlang.interface import INFEASIBLE
from optlang.symbolics import Zero

from knockflow.base.tolerances import BLOCKED_FLUX
from knockflow.layers.in_strain import as_each, copies
from knockflow.validation.strain import Changes, changed

CLOSED = (0.0, 0.0)

CLEAR_FLUX = 1e-6
"""mmol/gDW/h from which a flux that is seen with others counts; a smaller one is maximized by itself."""

LITTLE = 1e-3
"""mmol/gDW/h that reactions run at most while it is seen which of many carry flux."""

SEED = 1
"""Of the weights by which fluxes are summed up."""


def carrying(model: Model, design: str | Changes, names: Iterable[str], first: bool = False) -> list[str]:
    """Those of some reactions that carry flux in some state of a strain; with `first` one of them at most.

    What layers leave to fluxes counts as open, and what is not proven to carry nothing as carrying.
    """
    names = list(names)
    if not names:
        return []
    found = set().union(*(_carrying(model, design, names, first) for _ in as_each(model)))
    return [name for name in names if name in found][: 1 if first else None]


def _carrying(model: Model, design: str | Changes, names: Iterable[str], first: bool) -> set[str]:
    """All of them that carry flux; with `first` some, if any does."""
    found: set[str] = set()
    with changed(model, design) as strain:
        own = {copy.id: name for name in names for copy, _ in copies(strain, name)}
        waiting = [reaction for reaction in map(strain.reactions.get_by_id, own) if reaction.bounds != CLOSED]
        with strain:
            strain.objective = strain.problem.Objective(Zero, sloppy=True)
            while waiting and not (first and found):
                seen, unclear = _some(strain, waiting)
                if not (seen or unclear):
                    break
                found |= seen.union(*(_carries(strain, strain.reactions.get_by_id(name)) for name in sorted(unclear)))
                waiting = [reaction for reaction in waiting if reaction.id not in seen | unclear]
    return {own[name] for name in found}


def _some(model: Model, reactions: Sequence[Reaction]) -> tuple[set[str], set[str]]:
    """Some of several reactions that carry flux, and others that may; none of both only where none does.

    Where they run little each, many can run at once, whatever they share; that is tried first.
    """
    with model:
        for reaction in reactions:
            lower, upper = reaction.bounds
            if lower <= 0 <= upper:
                reaction.bounds = max(lower, -LITTLE), min(upper, LITTLE)
        found, _ = _in_a_sum(model, reactions)
    return (found, set()) if found else _in_a_sum(model, reactions)


def _in_a_sum(model: Model, reactions: Sequence[Reaction]) -> tuple[set[str], set[str]]:
    """Reactions that carry flux, or may, in the states where a sum of all, by random weights, is most and least.

    Weighted at random, fluxes do not cancel out in every state: a sum that is always 0 is one of reactions of which
    none carries flux. All may where the solver leaves it open.
    """
    random = np.random.default_rng(SEED)
    weights = random.choice([-1.0, 1.0], len(reactions)) * random.uniform(1.0, 2.0, len(reactions))
    found: set[str] = set()
    unclear: set[str] = set()
    for sign in (1.0, -1.0):
        if np.isnan(_largest(model, dict(zip(reactions, sign * weights, strict=True)))):
            return set(), set() if model.solver.status == INFEASIBLE else {reaction.id for reaction in reactions}
        fluxes = {reaction.id: abs(reaction.flux) for reaction in reactions}
        found |= {name for name, flux in fluxes.items() if flux > CLEAR_FLUX}
        unclear |= {name for name, flux in fluxes.items() if flux > BLOCKED_FLUX}
    return (found, set()) if found else (found, unclear)


def _largest(model: Model, weights: Mapping[Reaction, float]) -> float:
    """The largest sum of fluxes; nan where it is not found. The model's objective is empty, and is again afterwards.

    A new objective for each sum would take longer than its program.
    """
    ways = [(one.forward_variable, one.reverse_variable, weight) for one, weight in weights.items()]
    model.objective.set_linear_coefficients(
        {way: sign * weight for *both, weight in ways for way, sign in zip(both, (1.0, -1.0), strict=True)}
    )
    model.objective.direction = "max"
    try:
        return model.slim_optimize(error_value=np.nan)
    finally:
        model.objective.set_linear_coefficients({way: 0.0 for *both, _ in ways for way in both})


def _carries(model: Model, reaction: Reaction) -> set[str]:
    """A reaction if it carries flux, or is not proven to carry none; nothing otherwise."""
    for sign in (1.0, -1.0):
        value = _largest(model, {reaction: sign})
        if value > BLOCKED_FLUX or (np.isnan(value) and model.solver.status != INFEASIBLE):
            return {reaction.id}
    return set()
