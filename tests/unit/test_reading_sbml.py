"""SBML as people have it: boundary species, older levels, encodings, and values that are not what they should be."""

from dataclasses import replace
from pathlib import Path

import cobra
import pytest
from sbml_files import GLUCOSE, SPECIES, Step, read, sbml, told

from knockflow.base.errors import ModelError
from knockflow.model.curation import curate
from knockflow.model.entries.sbml_ids import READING, WRITING, plain_ids
from knockflow.model.read import read_model

XHTML = '<notes><body xmlns="http://www.w3.org/1999/xhtml">{0}</body></notes>'


FORMS = ("fbc2", "fbc1", "old")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_model(tmp_path, form):
    model, origin = read(tmp_path, sbml(form=form))
    assert {r.id: r.bounds for r in model.reactions} == {
        "EX_glc_e": (-10, 1000),
        "GLCt": (-1000, 1000),
        "BIOMASS": (0, 1000),
        "EX_pyr_e": (0, 1000),
    }
    assert model.slim_optimize() == pytest.approx(10)
    assert {f.check for f in origin.findings} <= {"format"}


# Boundary species ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_boundary_species_with_an_exchange_keep_it(tmp_path, form):
    model, origin = read(tmp_path, sbml(boundary=("M_glc_e", "M_pyr_e"), form=form))
    assert [r.id for r in model.reactions] == ["EX_glc_e", "GLCt", "BIOMASS", "EX_pyr_e"]
    assert model.reactions.EX_glc_e.bounds == (-10, 1000)
    assert model.slim_optimize() == pytest.approx(10)
    (line,) = told(origin, "boundary")
    assert (line.item, line.severity, line.before) == ("model", "change", "glc_e;pyr_e")
    assert not any("Adding exchange" in f.why for f in origin.findings)


def test_an_exchange_of_another_name_counts(tmp_path):
    steps = (replace(GLUCOSE[0], id="R_uptake_1"), *GLUCOSE[1:])
    model, _ = read(tmp_path, sbml(steps, boundary=("M_glc_e", "M_pyr_e")))
    assert "EX_glc_e" not in model.reactions
    assert model.slim_optimize() == pytest.approx(10)


def test_the_case_takes_up_what_the_file_allows(tmp_path):
    model, _ = read(tmp_path, sbml(boundary=("M_glc_e", "M_pyr_e")))
    findings = curate(model, {"name": "pyr", "product": "EX_pyr_e", "min_growth": 0.05})
    assert [(f.item, f.before) for f in findings if f.check == "product"] == [("EX_pyr_e", "20.000000")]


OUTSIDE = (
    replace(GLUCOSE[0], terms={"M_glc_e": "-1", "M_glc_b": "1"}),
    *GLUCOSE[1:3],
    replace(GLUCOSE[3], terms={"M_pyr_e": "-1", "M_pyr_b": "1"}),
)
WITH_B = {**SPECIES, "M_glc_b": "e", "M_pyr_b": "e"}


@pytest.mark.parametrize("form", FORMS)
def test_species_for_the_outside_leave_the_exchange(tmp_path, form):
    model, origin = read(tmp_path, sbml(OUTSIDE, WITH_B, ("M_glc_b", "M_pyr_b"), form))
    assert [m.id for m in model.metabolites] == ["glc_e", "glc_c", "pyr_e"]
    assert model.reactions.EX_glc_e.boundary
    assert model.reactions.EX_glc_e.bounds == (-10, 1000)
    assert model.slim_optimize() == pytest.approx(10)
    (line,) = told(origin, "boundary")
    assert line.before == "glc_b;pyr_b"


@pytest.mark.parametrize(
    ("name", "reaction", "place"),
    [
        ("M_glc_boundary", "R_up", "e"),
        ("M_glc__91__b__93__", "R_up", "e"),
        ("M_glc_x", "R_EX_glc", "e"),
        ("M_glc_x", "R_up", "Extra_organism"),
    ],
)
def test_the_outside_is_known_by_id_compartment_or_reaction(tmp_path, name, reaction, place):
    steps = (Step(reaction, {"M_glc_e": "-1", name: "1"}, ("-10", "1000")), *GLUCOSE[1:])
    places = {"c": "", "e": "", "Extra_organism": ""}
    model, _ = read(tmp_path, sbml(steps, {**SPECIES, name: place}, (name,), places=places))
    assert model.reactions.get_by_id(READING["F_REACTION"](reaction)).boundary
    assert model.slim_optimize() == pytest.approx(10)


def test_a_species_for_the_outside_of_several_reactions(tmp_path):
    leak = Step("R_LEAK", {"M_glc_c": "-1", "M_pyr_e": "1", "M_pyr_b": "1"}, ("0", "1"))
    model, origin = read(tmp_path, sbml((*OUTSIDE, leak), WITH_B, ("M_glc_b", "M_pyr_b")))
    assert model.reactions.EX_pyr_e.boundary
    assert model.reactions.EX_pyr_b.bounds == (0, 1)
    assert [f.item for f in told(origin, "boundary")] == ["model", "EX_pyr_b"]


@pytest.mark.parametrize("form", FORMS)
def test_boundary_species_without_an_exchange_get_one(tmp_path, form):
    steps = (replace(GLUCOSE[1], bounds=("-1000", "10")), GLUCOSE[2])
    model, origin = read(tmp_path, sbml(steps, boundary=("M_glc_e", "M_pyr_e"), form=form))
    assert model.slim_optimize() == pytest.approx(10)
    assert model.reactions.EX_glc_e.bounds == (-10, 1000)
    assert model.reactions.EX_pyr_e.bounds == (0, 1000)
    assert [(f.item, f.after) for f in told(origin, "boundary")] == [
        ("EX_glc_e", "glc_e <=> [-10, 1000]"),
        ("EX_pyr_e", "pyr_e --> [0, 1000]"),
    ]


def test_an_added_exchange_is_as_wide_as_all_its_reactions(tmp_path):
    steps = (
        replace(GLUCOSE[1], bounds=("0", "10")),
        replace(GLUCOSE[1], id="R_GLC2", bounds=("0", "4")),
        GLUCOSE[2],
        GLUCOSE[3],
    )
    model, _ = read(tmp_path, sbml(steps, boundary=("M_glc_e",)))
    assert model.reactions.EX_glc_e.bounds == (-14, 0)
    assert model.slim_optimize() == pytest.approx(14)


def test_a_reaction_with_the_name_of_an_exchange_is_not_lost(tmp_path):
    pts = Step("R_EX_glc_e", {"M_glc_e": "-1", "M_pep": "-1", "M_glc_c": "1", "M_pyr_e": "1"}, ("0", "7"))
    pep = Step("R_PEP", {"M_pep": "1", "M_glc_c": "-0.1"}, ("0", "1000"))
    steps = (pts, pep, *GLUCOSE[2:])
    model, _ = read(tmp_path, sbml(steps, {**SPECIES, "M_pep": "c"}, ("M_glc_e",)))
    assert len(model.reactions.EX_glc_e.metabolites) == 4
    assert model.reactions.EX_glc_e_boundary.bounds == (-7, 0)


def test_boundary_species_of_one_small_network_stay_as_cobrapy_has_them(tmp_path):
    steps = (Step("R_v1", {"M_S": "-1", "M_X": "1"}, ("0", "10")), Step("R_BIOMASS", {"M_X": "-1", "M_P": "1"}))
    model, _ = read(tmp_path, sbml(steps, {"M_S": "c", "M_X": "c", "M_P": "c"}, ("M_S", "M_P")))
    assert {"EX_S", "EX_P"} <= {r.id for r in model.reactions}
    assert model.slim_optimize() == pytest.approx(10)


def test_unused_boundary_species_are_dropped(tmp_path):
    model, origin = read(tmp_path, sbml(species={**SPECIES, "M_x_b": "e"}, boundary=("M_x_b",)))
    assert "x_b" not in model.metabolites
    assert "EX_x_b" not in model.reactions
    assert [f.before for f in told(origin, "boundary")] == ["x_b"]


# Older files --------------------------------------------------------------------------------------------------------


def test_a_reaction_without_bounds_that_is_not_reversible_runs_one_way(tmp_path):
    model, origin = read(tmp_path, sbml(form="bare"))
    assert {r.id: r.lower_bound for r in model.reactions}["BIOMASS"] == 0
    assert {r.id: r.lower_bound for r in model.reactions}["GLCt"] == -1000
    assert ("BIOMASS", "[-1000, 1000]", "[0, 1000]") in [(f.item, f.before, f.after) for f in told(origin, "bounds")]


@pytest.mark.parametrize("form", FORMS)
def test_bounds_that_cross_by_a_rounding_error_are_mended(tmp_path, form):
    steps = (*GLUCOSE[:2], replace(GLUCOSE[2], bounds=("5.00000000001", "5")), GLUCOSE[3])
    model, origin = read(tmp_path, sbml(steps, form=form))
    assert model.reactions.BIOMASS.lower_bound == model.reactions.BIOMASS.upper_bound == pytest.approx(5)
    assert [f.item for f in told(origin, "bounds")] == ["BIOMASS"]


def test_elements_inside_annotations_are_not_the_models_own(tmp_path):
    inner = '<annotation><x:species xmlns:x="http://x" id="M_glc_e" boundaryCondition="true"/></annotation>'
    steps = (*GLUCOSE[:3], replace(GLUCOSE[3], more=inner))
    model, origin = read(tmp_path, sbml(steps))
    assert len(model.metabolites) == 3
    assert told(origin, "boundary") == []


def test_rules_that_are_nan_are_none(tmp_path):
    notes = XHTML.format("<p>GENE_ASSOCIATION: nan</p>")
    model, origin = read(tmp_path, sbml((*GLUCOSE[:2], replace(GLUCOSE[2], more=notes), GLUCOSE[3]), form="old"))
    assert [gene.id for gene in model.genes] == []
    assert model.reactions.BIOMASS.gene_reaction_rule == ""
    assert ("BIOMASS", "nan") in [(f.item, f.before) for f in told(origin, "gene rule")]


# Encodings and values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("ISO-8859-1", "latin-1"), ("UTF-16", "utf-16"), ("UTF-8", "utf-8-sig"), ("UTF-8", "latin-1"), ("UTF-8", "utf-8")],
)
def test_every_encoding_gives_the_same_model(tmp_path, declared, codec):
    text = sbml(head=declared, places={"c": "Zytosol", "e": "Außen"})
    model, origin = read(tmp_path, text.encode(codec))
    assert model.compartments == {"c": "Zytosol", "e": "Außen"}
    assert model.slim_optimize() == pytest.approx(10)
    assert len(told(origin, "encoding")) == (codec != "utf-8")


@pytest.mark.parametrize(
    ("text", "charge", "line"),
    [
        ("-2", -2, False),
        ("two", None, True),
        ("NaN", None, True),
        ("1.5", 1.5, False),
        ("2.0", 2, False),
    ],
)
def test_charges_are_numbers_or_none(tmp_path, text, charge, line):
    model, origin = read(tmp_path, sbml(attributes={"M_glc_c": f'fbc:charge="{text}"'}))
    assert model.metabolites.glc_c.charge == charge
    assert [f.item for f in told(origin, "charge")] == (["glc_c"] if line else [])


def with_term(value: str) -> tuple[Step, ...]:
    """The network with one coefficient changed."""
    return (GLUCOSE[0], replace(GLUCOSE[1], terms={"M_glc_e": "-1", "M_glc_c": value}), *GLUCOSE[2:])


def test_the_rest_of_a_subtraction_is_dropped(tmp_path):
    steps = (replace(GLUCOSE[0], terms={"M_glc_e": "-1", "M_glc_c": "1e-15"}), *GLUCOSE[1:])
    model, origin = read(tmp_path, sbml(steps))
    assert model.reactions.EX_glc_e.boundary
    assert [(f.item, f.before) for f in told(origin, "coefficient")] == [("EX_glc_e", "1e-15")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (with_term("NaN"), "reaction GLCt: coefficient nan of glc_c is not a finite number"),
        (with_term("INF"), "reaction GLCt: coefficient inf of glc_c is not a finite number"),
        (with_term("n"), "reaction GLCt: coefficient n of glc_c is not a finite number"),
        (with_term("1e15"), r"reaction GLCt: coefficient 1e\+15 of glc_c is above"),
        ((replace(GLUCOSE[0], bounds=("NaN", "1")), *GLUCOSE[1:]), r"reaction EX_glc_e: bounds \[nan, 1\] are not"),
        ((replace(GLUCOSE[0], bounds=("3", "x")), *GLUCOSE[1:]), "reaction EX_glc_e: upper_bound x is not a number"),
        ((replace(GLUCOSE[0], bounds=("3", "1")), *GLUCOSE[1:]), "reaction EX_glc_e: lower bound 3 is above upper"),
        ((replace(GLUCOSE[0], bounds=("INF", "INF")), *GLUCOSE[1:]), "reaction EX_glc_e: lower_bound INF leaves no"),
    ],
)
def test_values_that_cannot_be_mended_are_named(tmp_path, form, steps, complaint):
    with pytest.raises(ModelError, match=f"a.xml: {complaint}"):
        read(tmp_path, sbml(steps, form=form))


def test_all_problems_come_at_once(tmp_path):
    steps = (replace(GLUCOSE[0], bounds=("NaN", "1")), *with_term("INF")[1:3], replace(GLUCOSE[0], id="R_GLCt"))
    text = sbml(steps).replace('fbc:coefficient="1"', 'fbc:coefficient="NaN"')
    with pytest.raises(ModelError) as raised:
        read(tmp_path, text)
    assert [line.split(": ", 1)[1] for line in str(raised.value).splitlines()] == [
        "reaction GLCt: the id stands more than once",
        "reaction EX_glc_e: bounds [nan, 1] are not numbers",
        "reaction BIOMASS: objective coefficient NaN is not a number up to 1e+09",
    ]


# Ids ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("M_glc__45__D_e", "glc-D_e"),
        ("M_glc__1__e", "glc__1__e"),
        ("M_glc__32__e", "glc__32__e"),
        ("M_a__0__b", "a__0__b"),
        ("M_a__99999999999__b", "a__99999999999__b"),
        ("glc_e", "glc_e"),
    ],
)
def test_ids_are_read_without_characters_that_no_name_has(written, read_as):
    assert READING["F_SPECIE"](written) == read_as


@pytest.mark.parametrize(
    "name",
    ["glc-D_e", "glc__1__e", "glc[c]", "a__45__b", "x.y", "__SBML_DOT__", "é", "1a", "M_x", "b_", "a__9999999__"],
)
def test_every_id_that_is_written_reads_back(name):
    for kind in ("GENE", "SPECIE", "REACTION", "GROUP"):
        text = WRITING[f"F_{kind}_REV"](name)
        assert text.replace("_", "a").isalnum() and text.isascii()
        assert READING[f"F_{kind}"](text) == name


def test_plain_ids_are_valid_and_different():
    assert plain_ids(["c", "c 0", "c-0", "c_0", "1", "", "é"]) == {
        "c": "c",
        "c_0": "c_0",
        "c 0": "c_0_2",
        "c-0": "c_0_3",
        "1": "_1",
        "": "_",
        "é": "__2",
    }


def test_bundled_models_are_as_cobrapy_reads_them(tmp_path):
    model, origin = read_model("cobra:textbook", tmp_path)
    path = Path(cobra.__file__).parent / "data/textbook.xml.gz"
    other = cobra.io.read_sbml_model(str(path))
    assert [r.reaction for r in model.reactions] == [r.reaction for r in other.reactions]
    assert [r.bounds for r in model.reactions] == [r.bounds for r in other.reactions]
    assert [r.gene_reaction_rule for r in model.reactions] == [r.gene_reaction_rule for r in other.reactions]
    assert told(origin, "boundary") == told(origin, "encoding") == []
