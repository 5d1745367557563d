"""The workflow as a module of another one, and Snakemake's own report of a run."""

import re
import subprocess

import pytest
from workspace import Workspace, case

pytestmark = pytest.mark.workflow

USER = """\
configfile: "my-config.yaml"


module knockflow:
    snakefile:
        "{workflow}"
    config:
        config


use rule * from knockflow as strains_*


rule paper:
    default_target: True
    input:
        "results/check.txt",
    output:
        "paper.txt",
    shell:
        "cp {{input}} {{output}}"
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    kinds = {"robustknock": {"kind": "robustknock", "max_interventions": 2}}
    return Workspace.make(tmp_path_factory.mktemp("module"), {"cases": {"succinate": case()}, "formulations": kinds})


def of_a_user(space: Workspace, *arguments: str) -> subprocess.CompletedProcess:
    """Run a workflow that has this one as a module, in a folder of its own."""
    folder = space.root.parent / "paper"
    folder.mkdir(exist_ok=True)
    space.command()
    (folder / "my-config.yaml").write_text((space.work / "my-config.yaml").read_text())
    (folder / "Snakefile").write_text(USER.format(workflow=space.root / "workflow" / "Snakefile"))
    command = [space.python, "-m", "snakemake", "--cores", "2", *arguments]
    return subprocess.run(command, cwd=folder, env=space.environment, capture_output=True, text=True, timeout=600)


def test_its_rules_are_those_of_another_workflow(space):
    done = of_a_user(space, "--dry-run", "--quiet", "host")
    assert done.returncode == 0, done.stderr
    jobs = set(re.findall(r"^(\w+)\s+\d+$", done.stdout + done.stderr, re.MULTILINE))
    assert {"strains_curate", "strains_design", "strains_validate", "strains_check", "paper"} <= jobs


@pytest.mark.long
def test_it_finds_the_same_there_and_reports_with_captions(space):
    done = of_a_user(space)
    assert done.returncode == 0, done.stderr
    alone = space.run()
    assert alone.returncode == 0, alone.stdout
    there = space.root.parent / "paper" / "results"
    tables = [path.relative_to(there) for path in there.rglob("*.tsv") if "benchmarks" not in path.parts]
    assert len(tables) > 8
    for table in tables:
        assert (there / table).read_bytes() == (space.results / table).read_bytes(), table
    reported = space.run("--report", str(space.work / "snakemake.html"))
    assert reported.returncode == 0, reported.stdout
    page = (space.work / "snakemake.html").read_text(encoding="utf-8")
    assert "Every design of case" in page and "Designs" in page
