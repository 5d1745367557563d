"""1,4-Butanediol in the core model of E. coli: a pathway from another organism, genes as targets, knock-ins.

The model is not part of the project; the tests are skipped where the folder KNOCKFLOW_DATA does not hold it.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from knockflow import Case

MODEL = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder", "models/e_coli_core.json.gz")
PATHWAY = Path(__file__).parents[2] / "config" / "bdo.tsv"
ADDED = {"+AKGDC": 1, "+SSCOARx": 1, "-EX_o2_e": 1}

pytestmark = pytest.mark.skipif(not MODEL.is_file(), reason="KNOCKFLOW_DATA holds no core model")


@cache
def case_of(min_growth: float, *forced: str) -> Case:
    targets = {"level": "genes", "interventions": ADDED, "forced": list(forced)}
    return Case(str(MODEL), "EX_14bdo_e", min_growth=min_growth, heterologous={"file": str(PATHWAY)}, targets=targets)


def test_the_wild_type_makes_none():
    wild = case_of(0.0).design("potential", max_interventions=0)
    assert wild.table[0]["value_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-6)


def test_the_most_that_both_ways_together_make():
    """10.252923 from 10 glucose, with oxygen and without growth."""
    case = case_of(0.0, "+AKGDC", "+SSCOARx")
    both = case.design("potential", max_interventions=2)
    assert both.table[0]["interventions"] == ("+AKGDC", "+SSCOARx")
    assert both.table[0]["value_mmol_per_gdw_h"] == pytest.approx(10.252923, abs=1e-5)
    assert set(both.validate()["verified"]) == {True}


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_either_way_makes_some(method):
    """No removal helps what is only possible, and the second way adds nothing at this growth."""
    designs = case_of(0.5).design("potential", method=method, max_interventions=2, max_designs="all")
    found = {row["interventions"]: row["value_mmol_per_gdw_h"] for row in designs.table}
    assert found == {("+AKGDC",): pytest.approx(4.450068, abs=1e-6), ("+SSCOARx",): pytest.approx(4.383649, abs=1e-6)}
    assert designs.record["proven"]
    assert set(designs.validate()["verified"]) == {True}


def test_the_published_number_of_interventions():
    """Both knock-ins, no oxygen and genes: with eleven interventions 2.6195399 at a growth of 0.5."""
    designs = case_of(0.5).design("optknock", max_interventions=11, max_designs=1)
    best = designs.table[0]
    assert designs.record["proven"]
    assert best["value_mmol_per_gdw_h"] == pytest.approx(2.6195399, abs=1e-6)
    assert best["growth_per_h"] >= 0.5 - 1e-9
    assert "+AKGDC" in best["interventions"]
    assert set(designs.validate()["verified"]) == {True}
