"""Checking a configuration: every finding at once, each with its key, what is allowed and the nearest match."""

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from knockflow.errors import ConfigError, suggestion
from knockflow.pairs import MIXED_INTEGER, holding, why_not


def read_schema(path: str | Path) -> dict:
    """The schema of the configuration."""
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def checked(config: Mapping, schema: Mapping, file: str = "configuration") -> dict:
    """The configuration with every default filled in.

    Raises
    ------
    ConfigError
        With one line for each wrong key or value.
    """
    config = _numbers(deepcopy(dict(config)), schema, schema)
    errors = sorted(Draft202012Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    lines = [*dict.fromkeys(line for error in errors for line in _explain(error)), *_not_finite(config)]
    if not lines:
        config = filled(config, schema, schema)
        lines = list(_cross_checks(config))
    if lines:
        raise ConfigError("\n".join(f"{file}: {line}" for line in lines))
    return config


def filled(value, part: Mapping, schema: Mapping):
    """A value with the defaults of its schema, down through mappings."""
    if not isinstance(value, dict):
        return value
    for key, below in _resolve(part, schema).get("properties", {}).items():
        below = _resolve(below, schema)
        if key not in value and "default" in below:
            value[key] = deepcopy(below["default"])
    return {key: filled(item, _below(part, key, schema), schema) for key, item in value.items()}


def _below(part: Mapping, key: str, schema: Mapping) -> Mapping:
    """The schema of what stands under a key; empty where it says nothing."""
    part = _resolve(part, schema)
    extra = part.get("additionalProperties")
    return part.get("properties", {}).get(key, extra if isinstance(extra, Mapping) else {})


def _resolve(part: Mapping, schema: Mapping) -> Mapping:
    """A part of the schema with its reference followed; what stands beside the reference comes first."""
    if "$ref" not in part:
        return part
    target = schema
    for key in part["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**_resolve(target, schema), **{key: value for key, value in part.items() if key != "$ref"}}


def _numbers(value, part: Mapping, schema: Mapping):
    """Numbers as the schema wants them: YAML 1.1 reads 1e-6 as text, and 3.0 is a whole number."""
    part = _resolve(part, schema)
    if isinstance(value, Mapping):
        return {key: _numbers(item, _below(part, key, schema), schema) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item, part.get("items", {}), schema) for item in value]
    types = [option.get("type") for option in (part, *part.get("anyOf", ()))]
    wanted = {"number", "integer"}.intersection(kind for kind in types if isinstance(kind, str))
    if isinstance(value, str) and wanted:
        try:
            value = float(value)
        except ValueError:
            return value
    if isinstance(value, float) and "integer" in wanted and value.is_integer():
        return int(value)
    return value


def _not_finite(value, where: str = "") -> Iterator[str]:
    """A line for each number that is infinite or none; no range check of a schema catches those."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _not_finite(item, where)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where}: `{value}` is not a finite number"


def _explain(error: ValidationError) -> Iterator[str]:
    where = ".".join(map(str, error.absolute_path))
    at = f"{where}: " if where else ""
    match error.validator:
        case "additionalProperties":
            allowed = list(error.schema.get("properties", {}))
            for key in sorted(set(error.instance) - set(allowed), key=str):
                yield f"{at}unknown key `{key}`{suggestion(str(key), allowed)}; allowed: {', '.join(allowed)}"
        case "required":
            for key in error.validator_value:
                if key not in error.instance:
                    near = suggestion(key, map(str, set(error.instance) - set(error.schema.get("properties", {}))))
                    yield f"{at}the key `{key}` is missing{near}"
        case "enum":
            allowed = ["null" if item is None else str(item) for item in error.validator_value]
            yield f"{at}`{error.instance}` is not allowed{suggestion(str(error.instance), allowed)}; allowed: " + (
                ", ".join(allowed)
            )
        case "anyOf":
            said = "; or ".join(reason.message for reason in error.context)
            yield f"{at}{said}"
        case "pattern" | "not":
            yield (
                f"{at}the name `{error.instance}` is not allowed: letters, digits, `_` and `-`, at most 64, "
                "first a letter or digit, and neither `logs` nor `benchmarks`"
            )
        case "type":
            wanted = error.validator_value
            wanted = wanted if isinstance(wanted, str) else " or ".join(wanted)
            yield f"{at}`{error.instance}` is not of type {wanted}"
        case _:
            yield f"{at}{error.message}"


def _cross_checks(config: Mapping) -> Iterator[str]:
    """What a schema cannot say."""
    for section in ("cases", "formulations"):
        seen: dict[str, str] = {}
        for name in config[section]:
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                yield f"{section}.{name}: differs from `{other}` only by case; some file systems take them for one"
    for name, case in config["cases"].items():
        for problem in _case_problems(case, config["formulations"]):
            yield f"cases.{name}.{problem}"
    for name, formulation in config["formulations"].items():
        for problem in _formulation_problems(formulation):
            yield f"formulations.{name}.{problem}"


def _case_problems(case: Mapping, known: Mapping) -> Iterator[str]:
    for wanted in case["formulations"] or ():
        if wanted not in known:
            yield f"formulations: no formulation `{wanted}`{suggestion(wanted, known)}; there are {', '.join(known)}"
    objective = case["cell_objective"]
    if objective and not any(objective.values()):
        yield "cell_objective: all coefficients are 0; leave the key out for growth"


def _formulation_problems(formulation: Mapping) -> Iterator[str]:
    method, kind = formulation["method"], formulation["kind"]
    if method not in MIXED_INTEGER and formulation["solver"] is not None:
        yield f"solver: `{method}` uses no mixed-integer solver; remove the key `solver`"
    if method != "tree" and formulation["scatter"] > 1:
        yield f"scatter: `{method}` is not split into parts; use `tree`, or remove the key `scatter`"
    if why_not(method, kind):
        yield (
            f"method: `{method}` does not hold for `{kind}`: {why_not(method, kind)}; "
            f"these do: {', '.join(holding(kind))}"
        )
