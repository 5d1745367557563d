"""Claims read back, one line for each design, and the verdict on a run."""

import pytest

from knockflow.base.errors import FileError
from knockflow.base.files import sha256, write_json
from knockflow.base.tables import DESIGNS, SUMMARY
from knockflow.designs.claims import Claims, read_claims
from knockflow.designs.summary import reason_of, summary_rows, verdict

ROW = {name: "0" for name in DESIGNS.names} | {"rank": "1", "interventions": "-A;-B"}
CLAIM = Claims("best", [ROW], {"status": "optimal", "gap": 0.0, "formulation": "optknock"})
VERDICT = {"coupling": "weak", "verified": "true", "by_genes": "same", "genes": "a;b"}
CHECKED = {"formulation": "best", "rank": "1", "interventions": "-A;-B"} | VERDICT


@pytest.fixture
def stored(tmp_path):
    designs, record = tmp_path / "designs.tsv", tmp_path / "record.json"
    DESIGNS.write(designs, [ROW])
    write_json(record, CLAIM.record | {"outputs": {"designs.tsv": sha256(designs)}})
    return designs, record


def test_claims_come_back(stored):
    claims = read_claims("best", *stored)
    assert (claims.formulation, claims.rows) == ("best", [ROW])
    assert claims.record["status"] == "optimal"


def test_designs_of_another_run_are_refused(stored):
    DESIGNS.write(stored[0], [ROW | {"cost": "9"}])
    with pytest.raises(FileError, match="not the file that .*record.json speaks of"):
        read_claims("best", *stored)


def test_a_record_that_names_no_designs_is_refused(stored):
    write_json(stored[1], CLAIM.record)
    with pytest.raises(FileError, match="not the file"):
        read_claims("best", *stored)


def test_a_summary_row_joins_claim_verdict_and_status():
    rows = summary_rows("core", [CLAIM], [CHECKED])
    assert rows == [
        {"case": "core", "formulation": "best"} | VERDICT | {"status": "optimal", "gap": 0.0, "reason": ""} | ROW
    ]
    assert set(rows[0]) == set(SUMMARY.names)


@pytest.mark.parametrize("change", [{"rank": "2"}, {"interventions": "-A"}, {"formulation": "other"}])
def test_a_design_that_was_not_validated_is_refused(change):
    with pytest.raises(FileError, match="core: validation.tsv has no row for best, rank 1"):
        summary_rows("core", [CLAIM], [CHECKED | change])


def test_a_formulation_without_designs_has_a_row_that_says_why():
    record = {"status": "infeasible", "gap": None, "reason": "it starves", "cause": "growth"}
    [row] = summary_rows("core", [Claims("none", [], record)], [])
    assert set(row) == set(SUMMARY.names)
    said = {"case": "core", "formulation": "none", "status": "infeasible", "reason": "it starves"}
    assert {name: value for name, value in row.items() if value} == said


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("growth", "opening EX_o2_e would do"),
        ("product", "no pathway"),
        ("targets", "of the search"),
        ("", "of the search"),
    ],
)
def test_what_curation_found_out_takes_the_place_of_the_searchs_reason(cause, said):
    rows = [
        ("growth", "info", "0.000000", "largest growth"),
        ("growth", "warning", "0.000000", "opening EX_o2_e would do"),
        ("product", "warning", "[0, 0]", "the upper bound lets no product out"),
        ("product", "warning", "0.000000", "no pathway"),
        ("targets", "info", "", "nothing"),
    ]
    findings = [dict(zip(("check", "severity", "before", "why"), row, strict=True)) for row in rows]
    assert reason_of({"reason": "of the search", "cause": cause}, findings) == said


def test_a_record_of_an_older_search_has_a_reason_without_a_cause():
    assert reason_of({"reason": "time limit"}, []) == "time limit"
    assert reason_of({}, []) == ""


def rows_of(*table) -> list[dict[str, str]]:
    keys = ("case", "formulation", "rank", "interventions", "verified", "by_genes", "reason")
    return [dict(zip(keys, row, strict=True)) for row in table]


def test_the_verdict_counts_and_names_what_is_not_verified():
    rows = rows_of(
        ("core", "best", "1", "-A", "true", "same", ""),
        ("core", "best", "2", "-B", "false", "same", ""),
        ("core", "wild", "1", "", "", "same", "nothing beats it"),
        ("core", "bound", "1", "", "true", "same", ""),
        ("core", "none", "", "", "", "", "it starves"),
    )
    assert verdict(rows) == (
        "1 of 2 designs verified; by genes 2 same\n"
        "no design for core, wild: nothing beats it\nno design for core, none: it starves",
        ["core, best, rank 2: not verified: -B", "core, wild, rank 1: not verified: wild type"],
    )
    assert verdict(rows[4:]) == ("no design was found\nno design for core, none: it starves", [])
    assert verdict([]) == ("no design was found", [])


def test_the_verdict_names_what_genes_do_not_make():
    rows = rows_of(
        ("core", "best", "1", "-A", "true", "lethal", ""),
        ("core", "best", "2", "-B", "true", "impossible", ""),
        ("core", "best", "3", "-C", "true", "changed", ""),
    )
    sentence, failed = verdict(rows)
    assert sentence.splitlines() == [
        "3 of 3 designs verified; by genes 0 same, 1 changed, 1 lethal, 1 impossible",
        "core, best, rank 1: by genes lethal: -A",
        "core, best, rank 2: by genes impossible: -B",
        "core, best, rank 3: by genes changed: -C",
    ]
    assert failed == []
    assert verdict(rows * 4)[0].splitlines()[-1] == "and 2 more, see summary.tsv"
