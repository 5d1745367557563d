"""The keys of a configuration, each with what it takes, its default and its meaning, in words."""

from collections.abc import Iterator

import yaml

from knockflow.base.errors import ConfigError, nearest
from knockflow.settings.schema import read_schema

MOST_BELOW = 40
"""Keys below a mapping that are listed."""


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
    for option in part.get("anyOf", ()):
        if "properties" in resolved(option, schema):
            yield from keys(option, schema, where)
    extra = part.get("additionalProperties")
    if isinstance(extra, dict) and "properties" in resolved(extra, schema):
        yield from keys(extra, schema, f"{where}NAME.")


def kind(part: dict, schema: dict) -> str:
    """What a key takes, in words."""
    if "anyOf" in part:
        return " or ".join(kind(resolved(option, schema), schema) for option in part["anyOf"])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join("null" if item is None else f"`{item}`" for item in part["enum"])
    names = part["type"] if isinstance(part["type"], list) else [part["type"]]
    words = {"object": "mapping", "array": "list", "string": "text", "boolean": "true, false"}
    limits = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most"}
    said = [f"{word} {part[key]:g}" for key, word in limits.items() if key in part]
    return ", ".join([" or ".join(words.get(name, name) for name in names), *said])


def default(part: dict) -> str:
    """The default of a key as a configuration writes it; empty where it has none."""
    text = yaml.safe_dump(part["default"], default_flow_style=True).strip() if "default" in part else ""
    return text.removesuffix("...").strip()


def explain(asked: str) -> str:
    """What a configuration may say under a key, as lines to print.

    Parameters
    ----------
    asked
        A key as the table of config/README.md has it (`cases.NAME.targets.level`), or its end (`level`).

    Raises
    ------
    ConfigError
        If no key ends so; the message has the nearest ones.
    """
    schema = read_schema()
    every = dict(keys(schema, schema))
    found = [name for name in every if name == asked or name.endswith(f".{asked}")]
    if not found:
        ends = {name.rsplit(".", 1)[-1]: name for name in every}
        near = [ends[end] for end in nearest(asked.rsplit(".", 1)[-1], ends)]
        raise ConfigError(f"no key `{asked}`" + (f"; did you mean {', '.join(near)}?" if near else ""))
    return "\n\n".join("\n".join(_lines(name, every, schema)) for name in found)


def _lines(name: str, every: dict[str, dict], schema: dict) -> Iterator[str]:
    part = every[name]
    yield name
    yield f"  {part['description']}"
    yield f"  takes    {kind(part, schema).replace('`', '')}"
    yield f"  default  {default(part) if 'default' in part else 'none: must be given'}"
    below = [other.removeprefix(f"{name}.") for other in every if other.startswith(f"{name}.")][:MOST_BELOW]
    if below:
        yield f"  below    {', '.join(below)}"
