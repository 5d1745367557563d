"""One line for each design of a whole run, and for each formulation without one, and the verdict on it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from knockflow.base.errors import FileError
from knockflow.base.tables import DESIGNS, FRONT, SUMMARIZED, SUMMARY
from knockflow.designs.claims import Claims

SAME, CHANGED, LETHAL, IMPOSSIBLE = BY_GENES = ("same", "changed", "lethal", "impossible")
"""What becomes of a design once genes are deleted for it, best first (`knockflow.validation.by_genes`)."""

MOST_LINES = 10
"""Designs that are named one by one."""


def reason_of(record: Mapping, findings: Iterable[Mapping[str, str]]) -> str:
    """Why a search has no design to show, or has not proven its list; nothing where it has both.

    Where curation has found out why the model cannot grow, or cannot make the product, its account takes the place of
    the search's, which knows the follower only.

    Parameters
    ----------
    record
        The content of record.json.
    findings
        The rows of the case's curation.tsv.
    """
    cause = record.get("cause")
    # What a finding about a flux has read is a number, where one about bounds has an interval.
    accounts = [
        row["why"]
        for row in findings
        if cause and row["check"] == cause and row["severity"] == "warning" and not row["before"].startswith("[")
    ]
    return "; ".join(dict.fromkeys(accounts)) or record.get("reason", "")


def cautions_of(findings: Iterable[Mapping[str, str]]) -> list[str]:
    """Warnings under which numbers do not mean what they seem to, however well they are proven and verified.

    Such are a product that is no exchange, is the biomass reaction or cannot leave the cell, and growth or product that
    nothing limits but bounds that stand for none. Each is a sentence that begins with the id of the reaction.

    Parameters
    ----------
    findings
        The rows of the case's curation.tsv.
    """
    told = [
        f"{row['item']}: {row['why']}"
        for row in findings
        if row["severity"] == "warning"
        and (
            # What a finding about a flux has read is a number: what cannot be made is a reason and no caution.
            (row["check"] == "product" and row["before"].startswith("["))
            or (row["check"] == "bounds" and row["before"] == "unlimited")
        )
    ]
    return list(dict.fromkeys(told))


def summary_rows(
    case: str,
    claims: Sequence[Claims],
    validation: Iterable[Mapping[str, str]],
    findings: Sequence[Mapping[str, str]] = (),
    diagnoses: Iterable[Mapping] = (),
) -> list[dict]:
    """A case's rows of summary.tsv; one without rank, numbers and verdict where a formulation has no design.

    What `diagnoses`, entries of diagnosis.json, have to add to a reason stands behind it.

    Raises
    ------
    FileError
        If a design was not validated.
    """
    validated = {(row["formulation"], row["rank"], row["interventions"]): row for row in validation}
    added = {(one["case"], one["formulation"]): one["said"] for one in diagnoses}
    rows = []
    for claim in claims:
        reason = filter(None, (reason_of(claim.record, findings), added.get((case, claim.formulation))))
        status = {name: claim.record[name] for name in ("status", "gap")} | {"reason": "; ".join(reason)}
        if not claim.rows:
            rows.append(dict.fromkeys(SUMMARY.names, "") | {"case": case, "formulation": claim.formulation} | status)
        for row in claim.rows:
            key = (claim.formulation, row["rank"], row["interventions"])
            if key not in validated:
                raise FileError(f"{case}: validation.tsv has no row for {claim.formulation}, rank {row['rank']}")
            rows.append(
                {"case": case, "formulation": claim.formulation}
                | {name: row[name] for name in DESIGNS.names}
                | {name: validated[key][name] for name in SUMMARIZED}
                | status
            )
    return rows


def front_rows(claims: Claims, validation: Iterable[Mapping[str, str]]) -> list[dict]:
    """The rows of front.tsv: the designs of a front as points, the cheapest first, of these the fastest.

    Raises
    ------
    FileError
        If a design was not validated.
    """
    verified = {
        (row["rank"], row["interventions"]): row["verified"]
        for row in validation
        if row["formulation"] == claims.formulation
    }
    own = [name for name in FRONT.names if name in DESIGNS.names]
    ordered = sorted(
        claims.rows, key=lambda row: (float(row["cost"]), -float(row["growth_per_h"]), row["interventions"])
    )
    rows = []
    for point, row in enumerate(ordered, 1):
        key = row["rank"], row["interventions"]
        if key not in verified:
            raise FileError(f"validation.tsv has no row for {claims.formulation}, rank {row['rank']}")
        told = {"point": point, "proven": claims.record["proven"], "verified": verified[key]}
        rows.append({name: row[name] for name in own} | told)
    return rows


def verdict(rows: Sequence[Mapping[str, str]]) -> tuple[str, list[str]]:
    """What there is to say of a run's summary, and a line for each row that was not verified.

    The first line counts the designs, and what becomes of them by genes. One more line stands for each of the first
    designs that genes do not make as they are, and for each formulation without a design.
    """
    claimed = [row for row in rows if row["rank"]]
    designs = [row for row in claimed if row["interventions"]]
    failed = [
        f"{row['case']}, {row['formulation']}, rank {row['rank']}: not verified: {row['interventions'] or 'wild type'}"
        for row in claimed
        if row["verified"] != "true"
    ]
    verified = sum(row["verified"] == "true" for row in designs)
    counted = f"{verified} of {len(designs)} designs verified; by genes {counts_by_genes(designs)}"
    lines = [counted if designs else "no design was found", *_not_by_genes(designs)]
    lines += [
        f"no design for {row['case']}, {row['formulation']}: {row['reason']}"
        for row in rows
        if not row["interventions"] and row["reason"]
    ]
    return "\n".join(lines), failed


def counts_by_genes(designs: Sequence[Mapping[str, str]]) -> str:
    """How many designs genes make as they are, and what becomes of the others: `3 same, 1 lethal`."""
    counts = Counter(row["by_genes"] for row in designs)
    return ", ".join(f"{counts[word]} {word}" for word in BY_GENES if counts[word] or word == SAME)


def _not_by_genes(designs: Sequence[Mapping[str, str]]) -> list[str]:
    """A line for each of the first designs that genes do not make as they are."""
    others = [row for row in designs if row["by_genes"] != SAME]
    lines = [
        f"{row['case']}, {row['formulation']}, rank {row['rank']}: by genes {row['by_genes']}: {row['interventions']}"
        for row in others[:MOST_LINES]
    ]
    return lines + ([f"and {len(others) - MOST_LINES} more, see summary.tsv"] if len(others) > MOST_LINES else [])
