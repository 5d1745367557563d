"""What goes into an archive: the project, the configuration with the files that it names, and the results."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knockflow.base.errors import KnockflowError
from knockflow.base.kept import files_in

PROJECT = (
    ".dockerignore",
    ".zenodo.json",
    "CHANGELOG.md",
    "CITATION.cff",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "Snakefile",
    "config",
    "docs",
    "envs",
    "mkdocs.yml",
    "profiles",
    "pyproject.toml",
    "requirements-build.in",
    "requirements-build.lock",
    "requirements-site.in",
    "requirements-site.lock",
    "requirements.in",
    "requirements.lock",
    "scripts",
    "workflow",
)
"""What of the project's folder is needed to run it again, and to read what it does."""

INPUTS = "inputs"
"""The archive's folder for a configuration from outside the project, with the files that it names."""

_MADE = ("__pycache__", ".pyc", ".egg-info")
_OWN_LOGS = "archive."
_ASIDE = ("logs", "benchmarks")


@dataclass(frozen=True)
class Contents:
    """What an archive holds.

    Attributes
    ----------
    files
        The path of each file by its name in the archive.
    configurations
        Names of the configuration files, in the order in which they are given; empty for the project's own example.
    sources
        Names of the files that the configuration names, by the keys that name them.
    results
        The name of the folder of the results.
    """

    files: Mapping[str, Path]
    configurations: tuple[str, ...]
    sources: Mapping[str, str]
    results: str


def contents(
    root: Path, results: str, configurations: Iterable[Path], sources: Mapping[str, Path], made: Collection[str]
) -> Contents:
    """What an archive of a run holds.

    Parameters
    ----------
    root
        The project's folder.
    results
        The folder of the results, as the configuration calls it.
    configurations
        Configuration files, in the order in which they were given.
    sources
        The files that they name, by the keys that name them.
    made
        What the run has made, relative to the folder of the results: folders that other runs left there stay out.

    Raises
    ------
    KnockflowError
        If the project is not there as a folder, or the results are outside the working directory.
    """
    if not (root / "Snakefile").is_file() or not (root / "requirements.lock").is_file():
        raise KnockflowError(f"{root}: no folder of the project; clone it, and run its Snakefile, to archive a run")
    if Path(results).is_absolute() or ".." in Path(results).parts:
        raise KnockflowError(
            f"results: `{results}`: an archive holds results only of a folder of the working directory"
        )
    files = dict(_project(root))
    given = [path.resolve() for path in configurations]
    named = {key: path.resolve() for key, path in sources.items()}
    places = _places(root, [*given, *named.values()])
    files |= {name: path for path, name in places.items()}
    files |= {f"{results}/{name}": path for name, path in _results(Path(results)) if _of_run(name, made)}
    asked = tuple(places[path] for path in given)
    default = ("config/config.yaml",)
    return Contents(
        dict(sorted(files.items())),
        () if asked == default else asked,
        {key: places[path] for key, path in named.items()},
        results,
    )


def _project(root: Path) -> Iterable[tuple[str, Path]]:
    for name in PROJECT:
        if (root / name).exists():
            for file in files_in(root / name):
                inside = file.relative_to(root)
                if not any(part.endswith(_MADE) for part in inside.parts):
                    yield inside.as_posix(), file


def _places(root: Path, paths: Iterable[Path]) -> dict[Path, str]:
    """Names of a configuration and of what it names; to each other as they are, so that relative paths lead there."""
    paths = list(paths)
    if all(path.is_relative_to(root) for path in paths):
        return {path: path.relative_to(root).as_posix() for path in paths}
    base = Path(os.path.commonpath([path.parent for path in paths]))
    return {path: f"{INPUTS}/{path.relative_to(base).as_posix()}" for path in paths}


def _results(folder: Path) -> Iterable[tuple[str, Path]]:
    """All results, but for what is half written, and what tells of the making of archives."""
    for file in files_in(folder):
        if not file.name.startswith((".", _OWN_LOGS)):
            yield file.relative_to(folder).as_posix(), file


def _of_run(name: str, made: Collection[str]) -> bool:
    """Whether a file of the results is in none of the folders that only other cases and formulations have made."""
    parts = Path(name).parts
    folders = parts[parts[0] in _ASIDE : -1][:2]
    return not folders or any(Path(one).parts[: len(folders)] == folders for one in made)


def absolute_sources(named: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each file that a configuration names by an absolute path, which leads nowhere elsewhere."""
    return [
        f"{key}: `{source}`: an absolute path leads nowhere in an archive; write it relative to the configuration file"
        for key, source in named
        if Path(source).is_absolute()
    ]
