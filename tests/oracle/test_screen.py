"""The screen of the core model: every organic product, each design validated, and known values among them."""

import pytest

from knockflow import Case
from knockflow.designs.screen import coupled

KNOWN = {"EX_succ_e": 9.101863, "EX_etoh_e": 18.26854, "EX_lac__D_e": 18.07384}
"""Guaranteed at the fastest growth by at most two removals (mmol/gDW/h), by enumeration."""


def test_every_product_of_the_core_model_is_screened():
    case = Case("cobra:textbook", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    table = case.screen("robustknock", max_interventions=2, max_designs=1).set_index("product")
    assert len(table) == 9 and set(table["verified"]) == {"true"} and all(table["proven"])
    for product, value in KNOWN.items():
        row = table.loc[product]
        assert float(row["product_min_mmol_per_gdw_h"]) == pytest.approx(value, abs=1e-4) and coupled(row)
        assert float(row["yield_min_mol_per_mol"]) <= row["largest_yield_mol_per_mol"] + 1e-6
    nothing = table[[not coupled(row) for _, row in table.iterrows()]]
    assert "EX_akg_e" in nothing.index and all(nothing["reason"])
