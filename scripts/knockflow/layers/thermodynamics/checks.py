"""What is wrong with a case's conditions and ratios, found before any job runs: no model is needed for it."""

from collections.abc import Iterator, Mapping

from knockflow.base.errors import ConfigError
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.ratios import parse


def problems(options: Mapping, case: Mapping) -> Iterator[str]:
    """A line for each, with its key in the case."""
    try:
        read_conditions(case["conditions"])
    except ConfigError as error:
        yield f"conditions: {_bare(error)}"
    for text in options["ratios"]:
        try:
            parse(text)
        except ConfigError as error:
            yield f"layers.thermodynamics.{_bare(error)}"


def _bare(error: ConfigError) -> str:
    return str(error).removeprefix("thermodynamics: ")
