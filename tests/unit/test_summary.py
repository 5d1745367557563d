"""Claims read back, one line for each design, and the verdict on a run."""

import pytest

from knockflow.claims import COLUMNS as DESIGNS
from knockflow.claims import Claims, read_claims
from knockflow.errors import FileError
from knockflow.files import sha256, write_json, write_table
from knockflow.summary import COLUMNS, summary_rows, verdict

ROW = {name: "0" for name in DESIGNS} | {"rank": "1", "interventions": "-A;-B"}
CLAIM = Claims("best", [ROW], {"status": "optimal", "gap": 0.0, "formulation": "optknock"})
CHECKED = {"formulation": "best", "rank": "1", "interventions": "-A;-B", "coupling": "weak", "verified": "true"}


@pytest.fixture
def stored(tmp_path):
    designs, record = tmp_path / "designs.tsv", tmp_path / "record.json"
    write_table(designs, DESIGNS, [ROW])
    write_json(record, CLAIM.record | {"outputs": {"designs.tsv": sha256(designs)}})
    return designs, record


def test_claims_come_back(stored):
    claims = read_claims("best", *stored)
    assert (claims.formulation, claims.rows) == ("best", [ROW])
    assert claims.record["status"] == "optimal"


def test_designs_of_another_run_are_refused(stored):
    write_table(stored[0], DESIGNS, [ROW | {"cost": "9"}])
    with pytest.raises(FileError, match="not the file that .*record.json speaks of"):
        read_claims("best", *stored)


def test_a_record_that_names_no_designs_is_refused(stored):
    write_json(stored[1], CLAIM.record)
    with pytest.raises(FileError, match="not the file"):
        read_claims("best", *stored)


def test_a_summary_row_joins_claim_verdict_and_status():
    rows = summary_rows("core", [CLAIM], [CHECKED])
    assert rows == [
        {"case": "core", "formulation": "best", "coupling": "weak", "verified": "true", "status": "optimal", "gap": 0.0}
        | ROW
    ]
    assert set(rows[0]) == set(COLUMNS)


@pytest.mark.parametrize("change", [{"rank": "2"}, {"interventions": "-A"}, {"formulation": "other"}])
def test_a_design_that_was_not_validated_is_refused(change):
    with pytest.raises(FileError, match="core: validation.tsv has no row for best, rank 1"):
        summary_rows("core", [CLAIM], [CHECKED | change])


def test_a_formulation_without_designs_has_no_row():
    assert summary_rows("core", [Claims("none", [], {"status": "infeasible", "gap": None})], []) == []


def test_the_verdict_counts_and_names_what_is_not_verified():
    rows = [
        {"case": "core", "formulation": "best", "rank": "1", "interventions": "-A", "verified": "true"},
        {"case": "core", "formulation": "best", "rank": "2", "interventions": "-B", "verified": "false"},
        {"case": "core", "formulation": "wild", "rank": "1", "interventions": "", "verified": ""},
    ]
    assert verdict(rows) == (
        "1 of 3 designs verified",
        ["core, best, rank 2: not verified: -B", "core, wild, rank 1: not verified: wild type"],
    )
    assert verdict([]) == ("0 of 0 designs verified", [])
