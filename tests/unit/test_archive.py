"""One file of a run: what goes into it, under which names, and the same bytes for the same content."""

import hashlib
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from knockflow.base.errors import KnockflowError
from knockflow.stages.archive.archive import archive
from knockflow.stages.archive.contents import PROJECT, absolute_sources, contents
from knockflow.stages.archive.packed import CHECKSUMS

ROOT = Path(__file__).resolve().parents[2]
LOG = "2026-02-03 04:05:06,789 INFO begun\n2026-02-03 04:05:09,001 INFO done\n"
PROVENANCE = {
    "sha256": "ab" * 32,
    "made_with": {"knockflow": "0", "commit": "c" * 40, "utc_offset": "+01:00", "packages": {"snakemake": "9.1"}},
}


@pytest.fixture
def run(tmp_path, monkeypatch) -> Path:
    """A small project, a configuration beside it with a model, and results, in the working directory."""
    files = {
        "project/Snakefile": "rules",
        "project/requirements.lock": "pins",
        "project/scripts/a.py": "code",
        "project/scripts/__pycache__/a.pyc": "byte code",
        "project/x.egg-info/a": "made",
        "project/tests/test.py": "not needed",
        "mine/my config.yaml": "cases",
        "models/core.json": "a model",
        "results/summary.tsv": "a table",
        "results/.part": "half written",
        "results/a/f/record.json": "{}",
        "results/a/old/record.json": "of another run",
        "results/other/model.json": "of another run",
        "results/logs/other/curate.python.log": "of another run",
        "results/logs/a/f/design.python.log": LOG,
        "results/logs/check.python.log": LOG,
        "results/logs/archive.python.log": "told while it is made",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(run: Path):
    sources = {"cases.a.model": Path("mine/../models/core.json")}
    return contents(
        run / "project",
        "results",
        [run / "mine/my config.yaml"],
        sources,
        ["summary.tsv", "a/f/record.json", "a/proof/f.json.gz"],
    )


def test_what_is_needed_goes_in_under_names_that_lead_to_each_other(run):
    found = held(run)
    assert set(found.files) == {
        "Snakefile",
        "requirements.lock",
        "scripts/a.py",
        "inputs/mine/my config.yaml",
        "inputs/models/core.json",
        "results/summary.tsv",
        "results/a/f/record.json",
        "results/logs/a/f/design.python.log",
        "results/logs/check.python.log",
    }
    assert found.configurations == ("inputs/mine/my config.yaml",)
    assert found.sources == {"cases.a.model": "inputs/models/core.json"}


def test_what_is_in_the_project_keeps_its_place(run):
    (run / "project/config").mkdir()
    (run / "project/config/config.yaml").write_text("cases")
    default = contents(run / "project", "results", [run / "project/config/config.yaml"], {}, [])
    assert default.configurations == () and "config/config.yaml" in default.files
    assert contents(run / "project", "results", [], {}, []).configurations == ()


def test_what_cannot_be_run_elsewhere_is_refused(run):
    with pytest.raises(KnockflowError, match="no folder of the project"):
        contents(run / "mine", "results", [], {}, [])
    for results in (str(run / "results"), "../results"):
        with pytest.raises(KnockflowError, match="only of a folder of the working directory"):
            contents(run / "project", results, [], {}, [])
    lines = absolute_sources([("cases.a.model", "/models/core.json"), ("cases.b.model", "core.json")])
    assert lines == [next(line for line in lines if line.startswith("cases.a.model: `/models/core.json`"))]


def test_equal_content_has_equal_bytes_whatever_the_times(run):
    archive("one.zip", held(run), PROVENANCE, ["a"])
    for file in run.rglob("*"):
        os.utime(file, (1, 1))
    archive("other.zip", held(run), PROVENANCE, ["a"])
    assert (run / "one.zip").read_bytes() == (run / "other.zip").read_bytes()


def test_it_says_what_it_holds_and_how_to_run_it(run):
    count = archive("run.zip", held(run), PROVENANCE, ["a", "b"])
    with zipfile.ZipFile("run.zip") as packed:
        packed.extractall("out")
        assert len([name for name in packed.namelist() if not name.endswith("/")]) == count
    sums = dict(reversed(line.split("  ", 1)) for line in Path("out", CHECKSUMS).read_text().splitlines())
    files = {str(file.relative_to("out")): file for file in Path("out").rglob("*") if file.is_file()}
    assert set(sums) == set(files) - {CHECKSUMS}
    assert all(
        hashlib.sha256(file.read_bytes()).hexdigest() == sums[name] for name, file in files.items() if name in sums
    )
    how = Path("out/RERUN.md").read_text()
    assert "snakemake --cores all --configfile 'inputs/mine/my config.yaml'" in how
    assert "check_certificates.py results" in how and "check_proof.py" not in how
    graph = {one["@id"]: one for one in json.loads(Path("out/ro-crate-metadata.json").read_text())["@graph"]}
    assert graph["./"]["mainEntity"] == {"@id": "workflow/Snakefile"}
    action = graph["#run"]
    assert (action["startTime"], action["endTime"]) == ("2026-02-03T04:05:06+01:00", "2026-02-03T04:05:09+01:00")
    assert {one["@id"] for one in action["result"]} == {"results/summary.tsv", "results/a/f/record.json"}
    named = {one["@id"].replace("%20", " ") for one in action["object"]}
    assert named == {"inputs/mine/my config.yaml", "inputs/models/core.json", "requirements.lock"}


def test_it_says_how_to_check_a_proof_that_it_holds(run):
    proof = run / "results/a/proof/f.json.gz"
    proof.parent.mkdir()
    proof.write_bytes(b"")
    archive("run.zip", held(run), PROVENANCE, ["a"])
    with zipfile.ZipFile("run.zip") as packed:
        assert "\n    python3 scripts/check_proof.py results\n" in packed.read("RERUN.md").decode()


def test_everything_tracked_is_in_the_archive_or_left_out_on_purpose():
    done = subprocess.run(["git", "-C", str(ROOT), "ls-tree", "--name-only", "HEAD"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a clone")
    left_out = {
        ".ci",
        ".github",
        ".snakemake-workflow-catalog.yml",
        ".gitattributes",
        ".gitignore",
        ".git_archival.txt",
        ".test",
        "tests",
    }
    assert set(done.stdout.split()) - left_out <= set(PROJECT)
