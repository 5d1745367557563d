"""Genes, a pathway from another organism, a table of interventions, cut sets and exports, from end to end."""

import json
from pathlib import Path

import cobra
import pytest
from workspace import Workspace, case

from knockflow.base.files import read_table
from knockflow.base.tables import DESIGNS, SUMMARY

pytestmark = pytest.mark.workflow

PATHWAY = """reaction\tname\tequation\tlower_mmol_per_gdw_h\tupper_mmol_per_gdw_h\trule
PEPCKas\tPhosphoenolpyruvate carboxykinase (ATP)\tadp_c + co2_c + pep_c -> atp_c + oaa_c\t0\t1000\taspck
SUCCas\tSuccinate export\tsucc_c -> succ_e\t0\t500\t
"""
TARGETS = """intervention\tcost\tuse\tgroup
+PEPCKas\t1\t\tnew
+export\t2\t\tnew
EX_o2_e>=-5\t0.5\tcandidate\t
EX_o2_e>=-10\t0.5\tcandidate\t
PFK<=30%\t1\t\t
b0114<=0.5\t1\t\t
b0726\t\texcluded\t
"""
BIOMASS = "Biomass_Ecoli_core"
FORMULATIONS = {
    "promised": {"kind": "optknock", "max_interventions": 2, "max_per_kind": {"knock_in": 1}},
    "coupled": {"kind": "optcouple", "max_interventions": 2, "max_designs": 2},
    "lethal": {
        "kind": "mcs",
        "max_interventions": 2,
        "max_designs": 40,
        "suppress": [f"{BIOMASS} >= 0.05"],
        "protect": ["ATPM >= 1"],
    },
}
DOWNSTREAM = {"validate": 1, "certificates": 1, "summary": 1, "export": 1, "report": 1, "check": 1}


def succinate(**targets) -> dict:
    """Without oxygen, with a reaction that saves ATP and a way out, both to be added."""
    more = {"level": "genes", "table": "targets.tsv", "pathways": {"export": ["SUCCas"]}}
    return case(heterologous={"file": "pathway.tsv"}, targets=more | targets)


def workspace(folder: Path, cases: dict, formulations: dict = FORMULATIONS) -> Workspace:
    space = Workspace.make(folder, {"cases": cases, "formulations": formulations})
    (space.work / "pathway.tsv").write_text(PATHWAY)
    (space.work / "targets.tsv").write_text(TARGETS)
    return space


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A workspace whose run is through."""
    space = workspace(tmp_path_factory.mktemp("run"), {"succ": succinate()})
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def table(space: Workspace, formulation: str) -> list[dict]:
    return DESIGNS.read(space.results / "succ" / formulation / "designs.tsv")


def test_every_design_is_verified(finished):
    rows = SUMMARY.read(finished.results / "summary.tsv")
    assert {row["formulation"] for row in rows} == set(FORMULATIONS)
    assert {row["verified"] for row in rows} == {"true"}
    assert {row["status"] for row in rows} == {"optimal"}
    count = len(rows)
    told = f"{count} of {count} designs verified; by genes {count} same\n"
    assert (finished.results / "check.txt").read_text() == told


def test_what_may_be_added_is_closed_in_the_curated_model(finished):
    model = json.loads((finished.results / "succ/model.json").read_text())
    reactions = {reaction["id"]: reaction for reaction in model["reactions"]}
    for name, bounds in (("PEPCKas", "0.0 1000.0"), ("SUCCas", "0.0 500.0")):
        assert (reactions[name]["lower_bound"], reactions[name]["upper_bound"]) == (0, 0)
        assert reactions[name]["notes"]["knock_in"] == bounds
    assert json.loads(model["notes"]["pathways"]) == {"export": ["SUCCas"]}


def test_the_targets_have_their_kinds_and_costs(finished):
    rows = {row["target"]: row for row in read_table(finished.results / "succ/targets.tsv", ("target", "kind", "cost"))}
    assert (rows["PEPCKas"]["kind"], float(rows["PEPCKas"]["cost"])) == ("knock_in", 1)
    assert (rows["export"]["kind"], rows["export"]["reactions"]) == ("knock_in", "SUCCas")
    assert (rows["EX_o2_e>=-10"]["kind"], float(rows["EX_o2_e>=-10"]["cost"])) == ("medium", 0.5)
    assert rows["b0114<=0.5"]["kind"] == "regulation"
    assert rows["b0726"]["status"] == "excluded"
    (level,) = (float(name.removeprefix("PFK<=")) for name in rows if name.startswith("PFK<="))
    assert level > 0


def test_the_best_promise_has_the_new_enzyme(finished):
    best, *_ = table(finished, "promised")
    assert best["interventions"] == "+PEPCKas;-b2463"
    assert float(best["value_mmol_per_gdw_h"]) == pytest.approx(8.223056, abs=1e-5)


def test_cut_sets_have_no_value_and_spare_what_is_excluded(finished):
    rows = table(finished, "lethal")
    assert len(rows) == FORMULATIONS["lethal"]["max_designs"]
    assert {row["value_mmol_per_gdw_h"] for row in rows} == {""}
    assert [float(row["cost"]) for row in rows] == sorted(float(row["cost"]) for row in rows)
    assert not any("b0726" in row["interventions"] for row in rows)


@pytest.mark.parametrize("formulation", ["promised", "coupled"])
def test_the_exported_strain_does_by_itself_what_the_table_says(finished, formulation):
    rows = table(finished, formulation)
    row, model = rows[0], cobra.io.read_sbml_model(str(finished.results / f"succ/strains/{formulation}/best.xml"))
    model.tolerance = 1e-9
    growth = model.slim_optimize()
    assert growth == pytest.approx(float(row["growth_per_h"]), abs=1e-6)
    model.reactions.get_by_id(BIOMASS).lower_bound = growth * (1 - 1e-8)
    model.objective = "EX_succ_e"
    assert model.slim_optimize() == pytest.approx(float(row["product_max_mmol_per_gdw_h"]), abs=1e-4)
    model.objective_direction = "min"
    assert model.slim_optimize() == pytest.approx(float(row["product_min_mmol_per_gdw_h"]), abs=1e-4)


def test_a_second_run_has_nothing_to_do(finished):
    assert finished.planned() == {}


@pytest.mark.parametrize("name", ["targets.tsv", "pathway.tsv"])
def test_an_edited_table_reruns_what_uses_it(finished, name):
    path = finished.work / name
    text = path.read_text().replace("PFK<=30%\t1", "PFK<=30%\t1.5").replace("500", "600")
    with finished.edited(path, text.encode()):
        planned = finished.planned()
    assert {rule: count for rule, count in planned.items() if rule in ("problem", "design", *DOWNSTREAM)} == {
        "problem": 1,
        "design": 3,
    } | DOWNSTREAM
    assert "curate" in planned


def test_wrong_interventions_are_named_and_leave_nothing(tmp_path):
    wrong = {
        "gene": succinate(interventions={"-b07266": 1}),
        "more": succinate(interventions={"b0721>=5": 1}),
        "state": succinate(),
    }
    wrong["state"]["formulations"] = ["lethal"]
    lethal = FORMULATIONS["lethal"] | {"suppress": ["Biomas_Ecoli_core >= 0.001"], "max_interventions": 1}
    space = workspace(tmp_path, wrong, {"lethal": lethal})
    with (space.work / "targets.tsv").open("a") as file:
        file.write("b9999\t\t\t\n")
    wrong["state"]["targets"] = {"level": "genes"}
    done = space.run("--keep-going")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    for words in (
        ["cases.gene.targets.interventions", "`-b07266`", "no gene or reaction 'b07266'", "b0726"],
        ["cases.gene.targets.table: line 9", "'b9999'"],
        ["cases.more.targets.interventions", "`b0721>=5`", "use `>=` on a reaction"],
        ["suppress", "no reaction `Biomas_Ecoli_core`", "did you mean Biomass_Ecoli_core"],
    ):
        assert any(all(word in line for word in words) for line in done.stdout.splitlines()), words
    left = {path.relative_to(space.results).as_posix() for path in space.results.glob("[gms]*/**/*") if path.is_file()}
    assert not any(path.startswith(("gene/", "more/")) for path in left)
    assert not any(path.startswith("state/lethal") for path in left)
