"""What COBRApy finds of each response, by a table of its own: nothing of the search's responses is used here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import numpy as np
from cobra import Model, Reaction
from cobra.flux_analysis.parsimonious import add_pfba
from optlang.symbolics import Zero

from knockflow.base.tolerances import GROWTH_FLOOR
from knockflow.formulations.formulation import Formulation, Response
from knockflow.layers.in_strain import is_flux, weight
from knockflow.model.constrained_model import ends
from knockflow.model.question import Question
from knockflow.validation.optimum import best, branched, flux_of
from knockflow.validation.reevaluation import (
    evaluate,
    has_price,
    hold_priced_rows,
    least_yield,
    maximum,
    most_yield,
    product_range,
    raise_growth,
    responding,
)

SECOND = "second_product"
"""What is found of the second product in strict order."""

Numbers = dict[str, float | None]
Yields = Callable[[Model, Question], Numbers]
Measure = Callable[[Model, Question, float], Numbers]
"""What is found of a model, a question and the largest growth (1/h)."""


def of_response(model: Model, question: Question, wanted: Formulation, fastest: float | None = None) -> Numbers:
    """What depends on the formulation's own response; `fastest` is the largest growth (1/h), where it is known.

    Returns
    -------
    dict
        The least yield over the response (mol/mol; None without uptake); of a pfba response the product range at least
        total flux (mmol/gDW/h); of `optcouple` the growth lost (1/h); in strict order what counts of the second product
        (mmol/gDW/h).
    """
    if not question.made:
        return {"yield_min_mol_per_mol": None}
    fastest = maximum(model, question.biomass) if fastest is None else fastest
    if np.isnan(fastest):
        return {"yield_min_mol_per_mol": None}
    found = NUMBERS[wanted.response](model, question, fastest)
    return found | second(model, question, wanted, fastest) if question.then and wanted.measured else found


def second(model: Model, question: Question, wanted: Formulation, fastest: float) -> Numbers:
    """What a formulation's value would be of the second product alone, over the same response."""
    alone = question.each[question.then]
    found = evaluate(model, alone, fastest) | of_response(model, alone, wanted, fastest)
    return {SECOND: found.get(wanted.measured)}


def yields(model: Model, question: Question) -> Numbers:
    """The least yield of a model as it is constrained."""
    return {"yield_min_mol_per_mol": least_yield(model, question)}


def both_yields(model: Model, question: Question) -> Numbers:
    """The most yield, too, where it is the value."""
    return yields(model, question) | {"yield_max_mol_per_mol": most_yield(model, question)}


def at_largest_growth(model: Model, question: Question, fastest: float, told: Yields = yields) -> Numbers:
    """Least yield of the growth response; product ranges are those of every design."""
    with responding(model, question, fastest):
        return told(model, question)


def at_min_growth(model: Model, question: Question, fastest: float, told: Yields = yields) -> Numbers:
    """Least yield of all states that grow at min_growth."""
    with model:
        raise_growth(model, question, question.min_growth)
        return told(model, question)


def with_growth_lost(model: Model, question: Question, fastest: float) -> Numbers:
    """The growth response's least yield, and the growth that the product is worth."""
    return at_largest_growth(model, question, fastest) | {"growth_lost_per_h": growth_lost(model, question, fastest)}


def growth_lost(model: Model, question: Question, fastest: float) -> float:
    """How much faster the cell grows than it could without the product (1/h); all of it if no such state exists.

    The growth-coupling potential of OptCouple (Jensen et al. 2019, doi:10.1016/j.mec.2019.e00087).
    """
    with model:
        # a'v = 0
        model.add_cons_vars([model.problem.Constraint(flux_of(model, question.made), lb=0, ub=0)])
        without = maximum(model, question.biomass)
    return fastest if np.isnan(without) else fastest - without


def at_least_total_flux(model: Model, question: Question, fastest: float, told: Yields = yields) -> Numbers:
    """Product range (mmol/gDW/h) and least yield (mol/mol) of the growth response's states of least total flux.

    Parsimonious FBA: c'v at its maximum, then sum |v_i| at its minimum (Lewis et al. 2010, doi:10.1038/msb.2010.47).
    """
    with responding(model, question, fastest):
        # c'v at its maximum, then sum |v_i| <= its minimum
        if branched(model):
            _minimize_total_flux(model)
        else:
            add_pfba(model)
            _weigh(model)
            with model:
                _hold_least_total_flux(model)
                found = _of_held_states(model, question, told)
            if not np.isnan(found["product_max_at_least_total_flux_mmol_per_gdw_h"]):
                return found
        total = best(model)
        least_total = model.problem.Constraint(model.objective.expression, ub=total / GROWTH_FLOOR, name="least_total")
        model.add_cons_vars(least_total)
        return _of_held_states(model, question, told)


def _of_held_states(model: Model, question: Question, told: Yields) -> Numbers:
    least, most = product_range(model, question)
    return {
        "product_min_at_least_total_flux_mmol_per_gdw_h": least,
        "product_max_at_least_total_flux_mmol_per_gdw_h": most,
    } | told(model, question)


def _hold_least_total_flux(model: Model) -> None:
    """Fix each direction of a reaction that has a price where it stands: that leaves the states of least total flux.

    A ceiling of the total, with the slack that it needs, would let a cell of large fluxes take up what it does not use.
    """
    model.slim_optimize()
    kept = [
        (reaction, _where_it_stands(reaction.forward_variable), _where_it_stands(reaction.reverse_variable))
        for reaction in model.reactions
    ]
    hold_priced_rows(model)
    for reaction, forward, reverse in kept:
        reaction.bounds = forward[0] - reverse[1], forward[1] - reverse[0]


def _where_it_stands(variable) -> tuple[float, float]:
    """A variable's range, of which a price leaves the end where it is."""
    if not has_price(variable):
        return ends(variable)
    end = min(ends(variable), key=lambda end: abs(end - variable.primal))
    return end, end


def _minimize_total_flux(model: Model) -> None:
    """Minimize sum |v_i| where the response is held already; COBRApy's own asks for one polytope."""
    model.objective = model.problem.Objective(Zero, direction="min")
    model.objective.set_linear_coefficients(dict.fromkeys(_parts(filter(is_flux, model.reactions)), 1.0))


def _weigh(model: Model) -> None:
    """Count in a total flux what is a flux, by the share of its part; what is none is left out."""
    weights = {part: weight(one) for one in model.reactions if weight(one) != 1 for part in _parts([one])}
    if weights:
        model.objective.set_linear_coefficients(weights)


def _parts(reactions: Iterable[Reaction]) -> Iterator:
    return (part for reaction in reactions for part in (reaction.forward_variable, reaction.reverse_variable))


NUMBERS: Mapping[Response | None, Measure] = {
    Response.GROWTH: at_largest_growth,
    Response.PFBA: at_least_total_flux,
    Response.VIABLE: at_min_growth,
    Response.COUPLING: with_growth_lost,
    Response.GROWTH_YIELD: partial(at_largest_growth, told=both_yields),
    Response.VIABLE_YIELD: partial(at_min_growth, told=both_yields),
    Response.PFBA_YIELD: partial(at_least_total_flux, told=both_yields),
    None: at_largest_growth,
}
"""What is found of each response; without one, of minimal cut sets, what the growth response has."""
