"""One line for each design of a whole run, and the verdict on it."""

from collections.abc import Iterable, Mapping, Sequence

from knockflow.claims import COLUMNS as DESIGNS
from knockflow.claims import Claims
from knockflow.errors import FileError

COLUMNS = ("case", "formulation", *DESIGNS, "coupling", "verified", "status", "gap")


def summary_rows(case: str, claims: Sequence[Claims], validation: Iterable[Mapping[str, str]]) -> list[dict]:
    """A case's rows of summary.tsv.

    Raises
    ------
    FileError
        If a design was not validated.
    """
    validated = {(row["formulation"], row["rank"], row["interventions"]): row for row in validation}
    rows = []
    for claim in claims:
        for row in claim.rows:
            key = (claim.formulation, row["rank"], row["interventions"])
            if key not in validated:
                raise FileError(f"{case}: validation.tsv has no row for {claim.formulation}, rank {row['rank']}")
            rows.append(
                {"case": case, "formulation": claim.formulation}
                | {name: row[name] for name in DESIGNS}
                | {name: validated[key][name] for name in ("coupling", "verified")}
                | {"status": claim.record["status"], "gap": claim.record["gap"]}
            )
    return rows


def verdict(rows: Sequence[Mapping[str, str]]) -> tuple[str, list[str]]:
    """One sentence on a run's summary, and a line for each design that was not verified."""
    failed = [
        f"{row['case']}, {row['formulation']}, rank {row['rank']}: not verified: {row['interventions'] or 'wild type'}"
        for row in rows
        if row["verified"] != "true"
    ]
    return f"{len(rows) - len(failed)} of {len(rows)} designs verified", failed
