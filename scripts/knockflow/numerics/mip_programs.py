"""Each mixed-integer solver as Pyomo has it: its options, its log, its answer, and how to get it."""

import os
import platform
import shlex
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from knockflow.numerics.mip_logs import Progress, read_cbc, read_cplex, read_gurobi, read_highs, read_scip


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
class Call:
    """A solve that is about to run.

    Parameters
    ----------
    keywords
        What Pyomo's `solve` is called with, besides the rest.
    interrupt
        Asks the solver to end with the best that it has; may be called before it has begun, after its end, and twice.
    kill
        Ends it without its help.
    """

    keywords: dict
    interrupt: Callable[[], None] = lambda: None
    kill: Callable[[], None] = lambda: None


def _number(value) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _answer(results) -> tuple[str, float | None, float | None]:
    """Pyomo's word for how a solve ended, the objective and the bound."""
    problem = results.problem
    return str(results.solver.termination_condition), _number(problem.upper_bound), _number(problem.lower_bound)


def _scip_answer(results) -> tuple[str, float | None, float | None]:
    """As `_answer`; Pyomo hands over SCIP's figures of an interrupted run elsewhere, and misreads two of its words."""
    solver, message = results.solver, str(results.solver.message)
    word = "optimal" if "gap limit" in message else str(solver.termination_condition)
    figures = (_number(getattr(solver, name, None)) for name in ("primal_bound", "dual_bound"))
    # SCIP's "infeasible or unbounded" would pass for infeasible.
    return "unbounded" if "unbounded" in message else word, *figures


@contextmanager
def _process_log(_solver, log: Path) -> Iterator[Call]:
    """The log of a process: Pyomo itself writes it only at the end, but hands on what it hears at once."""
    with open(log, "w", encoding="utf-8", buffering=1) as stream, redirect_stdout(stream):
        yield Call({"tee": True})


@contextmanager
def _cbc_log(solver, log: Path) -> Iterator[Call]:
    """As `_process_log`, line by line: by itself CBC hands on nothing before it has four kilobytes of it.

    CBC ends with its best solution on SIGINT, and dies of SIGTERM, which a batch system sends to every process.
    """
    with TemporaryDirectory() as folder, _process_log(solver, log) as call:
        program, number, by_line = Path(folder, "cbc"), Path(folder, "number"), shutil.which("stdbuf")
        command = shlex.join([*([by_line, "-oL"] if by_line else []), solver.executable()])
        if platform.system() != "Windows":
            lines = ("#!/bin/sh", "trap '' TERM", f"echo $$ > {shlex.quote(str(number))}", f'exec {command} "$@"', "")
            program.write_text("\n".join(lines))
            program.chmod(0o755)
        # Not every folder for temporary files may hold programs.
        if os.access(program, os.X_OK):
            solver.set_executable(str(program))
        yield replace(call, interrupt=lambda: _send(signal.SIGINT, number), kill=lambda: _send(signal.SIGKILL, number))


def _send(what: int, number: Path) -> None:
    """Send a signal to the process whose number is in a file, if it has begun and is not over."""
    with suppress(OSError, ValueError):
        os.kill(int(number.read_text()), what)


@contextmanager
def _highs_log(solver, log: Path) -> Iterator[Call]:
    solver.options.update({"output_flag": True, "log_to_console": False, "log_file": str(log)})
    _set_threads_of_highs(solver.options["threads"])

    def interrupt() -> None:
        running = getattr(solver, "_solver_model", None)
        if running is not None:
            running.cancelSolve()

    yield Call({}, interrupt)


_last_of_highs: dict[str, int] = {}


def _set_threads_of_highs(threads: int) -> None:
    """HiGHS keeps the threads of its first solve in a process, and refuses to solve with another number of them."""
    if _last_of_highs.get("threads") != threads:
        from highspy import Highs

        Highs.resetGlobalScheduler(True)
    _last_of_highs["threads"] = threads


@contextmanager
def _gurobi_log(solver, log: Path) -> Iterator[Call]:
    solver.options.update({"LogFile": str(log)})
    yield Call({})


@contextmanager
def _cplex_log(_solver, log: Path) -> Iterator[Call]:
    with open(log, "w", encoding="utf-8", buffering=1) as stream:
        yield Call({"logfile": stream})


@dataclass(frozen=True)
class Interface:
    """How one solver is called through Pyomo, read and installed: all in which it differs from the others.

    Parameters
    ----------
    log
        A context with Pyomo's solver and a path; within it the solver writes its log there, called as the context
        says.
    progress
        What reads that log while it grows.
    program
        Finds the solver's program; None for a solver that runs within Python.
    package
        The Python package whose errors the solver raises.
    module
        The Python package that the solver comes in.
    """

    pyomo: str
    options: Callable[[SolverOptions], dict]
    install: str
    log: Callable[[object, Path], AbstractContextManager[Call]]
    progress: Callable[[str], Progress]
    program: Callable[[], str | None] | None = None
    package: str | None = None
    module: str | None = None
    answer: Callable = _answer

    @property
    def is_there(self) -> bool:
        """Whether its program or package is found; neither is started, so a licence may still be missing."""
        found = self.program is None or self.program() is not None
        return found and (self.module is None or find_spec(self.module) is not None)


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
    return _limit("time_limit", options) | {
        "threads": options.threads,
        "mip_rel_gap": options.mip_gap,
        "mip_abs_gap": 1e-9,
        "mip_feasibility_tolerance": options.feasibility,
        "primal_feasibility_tolerance": options.feasibility,
        "dual_feasibility_tolerance": options.feasibility,
        "random_seed": options.seed,
    }


def _scip(options: SolverOptions) -> dict:
    tolerance = _within(options.feasibility, 1e-3)
    return _limit("limits/time", options) | {
        "lp/threads": options.threads,
        "limits/gap": options.mip_gap,
        "limits/absgap": 0.0,
        # It also says how far from whole an integer variable may be.
        "numerics/feastol": tolerance,
        "numerics/dualfeastol": tolerance,
        "presolving/maxrounds": -1 if options.preprocess else 0,
        "randomization/randomseedshift": options.seed,
    }


def _gurobi(options: SolverOptions) -> dict:
    tolerance = _within(options.feasibility, 1e-2)
    return _limit("TimeLimit", options) | {
        "Threads": options.threads,
        "MIPGap": options.mip_gap,
        "MIPGapAbs": 0.0,
        "IntFeasTol": 1e-9,
        "FeasibilityTol": tolerance,
        "OptimalityTol": tolerance,
        "Presolve": -1 if options.preprocess else 0,
        "Seed": options.seed,
    }


def _cplex(options: SolverOptions) -> dict:
    tolerance = _within(options.feasibility, 1e-1)
    return _limit("timelimit", options) | {
        "threads": options.threads,
        "mip_tolerances_mipgap": options.mip_gap,
        "mip_tolerances_absmipgap": 0.0,
        "mip_tolerances_integrality": 1e-9,
        "simplex_tolerances_feasibility": tolerance,
        "simplex_tolerances_optimality": tolerance,
        "preprocessing_presolve": 1 if options.preprocess else 0,
        "randomseed": options.seed,
    }


def _limit(name: str, options: SolverOptions) -> dict:
    return {} if options.time_limit_s is None else {name: options.time_limit_s}


def _within(tolerance: float, most: float) -> float:
    """A tolerance that SCIP, Gurobi or CPLEX takes; none of them goes below 1e-9."""
    return min(max(tolerance, 1e-9), most)


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


SOLVERS = {
    "cbc": Interface(
        "cbc",
        _cbc,
        "it comes with the Python package pulp: run `make env`, or put `cbc` on PATH",
        _cbc_log,
        read_cbc,
        program=cbc_executable,
    ),
    "highs": Interface(
        "appsi_highs",
        _highs,
        "it comes with the Python package highspy: run `make env`",
        _highs_log,
        read_highs,
        module="highspy",
    ),
    "scip": Interface(
        "scip",
        _scip,
        "put `scip`, version 8 or newer, on PATH: conda-forge has it as `scip`, other builds are at scipopt.org",
        _process_log,
        read_scip,
        program=lambda: shutil.which("scip"),
        answer=_scip_answer,
    ),
    "gurobi": Interface(
        "gurobi_direct",
        _gurobi,
        "run `.venv/bin/pip install gurobipy`; large models need a licence of Gurobi",
        _gurobi_log,
        read_gurobi,
        package="gurobipy",
        module="gurobipy",
    ),
    "cplex": Interface(
        "cplex_direct",
        _cplex,
        "run `.venv/bin/pip install cplex`; large models need the edition with a licence of IBM",
        _cplex_log,
        read_cplex,
        package="cplex",
        module="cplex",
    ),
}
