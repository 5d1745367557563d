"""What a cut set has to do: regions of states that it must suppress, and others that it must protect.

A region holds the states that meet some linear inequalities; a nested one only those among them that maximize an
objective of the cell. Suppressed means that no state of the region is left, protected that one is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from knockflow.errors import ConfigError, suggestion
from knockflow.ids import Known
from knockflow.linear import inequality
from knockflow.problem import Problem
from knockflow.respond import Follower
from knockflow.sparse import Sparse
from knockflow.tolerances import FEASIBILITY, GROWTH_FLOOR


@dataclass(frozen=True)
class Demand:
    """A region, lower <= rows v <= upper, with the objective of a nested one; whether it is to be protected."""

    rows: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    objective: np.ndarray | None
    protect: bool


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
    members = problem.members
    return np.array([float(weight[index] @ factor) for index, factor in (members[j] for j in range(len(members)))])


class RegionFollower(Follower):
    """The cell's linear program with the rows of a region, which are free until they are asked for."""

    def __init__(self, problem: Problem, demand: Demand):
        self.demand, self._first = demand, len(problem.rows)
        extra, n = len(demand.rows), len(problem.columns)
        columns = [
            [
                *zip(*problem.matrix[j], strict=True),
                *((self._first + k, row[j]) for k, row in enumerate(demand.rows) if row[j]),
            ]
            for j in range(n)
        ]
        super().__init__(
            replace(
                problem,
                rows=(*problem.rows, *(f"region {k}" for k in range(extra))),
                row_lower=np.append(problem.row_lower, np.full(extra, -np.inf)),
                row_upper=np.append(problem.row_upper, np.full(extra, np.inf)),
                matrix=Sparse.of(columns),
                objective=problem.objective if demand.objective is None else demand.objective,
            )
        )

    def best(self, effects: Collection[int]) -> np.ndarray | None:
        """A state of largest objective; None if the follower has no state."""
        self._free(effects)
        best = self.max_objective()
        return None if best is None else best.fluxes

    def inside(self, effects: Collection[int]) -> np.ndarray | None:
        """A state of the region that some effects leave; None if there is none."""
        self._free(effects)
        if self.demand.objective is not None and not self._hold_best():
            return None
        *others, last = range(len(self.demand.rows))
        for k in others:
            self.lp.set_row(self._first + k, self.demand.lower[k], self.demand.upper[k])
        return self._reaching(last)

    def _hold_best(self) -> bool:
        """Restrict to the states of largest objective; whether there are any."""
        best = self.max_objective()
        if best is None:
            return False
        self._hold_face(maximized=True)
        self.hold_objective(best.product - (1 - GROWTH_FLOOR) * abs(best.product))
        return True

    def _reaching(self, row: int) -> np.ndarray | None:
        """A state that also meets one more row, found by going as far as possible: such a program has a solution."""
        rising = np.isfinite(self.demand.lower[row])
        if rising and np.isfinite(self.demand.upper[row]):
            self.lp.set_row(self._first + row, self.demand.lower[row], self.demand.upper[row])
        state = self._optimum(self.demand.rows[row], maximize=bool(rising), dual=True)
        if state is None:
            return None
        short = self.demand.lower[row] - state.product if rising else state.product - self.demand.upper[row]
        return None if short > FEASIBILITY else state.fluxes

    def _free(self, effects: Collection[int]) -> None:
        self.apply(effects)
        for k in range(len(self.demand.rows)):
            self.lp.set_row(self._first + k, -np.inf, np.inf)
