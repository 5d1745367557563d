"""A copy of the project with a working directory of its own, and Snakemake run on it."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("Snakefile", "workflow", "scripts", "config", "envs", "profiles", "requirements.lock")


def case(**changes) -> dict:
    """The core model without oxygen, for succinate."""
    return {
        "model": "cobra:textbook",
        "product": "EX_succ_e",
        "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0},
        "min_growth": 0.05,
    } | changes


def assert_equal_work(one: Path, other: Path) -> None:
    """That two folders of results hold the same, but for how long things took."""
    first, second = (json.loads((folder / "provenance.json").read_text()) for folder in (one, other))
    assert first["work"] == second["work"] and first["sha256"] == second["sha256"]
    timed = {"report.html", "record.json", "provenance.json"}
    files = _results(one)
    assert files ^ _results(other) == set()
    for path in files:
        if path.name not in timed:
            assert (one / path).read_bytes() == (other / path).read_bytes(), path


def _results(folder: Path) -> set[Path]:
    """The files of a folder of results, without logs and seconds."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in paths if path.parts[0] not in ("logs", "benchmarks")}


@dataclass
class Workspace:
    """A project's copy in `root`, run in `work` with the configuration `config`."""

    root: Path
    work: Path
    config: dict
    told: str = ""
    patience: int = 600
    """Seconds that a run may take."""

    @classmethod
    def make(cls, folder: Path, config: dict) -> "Workspace":
        """Copy the project below a folder."""
        root = folder / "project"
        root.mkdir(parents=True)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                # With their byte code, whose sources keep their times, modules are not compiled again in each copy.
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("*.egg-info"))
            else:
                shutil.copy(source, root / name)
        (root / ".venv").symlink_to(sys.prefix)
        (folder / "work").mkdir()
        return cls(root, folder / "work", config)

    @property
    def python(self) -> str:
        """The interpreter, by the name under which it is the copy's own."""
        return str(self.root / ".venv/bin/python")

    @property
    def results(self) -> Path:
        """Where the results are."""
        return self.work / "results"

    def command(self, *arguments: str) -> list[str]:
        """Snakemake's command line, with the present configuration written down."""
        path = self.work / "my-config.yaml"
        path.write_text(yaml.safe_dump(self.config))
        places = ["--snakefile", str(self.root / "Snakefile"), "--directory", str(self.work)]
        return [self.python, "-m", "snakemake", *places, "--configfile", str(path), "--cores", "2", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """The library of the copy comes before the installed one."""
        return os.environ | {"PYTHONPATH": str(self.root / "scripts")}

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run Snakemake to its end, with its output as text."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.patience,
        )

    @contextmanager
    def edited(self, path: Path, content: bytes) -> Iterator[None]:
        """Within it a file holds something else; afterwards it is as before, its time too, which Snakemake compares."""
        before, stat = path.read_bytes(), path.stat()
        assert content != before
        path.write_bytes(content)
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def copied(self, folder: Path) -> "Workspace":
        """A fresh copy of the project in another folder, with a copy of the results alone: new times, no records."""
        space = Workspace.make(folder, self.config)
        shutil.copytree(self.results, space.results, copy_function=shutil.copy)
        return space

    def unpacked(self, folder: Path) -> tuple[str, str]:
        """The archive of the run in another folder: what the checker says without packages, and what a run would do."""
        done = self.run("archive")
        assert done.returncode == 0, done.stdout
        with zipfile.ZipFile(self.work / "results.crate.zip") as archive:
            archive.extractall(folder)
        checker = [sys.executable, "-I", "-S", "scripts/check_certificates.py", "results"]
        checked = subprocess.run(checker, cwd=folder, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        (folder / ".venv").symlink_to(sys.prefix)
        snakemake = [str(folder / ".venv/bin/python"), "-m", "snakemake", "--cores", "1", "--dry-run"]
        environment = os.environ | {"PYTHONPATH": str(folder / "scripts")}
        command = [*snakemake, "--configfile", "inputs/my-config.yaml"]
        planned = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert planned.returncode == 0, planned.stderr
        return checked.stdout, planned.stdout + planned.stderr

    def planned(self) -> dict[str, int]:
        """Rules that a run would execute now, with the number of jobs."""
        done = self.run("--dry-run", "--quiet", "host")
        assert done.returncode == 0, done.stdout
        rows = re.findall(r"^(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)
        return {rule: int(count) for rule, count in rows if rule not in ("total", "all")}

    def planned_jobs(self) -> set[tuple[str, str]]:
        """The (rule, wildcards) that a run would execute now."""
        done = self.run("--dry-run")
        jobs = re.split(r"\n(?=(?:local)?rule )", done.stdout)[1:]
        found = set()
        for job in jobs:
            wildcards = re.search(r"wildcards: (.*)", job)
            found.add((re.match(r"(?:local)?rule (\w+)", job)[1], wildcards[1] if wildcards else ""))
        return found

    def record(self, name: str, formulation: str) -> dict:
        """A record.json."""
        return json.loads((self.results / name / formulation / "record.json").read_text())
