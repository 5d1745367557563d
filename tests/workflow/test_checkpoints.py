"""A real run that is killed in the middle of a search goes on from its checkpoint, and ends as if nothing had been."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from workspace import Workspace, case

pytestmark = [pytest.mark.workflow, pytest.mark.long]

LEVELS = (30, 60)
SECONDS_BETWEEN = "SECONDS_BETWEEN = 2.0"
SEARCH = {"kind": "strong_coupling", "max_interventions": 3, "max_designs": "all"}
PATIENCE_S = 240


@pytest.fixture(scope="module")
def space(tmp_path_factory, data) -> Workspace:
    """ECC2 with two limits of each reaction beside its removal, and four states a second since that is short."""
    model = data / "models/ECC2.json.gz"
    ecc2 = case(model=str(model.resolve()), min_growth=0.1)
    config = {"cases": {"ecc2": ecc2}, "formulations": {"whole": SEARCH, "stopped": SEARCH}}
    made = Workspace.make(tmp_path_factory.mktemp("run"), config)
    module = made.root / "scripts/knockflow/designs/checkpoint.py"
    assert SECONDS_BETWEEN in (text := module.read_text())
    module.write_text(text.replace(SECONDS_BETWEEN, "SECONDS_BETWEEN = 0.25"))
    done = made.run("results/ecc2/targets.tsv")
    assert done.returncode == 0, done.stdout
    lines = (made.results / "ecc2/targets.tsv").read_text().splitlines()
    candidates = [line.split("\t")[0].split("|")[0] for line in lines if "\tcandidate\t" in line]
    limits = {f"{name}<={level}%": 1 for name in candidates for level in LEVELS}
    ecc2["targets"] = {"interventions": limits}
    done = made.run("results/ecc2/whole/designs.tsv")
    assert done.returncode == 0, done.stdout
    return made


def folder(space: Workspace, name: str = "stopped") -> Path:
    return space.results / "ecc2" / name


def log(space: Workspace, name: str = "stopped") -> str:
    return (space.results / f"logs/ecc2/{name}/design.python.log").read_text()


def killed_after_a_checkpoint(space: Workspace) -> int:
    """Run Snakemake and kill it with all its processes; the nodes that the checkpoint counts."""
    process = subprocess.Popen(
        space.command("results/ecc2/stopped/designs.tsv"),
        cwd=space.root,
        env=space.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    kept, deadline = folder(space) / "checkpoint.json", time.monotonic() + PATIENCE_S
    while not kept.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (folder(space) / "designs.tsv").exists()
    return json.loads(kept.read_text())["content"]["nodes"]


def test_a_killed_search_goes_on_and_ends_as_any_other(space):
    nodes = killed_after_a_checkpoint(space)
    assert nodes > 0
    assert space.run("--unlock").returncode == 0

    # A time limit ends the second run, which goes on from the first.
    space.config["formulations"]["stopped"] = SEARCH | {"time_limit_s": 0.7}
    done = space.run("--rerun-incomplete", "results/ecc2/stopped/designs.tsv")
    assert done.returncode == 0, done.stdout
    limited = space.record("ecc2", "stopped")
    assert re.search(
        rf"continues from a checkpoint: goal 1 of 1, level \d, \d+ open nodes, {nodes} nodes and", log(space)
    )
    assert (limited["status"], limited["resumed"]) == ("feasible", 1)
    assert (folder(space) / "checkpoint.json").exists()

    # Without it the third run goes on from the second, to the end.
    space.config["formulations"]["stopped"] = SEARCH
    done = space.run("results/ecc2/stopped/designs.tsv")
    assert done.returncode == 0, done.stdout
    assert f"open nodes, {limited['nodes']} nodes and" in log(space)
    assert not (folder(space) / "checkpoint.json").exists()
    assert (folder(space) / "designs.tsv").read_bytes() == (folder(space, "whole") / "designs.tsv").read_bytes()
    whole, again = (space.record("ecc2", name) for name in ("whole", "stopped"))
    assert again["resumed"] == 2 and whole["resumed"] == 0
    changing = {"nodes", "resumed", "seconds", "seconds_total"}
    assert {key: again[key] for key in again.keys() - changing} == {key: whole[key] for key in whole.keys() - changing}
    # Each node is visited once but for those between the checkpoint and the kill, which the record does not count.
    assert nodes < limited["nodes"] < again["nodes"]
    assert abs(again["nodes"] - whole["nodes"]) <= 0.05 * whole["nodes"]


def test_a_search_with_other_options_begins_anew(space):
    kept, goal = folder(space, "anew") / "checkpoint.json", "results/ecc2/anew/designs.tsv"
    space.config["formulations"]["anew"] = SEARCH | {"max_interventions": 2, "time_limit_s": 0.01}
    assert space.run(goal).returncode == 0
    assert space.record("ecc2", "anew")["status"] == "feasible" and kept.exists()
    space.config["formulations"]["anew"] = SEARCH | {"max_interventions": 1}
    done = space.run(goal)
    assert done.returncode == 0, done.stdout
    assert "checkpoint.json is not used: made with other options; the search begins anew" in log(space, "anew")
    assert space.record("ecc2", "anew")["resumed"] == 0
    assert not kept.exists()
