"""Each formulation as one mixed-integer program by strong duality: primal and dual of the follower, equal objectives.

y_t = 1 keeps target t, y_t = 0 removes its columns (l_j y_j <= v_j <= u_j y_j). Every model holds a state v that
grows at least min_growth. `claim` is the leader's value (mmol/gDW/h); models are minimized, so the
objective is -claim.

In `robustknock` and `strong_coupling` the claim is the dual of the innermost minimization, so any feasible
multipliers claim at most the true value: a big-M that is too small hides designs, it never flatters them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyomo.environ as pyo

from knockflow.designs import Limits
from knockflow.dual import add_dual
from knockflow.errors import ConfigError
from knockflow.problem import Problem


@dataclass(frozen=True)
class BigM:
    """Bounds of dual variables: of a removal's multiplier, and of the price of growth (mmol/gDW per 1/h each)."""

    removal: float
    growth_price: float

    def grown(self, factor: float) -> "BigM":
        """Both bounds multiplied."""
        return BigM(self.removal * factor, self.growth_price * factor)


@dataclass(frozen=True)
class SingleLevel:
    """A model with its handles: the decisions y by target, the claim, and the bounded dual variables."""

    model: pyo.ConcreteModel
    kept: pyo.Var
    claim: object
    removals: pyo.Var
    growth_price: pyo.Var | None

    def removed(self) -> frozenset[int]:
        """The design of the loaded solution."""
        return frozenset(t for t in self.kept if self.kept[t].value < 0.5)

    def saturated(self, big_m: BigM) -> bool:
        """Whether a bounded dual variable stands at its bound in the loaded solution."""
        used = [abs(variable.value or 0.0) for variable in self.removals.values()]
        if max(used, default=0.0) >= 0.999 * big_m.removal:
            return True
        return self.growth_price is not None and (self.growth_price.value or 0.0) >= 0.999 * big_m.growth_price


def optknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Optimistic growth response (Burgard et al. 2003, doi:10.1002/bit.10803): most product in the optimum."""
    model, kept = _leader(problem, limits)
    model.follower_dual = pyo.Block()
    dual = add_dual(model.follower_dual, problem, lambda j: float(problem.objective[j]), kept, big_m.removal)
    # c'v >= b'row + u'at_upper - l'at_lower: with weak duality the state v is optimal for the cell
    model.optimal = pyo.Constraint(expr=_dot(problem.objective, model.v) >= dual.value)
    return _finish(model, _dot(problem.product, model.v), dual.removed, None)


def robustknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Pessimistic growth response (Tepper & Shlomi 2010, doi:10.1093/bioinformatics/btp704): both levels dualized.

    min v_p subject to c'v >= g, where g = max c'v is the cell's optimum, has a dual objective with the product
    d g of growth's price d and g. Since d g = max c'w over the follower scaled by d, the flux w = d v replaces it:
    S w = 0, l d <= w <= u d, and w_j = 0 where removed. So the third level needs no product and no approximation.
    """
    model, kept = _leader(problem, limits)
    columns = range(len(problem.columns))
    model.growth_price = pyo.Var(bounds=(0, big_m.growth_price))
    model.w = pyo.Var(columns)
    price = model.growth_price
    # row_lower d <= S w <= row_upper d
    _steady(model, "scaled_steady", problem, model.w, price)
    # l_j d <= w_j <= u_j d
    model.w_above = pyo.Constraint(columns, rule=lambda m, j: m.w[j] <= float(problem.viable_upper[j]) * price)
    model.w_below = pyo.Constraint(columns, rule=lambda m, j: m.w[j] >= float(problem.viable_lower[j]) * price)
    # w_j = 0 where removed: |w_j| <= (largest flux) (largest price) y_j
    top = big_m.growth_price
    model.w_removed_above = pyo.Constraint(
        sorted(kept), rule=lambda m, j: m.w[j] <= float(problem.viable_upper[j]) * top * kept[j]
    )
    model.w_removed_below = pyo.Constraint(
        sorted(kept), rule=lambda m, j: m.w[j] >= float(problem.viable_lower[j]) * top * kept[j]
    )
    model.follower_dual = pyo.Block()
    # min v_p with c'v >= g, as a maximization: a = -p + d c
    dual = add_dual(
        model.follower_dual,
        problem,
        lambda j: -float(problem.product[j]) + _times(problem.objective[j], price),
        kept,
        big_m.removal,
    )
    return _finish(model, _dot(problem.objective, model.w) - dual.value, dual.removed, price)


def strong_coupling(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Pessimistic viable response: min v_p subject to v_b >= min_growth, dualized once; no product arises."""
    model, kept = _leader(problem, limits)
    model.growth_price = pyo.Var(bounds=(0, big_m.growth_price))
    price = model.growth_price
    model.follower_dual = pyo.Block()
    dual = add_dual(
        model.follower_dual,
        problem,
        lambda j: -float(problem.product[j]) + _times(problem.growth[j], price),
        kept,
        big_m.removal,
    )
    return _finish(model, problem.min_growth * price - dual.value, dual.removed, price)


MODELS: dict[str, Callable[[Problem, Limits, BigM], SingleLevel]] = {
    "optknock": optknock,
    "robustknock": robustknock,
    "strong_coupling": strong_coupling,
}


def build(formulation: str, problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """The single-level model of a formulation.

    Raises
    ------
    ConfigError
        If there is none.
    """
    if formulation not in MODELS:
        raise ConfigError(
            f"method: strong_duality holds for {', '.join(MODELS)}, not for {formulation}; use `tree` or `exhaustive`"
        )
    return MODELS[formulation](problem, limits, big_m)


def _leader(problem: Problem, limits: Limits) -> tuple[pyo.ConcreteModel, dict[int, object]]:
    """Decisions, limits, and a state of the follower that grows; with y by column for every removable column."""
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
    columns = range(len(problem.columns))
    model.v = pyo.Var(columns, bounds=lambda _, j: (float(problem.viable_lower[j]), float(problem.viable_upper[j])))
    _steady(model, "steady", problem, model.v, 1)
    # l_j y_j <= v_j <= u_j y_j, with the range of growing states for l and u
    model.v_above = pyo.Constraint(sorted(kept), rule=lambda m, j: m.v[j] <= float(problem.viable_upper[j]) * kept[j])
    model.v_below = pyo.Constraint(sorted(kept), rule=lambda m, j: m.v[j] >= float(problem.viable_lower[j]) * kept[j])
    # v_b >= min_growth
    model.grows = pyo.Constraint(expr=_dot(problem.growth, model.v) >= problem.min_growth)
    return model, kept


def _steady(model, name: str, problem: Problem, flux: pyo.Var, scale) -> None:
    terms: dict[int, list] = {}
    for j in range(len(problem.columns)):
        for i, value in zip(*problem.matrix[j], strict=True):
            terms.setdefault(int(i), []).append(float(value) * flux[j])

    def row(_, i):
        lower, upper, total = float(problem.row_lower[i]), float(problem.row_upper[i]), sum(terms[i])
        if lower == upper:
            return total == lower * scale
        return total >= lower * scale if upper == float("inf") else total <= upper * scale

    setattr(model, name, pyo.Constraint(sorted(terms), rule=row))


def _dot(coefficients, variables):
    return sum(float(value) * variables[j] for j, value in enumerate(coefficients) if value)


def _times(coefficient: float, variable):
    return float(coefficient) * variable if coefficient else 0.0


def _finish(model, claim, removals, growth_price) -> SingleLevel:
    model.claim = pyo.Expression(expr=claim)
    model.objective = pyo.Objective(expr=-model.claim)
    return SingleLevel(model, model.y, model.claim, removals, growth_price)
