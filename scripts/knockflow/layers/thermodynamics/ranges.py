"""Concentration ranges: of a metabolite, of a compartment, from the conditions and from a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.files import read_table
from knockflow.layers.thermodynamics.conditions import Conditions
from knockflow.layers.thermodynamics.metabolites import base_id

COLUMNS = ("metabolite", "compartment", "least_m", "largest_m")
WHOLE_COMPARTMENT = "*"

Range = tuple[float, float]


@dataclass(frozen=True)
class Ranges:
    """Ranges in M by metabolite id, and the rows of the table that name nothing of the model."""

    of: Mapping[str, Range]
    unused: tuple[str, ...] = ()


def ranges_of(metabolites: Iterable[Mapping], conditions: Conditions, table: Path | None = None) -> Ranges:
    """The range of every metabolite of a model.

    The most special one counts: by its id in the configuration, by its row of the table, by the table's row of its
    compartment, and else the range inside or outside the membrane.

    Parameters
    ----------
    metabolites
        Of a model's JSON.
    table
        A table with the columns of `COLUMNS`: a metabolite by its id, or without its compartment's suffix and with the
        compartment beside it, or `*` for all of a compartment; further columns, such as a source, are not read.

    Raises
    ------
    ConfigError
        If the configuration names a metabolite that the model has not.
    FileError, ConfigError
        If the table cannot be read, or a range is upside down or none.
    """
    members = {one["id"]: one for one in metabolites}
    for name in conditions.concentrations:
        if name not in members:
            raise ConfigError(
                f"thermodynamics: concentrations.{name} is no metabolite of the model{suggestion(name, members)}"
            )
    own = {name: (base_id(one), one["compartment"]) for name, one in members.items()}
    told = _read(table) if table else {}
    known = {*own, *own.values(), *((WHOLE_COMPARTMENT, compartment) for _, compartment in own.values())}
    unused = tuple(" ".join(key) if isinstance(key, tuple) else key for key in told if key not in known)
    found = {}
    for name, (base, compartment) in own.items():
        keys = (name, (base, compartment), (WHOLE_COMPARTMENT, compartment))
        row = next((told[key] for key in keys if key in told), None)
        special = name in conditions.concentrations or row is None
        found[name] = conditions.range_of(name, compartment) if special else row
    return Ranges(found, unused)


def _read(path: Path) -> dict[object, Range]:
    """The table's ranges, by id or by name and compartment."""
    found: dict[object, Range] = {}
    for line, row in enumerate(read_table(path, COLUMNS, ours=False), start=2):
        where = f"{path}: line {line}"
        metabolite, compartment = row["metabolite"].strip(), row["compartment"].strip()
        if not metabolite:
            raise ConfigError(f"{where}: no metabolite; `{WHOLE_COMPARTMENT}` stands for all of a compartment")
        if metabolite == WHOLE_COMPARTMENT and not compartment:
            raise ConfigError(f"{where}: `{WHOLE_COMPARTMENT}` needs a compartment")
        key = (metabolite, compartment) if compartment else metabolite
        if key in found:
            raise ConfigError(f"{where}: {metabolite} {compartment} is there twice; only one range would count")
        least, most = (_number(row[name], f"{where}: {name}") for name in COLUMNS[2:])
        if not 0 < least <= most:
            raise ConfigError(
                f"{where}: {metabolite} {compartment} is {least:g} to {most:g} M; it must be 0 < least <= most"
            )
        found[key] = (least, most)
    return found


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ConfigError(f"{where} must be a number of M, not `{text}`")
    return value
