"""YAML as mappings, lists and plain values: read fast, and with the ids as they stand in the file."""

import re

import yaml

from knockflow.base.errors import ModelError
from knockflow.base.uncollected import uncollected
from knockflow.model.finding import first_line

# The parser in C is ten times as fast; a PyYAML that was built without it has the same grammar.
BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
OMAP = "tag:yaml.org,2002:omap"
VERBATIM = ("id", "gene_reaction_rule", "compartment", "name")
"""Keys whose values are texts even where they look like a number: `007` and `1e3` are ids, not 7 and 1000."""


class Loader(BASE):
    """Reads the core schema of YAML 1.2, which COBRApy writes: `no`, `1:30` and dates are texts.

    The keys of mappings stay as they are written, and an ordered mapping is a mapping.
    """


# Each class of PyYAML copies what it inherits once a resolver is added; this one starts with none.
Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", list("-+.")),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


def _number(loader: Loader, node: yaml.ScalarNode) -> int | float:
    """A number; one in decimals with a leading zero, too."""
    text = node.value.casefold().replace(".inf", "inf").replace(".nan", "nan")
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


def _mapping(loader: Loader, node: yaml.Node) -> dict:
    """A mapping with the keys as written; also one that stands as a list of one-key mappings."""
    members = [node] if isinstance(node, yaml.MappingNode) else node.value
    found: dict = {}
    for member in members:
        if not isinstance(member, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(
                None, None, "an ordered mapping has one-key maps", member.start_mark
            )
        loader.flatten_mapping(member)
        for key, value in member.value:
            if not isinstance(key, yaml.ScalarNode):
                raise wrong("a key is not a text", key)
            if key.value in found:
                raise wrong(f"the key {key.value!r} stands twice", key)
            found[key.value] = _value(loader, key.value, value)
    return found


def wrong(problem: str, node: yaml.Node) -> yaml.YAMLError:
    """An error with its place in the file."""
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


def _value(loader: Loader, key: str, node: yaml.Node) -> object:
    """The value under a key."""
    plain = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float", ":bool"))
    if plain and key in VERBATIM and "nan" not in node.value.casefold():
        return node.value
    return loader.construct_object(node, deep=True)


def _sequence(loader: Loader, node: yaml.SequenceNode) -> list:
    return [loader.construct_object(member, deep=True) for member in node.value]


Loader.add_constructor("tag:yaml.org,2002:int", _number)
Loader.add_constructor("tag:yaml.org,2002:float", _number)
Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)
Loader.add_constructor(OMAP, _mapping)


def load_yaml(text: str) -> object:
    """The content of a YAML document.

    Raises
    ------
    ModelError
        If it is not whole, or a key stands twice: with the line.
    """
    try:
        with uncollected():
            return yaml.load(text, Loader=Loader)
    except RecursionError as error:
        raise ModelError("not whole YAML: nested too deeply") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or first_line(error)
        raise ModelError(f"not whole YAML{where}: {problem}") from error
