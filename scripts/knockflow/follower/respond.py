"""What the cell does after a design: its value under a formulation, and all that is reported of it."""

from collections.abc import Collection
from dataclasses import dataclass

from knockflow.follower.conflict_pool import ConflictPool
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.states import Evaluation
from knockflow.formulations.formulation import Formulation, Response
from knockflow.problem.problem import Problem

Design = frozenset[int]


@dataclass(frozen=True)
class Outcome:
    """What is reported of a design whatever the formulation (1/h, mmol/gDW/h); recomputed cold.

    `growth` is the fastest of the growth response, `product_min` and `product_max` are the ends of that response.
    """

    growth: float
    product_min: float
    product_max: float
    product_min_at_min_growth: float
    product_max_at_min_growth: float


def evaluate(follower: Follower, formulation: Formulation, effects: Collection[int]) -> Evaluation | None:
    """The value after some effects under a formulation, None if the cell cannot grow at min_growth."""
    return BEHAVIOURS[formulation.response].evaluate(follower, effects, formulation.optimistic)


def strain_growth(follower: Follower, effects: Collection[int]) -> float | None:
    """Growth of the growth response (1/h), the largest of its states; None if the cell cannot grow at min_growth."""
    states = follower.after(effects)
    if not follower.problem.maximizes_growth:
        states = BEHAVIOURS[Response.GROWTH].hold(follower, states)
    growth = None if states is None else follower.max_growth(states)
    return growth.value if growth is not None and follower.grows(growth.value) else None


def respond(problem: Problem, design: Collection[int]) -> Outcome | None:
    """Everything reported of a design, from a fresh engine, so that no earlier solve leaves a trace.

    None if the design cannot grow at min_growth.
    """
    pool = None if problem.driving_forces is None else ConflictPool(problem.driving_forces)
    follower, effects = Follower(problem, pool), problem.targets.effects(design)
    states = BEHAVIOURS[Response.GROWTH].hold(follower, follower.after(effects))
    if states is None:
        return None
    most, least = follower.product(states, maximize=True), follower.product(states, maximize=False)
    growth = least if problem.maximizes_growth else follower.max_growth(states)
    growing = follower.growing(effects)
    follower.restart(growing)
    return Outcome(
        growth=float(problem.growth @ growth.fluxes),
        product_min=least.value,
        product_max=most.value,
        product_min_at_min_growth=follower.product(growing, maximize=False).value,
        product_max_at_min_growth=follower.product(growing, maximize=True).value,
    )
