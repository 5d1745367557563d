"""A screen from end to end: cases by product, the table, the page, the answer."""

import pytest
from workspace import Workspace, case

from knockflow.base.screen_table import SCREEN

pytestmark = [pytest.mark.workflow, pytest.mark.long]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    asked = {key: value for key, value in case(screen=["EX_succ_e", "EX_akg_e"]).items() if key != "product"}
    config = {"cases": {"air": asked}, "formulations": {"fastest": {"kind": "robustknock", "max_interventions": 1}}}
    space = Workspace.make(tmp_path_factory.mktemp("screen"), config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def test_each_product_has_a_line_and_a_folder(finished):
    rows = {row["product"]: row for row in SCREEN.read(finished.results / SCREEN.file)}
    assert float(rows["EX_succ_e"]["product_min_mmol_per_gdw_h"]) == pytest.approx(0.678148, abs=1e-5)
    assert rows["EX_akg_e"]["coupling"] == "none" and "worth more" in rows["EX_akg_e"]["reason"]
    assert all((finished.results / row["case"] / "fastest/designs.tsv").exists() for row in rows.values())


def test_page_and_answer_compare_them(finished):
    page, answer = ((finished.results / name).read_text() for name in ("report.html", "answer.txt"))
    assert "1 of 2 products coupled to growth" in answer and answer.startswith("air, fastest: ")
    assert 'href="air-succ/fastest/designs.tsv"' in page and 'id="answer-air-succ"' in page
    assert "screen: [EX_succ_e, EX_akg_e]" in page


def test_nothing_is_planned_again(finished):
    assert "Nothing to be done" in finished.run().stdout
