"""What a configuration calls a file, and what in a folder comes near to a file that is not there."""

import re
from collections.abc import Callable
from pathlib import Path

from knockflow.base.errors import nearest

MODEL_IN_FILE = re.compile(r"(.+\.mat(?:\.gz|\.bz2)?)#([^#/]+)", re.IGNORECASE)

MODEL_ENDINGS = (".xml", ".sbml", ".json", ".yml", ".yaml", ".mat")
"""How names of files of models end; `.gz` or `.bz2` may follow."""

MOST_NAMED = 3

_LIKE_NAMES = 30  # files whose content is looked into, where it must be
_READ = 8_000_000  # bytes of it


def split_source(source: str) -> tuple[str, str | None]:
    """The file of a model, and which of several in it: `core.mat#model` is `model` in core.mat."""
    match = MODEL_IN_FILE.fullmatch(source)
    return (match[1], match[2]) if match else (source, None)


def placed(source: str, path: str | None) -> str:
    """The same source, with its file at another path; as it is where it is no file."""
    part = split_source(source)[1]
    return source if not path else f"{path}#{part}" if part else path


def near_files(path: Path, models: bool) -> list[str]:
    """The files of like names beside a path, best first; of `models`, those that can be one."""
    found = entries(path.parent, Path.is_file)
    if not models:
        return nearest(path.name, [file.name for file in found], MOST_NAMED)
    near = nearest(path.name, [file.name for file in found if named_as_model(file)], _LIKE_NAMES)
    return [name for name in near if _holds_model(path.parent / name)][:MOST_NAMED]


def named_as_model(file: Path) -> bool:
    """Whether a file's name is that of a model."""
    name = file.name.casefold().removesuffix(".gz").removesuffix(".bz2")
    return name.endswith(MODEL_ENDINGS)


def _holds_model(file: Path) -> bool:
    """Whether a file named as a model can be one: YAML and JSON may hold anything, a configuration above all."""
    if file.suffix.casefold() not in (".json", ".yml", ".yaml"):
        return True
    try:
        with file.open("rb") as content:
            return b"metabolites" in content.read(_READ)
    except OSError:
        return False


def entries(folder: Path, kind: Callable[[Path], bool]) -> list[Path]:
    """Files or folders in a folder, but for hidden ones; none where it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if kind(path) and not path.name.startswith("."))
    except OSError:
        return []
