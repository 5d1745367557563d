"""Coupling classes of ethanol designs on the E. coli core model, aerobic, that are known from the literature.

The model is not part of the project; the tests are skipped where the folder KNOCKFLOW_DATA does not hold it.
"""

import os
from pathlib import Path

import pytest
from cobra.io import load_json_model

from knockflow.model.read import read_model, write_model
from knockflow.validation.reevaluation import evaluate, least_ratio, prepare, question_of
from knockflow.validation.strain import changed

FILE = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder", "models/e_coli_core.json.gz")

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="KNOCKFLOW_DATA does not hold e_coli_core")

SUBSTRATE = "EX_glc__D_e"

# design, class, growth, least and most ethanol at maximal growth, least ethanol per growth and per glucose
KNOWN = [
    ("-MDH;-PPS;-THD2;-TKT2", "potential", 0.665236, 0.0, 4.7505, 0.0, 0.0),
    ("-ACALDt;-MDH;-PPS;-PTAr;-PYRt2", "weak", 0.661238, 4.9352, 4.9352, 0.0, 0.0),
    ("-ATPS4r;-NADH16;-PGL", "directional", 0.200525, 14.0932, 14.6723, 27.5065, 0.0),
    ("-ATPS4r;-LDH_D;-NADH16", "substrate-uptake", 0.202612, 14.1962, 14.1962, 70.0658, 1.0),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    original, _ = read_model(str(FILE), folder)
    original.notes["substrate"] = SUBSTRATE
    write_model(folder / "model.json", original)
    model = load_json_model(str(folder / "model.json"))
    prepare(model)
    return model


@pytest.mark.parametrize(("design", "expected", "growth", "least", "most", "per_growth", "per_uptake"), KNOWN)
def test_known_designs_have_their_class(model, design, expected, growth, least, most, per_growth, per_uptake):
    asked = question_of(model, "EX_etoh_e", 0.05)
    with changed(model, design):
        found = evaluate(model, asked)
        assert least_ratio(model, {"EX_etoh_e": 1.0}, asked.biomass, 1.0) == pytest.approx(per_growth, abs=1e-3)
        assert least_ratio(model, {"EX_etoh_e": 1.0}, SUBSTRATE, -1.0) == pytest.approx(per_uptake, abs=1e-6)
    assert found["coupling"] == expected
    assert found["growth_per_h"] == pytest.approx(growth, abs=1e-5)
    assert found["product_min_mmol_per_gdw_h"] == pytest.approx(least, abs=1e-3)
    assert found["product_max_mmol_per_gdw_h"] == pytest.approx(most, abs=1e-3)
