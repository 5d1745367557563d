"""Each formulation by the Karush-Kuhn-Tucker conditions: complementary slackness instead of equal objectives.

multiplier * slack = 0 becomes  multiplier <= M b  and  slack <= (largest slack) (1 - b)  with a binary b. The largest
slack follows from the flux ranges; M is one more bound of dual variables. Here every claim is a flux of the state v,
not a dual objective.
"""

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo

from knockflow.designs.ranking import Limits
from knockflow.methods.single_level.dual import Dual, add_dual
from knockflow.methods.single_level.program import (
    BigM,
    SingleLevel,
    dot,
    finish,
    leader,
    price,
    priced,
    rows_of,
    scaled_flux,
)
from knockflow.methods.single_level.strong_duality import certify_growth
from knockflow.numerics.program import listed
from knockflow.problem.problem import Problem


def optknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Most product among the states that meet the conditions of max c'v."""
    model, kept = leader(problem, limits, responding=True)
    model.optimum = pyo.Block()
    dual = add_dual(model.optimum, problem, priced(problem.objective, 1), kept, big_m.removal)
    multipliers = _complement_state(model, model.optimum, problem, big_m)
    return finish(model, dot(problem.product, model.v), removal=[*dual.removed.values()], multiplier=multipliers)


def strong_coupling(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """The state that meets the conditions of  min v_p  subject to  v_b >= min_growth."""
    model, kept = leader(problem, limits)
    d = price(model, "growth_price", big_m.growth_price)
    model.least = pyo.Block()
    dual = add_dual(model.least, problem, priced(problem.product, -1, (problem.growth, d)), kept, big_m.removal)
    multipliers = _complement_state(model, model.least, problem, big_m)
    most = max(problem.max_growth - problem.min_growth, 0.0)
    # d > 0 only where v_b = min_growth
    _complement(
        model, "price_of_growth", [(d, dot(problem.growth, model.v) - problem.min_growth, most, big_m.growth_price)]
    )
    removed = [*dual.removed.values()]
    return finish(model, dot(problem.product, model.v), removal=removed, multiplier=multipliers, growth_price=[d])


def robustknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Least product over the states of largest growth: the middle level by its conditions, the inner by duality.

    The middle level is  min v_p  over the states v and multipliers of the cell's program with equal objectives.
    """
    model, dual, optimum, d, multipliers = _last_over_optimal(problem, limits, big_m, problem.product)
    removed = [*dual.removed.values(), *optimum.removed.values()]
    return finish(model, dot(problem.product, model.v), removal=removed, multiplier=multipliers, growth_price=[d])


def pfba_optimistic(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Most product over the states of largest growth whose total flux meets the conditions of its minimum."""
    model, dual, optimum, d, multipliers = _last_over_optimal(problem, limits, big_m, problem.total_flux)
    removed = [*dual.removed.values(), *optimum.removed.values()]
    return finish(model, dot(problem.product, model.v), removal=removed, multiplier=multipliers, growth_price=[d])


def _last_over_optimal(problem: Problem, limits: Limits, big_m: BigM, goal: np.ndarray):
    """Minimize goal'v over the cell's optimal states, by its conditions.

    Its dual has a price d of the equal objectives and scaled fluxes w: S w = 0, l d <= w <= u d. A multiplier of the
    cell's program is positive only where w stands at the scaled bound.
    """
    model, kept = leader(problem, limits, responding=True)
    optimum: Dual = certify_growth(model, problem, kept, big_m)
    d = price(model, "growth_price", big_m.growth_price)
    w = scaled_flux(model, "w", problem, kept, d, big_m.growth_price)
    model.last = pyo.Block()
    dual = add_dual(model.last, problem, priced(goal, -1, (problem.objective, d)), kept, big_m.removal)
    multipliers = _complement_state(model, model.last, problem, big_m)
    pairs = _slacks(problem, model.optimum, w, d, big_m, big_m.growth_price)
    _complement(model, "scaled", pairs)
    return model, dual, optimum, d, [*multipliers, *(pair[0] for pair in pairs)]


def _complement_state(model: pyo.ConcreteModel, block: pyo.Block, problem: Problem, big_m: BigM) -> list:
    """Multipliers of a dual block are nonzero only where the state v stands at the bound or row they belong to."""
    pairs = _slacks(problem, block, model.v, 1, big_m, 1.0)
    _complement(model, "state", pairs)
    return [pair[0] for pair in pairs]


def _slacks(problem: Problem, block: pyo.Block, flux: pyo.Var, scale, big_m: BigM, top: float) -> list[tuple]:
    """(multiplier, slack, largest slack, largest multiplier) for all bounds and one-sided rows of a follower."""
    pairs = []
    for j in block.at_upper:
        upper = float(problem.upper[j])
        most = top * (upper - float(problem.viable_lower[j]))
        pairs.append((block.at_upper[j], upper * scale - flux[j], most, big_m.multiplier))
    for j in block.at_lower:
        lower = float(problem.lower[j])
        most = top * (float(problem.viable_upper[j]) - lower)
        pairs.append((block.at_lower[j], flux[j] - lower * scale, most, big_m.multiplier))
    rows = rows_of(problem, flux)
    for i in np.flatnonzero(problem.row_lower != problem.row_upper):
        pairs.append(_row_slack(problem, block, int(i), rows[int(i)], scale, big_m, top))
    return pairs


def _row_slack(problem: Problem, block: pyo.Block, i: int, row, scale, big_m: BigM, top: float) -> tuple:
    """The pair of a one-sided row; its largest slack by interval arithmetic on the flux ranges."""
    ends = [
        sorted((float(value) * float(problem.viable_lower[j]), float(value) * float(problem.viable_upper[j])))
        for j in range(len(problem.columns))
        for at, value in listed(problem.matrix, j)
        if at == i
    ]
    lower, upper = float(problem.row_lower[i]), float(problem.row_upper[i])
    if np.isfinite(upper):
        return block.row[i], upper * scale - row, top * (upper - sum(end[0] for end in ends)), big_m.multiplier
    return -block.row[i], row - lower * scale, top * (sum(end[1] for end in ends) - lower), big_m.multiplier


def _complement(model: pyo.ConcreteModel, name: str, pairs: list[tuple]) -> None:
    """At most one of multiplier and slack is above 0 in each pair."""
    active = pyo.Var(range(len(pairs)), domain=pyo.Binary)
    either = pyo.ConstraintList()
    setattr(model, f"{name}_active", active)
    setattr(model, f"{name}_either", either)
    for number, (multiplier, slack, most_slack, most_multiplier) in enumerate(pairs):
        # multiplier <= M b   and   slack <= (largest slack) (1 - b)
        either.add(multiplier <= most_multiplier * active[number])
        either.add(slack <= most_slack * (1 - active[number]))


MODELS: dict[str, Callable[[Problem, Limits, BigM], SingleLevel]] = {
    "optknock": optknock,
    "robustknock": robustknock,
    "strong_coupling": strong_coupling,
    "pfba_optimistic": pfba_optimistic,
}
