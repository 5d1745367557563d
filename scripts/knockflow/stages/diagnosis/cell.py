"""What keeps the curated model from growing or from making the product: bounds in conflict, exchanges, metabolites."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from cobra import Model, Reaction

from knockflow.base.tolerances import FEASIBILITY
from knockflow.model.curation.ability import GROWN, MADE, feasible, largest
from knockflow.model.curation.advice import openable
from knockflow.model.curation.openings import smallest_openings
from knockflow.stages.diagnosis.irreducible import irreducible

WIDE = 999.0
"""mmol/gDW/h from which a bound stands for none."""

FREE = 1e4
"""mmol/gDW/h that no bound keeps a reaction from, once it is relaxed."""

PRICE = 1e-9
"""What a price is more than; FREE at this price is well below what counts as made."""

MOST_ROOTS = 60
"""Metabolites up to which it is asked which of them the others can be made of."""


def conflict(model: Model) -> list[str] | None:
    """An irreducible part of the bounds and constraints that no flux fits; None where some flux fits all.

    Each is written as an inequality of fluxes in mmol/gDW/h. Balances, and the directions of reactions inside the
    cell, are always kept; bounds of WIDE and more stand for none.
    """
    soft = {**_bounds(model), **_constraints(model)}

    def bad(some: Sequence[str]) -> bool:
        kept = set(some)
        with _relaxed(model, [soft[name] for name in soft if name not in kept]):
            return not feasible(model)

    return irreducible(list(soft), bad)


def openings(model: Model, reaction: Reaction, needed: float, medium: Mapping) -> list[dict[str, float]]:
    """The smallest sets of exchanges that let a reaction reach a flux, each with how far beyond its bounds."""
    found = smallest_openings(model, reaction.id, needed, openable(model, reaction, medium))
    return [{name: round(amount, 6) for name, amount in found.amounts[one].items()} for one in found.sets]


def unbalanced(model: Model, product: Reaction) -> dict[str, list[str]]:
    """The metabolites of which a supply, or a drain, lets the product be made; those nearest to the gap.

    `supply` leaves out what can be made of another one in the list; `drain` likewise what can be turned into another.
    """
    found, priced = {}, _priced(model, product)
    for what in ("supply", "drain"):
        able = [name for name in priced if _with(model, name, what, product, MADE)]
        found[what] = [name for name in able if len(able) > MOST_ROOTS or not _follows(model, name, able, what)]
    return found


def growth_of(model: Model, biomass: Reaction) -> float | None:
    """The largest growth (1/h); None where no flux fits the bounds."""
    value = largest(model, biomass)
    return None if value is None else round(value, 6)


def needed_growth(min_growth: float) -> float:
    """The growth (1/h) that a medium is asked for."""
    return min_growth or GROWN


def _bounds(model: Model) -> dict[str, tuple[str, str]]:
    """The bounds that may be at fault, as (reaction, side)."""
    found = {}
    for reaction in model.reactions:
        lower, upper = reaction.bounds
        for side, value, sign in (("lower_bound", lower, ">="), ("upper_bound", upper, "<=")):
            inside = value == 0 and not reaction.boundary and (lower, upper) != (0, 0)
            if abs(value) < WIDE and not inside:
                found[f"{reaction.id} {sign} {value:g}"] = reaction.id, side
    return found


def _constraints(model: Model) -> dict[str, tuple[str, str]]:
    """The model's own constraints, as (name, "")."""
    balances = {one.id for one in model.metabolites}
    return {f"constraint {one.name}": (one.name, "") for one in model.constraints if one.name not in balances}


@contextmanager
def _relaxed(model: Model, gone: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Within it some bounds and constraints do not hold."""
    with model:
        for name, side in gone:
            if side:
                setattr(model.reactions.get_by_id(name), side, -FREE if side == "lower_bound" else FREE)
        own = [model.constraints[name] for name, side in gone if not side]
        ends = [(one.lb, one.ub) for one in own]
        for one in own:
            one.lb, one.ub = None, None
        try:
            yield
        finally:
            for one, (lower, upper) in zip(own, ends, strict=True):
                one.lb, one.ub = lower, upper


def _priced(model: Model, product: Reaction) -> list[str]:
    """The metabolites whose balance has a price at the product's optimum; all where there is no optimum.

    Where a balance has none, the same prices prove the same optimum without it (weak duality).
    """
    with model:
        value = largest(model, product)
        prices = {one.id: model.constraints[one.id].dual for one in model.metabolites} if _known(value) else {}
    return [one.id for one in model.metabolites if abs(prices.get(one.id, 1.0)) > PRICE]


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _with(model: Model, metabolite: str, what: str, product: Reaction | None, needed: float) -> bool:
    """Whether the product can be made, or where there is none any flux fits, while a metabolite is not balanced."""
    balance = model.constraints[metabolite]
    before = balance.lb, balance.ub
    balance.lb, balance.ub = (-FREE, before[1]) if what == "supply" else (before[0], FREE)
    try:
        value = largest(model, product)
    finally:
        # Never above: an upper end below the lower one is refused.
        balance.lb = None
        balance.ub = before[1]
        balance.lb = before[0]
    return value is not None and value >= needed - FEASIBILITY


def _follows(model: Model, name: str, able: Sequence[str], what: str) -> bool:
    """Whether a metabolite comes of another one of the list, which does not come of it or stands before it."""
    place = able.index(name)
    for other in able:
        if other == name:
            continue
        forth, back = ((other, name), (name, other)) if what == "supply" else ((name, other), (other, name))
        if _leads(model, *forth) and (able.index(other) < place or not _leads(model, *back)):
            return True
    return False


def _leads(model: Model, given: str, wanted: str) -> bool:
    """Whether a supply of one metabolite lets another one be drained."""
    with model:
        drain = Reaction("knockflow_drain", lower_bound=0, upper_bound=FREE)
        model.add_reactions([drain])
        drain.add_metabolites({model.metabolites.get_by_id(wanted): -1})
        return _with(model, given, "supply", drain, MADE)
