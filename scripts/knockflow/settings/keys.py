"""The keys of a case and of a formulation as Python shows them: in signatures, in `help` and as types.

All of it is read from the schema; `typed.py` is made by `make docs` with what stands here, for type checkers, which
read no schema.
"""

import inspect
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from textwrap import fill, indent

from knockflow.settings.schema import read_schema

WORDS = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}
WIDTH = 100
CASE, FORMULATION = "case", "formulation"


def with_keys(section: str, leave_out: Collection[str] = ()) -> Callable:
    """Give a class or a function that takes `**options` the keys of a part of the schema, in signature and docstring.

    Parameters
    ----------
    section : str
        Name of the part among the schema's definitions: `case` or `formulation`.
    leave_out : collection of str
        Keys that it does not take by their name.
    """
    schema = read_schema()
    part = {key: below for key, below in schema["$defs"][section]["properties"].items() if key not in leave_out}

    def give(documented):
        own = [one for one in inspect.signature(documented).parameters.values() if one.kind is not one.VAR_KEYWORD]
        named = {one.name for one in own}
        more = {key: below for key, below in part.items() if key not in named}
        keywords = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=deepcopy(resolved(below, schema)["default"]))
            for key, below in more.items()
        ]
        documented.__signature__ = inspect.Signature([*own, *keywords])
        documented.__doc__ = (documented.__doc__ or "").rstrip() + f"\n\n{_section(section, more, schema)}"
        return documented

    return give


def _section(section: str, part: dict, schema: dict) -> str:
    """The part of a docstring that tells all keys."""
    head = f"Keys of a {section}"
    return "\n".join([head, "-" * len(head), *_told(part, schema)])


def _told(part: dict, schema: dict) -> Iterator[str]:
    """What each key takes, its default and its meaning; keys below it are indented."""
    for key, below in part.items():
        below = resolved(below, schema)
        default = f", default {below['default']!r}" if "default" in below else ""
        yield f"{key} : {python_type(key, below, schema)}{default}"
        yield indent(fill(below["description"], WIDTH, break_long_words=False), "    ")
        for mapping in (*mappings(below, schema), *mappings_by_name(below, schema)):
            yield indent("\n".join(_told(mapping["properties"], schema)), "    ")


def resolved(part: dict, schema: dict) -> dict:
    """A part of the schema with its reference followed; what stands beside the reference counts."""
    if "$ref" not in part:
        return part
    name = part["$ref"].rsplit("/", 1)[1]
    beside = {key: value for key, value in part.items() if key != "$ref"}
    return {"name": name} | resolved(schema["$defs"][name], schema) | beside


def mappings(part: dict, schema: dict) -> Iterator[dict]:
    """The mappings with keys of their own that a part of the schema takes."""
    for option in part.get("anyOf", [part]):
        option = resolved(option, schema)
        if "properties" in option:
            yield option


def mappings_by_name(part: dict, schema: dict) -> Iterator[dict]:
    """The same of what stands under names that a part of the schema leaves free."""
    under = part.get("additionalProperties")
    return mappings(under, schema) if isinstance(under, dict) else iter(())


def python_type(key: str, part: dict, schema: dict) -> str:
    """What a part of the schema takes, as an annotation; a mapping with keys of its own is named in capitals."""
    part = resolved(part, schema)
    if "anyOf" in part:
        return _either(python_type(key, option, schema) for option in part["anyOf"])
    if "const" in part:
        return f"Literal[{part['const']!r}]"
    if "enum" in part:
        named = ", ".join(repr(name) for name in part["enum"] if name is not None)
        return _either([f"Literal[{named}]"] + ["None"] * (None in part["enum"]))
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return _either(_one_kind(key, kind, part, schema) for kind in kinds)


def _one_kind(key: str, kind: str, part: dict, schema: dict) -> str:
    if kind == "array":
        return f"list[{python_type(key, part['items'], schema)}]"
    if kind == "object" and "properties" in part:
        return class_name(part.get("name", key))
    if kind == "object":
        return f"dict[str, {python_type(key, part['additionalProperties'], schema)}]"
    return WORDS[kind]


def class_name(key: str) -> str:
    """The name of the type that has the keys below a key: `BigMKeys` for `big_m`."""
    return "".join(word.capitalize() for word in key.split("_")) + "Keys"


def _either(types) -> str:
    return " | ".join(dict.fromkeys(types))
