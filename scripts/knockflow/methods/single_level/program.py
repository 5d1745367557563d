"""What every single-level model consists of: decisions, a growing state, scaled fluxes, and bounds of multipliers.

y_t = 0 decides the restriction of target t (`knockflow.problem.leader`), y_t = 1 does not. x_e = 0 where effect e
holds, which closes its columns: l_j x_e <= v_j <= u_j x_e (see `knockflow.methods.single_level.closing`). Every model
holds a state that grows at least min_growth: v itself, unless v is the cell's response and the cell maximizes something
else. `claim` is the leader's value (mmol/gDW/h); models are minimized, so the objective is -claim.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import pyomo.environ as pyo

from knockflow.designs.ranking import Limits
from knockflow.numerics.program import listed
from knockflow.problem.leader import Targets
from knockflow.problem.problem import Problem


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

    def restrictions(self) -> frozenset[int]:
        """What the loaded solution decides."""
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
    model = decisions(problem, limits)
    kept = _kept(model, problem.targets)
    add_state(model, "v", problem, kept)
    growing = model.v
    if responding and not problem.maximizes_growth:
        growing = add_state(model, "growing", problem, kept)
    # v_b >= min_growth
    model.grows = pyo.Constraint(expr=dot(problem.growth, growing) >= problem.min_growth)
    return model, kept


def decisions(problem: Problem, limits: Limits) -> pyo.ConcreteModel:
    """Decisions within the limits, and an empty list of cuts."""
    model = pyo.ConcreteModel()
    model.y = pyo.Var(range(len(problem.targets)), domain=pyo.Binary)
    model.cuts = pyo.ConstraintList()
    _keep_limits(model, problem, limits)
    return model


def _keep_limits(model: pyo.ConcreteModel, problem: Problem, limits: Limits) -> None:
    """What a design may hold at most; a target is in it by 1 - y_t, one that adds something by y_t."""
    targets = problem.targets
    chosen = {t: model.y[t] if targets.adds[t] else 1 - model.y[t] for t in model.y}
    model.limits = pyo.ConstraintList()
    # sum chosen_t <= K   and   sum cost_t chosen_t <= budget
    _at_most(model.limits, chosen.values(), limits.max_interventions - len(problem.forced))
    if limits.max_cost is not None:
        costs = (float(targets.cost[t]) * chosen[t] for t in chosen)
        _at_most(model.limits, costs, limits.max_cost - problem.forced_cost)
    for kind, most in limits.max_per_kind.items():
        same = [chosen[t] for t in chosen if targets.kind[t] == kind]
        _at_most(model.limits, same, most - problem.forced_kinds.count(kind))
    for group in targets.exclusive():
        _at_most(model.limits, [chosen[t] for t in sorted(group)], 1)


def _at_most(constraints: pyo.ConstraintList, terms: Iterable, most: float) -> None:
    total = sum(terms)
    constraints.add(total <= most if not isinstance(total, int) else _truth(most >= 0))


def _truth(holds: bool):
    """A constraint without variables."""
    return pyo.Constraint.Feasible if holds else pyo.Constraint.Infeasible


def _kept(model: pyo.ConcreteModel, targets: Targets) -> dict[int, object]:
    """For each column that effects close, an expression that is 1 while none of them holds, and else 0."""
    needs = {e: [model.y[int(t)] for t in targets.needs(e)] for e in range(targets.n_effects)}
    model.effect = pyo.Var([e for e in needs if len(needs[e]) > 1], bounds=(0, 1))
    of: dict[int, list] = {}
    for e in needs:
        for column in targets.columns(e).tolist():
            of.setdefault(column, []).append(model.effect[e] if e in model.effect else needs[e][0])
    model.open = pyo.Var([column for column in sorted(of) if len(of[column]) > 1], bounds=(0, 1))
    model.either = pyo.ConstraintList()
    for e, x in model.effect.items():
        # x_e >= y_t for each t that it needs   and   x_e <= sum y_t
        for y in needs[e]:
            model.either.add(x >= y)
        model.either.add(x <= sum(needs[e]))
    for column, opened in model.open.items():
        # open_j <= x_e for each e that closes it   and   open_j >= 1 - sum (1 - x_e)
        for x in of[column]:
            model.either.add(opened <= x)
        model.either.add(opened >= 1 - sum(1 - x for x in of[column]))
    return {column: model.open[column] if column in model.open else of[column][0] for column in sorted(of)}


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
        # A column that every state uses one way may still be closed where the state itself is scaled by 0.
        constraints.add(flux[j] <= top * max(float(problem.viable_upper[j]), 0.0) * kept[j])
        constraints.add(flux[j] >= top * min(float(problem.viable_lower[j]), 0.0) * kept[j])


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
        for i, value in listed(problem.matrix, j):
            terms.setdefault(i, []).append(value * flux[j])
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
