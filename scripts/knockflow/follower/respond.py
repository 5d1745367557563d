"""The oracle: what the cell does after a design, by linear programs on the follower.

A design is a set of target numbers; the follower is put under its effects. The growth response is lexicographic: first
max c'v, then the product over the exact optimal face of that linear program. The face is where every column with a
nonzero reduced cost stays at its bound (complementary slackness); the objective is also held at GROWTH_FLOOR of its
maximum, which alone would let values drift by its slack times a slope that reaches hundreds. The pfba response adds a
stage between: the least total flux on the face of maximal objective, and then the product over the face of both.

Of a follower with integers, prices tell nothing of other values of the integers. There the floor alone holds while the
integers are sought, and the exact face is that of the linear program in which they are fixed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import ACTIVE_FLUX, FEASIBILITY, GROWTH_FLOOR, REDUCED_COST
from knockflow.follower.idle_enzymes import Spare
from knockflow.follower.states import Balances, Evaluation, Optimum
from knockflow.follower.witness_pool import bits
from knockflow.formulations.formulation import Formulation, Response
from knockflow.numerics.branch_and_bound import MixedInteger
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.bounds import widened
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


class Follower:
    """The cell's linear program, with designs applied and taken back on one warm-started engine."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.integers = np.flatnonzero(problem.integer)
        m = len(problem.rows)
        self.growth_row, self.objective_row = m, m + 1
        self._product_row, self.total_row = m + 2, m + 3 if problem.total_flux.size else None
        goals = {"growth": problem.growth, "objective": problem.objective, "product": problem.product}
        goals |= {"total flux": problem.total_flux} if problem.total_flux.size else {}
        # -inf <= goal'v <= inf, until a stage holds it
        lp = LP(
            problem.follower.extended(Row(f"{name} of the cell", -np.inf, np.inf, goal) for name, goal in goals.items())
        )
        self.lp = MixedInteger(lp, problem.lower, problem.upper, self.integers) if self.integers.size else lp
        self._spare, self._balances = Spare(problem), Balances(problem)
        self._effects: Collection[int] = ()
        self._held: Response | None = None
        targets = problem.targets
        self._least, self._most = widened(targets.lower, targets.upper)
        self.ranged_rows = set(np.flatnonzero(problem.row_lower != problem.row_upper).tolist())
        self._held_rows: set[int] = set()
        self._changed: set[int] = set()
        self._lower, self._upper = problem.lower.copy(), problem.upper.copy()

    def apply(self, effects: Collection[int]) -> None:
        """Put the follower under some effects: their bounds hold, all others are the problem's own."""
        problem, targets = self.problem, self.problem.targets
        self._effects, self._held = effects, None
        lower, upper = {}, {}
        for effect in effects:
            for entry in range(targets.start[effect], targets.start[effect + 1]):
                column = int(targets.column[entry])
                lower[column] = max(lower.get(column, problem.lower[column]), targets.lower[entry])
                upper[column] = min(upper.get(column, problem.upper[column]), targets.upper[entry])
        for column in self._changed - lower.keys():
            self._set(column, problem.lower[column], problem.upper[column])
        for column in lower:
            self._set(column, lower[column], upper[column])
        self._changed = set(lower)
        for row in self._held_rows:
            self.lp.set_row(row, problem.row_lower[row], problem.row_upper[row])
        self._held_rows.clear()
        self.lp.set_row(self.growth_row, -np.inf, np.inf)
        self.hold_objective(-np.inf)
        self.hold_product(-np.inf)
        if self.total_row is not None:
            self.lp.set_row(self.total_row, -np.inf, np.inf)

    def _set(self, column: int, lower: float, upper: float) -> None:
        self._lower[column], self._upper[column] = lower, upper
        self.lp.set_column(column, lower, upper)

    def max_growth(self) -> Optimum | None:
        """The state of maximal growth, None if the follower is infeasible.

        If that is below min_growth, it is no less than the true one, but the fluxes are the engine's.
        """
        return self._optimum(self.problem.growth, maximize=True, dual=True, needed=self.problem.min_growth)

    def max_objective(self) -> Optimum | None:
        """The state of maximal objective."""
        return self._optimum(self.problem.objective, maximize=True, dual=True)

    def largest_objective(self) -> float | None:
        """A value that no state's objective exceeds, the maximum but for tolerances; None without any state."""
        best = self._optimum(self.problem.objective, maximize=True, dual=True, needed=np.inf)
        return None if best is None else best.value

    def grows(self, growth: float) -> bool:
        """Whether a growth rate meets the case's min_growth."""
        return growth >= self.problem.min_growth - FEASIBILITY

    def hold_growth_response(self) -> float | None:
        """Restrict to the states of maximal objective; its maximum, or None if there is no such state.

        None also where the cell cannot grow at min_growth.
        """
        best = self.max_growth()
        if best is None or not self.grows(best.value):
            return None
        if not self.problem.maximizes_growth:
            best = self.max_objective()
        if not self.integers.size:
            self._hold_face(maximized=True)
        self._held = Response.GROWTH
        floor = best.value - (1 - GROWTH_FLOOR) * abs(best.value)
        self.hold_objective(floor)
        return best.value

    def _hold_face(self, maximized: bool) -> None:
        """Fix what has a nonzero price at the optimum: a price means that it stands exactly at a bound."""
        upwards = 1 if maximized else -1
        reduced = upwards * self.lp.reduced_costs()
        for column in np.flatnonzero(np.abs(reduced) > REDUCED_COST):
            bound = self._upper[column] if reduced[column] > 0 else self._lower[column]
            self._changed.add(int(column))
            self._set(int(column), bound, bound)
        duals = upwards * self.lp.row_duals() if self.ranged_rows else ()
        for row in self.ranged_rows - self._held_rows:
            if abs(duals[row]) > REDUCED_COST:
                bound = self.problem.row_upper[row] if duals[row] > 0 else self.problem.row_lower[row]
                self.lp.set_row(row, bound, bound)
                self._held_rows.add(row)

    def hold_objective(self, least: float) -> None:
        """Restrict to the states with at least so much of the cell's objective."""
        self.lp.set_row(self.objective_row, least, np.inf)

    def hold_product(self, least: float) -> None:
        """Restrict to the states that make at least so much product."""
        self.lp.set_row(self._product_row, least, np.inf)

    def hold_least_total_flux(self) -> float:
        """Restrict the held response further to the states of least total flux; that total."""
        least = self.least_total_flux()
        if least is None:
            raise SolverError("a response that is not empty has no state of least total flux")
        if self.integers.size:
            self.hold_total_flux(least.value / GROWTH_FLOOR)
        else:
            self._hold_face(maximized=False)
        self._held = Response.PFBA
        return least.value

    def least_total_flux(self) -> Optimum | None:
        """The state of least total flux in the response that is held."""
        return self._optimum(self.problem.total_flux, maximize=False)

    def hold_total_flux(self, most: float) -> None:
        """Restrict to the states with at most so much total flux."""
        self.lp.set_row(self.total_row, -np.inf, most)

    def hold_viable_response(self) -> None:
        """Restrict to the states with growth >= min_growth, with the slack that `grows` allows."""
        self.hold_growth(self.problem.min_growth - FEASIBILITY)

    def hold_growth(self, least: float) -> None:
        """Restrict to the states that grow at least so much (1/h)."""
        self.lp.set_row(self.growth_row, least, np.inf)

    def product(self, maximize: bool, dual: bool = False) -> Optimum | None:
        """The state with most or least product in the response that is held, None if it is empty.

        `dual` says that the last solve had the same goal, so that the dual simplex goes on from there.
        """
        found = self._optimum(self.problem.product, maximize, dual)
        return found if found is None or self._held is None or not self.integers.size else self._exact(found, maximize)

    @cached_property
    def _linear(self) -> "Follower":
        """The same follower without integers, for programs in which they are fixed."""
        return Follower(self.problem.with_follower(integer=np.zeros_like(self.problem.integer)))

    def _exact(self, state: Optimum, maximize: bool) -> Optimum:
        """A state of the held response on the exact face of the linear program with a state's integers."""
        linear = self._linear
        linear.apply(self._effects)
        linear.fix(self.integers, state.fluxes)
        if linear.hold_growth_response() is None:
            return state
        if self._held is Response.PFBA:
            linear.hold_least_total_flux()
        return linear.product(maximize) or state

    def fix(self, columns: np.ndarray, fluxes: np.ndarray) -> None:
        """Hold some columns at their values in a state, until other effects are applied."""
        for column in columns.tolist():
            self._changed.add(column)
            self._set(column, float(fluxes[column]), float(fluxes[column]))

    def _optimum(
        self, objective: np.ndarray, maximize: bool, dual: bool = False, needed: float | None = None
    ) -> Optimum | None:
        """The optimum, as a state; where less than what is needed, to be maximized, is found there is no need for one.

        A linear program's tolerances enlarge it, so that its optimum bounds the true one.
        """
        self.lp.set_objective(objective, maximize)
        verdict = self.lp.solve(dual)
        if verdict is Verdict.UNBOUNDED:
            raise SolverError("growth or product is unbounded: give the model finite bounds, or let `repair` clip them")
        if verdict is not Verdict.OPTIMAL:
            return None
        if needed is not None and self.lp.value < needed - FEASIBILITY:
            return Optimum(self.lp.value, self.lp.primals())
        return self._state() or self._again()

    def _state(self) -> Optimum | None:
        """What the last program has found; None if that rests on its tolerance (`knockflow.follower.states`)."""
        fluxes = self._balances.state(self._spare.without(self.lp.primals()), self._lower, self._upper)
        return None if fluxes is None else Optimum(self.lp.value, fluxes)

    def _again(self) -> Optimum | None:
        """The optimum by other ways, where what the first one has found is no state.

        Raises
        ------
        SolverError
            If these do not lead to a state either.
        """
        for verdict in self.lp.others():
            if verdict is Verdict.INFEASIBLE:
                return None
            state = self._state() if verdict is Verdict.OPTIMAL else None
            if state is not None:
                return state
        raise SolverError(
            "a linear program of the cell has no solution that keeps its balances: some need less than 1e-12 of what "
            "others turn over, which is lost in the arithmetic; ask for more growth, or for a larger threshold"
        )

    def evaluate(self, formulation: Formulation, effects: Collection[int]) -> Evaluation | None:
        """The value after some effects under a formulation, None if the cell cannot grow at min_growth."""
        if formulation.response is Response.COUPLING:
            return self._coupling_potential(effects)
        if not self.hold(formulation.response, effects):
            return None
        first = self.product(maximize=formulation.optimistic)
        worst = self.product(maximize=False) if formulation.optimistic else first
        if first is None or worst is None:
            if formulation.response is Response.VIABLE:
                return None
            return self._by_the_floor(formulation, effects)
        return Evaluation(first.value, worst.value, first, worst)

    def _by_the_floor(self, formulation: Formulation, effects: Collection[int]) -> Evaluation:
        """The value where the exact face is empty within the engine's tolerance: the objective's floor alone holds.

        Raises
        ------
        SolverError
            If that finds no state either.
        """
        self.apply(effects)
        best = self.max_objective() if self.max_growth() else None
        if best is not None:
            self.hold_objective(best.value - (1 - GROWTH_FLOOR) * abs(best.value))
            total = self.least_total_flux() if formulation.response is Response.PFBA else None
            if total is not None:
                self.hold_total_flux(total.value / GROWTH_FLOOR)
            self.lp.restart()
        first = best and self.product(maximize=formulation.optimistic)
        worst = self.product(maximize=False) if first and formulation.optimistic else first
        if not first or not worst:
            raise SolverError("a response that is not empty has no state within the engine's tolerance")
        return Evaluation(first.value, worst.value, first, worst)

    def _coupling_potential(self, effects: Collection[int]) -> Evaluation | None:
        """Largest growth less the largest growth without product, in 1/h; None where there is no such state."""
        self.apply(effects)
        best = self.max_growth()
        if best is None or not self.grows(best.value):
            return None
        without = self.without_product()
        if without is None:
            return None
        value = best.value - without.value
        return Evaluation(value, value, best, without)

    def without_product(self) -> Optimum | None:
        """The state of largest growth that makes no product."""
        self.lp.set_row(self._product_row, 0.0, 0.0)
        found = self._optimum(self.problem.growth, maximize=True, dual=True)
        self.hold_product(-np.inf)
        return found

    def hold(self, response: Response, effects: Collection[int]) -> bool:
        """Restrict to the response after some effects; whether the cell can grow.

        How far it can grow is asked first: a state at min_growth may use less than the engine's tolerance of what the
        cell needs, one of largest growth does not.
        """
        self.apply(effects)
        if response is Response.VIABLE:
            best = self.max_growth()
            if best is None or not self.grows(best.value):
                return False
            self.hold_viable_response()
        elif self.hold_growth_response() is None:
            return False
        if response is Response.PFBA:
            self.hold_least_total_flux()
        return True

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state violates, as a set; all others can hold without changing anything there."""
        targets = self.problem.targets
        flags = np.zeros(targets.n_effects, bool)
        flags[targets.owner[self._violated(fluxes)]] = True
        return bits(flags)

    def _violated(self, fluxes: np.ndarray) -> np.ndarray:
        flux = fluxes[self.problem.targets.column]
        return (flux > self._most) | (flux < self._least)

    def least_yield(self) -> float | None:
        """Least product per substrate over the held response; None if none of its states takes any up.

        Dinkelbach's iteration for a ratio of linear functions (doi:10.1287/mnsc.13.7.492): minimize
        v_p - r * uptake, with r the ratio of the last state, until nothing is below zero.
        """
        start = self._optimum(self.problem.uptake, maximize=True)
        if start is None or start.value <= ACTIVE_FLUX:
            return None
        ratio = float(self.problem.product @ start.fluxes) / start.value
        for _ in range(50):
            better = self._optimum(self.problem.product - ratio * self.problem.uptake, maximize=False)
            uptake = float(self.problem.uptake @ better.fluxes)
            if better.value >= -FEASIBILITY * 10 or uptake <= ACTIVE_FLUX:
                break
            ratio = float(self.problem.product @ better.fluxes) / uptake
        return ratio


def respond(problem: Problem, design: Collection[int]) -> Outcome | None:
    """Everything reported of a design, from a fresh engine, so that no earlier solve leaves a trace.

    None if the design cannot grow at min_growth.
    """
    follower, effects = Follower(problem), problem.targets.effects(design)
    follower.apply(effects)
    if follower.hold_growth_response() is None:
        return None
    most, least = follower.product(maximize=True), follower.product(maximize=False)
    growth = least if problem.maximizes_growth else follower.max_growth()
    follower.apply(effects)
    follower.hold_viable_response()
    follower.lp.restart()
    return Outcome(
        growth=float(problem.growth @ growth.fluxes),
        product_min=least.value,
        product_max=most.value,
        product_min_at_min_growth=follower.product(maximize=False).value,
        product_max_at_min_growth=follower.product(maximize=True).value,
    )
