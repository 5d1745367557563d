"""A solver whose files are half written, not text, or without numbers has given no verdict."""

import os
import tempfile
from pathlib import Path

import pyomo.environ as pyo
import pytest

from knockflow.numerics.mip_programs import cbc_executable
from knockflow.numerics.mip_solvers import MipStatus, Solver, SolverOptions


def knapsack() -> pyo.ConcreteModel:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(3), domain=pyo.Binary)
    model.rest = pyo.Var(bounds=(0, 9))
    model.room = pyo.Constraint(expr=2 * model.x[0] + 3 * model.x[1] + 4 * model.x[2] + model.rest == 5)
    model.worth = pyo.Objective(expr=-(3 * model.x[0] + 4 * model.x[1] + 5 * model.x[2]) + 0.001 * model.rest)
    return model


def spoiled(monkeypatch, folder: Path, *lines: str) -> Solver:
    """CBC, with lines of shell that spoil its solution file `$file` once it is written."""
    program = folder / "cbc"
    find = 'for word in "$@"; do case "$word" in *.soln) file="$word";; esac; done'
    program.write_text(
        "\n".join(["#!/bin/sh", f'{cbc_executable()} "$@"', find, '[ -n "$file" ] || exit 0', *lines, ""])
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Solver(SolverOptions("cbc"))


def minimized(solver: Solver, log=None):
    model = knapsack()
    return solver.minimize(model, model.x.values(), None, log)


def test_the_stand_in_itself_changes_nothing(monkeypatch, tmp_path):
    result = minimized(spoiled(monkeypatch, tmp_path))
    assert (result.status, result.objective) == (MipStatus.OPTIMAL, pytest.approx(-7))


@pytest.mark.parametrize(
    "line",
    [
        'head -c 20 "$file" > "$file.x"; mv "$file.x" "$file"',
        'head -n -1 "$file" > "$file.x"; mv "$file.x" "$file"',
        'head -c -12 "$file" > "$file.x"; mv "$file.x" "$file"',
        'head -n 2 "$file" > "$file.x"; mv "$file.x" "$file"',
        ': > "$file"',
        'rm "$file"',
        "printf 'Optimal - objective value \\377\\376\\n' > \"$file\"",
        'head -c 300 /bin/sh > "$file"',
        "sed -i -E 's/^( *[0-9]+ +x[^ ]* +)[^ ]+/\\1nan/' \"$file\"",
        "sed -i -E 's/^( *[0-9]+ +x[^ ]* +)[^ ]+/\\1inf/' \"$file\"",
        "sed -i -E 's/^( *[0-9]+ +x[^ ]* +)[^ ]+/\\1much/' \"$file\"",
        "sed -i -E 's/objective value .*/objective value nan/' \"$file\"",
    ],
)
def test_a_spoiled_solution_is_no_verdict(monkeypatch, tmp_path, line):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    result = minimized(spoiled(monkeypatch, tmp_path, line))
    assert (result.status, result.objective, result.ended_by) == (MipStatus.UNKNOWN, None, "")
    assert result.bound <= -7 + 1e-6
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "line", ["printf '\\377\\376 \\000\\n'", "echo 'Continuous objective value is nan - 0.00 seconds'"]
)
def test_a_log_that_is_not_text_or_without_numbers_is_no_defect(monkeypatch, tmp_path, line):
    result = minimized(spoiled(monkeypatch, tmp_path, line), tmp_path / "solver.log")
    assert result.status in (MipStatus.OPTIMAL, MipStatus.UNKNOWN)
    assert result.bound <= -7 + 1e-6
    assert (tmp_path / "solver.log").stat().st_size


def test_a_value_left_from_the_solve_before_does_not_stand_in_for_one_that_is_missing(monkeypatch, tmp_path):
    model = knapsack()
    assert Solver(SolverOptions("cbc")).minimize(model, model.x.values(), None, None).status is MipStatus.OPTIMAL
    solver = spoiled(monkeypatch, tmp_path, "sed -i '/x(2)/d' \"$file\"; sed -i '/ x3 /d' \"$file\"")
    assert solver.minimize(model, model.x.values(), None, None).status is MipStatus.UNKNOWN


def test_the_answer_that_cannot_be_read_is_in_the_log(monkeypatch, tmp_path, caplog):
    minimized(spoiled(monkeypatch, tmp_path, "printf '\\377\\n' > \"$file\""))
    said = {record.message.split(" be read: ")[0] for record in caplog.records if record.name == "knockflow.solvers"}
    assert said == {"cbc: its answer cannot"}
