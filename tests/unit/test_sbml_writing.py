"""SBML that others can read: what it cannot hold is written in another way, and every file is read back."""

import cobra
import libsbml
import pytest

from knockflow.base.errors import FileError
from knockflow.model.formats import sbml_writing
from knockflow.model.formats.sbml_writing import differences, fit_for_sbml, write_sbml


def small() -> cobra.Model:
    """Glucose becomes biomass by one enzyme."""
    model = cobra.Model("small")
    outer, inner = cobra.Metabolite("glc_e", compartment="e"), cobra.Metabolite("glc_c", compartment="c")
    for name, terms, lower in (("EX_glc_e", {outer: -1}, -10), ("GLCt", {outer: -1, inner: 1}, 0)):
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=1000)
        model.add_reactions([reaction])
        reaction.add_metabolites(terms)
    growth = cobra.Reaction("BIOMASS")
    model.add_reactions([growth])
    growth.add_metabolites({inner: -1 / 3})
    model.reactions.GLCt.gene_reaction_rule = "b1 or b2"
    model.objective = "BIOMASS"
    return model


def written(folder, model: cobra.Model) -> cobra.Model:
    """Write a model, check that it is valid, and read it with COBRApy."""
    fit_for_sbml(model)
    path = folder / "best.xml"
    write_sbml(path, model)
    document = libsbml.readSBML(str(path))
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.checkConsistency()
    errors = [document.getError(n) for n in range(document.getNumErrors())]
    assert [e.getMessage() for e in errors if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR] == []
    return cobra.io.read_sbml_model(str(path))


@pytest.mark.parametrize(
    ("inner", "outer", "compartments"),
    [
        ("c", "e", {"c": "", "e": ""}),
        ("c", None, {"c": ""}),
        (None, None, {"c": ""}),
        ("[c]", "e 0", {"_c_": "[c]", "e_0": "e 0"}),
        ("1", "c-x", {"_1": "1", "c_x": "c-x"}),
        ("c_x", "c-x", {"c_x": "", "c_x_2": "c-x"}),
        (1, "é", {"_1": "1", "_": "é"}),
    ],
)
def test_compartments_are_written_so_that_sbml_holds_them(tmp_path, inner, outer, compartments):
    model = small()
    model.metabolites.glc_c.compartment, model.metabolites.glc_e.compartment = inner, outer
    other = written(tmp_path, model)
    assert other.compartments == compartments
    assert other.slim_optimize() == pytest.approx(30)


def test_compartments_without_names_as_cobrapy_reads_them_from_matlab(tmp_path):
    model = small()
    model.compartments = {"c": None, "e": None}
    assert written(tmp_path, model).compartments == {"c": "", "e": ""}


def test_what_sbml_cannot_hold_goes_to_the_notes(tmp_path):
    model = small()
    model.metabolites.glc_c.charge, model.metabolites.glc_c.formula = 1.5, "(C5H8)n"
    model.metabolites.glc_e.charge = 2.0
    other = written(tmp_path, model)
    assert other.metabolites.glc_c.notes == {"charge": "1.5", "formula": "(C5H8)n"}
    assert other.metabolites.glc_c.formula is None
    assert other.metabolites.glc_e.charge == 2


def test_notes_names_and_annotation_need_no_xml(tmp_path):
    model = small()
    reaction = model.reactions.GLCt
    reaction.name, model.name = "a\x0bb <&>", None
    model.metabolites.glc_c.name = None
    reaction.notes = {"why": "a < b & c", "list": [1], "whole": "<i>x</i>", "old": "a &lt; b"}
    reaction.annotation = {"kegg.reaction": ["R1", ["is", "R2"]], "pubmed": 12, "sbo": [], "ec-code": ""}
    other = written(tmp_path, model).reactions.GLCt
    assert other.name == "a b <&>"
    assert other.notes["why"] == "a &lt; b &amp; c"
    assert other.notes["old"] == "a &lt; b"
    assert other.annotation["kegg.reaction"] == ["R1", "R2"]
    assert other.annotation["pubmed"] == "12"


def test_odd_ids_read_back(tmp_path):
    model = small()
    model.reactions.GLCt.id, model.metabolites.glc_c.id = "GLC__45__t[c]", "glc__1__c"
    model.reactions.BIOMASS.gene_reaction_rule = "b.1 and b3-1"
    model.repair()
    other = written(tmp_path, model)
    assert [r.id for r in other.reactions] == ["EX_glc_e", "GLC__45__t[c]", "BIOMASS"]
    assert {m.id for m in other.metabolites} == {"glc_e", "glc__1__c"}
    assert sorted(g.id for g in other.reactions.BIOMASS.genes) == ["b.1", "b3-1"]


def test_bounds_coefficients_and_objective_read_back(tmp_path):
    model = small()
    model.reactions.GLCt.bounds = (-float("inf"), 1 / 7)
    model.reactions.EX_glc_e.bounds = (-1e-7, 1e6)
    model.objective = {model.reactions.BIOMASS: 1 / 3, model.reactions.GLCt: -2}
    assert differences(model, written(tmp_path, model)) == []


def test_what_looks_like_an_annotation_in_a_note_is_read_as_it_is(tmp_path):
    model = small()
    model.reactions.EX_glc_e.notes = {"one": "<b><annotation>x</annotation></b>", "other": "<annotation></annotation>"}
    model.reactions.BIOMASS.annotation = {"kegg.reaction": "R1</annotation>"}
    other = written(tmp_path, model)
    assert differences(model, other) == []
    assert other.reactions.BIOMASS.annotation["kegg.reaction"] == "R1</annotation>"


def test_a_file_that_reads_back_as_another_model_is_not_left(tmp_path, monkeypatch):
    def other(*_):
        model = small()
        model.reactions.EX_glc_e.lower_bound = -5
        return model

    monkeypatch.setattr(sbml_writing, "read_sbml_model", other)
    with pytest.raises(FileError, match=r"does not read back .*: EX_glc_e: bounds \[-5, 1000\] for \[-10"):
        write_sbml(tmp_path / "best.xml", small())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: m.reactions.BIOMASS.add_metabolites({m.metabolites.glc_e: 1}), "BIOMASS: 0.333"),
        (lambda m: setattr(m.reactions.GLCt, "gene_reaction_rule", "b1"), "1 genes for 2 (b2)|GLCt: gene rule b1 for"),
        (lambda m: m.remove_reactions(["GLCt"]), "2 reactions for 3 (GLCt)"),
        (lambda m: setattr(m, "objective", "GLCt"), "GLCt: 1 in the objective for 0"),
    ],
)
def test_differences_are_named(change, told):
    other = small()
    change(other)
    found = "\n".join(differences(small(), other))
    assert any(part in found for part in told.split("|"))
