"""Bounds of the dual variables that a single-level model needs, from the instance itself.

Policy `instance`: the largest multiplier of a removal, and the largest price of growth, among the follower's
linear programs for the wild type and for each single removal, times a margin. It is an estimate, not a bound
that holds for every design: a result that rests on it is not proven by it.
"""

from knockflow.formulations import Formulation, Stance
from knockflow.problem import Problem
from knockflow.respond import Design, Follower
from knockflow.single_level import BigM

MARGIN = 100.0
LEAST = 1.0
NEAR_OPTIMUM = 1 - 1e-6
"""Share of maximal growth at which growth is priced: the price rises towards the optimum, where it is largest."""


def instance(problem: Problem, formulation: Formulation, margin: float = MARGIN) -> BigM:
    """Bounds from the wild type and every single removal (mmol/gDW per mmol/gDW, and per 1/h).

    For a pessimistic formulation growth is priced both at min_growth and near the optimum: single removals often
    guarantee nothing at min_growth, where all prices are then 0.
    """
    follower = Follower(problem)
    designs = [frozenset(), *(frozenset([target]) for target in range(len(problem.targets)))]
    prices = [_prices(follower, formulation, design) for design in designs]
    return BigM(
        removal=margin * max(LEAST, *(removal for removal, _ in prices)),
        growth_price=margin * max(LEAST, *(growth for _, growth in prices)),
    )


def _prices(follower: Follower, formulation: Formulation, design: Design) -> tuple[float, float]:
    """Largest reduced cost of a removable column, and the price of growth, in the follower's last level."""
    follower.apply(design)
    best = follower.max_growth()
    if best is None or not follower.grows(best.product):
        return 0.0, 0.0
    if formulation.stance is Stance.OPTIMISTIC:
        return _largest_reduced_cost(follower), 0.0
    removal = growth = 0.0
    for floor in (follower.problem.min_growth, NEAR_OPTIMUM * best.product):
        follower.hold_growth(floor)
        if follower.product(maximize=False) is not None:
            removal = max(removal, _largest_reduced_cost(follower))
            growth = max(growth, abs(follower.growth_price()))
    return removal, growth


def _largest_reduced_cost(follower: Follower) -> float:
    reduced = follower.lp.reduced_costs()
    return max((abs(float(reduced[column])) for column in follower.problem.targets.column), default=0.0)
