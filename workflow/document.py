"""What is made from the code: keys of a configuration, formulations, methods, columns and notes of files, calls.

Run by `make docs`. With `--check` nothing is written and the exit code says whether the tables are up to date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from python_reference import calls

from knockflow.base.essential_table import ESSENTIAL
from knockflow.base.screen_table import SCREEN
from knockflow.base.tables import RESULTS
from knockflow.formulations.registry import summaries
from knockflow.formulations.registry import table as table_of_formulations
from knockflow.layers.registry import layer_tables
from knockflow.model.notes import document as table_of_notes
from knockflow.settings.explain import default, keys, kind
from knockflow.settings.schema import read_schema
from knockflow.settings.support import table as table_of_pairs

ROOT = Path(__file__).resolve().parents[1]
START = ROOT / "README.md"
README = ROOT / "config/README.md"
METHOD = ROOT / "docs/method.md"
FILES = ROOT / "docs/files.md"
PYTHON = ROOT / "docs/python.md"


def row(name: str, part: dict, schema: dict) -> str:
    """A line of the table."""
    cells = [f"`{name}`", kind(part, schema), f"`{default(part)}`" if "default" in part else "", part["description"]]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table_of_keys() -> Iterator[str]:
    """The lines of a Markdown table of every key of the configuration."""
    schema = read_schema()
    yield "| key | takes | default | meaning |"
    yield "| --- | --- | --- | --- |"
    yield from (row(name, part, schema) for name, part in keys(schema, schema))


def documented(text: str, name: str, table: str) -> str:
    """A text with the table between its markers made anew."""
    start, end = f"<!-- {name}: start -->\n", f"<!-- {name}: end -->\n"
    head, rest = text.split(start)
    return f"{head}{start}{table}{end}{rest.split(end)[1]}"


def documents() -> dict[Path, dict[str, Iterator[str]]]:
    """The lines of each table by the file where it stands and the name of its place there."""
    return {
        START: {"formulations": summaries()},
        README: {"keys": table_of_keys(), "formulations": summaries()},
        METHOD: {"formulations": table_of_formulations(), "pairs": table_of_pairs()},
        PYTHON: {"calls": calls()},
        FILES: {"notes": table_of_notes()}
        | {table.file: table.document() for table in (*RESULTS, SCREEN, ESSENTIAL, *layer_tables())},
    }


def main() -> None:
    """Write all tables, or check them."""
    for path, tables in documents().items():
        old = new = path.read_text(encoding="utf-8")
        for name, lines in tables.items():
            new = documented(new, name, "".join(f"{line}\n" for line in lines))
        if "--check" in sys.argv and new != old:
            sys.exit(f"{path.relative_to(ROOT)} does not fit the code: run `make docs`")
        if new != old:
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
