"""The keys of a case and of a formulation in Python: those of the configuration, checked alike."""

from knockflow.base.errors import ConfigError
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

NAME = "case"
"""How messages name the case."""

NOT_HERE = {
    "formulations": "call `design` once for each",
    "screen": "call `screen` of the case",
    "proof": "proofs are files of a run",
    "essential_genes": "the report of a run marks them",
}
"""Keys of a case in a configuration that a case in Python does not take, and what to do instead."""


def case_options(given: dict) -> dict:
    """The keys of a case as the configuration would have them: checked, with every default.

    Raises
    ------
    ConfigError
        With one line for each wrong key or value.
    """
    for key in NOT_HERE:
        if key in given:
            raise ConfigError(f"Python: cases.{NAME}.{key}: {NOT_HERE[key]}")
    found = _checked("cases", NAME, given)
    return {"name": NAME} | {key: value for key, value in found.items() if key != "screen"}


def formulation_options(given: dict) -> dict:
    """The keys of a formulation, which is named as its kind: checked, with every default.

    Raises
    ------
    ConfigError
        With one line for each wrong key or value.
    """
    return _checked("formulations", str(given["kind"]), given)


def _checked(section: str, name: str, given: dict) -> dict:
    """One case or formulation, checked as the only one of a configuration; no message offers what is not here."""
    schema = read_schema()
    for key in NOT_HERE:
        part = schema["$defs"]["case"]["properties"][key]
        schema["$defs"]["case"]["properties"][key] = part | {"readOnly": True}
    for part in ("cases", "formulations"):
        schema["properties"][part] = {"additionalProperties": schema["properties"][part]["additionalProperties"]}
    return checked({"cases": {}, "formulations": {}} | {section: {name: given}}, schema, "Python")[section][name]
