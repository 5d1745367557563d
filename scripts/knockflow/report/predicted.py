"""What validation predicts of the first designs beside what it verifies: rows of predictions.tsv, strain by strain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knockflow.base.tables import PREDICTIONS

_WITHOUT = "without "


@dataclass(frozen=True)
class Predicted:
    """A strain, in which lists it stands, and the rows about it."""

    where: str
    interventions: str
    rows: Sequence[Mapping[str, str]]

    @property
    def changes(self) -> list[str]:
        """Its interventions, one by one."""
        return list(filter(None, self.interventions.split(";")))

    @property
    def inert(self) -> list[str]:
        """The interventions without which nothing changes."""
        return [row["without"] for row in self.rows if row["inert"] == "true"]

    @property
    def disputed(self) -> bool:
        """Whether two solvers have found different numbers."""
        return any(row["agrees"] == "false" for row in self.rows)


def predicted(folder: Path) -> list[Predicted]:
    """The strains of a case in the order of the table, the wild type first, each once.

    Raises
    ------
    FileError
        If the table is missing or not whole.
    """
    lists: dict[str, dict[tuple[str, str], list]] = {}
    for row in PREDICTIONS.read(folder / PREDICTIONS.file):
        without = row["prediction"].removeprefix(_WITHOUT) if row["prediction"].startswith(_WITHOUT) else ""
        place = row["formulation"], row["rank"]
        lists.setdefault(row["interventions"], {}).setdefault(place, []).append(row | {"without": without})
    return [
        Predicted("; ".join(map(_called, places)), interventions, next(iter(places.values())))
        for interventions, places in lists.items()
    ]


def _called(place: tuple[str, str]) -> str:
    name, rank = place
    return name if rank == "0" else f"{name}, rank {rank}"
