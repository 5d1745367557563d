"""Two runs compared: which designs, values and verdicts differ."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from knockflow.base.errors import FileError
from knockflow.base.files import number
from knockflow.base.tables import SUMMARY
from knockflow.base.tolerances import VERIFIED, close

Row = Mapping[str, str]
Key = tuple[str, str]

NUMBERS = (
    "value_mmol_per_gdw_h",
    "growth_per_h",
    "product_min_mmol_per_gdw_h",
    "product_max_mmol_per_gdw_h",
    "product_min_at_min_growth_mmol_per_gdw_h",
    "yield_min_mol_per_mol",
)
WORDS = ("status", "verified", "coupling", "by_genes")


def read_run(folder: str | Path) -> dict[Key, list[Row]]:
    """The rows of a run's summary.tsv by case and formulation.

    Raises
    ------
    FileError
        If the folder has no whole summary.tsv, itself or in `results`.
    """
    paths = [Path(folder) / name for name in ("summary.tsv", "results/summary.tsv")]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise FileError(f"{folder}: no summary.tsv here; name the folder `results` of a run that has ended")
    found: dict[Key, list[Row]] = {}
    for row in SUMMARY.read(path):
        found.setdefault((row["case"], row["formulation"]), []).append(row)
    return found


def compare(first: str | Path, second: str | Path) -> list[str]:
    """What differs between two runs, a line each; nothing where both have the same designs, numbers and verdicts."""
    one, other = read_run(first), read_run(second)
    lines = []
    for key in sorted({*one, *other}):
        name = "/".join(key)
        if key not in one or key not in other:
            lines.append(f"{name}: only in {first if key in one else second}")
        else:
            lines += (f"{name}: {line}" for line in _differences(one[key], other[key]))
    return lines


def _differences(one: Sequence[Row], other: Sequence[Row]) -> Iterator[str]:
    first, second = ({row["interventions"]: row for row in rows} for rows in (one, other))
    for design in dict.fromkeys([*first, *second]):
        shown = design or ("no design" if "" in (one[0]["rank"], other[0]["rank"]) else "wild type")
        if design not in second:
            yield f"{shown}: only in the first run, rank {first[design]['rank'] or '-'}"
        elif design not in first:
            yield f"{shown}: only in the second run, rank {second[design]['rank'] or '-'}"
        else:
            yield from (f"{shown}: {line}" for line in _of_design(first[design], second[design]))


def _of_design(one: Row, other: Row) -> Iterator[str]:
    for column in NUMBERS:
        a, b = number(one[column]), number(other[column])
        if (a is None) != (b is None) or (a is not None and not close(a, b, VERIFIED)):
            yield f"{column} {one[column] or 'none'}, then {other[column] or 'none'}"
    for column in WORDS:
        if one[column] != other[column]:
            yield f"{column} {one[column] or 'none'}, then {other[column] or 'none'}"
