"""Results kept with what they were made of, so that another folder knows them again by their content.

Snakemake compares a job's parameters and the content of its inputs with its own record of the last run. The records
stand in `.snakemake`, beside the results and not in them, and a file without one is judged by its time alone. So a run
writes the records into its results (`jobs_of`), and a run that finds results without any puts them back (`restore`):
each for a file that holds what it did, made of inputs that hold what they did. Every other file without a record is
marked incomplete, so that it is made again. So is a file that holds something else than it did and that no job has
written since: one that was cut, emptied or swapped, whatever its time.

The form of Snakemake's records, a JSON file named by the path in Base64, is that of its 9th version.
"""

import hashlib
import json
import os
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

from knockflow.base.files import sha256, write_text

FOLDER = Path(".snakemake")
PROVENANCE = "provenance.json"
TIMESTAMP = ".snakemake_timestamp"
"""A file that Snakemake puts into each folder that a job makes."""

RESULTS, SOURCE = "results:", "source:"
"""What a path in the results begins with in `jobs`, and one of a file that the configuration names or implies."""

_OF_ONE_RUN = ("starttime", "endtime", "job_hash", "conda_env", "log", "input", "input_checksums", "external_jobid")
_LONGEST_NAME = 254
_MOST_SKEW = 60 * 10**9
"""Nanoseconds that the clock of a file server may be ahead."""


def content_hash(path: str | Path) -> str:
    """SHA-256 of a file, or of the names and hashes of all files in a folder."""
    path = Path(path)
    if not path.is_dir():
        return sha256(path)
    lines = (f"{sha256(file)}  {file.relative_to(path)}\n" for file in files_in(path))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def files_in(path: Path) -> list[Path]:
    """A file itself, or all files in a folder, in order."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and file.name != TIMESTAMP)


class Names:
    """The names under which files stand in `jobs`, wherever the results and the sources are.

    Parameters
    ----------
    results
        The folder of the results, as jobs call it.
    sources
        The other files that jobs read, as jobs call them, by a name that does not say where they are.
    """

    def __init__(self, results: str, sources: Mapping[str, str]) -> None:
        self._results = results.rstrip("/")
        self._sources = sources
        self._names = {path: name for name, path in sources.items()}

    def of(self, path: str) -> str:
        """The name of a path."""
        if path.startswith(f"{self._results}/"):
            return RESULTS + path.removeprefix(f"{self._results}/")
        return SOURCE + self._names[path] if path in self._names else path

    def path(self, name: str) -> str | None:
        """The path of a name; None for a source that there is not here."""
        if name.startswith(RESULTS):
            return f"{self._results}/{name.removeprefix(RESULTS)}"
        return self._sources.get(name.removeprefix(SOURCE)) if name.startswith(SOURCE) else name


def jobs_of(outputs: Iterable[str], names: Names) -> dict[str, dict]:
    """Snakemake's records of files, each with the hashes of the file and of what it was made of."""
    found = {}
    for path in outputs:
        record = _read(_record("metadata", path))
        if record is None or not Path(path).exists():
            continue
        hashes = record.get("input_checksums") or {}
        inputs = {}
        for given in record.get("input") or ():
            known = hashes.get(given)
            inputs[names.of(given)] = known.rpartition(":")[2] if known else content_hash(given)
        rest = {key: value for key, value in record.items() if key not in _OF_ONE_RUN}
        found[names.of(path)] = {"sha256": content_hash(path), "inputs": inputs, "record": rest}
    return found


def without_records(outputs: Iterable[str], names: Names) -> dict[str, dict]:
    """The same for files of the job that writes it, which Snakemake records once it is over: their hashes alone."""
    return {names.of(path): {"sha256": content_hash(path), "inputs": {}, "record": None} for path in outputs}


def restore(names: Names) -> None:
    """Put back Snakemake's records of files that hold what they did; mark others, and damaged ones, incomplete.

    Folders, of which Snakemake compares no content, are made no newer than what was made of them where they hold what
    they did; benchmarks are made no older than results; files of a time to come get the present one, since Snakemake
    refuses what is made of them. Nothing is done where another run holds Snakemake's lock.
    """
    path = Path(names.path(RESULTS + PROVENANCE))
    kept = _jobs_in(path)
    if any(FOLDER.glob("locks/*")):
        return
    if kept is None:
        if path.exists():
            _mark_incomplete(str(path))
        return
    here = _Hashes(names)
    jobs = {name: job for name, job in kept.items() if _inside(name) and here.path(name).exists()}
    (FOLDER / "incomplete").mkdir(parents=True, exist_ok=True)
    new = {name: job for name, job in jobs.items() if not _record("metadata", str(here.path(name))).exists()}
    same = [name for name, job in new.items() if here.same(name, job)]
    for name in same:
        if new[name]["record"] is not None:
            write_text(_record("metadata", str(here.path(name))), json.dumps(_record_of(new[name], names)))
    damaged = [name for name in jobs if name not in new and here.damaged(name, jobs[name], _time_of(path))]
    for name in [*(name for name in new if name not in same), *damaged]:
        _mark_incomplete(str(here.path(name)))
    if same:
        # One time for all, so that none is newer than what was made of it.
        _set_times([path, *map(here.path, same)], time.time_ns())
    now = time.time_ns()
    _set_times([file for file in (path, *map(here.path, jobs)) if _time_of(file) > now], now)
    for name in [name for name in jobs if here.path(name).is_dir()]:
        made_of_it = [path, *(here.path(other) for other, job in jobs.items() if name in job["inputs"])]
        oldest = min(map(_time_of, made_of_it))
        if _time_of(here.path(name)) > oldest and here.of(name) == jobs[name]["sha256"]:
            _set_times([here.path(name)], oldest)
    # Snakemake takes a job for as old as the oldest of its outputs and its benchmark.
    newest = max(map(_time_of, [path, *(here.path(name) for name in jobs if name not in damaged)]))
    _set_times([file for file in path.parent.glob("benchmarks/**/*.tsv") if _time_of(file) < newest], newest)


def _inside(name: str) -> bool:
    """Whether a name is that of a file in the results."""
    path = Path(name.removeprefix(RESULTS))
    return name.startswith(RESULTS) and not path.is_absolute() and ".." not in path.parts


class _Hashes:
    """What files hold here, by their names."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[str, str | None] = {}

    def path(self, name: str) -> Path:
        return Path(self._names.path(name) or "no such source")

    def of(self, name: str) -> str | None:
        if name not in self._known:
            self._known[name] = content_hash(self.path(name)) if self.path(name).exists() else None
        return self._known[name]

    def same(self, name: str, job: Mapping) -> bool:
        """Whether a file holds what a job has made, and what it was made of holds what it did."""
        return self.of(name) == job["sha256"] and all(self.of(one) == known for one, known in job["inputs"].items())

    def damaged(self, name: str, job: Mapping, kept_at: int) -> bool:
        """Whether a file holds something else than it did at some time, which no job has written since."""
        if self.of(name) == job["sha256"]:
            return False
        record = _read(_record("metadata", str(self.path(name)))) or {}
        ended = int((record.get("endtime") or 0) * 10**9)
        return not kept_at < _time_of(self.path(name)) <= ended + _MOST_SKEW


def _time_of(path: Path) -> int:
    """A time as Snakemake reads it, in nanoseconds: that of a folder is that of a file in it."""
    inside = path / TIMESTAMP
    return (inside if inside.exists() else path).stat().st_mtime_ns


def _set_times(paths: Iterable[Path], when: int) -> None:
    for path in paths:
        for file in (path / TIMESTAMP, path):
            if file.exists():
                os.utime(file, ns=(when, when))


def _record_of(job: Mapping, names: Names) -> dict:
    """A record as Snakemake would have written it here."""
    inputs = {names.path(name): known for name, known in job["inputs"].items()}
    checksums = {path: f"sha256:{known}" for path, known in inputs.items() if not Path(path).is_dir()}
    return job["record"] | {"input": sorted(inputs), "input_checksums": checksums, "starttime": 0.0, "endtime": 0.0}


def _mark_incomplete(path: str) -> None:
    write_text(_record("incomplete", path), json.dumps({"external_jobid": None}))


def _record(kind: str, path: str) -> Path:
    """Where Snakemake keeps a record of a path; a long name goes on below a folder."""
    name = urlsafe_b64encode(path.encode()).decode()
    parts = [name[start : start + _LONGEST_NAME] for start in range(0, len(name), _LONGEST_NAME)]
    return FOLDER.joinpath(kind, *(f"@{part}" for part in parts[:-1]), parts[-1])


def _jobs_in(path: Path) -> dict[str, dict] | None:
    """The jobs of a provenance.json; None where there is none, or none that is whole."""
    jobs = (_read(path) or {}).get("jobs")
    keys = {"sha256", "inputs", "record"}
    if not isinstance(jobs, dict) or not all(isinstance(job, dict) and keys <= job.keys() for job in jobs.values()):
        return None
    return jobs


def _read(path: Path) -> dict | None:
    """A JSON file; None where there is none, or none that is whole."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
