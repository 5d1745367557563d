"""Ctrl-C and kill on a real run: the best so far is said, nothing half-done is left, and the same command goes on."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from workspace import Workspace, case

pytestmark = pytest.mark.workflow

LONG = {"kind": "robustknock", "max_interventions": 12, "max_designs": 30, "time_limit_s": None}
PATIENCE_S = 240
GOAL = "results/core/long/designs.tsv"


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Workspace:
    config = {"cases": {"core": case(targets={"level": "genes"})}, "formulations": {"long": LONG}}
    # A shell would take such a path apart.
    return Workspace.make(tmp_path_factory.mktemp("a run, d'été"), config)


def interrupted(space: Workspace) -> str:
    """What a run says that gets Ctrl-C, as all processes of its terminal do, once its search is under way."""
    process = subprocess.Popen(
        space.command(GOAL),
        cwd=space.root,
        env=space.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    kept, deadline = space.results / "core/long/checkpoint.json", time.monotonic() + PATIENCE_S
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    told, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode not in (None, 0)
    return told


def killed_alone(space: Workspace) -> None:
    """Kill Snakemake, and nothing else of the run, once its search has written a state; wait until all has ended."""
    kept = space.results / "core/long/checkpoint.json"
    before = kept.stat().st_mtime_ns
    process = subprocess.Popen(
        space.command(GOAL),
        cwd=space.root,
        env=space.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_S
    while kept.stat().st_mtime_ns == before and time.monotonic() < deadline:
        time.sleep(0.1)
    process.kill()
    process.wait()
    # Whatever is left of the run has its process group.
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(process.pid)


def test_ctrl_c_says_the_best_so_far_and_the_same_command_goes_on(space):
    told = interrupted(space)
    assert "Traceback" not in told and "ERROR" not in told
    best = r"core/long design: best so far \d+\.\d{6} \(-b.*\) after \d+ s and (\d+) nodes; goes on from its checkpoint"
    found = re.search(best, told)
    assert found, told
    assert told.endswith("\nThe same command goes on from here: what is done is kept.\n")
    # Without the jobs that a run before has done.
    assert re.search(r"Stopped by Ctrl-C with (3 of 4|0 of 1) jobs done\.", told)
    folder = space.results / "core/long"
    assert [path.name for path in folder.iterdir()] == ["checkpoint.json"]
    assert nodes_kept(folder) == int(found[1])

    # The same once Snakemake alone is killed; here it leaves its lock, which is explained.
    killed_alone(space)
    log = (space.results / "logs/core/long/design.python.log").read_text()
    assert re.search(rf"continues from a checkpoint: .* {found[1]} nodes and", log)
    assert "the run that started it is gone" in log and "goes on from its checkpoint" in log
    assert [path.name for path in folder.iterdir()] == ["checkpoint.json"]
    refused = space.run(GOAL)
    assert refused.returncode != 0 and "LockException" not in refused.stdout
    command = next(line for line in refused.stdout.splitlines() if "--unlock" in line)
    unlocked = subprocess.run(shlex.split(command), env=space.environment, capture_output=True, text=True, check=False)
    assert unlocked.returncode == 0, unlocked.stderr
    assert not list(space.work.glob(".snakemake/locks/*"))

    # A time limit ends it, which is no other search.
    nodes = nodes_kept(folder)
    space.config["formulations"]["long"] = LONG | {"time_limit_s": 1}
    done = space.run(GOAL)
    assert done.returncode == 0, done.stdout
    assert re.search(rf"core/long design: continues from a checkpoint: .* {nodes} nodes and .* s before", done.stdout)
    assert re.search(r"\[1/1\] core/long design: feasible: \d+ designs? in", done.stdout)
    record = space.record("core", "long")
    assert (record["resumed"], record["status"]) == (2, "feasible")


def nodes_kept(folder: Path) -> int:
    """The nodes that the checkpoint counts."""
    return json.loads((folder / "checkpoint.json").read_text())["content"]["nodes"]


def alive(group: int) -> bool:
    """Whether any process of a group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
