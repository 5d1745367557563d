"""Where results come from: the same for equal work, and a commit that is the project's own."""

import json
import subprocess
from pathlib import Path

import pytest

from knockflow.base.files import write_json
from knockflow.base.kept import Names
from knockflow.stages.provenance import commit, made_with, provenance

ROOT = Path(__file__).resolve().parents[2]


def work_of(folder: Path, seconds: float, value: float) -> dict:
    """The provenance of a small run."""
    record = {"value": value, "seconds": seconds, "dives": [{"seconds": seconds}]}
    write_json(folder / "results/a/f/record.json", record)
    (folder / "results/report.html").write_text(f"after {seconds} s")
    (folder / "mine.json").write_text("a model")
    outputs = [str(folder / "results/a/f/record.json"), str(folder / "results/report.html")]
    names = Names(str(folder / "results"), {})
    return provenance({"cases": {}}, outputs, [], names, {"cases.a.model": str(folder / "mine.json")})


def test_equal_work_has_equal_bytes_wherever_and_however_long(tmp_path):
    one, other = work_of(tmp_path / "one", 1.5, 3), work_of(tmp_path / "other", 20.25, 3)
    assert one == other and one["work"]["results"].keys() == {"results:a/f/record.json"}
    assert work_of(tmp_path / "third", 1.5, 4)["sha256"] != one["sha256"]
    assert str(tmp_path) not in json.dumps(one)


def test_versions_and_solvers_are_named():
    found = made_with()
    assert found["packages"]["snakemake"] and found["solvers"].keys() >= {"glpk", "highs", "cbc"}
    assert json.loads(json.dumps(found)) == found


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_is_that_of_the_project_not_of_a_repository_around_it(tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    git(tmp_path, "init", "-q")
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    git(tmp_path, *who, "commit", "-q", "--allow-empty", "-m", "around")
    assert commit(root) == {"commit": None, "edited": None}
    git(root, "init", "-q")
    git(root, *who, "commit", "-q", "--allow-empty", "-m", "own")
    head = git(root, "rev-parse", "HEAD")
    assert commit(root) == {"commit": head, "edited": False}
    (root / "new.py").write_text("x")
    assert commit(root) == {"commit": head, "edited": True}


@pytest.mark.parametrize("text", ["commit: $Format:%H$\n", "commit: 3f488c6e3daf7cd5f9a7f97b35bbc0ce92250c19\n"])
def test_an_archive_of_the_repository_says_its_commit(tmp_path, text):
    (tmp_path / ".git_archival.txt").write_text(text)
    known = None if "Format" in text else text.split()[1]
    assert commit(tmp_path)["commit"] == known


def test_git_fills_in_the_commit_when_it_makes_an_archive():
    assert (ROOT / ".git_archival.txt").read_text() == "commit: $Format:%H$\n"
    assert ".git_archival.txt export-subst" in (ROOT / ".gitattributes").read_text().splitlines()
