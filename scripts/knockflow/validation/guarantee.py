"""What a strain guarantees, as COBRApy has it, a state of least total flux that makes no more, and what it needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np
from cobra import Model

from knockflow.base.tolerances import FEASIBILITY
from knockflow.layers.in_designs import Guarantee, Use, Weights
from knockflow.layers.in_strain import SLACK, weight
from knockflow.model.question import Question
from knockflow.validation.optimum import best, flux_of, solved
from knockflow.validation.reevaluation import goal_of, maximum, responding
from knockflow.validation.strain import changed


def guarantee(model: Model, question: Question, interventions: str) -> Guarantee | None:
    """The least product of a strain's growth response, and of the states with no more, one of least total flux.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    interventions
        As tables write them.

    Returns
    -------
    Guarantee or None
        None where the strain does not grow at min_growth.

    Raises
    ------
    SolverError
        If layers leave so many states that no optimum is settled.
    """
    with _least_product(model, question, interventions) as (strain, growth, least):
        if growth is None:
            return None
        # min sum of |v_j| = v_j+ + v_j-
        both = ((one, half) for one in strain.reactions for half in (one.forward_variable, one.reverse_variable))
        halves = {half: weight(one) for one, half in both}
        _minimize(strain, halves)
        total, fluxes = solved(strain, strain.reactions)
        # COBRApy reads an objective before it is taken back, as an expression: that of all fluxes takes a second.
        strain.objective.set_linear_coefficients(dict.fromkeys(halves, 0.0))
    if np.isnan(total):
        return None
    return Guarantee(growth, least, dict(zip((one.id for one in strain.reactions), fluxes, strict=True)))


def use(model: Model, question: Question, interventions: str, weights: Weights) -> Use | None:
    """How little a strain needs of  sum w_j v_j, where it guarantees its product and where it makes as much.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    interventions
        As tables write them.
    weights
        Of a model's reactions, by id; the sum is in their unit times mmol/gDW/h.

    Returns
    -------
    Use or None
        None where the strain does not grow at min_growth.
    """
    with _least_product(model, question, interventions) as (strain, growth, least):
        if growth is None:
            return None
        _minimize(strain, _terms(strain, weights))
        weighed = list(weights(strain))
        growing, fluxes = solved(strain, [strain.reactions.get_by_id(name) for name in weighed])
    with changed(model, interventions) as strain:
        # v_p >= its least value, up to the solver's tolerance
        floor = least - SLACK * max(1.0, abs(least))
        strain.add_cons_vars([strain.problem.Constraint(_made(strain, question), lb=floor)])
        _minimize(strain, _terms(strain, weights))
        return Use(growth, least, growing, best(strain), dict(zip(weighed, fluxes, strict=True)))


@contextmanager
def _least_product(
    model: Model, question: Question, interventions: str
) -> Iterator[tuple[Model, float | None, float | None]]:
    """A strain with the states of its growth response with the least product; its growth, if it grows, and that."""
    with changed(model, interventions) as strain:
        growth = maximum(strain, question.biomass)
        if not growth >= question.min_growth - FEASIBILITY:
            yield strain, None, None
            return
        with responding(strain, question):
            strain.objective = goal_of(strain, question)
            strain.objective_direction = "min"
            least = best(strain)
            # v_p <= its least value, up to the solver's tolerance
            _limit(strain, question, least + SLACK * max(1.0, abs(least)))
            yield strain, growth, least


def _terms(strain: Model, weights: Weights) -> dict:
    """A weighted sum of fluxes over the solver's variables."""
    terms = {}
    for name, value in weights(strain).items():
        reaction = strain.reactions.get_by_id(name)
        terms |= {reaction.forward_variable: value, reaction.reverse_variable: -value}
    return terms


def _minimize(model: Model, terms: Mapping) -> None:
    """Minimize a sum over the solver's variables."""
    model.objective = model.problem.Objective(0, direction="min")
    model.objective.set_linear_coefficients(terms)


def _made(model: Model, question: Question):
    """What the strain makes, as the solver's expression."""
    return (
        flux_of(model, question.made)
        if question.weights
        else model.reactions.get_by_id(question.product).flux_expression
    )


def _limit(model: Model, question: Question, most: float) -> None:
    """Demand no more product; of one reaction by its bound."""
    if question.weights:
        model.add_cons_vars([model.problem.Constraint(flux_of(model, question.made), ub=most)])
    else:
        product = model.reactions.get_by_id(question.product)
        product.upper_bound = max(product.lower_bound, most)


def using(question: Question):
    """`use` with what a case asks."""
    return lambda model, interventions, weights: use(model, question, interventions, weights)


def guaranteeing(question: Question):
    """`guarantee` with what a case asks."""
    return partial(_asked, question)


def _asked(question: Question, model: Model, interventions: str) -> Guarantee | None:
    return guarantee(model, question, interventions)
