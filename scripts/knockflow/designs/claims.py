"""The designs that a search has claimed, read back with a check that they are the ones its record speaks of."""

from dataclasses import dataclass
from pathlib import Path

from knockflow.base.errors import FileError
from knockflow.base.files import read_json, sha256
from knockflow.base.tables import DESIGNS

SECOND = "second_product_mmol_per_gdw_h"
"""In a record, what each listed design guarantees of the second product, where there is a strict order."""


@dataclass(frozen=True)
class Claims:
    """What one formulation says of one case: rows of designs.tsv as text, and its record."""

    formulation: str
    rows: list[dict[str, str]]
    record: dict

    @property
    def seconds(self) -> list[float | None]:
        """What each row claims of the second product (mmol/gDW/h); None where there is no strict order."""
        return self.record.get(SECOND) or [None] * len(self.rows)


def read_claims(formulation: str, designs: str | Path, record: str | Path) -> Claims:
    """Read a formulation's designs and record.

    Raises
    ------
    FileError
        If either is not whole, or they do not belong together.
    """
    content = read_json(record)
    if content.get("outputs", {}).get("designs.tsv") != sha256(designs):
        raise FileError(f"{designs}: not the file that {record} speaks of; delete both and run again")
    return Claims(formulation, DESIGNS.read(designs), content)
