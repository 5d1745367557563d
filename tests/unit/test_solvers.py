"""What real solvers return, and what is made of it."""

import json
import os
import random
import signal
import time
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pyomo.environ as pyo
import pytest
from market_split import halves, wait_for

from knockflow.base.clock import Watch
from knockflow.base.errors import SolverError
from knockflow.numerics import mip_logs as progress
from knockflow.numerics import mip_programs as interfaces
from knockflow.numerics import mip_solvers as solvers
from knockflow.numerics.mip_programs import SOLVERS, cbc_executable
from knockflow.numerics.mip_solvers import MipStatus, Solver, SolverOptions
from knockflow.settings.schema import read_schema

OWN = ("cbc", "highs")
EVERY_SOLVER = pytest.mark.parametrize("name", SOLVERS)


def there(name, **options) -> Solver:
    """A solver; the test is skipped where it is not installed, unless it comes with Knockflow."""
    try:
        return Solver(SolverOptions(name, **options))
    except SolverError as error:
        if name in OWN:
            raise
        pytest.skip(str(error))


def knapsack(constant: float = 0, room: float = 5) -> pyo.ConcreteModel:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(3), domain=pyo.Binary)
    model.room = pyo.Constraint(expr=2 * model.x[0] + 3 * model.x[1] + 4 * model.x[2] <= room)
    model.worth = pyo.Objective(expr=constant - (3 * model.x[0] + 4 * model.x[1] + 5 * model.x[2]))
    return model


def cover(n: int = 40, rows: int = 5) -> pyo.ConcreteModel:
    """Solvers end it within a gap long before its optimum."""
    numbers = random.Random(3)
    weights = [[numbers.randint(5, 100) for _ in range(n)] for _ in range(rows)]
    worth = [sum(row[j] for row in weights) / rows + numbers.randint(0, 30) for j in range(n)]
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(n), domain=pyo.Binary)
    model.room = pyo.Constraint(
        range(rows), rule=lambda m, i: sum(weights[i][j] * m.x[j] for j in range(n)) <= sum(weights[i]) // 2
    )
    model.worth = pyo.Objective(expr=-sum(worth[j] * model.x[j] for j in range(n)))
    return model


def minimized(name, model, limit=None, **options):
    return there(name, **options).minimize(model, model.x.values(), limit, None)


@EVERY_SOLVER
@pytest.mark.parametrize("constant", [0, 100])
def test_an_optimum_is_loaded_with_its_objective_and_bound(name, constant):
    model = knapsack(constant)
    result = minimized(name, model, limit=60)
    assert result.status is MipStatus.OPTIMAL
    assert (result.objective, result.bound) == pytest.approx((constant - 7, constant - 7))
    assert [round(variable.value) for variable in model.x.values()] == [1, 1, 0]


@EVERY_SOLVER
def test_an_infeasible_program_is_said_to_be_so(name):
    model = knapsack()
    model.more = pyo.Constraint(expr=model.x[0] + model.x[1] + model.x[2] >= 3)
    result = minimized(name, model, limit=60)
    assert (result.status, result.objective) == (MipStatus.INFEASIBLE, None)


@EVERY_SOLVER
def test_infeasible_only_by_whole_numbers(name):
    model = knapsack()
    model.odd = pyo.Constraint(expr=2 * model.x[0] + 2 * model.x[1] + 2 * model.x[2] == 3)
    assert minimized(name, model).status is MipStatus.INFEASIBLE


@EVERY_SOLVER
def test_out_of_time_with_a_solution_is_feasible_with_a_bound_below(name):
    model = halves()
    result = minimized(name, model, limit=1.5)
    assert result.status is MipStatus.FEASIBLE
    assert result.bound < result.objective
    assert all(abs(variable.value - round(variable.value)) < 1e-5 for variable in model.x.values())
    off = sum(pyo.value(variable) for part in (model.more, model.less) for variable in part.values())
    assert result.objective == pytest.approx(off, abs=1e-4)


@EVERY_SOLVER
def test_out_of_time_without_a_solution_is_unknown(name):
    result = minimized(name, halves(slack=False), limit=1)
    assert (result.status, result.objective) == (MipStatus.UNKNOWN, None)
    assert result.bound <= sum(1 for _ in range(60))


@EVERY_SOLVER
def test_no_time_at_all_is_no_proof_of_anything(name):
    result = minimized(name, halves(slack=False), limit=0.0)
    assert (result.status, result.objective) == (MipStatus.UNKNOWN, None)


@EVERY_SOLVER
def test_within_a_gap_the_bound_is_the_solver_s_own(name):
    best = minimized(name, cover()).objective
    result = minimized(name, cover(), mip_gap=0.2)
    assert result.status is MipStatus.OPTIMAL
    assert result.bound <= best + 1e-4 < result.objective
    assert result.objective - result.bound <= 0.2 * abs(result.objective)


@pytest.mark.parametrize("name", OWN)
def test_the_number_of_threads_may_change_within_a_process(name):
    for threads in (1, 2, 1, 2):
        assert minimized(name, knapsack(), threads=threads).objective == pytest.approx(-7)


def minimize_until_told(name: str, naked: bool, log: Path, answer: Path):
    """What a process does that gets SIGTERM together with all that it has started."""
    os.setsid()
    if naked:
        interfaces.os = SimpleNamespace(access=lambda *_: False, X_OK=1, kill=os.kill)
    model = halves()
    with Watch() as watch:
        result = Solver(SolverOptions(name)).minimize(model, model.x.values(), 60, log, stop=lambda: watch.terminated)
    answer.write_text(json.dumps([result.status.value, result.objective, result.bound, result.ended_by]))


@pytest.mark.parametrize(
    ("name", "naked", "status", "ended_by"),
    [("cbc", False, "feasible", ""), ("cbc", True, "unknown", "SIGTERM"), ("highs", False, "unknown", "")],
)
def test_sigterm_to_all_processes_ends_a_solve_at_once(tmp_path, name, naked, status, ended_by):
    log, answer = tmp_path / "solver.log", tmp_path / "answer.json"
    process = get_context("spawn").Process(target=minimize_until_told, args=(name, naked, log, answer))
    process.start()
    part = Path(f"{log}.part")
    wait_for(lambda: part.exists() and SOLVERS[name].progress(part.read_text()).incumbent is not None)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGTERM)
    process.join(30)
    assert (process.exitcode, time.monotonic() - start < 20) == (0, True)
    found = json.loads(answer.read_text())
    assert (found[0], found[3]) == (status, ended_by)
    assert (found[1] is None) == (status == "unknown")
    assert found[1] is None or found[2] <= found[1]


def stand_in(monkeypatch, folder: Path, *lines: str) -> Solver:
    """CBC replaced by a program of one's own."""
    program = folder / "cbc"
    version = 'case "$*" in *-stop*) echo "Version: 2.10.3"; exit;; esac'
    program.write_text("\n".join(["#!/bin/sh", version, *lines, ""]))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Solver(SolverOptions("cbc"))


def test_a_solver_that_does_not_end_when_asked_is_made_to(monkeypatch, tmp_path):
    monkeypatch.setattr(solvers, "SECONDS_BETWEEN_ASKING", 0.1)
    monkeypatch.setattr(solvers, "MOST_ASKED", 3)
    solver, model = stand_in(monkeypatch, tmp_path, "trap '' INT", "exec sleep 60"), knapsack()
    result = solver.minimize(model, model.x.values(), None, None, stop=lambda: True)
    assert (result.status, result.ended_by) == (MipStatus.UNKNOWN, "SIGKILL")
    assert result.seconds < 30


@pytest.mark.parametrize("line", ["kill -9 $$", "exit 137"])
def test_a_solver_that_a_signal_ends_has_no_verdict_and_is_not_asked_again(monkeypatch, tmp_path, caplog, line):
    solver, model = stand_in(monkeypatch, tmp_path, line), knapsack()
    result = solver.minimize(model, model.x.values(), None, None)
    assert (result.status, result.bound, result.ended_by) == (MipStatus.UNKNOWN, float("-inf"), "SIGKILL")
    assert [record.message for record in caplog.records if record.name == "knockflow.solvers"] == [
        "cbc was ended by SIGKILL"
    ]


def test_a_solver_that_fails_by_itself_is_an_error(monkeypatch, tmp_path):
    solver, model = stand_in(monkeypatch, tmp_path, "exit 3"), knapsack()
    with pytest.raises(SolverError, match="solver: cbc gives up"):
        solver.minimize(model, model.x.values(), None, None)


def test_infeasible_is_not_believed_of_a_solver_that_was_asked_to_end(monkeypatch):
    solver, model = Solver(SolverOptions("highs")), knapsack()
    monkeypatch.setattr(solver, "_solver", lambda: Answering("infeasible", 1.0))
    assert solver.minimize(model, model.x.values(), None, None, stop=lambda: True).status is MipStatus.UNKNOWN


class Answering:
    """A solver that gives a prepared answer."""

    def __init__(self, condition: str, value: float | None):
        self.condition, self.value, self.options = condition, value, {}

    def available(self, exception_flag=False):
        return True

    def solve(self, model, **_):
        results = pyo.SolverFactory("appsi_highs").solve(model, load_solutions=False)
        results.solver.termination_condition = self.condition
        if self.value is None:
            results.solution.clear()
        return results


@pytest.mark.parametrize(
    ("condition", "limit", "status"),
    [
        ("infeasible", None, MipStatus.INFEASIBLE),
        ("infeasible", 60, MipStatus.INFEASIBLE),
        ("infeasible", 0.0, MipStatus.UNKNOWN),
        ("optimal", None, MipStatus.OPTIMAL),
        ("maxTimeLimit", 1, MipStatus.FEASIBLE),
        ("error", None, MipStatus.UNKNOWN),
        ("unbounded", None, MipStatus.UNKNOWN),
    ],
)
def test_the_verdict_follows_from_what_the_solver_says_and_the_time_it_took(monkeypatch, condition, limit, status):
    solver = Solver(SolverOptions("highs"))
    monkeypatch.setattr(solver, "_solver", lambda: Answering(condition, 1.0))
    model = knapsack()
    assert solver.minimize(model, model.x.values(), limit, None).status is status


def test_an_answer_without_a_solution_is_unknown(monkeypatch):
    solver = Solver(SolverOptions("highs"))
    monkeypatch.setattr(solver, "_solver", lambda: Answering("maxTimeLimit", None))
    model = knapsack()
    assert solver.minimize(model, model.x.values(), 1, None).status is MipStatus.UNKNOWN


def test_a_fractional_answer_is_unknown(monkeypatch):
    solver = Solver(SolverOptions("highs"))
    monkeypatch.setattr(solver, "_solver", lambda: Answering("optimal", 1.0))
    model = knapsack(room=4)
    for variable in model.x.values():
        variable.domain = pyo.UnitInterval
    assert solver.minimize(model, model.x.values(), None, None).status is MipStatus.UNKNOWN


@EVERY_SOLVER
def test_every_solve_adds_to_the_log(name, tmp_path):
    solver, log = there(name), tmp_path / "solver.log"
    lengths = []
    for _ in range(2):
        model = knapsack()
        solver.minimize(model, model.x.values(), None, log)
        lengths.append(len(log.read_text()))
    assert 0 < lengths[0] < lengths[1]
    assert [path.name for path in tmp_path.iterdir()] == ["solver.log"]


@EVERY_SOLVER
def test_a_long_solve_is_told_of_while_it_runs(name, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.5)
    model, told = halves(), []
    there(name).minimize(
        model, model.x.values(), 3, None, lambda progress, _: told.append((time.monotonic(), progress))
    )
    known = [(when, progress) for when, progress in told if progress.incumbent is not None]
    assert known[0][0] < told[-1][0]
    assert all(progress.nodes >= 0 and progress.bound <= progress.incumbent for _, progress in known)


def test_cbc_is_read_in_blocks_where_temporary_files_cannot_be_programs(monkeypatch):
    monkeypatch.setattr(interfaces, "os", SimpleNamespace(access=lambda *_: False, X_OK=1))
    assert minimized("cbc", knapsack()).objective == pytest.approx(-7)


def test_cbc_runs_where_nothing_makes_it_write_line_by_line(monkeypatch, tmp_path):
    own = tmp_path / "cbc"
    own.symlink_to(cbc_executable())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert minimized("cbc", knapsack()).objective == pytest.approx(-7)


@EVERY_SOLVER
def test_the_version_is_known(name):
    assert there(name).version[0].isdigit()


def test_an_unknown_solver_is_named_with_those_there_are():
    with pytest.raises(
        SolverError, match="`hihgs` is unknown; there are cbc, highs, scip, gurobi, cplex; did you mean highs?"
    ):
        Solver(SolverOptions("hihgs"))


def test_a_missing_cbc_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(interfaces, "find_spec", lambda _: None)
    assert cbc_executable() is None
    with pytest.raises(
        SolverError, match="cbc is not installed; it comes with the Python package pulp: run `make env`"
    ):
        Solver(SolverOptions("cbc"))


def test_cbc_of_the_package_serves_where_none_is_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pulp" in cbc_executable()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("highs", "it comes with the Python package highspy"),
        ("scip", "put `scip`, version 8 or newer, on PATH"),
        ("gurobi", "run `.venv/bin/pip install gurobipy`"),
        ("cplex", "run `.venv/bin/pip install cplex`"),
    ],
)
def test_a_missing_solver_says_how_to_get_it(monkeypatch, tmp_path, name, hint):
    class Missing:
        def available(self, exception_flag=False):
            return False

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(solvers.pyo, "SolverFactory", lambda *_, **__: Missing())
    with pytest.raises(SolverError, match=f"{name} is not installed; {hint}"):
        Solver(SolverOptions(name))


def test_what_a_solver_refuses_is_no_defect(monkeypatch):
    class Refusal(Exception):
        __module__ = "gurobipy._exception"

    def refuse(*_, **__):
        raise Refusal("model too large for this licence")

    solver, answering, model = Solver(SolverOptions("highs")), Answering("optimal", 1.0), knapsack()
    monkeypatch.setattr(answering, "solve", refuse)
    monkeypatch.setattr(solver, "_solver", lambda: answering)
    with pytest.raises(Refusal):
        solver.minimize(model, model.x.values(), None, None)
    monkeypatch.setattr(solver, "_interface", replace(SOLVERS["highs"], package="gurobipy"))
    with pytest.raises(SolverError, match="solver: highs gives up: model too large for this licence"):
        solver.minimize(model, model.x.values(), None, None)


def test_cbc_on_the_path_comes_first(monkeypatch, tmp_path):
    own = tmp_path / "cbc"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cbc_executable() == str(own)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "cbc",
            {"ratioGap": 0.01, "threads": 0, "primalTolerance": 1e-7, "randomSeed": 5, "allowableGap": 0},
        ),
        ("highs", {"mip_rel_gap": 0.01, "threads": 1, "primal_feasibility_tolerance": 1e-7, "random_seed": 5}),
        ("scip", {"limits/gap": 0.01, "lp/threads": 1, "numerics/feastol": 1e-7, "randomization/randomseedshift": 5}),
        ("gurobi", {"MIPGap": 0.01, "Threads": 1, "FeasibilityTol": 1e-7, "Seed": 5, "TimeLimit": 3.0}),
        (
            "cplex",
            {"mip_tolerances_mipgap": 0.01, "threads": 1, "simplex_tolerances_feasibility": 1e-7, "randomseed": 5},
        ),
    ],
)
def test_options_reach_the_solver(name, wanted):
    options = SolverOptions(name, time_limit_s=3.0, mip_gap=0.01, feasibility=1e-7, seed=5)
    given = SOLVERS[name].options(options)
    assert {key: given[key] for key in wanted} == wanted
    assert "time_limit" not in SOLVERS["highs"].options(SolverOptions("highs"))


@EVERY_SOLVER
def test_every_option_makes_a_difference(name):
    plain = SolverOptions(name)
    other = {"mip_gap": 0.5, "feasibility": 1e-5, "threads": 2, "seed": 7, "preprocess": False, "time_limit_s": 9.0}
    assert set(other) | {"name"} == {field.name for field in fields(SolverOptions)}
    # CBC hears of the time from Pyomo, and HiGHS has to presolve: without it it is not exact enough.
    unheard = {"cbc": {"time_limit_s"}, "highs": {"preprocess"}}.get(name, set())
    options = SOLVERS[name].options
    same = {key for key, value in other.items() if options(replace(plain, **{key: value})) == options(plain)}
    assert same == unheard


@pytest.mark.parametrize("name", ["scip", "gurobi", "cplex"])
@pytest.mark.parametrize("tolerance", [1e-10, 0.1])
def test_a_tolerance_is_one_that_the_solver_takes(name, tolerance):
    assert minimized(name, knapsack(), feasibility=tolerance).objective == pytest.approx(-7)


@pytest.mark.parametrize(
    ("message", "condition", "word"),
    [
        ("optimal solution found", "optimal", "optimal"),
        ("gap limit reached", "other", "optimal"),
        ("infeasible or unbounded", "infeasible", "unbounded"),
        ("infeasible", "infeasible", "infeasible"),
        ("time limit reached", "maxTimeLimit", "maxTimeLimit"),
    ],
)
def test_words_of_scip_that_pyomo_misreads(message, condition, word):
    results = pyo.SolverFactory("appsi_highs").solve(knapsack(), load_solutions=False)
    results.solver.message, results.solver.termination_condition = message, condition
    assert SOLVERS["scip"].answer(results)[0] == word


def test_the_configuration_names_the_solvers_there_are():
    allowed = read_schema()["$defs"]["formulation"]["properties"]["solver"]["enum"]
    assert allowed == [*SOLVERS, None]
