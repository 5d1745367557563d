"""Exports: what COBRApy alone reads back is the strain that the tables tell of."""

import json

import cobra
import pytest
from cobra.io import read_sbml_model, validate_sbml_model
from cobra.manipulation import knock_out_model_genes

from knockflow.base.errors import FileError
from knockflow.base.files import write_json
from knockflow.layers import in_strain
from knockflow.stages.export.strains import (
    cobra_form,
    designs_of,
    strain_model,
    straindesign_form,
    write_strain,
)
from knockflow.validation.strain import changed


def rows_of(*designs: str) -> list[dict[str, str]]:
    return [{"rank": str(rank), "interventions": design} for rank, design in enumerate(designs, 1)]


@pytest.fixture
def textbook(core_with_additions):
    return core_with_additions


DESIGNS = [
    "-ACALD;-D_LACt2|LDH_D;-PYK",
    "+q_way;-PYK",
    "+hetC;-b2297|b2458",
    "EX_o2_e>=-5;PGI<=0.4;PFK>=5;-EX_co2_e",
    "b1852<=0.5;-b0721",
]


def response(model: cobra.Model, product: str = "EX_succ_e") -> tuple[float, float, float]:
    """Growth and product range at maximal growth, by COBRApy alone."""
    model.tolerance = 1e-9
    growth = model.slim_optimize()
    with model:
        biomass = next(reaction for reaction in model.reactions if reaction.objective_coefficient)
        biomass.lower_bound = growth * (1 - 1e-8)
        model.objective = product
        most = model.slim_optimize()
        model.objective_direction = "min"
        return growth, model.slim_optimize(), most


@pytest.mark.parametrize("design", ["", *DESIGNS])
def test_a_strain_read_back_grows_and_makes_what_the_design_says(textbook, design, tmp_path):
    strain = strain_model(textbook, design, "case robustknock rank 1")
    write_strain(tmp_path / "best.xml", strain)
    again = read_sbml_model(str(tmp_path / "best.xml"))
    with changed(textbook, design):
        expected = response(textbook)
        bounds = {reaction.id: reaction.bounds for reaction in textbook.reactions}
    assert response(again) == pytest.approx(expected, abs=1e-4)
    left = {reaction.id: reaction.bounds for reaction in again.reactions}
    missing = set(bounds) - set(left)
    assert all(bounds[name] == (0, 0) for name in missing)
    assert left == {name: ends for name, ends in bounds.items() if name not in missing}


def test_known_numbers_survive_the_round_trip(textbook, tmp_path):
    write_strain(tmp_path / "best.xml", strain_model(textbook, "-ACALD;-PYK", "best"))
    growth, least, most = response(read_sbml_model(str(tmp_path / "best.xml")))
    assert least == pytest.approx(9.1018, abs=1e-3)
    assert most == pytest.approx(9.101863, abs=1e-4)
    assert growth > 0.05


def test_the_sbml_is_valid_and_always_the_same(textbook, tmp_path):
    for name in ("one.xml", "other.xml"):
        write_strain(tmp_path / name, strain_model(textbook, DESIGNS[3], "a case, 2nd: rank 1"))
    content = (tmp_path / "one.xml").read_bytes()
    assert content == (tmp_path / "other.xml").read_bytes()
    assert b"created" not in content.lower()
    model, errors = validate_sbml_model(str(tmp_path / "one.xml"))
    assert not any(errors[kind] for kind in ("SBML_FATAL", "SBML_ERROR", "SBML_SCHEMA_ERROR", "COBRA_FATAL"))
    assert model.id == "e_coli_core_a_case__2nd__rank_1"
    assert model.notes["design"] == "a case, 2nd: rank 1"
    assert model.notes["interventions"] == "EX_o2_e&gt;=-5;PGI&lt;=0.4;PFK&gt;=5;-EX_co2_e"
    assert model.notes["substrate"] == "EX_glc__D_e"


def test_what_a_strain_lacks_is_not_in_its_model(textbook):
    wild = strain_model(textbook, "", "wild type")
    for name in ("MAKEQ", "EX_q_e", "LEAK"):
        assert name not in wild.reactions
    assert "q_c" not in wild.metabolites
    assert "pyr_e" in wild.metabolites
    assert not {"hetA", "hetB", "hetC", "hetD"} & {gene.id for gene in wild.genes}
    assert wild.notes["interventions"] == "none"
    assert len(textbook.reactions) == len(wild.reactions) + 3

    strain = strain_model(textbook, "+q_way;-b0721", "x")
    assert {"MAKEQ", "EX_q_e"} <= {reaction.id for reaction in strain.reactions}
    assert strain.reactions.MAKEQ.notes == {}
    assert not {"absent_genes", "pathways"} & set(strain.notes)
    # a removed gene stays, its reactions are closed
    assert "b0721" in strain.genes
    assert strain.reactions.SUCDi.bounds == (0, 0)

    # an added reaction that is then knocked out is there and closed
    assert strain_model(textbook, "+q_way;-hetA", "x").reactions.MAKEQ.bounds == (0, 0)


def test_ids_and_compartments_that_sbml_does_not_allow_are_mended(tmp_path):
    model = cobra.Model("2nd model")
    reaction = cobra.Reaction("R-1.b", lower_bound=0)
    model.add_reactions([reaction])
    reaction.add_metabolites({cobra.Metabolite("a"): -1})
    model.objective = "R-1.b"
    write_strain(tmp_path / "best.xml", strain_model(model, "", "wild type"))
    again = read_sbml_model(str(tmp_path / "best.xml"))
    assert again.id == "_2nd_model_wild_type"
    assert "R-1.b" in again.reactions
    assert again.metabolites.a.compartment == "c"
    assert model.metabolites.a.compartment is None


def test_the_objective_is_that_of_the_cell(textbook):
    strain = strain_model(textbook, "", "x", {"Biomass_Ecoli_core": 1.0, "ATPM": -0.01})
    assert strain.reactions.ATPM.objective_coefficient == -0.01


def test_bounds_that_contradict_each_other_are_not_exported(textbook):
    with pytest.raises(FileError, match="bounds of PGI that contradict"):
        strain_model(textbook, "PGI>=2000", "x")
    with pytest.raises(FileError, match="bounds of PGI that contradict"):
        cobra_form(textbook, rows_of("PGI>=2000"))


def test_straindesign_reads_removals_additions_and_bounds(textbook):
    assert straindesign_form(textbook, rows_of(*DESIGNS)) == [
        {"ACALD": -1.0, "D_LACt2": -1.0, "PYK": -1.0},
        {"MAKEQ": 1.0, "EX_q_e": 1.0, "PYK": -1.0},
        {"hetC": 1.0, "b2297": -1.0},
        {"EX_o2_e >= -5.0": True, "PGI <= 0.4": True, "PFK >= 5.0": True, "EX_co2_e": -1.0},
        {"b1852 <= 0.5": True, "b0721": -1.0},
    ]


@pytest.mark.parametrize("design", DESIGNS)
def test_a_few_lines_of_cobra_apply_a_design(textbook, design, tmp_path):
    write_json(tmp_path / "cobra.json", cobra_form(textbook, rows_of(design)))
    (found,) = json.loads((tmp_path / "cobra.json").read_text())
    assert (found["rank"], found["interventions"]) == (1, design)
    with changed(textbook, design):
        expected = {reaction.id: reaction.bounds for reaction in textbook.reactions}
    with textbook as strain:
        for name, ends in found["bounds"].items():
            strain.reactions.get_by_id(name).bounds = ends
        assert {reaction.id: reaction.bounds for reaction in strain.reactions} == expected
        for name in found["knock_out_reactions"]:
            strain.reactions.get_by_id(name).knock_out()
        knock_out_model_genes(strain, found["knock_out_genes"])
        assert {reaction.id: reaction.bounds for reaction in strain.reactions} == expected


def test_cobra_form_names_what_is_removed_and_added(textbook):
    reactions, pathway, gene, *_ = cobra_form(textbook, rows_of(*DESIGNS))
    assert reactions["knock_out_reactions"] == ["ACALD", "D_LACt2", "LDH_D", "PYK"]
    assert pathway["added"] == ["EX_q_e", "MAKEQ"]
    assert pathway["bounds"]["MAKEQ"] == [0, 1000]
    assert (gene["added"], gene["added_genes"], gene["knock_out_genes"]) == (["LEAK"], ["hetC"], ["b2297", "b2458"])


def test_without_designs_the_lists_are_empty(textbook):
    rows = [{"rank": "1", "interventions": ""}]
    assert designs_of(rows) == straindesign_form(textbook, rows) == cobra_form(textbook, rows) == []


def test_what_becomes_of_a_design_by_genes_is_told(textbook):
    made = {"rank": "1", "interventions": "-TKT2", "by_genes": "lethal", "genes": "b2465;b2935"}
    (found,) = cobra_form(textbook, [made])
    assert (found["by_genes"], found["genes"]) == ("lethal", ["b2465", "b2935"])
    notes = strain_model(textbook, "-TKT2", "x", made=made).notes
    assert (notes["by_genes"], notes["genes_to_delete"]) == ("lethal", "b2465;b2935")
    assert "by_genes" not in strain_model(textbook, "", "wild type").notes


def test_no_note_of_a_strain_is_an_object_of_the_program():
    """Layers keep objects with a model while it is in memory; their texts have addresses, which no two runs share."""
    names = [name for name in vars(in_strain) if name.endswith("_NOTE")]
    of_models = {getattr(in_strain, name) for name in names} - {in_strain.AUXILIARY_NOTE, in_strain.SHARE_NOTE}
    assert of_models == set(in_strain.IN_MEMORY)
    model = cobra.io.load_model("textbook")
    nothing = {in_strain.PARTS_NOTE: None, in_strain.COPIES_NOTE: {}}
    model.notes = dict.fromkeys(in_strain.IN_MEMORY, ()) | nothing | {"curator": "somebody"}
    notes = strain_model(model, "-PFL", "succinate optknock 1").notes
    assert set(in_strain.IN_MEMORY).isdisjoint(notes) and notes["curator"] == "somebody"
