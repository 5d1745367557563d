"""A problem as a file of plain arrays, with their hash: nothing in it can run."""

from dataclasses import fields
from pathlib import Path

import numpy as np
from scipy.sparse import csc_array, csr_array

from knockflow.base.arrays import digest as digest_of
from knockflow.base.arrays import load_arrays, save_arrays
from knockflow.base.errors import FileError
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.problem.follower_program import FollowerProgram
from knockflow.problem.judge import WORST, Judge
from knockflow.problem.leader import Targets
from knockflow.problem.problem import Problem, SeveralFollowersError


def save(path: str | Path, problem: Problem) -> None:
    """Write a problem as arrays, with their hash."""
    save_arrays(path, _arrays(problem))


def load(path: str | Path) -> Problem:
    """Read a problem.

    Raises
    ------
    FileError
        If the file is missing, its hash does not fit its content, or another version wrote it.
    """
    arrays = load_arrays(path, "problem file")
    try:
        return _build(Problem, arrays, "")
    except (KeyError, ValueError, SeveralFollowersError) as error:
        raise FileError(f"{path}: no problem file of this version ({error}); delete it and run again") from error


def digest(problem: Problem) -> str:
    """SHA-256 of all that a problem holds: equal problems, equal digests."""
    return digest_of(_arrays(problem))


def _arrays(item, prefix: str = "") -> dict[str, np.ndarray]:
    """All fields as arrays; a part has its fields under its own name. Judging by the worst is not written."""
    arrays = {}
    for field in fields(item):
        name, value = f"{prefix}{field.name}", getattr(item, field.name)
        if isinstance(value, Judge) and value == WORST:
            continue
        if isinstance(value, Targets | DrivingForces | Judge):
            arrays |= _arrays(value, f"{name}.")
        elif field.name == "followers":
            for number, follower in enumerate(value):
                arrays |= _arrays(follower, f"{name}.{number}.")
        elif isinstance(value, csc_array | csr_array):
            start, index = (part.astype(np.int64) for part in (value.indptr, value.indices))
            arrays |= {f"{name}.start": start, f"{name}.index": index, f"{name}.value": value.data}
        elif value is not None:
            arrays[name] = np.asarray(value, dtype=str) if isinstance(value, tuple) else np.asarray(value)
    return arrays


def _build(kind, arrays: dict[str, np.ndarray], prefix: str):
    """The opposite of `_arrays`."""
    values = {}
    for field in fields(kind):
        name = f"{prefix}{field.name}"
        if field.type is Targets:
            values[field.name] = _build(field.type, arrays, f"{name}.")
        elif field.name == "followers":
            numbers = {int(key.split(".")[1]) for key in arrays if key.startswith(f"{name}.")}
            values[name] = tuple(_build(FollowerProgram, arrays, f"{name}.{number}.") for number in sorted(numbers))
        elif field.type is Judge or field.type == DrivingForces | None:
            kind_of, absent = (Judge, WORST) if field.type is Judge else (DrivingForces, None)
            there = any(key.startswith(f"{name}.") for key in arrays)
            values[field.name] = _build(kind_of, arrays, f"{name}.") if there else absent
        elif field.type is csr_array:
            start, index, value = (arrays[f"{name}.{part}"] for part in ("start", "index", "value"))
            width = len(arrays[f"{prefix}lower"])
            values[field.name] = csr_array((value, index, start), shape=(len(start) - 1, width))
        elif field.type is csc_array:
            height = len(arrays[f"{prefix}{_HEIGHTS[field.name]}"])
            values[field.name] = _matrix(*(arrays[f"{name}.{part}"] for part in ("start", "index", "value")), height)
        elif field.type in (float, str):
            values[field.name] = field.type(arrays[name])
        elif field.type in (np.ndarray, np.ndarray | None):
            values[field.name] = arrays[name] if field.type is np.ndarray else arrays.get(name)
        else:
            values[field.name] = tuple(map(str, arrays[name]))
    return kind(**values)


_HEIGHTS = {"matrix": "rows", "members": "reactions"}
"""What the rows of each matrix stand for."""


def _matrix(start: np.ndarray, index: np.ndarray, value: np.ndarray, height: int) -> csc_array:
    return csc_array((value, index, start), shape=(height, len(start) - 1))
