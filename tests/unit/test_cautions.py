"""Warnings under which proven numbers do not mean what they seem to: they reach the summary, the report and Python."""

from dataclasses import asdict, fields

import cobra
import pytest

from knockflow import Case
from knockflow.base.files import write_table
from knockflow.designs.summary import cautions_of
from knockflow.report import content
from knockflow.report.tables import findings

MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}
COLUMNS = ("item", "check", "severity", "before", "after", "why")


def rows(case: Case) -> list[dict]:
    return list(map(asdict, case.findings))


@pytest.fixture(scope="module")
def inner():
    return Case("cobra:textbook", "SUCCt3", medium=MEDIUM)


def test_a_product_that_is_an_inner_reaction_is_a_caution_with_the_exchange_that_may_be_meant(inner):
    (told,) = cautions_of(rows(inner))
    assert told.startswith("SUCCt3: no exchange: what counts as product is the flux through this reaction")
    assert "a cycle may carry" in told and told.endswith("the flux of EX_succ_e")
    assert told in repr(inner)


def test_the_report_has_the_same_words(inner, tmp_path):
    write_table(tmp_path / "curation.tsv", COLUMNS, rows(inner))
    parts = dict.fromkeys(field.name for field in fields(content.ReportedCase)) | {"findings": findings(tmp_path)}
    assert content.ReportedCase(**parts).cautions == cautions_of(rows(inner))


def test_an_exchange_in_a_medium_with_limits_has_none(core_case):
    assert cautions_of(rows(core_case)) == []


def test_what_only_the_models_own_scale_limits_is_a_caution():
    model = cobra.io.load_model("textbook")
    case = Case(model, "EX_succ_e", medium={"EX_glc__D_e": 1000, "EX_o2_e": 1000})
    told = cautions_of(rows(case))
    assert "EX_succ_e" in {text.split(":")[0] for text in told}
    assert all("its largest flux means nothing" in text and text in repr(case) for text in told)


def test_a_product_that_cannot_be_made_is_a_reason_and_no_caution():
    finding = {"item": "EX_p", "check": "product", "severity": "warning", "before": "0.000000", "why": "cannot be made"}
    assert cautions_of([finding]) == []
    assert cautions_of([finding | {"before": "[0, 0]"}] * 2) == ["EX_p: cannot be made"]
    assert cautions_of([finding | {"before": "[0, 0]", "severity": "info"}]) == []
