"""Designs of reactions on the core models: whatever is verified and green lives without the genes that are deleted."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from cobra.manipulation import knock_out_model_genes

from knockflow import Case
from knockflow.base.files import cell
from knockflow.stages.export.bench import lab_rows

DATA = os.environ.get("KNOCKFLOW_DATA")
ANAEROBIC, AEROBIC = {"EX_glc__D_e": 10, "EX_o2_e": 0}, {"EX_glc__D_e": 10}
TEN = [
    (model, product, medium)
    for model, products in (("cobra:textbook", ("succ", "lac__D", "etoh")), ("e_coli_core", ("succ", "lac__D")))
    for product in products
    for medium in (ANAEROBIC, AEROBIC)
]
KINDS = ("optknock", "robustknock", "strong_coupling")


def case_of(model: str, product: str, medium: dict) -> Case:
    if model == "e_coli_core":
        if not DATA:
            pytest.skip("KNOCKFLOW_DATA names no folder with larger models")
        model = str(Path(DATA) / "models/e_coli_core.json.gz")
    return Case(model, product=f"EX_{product}_e", medium=medium, min_growth=0.05)


def lives(case: Case, row: dict) -> float:
    """Growth by COBRApy alone, without the genes that are listed; nan where the strain has no state."""
    with case.model as strain:
        strain.tolerance = 1e-9
        knock_out_model_genes(strain, list(row["genes"]))
        return strain.slim_optimize(error_value=np.nan)


def check(case: Case, kind: str, max_designs: int) -> Counter:
    """Compare every design with what its genes come to; how many of each word."""
    rows = case.design(kind, max_interventions=3, max_designs=max_designs).validate().to_dict("records")
    texts = [{name: cell(value) for name, value in row.items()} for row in rows]
    for row, text in zip(rows, texts, strict=True):
        growth, listed = lives(case, row), lab_rows(case.model, [text], [text])
        assert row["verified"], row["interventions"]
        match row["by_genes"]:
            case ("same" | "changed") as word:
                expected = row["growth_by_genes_per_h"]
                assert growth == pytest.approx(expected, abs=1e-6) and expected >= case.options["min_growth"] - 1e-5
                assert (word == "same") == (listed[0]["action"] == "delete")
            case "lethal":
                assert not growth >= case.options["min_growth"] - 1e-5
                assert listed[0]["action"] == "do not build" and listed[0]["note"].startswith("LETHAL")
            case _:
                pytest.fail(f"{row['interventions']}: {row['by_genes']}")
        if row["by_genes"] == "same":
            assert growth == pytest.approx(row["growth_per_h"], abs=1e-5)
    return Counter(row["by_genes"] for row in rows)


@pytest.mark.parametrize("product", ["succ", "lac__D", "etoh"])
def test_no_green_row_has_genes_that_kill(product):
    found = check(case_of("cobra:textbook", product, ANAEROBIC), "robustknock", 8)
    assert found["same"] and sum(found.values()) == 8


@pytest.mark.long
@pytest.mark.parametrize(("model", "product", "medium"), TEN)
def test_no_green_row_of_ten_cases_has_genes_that_kill(model, product, medium):
    case, found = case_of(model, product, medium), Counter()
    for kind in KINDS:
        found += check(case, kind, 15)
    assert sum(found.values()) and found["same"]
    if (model, product, medium) == ("cobra:textbook", "succ", ANAEROBIC):
        assert found["lethal"]
