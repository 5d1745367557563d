"""Each formulation by strong duality: primal and dual of the follower, equal objectives.

Where the last level is a minimization of the product, the claim is its dual, so any feasible multipliers claim at
most the true value: bounds of dual variables that are too small hide designs, they never flatter them.

A dual objective holds the product d g of a price d and the cell's optimum g, itself the value of a program. Since
d g = max { c'w : w = d v for a state v of the follower }, the scaled flux w replaces it: S w = 0, l d <= w <= u d,
w_j = 0 where removed. Nothing is approximated.
"""

from collections.abc import Callable

import pyomo.environ as pyo

from knockflow.designs.ranking import Limits
from knockflow.methods.single_level.dual import Dual, add_dual
from knockflow.methods.single_level.program import (
    BigM,
    SingleLevel,
    add_state,
    dot,
    finish,
    leader,
    price,
    priced,
    scaled_flux,
)
from knockflow.problem.problem import Problem


def optknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Optimistic growth response (Burgard et al. 2003, doi:10.1002/bit.10803): most product in the optimum."""
    model, kept = leader(problem, limits, responding=True)
    optimum = certify_growth(model, problem, kept, big_m)
    return finish(model, dot(problem.product, model.v), removal=[*optimum.removed.values()])


def robustknock(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Pessimistic growth response (Tepper & Shlomi 2010, doi:10.1093/bioinformatics/btp704): both levels dualized.

    The claim is the dual of  min v_p  subject to  c'v >= g,  with its product d g as c'w.
    """
    model, kept = leader(problem, limits)
    d = price(model, "growth_price", big_m.growth_price)
    w = scaled_flux(model, "w", problem, kept, d, big_m.growth_price)
    model.least = pyo.Block()
    dual = add_dual(model.least, problem, priced(problem.product, -1, (problem.objective, d)), kept, big_m.removal)
    claim = dot(problem.objective, w) - dual.value
    return finish(model, claim, removal=[*dual.removed.values()], growth_price=[d])


def strong_coupling(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Pessimistic viable response: min v_p subject to v_b >= min_growth, dualized once; no product arises."""
    model, kept = leader(problem, limits)
    d = price(model, "growth_price", big_m.growth_price)
    model.least = pyo.Block()
    dual = add_dual(model.least, problem, priced(problem.product, -1, (problem.growth, d)), kept, big_m.removal)
    claim = problem.min_growth * d - dual.value
    return finish(model, claim, removal=[*dual.removed.values()], growth_price=[d])


def pfba_optimistic(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Most product in the states of largest growth with the least total flux T (Lewis et al. 2010).

    v is optimal for growth by the first dual, and T'v is at most the dual of  min T'v  subject to  c'v >= g.
    """
    model, kept = leader(problem, limits, responding=True)
    optimum = certify_growth(model, problem, kept, big_m)
    d = price(model, "growth_price", big_m.growth_price)
    w = scaled_flux(model, "w", problem, kept, d, big_m.growth_price)
    model.thrift = pyo.Block()
    dual = add_dual(model.thrift, problem, priced(problem.total_flux, -1, (problem.objective, d)), kept, big_m.removal)
    # T'v <= c'w - (bound part of the dual objective), which is at most the least total flux
    model.thrifty = pyo.Constraint(expr=dot(problem.total_flux, model.v) <= dot(problem.objective, w) - dual.value)
    removed = [*optimum.removed.values(), *dual.removed.values()]
    return finish(model, dot(problem.product, model.v), removal=removed, growth_price=[d])


def pfba_pessimistic(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Least product in the states of largest growth with the least total flux T.

    The claim is the dual of  min v_p  subject to  c'v >= g  and  T'v <= t,  t the least total flux. Its product d g
    becomes c'w as in robustknock. Its product -e t becomes -T'x with x = e times a state of largest growth: such
    a state has a total flux of at least t, so -T'x <= -e t, and the leader's maximum makes it equal. That x is
    optimal for growth is certified by the growth dual scaled by e.
    """
    model, kept = leader(problem, limits)
    d = price(model, "growth_price", big_m.growth_price)
    e = price(model, "flux_price", big_m.flux_price)
    w = scaled_flux(model, "w", problem, kept, d, big_m.growth_price)
    x = scaled_flux(model, "x", problem, kept, e, big_m.flux_price)
    model.optimum = pyo.Block()
    optimum = add_dual(
        model.optimum, problem, priced(problem.objective, 0, (problem.objective, e)), kept, big_m.removal
    )
    # c'x >= e times the growth dual's objective
    model.optimal = pyo.Constraint(expr=dot(problem.objective, x) >= optimum.value)
    model.least = pyo.Block()
    coefficient = priced(problem.product, -1, (problem.objective, d), (-problem.total_flux, e))
    dual = add_dual(model.least, problem, coefficient, kept, big_m.removal)
    claim = dot(problem.objective, w) - dot(problem.total_flux, x) - dual.value
    removed = [*optimum.removed.values(), *dual.removed.values()]
    return finish(model, claim, removal=removed, growth_price=[d], flux_price=[e])


def optcouple(problem: Problem, limits: Limits, big_m: BigM) -> SingleLevel:
    """Growth-coupling potential (Jensen et al. 2019, doi:10.1016/j.mec.2019.e00087).

    The largest growth without product is at most the dual of  max v_b  subject to  v_p = 0; a state w without product
    must exist. Those states need not grow at min_growth, so the ranges of growing states do not bound them.
    """
    problem = problem.with_follower(viable_lower=problem.lower, viable_upper=problem.upper)
    model, kept = leader(problem, limits)
    without = add_state(model, "without", problem, kept)
    if problem.product.any():
        # w_p = 0
        model.no_product = pyo.Constraint(expr=dot(problem.product, without) == 0)
    d = price(model, "product_price", big_m.growth_price)
    e = price(model, "product_price_below", big_m.growth_price)
    model.least = pyo.Block()
    prices = (-problem.product, d), (problem.product, e)
    dual = add_dual(model.least, problem, priced(problem.growth, 1, *prices), kept, big_m.removal)
    claim = dot(problem.growth, model.v) - dual.value
    return finish(model, claim, removal=[*dual.removed.values()], growth_price=[d, e])


def certify_growth(model: pyo.ConcreteModel, problem: Problem, kept: dict, big_m: BigM) -> Dual:
    """Make the leader's state v optimal for the cell: c'v reaches a dual objective, by weak duality the optimum."""
    model.optimum = pyo.Block()
    dual = add_dual(model.optimum, problem, priced(problem.objective, 1), kept, big_m.removal)
    # c'v >= b'row + u'at_upper - l'at_lower
    model.optimal = pyo.Constraint(expr=dot(problem.objective, model.v) >= dual.value)
    return dual


MODELS: dict[str, Callable[[Problem, Limits, BigM], SingleLevel]] = {
    "optknock": optknock,
    "robustknock": robustknock,
    "strong_coupling": strong_coupling,
    "pfba_optimistic": pfba_optimistic,
    "pfba_pessimistic": pfba_pessimistic,
    "optcouple": optcouple,
}
