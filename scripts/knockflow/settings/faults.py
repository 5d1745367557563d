"""Faults by the schema in words: a line each, with what is allowed and the nearest match."""

from collections.abc import Iterator, Mapping

from jsonschema.exceptions import ValidationError

from knockflow.base.errors import suggestion
from knockflow.settings.sections import SECTIONS, what_to_add


def read_as(value) -> str:
    """As what YAML reads a value that is no text."""
    if value is None:
        return "nothing"
    return "true or false" if isinstance(value, bool) else "a number" if isinstance(value, int | float) else "a date"


def explained(error: ValidationError, named: Mapping) -> Iterator[str]:
    """Lines for what is wrong; `named` are the parts that a schema refers to by name."""
    where = ".".join(map(str, error.absolute_path))
    at = f"{where}: " if where else ""
    match error.validator:
        case "additionalProperties":
            parts = error.schema.get("properties", {})
            allowed = [key for key, part in parts.items() if not part.get("readOnly")]
            for key in sorted(set(error.instance) - set(parts), key=str):
                near = _one_level_down(key, parts, named) or _elsewhere(key, named) or suggestion(str(key), allowed)
                yield f"{at}unknown key `{key}`{near}; allowed: {', '.join(allowed)}"
        case "required":
            yield from (f"{at}{line}" for line in _lacking(error))
        case "minProperties" | "type" if where in SECTIONS and not error.instance:
            yield f"{at}nothing stands under it; {what_to_add(where, {})}"
        case "minProperties" | "minItems" if not error.instance:
            yield f"{at}nothing stands under it; it takes at least one entry"
        case "enum":
            allowed = ["null" if item is None else str(item) for item in error.validator_value]
            yield f"{at}`{error.instance}` is not allowed{suggestion(str(error.instance), allowed)}; allowed: " + (
                ", ".join(allowed)
            )
        case "anyOf":
            yield from _explain_options(error, at, named)
        case "pattern" | "not":
            yield (
                f"{at}the name `{error.instance}` is not allowed: letters, digits, `_` and `-`, at most 64, "
                "first a letter or digit, and none of `logs`, `benchmarks`, `shared`, `strains`"
            )
        case "type" | "minItems" | "maxItems" | "uniqueItems":
            yield f"{at}{_of_type(error) if error.validator == 'type' else _of_list(error)}"
        case _:
            yield f"{at}{error.message}"


def _of_type(error: ValidationError) -> str:
    """What is wrong with a value of another type, and whether quotation marks would mend it."""
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else wanted
    scalar = error.instance is not None and not isinstance(error.instance, list | dict | str)
    quote = f"; YAML reads it as {read_as(error.instance)}: put an id or a name in quotation marks"
    hint = quote if "string" in wanted and scalar else ""
    return f"`{error.instance}` is not of type {' or '.join(wanted)}{hint}"


def _of_list(error: ValidationError) -> str:
    """What is wrong with the length of a list, or with what it holds twice."""
    items, wanted = error.instance, error.validator_value
    if error.validator == "uniqueItems":
        return f"`{next(one for place, one in enumerate(items) if one in items[:place])}` stands there twice; keep one"
    limit = f"at least {wanted} needed" if error.validator == "minItems" else f"at most {wanted} allowed"
    return f"`{items}` holds {len(items)}, {limit}"


def _one_level_down(key: str, parts: Mapping, named: Mapping) -> str:
    """Where a key belongs that stands one level too high, if it does."""
    whole = {name: named.get(part.get("$ref", "").split("/")[-1], part) for name, part in parts.items()}
    above = next((name for name, part in whole.items() if key in part.get("properties", {})), None)
    return f"; did you mean `{above}: {{{key}: ...}}`?" if above else ""


def _elsewhere(key: str, named: Mapping) -> str:
    """Where a key belongs that is one of a case or of a formulation and stands deeper, if it does."""
    owner = next((one for one in ("case", "formulation") if key in named.get(one, {}).get("properties", {})), None)
    return f"; `{key}` is a key of a {owner}" if owner else ""


def _lacking(error: ValidationError) -> Iterator[str]:
    """A line for each key that is missing, with the nearest unknown one, or with what to add for a whole section."""
    for key in error.validator_value:
        if key not in error.instance:
            near = suggestion(key, map(str, set(error.instance) - set(error.schema.get("properties", {}))))
            whole = not near and not error.absolute_path and key in SECTIONS
            yield f"the key `{key}` is missing{near}" + (f"; {what_to_add(key, error.instance)}" if whole else "")


def _explain_options(error: ValidationError, at: str, named: Mapping) -> Iterator[str]:
    """What is wrong with each option; of a mapping or list, only with the option that it is meant as."""
    wrong = {reason.schema_path[0] for reason in error.context if list(reason.schema_path)[1:] == ["type"]}
    meant = [reason for reason in error.context if reason.schema_path[0] not in wrong]
    if isinstance(error.instance, dict | list) and meant:
        for reason in meant:
            yield from explained(reason, named)
    elif all(reason.validator == "type" for reason in error.context):
        wanted = " or ".join(reason.validator_value for reason in error.context)
        yield f"{at}`{error.instance}` is not of type {wanted}"
    else:
        yield at + "; or ".join(reason.message for reason in error.context)
