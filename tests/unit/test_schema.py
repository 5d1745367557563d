"""The schema is one file, and takes what is registered when it is read."""

import pytest
from jsonschema import Draft202012Validator

from knockflow.base.errors import ConfigError
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.method import Method
from knockflow.methods.registry import METHODS
from knockflow.settings.config import checked
from knockflow.settings.options import formulation_options
from knockflow.settings.schema import REGISTRIES, read_schema


def parts(part):
    """Every mapping within the schema."""
    if isinstance(part, dict):
        yield part
    for below in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(below)


def config(**formulation) -> dict:
    return {"cases": {"c": {"model": "cobra:textbook", "product": "EX_succ_e"}}, "formulations": {"f": formulation}}


def test_it_is_a_valid_schema_and_no_registry_is_left_unread():
    schema = read_schema()
    Draft202012Validator.check_schema(schema)
    assert not [part for part in parts(schema) if "names_of" in part]
    assert {"formulations", "methods", "solvers", "kinds"} <= set(REGISTRIES)


def test_every_default_is_allowed():
    schema = read_schema()
    for part in [part for part in parts(schema) if "default" in part and not isinstance(part["default"], dict)]:
        whole = {"$defs": schema["$defs"]} | part
        assert not list(Draft202012Validator(whole).iter_errors(part["default"])), part


def test_what_is_registered_is_allowed_in_the_workflow_and_in_python(monkeypatch):
    monkeypatch.setitem(METHODS, "dice", Method("dice", "at random", "nowhere"))
    monkeypatch.setitem(FORMULATIONS, "toy", FORMULATIONS["optknock"])
    given = {"kind": "toy", "method": "dice"}
    assert checked(config(**given), read_schema())["formulations"]["f"]["method"] == "dice"
    assert formulation_options(dict(given))["kind"] == "toy"


def test_what_is_not_registered_is_refused_with_the_names_there_are():
    for key, names in (("kind", FORMULATIONS), ("method", METHODS)):
        with pytest.raises(ConfigError, match=f"formulations.f.{key}: `dice` is not allowed.*{', '.join(names)}"):
            checked(config(**{"kind": "optknock", key: "dice"}), read_schema())


def test_a_schema_that_was_read_is_one_s_own():
    read_schema()["$defs"]["formulation"]["properties"].clear()
    assert read_schema()["$defs"]["formulation"]["properties"]
