"""Logic-based Benders decomposition: cuts from answers of the follower alone, with integers in it or not.

Exact, by the argument of `knockflow.methods.decomposition.benders`, with trials
(`knockflow.methods.decomposition.by_trials`) in place of prices: effects only shrink the follower, so what was found
for some effects holds while they hold, without duality. A regulator that is kept and one that is removed both restrict
the follower without effects, which holds the states of both, so the counts are right where a removal enlarges what the
wild type can do. Programs with integers are solved without a gap.
Of several followers of which the worst counts, the cuts of any one hold (`knockflow.methods.decomposition.worst`).

Source: Hooker & Ottosson 2003, doi:10.1007/s10107-003-0375-9.
"""

from knockflow.designs.by_one import ByOne
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result
from knockflow.methods.decomposition.by_trials import Trials
from knockflow.methods.decomposition.core_point import CorePoint
from knockflow.methods.decomposition.loop import Run
from knockflow.methods.decomposition.value_cuts import ValueCuts
from knockflow.methods.decomposition.worst import WorstCuts
from knockflow.methods.task import Task


def search(task: Task) -> Result:
    """All best minimal designs within the limits; `cuts: pareto` asks for the strongest witnesses at a core point."""
    best, solver, pareto = task.best, task.solver(), task.options["cuts"] == "pareto"
    core = CorePoint(best.problem, best.limits, solver.options.seed)

    def cuts_of(one: BestDesigns | ByOne) -> ValueCuts:
        return ValueCuts(one, Trials(one.base, one.behaviour), core, pareto)

    cuts = cuts_of(best) if len(best.followers) == 1 else WorstCuts(best, cuts_of)
    return Run(best, task.watch, solver, cuts, task.log).search(task.checkpoint)
