"""The schema of the configuration: schema.yaml, with the names that registries hold put in.

Keys, defaults, limits and descriptions stand in schema.yaml alone, those of layers with each layer, and keys that a
method brings along with that method: the workflow, Python's `Case` and the documented table of keys all read them here.
What is registered, a formulation or a method for instance, is thereby allowed.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path

import yaml

from knockflow.formulations.registry import FORMULATIONS
from knockflow.language.kinds import KINDS
from knockflow.layers.registry import layers
from knockflow.methods.registry import METHODS, exact
from knockflow.numerics.mip_programs import SOLVERS

FILE = Path(__file__).with_name("schema.yaml")

REGISTRIES: dict[str, Callable[[], list[str]]] = {
    "formulations": lambda: list(FORMULATIONS),
    "methods": lambda: list(METHODS),
    "exact_methods": exact,
    "solvers": lambda: list(SOLVERS),
    "kinds": lambda: list(KINDS),
}
"""What the schema's `names_of` stands for: names as they are registered when the schema is read."""


def read_schema() -> dict:
    """The schema of the configuration (JSON Schema, draft 2020-12), new at each call."""
    schema = _with_layers(_with_names(_as_written()))
    for method in METHODS.values():
        schema["$defs"]["formulation"]["properties"] |= deepcopy(dict(method.schema))
    return schema


def default_of(key: str) -> object:
    """The default of a key at the top of the configuration."""
    return _as_written()["properties"][key]["default"]


@cache
def _as_written() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _with_layers(schema: dict) -> dict:
    """The schema with what layers allow under `layers`, and with the further keys of a case that they read."""
    for layer in layers().values():
        schema["$defs"]["layers"]["properties"][layer.key] = deepcopy(layer.schema)
        schema["$defs"]["case"]["properties"] |= deepcopy(dict(layer.case_keys))
    return schema


def _with_names(part):
    """A copy of a part of the schema, with the names of registries in the place of `names_of`."""
    if isinstance(part, list):
        return [_with_names(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    copy = {key: _with_names(value) for key, value in part.items() if key != "names_of"}
    if "names_of" in part:
        copy["enum"] = [*REGISTRIES[part["names_of"]](), *part.get("enum", ())]
    return copy
