"""The table of all configuration keys in config/README.md, from the schema: run by `make docs`.

With `--check` nothing is written and the exit code says whether the table is up to date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
README = ROOT / "config/README.md"
START, END = "<!-- keys: start -->\n", "<!-- keys: end -->\n"


def resolved(part: dict, schema: dict) -> dict:
    """A part of the schema with its reference followed."""
    if "$ref" not in part:
        return part
    target = schema
    for key in part["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**resolved(target, schema), **{key: value for key, value in part.items() if key != "$ref"}}


def keys(part: dict, schema: dict, where: str = "") -> Iterator[tuple[str, dict]]:
    """Every key below a part of the schema, with its own part."""
    part = resolved(part, schema)
    for name, below in part.get("properties", {}).items():
        below = resolved(below, schema)
        yield f"{where}{name}", below
        yield from keys(below, schema, f"{where}{name}.")
    extra = part.get("additionalProperties")
    if isinstance(extra, dict) and "properties" in resolved(extra, schema):
        yield from keys(extra, schema, f"{where}NAME.")


def kind(part: dict, schema: dict) -> str:
    """What a key takes, in words."""
    if "anyOf" in part:
        return " or ".join(kind(option, schema) for option in part["anyOf"])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join("null" if item is None else f"`{item}`" for item in part["enum"])
    names = part["type"] if isinstance(part["type"], list) else [part["type"]]
    words = {"object": "mapping", "array": "list", "string": "text", "boolean": "true, false"}
    limits = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most"}
    said = [f"{word} {part[key]:g}" for key, word in limits.items() if key in part]
    return ", ".join([" or ".join(words.get(name, name) for name in names), *said])


def row(name: str, part: dict, schema: dict) -> str:
    """A line of the table."""
    default = "" if "default" not in part else f"`{yaml.safe_dump(part['default'], default_flow_style=True).strip()}`"
    cells = [f"`{name}`", kind(part, schema), default.replace("\n...", ""), part["description"]]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def documented(text: str) -> str:
    """The README with its table made anew."""
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    head, rest = text.split(START)
    tail = rest.split(END)[1]
    rows = "".join(row(name, part, schema) for name, part in keys(schema, schema))
    return f"{head}{START}| key | takes | default | meaning |\n| --- | --- | --- | --- |\n{rows}{END}{tail}"


if __name__ == "__main__":
    old = README.read_text(encoding="utf-8")
    new = documented(old)
    if "--check" in sys.argv:
        sys.exit("config/README.md does not fit the schema: run `make docs`" if new != old else 0)
    README.write_text(new, encoding="utf-8")
