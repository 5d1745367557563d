"""Rules of genes from the user's own table, from end to end."""

import json

import cobra
import pytest
from workspace import Workspace, case

from knockflow.base.files import read_table
from knockflow.layers.regulation.rules import TABLE

pytestmark = pytest.mark.workflow

RULES = """gene\tname\tkind\trule
b4401\tArcA\t\tnot o2_e > 0
b2975\tglcA\t\tnot b4401
b3603\tlldP\t\tnot b4401
b3236\tmdh\t\tnot Block and (b4401 or Grows > 0)
Block\t\tcondition\ttrue
b9999\tNone\tgene\tOxidative_Stress
"""
LAYER = {"table": "rules.tsv", "conditions": {"Block": False}, "names": {"Grows": "Biomass_Ecoli_core"}}
DOWNSTREAM = {"design": 1, "validate": 1, "certificates": 1, "summary": 1, "export": 1, "report": 1, "check": 1}


def workspace(folder, **layer) -> Workspace:
    regulated = case(product="EX_lac__D_e", targets={"level": "genes"}, layers={"regulation": LAYER | layer})
    formulations = {"f": {"kind": "robustknock", "max_interventions": 3, "max_designs": 1}}
    space = Workspace.make(folder, {"cases": {"lactate": regulated}, "formulations": formulations})
    (space.work / "rules.tsv").write_text(RULES)
    return space


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A workspace whose run is through."""
    space = workspace(tmp_path_factory.mktemp("run"))
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def test_a_regulator_opens_the_way_of_the_product(finished):
    (row,) = read_table(finished.results / "lactate/validation.tsv", ("verified", "verified_by"))
    assert (row["interventions"], row["verified"], row["verified_by"]) == (
        "-b0351;-b1241;-b4401",
        "true",
        "cobra+layer",
    )
    assert float(row["product_min_mmol_per_gdw_h"]) == pytest.approx(17.758027, abs=1e-4)
    # the same genes are gone, and no rule closed what ArcA no longer closes
    assert float(row["plain_growth_per_h"]) == pytest.approx(float(row["growth_per_h"]), abs=1e-6)
    assert finished.record("lactate", "f")["proven"]


def test_every_symbol_is_accounted_for(finished):
    rows = {row["symbol"]: row["status"] for row in TABLE.read(finished.results / "lactate/regulation.tsv")}
    assert rows == {
        "b4401": "depends",
        "b2975": "depends",
        "b3603": "depends",
        "b3236": "depends",
        "Block": "constant off",
        "b9999": "unused",
        "Oxidative_Stress": "assumed false",
    }
    log = (finished.results / "logs/lactate/regulation.python.log").read_text()
    assert "WARNING Oxidative_Stress: assumed false" in log
    targets = {
        row["target"]: row["status"] for row in read_table(finished.results / "lactate/targets.tsv", ("target",))
    }
    assert targets["b4401"] == "candidate"
    assert "b9999" not in targets


def test_the_regulator_is_a_gene_of_the_curated_model_and_not_of_the_exported_strain(finished):
    content = json.loads((finished.results / "lactate/model.json").read_text())
    assert {gene["id"]: gene["name"] for gene in content["genes"]}["b4401"] == "ArcA"
    strain = cobra.io.read_sbml_model(str(finished.results / "lactate/strains/f/best.xml"))
    assert "b4401" not in strain.genes
    assert strain.reactions.D_LACt2.bounds == (-1000, 1000)
    assert "left to fluxes: MDH" in str(strain.notes)
    lab = read_table(finished.results / "lactate/strains/f/lab.tsv", ("gene", "note"))
    assert {row["gene"]: row["note"] for row in lab}["ArcA"] == "in the rules of b2975, b3236, b3603"


def test_a_second_run_has_nothing_to_do_and_an_edited_table_reruns_what_uses_it(finished):
    assert finished.planned() == {}
    path = finished.work / "rules.tsv"
    with finished.edited(path, path.read_bytes() + b"b9998\tNone\tgene\ttrue\n"):
        planned = finished.planned()
    assert planned.items() >= ({"read": 1, "curate": 1, "regulation": 1, "problem": 1} | DOWNSTREAM).items()


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ({"names": {"Grows": "Biomas"}}, ["layers.regulation.names: Grows", "`Biomas`", "Biomass_Ecoli_core"]),
        ({"conditions": {"Blokc": True}}, ["layers.regulation.conditions", "`Blokc`", "did you mean Block?"]),
        ({"table": "rulse.tsv"}, ["rulse.tsv"]),
    ],
)
def test_what_refers_to_nothing_is_named(tmp_path, layer, words):
    done = workspace(tmp_path, **layer).run()
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in done.stdout


def test_cut_sets_do_not_hold_with_rules(tmp_path):
    space = workspace(tmp_path)
    space.config["formulations"]["f"] = {"kind": "mcs", "suppress": ["Biomass_Ecoli_core >= 0.05"]}
    done = space.run("--dry-run")
    assert done.returncode != 0
    assert "cases.lactate.layers.regulation: formulation `f` does not hold with it: `mcs` seeks" in done.stdout
