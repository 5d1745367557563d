"""What COBRApy says of a model with a design applied; nothing of the search is used here.

The growth response is the set of states with growth >= GROWTH_FLOOR of the maximum, with tight tolerances; where
the cell has an objective of its own, that objective stands for growth there.
Coupling classes (Alter & Ebert 2019, doi:10.1186/s12859-019-2946-7), from weak to strong:
- `potential`: some state of maximal growth makes the product;
- `weak`: every state of maximal growth does;
- `directional`: inf v_p / v_b > 0 over all states that grow;
- `substrate-uptake`: inf v_p / uptake > 0 over all states that take up the substrate.
"""

from collections.abc import Mapping
from contextlib import contextmanager

import numpy as np
from cobra import Model, Reaction

from knockflow.base.errors import ModelError
from knockflow.base.tolerances import FEASIBILITY, GROWTH_FLOOR, REDUCED_COST
from knockflow.language.ids import Known
from knockflow.language.products import Product
from knockflow.layers.in_strain import copies, has_parts
from knockflow.model.constrained_model import constraints_of, ends
from knockflow.model.notes import SUBSTRATE_NOTE, note
from knockflow.model.question import Question
from knockflow.validation.direct import extreme
from knockflow.validation.optimum import best, branched, hold_best, least_ratio, least_ratio_of_states

OUT_OF_REACH = 1e-6
"""1/h above the largest growth from where surely no state grows."""

PRODUCES = 1e-6
"""mmol/gDW/h, or its ratio to growth or uptake, from which a product counts as made."""


def question_of(
    model: Model,
    product: Product,
    min_growth: float | None,
    cell_objective: Mapping[str, float] | None = None,
) -> Question:
    """The question of a case, with the biomass and the substrate that `curate` has left in the model.

    Parameters
    ----------
    model
        The curated model.
    product
        As the configuration has it; None where only minimal cut sets are asked for.
    min_growth
        1/h; None counts as 0.
    cell_objective
        What the cell maximizes, as coefficients by reaction; empty or None for growth.

    Raises
    ------
    ModelError
        If the model's objective is not one reaction, the biomass.
    """
    biomass = [reaction.id for reaction in model.reactions if reaction.objective_coefficient]
    if len(biomass) > 1 or (product and not biomass):
        raise ModelError(f"the curated model has {len(biomass)} reactions in its objective, not one")
    substrate = note(model, SUBSTRATE_NOTE)
    grows = biomass[0] if biomass else None
    return Question.named(Known(model.reactions), product, substrate, min_growth or 0.0, cell_objective or {}, grows)


def prepare(model: Model) -> None:
    """Tight tolerances, as the search has them."""
    model.tolerance = FEASIBILITY


def evaluate(model: Model, question: Question, fastest: float | None = None) -> dict[str, float | str]:
    """Growth, product ranges and coupling of a model as it stands, as far as the case asks.

    `fastest` is its largest growth (1/h), where it is known.

    Returns
    -------
    dict
        By column of validation.tsv: growth in 1/h; the least and the most product (mmol/gDW/h) over the growth
        response, and over the states that grow at least 99 %, 90 % of the maximum and min_growth; the coupling class.
        A number is nan where no state exists. Only growth without a product, nothing without a biomass reaction.

    Raises
    ------
    SolverError
        If layers leave so many states that no optimum is settled.
    """
    if question.biomass is None:
        return {}
    fastest = maximum(model, question.biomass) if fastest is None else fastest
    if not question.made:
        return {"growth_per_h": fastest}
    floors = {
        "_at_99_percent_growth": 0.99 * fastest,
        "_at_90_percent_growth": 0.9 * fastest,
        "_at_min_growth": question.min_growth,
    }
    with responding(model, question, fastest):
        growth = maximum(model, question.biomass) if question.cell_objective else fastest
        ranges = {"": product_range(model, question)}
    standing = {0.0: ranges[""]} if 0 <= fastest <= FEASIBILITY and not question.cell_objective else {}
    ranges |= _ranges_above(model, question, fastest, floors, standing)
    found: dict[str, float | str] = {"growth_per_h": growth}
    for suffix, (least, most) in ranges.items():
        found[f"product_min{suffix}_mmol_per_gdw_h"] = least
        found[f"product_max{suffix}_mmol_per_gdw_h"] = most
    found["coupling"] = coupling(model, question, found)
    return found


def _ranges_above(
    model: Model, question: Question, fastest: float, floors: Mapping[str, float], known: Mapping[float, tuple]
) -> dict[str, tuple[float, float]]:
    """Product ranges of the states that grow at some rates; no program tells what no state reaches, or is known."""
    lower, upper = model.reactions.get_by_id(question.biomass).bounds
    found = dict(known)
    for floor in floors.values():
        if np.isnan(fastest) or (min(floor, upper) > fastest + OUT_OF_REACH and not branched(model)):
            found[floor] = np.nan, np.nan
        elif abs(floor) <= FEASIBILITY and lower >= 0:
            found[floor] = found.get(0.0) or product_range(model, question, 0.0)
            found[0.0] = found[floor]
        elif floor not in found:
            found[floor] = product_range(model, question, floor)
    return {suffix: found[floor] for suffix, floor in floors.items()}


@contextmanager
def responding(model: Model, question: Question, fastest: float | None = None):
    """The model with the states of its growth response only, and as it was afterwards.

    The cell's objective is within 1 - GROWTH_FLOOR of its maximum. An objective of its own is held by the prices of an
    optimum (complementary slackness), exactly; and so is the growth of several parts, of which one can lose next to
    nothing for much product of another. `fastest` is the largest growth, where it is known.
    """
    with model:
        if not (question.cell_objective or has_parts(model)):
            largest = maximum(model, question.biomass) if fastest is None else fastest
            # No more than 1e-8 below the largest: more would let a cell that grows fast take up what it does not use.
            least = largest - (1 - GROWTH_FLOOR) * min(1.0, abs(largest))
            # What is not told from no growth is none, or a floor of 1e-15 could be missed.
            raise_growth(model, question, 0.0 if abs(largest) <= FEASIBILITY else least)
            yield
            return
        model.objective = {
            copy: share * coefficient
            for reaction, coefficient in (question.cell_objective or {question.biomass: 1.0}).items()
            for copy, share in copies(model, reaction)
        }
        largest = best(model)
        if np.isnan(largest):
            raise_growth(model, question, largest)
        elif branched(model):
            hold_best(model)
        else:
            hold_optimum(model)
        yield


def hold_optimum(model: Model) -> None:
    """Fix all reactions and constraints with a price at the bound where they stand: that leaves the optimal states.

    A floor of the objective, with the slack that a floor needs, would hide a small tilt altogether.
    """
    optimum = model.optimize()
    hold_priced_rows(model)
    for reaction in model.reactions:
        if abs(optimum.reduced_costs[reaction.id]) > REDUCED_COST:
            flux = optimum.fluxes[reaction.id]
            bound = min(reaction.bounds, key=lambda end: abs(end - flux))
            reaction.bounds = bound, bound


def hold_priced_rows(model: Model) -> None:
    """Fix each constraint of the model's own that has a price where it stands."""
    rows = [model.constraints[one.id] for one in constraints_of(model)]
    priced = [(row, min(ends(row), key=lambda end: abs(end - row.primal))) for row in rows if has_price(row)]
    model.add_cons_vars([model.problem.Constraint(row.expression, lb=bound, ub=bound) for row, bound in priced])


def has_price(item) -> bool:
    """Whether a variable or constraint has a price at the last optimum."""
    return abs(item.dual) > REDUCED_COST


def maximum(model: Model, reaction: str) -> float:
    """Largest flux of a reaction (mmol/gDW/h, of biomass 1/h); nan where no state exists."""
    wanted = model.reactions.get_by_id(reaction)
    found = extreme(model, {wanted: 1.0}, "max")
    if found is not None:
        return found[0]
    with model:
        model.objective = wanted
        return best(model)


def product_range(model: Model, question: Question, growth: float = -np.inf) -> tuple[float, float]:
    """Least and largest product (mmol/gDW/h) of the states with v_b >= growth (1/h); nan where there is none."""
    with model:
        raise_growth(model, question, growth)
        goal = goal_of(model, question)
        found = [extreme(model, goal, direction) for direction in ("min", "max")]
        if None not in found:
            return found[0][0], found[1][0]
        model.objective = goal
        ends = []
        for direction in ("min", "max"):
            model.objective_direction = direction
            ends.append(best(model))
    return ends[0], ends[1]


def goal_of(model: Model, question: Question) -> dict[Reaction, float]:
    """What counts as product, as an objective."""
    return {model.reactions.get_by_id(name): weight for name, weight in question.made.items()}


def raise_growth(model: Model, question: Question, growth: float) -> None:
    """Demand v_b >= growth."""
    biomass = model.reactions.get_by_id(question.biomass)
    biomass.lower_bound = max(biomass.lower_bound, min(growth, biomass.upper_bound))


def least_yield(model: Model, question: Question) -> float | None:
    """Least product per substrate (mol/mol) of a model as it is constrained; None if it takes up none."""
    if question.substrate is None:
        return None
    return least_ratio_of_states(model, question.made, question.substrate, _uptake(model, question), PRODUCES)


def most_yield(model: Model, question: Question) -> float | None:
    """Most product per substrate (mol/mol) of a model as it is constrained; None if it takes up none."""
    if question.substrate is None:
        return None
    against = {name: -weight for name, weight in question.made.items()}
    least = least_ratio_of_states(model, against, question.substrate, _uptake(model, question), PRODUCES)
    return None if least is None else -least


def _uptake(model: Model, question: Question) -> float:
    """The sign of the substrate's flux where it is taken up: exchanges are written outwards, or as uptake."""
    return (
        1.0
        if all(factor > 0 for factor in model.reactions.get_by_id(question.substrate).metabolites.values())
        else -1.0
    )


def coupling(model: Model, question: Question, found: Mapping[str, float]) -> str:
    """The strongest coupling class of a design (Alter & Ebert 2019, doi:10.1186/s12859-019-2946-7).

    Parameters
    ----------
    model
        The model with the design applied.
    question
        What the case asks.
    found
        The product range at maximal growth, by column of validation.tsv.

    Returns
    -------
    str
        `none`, `potential`, `weak`, `directional` or `substrate-uptake`.
    """
    if not found["product_max_mmol_per_gdw_h"] > PRODUCES:
        return "none"
    if not found["product_min_mmol_per_gdw_h"] > PRODUCES:
        return "potential"
    if not _ratio(model, question.made, question.biomass, 1.0) > PRODUCES:
        return "weak"
    if (
        question.substrate is None
        or not _ratio(model, question.made, question.substrate, _uptake(model, question)) > PRODUCES
    ):
        return "directional"
    return "substrate-uptake"


def _ratio(model: Model, numerator: Mapping[str, float], denominator: str, sign: float) -> float:
    """Infimum of a ratio over all states where the denominator is positive; by rules of genes, at least PRODUCES."""
    if not branched(model):
        return least_ratio(model, numerator, denominator, sign)
    with model:
        flux = sign * model.reactions.get_by_id(denominator).flux_expression
        model.add_cons_vars([model.problem.Constraint(flux, lb=PRODUCES)])
        found = least_ratio_of_states(model, numerator, denominator, sign, PRODUCES)
    return np.nan if found is None else found
