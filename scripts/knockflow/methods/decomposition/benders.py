"""Benders decomposition for linear followers: cuts from prices of the follower's programs, and from its states.

Exact, by this argument. Every cut is true of each design that could enter the list: a bound from prices holds by weak
duality whatever the prices are (`knockflow.methods.decomposition.price_programs`), a bound from a state holds for every
design that leaves the state whole (`knockflow.methods.decomposition.value_cuts`), and what is excluded beside them is
no minimal design (`knockflow.methods.decomposition.loop`). So the master's optimum bounds every design that is left.
Each proposal is evaluated by the oracle, offered, and excluded, and there are finitely many designs. When the master
has none left whose bound reaches the last place of the list, the list is complete. No big-M: the largest weight is the
potential, a linear program's value, and bounds are rounded outwards by more than the engine's tolerance.

Sources: Benders 1962, doi:10.1007/BF01386316; Magnanti & Wong 1981, doi:10.1287/opre.29.3.464.
"""

from knockflow.base.errors import ConfigError
from knockflow.designs.result import Result
from knockflow.methods.decomposition.by_prices import Duals
from knockflow.methods.decomposition.core_point import CorePoint
from knockflow.methods.decomposition.loop import Run
from knockflow.methods.decomposition.value_cuts import ValueCuts
from knockflow.methods.task import Task


def search(task: Task) -> Result:
    """All best minimal designs within the limits; `cuts: pareto` asks for the strongest cuts at a core point.

    Raises
    ------
    ConfigError
        If the follower has integers: its optimum has no prices that bound it.
    """
    if not task.problem.linear:
        kind = task.problem.kind.value
        raise ConfigError(f"method: `benders` needs a linear follower, and this one is {kind}; take `logic_benders`")
    best, solver, pareto = task.best, task.solver(), task.options["cuts"] == "pareto"
    core = CorePoint(best.problem, best.limits, solver.options.seed)
    reasons = Duals(best.base, best.behaviour, core.holding if pareto else None)
    cuts = ValueCuts(best, reasons, core, pareto)
    return Run(best, task.watch, solver, cuts, task.log).search(task.checkpoint)
