"""The loop of a decomposition: the master proposes, the follower answers, cuts follow, until nothing wanted is left.

After each proposal D the master knows what the follower said of values (`knockflow.methods.decomposition.value_cuts`),
and

- D and what is inert is excluded:  (restrictions of D undecided) + (effects that hit a state of D) >= 1,  since a
  design that decides those of D and more, with no effect that hits a state of D, has the value and guarantee of D;
- so are its useless supersets:  z >= f - (f - floor) * (targets of D that are missing),  f just above the guarantee
  of D, since a superset is minimal only if its value or its guarantee is better;
- if the cell cannot grow, the effects by which that is so must not all hold.

Every proposal is excluded by one of these, and there are finitely many designs, so the loop ends. Each cut is true of
every design that could enter the list, and the floor is the value of the last place, lowered by the tolerance of ties.
So once nothing is left the list is complete. The master's solver says so first, and what the cuts leave is gone through
without it (`knockflow.methods.decomposition.remainder`): HiGHS has called a master infeasible that was not.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from knockflow.base.clock import Watch
from knockflow.base.tolerances import VALUE
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result
from knockflow.follower.region import slightly_below
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members
from knockflow.methods.decomposition.cuts import outward
from knockflow.methods.decomposition.master import Master, Proposal
from knockflow.methods.decomposition.remainder import Remainder
from knockflow.methods.decomposition.value_cuts import ValueCuts
from knockflow.numerics.mip_logs import Progress
from knockflow.numerics.mip_solvers import MipResult, MipStatus, Solver

LOOSE = 1e-6
"""Tolerance of the second word: at 1e-8 HiGHS has called masters empty that were not."""

NOT_CHECKED = "that no design is left is the solver's word alone"

logger = logging.getLogger("knockflow.decomposition")


class Run:
    """One decomposition.

    Parameters
    ----------
    best
        The list to fill.
    cuts
        What follows from a design, for its value.
    log
        Where the master's solver writes.
    """

    def __init__(self, best: BestDesigns, watch: Watch, solver: Solver, cuts: ValueCuts, log: str | Path | None = None):
        self.best, self.watch, self.solver, self.cuts, self.log = best, watch, solver, cuts, log
        self.targets = best.problem.targets
        self.top = outward(best.potential) if best.possible else float("-inf")
        self.master = Master(best.problem, best.limits, slightly_below(best.threshold()), self.top)
        self.remainder = Remainder(best.problem, best.limits)
        self.bound = self.top
        self.history: list[dict] = []
        self.ended = ""
        self.certain = True
        self._settled: dict[Design, None] = {}

    def result(self) -> Result:
        """The list and what is known of it."""
        complete = not self.ended and not self.watch.stopped
        return Result(
            ranked=self.best.ranked,
            bound=self.best.bound(self.watch) if complete or not self.best.possible else self._best_possible(),
            complete=complete,
            claims_exact=self.certain,
            doubt=self.ended or ("" if self.certain else NOT_CHECKED),
            iterations=len(self.history),
            history=self.history,
            solver=self.solver.options.name,
            solver_version=self.solver.version,
        )

    def state(self) -> dict:
        """What a later run needs to go on from here: the designs that are settled, in order, by names of targets."""
        return {
            "settled": [[self.targets.ids[t] for t in sorted(design)] for design in self._settled],
            "history": self.history,
            "bound": self.bound,
        }

    def restore(self, state: Mapping) -> None:
        """Go on from where another run has stopped: its designs are evaluated again, so that the cuts are the same."""
        number = {name: target for target, name in enumerate(self.targets.ids)}
        for names in state["settled"]:
            self._settle(frozenset(number[name] for name in names))
        self.history, self.bound = list(state["history"]), min(self.bound, state["bound"])

    def search(self, checkpoint: Checkpoint | None = None) -> Result:
        """The list, once no design is left that could enter it, or the watch says stop.

        With a checkpoint it goes on from what that holds, and keeps where it stands.
        """
        begun = checkpoint and checkpoint.read()
        if begun:
            self.restore(begun)
            checkpoint.tell(f"{len(self._settled)} designs settled in {len(self.history)} iterations")
        if self.best.possible:
            self._solve_and_settle(checkpoint)
        if checkpoint and (self.watch.stopped or self.ended):
            checkpoint.write(self.state, self.watch)
        return self.result()

    def _solve_and_settle(self, checkpoint: Checkpoint | None) -> None:
        self._settle(frozenset())
        while not self.ended and not self.watch.stop():
            if checkpoint:
                checkpoint.keep(self.state, self.watch)
            floor = slightly_below(self.best.threshold())
            self.master.raise_floor(floor)
            proposal = self._propose(self.solver)
            if proposal.result.status is MipStatus.INFEASIBLE or proposal.design in self._settled:
                proposal = self._checked(floor)
            if proposal is None:
                return
            self._take(proposal)

    def _checked(self, floor: float) -> Proposal | None:
        """A design that the cuts leave although the solver knows of none; None if there is none.

        Where they leave too many to look at, the solver's word counts once it has come to it by another way.
        """
        left = self.remainder.first(floor, self.watch.stop)
        if left.design is not None:
            logger.warning("%s knows of no design that is left, but there is one", self.solver.options.name)
            return Proposal(left.design, self.bound, MipResult(MipStatus.OPTIMAL, None, float("-inf"), 0.0))
        if left.complete:
            return None
        again = self._propose(_otherwise(self.solver))
        self.certain = again.result.status is not MipStatus.INFEASIBLE
        return again if self.certain else None

    def _propose(self, solver: Solver) -> Proposal:
        stop = lambda: self.watch.terminated  # noqa: E731
        return self.master.propose(solver, self.watch.seconds_left, self.log, self._tell, stop)

    def _take(self, proposal: Proposal) -> None:
        """Note what a solved master says, and settle its design."""
        if proposal.result.status is MipStatus.OPTIMAL:
            self.bound = min(self.bound, proposal.bound)
        self._note_end(proposal.result)
        if proposal.design is not None and proposal.design in self._settled and not self.ended:
            self.ended = f"{self.solver.options.name} proposes a design that is cut off, within its tolerance"
        if proposal.design is not None:
            self._settle(proposal.design)
        incumbent, bound = self.best.incumbent, self._best_possible()
        self.history.append({"iteration": len(self.history) + 1, "bound": bound, "incumbent": incumbent})
        self.watch.tick(incumbent, bound)

    def _best_possible(self) -> float:
        return self.bound if self.best.incumbent is None else max(self.bound, self.best.incumbent)

    def _note_end(self, result: MipResult) -> None:
        """Why the search ends with a solve, if it does."""
        self.ended = result.why_ended(self.solver.options.name) or self.ended
        if self.ended:
            self.watch.stop()

    def _tell(self, progress: Progress, terminal: TextIO) -> None:
        """Now and then a line on the solve that is running."""
        if self.watch.due:
            nodes = "" if progress.nodes is None else f", {progress.nodes} nodes"
            what = f"{self.solver.options.name} solve {len(self.history) + 1}{nodes}"
            self.watch.line(what, "best", self.best.incumbent, self._best_possible(), terminal)

    @property
    def _parts(self) -> tuple[Master, Remainder]:
        """Both that learn of every cut."""
        return self.master, self.remainder

    def _settle(self, design: Design) -> None:
        """Evaluate a design, offer it and any subset that is as good, and cut off what they imply."""
        if design in self._settled:
            return
        self.cuts.move_core(design)
        self._settled[design] = None
        evaluation = self.best.evaluate(design)
        effects = self.targets.effects(design)
        if evaluation is None:
            cut = self.cuts.lethal(effects)
            for part in self._parts:
                part.demand(cut, 1.0)
            return
        self.best.offer(design, evaluation)
        self._exclude(design, evaluation)
        for cut in self.cuts.value(effects, evaluation):
            for part in self._parts:
                part.limit_value(cut)
        for subset in self.best.as_good_subsets(design, evaluation):
            self._settle(subset)

    def _exclude(self, design: Design, evaluation: Evaluation) -> None:
        hit = members(self.best.hits(design, evaluation))
        restrictions = self.targets.restrictions(design)
        others = [e for e in hit if not restrictions.issuperset(self.targets.needs(e).tolist())]
        guarantee = evaluation.guarantee
        for part in self._parts:
            part.exclude(restrictions, others)
            if design:
                part.useless(design, guarantee + VALUE / 2 * max(1.0, abs(guarantee)))


def _otherwise(solver: Solver) -> Solver:
    """The solver with another way to go."""
    asked = replace(solver.options, preprocess=False, seed=solver.options.seed + 1, feasibility=LOOSE)
    return Solver(asked)
