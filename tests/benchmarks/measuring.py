"""What benchmarks share: seconds of the processor, files of results, and the part of a page that each writes."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def processor_seconds() -> float:
    """Seconds of a processor that this process and its finished solvers have used: others may share the machine."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def read_rows(path: Path) -> list[dict]:
    """The rows of a file of results, one JSON object a line; none if it is not there yet."""
    return list(map(json.loads, path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def add_rows(path: Path, rows: Iterable[dict]) -> None:
    """Add rows to a file of results at once, so that measuring can be stopped and called again."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_part(page: Path, name: str, text: str) -> None:
    """Put a text between the lines `<!-- name: start -->` and `<!-- name: end -->` of a page, each there once."""
    start, end = f"<!-- {name}: start -->\n", f"<!-- {name}: end -->\n"
    head, rest = page.read_text(encoding="utf-8").split(start)
    _, tail = rest.split(end)
    page.write_text(head + start + text + end + tail, encoding="utf-8")
