"""What a design does to the curated model, as the report tells it from model.json alone."""

import pytest
import yaml

from knockflow.report.changes import equation, wild_type

STRAIN = {
    "reactions": [
        {"id": "ISO", "gene_reaction_rule": "g1 or g2"},
        {"id": "COMPLEX", "gene_reaction_rule": "g2 and g3"},
        {"id": "SHUT", "gene_reaction_rule": "g3", "lower_bound": 0.0, "upper_bound": 0.0},
        {"id": "NEW", "notes": {"knock_in": "-5.0 1000.0"}},
        {"id": "STEP", "notes": {"knock_in": "0.0 7.0"}},
        {"id": "FOREIGN", "gene_reaction_rule": "g4", "notes": {"knock_in": "0.0 9.0"}},
        {"id": "FREE"},
    ],
    "genes": [{"id": "g1", "name": "abc"}, {"id": "g2", "name": ""}, {"id": "g3"}, {"id": "g4"}],
    "notes": {"absent_genes": "g4", "pathways": '{"path": ["STEP", "NEW"]}'},
}


def strain():
    for reaction in STRAIN["reactions"]:
        waits = "knock_in" in reaction.get("notes", {})
        reaction.setdefault("lower_bound", 0.0 if waits else -10.0)
        reaction.setdefault("upper_bound", 0.0 if waits else 10.0)
        reaction.setdefault("metabolites", {"a_c": -1.0, "b_c": 2.0})
    return wild_type(STRAIN)


@pytest.mark.parametrize(
    ("design", "silenced", "started"),
    [
        ("-g1", [], []),
        ("-g1;-g2", ["COMPLEX", "ISO"], []),
        ("-g2|g3", ["COMPLEX"], []),
        ("-g3", ["COMPLEX"], []),
        ("-g1;g2<=0", ["COMPLEX", "ISO"], []),
        ("g2<=0.5;-g1", [], []),
        ("-FREE", ["FREE"], []),
        ("FREE<=0;FREE>=0", ["FREE"], []),
        ("FREE>=2", [], []),
        ("+path", [], ["NEW", "STEP"]),
        ("+path;-NEW", [], ["STEP"]),
        ("+NEW", [], ["NEW"]),
        ("+g4", [], ["FOREIGN"]),
        ("", [], []),
    ],
)
def test_what_a_design_switches_off_and_adds(design, silenced, started):
    assert (strain().silenced(design), strain().started(design)) == (silenced, started)


def test_what_the_page_says_of_a_design_is_what_is_exported(tmp_path):
    cobra_io = pytest.importorskip("cobra.io")
    from knockflow.validation.strain import silenced

    model = cobra_io.load_model("textbook")
    cobra_io.save_json_model(model, str(tmp_path / "model.json"))
    wild = wild_type(yaml.safe_load((tmp_path / "model.json").read_text()))
    for design in ("-b0116", "-b1676;-b1854", "-PFK;-b0902;b3951<=0;b3952<=0", "-b0767|b1852|b2029;PGI<=0;PGI>=0"):
        assert wild.silenced(design) == silenced(model, design) != []


def test_genes_are_called_by_their_names():
    written = ("-g1", "-g2", "-g1|g2", "-FREE", "g1<=2", "+g4")
    labels = ["-abc (g1)", "-g2", "-abc (g1)|g2", "-FREE", "abc (g1)<=2", "+g4"]
    assert [strain().labelled(text) for text in written] == labels


def test_equations_are_written_as_tables_have_them():
    ends = [(0, 1), (-1, 1), (-1, 0)]
    found = [equation({"a_c": -1.0, "b_c": 2.0}, bounds) for bounds in ends]
    assert found == ["a_c -> 2 b_c", "a_c <=> 2 b_c", "a_c <- 2 b_c"]
    assert equation({"a_e": -1}, (0, 1)) == "a_e ->"
