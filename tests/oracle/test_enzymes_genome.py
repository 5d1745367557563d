"""iML1515 with a budget of enzymes: two reactions or genes, proven and validated; the numbers of docs/enzymes.md."""

import os
from pathlib import Path

import pytest
from enzymes_from_raw_tables import RawCell
from heckmann_tables import written

from knockflow import Case

DATA = os.environ.get("KNOCKFLOW_DATA")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not DATA, reason="KNOCKFLOW_DATA names no folder of models"),
]
PAGE = Path(__file__).resolve().parents[2] / "docs/enzymes.md"
BEST = {
    "reactions": ("-ATPS4rpp", "-GLCptspp"),
    "genes": ("-b2415|b2416", "-b3731|b3732|b3733|b3734|b3735|b3736|b3737|b3738"),
}


@pytest.mark.parametrize(("level", "isozymes"), [("reactions", "cheapest"), ("genes", "separate")])
def test_two_interventions_are_proven_and_validated(level, isozymes, tmp_path):
    """A pool of 0.2 g/gDW is a setting, not a measurement."""
    enzymes = written(Path(DATA), tmp_path) | {"budget": 0.2, "isozymes": isozymes}
    case = Case(
        f"{DATA}/models/iML1515.json.gz",
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.05,
        layers={"enzymes": enzymes},
        targets={"level": level},
    )
    designs = case.design("robustknock", max_interventions=2, max_designs=3)
    assert designs.record["proven"]
    best = designs.table[0]
    assert best["interventions"] == BEST[level]
    found = best["value_mmol_per_gdw_h"], best["growth_per_h"], case.problem.max_growth
    assert found == pytest.approx((9.576125, 0.064448, 0.157540), abs=2e-6)
    assert all(f"{number:.6f}" in PAGE.read_text() for number in found)
    assert designs.validate()["verified"].all()


@pytest.mark.parametrize(("reverse", "wanted"), [(True, (0.064448, 9.576125)), (False, (0.062144, 9.009465))])
def test_rows_that_end_in_b_are_of_the_reverse_direction(reverse, wanted):
    """A linear program from the raw tables; to leave these rows out gives the lower number."""
    found = RawCell(Path(DATA), reverse).guarantee(["ATPS4rpp", "GLCptspp"], "EX_succ_e", 0.2)
    assert found == pytest.approx(wanted, abs=2e-6)
    assert all(f"{number:.6f}" in PAGE.read_text() for number in wanted)
