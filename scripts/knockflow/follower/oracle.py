"""The oracle's engine: optima over states of the cell, by linear programs on one warm-started simplex.

A design is a set of target numbers; the follower is put under its effects. Every call says which states it is about
(`knockflow.follower.held`); the engine is brought there from where the last call has left it, and that makes a call
faster, never another one. What the cell does after a design is in `knockflow.follower.responses`.

Of a follower with integers, prices tell nothing of other values of the integers, and with driving forces nothing of
other directions. There the objective's floor alone holds while these are sought, and the exact face is that of the
linear program in which they are fixed (`knockflow.follower.exact_face`).
"""

from collections.abc import Collection
from functools import cached_property

import numpy as np

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import ACTIVE_FLUX, FEASIBILITY, GROWTH_FLOOR, REDUCED_COST
from knockflow.follower.conflict_pool import ConflictPool, shared_pool
from knockflow.follower.exact_face import closing, ways_to_fix
from knockflow.follower.held import GROWTH, OBJECTIVE, PRODUCT, TOTAL_FLUX, Ends, States
from knockflow.follower.idle_enzymes import Spare
from knockflow.follower.signs import Signs
from knockflow.follower.states import Balances, Optimum
from knockflow.follower.witness_pool import bits
from knockflow.numerics.branch_and_bound import MixedInteger
from knockflow.numerics.conflict_search import ConflictSearch, literals, numbers
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.bounds import widened
from knockflow.problem.problem import Problem

FREE = (-np.inf, np.inf)


class Follower:
    """The cell's linear program, with designs applied and taken back on one warm-started engine.

    With driving forces, the conflict sets of `pool` are known from the start; by default it is the process's own.
    """

    def __init__(self, problem: Problem, pool: ConflictPool | None = None):
        self.problem = problem
        self.integers = np.flatnonzero(problem.integer)
        goals = {GROWTH: problem.growth, OBJECTIVE: problem.objective, PRODUCT: problem.product}
        goals |= {TOTAL_FLUX: problem.total_flux} if problem.total_flux.size else {}
        self.rows = {name: len(problem.rows) + number for number, name in enumerate(goals)}
        # -inf <= goal'v <= inf, until a call limits it
        lp = LP(problem.follower.extended(Row(f"{name} of the cell", *FREE, goal) for name, goal in goals.items()))
        self.lp = MixedInteger(lp, problem.lower, problem.upper, self.integers) if self.integers.size else lp
        self._spare, self._balances = Spare(problem), Balances(problem)
        self.signs: Signs | None = None
        if problem.driving_forces is not None:
            self.signs = Signs(problem, pool or shared_pool(problem.driving_forces))
            self.lp = ConflictSearch(self.lp, problem.lower, problem.upper, self.signs, self._tidy)
            self.lp.required = self.signs.always()
        targets = problem.targets
        self._least, self._most = widened(targets.lower, targets.upper)
        self.ranged_rows = set(np.flatnonzero(problem.row_lower != problem.row_upper).tolist())
        # Where the engine stands.
        self._states = States()
        self._after: dict[int, Ends] = {}
        self._lower, self._upper = problem.lower.copy(), problem.upper.copy()
        self._last: Optimum | None = None
        self._beyond: tuple[float, Follower] | None = None

    def after(self, effects: Collection[int]) -> States:
        """The states that some effects leave: their bounds hold, all others are the problem's own."""
        return States(effects)

    def growing(self, effects: Collection[int]) -> States:
        """Those of them with growth >= min_growth."""
        return self.growing_among(States(effects))

    def growing_among(self, states: States) -> States:
        """Those of some states with growth >= min_growth, with the slack that `grows` allows."""
        return states.growing(self.problem.min_growth - FEASIBILITY)

    def _hold(self, states: States) -> None:
        """Bring the engine to some states: all anew, or only what differs where they were made from the same ones."""
        now, self._states = self._states, states
        if states is now:
            return
        anew = states.first is not now.first
        fixed = set(now.fixed) if anew else now.fixed.keys() - states.fixed.keys()
        if anew:
            self._apply(states, fixed)
        else:
            for column in fixed:
                self._set(column, *self._after.get(column, self._own(column)))
        for column, flux in states.fixed.items():
            if anew or now.fixed.get(column) != flux:
                self._set(column, flux, flux)
        for row in now.rows.keys() - states.rows.keys():
            self.lp.set_row(self.rows.get(row, row), *self._own_ends(row))
        for row, ends in states.rows.items():
            if now.rows.get(row) != ends:
                self.lp.set_row(self.rows.get(row, row), *ends)

    def _apply(self, states: States, fixed: set[int]) -> None:
        """Set the bounds that effects and closed directions leave, also of columns that were fixed."""
        own_lower, own_upper, targets = self.problem.lower, self.problem.upper, self.problem.targets
        lower, upper = {}, {}
        for column, (least, most) in closing(states.closed).items():
            lower[column], upper[column] = max(own_lower[column], least), min(own_upper[column], most)
        for effect in states.effects:
            for entry in range(targets.start[effect], targets.start[effect + 1]):
                column = int(targets.column[entry])
                lower[column] = max(lower.get(column, own_lower[column]), targets.lower[entry])
                upper[column] = min(upper.get(column, own_upper[column]), targets.upper[entry])
        for column in (fixed | self._after.keys()) - lower.keys():
            self._set(column, own_lower[column], own_upper[column])
        self._after = {column: (lower[column], upper[column]) for column in lower}
        for column, ends in self._after.items():
            self._set(column, *ends)

    def _own(self, column: int) -> Ends:
        return self.problem.lower[column], self.problem.upper[column]

    def _own_ends(self, row: str | int) -> Ends:
        return FREE if row in self.rows else (self.problem.row_lower[row], self.problem.row_upper[row])

    def _set(self, column: int, lower: float, upper: float) -> None:
        self._lower[column], self._upper[column] = lower, upper
        self.lp.set_column(column, lower, upper)

    def restart(self, states: States) -> None:
        """Begin anew with some states, so that no earlier program leaves a trace in the next result."""
        self._hold(states)
        self.lp.restart()

    def max_growth(self, states: States) -> Optimum | None:
        """The state of maximal growth, None if there is no state.

        If that is below min_growth, it is no less than the true one, but the fluxes are the engine's.
        """
        return self.optimum(self.problem.growth, states, maximize=True, dual=True, needed=self.problem.min_growth)

    def max_objective(self, states: States) -> Optimum | None:
        """The state of maximal objective."""
        return self.optimum(self.problem.objective, states, maximize=True, dual=True)

    def largest_objective(self, states: States) -> Optimum | None:
        """A value that no state's objective exceeds, the maximum but for tolerances; the fluxes are the engine's."""
        return self.optimum(self.problem.objective, states, maximize=True, dual=True, needed=np.inf)

    def grows(self, growth: float) -> bool:
        """Whether a growth rate meets the case's min_growth."""
        return growth >= self.problem.min_growth - FEASIBILITY

    def least_total_flux(self, states: States) -> Optimum | None:
        """The state of least total flux."""
        return self.optimum(self.problem.total_flux, states, maximize=False)

    def without_product(self, states: States) -> Optimum | None:
        """The state of largest growth that makes no product."""
        if self.signs is None:
            return self.optimum(self.problem.growth, states.making(0.0, 0.0), maximize=True, dual=True)
        self.lp.required = 0  # such states need not grow at min_growth
        found = self.optimum(self.problem.growth, states.making(0.0, 0.0), maximize=True, dual=True)
        self.lp.required = self.signs.always()
        return found

    def product(self, states: States, maximize: bool, dual: bool = False) -> Optimum | None:
        """The state with most or least product, None if there is no state.

        `dual` says that the last program had the same goal, so that the dual simplex goes on from there.
        """
        return self._end(self.problem.product, states, maximize, dual)

    def least_of_second(self, states: States) -> Optimum | None:
        """The state with least of the second product, None if there is no state."""
        return self._end(self.problem.then, states, maximize=False)

    def _end(self, goal: np.ndarray, states: States, maximize: bool, dual: bool = False) -> Optimum | None:
        found = self.optimum(goal, states, maximize, dual)
        exact = found is None or states.again is None or self.problem.linear
        return found if exact else self._exact(goal, states, found, maximize)

    @cached_property
    def _linear(self) -> "Follower":
        """The same follower without integers and driving forces, for programs in which they are fixed."""
        return Follower(self.problem.relaxed())

    def _exact(self, goal: np.ndarray, states: States, found: Optimum, maximize: bool) -> Optimum:
        """A state of a response on the exact face of a linear program with a state's integers and directions.

        What is left of the face's own states without a conflict is sought there.
        """
        whole = dict(zip(self.integers.tolist(), found.fluxes[self.integers].tolist(), strict=True))
        for closed in ways_to_fix(self.signs, self.lp, found.fluxes):
            held = states.again(self._linear, States(states.effects, closed=closed).fixing(whole))
            engine = self._linear if self.signs is None else self
            exact = None if held is None else engine.optimum(goal, held, maximize)
            if exact is not None:
                return exact
        return found

    def possible(self, fluxes: np.ndarray) -> bool:
        """Whether the directions of a state of the linear program can be driven all at once."""
        return self.signs is None or not self.signs.conflict(literals(fluxes))

    def around(self, fluxes: np.ndarray) -> Problem:
        """A linear problem that holds a state of the follower, and nothing that is none."""
        if self.signs is None:
            return self.problem.with_integers(fluxes)
        against = self.signs.against(literals(fluxes))
        return self.problem.with_integers(fluxes).without_directions(numbers(against))

    def optimal(self, states: States, best: Optimum) -> States:
        """Those states that are as good as the optimum of the cell's objective over them, which was found last.

        They lie on the exact face of that linear program, where every column with a nonzero reduced cost stays at its
        bound (complementary slackness); the objective is also held at GROWTH_FLOOR of its maximum, which alone would
        let values drift by its slack times a slope that reaches hundreds.
        """
        face = self.face(states, best, maximized=True) if self.problem.linear else states
        return face.reaching(best.value - (1 - GROWTH_FLOOR) * abs(best.value))

    def face(self, states: States, optimum: Optimum, maximized: bool) -> States:
        """Those states that fix what has a nonzero price at an optimum: a price means that it stands at a bound."""
        self._check_last(optimum)
        upwards = 1 if maximized else -1
        reduced, fixed = upwards * self.lp.reduced_costs(), {}
        for column in np.flatnonzero(np.abs(reduced) > REDUCED_COST).tolist():
            fixed[column] = float(self._upper[column] if reduced[column] > 0 else self._lower[column])
        duals, rows = upwards * self.lp.row_duals() if self.ranged_rows else (), {}
        for row in self.ranged_rows - states.rows.keys():
            if abs(duals[row]) > REDUCED_COST:
                bound = self.problem.row_upper[row] if duals[row] > 0 else self.problem.row_lower[row]
                rows[row] = bound, bound
        return states.fixing(fixed, rows)

    def prices(self, optimum: Optimum) -> tuple[np.ndarray, np.ndarray]:
        """Reduced costs of the columns and prices of the rows at an optimum, which must be what was found last.

        Raises
        ------
        SolverError
            If another program has been solved since.
        """
        self._check_last(optimum)
        return self.lp.reduced_costs(), self.lp.row_duals()

    def _check_last(self, optimum: Optimum) -> None:
        if optimum is not self._last:
            raise SolverError("prices are those of the last program; read them before the next one is solved")

    def optimum(
        self, goal: np.ndarray, states: States, maximize: bool, dual: bool = False, needed: float | None = None
    ) -> Optimum | None:
        """The optimum of a linear function over some states; None if there is no state.

        Where less than what is needed, to be maximized, is found there is no need for a state: a linear program's
        tolerances enlarge it, so that its optimum bounds the true one.

        Raises
        ------
        SolverError
            If there is none because it is unbounded, or if no solution is a state (`knockflow.follower.states`).
        """
        self._hold(states)
        self.lp.set_objective(goal, maximize)
        # A bound that is asked for alone is to be as low as it can be.
        enough = () if self.signs is None or needed is None or np.isinf(needed) else (needed,)
        verdict = self.lp.solve(dual, *enough)
        if verdict is Verdict.UNBOUNDED:
            raise SolverError("growth or product is unbounded: give the model finite bounds, or let `repair` clip them")
        self._last = None
        if verdict is Verdict.OPTIMAL and needed is not None and self.lp.value < needed - FEASIBILITY:
            self._last = Optimum(self.lp.value, self.lp.primals())
        elif verdict is Verdict.OPTIMAL:
            self._last = self._state() or self._again()
        return self._last

    def _state(self) -> Optimum | None:
        """What the last program has found; None if that rests on its tolerance (`knockflow.follower.states`)."""
        fluxes = self._tidy(self.lp.primals(), self._lower, self._upper)
        return None if fluxes is None else Optimum(self.lp.value, fluxes)

    def _tidy(self, fluxes: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        """The state that a solution means, without what it has for nothing; None if it is none."""
        return self._balances.state(self._spare.without(fluxes), lower, upper)

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

    def hits(self, fluxes: np.ndarray) -> int:
        """The effects that a state violates, as a set; all others can hold without changing anything there."""
        targets = self.problem.targets
        flags = np.zeros(targets.n_effects, bool)
        flags[targets.owner[self._violated(fluxes)]] = True
        return bits(flags)

    def _violated(self, fluxes: np.ndarray) -> np.ndarray:
        flux = fluxes[self.problem.targets.column]
        return (flux > self._most) | (flux < self._least)

    def least_yield(self, states: States) -> float | None:
        """Least product per substrate over some states; None if none of them takes any up."""
        least = self.least_ratio(states)
        return None if least is None else least.value

    def least_uptake(self, states: States) -> float | None:
        """The least substrate that any of some states takes up; None if there is no state."""
        least = self.optimum(self.problem.uptake, states, maximize=False)
        return None if least is None else least.value

    def least_ratio(self, states: States, sign: float = 1.0) -> Optimum | None:
        """A state of least `sign` v_p per substrate, and that ratio; None if no state takes any up.

        Dinkelbach's iteration for a ratio of linear functions (doi:10.1287/mnsc.13.7.492): minimize
        v_p - r * uptake, with r the ratio of the last state, until nothing is below zero.
        """
        problem = self.problem
        found = self.optimum(problem.uptake, states, maximize=True)
        if found is None or found.value <= ACTIVE_FLUX:
            return None
        product, fluxes = sign * problem.product, found.fluxes
        ratio = float(product @ fluxes) / found.value
        for _ in range(50):
            better = self.optimum(product - ratio * problem.uptake, states, maximize=False)
            uptake = float(problem.uptake @ better.fluxes)
            if better.value >= -FEASIBILITY * 10 or uptake <= ACTIVE_FLUX:
                break
            ratio, fluxes = float(product @ better.fluxes) / uptake, better.fluxes
        return Optimum(ratio, fluxes)

    def most_ratio(self, states: States) -> Optimum | None:
        """A state of most v_p per substrate, and that ratio; None if none of the states takes any up."""
        found = self.least_ratio(states, sign=-1.0)
        return None if found is None else Optimum(-found.value, found.fluxes)

    def beyond_yield(self, goal: float) -> "Follower":
        """The follower with v_p - goal * uptake in the place of the product, the same one while the goal is."""
        if self._beyond is None or self._beyond[0] != goal:
            problem = self.problem
            shifted = problem.with_follower(product=problem.product - goal * problem.uptake)
            self._beyond = goal, Follower(shifted)
        return self._beyond[1]
