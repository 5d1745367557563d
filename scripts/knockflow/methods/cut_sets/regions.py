"""What a cut set has to do: regions of states that it must suppress, and others that it must protect.

A region holds the states that meet some linear inequalities; a nested one only those among them that maximize an
objective of the cell. Suppressed means that no state of the region is left, protected that one is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.tolerances import FEASIBILITY
from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.language.ids import Known
from knockflow.language.inequalities import inequality
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import Verdict
from knockflow.problem.problem import Problem


@dataclass(frozen=True)
class Demand:
    """A region, lower <= rows v <= upper, with the objective of a nested one; whether it is to be protected."""

    rows: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    objective: np.ndarray | None
    protect: bool

    def in_units_of(self, unit: float) -> "Demand":
        """The same region with fluxes in multiples of a unit."""
        return replace(self, lower=self.lower / unit, upper=self.upper / unit)


THRESHOLD_IN_UNITS = 1 / 64
"""What the smallest threshold of a case comes to, at least, in its unit of flux."""


def unit_of(required: Iterable[Demand]) -> float:
    """The unit in which fluxes are counted (mmol/gDW/h, 1/h for growth): 1, or less where thresholds are small.

    A follower whose fluxes and bounds are all divided by one number has the same states. So a small threshold can be
    made as large as any other beside the tolerances of an engine: growth of 1e-4 that needs 1e-6 of something turns
    over 1e-10 of it, of which an engine that looks to 1e-9 sees nothing, but 1e-8 once growth is counted in units of
    0.01. A much smaller unit would make the bounds so large that rounding errors grow. Powers of 2 round nothing.
    """
    ends = np.abs(np.concatenate([end for demand in required for end in (demand.lower, demand.upper)] or [[]]))
    least = ends[np.isfinite(ends) & (ends > 0)].min(initial=THRESHOLD_IN_UNITS)
    return 2.0 ** np.floor(np.log2(least / THRESHOLD_IN_UNITS))


def demands(problem: Problem, options: Mapping) -> list[Demand]:
    """Those of a formulation in the configuration: what is protected first.

    Raises
    ------
    ConfigError
        If a region names a reaction that the model does not have.
    """
    found = []
    for key in ("protect", "suppress"):
        for texts, maximize in _regions(options[key]):
            found.append(_demand(problem, key, texts, maximize))
    return found


def _regions(items: Iterable) -> list[tuple[list[str], Mapping[str, float] | None]]:
    """Inequalities and objective of each region; a list of inequalities by itself is one region."""
    items = list(items)
    if items and all(isinstance(item, str) for item in items):
        return [(items, None)]
    regions = []
    for item in items:
        if isinstance(item, Mapping):
            regions.append((list(item["where"]), item["maximize"]))
        else:
            regions.append(([item] if isinstance(item, str) else list(item), None))
    return regions


def _demand(problem: Problem, key: str, texts: list[str], maximize: Mapping[str, float] | None) -> Demand:
    limits = [inequality(text) for text in texts]
    rows = [_vector(problem, limit.coefficients, f"{key}: `{text}`") for limit, text in zip(limits, texts, strict=True)]
    return Demand(
        rows=np.array(rows).reshape(len(rows), len(problem.columns)),
        lower=np.array([-np.inf if limit.sense == "<=" else limit.bound for limit in limits]),
        upper=np.array([np.inf if limit.sense == ">=" else limit.bound for limit in limits]),
        objective=None if maximize is None else _vector(problem, maximize, f"{key}: maximize"),
        protect=key == "protect",
    )


def _vector(problem: Problem, coefficients: Mapping[str, float], where: str) -> np.ndarray:
    """A linear function of the model's reactions as one of the columns."""
    number = {reaction: position for position, reaction in enumerate(problem.reactions)}
    known, weight = Known(number), np.zeros(len(problem.reactions))
    for reaction, value in coefficients.items():
        name = known.reaction(reaction)
        if name is None:
            near = suggestion(reaction, number)
            raise ConfigError(f"{where}: no reaction `{reaction}` in the model{near}")
        weight[number[name]] += value
    return problem.members.T @ weight


class RegionFollower(Follower):
    """The cell's linear program with the rows of a region, which are free until they are asked for."""

    def __init__(self, problem: Problem, demand: Demand):
        self.demand, self._first = demand, len(problem.rows)
        super().__init__(
            problem.extended(
                [Row(f"inequality {k} of a region", -np.inf, np.inf, row) for k, row in enumerate(demand.rows)],
                objective=problem.objective if demand.objective is None else demand.objective,
            )
        )

    def best(self, effects: Collection[int]) -> np.ndarray | None:
        """A state of largest objective; None if the follower has no state."""
        best = self.max_objective(self.after(effects))
        return None if best is None else best.fluxes

    def inside(self, effects: Collection[int]) -> np.ndarray | None:
        """A state of the region that some effects leave; None if there is none."""
        states = self.after(effects)
        if self.demand.objective is not None:
            best = self.max_objective(states)
            if best is None:
                return None
            states = self.optimal(states, best)
        *others, last = range(len(self.demand.rows))
        for k in others:
            states = self._within(states, k)
        return self._reaching(states, last)

    def _reaching(self, states: States, row: int) -> np.ndarray | None:
        """A state that also meets one more row, found by going as far as possible: such a program has a solution."""
        lower, upper = self.demand.lower[row], self.demand.upper[row]
        rising = np.isfinite(lower)
        if rising and np.isfinite(upper):
            states = self._within(states, row)
        goal, needed = (self.demand.rows[row], lower) if rising else (-self.demand.rows[row], -upper)
        state = self.optimum(goal, states, maximize=True, dual=True, needed=needed)
        if state is None:
            return None
        return state.fluxes if state.value >= needed - FEASIBILITY else self._second_word(states, goal, needed)

    def _second_word(self, states: States, goal: np.ndarray, needed: float) -> np.ndarray | None:
        """A state that has what is needed, where an optimum was below it; None where that is proven, or found again.

        Prices prove it (`knockflow.follower.states`), but for a nested region, whose largest objective is no bound of
        the cell.
        """
        if self.demand.objective is not None or self._proves(states, goal, needed):
            return None
        for verdict in self.lp.others():
            if verdict is Verdict.INFEASIBLE or (verdict is Verdict.OPTIMAL and self._proves(states, goal, needed)):
                return None
            if verdict is Verdict.OPTIMAL and self.lp.value >= needed - FEASIBILITY:
                state = self._state()
                if state is not None:
                    return state.fluxes
        return None

    def _proves(self, states: States, goal: np.ndarray, needed: float) -> bool:
        """Whether the prices of the last program, which was about these states, show that none has what is needed."""
        prices = self.lp.row_duals()[: len(self.problem.rows)]
        lower, upper = self.problem.row_lower.copy(), self.problem.row_upper.copy()
        for row, ends in states.rows.items():
            if row not in self.rows:
                lower[row], upper[row] = ends
        return self._balances.most(goal, prices, (lower, upper), (self._lower, self._upper)) < needed

    def _within(self, states: States, k: int) -> States:
        """Those of some states that meet one of the region's inequalities."""
        return states.limited(self._first + k, float(self.demand.lower[k]), float(self.demand.upper[k]))
