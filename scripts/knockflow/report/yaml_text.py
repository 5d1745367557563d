"""The configuration as YAML, with no other package: mappings, lists, text, numbers, true, false and null."""

import json
import re
from collections.abc import Iterator, Mapping

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./:-]*[A-Za-z0-9_]|[A-Za-z_]")
READ_AS_SOMETHING_ELSE = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def as_yaml(value: Mapping) -> str:
    """A mapping as YAML text that reads back as the same mapping."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Mapping) -> Iterator[str]:
    for key, below in value.items():
        if isinstance(below, Mapping) and below:
            yield f"{_scalar(str(key))}:"
            yield from (f"  {line}" for line in _lines(below))
        else:
            yield f"{_scalar(str(key))}: {_flow(below)}"


def _flow(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(below)}" for key, below in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case str() if PLAIN.fullmatch(value) and value.lower() not in READ_AS_SOMETHING_ELSE:
            return value
        case float():
            # YAML 1.1 takes 1e-09 for text, 1.0e-09 for a number.
            mantissa, exponent, power = repr(value).partition("e")
            return f"{mantissa}.0e{power}" if exponent and "." not in mantissa else repr(value)
    return json.dumps(value, ensure_ascii=True)
