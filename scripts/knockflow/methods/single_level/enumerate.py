"""The single-level program of a formulation, solved again and again: each solve gives the best design left.

A solution only proposes a design; what counts is the oracle's value of it. After a proposal D, which decides the
restrictions R (`knockflow.problem.leader`), these cuts follow:
- D itself, and what is inert:  sum over R of y_t + sum over the effects hit outside D of (1 - x_e) >= 1, since a
  design that decides R and more, with no effect that hits a state of D, has the value and the guarantee of D;
- its useless supersets:  claim >= f - (f - lowest) * (number of targets of D that are missing)  with
  f = guarantee(D) + tolerance, since a superset is minimal only if its value or its guarantee is better, and a value
  is no less than a guarantee; no claim falls below `lowest`;
- a design that cannot grow excludes all that decide R:  sum over R of y_t >= 1.
The list is complete once no design is left whose claim reaches the last place. That rests on the bounds of the
dual variables (`big_m`), which can hide designs; so it is proven only if `tree` or `exhaustive` confirms it.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

import pyomo.environ as pyo

from knockflow.base.clock import Watch
from knockflow.base.errors import SolverError
from knockflow.base.tolerances import VERIFIED, below, close
from knockflow.designs.ranking import BestDesigns, names
from knockflow.designs.result import Result
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members
from knockflow.methods.single_level.big_m import Policy
from knockflow.methods.single_level.closing import with_slacks
from knockflow.methods.single_level.program import SingleLevel
from knockflow.methods.task import Task
from knockflow.numerics.mip_logs import Progress
from knockflow.numerics.mip_solvers import MipResult, MipStatus, Solver

logger = logging.getLogger("knockflow.enumeration")

GROWTH_FACTOR = 10.0
MOST_GROWTHS = 3

LEAST_GAIN = VERIFIED
"""Relative gain (absolute below 1) that a design must claim: smaller ones drown in the solvers' tolerances."""


def enumerate_designs(task: Task, model: Callable[..., SingleLevel], policy: Policy) -> Result:
    """Best minimal designs by mixed-integer programming, with a formulation's model of one method.

    Raises
    ------
    SolverError
        If claims fall short of the oracle's values even with the largest bounds of dual variables.
    """
    best, watch, solver = task.best, task.watch, task.solver()
    run = _Run(best, watch, solver, model, policy, task.log)
    if best.possible:
        run.enumerate()
    return Result(
        ranked=best.ranked,
        # A bound of the model is none of the problem: too small a big-M hides designs, too large a one drowns them.
        bound=best.potential if best.possible else float("-inf"),
        complete=not run.ended and not watch.stopped,
        claims_exact=False,
        doubt=run.ended,
        iterations=run.solves,
        big_m={"policy": policy.name, **asdict(run.big_m)}
        | {"saturated": run.saturated, "grown": run.growths, "overclaims": run.overclaims},
        solver=solver.options.name,
        solver_version=solver.version,
    )


class _Run:
    """One enumeration: the model, its cuts, and what its claims were worth."""

    def __init__(self, best: BestDesigns, watch: Watch, solver: Solver, model: Callable, policy: Policy, log):
        self.best, self.watch, self.solver, self.log = best, watch, solver, log
        self.problem = with_slacks(best.problem, slower=best.behaviour.lives_without)
        self.model, self.policy = model, policy
        self.big_m = policy.bounds(self.problem, best.formulation)
        self.bound = best.potential if best.possible else float("-inf")
        self.solves = self.growths = self.overclaims = 0
        self.saturated = False
        self.ended = ""
        self._cut: dict[Design, Evaluation | None] = {}

    def enumerate(self) -> None:
        """Solve until no design is left that could enter the list, or the watch says stop."""
        wild = self.best.wild_type
        if wild is not None and not self._hit(wild) and not self.problem.targets.adds.any():
            return  # no target touches the wild type's states: every design is an inert superset of it
        single = self._model()
        self._exclude(single, frozenset(), wild)
        while not self.ended and not self.watch.stop():
            proposal = self._propose(single)
            if proposal is None:
                return
            design, claim, most = proposal
            evaluation = self.best.evaluate(design)
            if self._falls_short(design, claim, most, evaluation):
                single = self._rebuild()
                continue
            self._take(single, design, evaluation)
            if self.best.full and below(self.bound, self.best.threshold()):
                return

    def _model(self) -> SingleLevel:
        single = self.model(self.problem, self.best.limits, self.big_m)
        wild = self.best.wild_type
        if self.best.limits.min_value is not None:
            single.model.good_enough = pyo.Constraint(expr=single.claim >= self.best.limits.min_value - LEAST_GAIN)
        if wild is None:
            return single
        # A design as good as the wild type can still beat it by its guarantee, if that leaves room below the value.
        room = LEAST_GAIN if below(wild.guarantee, wild.value) else -LEAST_GAIN
        single.model.beats_wild_type = pyo.Constraint(
            expr=single.claim >= wild.value - room * max(1.0, abs(wild.value))
        )
        return single

    def _propose(self, single: SingleLevel) -> tuple[Design, float, float] | None:
        """The next design, its claim and the model's bound; None if there is none, or if the solver found none."""
        self._raise_floor(single)
        left, binaries = self.watch.seconds_left, list(single.kept.values())
        result = self.solver.minimize(single.model, binaries, left, self.log, self._tell, lambda: self.watch.terminated)
        self.solves += 1
        best = self.best.ranked[0].value if self.best.ranked else None
        self.watch.tick(best, self.bound if best is None else max(best, self.bound))
        if result.status is MipStatus.INFEASIBLE:
            return None
        self.bound = min(self.bound, -result.bound)
        self._note_end(result)
        if result.status is MipStatus.UNKNOWN:
            return None
        self.saturated |= single.saturated(self.big_m)
        design = self.problem.targets.design(single.restrictions())
        return design, -result.objective, -result.bound

    def _note_end(self, result: MipResult) -> None:
        """Why the enumeration ends with a solve, if it does."""
        self.ended = result.why_ended(self.solver.options.name) or self.ended
        if self.ended:
            self.watch.stop()

    def _tell(self, progress: Progress, terminal: TextIO) -> None:
        """Now and then a line on the solve that is running; the model is minimized, so signs turn."""
        if not self.watch.due:
            return
        claim, bound = (None if value is None else 0.0 - value for value in (progress.incumbent, progress.bound))
        nodes = "" if progress.nodes is None else f", {progress.nodes} nodes"
        what = f"{self.solver.options.name} solve {self.solves + 1}{nodes}"
        self.watch.line(what, "claim", claim, bound, terminal)

    def _raise_floor(self, single: SingleLevel) -> None:
        """Ask only for claims that reach the last place."""
        if self.best.full:
            single.model.del_component("last_place")
            floor = self.best.threshold()
            single.model.last_place = pyo.Constraint(expr=single.claim >= floor - LEAST_GAIN * max(1.0, abs(floor)))

    def _falls_short(self, design: Design, claim: float, most: float, evaluation: Evaluation | None) -> bool:
        """Whether the claim, of at most `most` that the model allows, shows that its bounds hide something."""
        if evaluation is None or close(evaluation.value, claim, VERIFIED):
            return False
        words = f"claim {claim:.6f} for {', '.join(names(self.best.problem, design))}, oracle {evaluation.value:.6f}"
        if claim > evaluation.value:
            self.overclaims += 1
            logger.warning(
                "%s: more than is true, within the solver's integer tolerance; the oracle's value counts", words
            )
            return False
        # Short of the model's own bound, the solver was not done with it: out of time, or within its gap.
        if self.ended or not below(most, evaluation.value, VERIFIED):
            return False
        if self.growths == MOST_GROWTHS or not self.policy.grows:
            raise SolverError(f"big_m: {words}, even with bounds of dual variables of {self.big_m}; use method `tree`")
        logger.warning("%s: less than is true, so the bounds of dual variables grow", words)
        return True

    def _rebuild(self) -> SingleLevel:
        self.growths += 1
        self.big_m = self.big_m.times(GROWTH_FACTOR)
        single = self._model()
        for design, evaluation in self._cut.items():
            self._exclude(single, design, evaluation)
        return single

    def _take(self, single: SingleLevel, design: Design, evaluation: Evaluation | None) -> None:
        """Offer a design, and any subset of it that is as good, and exclude what they imply."""
        self._exclude(single, design, evaluation)
        if evaluation is None:
            return
        self.best.offer(design, evaluation)
        for subset in self.best.as_good_subsets(design, evaluation):
            if subset and subset not in self._cut:
                smaller = self.best.evaluate(subset)
                self.best.offer(subset, smaller)
                self._exclude(single, subset, smaller)

    def _exclude(self, single: SingleLevel, design: Design, evaluation: Evaluation | None) -> None:
        self._cut[design] = evaluation
        model, targets = single.model, self.problem.targets
        restrictions = targets.restrictions(design)
        undecided = sum(model.y[t] for t in sorted(restrictions))
        if evaluation is None:
            self._cut_off(single, undecided)
            return
        others = [e for e in self._hit(evaluation) if not restrictions.issuperset(targets.needs(e).tolist())]
        self._cut_off(single, undecided + sum(1 - self._holding(single, e) for e in others))
        if design:
            missing = sum(1 - model.y[t] if targets.adds[t] else model.y[t] for t in sorted(design))
            floor = evaluation.guarantee + LEAST_GAIN * max(1.0, abs(evaluation.guarantee))
            model.cuts.add(single.claim >= floor - (floor - self.best.least) * missing)

    @staticmethod
    def _cut_off(single: SingleLevel, left) -> None:
        """Demand that something is left open; an empty sum leaves nothing to search."""
        single.model.cuts.add(pyo.Constraint.Infeasible if isinstance(left, int) else left >= 1)

    def _holding(self, single: SingleLevel, effect: int):
        """The variable that is 0 where an effect holds."""
        needs = self.problem.targets.needs(effect)
        return single.model.y[int(needs[0])] if len(needs) == 1 else single.model.effect[effect]

    def _hit(self, evaluation: Evaluation) -> list[int]:
        """The effects that touch either state of an evaluation."""
        hits = self.best.follower.hits
        return members(hits(evaluation.promise.fluxes) | hits(evaluation.worst.fluxes))
