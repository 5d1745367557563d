"""Names that stand where a gene should: never deleted, whatever deletes genes."""

from pathlib import Path

import pytest
from pseudo_gene_toy import model_of

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.base.files import cell
from knockflow.model.curation import curate
from knockflow.model.curation.pseudo_genes import stands_for, table
from knockflow.model.gpr import active, genes, parse, to_text, without
from knockflow.model.network import read_network
from knockflow.model.read import write_model
from knockflow.stages.export.bench import lab_rows

ROOT = Path(__file__).resolve().parents[2]


def case_of(fast: str, **targets) -> Case:
    return Case(model_of(fast), "EX_p", targets={"level": "genes"} | targets)


@pytest.mark.parametrize(
    "name",
    ["Unknown", "UNKNOWN", "spontaneous", "Spontaneous", "S0001", "s0001", "GAP_FILLED", "gap-filled", "gap", "0000"]
    + ["0", "No_Gene", "unknown gene", "nan", "ORPHAN"],
)
def test_known_ones_however_they_are_spelled(name):
    assert stands_for(name, {})


@pytest.mark.parametrize("name", ["b0001", "gapA", "s0002", "1000", "YAL001C", "unknown1", "nanA", "_", "gapN"])
def test_genes_are_none(name):
    assert not stands_for(name, {})


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"GAP"}),
        (None, {"GAP"}),
        ({"add": ["X1"], "except": []}, {"GAP", "x1"}),
        ({"except": ["gap"]}, set()),
        ({"add": ["x1"], "except": ["gap"]}, {"x1"}),
        (["x1"], {"x1"}),
        ([], set()),
    ],
)
def test_a_case_can_add_and_except(asked, found):
    assert {name for name in ("GAP", "x1", "b1") if stands_for(name, asked)} == found


def test_the_docs_have_the_same_list():
    text = (ROOT / "docs/models.md").read_text(encoding="utf-8")
    begin, end = "<!-- pseudo-genes: begin -->\n", "<!-- pseudo-genes: end -->"
    assert text.split(begin)[1].split(end)[0] == table()


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("g1 or Unknown", ""),
        ("g1 and Unknown", "g1"),
        ("Unknown", ""),
        ("(g1 or Unknown) and g2", "g2"),
        ("(g1 and Unknown) or (g2 and g3)", "g1 or (g2 and g3)"),
        ("(Unknown or 0000) and (g1 or g2)", "g1 or g2"),
        ("g1 and (g2 or g3)", "g1 and (g2 or g3)"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_rule(rule, left):
    tree, always = parse(rule), {"Unknown", "0000"}
    assert to_text(without(tree, always)) == left
    for gone in ((), ("g1",), ("g2",), ("g1", "g2"), ("g1", "g2", "g3")):
        assert active(without(tree, always), gone) == active(tree, gone)
    assert genes(parse(left)) == genes(tree) - always or left in ("", "g2")


def test_a_line_each_in_curation():
    findings = curate(model_of("b1 or GAP_FILLED", "Unknown"), {"name": "t", "product": "EX_p", "min_growth": 0.1})
    lines = {f.item: f.why for f in findings if f.check == "pseudo-gene"}
    assert set(lines) == {"GAP_FILLED", "Unknown"}
    assert "fill a gap (FAST)" in lines["GAP_FILLED"] and "except: [GAP_FILLED]" in lines["GAP_FILLED"]


def test_a_name_that_the_model_lacks_is_told():
    case = case_of("gene1 or b1", spontaneous={"add": ["gene_1"]})
    assert "did you mean gene1?" in next(f.why for f in case.findings if f.check == "pseudo-gene")


def test_the_network_is_without_them(tmp_path):
    model = model_of("b1 or S0001", "Unknown and g9")
    curate(model, {"name": "t", "product": "EX_p", "min_growth": 0.1})
    write_model(tmp_path / "model.json", model)
    network = read_network(tmp_path / "model.json")
    assert network.pseudo_genes == {"S0001", "Unknown"}
    rules = dict(zip(network.reactions, network.rules, strict=True))
    written = dict(zip(network.reactions, network.written_rules, strict=True))
    assert (rules["FAST"], rules["WASTE"]) == ("", "g9")
    assert (written["FAST"], written["WASTE"]) == ("b1 or S0001", "Unknown and g9")


def test_an_isozyme_that_is_none_cannot_be_closed_by_genes():
    """With the pseudo-gene as a gene the design would need two deletions that nobody can make."""
    case = case_of("b1 or Unknown")
    assert {row["target"] for row in case.targets if row["status"] == "candidate"} == {"g9"}
    why = {row["target"]: row["why"] for row in case.targets}
    assert why["Unknown"].startswith("a pseudo-gene")
    assert [row["interventions"] for row in case.design("robustknock").table] == [()]
    whole = case_of("b1 or Unknown", spontaneous=[]).design("robustknock")
    assert whole.table[0]["interventions"] == ("-Unknown", "-b1", "-g9")
    assert case_of("b1 and Unknown").design("robustknock").table[0]["interventions"] == ("-b1", "-g9")


@pytest.mark.parametrize("fast", ["Unknown", "b1 or Unknown"])
def test_a_reaction_that_one_carries_is_no_target_and_says_why(fast):
    case = Case(model_of(fast), "EX_p")
    row = next(row for row in case.targets if row["target"] == "FAST")
    assert row["status"] == "excluded" and "a pseudo-gene keeps it running" in row["why"]


def test_cut_sets_of_genes_never_hold_one():
    case = case_of("b1 and Unknown")
    found = case.design("mcs", suppress=["BIOMASS >= 6"], max_interventions=3, max_designs="all")
    assert [row["interventions"] for row in found.table] == [("-b1",)]


def test_a_bench_list_never_deletes_one():
    case = Case(model_of("b1 and Unknown", "Unknown"), "EX_p", targets={"include": ["WASTE"]})
    rows = []
    for kind in ("optknock", "robustknock"):
        designs = case.design(kind, max_interventions=2)
        checked = [{name: cell(value) for name, value in row.items()} for row in designs.validate().to_dict("records")]
        rows += lab_rows(case.model, checked, checked)
    assert {row.get("locus") for row in rows if row["by_genes"] == "same"} == {"b1"}
    never = "no set of genes makes this design: no deletion closes WASTE: Unknown is no gene that can be deleted"
    wasted = [row for row in rows if "-WASTE" in row["intervention"]]
    assert wasted and wasted[0]["note"] == never
    assert not any(row.get("locus") for row in wasted)


@pytest.mark.parametrize(
    "targets",
    [{"include": ["Unknown"]}, {"forced": ["Unknown"]}, {"interventions": {"Unknown<=2": 1}}],
)
def test_naming_one_as_a_target_is_refused(targets):
    with pytest.raises(ConfigError, match=r"Unknown is a pseudo-gene.*except: \[Unknown\]"):
        case_of("b1 or Unknown", **targets)


def test_an_earlier_curation_does_not_stick():
    model = case_of("b1 or gap").model
    again = Case(model, "EX_p", targets={"level": "genes", "spontaneous": {"except": ["GAP"]}})
    assert {"b1", "gap"} <= {name for row in again.targets for name in row["target"].split("|")}
    assert again.options["targets"]["spontaneous"] == {"except": ["GAP"], "add": []}
