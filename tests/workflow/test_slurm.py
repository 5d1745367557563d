"""SLURM runs the workflow: the same bytes as here, and jobs that it kills are submitted again and end as any other."""

import subprocess
import time
from importlib.util import find_spec

import pytest
from slurm_node import answers, slurm_node, why_not
from workspace import Workspace, case

pytestmark = [pytest.mark.workflow, pytest.mark.long]

DEEP = {"kind": "strong_coupling", "max_interventions": 4}
CONFIG = {
    "cases": {"core": case()},
    "formulations": {
        "scattered": {"kind": "robustknock", "max_interventions": 3, "scatter": 2},
        "limited": DEEP | {"time_limit_s": 0.5},
    },
}
NO_ACCOUNTS = ("--slurm-status-command", "squeue")
PATIENCE_S = 120


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A SLURM that takes jobs: the one that is here, or one of this machine alone."""
    if not find_spec("snakemake_executor_plugin_slurm"):
        pytest.skip("the executor plugin is not installed: make slurm")
    if answers():
        yield
        return
    if why := why_not():
        pytest.skip(why)
    with slurm_node(tmp_path_factory.mktemp("slurm") / "node"):
        yield


def submitted(space: Workspace, *arguments: str) -> list[str]:
    """The command that has SLURM do a run."""
    command = space.command("--profile", str(space.root / "profiles/slurm"), *NO_ACCOUNTS, *arguments)
    place = command.index("--cores")
    return command[:place] + command[place + 2 :]


def told_by(space: Workspace, *arguments: str) -> str:
    """What a run says that SLURM does to its end."""
    done = subprocess.run(
        submitted(space, *arguments), cwd=space.root, env=space.environment, text=True, capture_output=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def finished(slurm, tmp_path_factory):
    """A run by SLURM, and the same by this machine."""
    by_slurm, here = (Workspace.make(tmp_path_factory.mktemp(name), CONFIG) for name in ("by_slurm", "here"))
    told = told_by(by_slurm)
    done = here.run()
    assert done.returncode == 0, done.stdout
    return by_slurm, here, told


def test_a_scattered_search_by_slurm_gives_the_same_bytes(finished):
    by_slurm, here, told = finished
    assert "[9/9]" in told or "designs verified" in told
    for name in ("core/scattered/designs.tsv", "core/targets.tsv", "core/model.json", "core/problem.npz"):
        assert (by_slurm.results / name).read_bytes() == (here.results / name).read_bytes(), name
    assert by_slurm.record("core", "scattered")["proven"]


def test_a_search_at_its_time_limit_is_stored_as_feasible(finished):
    record = finished[0].record("core", "limited")
    assert (record["status"], record["proven"]) == ("feasible", False)


def test_a_job_that_needs_more_memory_gets_it(slurm, tmp_path):
    """SLURM kills it at 40 MB, where Python alone takes more; the next attempt has 1280."""
    space = Workspace.make(tmp_path, {"cases": {"core": case()}, "formulations": {"deep": DEEP}})
    told = told_by(
        space, "--set-resources", "design:mem_mb=40 * 32 ** (attempt - 1)", "--", "results/core/deep/designs.tsv"
    )
    assert (
        "core/deep design: it has ended without a message, as a job does that a cluster kills; it is tried again"
        in told
    )
    assert space.record("core", "deep")["proven"]


def test_a_job_that_is_cancelled_goes_on_in_the_next_attempt(slurm, tmp_path):
    space = Workspace.make(tmp_path, {"cases": {"core": case()}, "formulations": {"deep": DEEP}})
    running = subprocess.Popen(
        submitted(space, "--", "results/core/deep/designs.tsv"),
        cwd=space.root,
        env=space.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    log, deadline = space.results / "logs/core/deep/design.python.log", time.monotonic() + PATIENCE_S
    while not log.exists() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)
    subprocess.run(["scancel", "--state=RUNNING", "--me"], check=True)
    told, _ = running.communicate(timeout=300)
    assert running.returncode == 0, told
    assert (
        "core/deep design: it has ended without a message, as a job does that a cluster kills; it is tried again"
        in told
    )
    assert space.record("core", "deep")["proven"]
