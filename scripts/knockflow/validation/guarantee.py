"""What a strain guarantees, as COBRApy has it, and the state of least total flux that makes no more."""

from functools import partial

import numpy as np
from cobra import Model

from knockflow.base.tolerances import FEASIBILITY
from knockflow.layers.in_designs import Guarantee
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
    with changed(model, interventions) as strain:
        growth = maximum(strain, question.biomass)
        if not growth >= question.min_growth - FEASIBILITY:
            return None
        with responding(strain, question):
            strain.objective = goal_of(strain, question)
            strain.objective_direction = "min"
            least = best(strain)
            # v_p <= its least value, up to the solver's tolerance
            _limit(strain, question, least + SLACK * max(1.0, abs(least)))
            # min sum of |v_j| = v_j+ + v_j-
            strain.objective = strain.problem.Objective(0, direction="min")
            halves = {
                half: weight(one) for one in strain.reactions for half in (one.forward_variable, one.reverse_variable)
            }
            strain.objective.set_linear_coefficients(halves)
            total, fluxes = solved(strain, strain.reactions)
    if np.isnan(total):
        return None
    return Guarantee(growth, least, dict(zip((one.id for one in strain.reactions), fluxes, strict=True)))


def _limit(model: Model, question: Question, most: float) -> None:
    """Demand no more product; of one reaction by its bound."""
    if question.weights:
        model.add_cons_vars([model.problem.Constraint(flux_of(model, question.made), ub=most)])
    else:
        product = model.reactions.get_by_id(question.product)
        product.upper_bound = max(product.lower_bound, most)


def guaranteeing(question: Question):
    """`guarantee` with what a case asks."""
    return partial(_asked, question)


def _asked(question: Question, model: Model, interventions: str) -> Guarantee | None:
    return guarantee(model, question, interventions)
