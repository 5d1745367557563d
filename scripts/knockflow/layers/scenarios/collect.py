"""All scenarios of a case: those that it names, those of its table, and those of its ranges."""

from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path

from knockflow.base.errors import ConfigError, FileError, suggestion
from knockflow.base.files import read_table
from knockflow.layers.layer import Given
from knockflow.layers.scenarios.resolve import check
from knockflow.layers.scenarios.sampling import Keys, corners, flat, hypercube, put, scenario_of
from knockflow.model.network import Network

NAMED, RANGES = "layers.scenarios.named.", "layers.scenarios.ranges."

NEEDS = {
    "lower": 1,
    "upper": 1,
    "uptake": 1,
    "times": 1,
    "growth_atp": 0,
    "coefficients": 2,
    "enzyme_budget": 0,
    "kcat": 1,
    "dgp0_kj_per_mol": 1,
}
"""What a table may say of a scenario, and what names each: nothing, a reaction, or a reaction and a metabolite."""

POSITIVE = ("times", "growth_atp", "coefficients", "enzyme_budget", "kcat")
"""Factors, which are above 0."""


def scenarios(network: Network, given: Given) -> dict[str, dict]:
    """The scenarios by name, checked against a curated model.

    Raises
    ------
    ConfigError
        With a line for each name, bound and coefficient that is wrong, or name that is given twice.
    FileError
        With a line for each row of the table that cannot be used.
    """
    named = dict(given.options["named"])
    check(network, named, NAMED)
    path = given.files.get("table")
    if path is not None:
        own = read(path)
        _check_names(named, own, str(path))
        check(network, own, f"{path}: ")
        named |= own
    made = dict(_of_ranges(network, given.options))
    _check_names(named, made, "layers.scenarios.ranges")
    return named | made


def _check_names(there: Mapping, more: Mapping, where: str) -> None:
    twice = next((name for name in more if name in there), None)
    if twice is not None:
        raise ConfigError(f"{where}: scenario `{twice}` is there twice; give one of both another name")


def _of_ranges(network: Network, options: Mapping) -> Iterator[tuple[str, dict]]:
    ranges = flat(options["ranges"])
    if not ranges:
        return
    for end in extremes(ranges):
        check(network, {"": end}, RANGES.removesuffix("."))
    if options["sampling"] == "corners":
        drawn, word = corners(ranges), "corner"
    else:
        drawn, word = hypercube(ranges, options["count"], options["seed"]), "sample"
    yield from ((f"{word} {number}", one) for number, one in enumerate(drawn, 1))


def extremes(ranges: Mapping[Keys, tuple[float, float]]) -> list[dict]:
    """The scenario of all least values, and that of all largest; none without ranges."""
    return [scenario_of({keys: ends[end] for keys, ends in ranges.items()}) for end in (0, 1)] if ranges else []


def read(path: Path) -> dict[str, dict]:
    """The scenarios of a table, by name and as a case would name them.

    Raises
    ------
    FileError
        With a line for each row that cannot be used.
    """
    found: dict[str, dict] = {}
    faults, seen = [], set()
    for number, row in enumerate(read_table(path, ("scenario", "quantity", "value"), ours=False), start=2):
        row = {key: (text or "").strip() for key, text in row.items() if key}
        keys = row["quantity"], row.get("reaction", ""), row.get("metabolite", "")
        wrong = _wrong(row["scenario"], *keys, row["value"])
        if not wrong and (row["scenario"], *keys) in seen:
            wrong = f"{' '.join(filter(None, keys))} of {row['scenario']} has a row already"
        if wrong:
            faults.append(f"{path}: line {number}: {wrong}")
            continue
        seen.add((row["scenario"], *keys))
        own = found.setdefault(row["scenario"], {})
        if row["quantity"]:
            put(own, tuple(filter(None, keys)), float(row["value"]))
    faults += [f"{path}: {line}" for name, own in found.items() for line in _paired(name, own)]
    if not faults and not found:
        faults.append(f"{path}: it has no rows")
    if faults:
        raise FileError("\n".join(faults))
    return found


def _wrong(scenario: str, quantity: str, reaction: str, metabolite: str, value: str) -> str:
    """What is wrong with a row; a row without a quantity is of a scenario that changes nothing."""
    if not scenario:
        return "no scenario"
    if not quantity:
        return f"{scenario}: no quantity, but something beside it" if reaction or metabolite or value else ""
    if quantity not in NEEDS:
        return f"quantity `{quantity}` is none{suggestion(quantity, NEEDS)}; allowed: {', '.join(NEEDS)}"
    given = [name for name, text in (("reaction", reaction), ("metabolite", metabolite)) if text]
    needed = ["reaction", "metabolite"][: NEEDS[quantity]]
    if given != needed:
        return f"`{quantity}` needs {' and '.join(f'a {name}' for name in needed) or 'neither reaction nor metabolite'}"
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        return f"value must be a number, not `{value}`"
    if number < 0 and quantity == "uptake":
        return f"an uptake is a number from 0 up, not {value}"
    return f"`{quantity}` is a factor above 0, not {value}" if number <= 0 and quantity in POSITIVE else ""


def _paired(name: str, own: dict) -> Iterator[str]:
    """Make bounds of lower and upper ends, in place; a line for each that is alone."""
    lower, upper = own.pop("lower", {}), own.pop("upper", {})
    for reaction in sorted(lower.keys() ^ upper.keys()):
        other = "upper" if reaction in lower else "lower"
        yield f"{name}: {reaction} has no row with its `{other}` bound"
    bounds = {reaction: [lower[reaction], upper[reaction]] for reaction in lower if reaction in upper}
    if bounds:
        own["bounds"] = bounds
