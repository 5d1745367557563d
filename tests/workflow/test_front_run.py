"""The example of Pareto fronts, from end to end: its tables, the documented numbers, the report, the certificates."""

import re
import subprocess
import sys

import pytest
import yaml
from workspace import ROOT, Workspace

from knockflow.base.files import read_json
from knockflow.base.tables import FRONT, VALIDATION

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    config = yaml.safe_load((ROOT / "config/examples/front.yaml").read_text())
    space = Workspace.make(tmp_path_factory.mktemp("front"), config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def points(space, name):
    return FRONT.read(space.results / "succinate" / name / FRONT.file)


def documented(row):
    names = row["interventions"].split(";") if row["interventions"] else []
    text = ", ".join(f"`{name}`" for name in names).replace("|", r"\|") or "none"
    cells = [text, f"{float(row['cost']):g}", row["value_mmol_per_gdw_h"], row["growth_per_h"]]
    return f"| {' | '.join(cells)} |"


def test_the_documented_front_is_that_of_the_example(finished):
    page = (ROOT / "docs/fronts.md").read_text()
    table = page.split("<!-- front: start -->\n")[1].split("<!-- front: end -->")[0].splitlines()[2:]
    assert table == [documented(row) for row in points(finished, "front")]


def test_every_point_is_proven_and_verified(finished):
    for name, count in (("front", 15), ("by_number", 5), ("cheapest", 2)):
        rows = points(finished, name)
        assert len(rows) == count
        assert {(row["proven"], row["verified"]) for row in rows} == {("true", "true")}
    validated = VALIDATION.read(finished.results / "succinate/validation.tsv")
    assert len(validated) == 23


def test_a_front_without_the_value_has_no_best_value(finished):
    record = read_json(finished.results / "succinate/cheapest/record.json")
    assert (record["status"], record["proven"], record["objective"], record["bound"]) == ("optimal", True, None, None)


def test_the_yield_is_the_value_and_is_found_again(finished):
    (row,) = [
        row
        for row in VALIDATION.read(finished.results / "succinate/validation.tsv")
        if row["formulation"] == "per_substrate"
    ]
    assert row["claimed_value_mmol_per_gdw_h"] == row["claimed_yield_min_mol_per_mol"] == "0.910186"
    assert float(row["value_mmol_per_gdw_h"]) == pytest.approx(0.910186, abs=1e-5)
    assert row["verified"] == "true"
    page = (finished.results / "report.html").read_text()
    assert "Guaranteed yield" in page and "mol/mol" in page


def test_the_report_draws_the_fronts_and_says_that_none_is_missing(finished):
    page = (finished.results / "report.html").read_text()
    for name in ("front", "by_number", "cheapest"):
        chart = re.search(rf'aria-labelledby="front-succinate-{name}-title.*?</svg>', page, re.DOTALL)[0]
        assert chart.count('class="mark') >= len(points(finished, name))
        assert f'href="succinate/{name}/front.tsv"' in page


def test_certificates_prove_each_point_as_a_design(finished):
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/check_certificates.py"), str(finished.results)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
