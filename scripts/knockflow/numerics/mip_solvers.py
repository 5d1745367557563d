"""Mixed-integer solvers through Pyomo: one way to ask, one table of verdicts, nothing taken on trust.

Models are always minimized: Pyomo's reader of CBC mixes up signs of bounds when it maximizes.
"""

import logging
import math
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from signal import Signals
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pyomo.environ as pyo
from pyomo.common.errors import ApplicationError
from pyomo.common.tempfiles import TempfileManager

from knockflow.base.errors import SolverError, suggestion
from knockflow.numerics.mip_logs import NONE, Tell, followed
from knockflow.numerics.mip_programs import SOLVERS, Call, SolverOptions

logger = logging.getLogger("knockflow.solvers")

LOOSER = (1, 10, 100)
"""Factors of the feasibility tolerance with which a solver is asked again, one after the other."""

INTEGER = 1e-5
"""Distance from a whole number up to which an integer variable counts as whole."""

SECONDS_BETWEEN_ASKING = 0.5
MOST_ASKED = 20
"""How often a solver is asked to end before it is made to."""


class MipStatus(Enum):
    """What a mixed-integer solve has shown; `optimal` is meant within the gap that was asked for."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MipResult:
    """A verdict, the objective and bound of the minimized model, the seconds it took, and what ended its process."""

    status: MipStatus
    objective: float | None
    bound: float
    seconds: float
    ended_by: str = ""

    def why_ended(self, name: str) -> str:
        """Why a search by this solver ends with this solve; empty where its optimum is proven, or there is none."""
        if self.ended_by:
            return f"{name} was ended by {self.ended_by}"
        if self.status is MipStatus.UNKNOWN:
            return f"{name} ended without a verdict"
        return f"{name} ended before it had proven its optimum" if self.status is MipStatus.FEASIBLE else ""


class _EndedError(Exception):
    """A signal has ended the solver's process."""


class _UnreadableError(Exception):
    """What the solver has written is cut short, or not what it writes."""


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
        self._executable = self._interface.program and self._interface.program()
        missing = self._interface.program is not None and self._executable is None
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
        self,
        model: pyo.ConcreteModel,
        binaries: Iterable,
        time_limit_s: float | None,
        log: str | Path | None,
        tell: Tell | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> MipResult:
        """Minimize a model and load the solution into it.

        Without a verdict the solver is asked again, with a looser tolerance and without preprocessing: HiGHS
        withdraws its verdict where it misses its own tolerance by a hair, and CBC may hand over an "optimum" without
        values. What counts is the oracle's value in any case.

        `binaries` are checked for whole values: CBC hands over a fractional point when it is interrupted
        before it has an incumbent. Being infeasible counts only if the solver was not out of time: CBC says
        so of interrupted runs too. Files that are cut short, as on a full disk, and numbers that are none are no
        verdict either.

        `tell` is called with how far the solver has come, again and again while it runs; once `stop` says so, CBC and
        HiGHS are asked to end. A solver whose process a signal has ended has no verdict.
        """
        start, binaries = time.monotonic(), list(binaries)
        stop = stop or (lambda: False)
        result = self._attempt(model, binaries, replace(self.options, time_limit_s=time_limit_s), log, tell, stop)
        for looser in LOOSER:
            left = None if time_limit_s is None else max(0.0, time_limit_s - (time.monotonic() - start))
            if result.status is not MipStatus.UNKNOWN or result.ended_by or left == 0 or stop():
                break
            tolerance = looser * self.options.feasibility
            asked = replace(self.options, time_limit_s=left, feasibility=tolerance, preprocess=False)
            result = self._attempt(model, binaries, asked, log, tell, stop)
        return replace(result, seconds=time.monotonic() - start)

    def _attempt(self, model: pyo.ConcreteModel, binaries: list, asked: SolverOptions, log, tell, stop) -> MipResult:
        """One solve, with its verdict brought down to what can be believed."""
        time_limit_s, start = asked.time_limit_s, time.monotonic()
        try:
            results = self._solve_logged(model, asked, log, tell, stop)
        except (subprocess.TimeoutExpired, _EndedError, _UnreadableError) as error:
            seconds, ended_by = time.monotonic() - start, str(error) if isinstance(error, _EndedError) else ""
            return MipResult(MipStatus.UNKNOWN, None, float("-inf"), seconds, ended_by)
        seconds = time.monotonic() - start
        word, objective, bound = self._interface.answer(results)
        status = _STATUS.get(word, MipStatus.UNKNOWN)
        # Where nothing is feasible, or not proven to be, some solvers hand over an infinite bound.
        bound = bound if bound is not None and bound < NONE else float("-inf")
        if status is MipStatus.INFEASIBLE:
            interrupted = stop() or (time_limit_s is not None and seconds >= time_limit_s)
            return MipResult(MipStatus.UNKNOWN if interrupted else status, None, bound, seconds)
        if status is MipStatus.UNKNOWN or not _has_values(results, self._interface.program is not None):
            return MipResult(MipStatus.UNKNOWN, None, bound, seconds)
        # The verdict stands; of what Pyomo thinks of it, such as `aborted`, it would tell on the terminal.
        results.solver.status = "ok"
        model.solutions.load_from(results)
        if not all(map(_is_whole, binaries)) or (objective is not None and not math.isfinite(objective)):
            return MipResult(MipStatus.UNKNOWN, None, bound, seconds)
        # The solver's own figure: recomputed from CBC's solution file, of eight digits, it would be off by 1e-4.
        if objective is None:
            objective = pyo.value(next(model.component_data_objects(pyo.Objective, active=True)))
        # An optimum within a gap is no bound.
        exact = status is MipStatus.OPTIMAL and asked.mip_gap == 0
        return MipResult(status, objective, objective if exact else min(bound, objective), seconds)

    def _solve_logged(self, model: pyo.ConcreteModel, asked: SolverOptions, log: str | Path | None, tell, stop):
        """Solve, tell of it, and add what the solver writes to the end of the log.

        CBC does not look at the clock within its first linear program, so Pyomo ends its process if need be.
        """
        solver, limit = self._solver(), asked.time_limit_s
        solver.options.update(self._interface.options(asked))
        if self._interface.program is not None:
            solver._postsolve = self._reading(solver._postsolve)
        with TemporaryDirectory() as folder:
            part = Path(folder, "solver.log") if log is None else Path(f"{log}.part")
            try:
                with (
                    self._interface.log(solver, part) as call,
                    followed(part, self._interface.progress, tell),
                    _interruptible(call, stop),
                    _temporary_files_in(folder),
                ):
                    timelimit = None if limit is None else max(limit, 0.1)
                    return solver.solve(model, load_solutions=False, timelimit=timelimit, **call.keywords)
            except ApplicationError as error:
                raise self._explained(error, solver) from error
            except Exception as error:
                if type(error).__module__.split(".")[0] != self._interface.package:
                    raise
                raise SolverError(f"solver: {self.options.name} gives up: {error}") from error
            finally:
                _append(part, log)

    def _reading(self, read: Callable) -> Callable:
        """Pyomo's reading of what a process has written, with one error for all that can be wrong with it."""

        def reading():
            try:
                return read()
            except Exception as error:
                logger.warning("%s: its answer cannot be read: %s", self.options.name, str(error).strip() or error)
                raise _UnreadableError from error

        return reading

    def _explained(self, error: ApplicationError, solver) -> Exception:
        """What it means that Pyomo takes a solver's process for failed."""
        code = getattr(solver, "_rc", None) or 0
        # A shell says 128 + n where a process says -n.
        number = -code if code < 0 else code - 128
        if number not in set(Signals):
            return SolverError(f"solver: {self.options.name} gives up: {error}")
        logger.warning("%s was ended by %s", self.options.name, Signals(number).name)
        return _EndedError(Signals(number).name)


@contextmanager
def _interruptible(call: Call, stop: Callable[[], bool]) -> Iterator[None]:
    """While the body runs a solver, ask it to end once `stop` says so."""
    done = Event()
    thread = Thread(target=_interrupt, args=(call, stop, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _interrupt(call: Call, stop: Callable[[], bool], done: Event) -> None:
    asked = 0
    while not done.wait(SECONDS_BETWEEN_ASKING):
        if stop():
            asked += 1
            call.interrupt() if asked <= MOST_ASKED else call.kill()


_STATUS = {
    "optimal": MipStatus.OPTIMAL,
    "globallyOptimal": MipStatus.OPTIMAL,
    "infeasible": MipStatus.INFEASIBLE,
    "maxTimeLimit": MipStatus.FEASIBLE,
    "maxIterations": MipStatus.FEASIBLE,
    "userInterrupt": MipStatus.FEASIBLE,
    "feasible": MipStatus.FEASIBLE,
    "intermediateNonInteger": MipStatus.UNKNOWN,
    "noSolution": MipStatus.UNKNOWN,
}


@contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """Keep Pyomo's files in a folder: after an answer that cannot be read it leaves them, and its contexts, behind."""
    before, TempfileManager.tempdir = TempfileManager.tempdir, folder
    own = TempfileManager.push()
    try:
        yield
    finally:
        TempfileManager.tempdir = before
        while TempfileManager.pop() is not own:
            pass


def _append(part: Path, log: str | Path | None) -> None:
    if log is not None and part.is_file():
        with open(log, "a", encoding="utf-8") as whole:
            whole.write(part.read_text(encoding="utf-8", errors="replace"))
        part.unlink()


def _has_values(results, from_files: bool) -> bool:
    """Whether there is a solution of numbers, one from files with every variable that the solver was given."""
    if len(results.solution) == 0 or len(results.solution(0).variable) == 0:
        return False
    solution, symbols = results.solution(0), getattr(results, "_smap", None)
    given = set()
    if from_files and symbols:
        given = {name for name, part in symbols.bySymbol.items() if part.ctype is pyo.Var}
    values = [entry["Value"] for part in (solution.variable, solution.objective) for entry in part.values()]
    return given <= set(solution.variable) and all(map(math.isfinite, values))


def _is_whole(variable) -> bool:
    """Whether a binary has a whole value."""
    return variable.value is not None and abs(variable.value - round(variable.value)) <= INTEGER
