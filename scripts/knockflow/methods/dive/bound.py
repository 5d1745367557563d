"""The fewest interventions that can meet an aim, as far as states and conflicts tell: a hitting-set program.

    min  sum_t y_t
    sum over effects e that state w violates of z_e  +  sum over r in R_w of (1 - x_r)  >= 1    for each row (w, R_w)
    z_e <= x_r    for each restriction r that e needs
    sum over r in C of x_r  <=  |C| - 1    for each conflict C

x_r is y_t where the restriction r puts target t into the design, else 1 - y_t. Every design that meets the aim is a
solution, so the optimum bounds its number of interventions from below; and where the optimal set itself meets the aim,
it has the fewest (the implicit hitting set approach: Moreno-Centeno & Karp 2013, doi:10.1287/opre.1120.1139).
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from knockflow.follower.respond import Design
from knockflow.follower.witness_pool import members
from knockflow.methods.dive.aims import Aim
from knockflow.methods.dive.met import Met
from knockflow.problem.leader import Targets

OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_max_nodes": 2000}
"""Of HiGHS. Nodes end it in place of seconds: what it then knows is a bound, too, and the same in every run."""

LEAST_SECONDS = 0.1
"""How long HiGHS may take at least: what it has not begun it says nothing of."""

Inequality = tuple[Mapping[int, float], float]
"""Coefficients by variable, and what their sum must be no less than."""


@dataclass(frozen=True)
class Fewest:
    """The optimum of the program.

    `interventions` bounds their number from below, those that every design contains among them; infinite where no
    set is left. `proposal` is a set that hits all.
    """

    interventions: float
    proposal: Design | None


def fewest(aim: Aim, met: Met, most: int | None = None, seconds: float | None = None) -> Fewest:
    """The least set that hits all states which an aim has been seen to be spoilt by.

    With `most` only sets of at most so many interventions count, which is faster where there are none. After `seconds`
    what is known by then counts.
    """
    problem, targets = aim.problem, aim.problem.targets
    program = _Program(targets, aim.space.forbidden)
    for hits, within in dict.fromkeys(met.holding(aim)):
        program.hit(hits, within)
    for one in dict.fromkeys(met.lethal(aim)):
        program.refuse(one)
    for group in targets.exclusive():
        program.at_most_one(group)
    for kind, of_kind in aim.limits.max_per_kind.items():
        own = [target for target, other in enumerate(targets.kind) if other == kind]
        program.at_most(dict.fromkeys(own, 1.0), of_kind - problem.forced_kinds.count(kind))
    if aim.limits.max_cost is not None:
        costs = {target: float(one) for target, one in enumerate(targets.cost)}
        program.at_most(costs, aim.limits.max_cost + 1e-9 - problem.forced_cost)
    if most is not None:
        program.at_most(dict.fromkeys(range(len(targets)), 1.0), most - len(problem.forced))
    found = program.solve(seconds)
    return Fewest(found.interventions + len(problem.forced), found.proposal)


class _Program:
    """The program while it is put together: targets first, then effects that need more than one decision."""

    def __init__(self, targets: Targets, forbidden: int):
        self._targets, self._forbidden = targets, forbidden
        self._n, self._joint = len(targets), {}
        self._rows: list[Inequality] = []

    def hit(self, hits: int, within: Collection[int]) -> None:
        """Ask for one of some effects, of designs with some restrictions."""
        terms, constant = {}, 0.0
        literals = [self._holds(effect) for effect in members(hits & ~self._forbidden)]
        literals += [self._negated(self._literal(restriction)) for restriction in sorted(within)]
        for variable, sign, offset in literals:
            terms[variable] = terms.get(variable, 0.0) + sign
            constant += offset
        self._rows.append((terms, 1.0 - constant))

    def refuse(self, restrictions: Collection[int]) -> None:
        """Ask for the opposite of one of some restrictions."""
        self.hit(0, restrictions)

    def at_most_one(self, group: Collection[int]) -> None:
        """Allow one target of a group."""
        self.at_most(dict.fromkeys(sorted(group), 1.0), 1.0)

    def at_most(self, terms: Mapping[int, float], most: float) -> None:
        """Bound a sum over targets from above."""
        self._rows.append(({target: -value for target, value in terms.items()}, -most))

    def _literal(self, restriction: int) -> tuple[int, float, float]:
        """x_r as sign * y_t + offset."""
        applied = bool(self._targets.applies[restriction])
        return restriction % self._n, 1.0 if applied else -1.0, 0.0 if applied else 1.0

    def _negated(self, literal: tuple[int, float, float]) -> tuple[int, float, float]:
        variable, sign, offset = literal
        return variable, -sign, 1.0 - offset

    def _holds(self, effect: int) -> tuple[int, float, float]:
        """Whether an effect holds: the one decision that it needs, or a variable no more than each of several."""
        needs = self._targets.needs(effect).tolist()
        if len(needs) == 1:
            return self._literal(needs[0])
        if effect not in self._joint:
            number = self._joint[effect] = self._n + len(self._joint)
            for variable, sign, offset in map(self._literal, needs):
                self._rows.append(({variable: sign, number: -1.0}, -offset))
        return self._joint[effect], 1.0, 0.0

    def solve(self, seconds: float | None) -> Fewest:
        """Call HiGHS; where its nodes or seconds are spent its bound counts, and its best set."""
        from highspy import Highs, HighsModelStatus, ObjSense

        if any(not terms and least > 0 for terms, least in self._rows):
            return Fewest(math.inf, None)
        highs = Highs()
        for option, value in OPTIONS.items():
            highs.setOptionValue(option, value)
        if seconds is not None:
            highs.setOptionValue("time_limit", max(seconds, LEAST_SECONDS))
        n = self._n + len(self._joint)
        columns = np.arange(n, dtype=np.int32)
        highs.addVars(n, np.zeros(n), np.ones(n))
        highs.changeColsCost(n, columns, np.where(columns < self._n, 1.0, 0.0))
        highs.changeColsIntegrality(n, columns, np.full(n, 1, dtype=np.uint8))
        for terms, least in self._rows:
            own = np.fromiter(terms, np.int32, len(terms))
            highs.addRow(least, math.inf, len(terms), own, np.fromiter(terms.values(), float, len(terms)))
        highs.changeObjectiveSense(ObjSense.kMinimize)
        highs.run()
        if highs.getModelStatus() == HighsModelStatus.kInfeasible:
            return Fewest(math.inf, None)
        info = highs.getInfo()
        if not math.isfinite(info.mip_dual_bound):
            return Fewest(0, None)
        values = np.array(highs.getSolution().col_value)
        return Fewest(max(0, math.ceil(info.mip_dual_bound - 1e-6)), self._design(values, info.primal_solution_status))

    def _design(self, values: np.ndarray, status: int) -> Design | None:
        feasible = 2
        return frozenset(np.flatnonzero(values[: self._n] > 0.5).tolist()) if status == feasible else None
