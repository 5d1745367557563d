"""What the cell does after a design: its value under a formulation, and all that is reported of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from knockflow.base.errors import SolverError
from knockflow.follower.conflict_pool import FreshPools
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.states import Evaluation
from knockflow.formulations.formulation import Formulation, Response
from knockflow.problem.judge import Judge
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
    """The value after some effects under a formulation, None if the cell cannot grow at min_growth.

    In strict order the guarantee is that of the second product, over the same response.
    """
    found = BEHAVIOURS[formulation.response].evaluate(follower, effects, formulation.optimistic)
    if found is None or follower.problem.then is None:
        return found
    least = follower.least_of_second(found.states)
    if least is None:
        raise SolverError("a response that is not empty has no state of least second product")
    return replace(found, guarantee=least.value, worst=least)


def strain_growth(follower: Follower, effects: Collection[int]) -> float | None:
    """Growth of the growth response (1/h), the largest of its states; None if the cell cannot grow at min_growth."""
    states = follower.after(effects)
    if not follower.problem.maximizes_growth:
        states = BEHAVIOURS[Response.GROWTH].hold(follower, states)
    growth = None if states is None else follower.max_growth(states)
    return growth.value if growth is not None and follower.grows(growth.value) else None


def evaluate_all(
    followers: Sequence[Follower], formulation: Formulation, effects: Collection[int], judge: Judge
) -> Evaluation | None:
    """The value after some effects on every one of several followers, None as soon as one of them cannot grow."""
    found = []
    for follower in followers:
        found.append(evaluate(follower, formulation, effects))
        if found[-1] is None:
            return None
    return folded(found, judge)


def folded(found: Sequence[Evaluation], judge: Judge) -> Evaluation:
    """What evaluations by several followers say together; the states are those of the least value and guarantee.

    The first counts of those that are equal.
    """
    if len(found) == 1:
        return found[0]
    first, last = min(found, key=lambda one: one.value), min(found, key=lambda one: one.guarantee)
    value, guarantee = judge.of([one.value for one in found]), judge.of([one.guarantee for one in found])
    return Evaluation(value, guarantee, first.promise, last.worst)


def _of_some(values: Iterable[float | None], judge: Judge) -> float | None:
    """What is made of those values that are some."""
    there = [value for value in values if value is not None]
    return judge.of(there) if there else None


def respond(problem: Problem, design: Collection[int], pools: FreshPools | None = None) -> Outcome | None:
    """Everything reported of a design, from a fresh engine, so that no earlier solve leaves a trace.

    Of several followers the least growth, and what the problem's judge makes of each other number; None if the design
    cannot grow at min_growth as each of them. With driving forces, no conflict set is known but those of `pools`.
    """
    outcomes, pools = [], pools or FreshPools()
    for alone in problem.each:
        outcomes.append(_respond(alone, design, pools))
        if outcomes[-1] is None:
            return None
    growth, *numbers = zip(*map(astuple, outcomes), strict=True)
    return Outcome(min(growth), *map(problem.judge.of, numbers))


def recomputed(
    problem: Problem, formulation: Formulation, design: Collection[int], pools: FreshPools
) -> tuple[Evaluation | None, float | None]:
    """A design's value from a fresh engine, and the least product per substrate over the response (mol/mol).

    Of several followers what the problem's judge makes of each; None for a yield where none takes up the substrate.
    """
    found, yields, effects = [], [], problem.targets.effects(design)
    for alone in problem.each:
        cold = Follower(alone, pools.of(alone.driving_forces))
        again = evaluate(cold, formulation, effects)
        if again is None:
            return None, None
        # Where the value is not that of one set of states, the yield is that of the growth response.
        states = again.states or BEHAVIOURS[formulation.response].hold(cold, cold.after(effects))
        found.append(again)
        yields.append(cold.least_yield(states))
    return folded(found, problem.judge), _of_some(yields, problem.judge)


def _respond(problem: Problem, design: Collection[int], pools: FreshPools) -> Outcome | None:
    follower, effects = Follower(problem, pools.of(problem.driving_forces)), problem.targets.effects(design)
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
