"""The example of several products, from end to end: tables, report, certificates."""

import subprocess
import sys

import pytest
import yaml
from workspace import ROOT, Workspace

from knockflow.base.files import read_json
from knockflow.base.tables import ENVELOPE, PRODUCTS, VALIDATION

pytestmark = [pytest.mark.workflow, pytest.mark.long]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    config = yaml.safe_load((ROOT / "config/examples/products.yaml").read_text())
    space = Workspace.make(tmp_path_factory.mktemp("products"), config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def rows_of(space, case, table):
    return table.read(space.results / case / table.file)


def test_every_design_is_verified_and_its_parts_add_up(finished):
    for case, count in (("weighted", 3), ("in_order", 4)):
        rows = rows_of(finished, case, VALIDATION)
        assert len(rows) == count and {row["verified"] for row in rows} == {"true"}
    best = [
        row
        for row in rows_of(finished, "weighted", PRODUCTS)
        if (row["formulation"], row["rank"]) == ("guaranteed", "1")
    ]
    total = sum(float(row["weight"]) * float(row["product_min_mmol_per_gdw_h"]) for row in best)
    assert total == pytest.approx(9.242034, abs=1e-4)
    record = read_json(finished.results / "in_order/one_removal/record.json")
    assert len(record["second_product_mmol_per_gdw_h"]) == 4


def test_the_envelope_is_that_of_the_sum(finished):
    points = [row for row in rows_of(finished, "weighted", ENVELOPE) if row["formulation"] == "guaranteed"]
    assert float(points[-1]["product_min_mmol_per_gdw_h"]) == pytest.approx(9.242034, abs=1e-4)


def test_the_report_names_the_products_and_tells_them_apart(finished):
    page = (finished.results / "report.html").read_text()
    # A configuration that is written by a program has its keys sorted.
    assert "0.5 D-Lactate + Succinate" in page and "Succinate, then Ethanol" in page
    assert "0.5 EX_lac__D_e + EX_succ_e" in page and "in strict order" in page
    assert 'href="weighted/products.tsv"' in page and 'aria-label="Products of in_order"' in page


def test_certificates_prove_sums(finished):
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/check_certificates.py"), str(finished.results)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "weighted/certificates/guaranteed.json: 2 designs proven" in done.stdout
