"""Files that a configuration names: that they are there, or what comes nearest to them."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from knockflow.base.errors import nearest
from knockflow.base.sources import MOST_NAMED, entries, named_as_model, near_files, split_source
from knockflow.layers.registry import asked_layers

REMOTE = ("cobra:", "bigg:")
"""What a model's source begins with where it is no file."""


def named_files(case: Mapping) -> Iterator[tuple[str, str]]:
    """The files that a case names, each as the key and what stands there."""
    found = {
        "model": case["model"],
        "heterologous.file": (case["heterologous"] or {}).get("file"),
        "targets.table": case["targets"]["table"],
        "essential_genes.table": (case["essential_genes"] or {}).get("table"),
    }
    for key, source in found.items():
        if source and not source.startswith(REMOTE):
            yield key, source
    yield from layer_files(case)


def layer_files(case: Mapping) -> Iterator[tuple[str, str]]:
    """The files that the layers of a case name, each as the key and what stands there; none that are the library's."""
    for layer in asked_layers(case):
        options = layer.options(case)
        for slot in layer.slots(options):
            if options[slot] not in layer.own_files:
                yield f"layers.{layer.key}.{slot}", options[slot]


def missing_layer_files(case: Mapping, base: Path) -> Iterator[str]:
    """A line for each file that the layers of a case name and that is not there."""
    for key, source in layer_files(case):
        line = _missing(key, source, base)
        if line:
            yield line


def missing_files(config: Mapping, base: Path, others: Iterable[Path] = ()) -> list[str]:
    """A line for each file that a checked configuration names and that is not there.

    Parameters
    ----------
    base
        The folder that relative paths count from.
    others
        Folders that they may be thought to count from.
    """
    lines = []
    for name, case in config["cases"].items():
        for key, source in named_files(case):
            line = _missing(key, source, base, others)
            if line:
                lines.append(f"cases.{name}.{line}")
    return lines


def _missing(key: str, source: str, base: Path, others: Iterable[Path] = ()) -> str:
    """What is wrong with a file that a key names; empty where it is there."""
    path = base / split_source(source)[0]
    try:
        if path.is_file():
            return ""
        what = "is a folder, not a file" if path.is_dir() else "there is no such file"
    except OSError as error:
        # Without rights, or with a name that is too long.
        return f"{key}: `{source}`: {error.strerror}"
    instead = _from_elsewhere(source, base, others) or _instead(path, source, key)
    return f"{key}: `{source}`: {what} ({os.path.abspath(path)}); {instead}"


def _from_elsewhere(source: str, base: Path, others: Iterable[Path]) -> str:
    """Where the very file is, if it is one folder off."""
    below = [folder / Path(source).name for folder in entries(base, Path.is_dir)]
    for path in (*(folder / split_source(source)[0] for folder in others), *below):
        if path.is_file():
            return f"a relative path counts from the configuration file: write `{_to(path, base)}` for {path.resolve()}"
    return ""


def _to(path: Path, base: Path) -> str:
    return os.path.relpath(path.resolve(), base.resolve())


def _instead(path: Path, source: str, key: str) -> str:
    """What may have been meant: files of like names, what else is in the folder, or a model that is no file."""
    if key == "model" and not path.suffix and "/" not in source and not path.is_dir():
        return f"a model that comes with COBRApy is `cobra:{source}`, one of BiGG `bigg:{source}`"
    folder = path if path.is_dir() else path.parent
    if not folder.is_dir():
        there = next(parent for parent in folder.parents if parent.is_dir())
        missing = folder.relative_to(there).parts[0]
        near = nearest(missing, [folder.name for folder in entries(there, Path.is_dir)])
        known = f"; did you mean the folder {', '.join(near)}?" if near else ""
        return f"the folder `{missing}` is not there{known}"
    near = near_files(path, key == "model") if path != folder else []
    if near:
        return f"did you mean {', '.join(near)}?"
    files = [file.name for file in entries(folder, Path.is_file) if key != "model" or named_as_model(file)]
    if not files:
        return f"the folder holds no {'model' if key == 'model' else 'files'}"
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return f"the folder holds {', '.join(files[:MOST_NAMED])}{more}"
