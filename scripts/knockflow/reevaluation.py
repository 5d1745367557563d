"""What COBRApy says of a model with a design applied; nothing of the search is used here.

The growth response is the set of states with growth >= GROWTH_FLOOR of the maximum, with tight tolerances; where
the cell has an objective of its own, that objective stands for growth there.
Coupling classes (Alter & Ebert 2019, doi:10.1186/s12859-019-2946-7), from weak to strong:
- `potential`: some state of maximal growth makes the product;
- `weak`: every state of maximal growth does;
- `directional`: inf v_p / v_b > 0 over all states that grow;
- `substrate-uptake`: inf v_p / uptake > 0 over all states that take up the substrate.
"""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from cobra import Model
from cobra.flux_analysis.parsimonious import add_pfba
from cobra.util import create_stoichiometric_matrix
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from knockflow.errors import FileError, ModelError
from knockflow.tolerances import FEASIBILITY, GROWTH_FLOOR, REDUCED_COST

PRODUCES = 1e-6
"""mmol/gDW/h, or its ratio to growth or uptake, from which a product counts as made."""


@dataclass(frozen=True)
class Question:
    """What a case asks of its model; `cell_objective` is empty where the cell maximizes growth."""

    product: str
    biomass: str
    substrate: str | None
    min_growth: float
    cell_objective: Mapping[str, float] = field(default_factory=dict)


def question(
    model: Model, product: str, min_growth: float, cell_objective: Mapping[str, float] | None = None
) -> Question:
    """The question of a case, with the biomass and the substrate that `curate` has left in the model."""
    biomass = [reaction.id for reaction in model.reactions if reaction.objective_coefficient]
    if len(biomass) != 1:
        raise ModelError(f"the curated model has {len(biomass)} reactions in its objective, not one")
    return Question(product, biomass[0], model.notes.get("substrate"), min_growth, cell_objective or {})


def prepare(model: Model) -> None:
    """Tight tolerances, as the search has them."""
    model.tolerance = FEASIBILITY


def interventions_of(text: str) -> list[str]:
    """The reactions that a table's interventions knock out.

    Raises
    ------
    FileError
        If an intervention is none that this version knows.
    """
    reactions = []
    for intervention in filter(None, text.split(";")):
        if not intervention.startswith("-"):
            raise FileError(f"designs.tsv: intervention `{intervention}` is not a knock-out")
        reactions += intervention[1:].split("|")
    return reactions


@contextmanager
def changed(model: Model, interventions: str):
    """The model with a design applied, and as it was afterwards."""
    with model:
        for reaction in interventions_of(interventions):
            model.reactions.get_by_id(reaction).knock_out()
        yield model


def evaluate(model: Model, asked: Question) -> dict[str, float | str]:
    """Growth, product ranges and coupling of a model as it stands; infeasible counts as no growth."""
    fastest = maximum(model, asked.biomass)
    floors = {
        "_at_99_percent_growth": 0.99 * fastest,
        "_at_90_percent_growth": 0.9 * fastest,
        "_at_min_growth": asked.min_growth,
    }
    with responding(model, asked):
        growth = maximum(model, asked.biomass) if asked.cell_objective else fastest
        ranges = {"": product_range(model, asked)}
    ranges |= {suffix: product_range(model, asked, floor) for suffix, floor in floors.items()}
    found: dict[str, float | str] = {"growth_per_h": growth}
    for suffix, (least, most) in ranges.items():
        found[f"product_min{suffix}_mmol_per_gdw_h"] = least
        found[f"product_max{suffix}_mmol_per_gdw_h"] = most
    found["coupling"] = coupling(model, asked, found)
    return found


@contextmanager
def responding(model: Model, asked: Question):
    """The model with the states of its growth response only, and as it was afterwards."""
    with model:
        model.objective = {
            model.reactions.get_by_id(reaction): coefficient
            for reaction, coefficient in (asked.cell_objective or {asked.biomass: 1.0}).items()
        }
        best = model.slim_optimize(error_value=np.nan)
        if asked.cell_objective and not np.isnan(best):
            _hold_optimum(model)
        else:
            raise_growth(model, asked, GROWTH_FLOOR * best)
        yield


def _hold_optimum(model: Model) -> None:
    """Fix every reaction with a price at the bound where it stands: what is left are the optimal states.

    A floor of the objective, with the slack that a floor needs, would hide a small tilt altogether.
    """
    optimum = model.optimize()
    for reaction in model.reactions:
        if abs(optimum.reduced_costs[reaction.id]) > REDUCED_COST:
            flux = optimum.fluxes[reaction.id]
            bound = min(reaction.bounds, key=lambda end: abs(end - flux))
            reaction.bounds = bound, bound


def maximum(model: Model, reaction: str) -> float:
    """Largest flux of a reaction; nan where no state exists."""
    with model:
        model.objective = model.reactions.get_by_id(reaction)
        return model.slim_optimize(error_value=np.nan)


def product_range(model: Model, asked: Question, growth: float = -np.inf) -> tuple[float, float]:
    """Least and largest product flux among the states that grow at least so much; nan where there is none."""
    with model:
        raise_growth(model, asked, growth)
        model.objective = model.reactions.get_by_id(asked.product)
        ends = []
        for direction in ("min", "max"):
            model.objective_direction = direction
            ends.append(model.slim_optimize(error_value=np.nan))
    return ends[0], ends[1]


def raise_growth(model: Model, asked: Question, growth: float) -> None:
    """Demand v_b >= growth."""
    biomass = model.reactions.get_by_id(asked.biomass)
    biomass.lower_bound = max(biomass.lower_bound, min(growth, biomass.upper_bound))


def of_response(model: Model, asked: Question, kind: str) -> dict[str, float | None]:
    """What depends on the formulation's own response: its least yield, and the product range of a pfba response."""
    if np.isnan(maximum(model, asked.biomass)):
        return {"yield_min_mol_per_mol": None}
    if kind.startswith("pfba"):
        return at_least_total_flux(model, asked)
    if kind in ("optknock", "robustknock"):
        with responding(model, asked):
            return {"yield_min_mol_per_mol": least_yield(model, asked)}
    with model:
        raise_growth(model, asked, asked.min_growth)
        return {"yield_min_mol_per_mol": least_yield(model, asked)}


def at_least_total_flux(model: Model, asked: Question) -> dict[str, float | None]:
    """Product range and least yield of the growth response's states with the least sum of absolute fluxes."""
    with responding(model, asked):
        # c'v at its maximum, then sum |v_i| <= its minimum
        add_pfba(model)
        total = model.slim_optimize(error_value=np.nan)
        least_total = model.problem.Constraint(model.objective.expression, ub=total / GROWTH_FLOOR, name="least_total")
        model.add_cons_vars(least_total)
        least, most = product_range(model, asked)
        return {
            "product_min_at_least_total_flux_mmol_per_gdw_h": least,
            "product_max_at_least_total_flux_mmol_per_gdw_h": most,
            "yield_min_mol_per_mol": least_yield(model, asked),
        }


def least_yield(model: Model, asked: Question) -> float | None:
    """Least product per substrate of a model as it is constrained; None if it takes up none.

    Minimize v_p - r * uptake, with r the ratio of the last state (Dinkelbach 1967, doi:10.1287/mnsc.13.7.492).
    """
    if asked.substrate is None:
        return None
    product, substrate = (model.reactions.get_by_id(name) for name in (asked.product, asked.substrate))
    with model:
        model.objective, model.objective_direction = substrate, "min"
        if not model.slim_optimize(error_value=np.nan) < -PRODUCES:
            return None
        ratio = -product.flux / substrate.flux
        for _ in range(50):
            reduced = product.flux_expression + ratio * substrate.flux_expression
            model.objective = model.problem.Objective(reduced, direction="min")
            if model.slim_optimize(error_value=0.0) > -PRODUCES * PRODUCES or substrate.flux > -PRODUCES:
                break
            ratio = -product.flux / substrate.flux
    return ratio


def coupling(model: Model, asked: Question, found: Mapping[str, float]) -> str:
    """The strongest coupling class of a design."""
    if not found["product_max_mmol_per_gdw_h"] > PRODUCES:
        return "none"
    if not found["product_min_mmol_per_gdw_h"] > PRODUCES:
        return "potential"
    if not least_ratio(model, asked.product, asked.biomass, 1.0) > PRODUCES:
        return "weak"
    if asked.substrate is None or not least_ratio(model, asked.product, asked.substrate, -1.0) > PRODUCES:
        return "directional"
    return "substrate-uptake"


def least_ratio(model: Model, numerator: str, denominator: str, sign: float) -> float:
    """Infimum of v_n / (sign v_d) over all states with sign v_d > 0.

    With w = v t and t = 1 / (sign v_d) the ratio becomes linear (Charnes & Cooper 1962,
    doi:10.1002/nav.3800090303):  min w_n  s.t.  S w = 0,  l t <= w <= u t,  sign w_d = 1,  t >= 0.
    Solved by HiGHS, so by another solver than the search.
    """
    matrix = csr_array(create_stoichiometric_matrix(model))
    rows, n = matrix.shape
    index = {reaction.id: number for number, reaction in enumerate(model.reactions)}
    lower, upper = np.array([reaction.bounds for reaction in model.reactions]).T
    identity = csr_array(np.eye(n))
    at = csr_array((1, n)).tolil()
    at[0, index[denominator]] = sign
    equalities = _with_column(matrix, np.zeros(rows)), _with_column(at.tocsr(), np.zeros(1))
    # w - u t <= 0   and   -w + l t <= 0
    inequalities = _with_column(identity, -upper), _with_column(-identity, lower)
    cost = np.zeros(n + 1)
    cost[index[numerator]] = 1
    result = linprog(
        cost,
        A_ub=vstack(inequalities).tocsr(),
        b_ub=np.zeros(2 * n),
        A_eq=vstack(equalities).tocsr(),
        b_eq=np.append(np.zeros(rows), 1.0),
        bounds=[(None, None)] * n + [(0, None)],
        method="highs",
    )
    return float(result.fun) if result.status == 0 else np.nan


def _with_column(matrix, column: np.ndarray):
    return hstack([matrix, csr_array(column.reshape(-1, 1))])


def apply_directions(model: Model, rows: Sequence[Mapping[str, str]]) -> None:
    """Close the directions that the table rules out, reaction by reaction, apart from the search's own way.

    A direction that would leave a reaction nothing of what the model allows is not applied.
    """
    for row in rows:
        reaction = model.reactions.get_by_id(row["reaction"])
        if row["direction"] == "forward" and reaction.upper_bound > 0:
            reaction.lower_bound = max(reaction.lower_bound, 0.0)
        elif row["direction"] == "reverse" and reaction.lower_bound < 0:
            reaction.upper_bound = min(reaction.upper_bound, 0.0)
