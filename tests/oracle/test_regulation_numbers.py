"""Published numbers of regulated E. coli, with COBRApy and with the follower of the search.

Growth and ethanol of the deletions are those of OptORF (Kim & Reed 2010, doi:10.1186/1752-0509-4-53, table 2), with
iJR904 and the rules of iMC1010. Models and that table are not part of the project; the tests are skipped where the
folder KNOCKFLOW_DATA does not hold them.
"""

import os
from pathlib import Path

import pytest
from cobra.io import load_model, save_json_model

from knockflow.follower.respond import respond
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.layers.regulation.resolve import resolve
from knockflow.layers.regulation.rules import UNKNOWN, read_rules
from knockflow.layers.regulation.strain import regulate
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.model.read import read_model
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build
from knockflow.validation.reevaluation import evaluate, prepare, question_of
from knockflow.validation.strain import changed

FOLDER = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder")
OWN = Path(__file__).parents[2] / "scripts/knockflow/layers/regulation/e_coli_core.tsv"
GENOME = {"model": FOLDER / "models/iJR904.json.gz", "table": FOLDER / "regulation/iMC1010v1.tsv"}
NAMES = {"BiomassEcoli": "BIOMASS_Ecoli"}
GLUCOSE = 18.5

PUBLISHED = {
    # genes: growth per h, share of two ethanol per glucose
    "": (0.4667, None),
    "-b4401;-b4025": (0.1217, 0.835),
    "-b2276;-b4025": (0.1209, 0.836),
    "-b4401;-b3438;-b2297;-b2458;-b3919": (0.2437, 0.893),
}


def model_from(path):
    return read_model(str(path), path.parent)[0]


def in_medium(model, glucose, oxygen):
    model.reactions.EX_glc__D_e.lower_bound = -glucose
    model.reactions.EX_o2_e.lower_bound = -oxygen
    model.notes = {"substrate": "EX_glc__D_e"}
    return model


def problem_of(model, path, rows, names):
    save_json_model(model, str(path))
    network = read_network(path)
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    options = TargetOptions(level="genes")
    layers = [RulesInFollower(rows, {}, names)]
    return build(network, cuts, Question("EX_etoh_e", "EX_glc__D_e", 0.05), options, layers)[0]


def numbers(problem, design):
    """The targets that a design's genes are in."""
    genes = {part.removeprefix("-") for part in design.split(";") if part}
    found = {t for t, ids in enumerate(problem.targets.ids) if genes & set(ids.split("|"))}
    assert len(found) == len(genes)
    return frozenset(found)


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    if not all(path.is_file() for path in GENOME.values()):
        pytest.skip("KNOCKFLOW_DATA does not hold iJR904 and iMC1010v1")
    model = in_medium(model_from(GENOME["model"]), GLUCOSE, 0)
    prepare(model)
    return model, problem_of(model, tmp_path_factory.mktemp("genome") / "m.json", read_rules(GENOME["table"]), NAMES)


@pytest.mark.parametrize(("design", "growth", "ethanol"), [(key, *value) for key, value in PUBLISHED.items()])
def test_published_strains_of_a_genome_scale_model(genome, design, growth, ethanol):
    model, problem = genome
    assert model.slim_optimize() == pytest.approx(0.4703, abs=5e-5)
    model = model.copy()
    regulate(model, read_rules(GENOME["table"]), {}, NAMES)
    with changed(model, design):
        found = evaluate(model, question_of(model, "EX_etoh_e", 0.05))
    assert found["growth_per_h"] == pytest.approx(growth, abs=5.1e-5)
    own = respond(problem, numbers(problem, design))
    assert own.growth == pytest.approx(found["growth_per_h"], abs=1e-7)
    for side in ("product_min", "product_max", "product_min_at_min_growth", "product_max_at_min_growth"):
        assert getattr(own, side) == pytest.approx(found[f"{side}_mmol_per_gdw_h"], abs=1e-4), side
    ends = found["product_min_mmol_per_gdw_h"], found["product_max_mmol_per_gdw_h"]
    if ethanol is not None:
        assert any(end / (2 * GLUCOSE) == pytest.approx(ethanol, abs=5.1e-4) for end in ends)


def test_what_the_table_names_and_the_model_lacks_is_named(tmp_path):
    if not all(path.is_file() for path in GENOME.values()):
        pytest.skip("KNOCKFLOW_DATA does not hold iJR904 and iMC1010v1")
    save_json_model(model_from(GENOME["model"]), str(tmp_path / "m.json"))
    found = resolve(read_network(tmp_path / "m.json"), read_rules(GENOME["table"]), {}, {})
    unknown = {note["symbol"]: note["why"] for note in found.notes if note["status"] == UNKNOWN}
    assert "did you mean BIOMASS_Ecoli" in unknown["BiomassEcoli"]
    assert {"pH", "Stress", "heat_shock", "h2o2_e"} < unknown.keys()
    assert len(unknown) == 17
    assert not found.cycles


@pytest.mark.parametrize(("oxygen", "growth"), [(1000, 0.873922), (0, 0.211663)])
def test_rules_leave_the_growth_of_the_core_model_in_glucose_as_it_is(tmp_path, oxygen, growth):
    model = in_medium(load_model("textbook"), 10, oxygen)
    prepare(model)
    assert model.slim_optimize() == pytest.approx(growth, abs=1e-6)
    problem = problem_of(model, tmp_path / "m.json", read_rules(OWN), {})
    assert problem.max_growth == pytest.approx(growth, abs=1e-6)
    regulate(model, read_rules(OWN), {}, {})
    with changed(model, ""):
        assert evaluate(model, question_of(model, "EX_etoh_e", 0.05))["growth_per_h"] == pytest.approx(growth, abs=1e-6)


def test_every_rule_of_the_own_table_matters_in_the_core_model(tmp_path):
    save_json_model(in_medium(load_model("textbook"), 10, 0), str(tmp_path / "m.json"))
    rows = read_rules(OWN)
    found = resolve(read_network(tmp_path / "m.json"), rows, {}, {})
    assert {note["status"] for note in found.notes} == {"depends"}
    assert found.rules.keys() == rows.keys()
    assert {symbol for symbol, row in rows.items() if row.kind == "gene"} <= found.genes


@pytest.mark.skipif(not (FOLDER / "models/e_coli_core.json.gz").is_file(), reason="KNOCKFLOW_DATA holds no core model")
def test_the_own_table_fits_the_core_model_of_bigg_without_names(tmp_path):
    model = in_medium(model_from(FOLDER / "models/e_coli_core.json.gz"), 10, 1000)
    save_json_model(model, str(tmp_path / "m.json"))
    found = resolve(read_network(tmp_path / "m.json"), read_rules(OWN), {}, {})
    assert found.rules["b3261"] == ("flux", "BIOMASS_Ecoli_core_w_GAM", ">", 0.0)
    assert not [note for note in found.notes if note["status"] != "depends"]
