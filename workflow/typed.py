"""The types of a case's and a formulation's keys, made from the schema: settings/typed.py. Run by `make docs`.

With `--check` nothing is written and the exit code says whether the file is up to date.
"""

import subprocess
import sys
from keyword import iskeyword
from pathlib import Path
from textwrap import dedent, fill, indent

from knockflow.settings.keys import CASE, FORMULATION, class_name, mappings, mappings_by_name, python_type, resolved
from knockflow.settings.options import NOT_HERE
from knockflow.settings.schema import read_schema

ROOT = Path(__file__).resolve().parents[1]
TYPED = ROOT / "scripts/knockflow/settings/typed.py"
WIDTH = 108
OWN = {CASE: {"model", "product", *NOT_HERE}, FORMULATION: {"kind"}}
"""Keys that Python takes as arguments of their own, or not at all."""
HEAD = '''"""The keys of a case and of a formulation as types, for completion and type checkers.

Made from schema.yaml by `make docs`; edits belong there.
"""

from typing import Literal, TypedDict
'''


def classes(key: str, part: dict, schema: dict) -> dict[str, str]:
    """The type of a mapping's keys by its name, after those of the mappings below it."""
    found, types, told = {}, {}, {}
    for name, below in part["properties"].items():
        below = resolved(below, schema)
        listed = mappings(resolved(below.get("items", {}), schema), schema)
        for mapping in [*mappings(below, schema), *listed, *mappings_by_name(below, schema)]:
            found |= classes(mapping.get("name", name), mapping, schema)
        default = f" Default: `{below['default']!r}`." if "default" in below else ""
        types[name], told[name] = python_type(name, below, schema), below["description"] + default
    own, about = class_name(key), part.get("description", f"The keys of `{key}`.")
    written = _by_call if any(map(iskeyword, types)) else _by_statement
    return found | {own: written(own, about, types, told)}


def _by_statement(own: str, about: str, types: dict[str, str], told: dict[str, str]) -> str:
    lines = [f"    {name}: {types[name]}\n{_docstring(told[name])}\n" for name in types]
    return f"\n\nclass {own}(TypedDict, total=False):\n{_docstring(about)}\n\n" + "\n".join(lines)


def _by_call(own: str, about: str, types: dict[str, str], told: dict[str, str]) -> str:
    """For a key that is a word of Python's own."""
    lines = [f"{own}: {about}", *(f"`{name}`: {words}" for name, words in told.items())]
    keys = ", ".join(f"{name!r}: {kind}" for name, kind in types.items())
    return f'\n\n{own} = TypedDict("{own}", {{{keys}}}, total=False)\n' + dedent(_docstring("\n".join(lines)))


def _docstring(words: str) -> str:
    lines = [fill(line, WIDTH, break_long_words=False) for line in words.replace("\\", "\\\\").splitlines()]
    return indent(f'"""{chr(10).join(lines)}"""', "    ")


def text() -> str:
    """The whole file."""
    schema = read_schema()
    found: dict[str, str] = {}
    for section, own in OWN.items():
        part = schema["$defs"][section]
        keys = {key: below for key, below in part["properties"].items() if key not in own}
        found |= classes(section, part | {"properties": keys}, schema)
    body = HEAD + "".join(found.values())
    formatter = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(TYPED), "-"]
    return subprocess.run(formatter, input=body, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main() -> None:
    """Write the file, or check it."""
    new = text()
    if "--check" in sys.argv and (not TYPED.exists() or new != TYPED.read_text(encoding="utf-8")):
        sys.exit(f"{TYPED.relative_to(ROOT)} does not fit the schema: run `make docs`")
    TYPED.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
