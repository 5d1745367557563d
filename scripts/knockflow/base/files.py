"""Writing and reading the workflow's files: whole or not at all, and the same bytes for the same content."""

import fcntl
import hashlib
import io
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from knockflow.base.errors import FileError


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file whole: a killed process leaves the old file or none."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def locked(path: str | Path) -> Iterator[None]:
    """Hold a lock on a file that may not exist yet, against other processes; it ends with the process that holds it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f".{path.name}.lock"), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_text(path: str | Path, content: str) -> None:
    """Write UTF-8 text whole, with the same line ends on every system."""
    write_bytes(path, content.encode())


def sha256(path: str | Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cell(value: object) -> str:
    """One table cell: numbers with six decimals and no minus zero, lists joined by `;`, None empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | str():
            return str(value)
        case list() | tuple():
            return ";".join(map(str, value))
    number = float(value)
    if math.isnan(number):
        return ""
    text = f"{number:.6f}"
    return text.lstrip("-") if float(text) == 0 else text


def write_table(path: str | Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as tab-separated values, with exactly these columns in this order.

    Raises
    ------
    ValueError
        If a row has a column that is not among `columns`.
    """
    from pandas import DataFrame

    lines = []
    for row in rows:
        if unknown := [name for name in row if name not in columns]:
            raise ValueError(f"{path}: no column {', '.join(unknown)}; its columns are {', '.join(columns)}")
        lines.append([cell(row.get(name)).replace("\t", " ").replace("\n", " ") for name in columns])
    table = DataFrame(lines, columns=list(columns), dtype=object)
    write_text(path, table.to_csv(sep="\t", index=False, lineterminator="\n"))


def read_table(path: str | Path, columns: Sequence[str], ours: bool = True) -> list[dict[str, str]]:
    """Read a tab-separated table that must have at least these columns; every cell is text.

    `ours` says that this project has written it, so that a last line without an end is one cut short.

    Raises
    ------
    FileError
        If the file is missing, a column is missing, or a line is cut short.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            content = file.read()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        mend = "delete the file and run again" if ours else "save it as UTF-8"
        raise FileError(f"{path}: not whole UTF-8 text; {mend}") from error
    except ValueError as error:
        raise FileError(f"{path}: cannot be read: no file can have that name") from error
    header, *lines = _lines(path, content)
    missing = [name for name in columns if name not in header]
    if missing:
        raise FileError(f"{path}: no column {', '.join(missing)}; its columns are {', '.join(header)}")
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    if twice:
        raise FileError(f"{path}: column {', '.join(twice)} is there twice; rename or remove the other")
    for number, line in enumerate(lines, start=2):
        if None in line:
            raise FileError(f"{path}: line {number} has not {len(header)} cells")
    if ours and content and not content.endswith("\n"):
        raise FileError(f"{path}: the last line is cut short; delete the file and run again")
    return [dict(zip(header, line, strict=True)) for line in lines]


def _lines(path: str | Path, content: str) -> list[list[str | None]]:
    """The cells of each line, None where a line has fewer than the header; an empty line counts for nothing."""
    from pandas import read_csv
    from pandas.errors import EmptyDataError, ParserError

    try:
        # The faster engine of pandas would fill a short line up with empty cells.
        table = read_csv(io.StringIO(content), sep="\t", header=None, dtype=str, keep_default_na=False, engine="python")
    except EmptyDataError:
        return [[]]
    except ParserError as error:
        long = re.match(r"Expected (\d+) fields in line (\d+)", str(error))
        if long:
            raise FileError(f"{path}: line {long[2]} has not {long[1]} cells") from error
        raise FileError(f"{path}: not a table of tab-separated cells ({error})") from error
    return table.to_numpy().tolist()


def number(text: str) -> float | None:
    """A cell read as a number; None where it is empty."""
    return float(text) if text else None


def write_json(path: str | Path, content: object) -> None:
    """Write JSON with sorted keys."""
    write_text(path, json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n")


def read_json(path: str | Path) -> dict:
    """Read JSON.

    Raises
    ------
    FileError
        If the file is missing or is not whole.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FileError(f"{path}: not whole JSON ({error}); delete the file and run again") from error
