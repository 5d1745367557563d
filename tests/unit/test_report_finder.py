"""The designs that the page's script searches: all of them, as summary.tsv has them, and harmless."""

import json
import re
from pathlib import Path

from report_pages import HOSTILE, PROMISING, STOPPED, SURE, Outline, page_of

from knockflow.base.tables import SUMMARY
from knockflow.report.finder import SHOWN


def found(page: str) -> dict:
    return json.loads(re.search(r'id="all-designs">(.*?)</script>', page, re.DOTALL)[1])


def test_every_design_is_there_with_all_columns_and_the_place_where_it_stands(tmp_path):
    page = page_of(tmp_path, answers={"guarantee": [SURE], "promise": [PROMISING, SURE]})
    data = found(page)
    assert data["columns"] == list(SUMMARY.names)
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    assert [(row["case"], row["formulation"], row["rank"]) for row in rows] == [
        ("toy", "guarantee", "1"),
        ("toy", "promise", "1"),
        ("toy", "promise", "2"),
    ]
    assert (rows[0]["interventions"], rows[0]["growth_per_h"]) == ("-ACALD;-PYK|PYK2", "0.101863")
    assert data["named"][0] == ["-ACALD", "-PYK|PYK2"]
    assert set(data["at"]) <= set(Outline(page).ids())


def test_more_designs_than_the_page_lists_are_there_too(tmp_path):
    designs = [(f"-R{rank:03d}", 0.1, 9 - rank / 100, 9.5, 1.0) for rank in range(120)]
    assert len(found(page_of(tmp_path, answers={"guarantee": designs}))["rows"]) == 120


def test_no_text_ends_the_data(tmp_path):
    page = page_of(tmp_path, answers={"guarantee": [SURE]}, more={"guarantee": STOPPED | {"reason": HOSTILE}})
    assert [row[-1] for row in found(page)["rows"]] == [HOSTILE]
    assert HOSTILE not in page


def test_what_is_shown_are_columns_of_the_summary():
    assert {one["name"] for one in SHOWN} <= set(SUMMARY.names)


def test_the_script_ends_no_element_and_has_no_marks_of_the_template():
    script = (Path(__file__).parents[2] / "workflow" / "report" / "page.js").read_text(encoding="utf-8")
    assert "</script" not in script and not re.search(r"{{|{%|{#|http", script)
