"""Where results come from: what was asked, of which files, by which code, and on which machine.

What the work is stands apart from what a run of it was like, so that equal work has equal bytes and one hash.
"""

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import distributions, version
from pathlib import Path

from knockflow import __version__
from knockflow.base.files import sha256
from knockflow.base.kept import Names, content_hash, files_in, jobs_of, without_records

PACKAGES = ("cobra", "equilibrator-api", "highspy", "numpy", "optlang", "pandas", "pyomo", "scipy", "snakemake")
"""The packages whose versions matter to results, but for solvers."""

SOLVERS = {"glpk": "swiglpk", "highs": "highspy", "cbc": "pulp", "gurobi": "gurobipy", "scip": "pyscipopt"}
"""Solvers by name, each with the package that brings it."""

ARCHIVED = ".git_archival.txt"
"""The file in which an archive of the repository names its commit."""

_OF_ONE_RUN = ("report.html",)  # it tells of seconds
_CODE = re.compile(r"'[0-9a-f]{16}'")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def provenance(
    config: Mapping, outputs: Sequence[str], own: Sequence[str], names: Names, sources: Mapping[str, str]
) -> dict:
    """The content of provenance.json.

    Parameters
    ----------
    config
        As it was resolved, with all defaults.
    outputs
        The files and folders that the jobs of a run have made.
    own
        What the job itself has made that writes the provenance.
    names
        How they are called wherever they are.
    sources
        The other files that jobs read, by name.
    """
    jobs = jobs_of(outputs, names) | without_records(own, names)
    work = {
        "config": config,
        "sources": {name: sha256(path) for name, path in sources.items()},
        "code": _code(jobs),
        "results": _results([*outputs, *own], names),
    }
    return {
        "sha256": hashlib.sha256(json.dumps(work, sort_keys=True).encode()).hexdigest(),
        "work": work,
        "made_with": made_with(),
        "jobs": jobs,
    }


def made_with() -> dict:
    """Python, packages, solvers, machine and commit; None for what is not there."""
    installed = {one.metadata["Name"].lower() for one in distributions()}

    def of(package: str) -> str | None:
        return version(package) if package in installed else None

    return {
        "knockflow": __version__,
        "python": platform.python_version(),
        "packages": {package: of(package) for package in PACKAGES},
        "solvers": {name: found for name, package in SOLVERS.items() if (found := of(package))},
        "utc_offset": datetime.now().astimezone().isoformat()[-6:],
        "platform": {"system": platform.system(), "machine": platform.machine(), "libc": "-".join(platform.libc_ver())},
        **commit(Path(__file__).resolve().parents[3]),
    }


def commit(root: Path) -> dict:
    """The commit of the project and whether files of it were edited since; from git, or from what an archive says."""
    none = {"commit": None, "edited": None}
    if _git(root, "rev-parse", "--show-toplevel") == str(root):
        # The folder may also lie within a repository that has nothing to do with it.
        found = _git(root, "rev-parse", "HEAD")
        return {"commit": found, "edited": bool(_git(root, "status", "--porcelain"))} if found else none
    try:
        found = _COMMIT.search((root / ARCHIVED).read_text(encoding="utf-8"))
    except OSError:
        return none
    return {"commit": found[0], "edited": None} if found else none


def _git(root: Path, *words: str) -> str | None:
    """What git says, without changing anything; None where there is no git or no repository."""
    command = ["git", "--no-optional-locks", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _code(jobs: Mapping[str, Mapping]) -> dict[str, list[str]]:
    """The hashes of the code of each rule, which are among its parameters."""
    found: dict[str, set[str]] = {}
    for record in (job["record"] for job in jobs.values() if job["record"]):
        hashes = {param.strip("'") for param in record.get("params") or () if _CODE.fullmatch(param)}
        found.setdefault(record["rule"], set()).update(hashes)
    return {rule: sorted(hashes) for rule, hashes in found.items()}


def _results(outputs: Iterable[str], names: Names) -> dict[str, str]:
    """The hash of every file that equal work makes equal."""
    found = {}
    for output in map(Path, outputs):
        for file in files_in(output):
            if file.name not in _OF_ONE_RUN:
                found[names.of(str(file))] = _without_seconds(file) if file.suffix == ".json" else content_hash(file)
    return found


def _without_seconds(file: Path) -> str:
    """The hash of a JSON file as it is, or without how long things took if it says so."""
    content = file.read_text(encoding="utf-8")
    if '"seconds' not in content:
        return sha256(file)
    return hashlib.sha256(json.dumps(_timeless(json.loads(content)), sort_keys=True).encode()).hexdigest()


def _timeless(content: object) -> object:
    if isinstance(content, dict):
        return {key: _timeless(value) for key, value in content.items() if not key.startswith("seconds")}
    return list(map(_timeless, content)) if isinstance(content, list) else content
