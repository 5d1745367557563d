"""Logic-based Benders decomposition: cuts from answers of the follower alone, with integers in it or not.

Exact, by the argument of `knockflow.methods.benders`, with trials (`knockflow.decomposition.trials`) in place of
prices: effects only shrink the follower, so what was found for some effects holds while they hold, without duality. A
regulator that is kept and one that is removed both restrict the follower without effects, which holds the states of
both, so the counts are right where a removal enlarges what the wild type can do. Programs with integers are solved
without a gap.

Source: Hooker & Ottosson 2003, doi:10.1007/s10107-003-0375-9.
"""

from pathlib import Path

from knockflow.checkpoint import Checkpoint
from knockflow.decomposition.core_point import CorePoint
from knockflow.decomposition.run import Run
from knockflow.decomposition.trials import Trials
from knockflow.decomposition.value_cuts import ValueCuts
from knockflow.designs import BestDesigns
from knockflow.result import Result
from knockflow.solvers import Solver
from knockflow.watch import Watch


def search(
    best: BestDesigns,
    watch: Watch,
    solver: Solver,
    pareto: bool,
    log: str | Path | None = None,
    checkpoint: Checkpoint | None = None,
) -> Result:
    """All best minimal designs within the limits; `pareto` asks for the strongest witnesses at a core point."""
    core = CorePoint(best.problem, best.limits, solver.options.seed)
    reasons = Trials(best.base, best.formulation.response)
    return Run(best, watch, solver, ValueCuts(best, reasons, core, pareto), log).search(checkpoint)
