"""What becomes of an input that may be wrong: a clear refusal, or a result that enumeration and COBRApy confirm."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from hostile import CASE

from knockflow import Case
from knockflow.base.errors import KnockflowError
from knockflow.base.tolerances import close
from knockflow.formulations.registry import asked_for
from knockflow.methods.registry import METHODS
from knockflow.settings.options import NOT_HERE
from knockflow.settings.read import read_configuration

REFUSED, NO_DESIGN, CONFIRMED, UNTRIED = "refused", "no design", "confirmed", "not searched"
SHORT = {"time_limit_s": 5, "threads": 1, "scatter": 1}
"""What a search is limited to here."""


class Unclear(AssertionError):
    """A refusal that does not say what is wrong, or where."""


def clear(error: KnockflowError, *words: str) -> str:
    """That a message names one of some words, is no dump of Python, and has no control characters."""
    text = str(error)
    if not text.strip():
        raise Unclear(f"{type(error).__name__} without a message")
    for sign in ("Traceback", "Error(", "object at 0x", "NoneType", "list index", "not iterable", "not subscriptable"):
        if sign in text:
            raise Unclear(f"{sign!r} in {text[:400]!r}")
    if re.search(r"[\x00-\x08\x0b-\x1f]", text):
        raise Unclear(f"control characters in {text[:400]!r}")
    if words and not any(word in text for word in words):
        raise Unclear(f"none of {words} in {text[:400]!r}")
    return REFUSED


def of_model(path: Path, formulation: Mapping, **more) -> str:
    """What becomes of a case with that file as its model."""
    try:
        case = Case(str(path), **CASE | more)
        found = _searched(case, formulation)
    except KnockflowError as error:
        names = [path.name, *(Path(str(value)).name for value in _leaves(more) if isinstance(value, str))]
        return clear(error, *names, "cases.case", "formulations", "layers.", "targets.")
    return found


def of_table(folder: Path, name: str, keys: Mapping, formulation: Mapping) -> str:
    """What becomes of a case that names a table."""
    where = {key: _placed(value, folder) for key, value in keys.items()}
    return of_model(folder / "small.json", formulation, **where)


def _placed(value, folder: Path):
    if isinstance(value, Mapping):
        return {key: _placed(item, folder) for key, item in value.items()}
    return str(folder / value) if isinstance(value, str) and value.endswith(".tsv") else value


def of_configuration(file: Path) -> Counter:
    """What becomes of a file of a configuration: refused, or each of its searches."""
    try:
        config = read_configuration(file)
    except KnockflowError as error:
        return Counter([clear(error, file.name)])
    found: Counter = Counter()
    for asked in config["cases"].values():
        wanted = asked["formulations"] or list(config["formulations"])
        options = {key: value for key, value in asked.items() if key not in ("model", "name", *NOT_HERE)}
        try:
            case = Case(asked["model"], **options)
        except KnockflowError as error:
            found[clear(error)] += 1
            continue
        for formulation in wanted:
            try:
                found[_searched(case, config["formulations"][formulation])] += 1
            except KnockflowError as error:
                found[clear(error)] += 1
    return found


def _searched(case: Case, formulation: Mapping) -> str:
    """The designs of a case: each confirmed by COBRApy, the values those of enumeration."""
    options = dict(formulation) | SHORT
    kind = options.pop("kind")
    designs = case.design(kind, **options)
    record = designs.record
    checks = designs.validate().to_dict("records")
    if not all(row["verified"] for row in checks):
        raise AssertionError(f"not verified: {checks}")
    if options.get("front") or asked_for({"objective": "rate"} | dict(formulation)).cut_sets:
        return CONFIRMED if checks else NO_DESIGN
    keys = {key: options[key] for key in _KEPT if key in options}
    other = case.design(kind, **keys, method="exhaustive", **SHORT)
    values, others = ([row["value_mmol_per_gdw_h"] for row in one.table] for one in (designs, other))
    exact = METHODS[record["method"]].exact and record["status"] == "optimal"
    if exact and (len(values) != len(others) or not all(map(close, values, others))):
        raise AssertionError(f"{values} of {record['method']}, {others} of enumeration")
    if values and others and values[0] > others[0] + 1e-4 * max(1.0, abs(others[0])):
        raise AssertionError(f"{values[0]} of {record['method']} is more than {others[0]} of enumeration")
    return CONFIRMED if checks else NO_DESIGN


_KEPT = ("max_interventions", "max_designs", "max_cost", "max_per_kind", "min_value", "objective")


def _leaves(value):
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
