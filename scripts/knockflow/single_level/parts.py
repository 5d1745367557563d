"""What every single-level model consists of: decisions, a growing state, scaled fluxes, and bounds of multipliers.

y_t = 1 keeps target t, y_t = 0 removes its columns (l_j y_j <= v_j <= u_j y_j). Every model holds a state that
grows at least min_growth: v itself, unless v is the cell's response and the cell maximizes something else. `claim` is
the leader's value (mmol/gDW/h); models are minimized, so the objective is -claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pyomo.environ as pyo

from knockflow.designs import Limits
from knockflow.problem import Problem


@dataclass(frozen=True)
class BigM:
    """Bounds of dual variables.

    `removal`: of the multiplier of a removed column; `growth_price`: of the price of the cell's objective;
    `flux_price`: of the price of total flux; `multiplier`: of the multipliers of bounds, which only
    complementary slackness has to bound.
    """

    removal: float
    growth_price: float
    flux_price: float
    multiplier: float

    def times(self, factor: float) -> "BigM":
        """All bounds multiplied."""
        return BigM(*(getattr(self, field.name) * factor for field in fields(self)))


@dataclass(frozen=True)
class SingleLevel:
    """A model with its handles: the decisions y by target, the claim, and the dual variables that have a bound."""

    model: pyo.ConcreteModel
    kept: pyo.Var
    claim: object
    bounded: Mapping[str, list]

    def removed(self) -> frozenset[int]:
        """The design of the loaded solution."""
        return frozenset(t for t in self.kept if self.kept[t].value < 0.5)

    def saturated(self, big_m: BigM) -> bool:
        """Whether a bounded dual variable stands at its bound in the loaded solution."""
        return any(
            abs(pyo.value(variable, exception=False) or 0.0) >= 0.999 * getattr(big_m, name)
            for name, variables in self.bounded.items()
            for variable in variables
        )


def leader(problem: Problem, limits: Limits, responding: bool = False) -> tuple[pyo.ConcreteModel, dict[int, object]]:
    """Decisions, limits, and a state v of the follower; with y by column for every removable column.

    `responding` says that v is the response to the cell's objective; else v is any state that grows.
    """
    model = pyo.ConcreteModel()
    targets = problem.targets
    model.y = pyo.Var(range(len(targets)), domain=pyo.Binary)
    model.cuts = pyo.ConstraintList()
    # sum (1 - y_t) <= K   and   sum cost_t (1 - y_t) <= budget
    model.count = pyo.Constraint(expr=sum(1 - model.y[t] for t in model.y) <= limits.max_interventions)
    if limits.max_cost is not None:
        model.budget = pyo.Constraint(
            expr=sum(float(targets.cost[t]) * (1 - model.y[t]) for t in model.y) <= limits.max_cost
        )
    kept = {int(column): model.y[t] for t in model.y for column in targets.columns(t)}
    add_state(model, "v", problem, kept)
    growing = model.v
    if responding and not problem.maximizes_growth:
        growing = add_state(model, "growing", problem, kept)
    # v_b >= min_growth
    model.grows = pyo.Constraint(expr=dot(problem.growth, growing) >= problem.min_growth)
    return model, kept


def add_state(model: pyo.ConcreteModel, name: str, problem: Problem, kept: Mapping) -> pyo.Var:
    """A state of the follower after the removals."""
    columns = range(len(problem.columns))
    flux = pyo.Var(columns, bounds=lambda _, j: (float(problem.viable_lower[j]), float(problem.viable_upper[j])))
    setattr(model, name, flux)
    steady(model, f"{name}_steady", problem, flux, 1)
    # l_j y_j <= v_j <= u_j y_j, with the ranges of the states that count for l and u
    close_where_removed(model, f"{name}_closed", problem, flux, kept, 1)
    return flux


def scaled_flux(model: pyo.ConcreteModel, name: str, problem: Problem, kept: Mapping, price, top: float) -> pyo.Var:
    """A flux w = price * v of some state v of the follower: all constraints hold scaled; `top` bounds the price."""
    columns = range(len(problem.columns))
    flux = pyo.Var(columns)
    setattr(model, name, flux)
    # row_lower price <= S w <= row_upper price
    steady(model, f"{name}_steady", problem, flux, price)
    # l_j price <= w_j <= u_j price
    upper, lower = problem.viable_upper, problem.viable_lower
    setattr(model, f"{name}_above", pyo.Constraint(columns, rule=lambda _, j: flux[j] <= float(upper[j]) * price))
    setattr(model, f"{name}_below", pyo.Constraint(columns, rule=lambda _, j: flux[j] >= float(lower[j]) * price))
    close_where_removed(model, f"{name}_closed", problem, flux, kept, top)
    return flux


def close_where_removed(model, name: str, problem: Problem, flux: pyo.Var, kept: Mapping, top: float) -> None:
    """Bound the flux of removable columns: top * l_j y_j <= flux_j <= top * u_j y_j."""
    constraints = pyo.ConstraintList()
    setattr(model, name, constraints)
    for j in sorted(kept):
        constraints.add(flux[j] <= top * float(problem.viable_upper[j]) * kept[j])
        constraints.add(flux[j] >= top * float(problem.viable_lower[j]) * kept[j])


def steady(model, name: str, problem: Problem, flux: pyo.Var, scale) -> None:
    """Add row_lower * scale <= S flux <= row_upper * scale."""
    rows = rows_of(problem, flux)

    def row(_, i):
        lower, upper = float(problem.row_lower[i]), float(problem.row_upper[i])
        if lower == upper:
            return rows[i] == lower * scale
        return rows[i] >= lower * scale if upper == float("inf") else rows[i] <= upper * scale

    setattr(model, name, pyo.Constraint(sorted(rows), rule=row))


def rows_of(problem: Problem, flux: pyo.Var) -> dict[int, object]:
    """The rows S flux as expressions."""
    terms: dict[int, list] = {}
    for j in range(len(problem.columns)):
        for i, value in zip(*problem.matrix[j], strict=True):
            terms.setdefault(int(i), []).append(float(value) * flux[j])
    return {i: sum(parts) for i, parts in terms.items()}


def dot(coefficients, variables):
    """The sum of coefficient times variable."""
    return sum(float(value) * variables[j] for j, value in enumerate(coefficients) if value)


def priced(goal, sign: float, *prices):
    """Coefficients sign * goal_j + sum of vector_j * price, as a function of the column."""

    def coefficient(j: int):
        return sign * float(goal[j]) + sum(float(vector[j]) * price for vector, price in prices if vector[j])

    return coefficient


def price(model: pyo.ConcreteModel, name: str, top: float) -> pyo.Var:
    """A price between 0 and its bound."""
    variable = pyo.Var(bounds=(0, top))
    setattr(model, name, variable)
    return variable


def finish(model: pyo.ConcreteModel, claim, **bounded: list) -> SingleLevel:
    """Set the objective; `bounded` names the dual variables under each bound of BigM."""
    model.claim = pyo.Expression(expr=claim)
    model.objective = pyo.Objective(expr=-model.claim)
    return SingleLevel(model, model.y, model.claim, bounded)
