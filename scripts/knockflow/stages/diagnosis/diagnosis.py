"""The entries of diagnosis.json: one for each formulation of a case that has no design but the wild type."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from knockflow.designs.claims import Claims
from knockflow.designs.summary import reason_of
from knockflow.stages.diagnosis.words import said


def diagnosed(
    case: str,
    folder: Path,
    options: Mapping,
    formulations: Mapping[str, Mapping],
    claims: Sequence[Claims],
    findings: Sequence[Mapping[str, str]],
) -> list[dict]:
    """The entries of a case.

    Parameters
    ----------
    case, folder
        Its name, and where its results are.
    options
        What it asks: `product`, `medium`, `min_growth`, `cell_objective`.
    formulations
        Options of each formulation, with their defaults.
    claims
        What the searches have found.
    findings
        The rows of curation.tsv.
    """
    lacking = [one for one in claims if one.record.get("cause") and not any(row["interventions"] for row in one.rows)]
    if not lacking:
        return []
    # COBRApy takes seconds to import, and most runs have nothing to diagnose.
    from knockflow.stages.diagnosis.facts import Asked, facts

    asked, entries = Asked(case, folder, options, formulations), []
    for claim in lacking:
        entry = {
            "case": case,
            "formulation": claim.formulation,
            "status": claim.record["status"],
            "kind": claim.record["cause"],
            "reason": reason_of(claim.record, findings),
        } | facts(asked, claim)
        entries.append(entry | {"said": said(entry)})
    return entries
