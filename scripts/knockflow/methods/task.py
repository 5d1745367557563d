"""What a search is given: the list that it fills, the limits of time, and its options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from knockflow.base.clock import Watch
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.designs.result import Result
from knockflow.formulations.formulation import Formulation
from knockflow.methods.method import Method
from knockflow.problem.problem import Problem

if TYPE_CHECKING:
    from knockflow.numerics.mip_solvers import Solver


@dataclass(frozen=True)
class Task:
    """One search of one method.

    Attributes
    ----------
    method
        The method that is to search.
    best
        The list to fill, which knows the problem, the formulation and the limits, evaluates designs, and says what may
        still enter.
    watch
        To be asked now and then whether to stop.
    options
        A formulation of the configuration, with its defaults: `threads`, `seed` and whatever the method takes.
    log
        Where a mixed-integer solver writes; None for nowhere.
    checkpoint
        Where the search may keep where it stands, and goes on from; None if it is not kept.
    attempt
        Counts from 0; a method may do better at the next one where its result says so (`Result.other_attempts`).
    """

    method: Method
    best: BestDesigns
    watch: Watch
    options: Mapping = field(default_factory=dict)
    log: str | Path | None = None
    checkpoint: Checkpoint | None = None
    attempt: int = 0

    @property
    def problem(self) -> Problem:
        """The follower and its targets, prepared for the formulation's response."""
        return self.best.problem

    @property
    def formulation(self) -> Formulation:
        """The formulation."""
        return self.best.formulation

    @property
    def limits(self) -> Limits:
        """What designs may hold, and how many are listed."""
        return self.best.limits

    def solver(self) -> "Solver":
        """The mixed-integer solver that the options ask for."""
        from knockflow.numerics.mip_solvers import Solver, SolverOptions

        options = self.options
        asked = SolverOptions(
            name=options["solver"] or "cbc",
            mip_gap=options["mip_gap"],
            feasibility=options["feasibility"],
            threads=options["threads"],
            seed=options["seed"],
        )
        return Solver(asked)

    def run(self) -> Result:
        """What the method finds: the best designs, or those of a front where the options name its axes."""
        module, axes = import_module(self.method.module), self.options.get("front")
        return module.search_front(self, axes) if axes else module.search(self)
