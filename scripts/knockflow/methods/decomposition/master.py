"""The master program: which design, by all cuts so far, could be worth most.

y_t = 0 decides the restriction of target t (`knockflow.problem.leader`), y_t = 1 its opposite, as in the single-level
models. x_e = 1 - h_e is 0 where effect e holds. z is what a design can be worth by the cuts, and at least the floor
below which no design is wanted:

    max z   subject to   floor <= z <= top,   the limits,   and for every cut on the value   z <= f(h)

A cut whose bound lies below the floor says only which effects a wanted design must have, or leave out; such a one, like
one on growth, is written without z:  sum of w_e / (needed - bound) h_e or (1 - h_e) >= 1,  no share above 1. Shares are
rounded up to whole percents: with tiny ones HiGHS has called a master infeasible that was not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import pyomo.environ as pyo

from knockflow.designs.ranking import Limits
from knockflow.follower.respond import Design
from knockflow.methods.decomposition.cuts import Cut
from knockflow.methods.single_level.program import decisions
from knockflow.numerics.mip_logs import Tell
from knockflow.numerics.mip_solvers import MipResult, MipStatus, Solver
from knockflow.problem.problem import Problem

NEAR = 1e-6
"""Share of its size by which a number must be missed before a design is ruled out."""

GRAIN = 0.01
"""The least coefficient, and the step of coefficients, of a covering inequality: rounded up they rule out no more."""


@dataclass(frozen=True)
class Proposal:
    """The design of a solved master, if there is one, what the cuts still allow it, and the solver's verdict."""

    design: Design | None
    bound: float
    result: MipResult


class Master:
    """Decisions, limits and cuts; with a floor that can rise.

    Parameters
    ----------
    floor, top
        Between which values designs are wanted and possible (mmol/gDW/h; 1/h for a coupling potential).
    """

    def __init__(self, problem: Problem, limits: Limits, floor: float, top: float):
        self.problem, self.targets, self.top = problem, problem.targets, top
        self.model = decisions(problem, limits)
        self.model.z = pyo.Var(bounds=(floor, max(floor, top)))
        self.model.x = pyo.VarList(bounds=(0, 1))
        self.model.goal = pyo.Objective(expr=-self.model.z)
        self._held: dict[int, object] = {}
        self._values: list[tuple[Cut, object]] = []
        self._exhausted = False

    @property
    def floor(self) -> float:
        """The value below which no design is wanted."""
        return self.model.z.lb

    def raise_floor(self, floor: float) -> None:
        """Want only designs worth so much; cuts that lie below then need no z."""
        if floor <= self.floor:
            return
        self.model.z.setlb(floor)
        self.model.z.setub(max(floor, self.top))
        values, self._values = self._values, []
        for cut, row in values:
            row.deactivate()
            self.limit_value(cut)

    def limit_value(self, cut: Cut) -> None:
        """Bound the value of all designs."""
        if cut.bound < self.floor - NEAR * max(1.0, abs(self.floor)):
            self.demand(cut, self.floor)
        elif cut.bound < self.top:
            # z <= bound + sum w_e h_e + sum w_e (1 - h_e)
            least = GRAIN * (self.top - cut.bound)
            row = self.model.cuts.add(self.model.z <= cut.bound + self._sum(cut, lambda weight: max(weight, least)))
            self._values.append((cut, row))

    def demand(self, cut: Cut, needed: float) -> None:
        """Ask that a number reach what is needed, where a cut bounds it."""
        short = needed - cut.bound
        if short > 0:
            self._cut_off(self._sum(cut, lambda weight: min(1.0, GRAIN * ceil(weight / short / GRAIN))))

    def exclude(self, restrictions: Iterable[int], hits: Iterable[int] = ()) -> None:
        """Rule out all designs that decide some restrictions and have none of some effects."""
        undecided = sum(self._undecided(restriction) for restriction in sorted(restrictions))
        self._cut_off(undecided + sum(1 - self._open(effect) for effect in sorted(hits)))

    def useless(self, design: Design, value: float) -> None:
        """Rule out all larger designs that are not worth more."""
        chosen = (self.model.y[t] if self.targets.adds[t] else 1 - self.model.y[t] for t in sorted(design))
        missing = sum(1 - inside for inside in chosen)
        # z >= value - (value - floor) * (number of targets of the design that are missing)
        if value > self.floor:
            self.model.cuts.add(self.model.z >= value - (value - self.floor) * missing)

    def _cut_off(self, left) -> None:
        """Demand that something is left open; a sum without variables leaves nothing to search."""
        if isinstance(left, int | float):
            self._exhausted = True
        else:
            self.model.cuts.add(left >= 1)

    def _sum(self, cut: Cut, coefficient: Callable[[float], float]):
        """The weighted part of a cut, with a coefficient for each weight."""
        hit = sum(
            coefficient(weight) * (1 - self._open(effect)) for effect, weight in sorted(cut.hit.items()) if weight
        )
        return hit + sum(coefficient(weight) * self._open(e) for e, weight in sorted(cut.restored.items()) if weight)

    def _undecided(self, restriction: int):
        """1 where a restriction is not decided; one from the number of targets on is an opposite."""
        n = len(self.targets)
        return self.model.y[restriction] if restriction < n else 1 - self.model.y[restriction - n]

    def _open(self, effect: int):
        """x_e: 0 where the effect holds, else 1."""
        if effect not in self._held:
            undecided = [self._undecided(need) for need in self.targets.needs(effect).tolist()]
            self._held[effect] = undecided[0] if len(undecided) == 1 else self._either(undecided)
        return self._held[effect]

    def _either(self, undecided: list):
        """A variable that is 1 where some need is undecided, and 0 where none is."""
        x = self.model.x.add()
        # x_e >= y_t for each t that it needs   and   x_e <= sum y_t
        for y in undecided:
            self.model.cuts.add(x >= y)
        self.model.cuts.add(x <= sum(undecided))
        return x

    def propose(
        self, solver: Solver, seconds: float | None, log: str | Path | None, tell: Tell, stop: Callable[[], bool]
    ) -> Proposal:
        """Solve; a design that no cut rules out, and the most that any of them can be worth."""
        if self._exhausted:
            return Proposal(None, -float("inf"), MipResult(MipStatus.INFEASIBLE, None, float("inf"), 0.0))
        y = self.model.y
        result = solver.minimize(self.model, list(y.values()), seconds, log, tell, stop)
        if result.status not in (MipStatus.OPTIMAL, MipStatus.FEASIBLE):
            return Proposal(None, -result.bound, result)
        restrictions = [t for t in y if y[t].value < 0.5]
        return Proposal(self.targets.design(restrictions), -result.bound, result)
