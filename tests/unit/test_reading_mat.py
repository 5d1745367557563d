"""MATLAB files as people have them: rules by number, several models, cells with odd content."""

import math
from pathlib import Path

import cobra
import numpy as np
import pytest
from mat_files import cells, read, struct
from scipy.io import savemat

from knockflow.base.errors import ModelError
from knockflow.model.read import read_model


def told(origin) -> list[tuple[str, str, str, str]]:
    """Item, check, before and after of what the reader says."""
    return [(f.item, f.check, f.before, f.after) for f in origin.findings]


def test_a_plain_struct_needs_no_line(tmp_path):
    model, origin = read(tmp_path)
    assert told(origin) == []
    assert model.compartments == {"e": "", "c": ""}
    assert model.slim_optimize() == pytest.approx(10)


# Gene rules ---------------------------------------------------------------------------------------------------------

NUMBERED = cells("", "(x(1) | x( 2 )) & x(3)", "x(3)")


@pytest.mark.parametrize("written", [None, cells("", "", ""), cells("", np.array([]), "b3")])
def test_rules_by_number_stand_in_for_missing_ones(tmp_path, written):
    model, origin = read(tmp_path, grRules=written, rules=NUMBERED)
    assert [r.gene_reaction_rule for r in model.reactions] == ["", "(b1 or b2) and b3", "b3"]
    assert sorted(gene.id for gene in model.reactions.GLCt.genes) == ["b1", "b2", "b3"]
    ((item, check, _, after),) = told(origin)
    assert (item, check) == ("model", "gene rule")
    assert after.startswith("GLCt")


def test_rules_in_words_come_before_those_by_number(tmp_path):
    model, origin = read(tmp_path, rules=NUMBERED)
    assert model.reactions.GLCt.gene_reaction_rule == "b1 or b2"
    assert told(origin) == []


@pytest.mark.parametrize("rule", ["x(4) | x(1)", "x(0)", "x(1) | x(2"])
def test_rules_by_number_that_lead_nowhere_are_removed_with_a_warning(tmp_path, rule):
    model, origin = read(tmp_path, grRules=None, rules=cells("", rule, ""))
    assert model.reactions.GLCt.gene_reaction_rule == ""
    assert [(f.item, f.severity) for f in origin.findings] == [("GLCt", "warning"), ("GLCt", "change")]


def test_links_without_rules_are_a_warning(tmp_path):
    _, origin = read(tmp_path, grRules=None, rxnGeneMat=np.eye(3))
    assert [(f.item, f.check, f.severity) for f in origin.findings] == [("model", "gene rule", "warning")]


@pytest.mark.parametrize("nothing", [np.array([[math.nan]]), "nan"])
def test_a_rule_that_is_nan_is_none(tmp_path, nothing):
    model, origin = read(tmp_path, grRules=cells("", nothing, "b3"), genes=cells("b1", nothing, "b3"))
    assert [gene.id for gene in model.genes] == ["b1", "b3"]
    assert model.reactions.GLCt.gene_reaction_rule == ""
    assert [line[:3] for line in told(origin)] == [("model", "gene", "nan"), ("GLCt", "gene rule", "nan")]


def test_genes_that_are_numbers_keep_their_place(tmp_path):
    numbers = np.array([[3098.0], [3099], [9]])
    model, _ = read(tmp_path, genes=numbers, grRules=None, rules=NUMBERED)
    assert model.reactions.GLCt.gene_reaction_rule == "(3098 or 3099) and 9"


# Several models -----------------------------------------------------------------------------------------------------


def other() -> dict:
    """The model with an uptake of 5."""
    return struct(lb=np.array([[-5.0], [-1000], [0]]))


def as_array(*structs: dict) -> np.ndarray:
    """Structs as one array of structs."""
    return np.array([tuple(one.values()) for one in structs], dtype=[(field, object) for field in structs[0]])


def several(folder: Path) -> str:
    """A file with two models, one of them inside a struct, and something else."""
    savemat(folder / "two.mat", {"small": struct(), "data": {"model": other(), "note": "x"}, "n": 3})
    return str(folder / "two.mat")


def test_several_models_are_listed(tmp_path):
    with pytest.raises(ModelError, match="two.mat: holds 2 models: data.model, small; name one .*#data.model"):
        read_model(several(tmp_path), tmp_path)


@pytest.mark.parametrize(("name", "growth"), [("small", 10), ("data.model", 5)])
def test_one_of_several_models_is_chosen(tmp_path, name, growth):
    model, origin = read_model(f"{several(tmp_path)}#{name}", tmp_path)
    assert model.slim_optimize() == pytest.approx(growth)
    assert origin.source == f"two.mat#{name}"


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({"m": cells(struct(), other())}, ["m{1}", "m{2}"]),
        (
            {
                "m": np.array(
                    [tuple(one.values()) for one in (struct(), other())], dtype=[(k, object) for k in struct()]
                )
            },
            ["m(1)", "m(2)"],
        ),
    ],
    ids=["cells", "array"],
)
def test_models_in_cells_and_arrays_are_chosen_as_in_matlab(tmp_path, variables, names):
    savemat(tmp_path / "m.mat", variables)
    with pytest.raises(ModelError, match="holds 2 models"):
        read_model(str(tmp_path / "m.mat"), tmp_path)
    found = [read_model(f"{tmp_path / 'm.mat'}#{name}", tmp_path)[0].slim_optimize() for name in names]
    assert found == pytest.approx([10, 5])


def test_an_unknown_name_offers_the_nearest(tmp_path):
    with pytest.raises(ModelError, match="two.mat#smal: no model 'smal'; .* data.model, small; did you mean small"):
        read_model(f"{several(tmp_path)}#smal", tmp_path)


def test_only_matlab_files_take_a_name(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(ModelError, match="only a MATLAB file has several models"):
        read_model(f"{tmp_path / 'a.json'}#x", tmp_path)


def test_a_name_is_no_part_of_the_input_file():
    from knockflow.base.sources import split_source

    assert split_source("x/a.mat.gz#data.model") == ("x/a.mat.gz", "data.model")
    assert split_source("x/a#1.mat") == ("x/a#1.mat", None)
    assert split_source("a.json#x") == ("a.json#x", None)


# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "read_as", "lines"),
    [
        ({"metCharges": np.array([[0.0], [math.nan]])}, [0, None], []),
        (
            {"metCharges": cells("two", "-1")},
            [None, -1],
            [("glc_e", "charge", "two", ""), ("glc_c", "charge", "-1", "-1")],
        ),
        ({"metCharges": cells(np.array([[2.0]]), np.array([]))}, [2, None], []),
        ({"metCharges": np.array([[math.inf], [1]])}, [None, 1], [("glc_e", "charge", "inf", "")]),
    ],
)
def test_charges_are_numbers_or_none(tmp_path, fields, read_as, lines):
    model, origin = read(tmp_path, **fields)
    assert [metabolite.charge for metabolite in model.metabolites] == read_as
    assert told(origin) == lines


def test_cells_in_cells_are_read_as_subsystems(tmp_path):
    given = cells(cells("Exchange"), cells("Transport", "Sugars"), "Growth")
    model, origin = read(tmp_path, subSystems=given)
    assert [r.subsystem for r in model.reactions] == ["Exchange", "Transport; Sugars", "Growth"]
    assert ("GLCt", "subsystem", "['Transport', 'Sugars']", "Transport; Sugars") in told(origin)


@pytest.mark.parametrize("empty", [np.array([]), "", np.array([[math.nan]])])
def test_names_and_formulas_may_be_missing(tmp_path, empty):
    model, _ = read(
        tmp_path, metNames=cells("Glucose", empty), metFormulas=cells("C6H12O6", empty), rxnNames=cells("a", empty, "c")
    )
    assert [m.name for m in model.metabolites] == ["Glucose", ""]
    assert [m.formula or "" for m in model.metabolites] == ["C6H12O6", ""]


def test_annotations_that_are_numbers_are_texts(tmp_path):
    model, _ = read(
        tmp_path, metPubChemID=np.array([[5793.0], [math.nan]]), rxnConfidenceScores=cells(np.array([[2.0]]), "", "x")
    )
    assert model.metabolites.glc_e.annotation == {"pubchem.compound": ["5793"]}
    assert model.metabolites.glc_c.annotation == {}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"comps": cells("c", "e"), "metComps": np.array([[2.0], [1]]), "compNames": cells("", "")},
            {"e": "", "c": ""},
        ),
        ({"comps": cells("c", "e"), "metComps": np.array([[2], [1]])}, {"e": "", "c": ""}),
        (
            {"comps": cells("c", "e"), "metComps": np.array([[2], [1]]), "compNames": cells("in", "out")},
            {"e": "out", "c": "in"},
        ),
        ({"mets": cells("glc[e0]", "glc[c0]")}, {"e0": "", "c0": ""}),
        ({"mets": cells("cpd1_e0", "cpd1_c0")}, {"e0": "", "c0": ""}),
    ],
)
def test_compartments_without_names_are_read(tmp_path, fields, found):
    model, origin = read(tmp_path, **fields)
    assert model.compartments == found
    assert told(origin) == []


@pytest.mark.parametrize(
    "fields",
    [{"mets": cells("A", "B")}, {"comps": cells("c"), "metComps": np.array([[0.0], [math.nan]])}],
)
def test_metabolites_without_a_compartment_are_a_warning(tmp_path, fields):
    model, origin = read(tmp_path, **fields)
    assert [m.compartment for m in model.metabolites] == [None, None]
    assert model.compartments == {}
    assert [(f.check, f.severity) for f in origin.findings] == [("compartment", "warning")]
    assert model.slim_optimize() == pytest.approx(10)


def test_the_rest_of_a_subtraction_is_dropped(tmp_path):
    model, origin = read(tmp_path, S=np.array([[-1.0, -1, 0], [1e-15, 1, -1]]))
    assert model.reactions.EX_glc_e.boundary
    assert told(origin) == [("EX_glc_e", "coefficient", "1e-15", "")]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (
            {"S": np.array([[-1.0, -1, 0], [0, math.nan, -1]])},
            "reaction GLCt: coefficient nan of glc_c is not a finite",
        ),
        (
            {"S": np.array([[-1.0, -1, 0], [0, math.inf, -1]])},
            "reaction GLCt: coefficient inf of glc_c is not a finite",
        ),
        ({"S": np.array([[-1.0, -1, 0], [0, 1e15, -1]])}, r"reaction GLCt: coefficient 1e\+15 of glc_c is above"),
        ({"S": np.eye(3)}, r"S: \(3, 3\) where 2 metabolites and 3 reactions are"),
        ({"lb": np.array([[math.nan], [0], [0]])}, r"reaction EX_glc_e: bounds \[nan, 1000\] are not numbers"),
        ({"lb": np.array([[math.inf], [0], [0]])}, "reaction EX_glc_e: lower_bound inf leaves no flux"),
        ({"ub": np.array([[1.0], [0]])}, "ub: 2 entries for 3 reactions"),
        ({"c": np.array([[0.0], [0], [math.nan]])}, "reaction BIOMASS: objective coefficient nan is not a number"),
        (
            {"rxns": cells("EX_glc_e", "GLC\x07t", "BIOMASS")},
            r"reaction 2: the id 'GLC\\x07t' holds a control character",
        ),
        ({"rxns": cells("EX_glc_e", "", "BIOMASS")}, "reaction 2: has no id"),
        ({"mets": cells("glc_e", "glc_e")}, "metabolite glc_e: the id stands more than once"),
        ({"grRules": cells("b1")}, "grRules: 1 entries for 3 reactions"),
    ],
)
def test_values_that_cannot_be_mended_are_named(tmp_path, fields, complaint):
    with pytest.raises(ModelError, match=f"a.mat: {complaint}"):
        read(tmp_path, **fields)


def test_all_problems_come_at_once(tmp_path):
    with pytest.raises(ModelError) as raised:
        read(tmp_path, S=np.array([[-1.0, math.nan, 0], [0, math.inf, -1]]), lb=np.array([[-10.0], [math.nan], [2000]]))
    assert len(str(raised.value).splitlines()) == 4


def test_spaces_in_ids_are_quoted(tmp_path):
    # MATLAB files cannot tell a zero in a text from a space.
    model, origin = read(tmp_path, rxns=cells("EX_glc_e", "GLC\x00t", "BIO MASS"), mets=cells("glc_e", "glc  c"))
    assert [r.id for r in model.reactions] == ["EX_glc_e", "GLC%20t", "BIO%20MASS"]
    assert [m.id for m in model.metabolites] == ["glc_e", "glc%20c"]


def test_what_cobrapy_writes_reads_back(tmp_path):
    model, _ = read(tmp_path)
    model.compartments = {"e": "out"}
    cobra.io.save_matlab_model(model, str(tmp_path / "b.mat"))
    again, origin = read_model(str(tmp_path / "b.mat"), tmp_path)
    assert again.compartments == {"e": "out", "c": ""}
    assert told(origin) == []
