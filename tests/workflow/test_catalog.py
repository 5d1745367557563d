"""What Snakemake's catalog of workflows asks of a repository, and the run in `.test` that it shows."""

import re
import shutil
import subprocess
import zipfile

import pytest
import yaml
from workspace import ROOT, Workspace

KEYS = {"mandatory-flags", "software-stack-deployment", "report"}
MADE = shutil.ignore_patterns("results*", ".snakemake")


def test_the_catalog_finds_what_it_looks_for():
    """By the catalog's own page, docs/about/adding_workflows.md; its generator reads `report` below `usage`."""
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert set(usage) <= KEYS and usage["report"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in readme and "workflow" in readme
    assert (ROOT / "workflow/Snakefile").is_file() and (ROOT / "config/README.md").is_file()
    assert usage["software-stack-deployment"] == {"conda": True}
    rules = "".join(path.read_text() for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
    scripts, environments = (re.findall(rf"^ +{key}:$", rules, re.MULTILINE) for key in ("script", "conda"))
    assert len(scripts) == len(environments) > 10


def in_its_folder(folder, *arguments):
    """Snakemake's words on a run in `.test` of a copy of the project, and that folder."""
    space = Workspace.make(folder, {})
    shutil.copytree(ROOT / ".test", space.root / ".test", ignore=MADE)
    command = [space.python, "-m", "snakemake", "--cores", "1", "--directory", ".test", *arguments]
    done = subprocess.run(
        command, cwd=space.root, env=space.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout, space.root / ".test"


@pytest.mark.workflow
@pytest.mark.parametrize("given, cases", [([], {"succinate"}), (["--configfile", "config/config.yaml"], {"lactate"})])
def test_a_working_directory_may_have_its_own_configuration(tmp_path, given, cases):
    """Its `config/config.yaml` goes before the example, and what is given before both."""
    said, _ = in_its_folder(tmp_path, "--dry-run", *given)
    assert cases & {"lactate"} == set(re.findall(r"\blactate\b", said)) and "succinate" in said


@pytest.mark.long
@pytest.mark.workflow
def test_the_test_run_of_the_catalog(tmp_path):
    said, folder = in_its_folder(tmp_path, "archive")
    assert "1 of 1 design verified" in said and (folder / "results/check.txt").is_file()
    with zipfile.ZipFile(folder / "results.crate.zip") as archive:
        assert ".test/config/config.yaml" in archive.namelist()
