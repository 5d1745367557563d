"""Mixed-integer solvers through Pyomo: one way to ask, one table of verdicts, nothing taken on trust.

Models are always minimized: Pyomo's reader of CBC mixes up signs of bounds when it maximizes.
"""

import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

import pyomo.environ as pyo

from knockflow.errors import SolverError, suggestion

LOOSER = (1, 10, 100)
"""Factors of the feasibility tolerance with which a solver is asked again, one after the other."""

INTEGER = 1e-5
"""Distance from a whole number up to which an integer variable counts as whole."""


class MipStatus(Enum):
    """What a mixed-integer solve has shown."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SolverOptions:
    """What every solver is asked, in the same words."""

    name: str = "cbc"
    time_limit_s: float | None = None
    mip_gap: float = 0.0
    feasibility: float = 1e-8
    threads: int = 1
    seed: int = 1
    preprocess: bool = True


@dataclass(frozen=True)
class MipResult:
    """A verdict, the objective and bound of the minimized model, and the seconds it took."""

    status: MipStatus
    objective: float | None
    bound: float
    seconds: float


@dataclass(frozen=True)
class _Interface:
    """How one solver is called: Pyomo's name, its options, and how to install it."""

    pyomo: str
    options: Callable[[SolverOptions], dict]
    install: str


def _cbc(options: SolverOptions) -> dict:
    return {
        # CBC counts worker threads: 0 is the plain sequential search.
        "threads": 0 if options.threads == 1 else options.threads,
        "ratioGap": options.mip_gap,
        "allowableGap": 0,
        "integerTolerance": 1e-9,
        "primalTolerance": options.feasibility,
        "dualTolerance": options.feasibility,
        # After preprocessing CBC may find its own optimum infeasible, and still call it optimal.
        "preprocess": "on" if options.preprocess else "off",
        # With tight tolerances the pump's first linear program can cycle for a million iterations.
        "feasibilityPump": "off",
        "randomCbcSeed": options.seed,
        "randomSeed": options.seed,
    }


def _highs(options: SolverOptions) -> dict:
    limit = {} if options.time_limit_s is None else {"time_limit": options.time_limit_s}
    return limit | {
        "threads": options.threads,
        "mip_rel_gap": options.mip_gap,
        "mip_abs_gap": 1e-9,
        "mip_feasibility_tolerance": options.feasibility,
        "primal_feasibility_tolerance": options.feasibility,
        "dual_feasibility_tolerance": options.feasibility,
        "random_seed": options.seed,
    }


SOLVERS = {
    "cbc": _Interface("cbc", _cbc, "it comes with the Python package pulp: run `make env`, or put `cbc` on PATH"),
    "highs": _Interface("appsi_highs", _highs, "it comes with the Python package highspy: run `make env`"),
}


def cbc_executable() -> str | None:
    """CBC on PATH, else the binary that the Python package pulp brings along; None if there is neither."""
    found = shutil.which("cbc")
    package = find_spec("pulp")
    if found or package is None:
        return found
    machine = "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "i64"
    folder = {"Linux": f"linux/{machine}", "Darwin": "osx/i64", "Windows": "win/i64"}.get(platform.system(), "")
    name = "cbc.exe" if platform.system() == "Windows" else "cbc"
    path = Path(package.origin).parent / "solverdir/cbc" / folder / name
    return str(path) if path.is_file() else None


class Solver:
    """A solver that is there, with its options.

    Raises
    ------
    SolverError
        If the solver is unknown or not installed; the message says how to get it.
    """

    def __init__(self, options: SolverOptions):
        if options.name not in SOLVERS:
            raise SolverError(
                f"solver: `{options.name}` is unknown; there are {', '.join(SOLVERS)}"
                f"{suggestion(options.name, SOLVERS)}"
            )
        self.options = options
        self._interface = SOLVERS[options.name]
        self._executable = cbc_executable() if options.name == "cbc" else None
        missing = options.name == "cbc" and self._executable is None
        if missing or not self._solver().available(exception_flag=False):
            raise SolverError(f"solver: {options.name} is not installed; {self._interface.install}")

    def _solver(self):
        keywords = {"executable": self._executable} if self._executable else {}
        return pyo.SolverFactory(self._interface.pyomo, **keywords)

    @property
    def version(self) -> str:
        """The solver's own version."""
        version = self._solver().version() or ()
        return ".".join(str(part) for part in version)

    def minimize(
        self, model: pyo.ConcreteModel, binaries: Iterable, time_limit_s: float | None, log: str | Path | None
    ) -> MipResult:
        """Minimize a model and load the solution into it.

        Without a verdict the solver is asked again, with a looser tolerance and without preprocessing: HiGHS
        withdraws its verdict where it misses its own tolerance by a hair, and CBC may hand over an "optimum" without
        values. What counts is the oracle's value in any case.

        `binaries` are checked for whole values: CBC hands over a fractional point when it is interrupted
        before it has an incumbent. Being infeasible counts only if the solver was not out of time: CBC says
        so of interrupted runs too.
        """
        start, binaries = time.monotonic(), list(binaries)
        result = self._attempt(model, binaries, replace(self.options, time_limit_s=time_limit_s), log)
        for looser in LOOSER:
            left = None if time_limit_s is None else max(0.0, time_limit_s - (time.monotonic() - start))
            if result.status is not MipStatus.UNKNOWN or left == 0:
                break
            tolerance = looser * self.options.feasibility
            asked = replace(self.options, time_limit_s=left, feasibility=tolerance, preprocess=False)
            result = self._attempt(model, binaries, asked, log)
        return replace(result, seconds=time.monotonic() - start)

    def _attempt(self, model: pyo.ConcreteModel, binaries: list, asked: SolverOptions, log) -> MipResult:
        """One solve, with its verdict brought down to what can be believed."""
        time_limit_s, start = asked.time_limit_s, time.monotonic()
        solver = self._solver()
        solver.options.update(self._interface.options(asked))
        try:
            results = self._solve_logged(solver, model, log, time_limit_s)
        except subprocess.TimeoutExpired:
            return MipResult(MipStatus.UNKNOWN, None, float("-inf"), time.monotonic() - start)
        seconds = time.monotonic() - start
        status = _STATUS.get(str(results.solver.termination_condition), MipStatus.UNKNOWN)
        out_of_time = time_limit_s is not None and seconds >= time_limit_s
        if status is MipStatus.INFEASIBLE:
            return MipResult(MipStatus.UNKNOWN if out_of_time else status, None, _bound(results), seconds)
        if len(results.solution) == 0:
            return MipResult(MipStatus.UNKNOWN, None, _bound(results), seconds)
        model.solutions.load_from(results)
        values = [variable.value for variable in binaries]
        if any(value is None or abs(value - round(value)) > INTEGER for value in values):
            return MipResult(MipStatus.UNKNOWN, None, _bound(results), seconds)
        # The solver's own figure: recomputed from CBC's solution file, of eight digits, it would be off by 1e-4.
        objective = float(results.problem.upper_bound)
        bound = objective if status is MipStatus.OPTIMAL else _bound(results)
        return MipResult(status, objective, bound, seconds)

    def _solve_logged(self, solver, model: pyo.ConcreteModel, log: str | Path | None, time_limit_s: float | None):
        """Solve, and add what the solver writes to the end of the log.

        CBC does not look at the clock within its first linear program, so Pyomo ends its process if need be.
        """
        part = Path(f"{log}.part")
        keywords = {}
        if self.options.name == "highs":
            if log is not None:
                solver.options.update({"output_flag": True, "log_to_console": False, "log_file": str(part)})
        else:
            keywords["timelimit"] = None if time_limit_s is None else max(time_limit_s, 0.1)
            if log is not None:
                keywords["logfile"] = str(part)
        try:
            return solver.solve(model, load_solutions=False, **keywords)
        finally:
            _append(part, log)


_STATUS = {
    "optimal": MipStatus.OPTIMAL,
    "globallyOptimal": MipStatus.OPTIMAL,
    "infeasible": MipStatus.INFEASIBLE,
    "maxTimeLimit": MipStatus.FEASIBLE,
    "maxIterations": MipStatus.FEASIBLE,
    "feasible": MipStatus.FEASIBLE,
    "intermediateNonInteger": MipStatus.UNKNOWN,
    "noSolution": MipStatus.UNKNOWN,
}


def _append(part: Path, log: str | Path | None) -> None:
    if log is not None and part.is_file():
        with open(log, "a", encoding="utf-8") as whole:
            whole.write(part.read_text(encoding="utf-8", errors="replace"))
        part.unlink()


def _bound(results) -> float:
    bound = results.problem.lower_bound
    try:
        return float(bound)
    except (TypeError, ValueError):
        return float("-inf")
