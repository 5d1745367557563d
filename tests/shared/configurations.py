"""A configuration of one case and one formulation, and what is wrong with others."""

import pytest

from knockflow.base.errors import ConfigError
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

SCHEMA = read_schema()


def config(case=None, formulation=None, **top) -> dict:
    return {
        "cases": {"core": {"model": "cobra:textbook", "product": "EX_succ_e"} | (case or {})},
        "formulations": {"best": {"kind": "optknock"} | (formulation or {})},
    } | top


def findings(content: dict) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        checked(content, SCHEMA, "my.yaml")
    return str(refusal.value).splitlines()


def finding(content: dict) -> str:
    lines = findings(content)
    assert len(lines) == 1, lines
    return lines[0]


def options(**given) -> dict:
    """Options of a formulation, with the defaults of a configuration."""
    content = {
        "cases": {"core": {"model": "m", "product": "EX_p"}},
        "formulations": {"f": {"kind": "optknock"} | given},
    }
    return checked(content, SCHEMA)["formulations"]["f"]
