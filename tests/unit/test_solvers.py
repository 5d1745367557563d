"""What real solvers return, and what is made of it."""

import random

import pyomo.environ as pyo
import pytest

from knockflow import solvers
from knockflow.errors import SolverError
from knockflow.solvers import MipStatus, Solver, SolverOptions, cbc_executable

EVERY_SOLVER = pytest.mark.parametrize("name", ["cbc", "highs"])


def knapsack(constant: float = 0, room: float = 5) -> pyo.ConcreteModel:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(3), domain=pyo.Binary)
    model.room = pyo.Constraint(expr=2 * model.x[0] + 3 * model.x[1] + 4 * model.x[2] <= room)
    model.worth = pyo.Objective(expr=constant - (3 * model.x[0] + 4 * model.x[1] + 5 * model.x[2]))
    return model


def halves(n: int = 60, rows: int = 5, slack: bool = True) -> pyo.ConcreteModel:
    """Market split: no solver closes it in time; without slack hardly any point is feasible."""
    numbers = random.Random(1)
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(n), domain=pyo.Binary)
    model.more = pyo.Var(range(rows), domain=pyo.NonNegativeReals)
    model.less = pyo.Var(range(rows), domain=pyo.NonNegativeReals)
    shares = [[numbers.randint(0, 99) for _ in range(n)] for _ in range(rows)]
    model.half = pyo.Constraint(
        range(rows),
        rule=lambda m, i: sum(shares[i][j] * m.x[j] for j in range(n)) + m.more[i] - m.less[i] == sum(shares[i]) // 2,
    )
    if not slack:
        model.more.fix(0)
        model.less.fix(0)
        model.worth = pyo.Objective(expr=sum(numbers.random() * model.x[j] for j in range(n)))
    else:
        model.worth = pyo.Objective(expr=sum(model.more[i] + model.less[i] for i in range(rows)))
    return model


def minimized(name, model, limit=None, **options):
    return Solver(SolverOptions(name, **options)).minimize(model, model.x.values(), limit, None)


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


def test_the_log_of_cbc_is_kept(tmp_path):
    model = knapsack()
    Solver(SolverOptions("cbc")).minimize(model, model.x.values(), None, tmp_path / "cbc.log")
    assert "Cbc" in (tmp_path / "cbc.log").read_text() or "CBC" in (tmp_path / "cbc.log").read_text()


@EVERY_SOLVER
def test_the_version_is_known(name):
    assert Solver(SolverOptions(name)).version[0].isdigit()


def test_an_unknown_solver_is_named_with_those_there_are():
    with pytest.raises(SolverError, match="`hihgs` is unknown; there are cbc, highs; did you mean highs?"):
        Solver(SolverOptions("hihgs"))


def test_a_missing_cbc_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(solvers, "find_spec", lambda _: None)
    assert cbc_executable() is None
    with pytest.raises(
        SolverError, match="cbc is not installed; it comes with the Python package pulp: run `make env`"
    ):
        Solver(SolverOptions("cbc"))


def test_cbc_of_the_package_serves_where_none_is_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pulp" in cbc_executable()


def test_a_missing_highs_says_how_to_get_it(monkeypatch):
    class Missing:
        def available(self, exception_flag=False):
            return False

    monkeypatch.setattr(solvers.pyo, "SolverFactory", lambda *_, **__: Missing())
    with pytest.raises(SolverError, match="highs is not installed; it comes with the Python package highspy"):
        Solver(SolverOptions("highs"))


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
    ],
)
def test_options_reach_the_solver(name, wanted):
    options = SolverOptions(name, time_limit_s=3.0, mip_gap=0.01, feasibility=1e-7, seed=5)
    given = solvers.SOLVERS[name].options(options)
    assert {key: given[key] for key in wanted} == wanted
    assert "time_limit" not in solvers.SOLVERS["highs"].options(SolverOptions("highs"))
