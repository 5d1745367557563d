"""The bench list: what is deleted is what validation has chosen, and a strain that is another is told of first."""

import cobra
import pytest

from knockflow.base.errors import FileError
from knockflow.base.files import cell
from knockflow.base.tables import LAB, VALIDATION
from knockflow.formulations.registry import FORMULATIONS
from knockflow.stages.export.bench import lab_rows
from knockflow.validation.by_genes import realize
from knockflow.validation.realization import Genome
from knockflow.validation.reevaluation import evaluate, question_of
from knockflow.validation.responses import of_response
from knockflow.validation.strain import changed

DESIGNS = [
    "-ACALD;-D_LACt2|LDH_D;-PYK",
    "+q_way;-PYK",
    "+hetC;-b0114|b0115",
    "EX_o2_e>=-5;PGI<=0.4;PFK>=5",
    "b1852<=0.5;-b0721",
]


@pytest.fixture
def textbook(core_with_additions):
    return core_with_additions


def validated(model: cobra.Model, rank: int, design: str) -> dict[str, str]:
    """A row of validation.tsv, as text."""
    asked = question_of(model, "EX_succ_e", 0.05)
    with changed(model, design):
        found = evaluate(model, asked) | of_response(model, asked, FORMULATIONS["optknock"])
    made = realize(Genome(model), asked, FORMULATIONS["optknock"], design, found, {})
    row = {"formulation": "f", "rank": rank, "interventions": design} | found | made
    return {name: cell(row.get(name)) for name in VALIDATION.names}


def lab(model: cobra.Model, *designs: str) -> list[dict]:
    rows = [validated(model, rank, design) for rank, design in enumerate(designs, 1)]
    found = lab_rows(model, rows, rows)
    assert all(set(row) <= set(LAB.names) and row["action"] and row["by_genes"] for row in found)
    return found


def test_a_reaction_is_knocked_out_by_its_genes(textbook):
    one, other = lab(textbook, "-PYK")
    assert [(row["gene"], row["locus"], row["action"]) for row in (one, other)] == [
        ("pykF", "b1676", "delete"),
        ("pykA", "b1854", "delete"),
    ]
    assert one["name"] == ["pyruvate kinase"]
    assert (one["reactions_switched_off"], one["by_genes"]) == (["PYK"], "same")
    assert one["note"] == "only with b1676, b1854 all deleted"


def test_a_strain_that_dies_is_told_of_before_anything_is_listed(textbook):
    first, *others = lab(textbook, "-ACALD;-D_LACt2|LDH_D;-TKT2")
    assert (first["action"], first["by_genes"]) == ("do not build", "lethal")
    assert first["intervention"] == "-ACALD;-D_LACt2|LDH_D;-TKT2" and "locus" not in first
    assert first["note"] == (
        "LETHAL: without these genes the strain grows 0.000000 1/h instead of 0.106996; TKT1 falls with them"
    )
    assert first["reactions_switched_off"] == ["TKT1"]
    assert {row["action"] for row in others} == {"do not delete"} and {row["by_genes"] for row in others} == {"lethal"}
    told = {row["locus"]: row["note"] for row in others}
    assert "also switches off TKT1" in told["b2465"] and "also switches off TKT1" in told["b2935"]
    assert "TKT1" not in told["b0351"]


def test_a_strain_that_grows_otherwise_is_told_of_with_its_numbers(textbook):
    with textbook as model:
        model.reactions.ACKr.gene_reaction_rule = "x1"
        model.reactions.PYK.gene_reaction_rule = "x1"
        first, only = lab(model, "-ACKr")
        assert (first["action"], first["by_genes"]) == ("check first", "changed")
        assert first["note"].startswith("without these genes the strain grows 0.091291 1/h instead of 0.189173")
        assert " mmol/gDW/h instead of " in first["note"] and first["note"].endswith("PYK falls with them")
        assert (only["locus"], only["note"]) == ("x1", "also switches off PYK")


def test_a_design_that_no_deletion_makes_lists_none(textbook):
    first, *others = lab(textbook, "-CO2t;-PYK")
    assert (first["action"], first["note"]) == (
        "not by genes",
        "no set of genes makes this design: no deletion closes CO2t: s0001 is no gene that can be deleted",
    )
    assert {row["action"] for row in others} == {"not by genes"}
    assert not any(row.get("locus") for row in others)


def test_what_the_medium_no_longer_offers_is_told(textbook):
    (row,) = lab(textbook, "-EX_co2_e")[-1:]
    assert (row["action"], row["note"]) == ("set bound", "medium: EX_co2_e is no longer offered")


def test_the_genes_that_switch_off_least_else_are_deleted_and_the_rest_is_told(textbook):
    # aceE and aceF are the dehydrogenase's own, lpd is that of AKGDH too
    row = lab(textbook, "-PDH")[-1]
    assert row["locus"] in ("b0114", "b0115")
    assert row["note"] == "or instead b0115 (aceF)"
    assert all("also switches off TKT2" in row["note"] for row in lab(textbook, "-TKT1") if row["action"] == "delete")
    # not so where the design switches it off anyway
    assert all("also" not in row["note"] for row in lab(textbook, "-TKT1;-TKT2"))


def test_of_interchangeable_reactions_the_cheapest_is_closed_and_the_others_are_named(textbook):
    # two transporters against one dehydrogenase with two isozymes
    rows = lab(textbook, "-D_LACt2|LDH_D")
    assert {row["reactions_switched_off"][0] for row in rows} == {"LDH_D"}
    assert [row["locus"] for row in rows] == ["b1380", "b2133"]
    told = "no flux either through D_LACt2; or instead both b2975 (glcA) and b3603 (lldP)"
    assert all(row["note"].endswith(told) for row in rows)


def test_other_genes_that_would_do_are_named_at_either_level(textbook):
    (row,) = lab(textbook, "-THD2")
    assert (row["locus"], row["note"]) == ("b1602", "or instead b1603 (pntA)")
    # those that close more would not: lpd is in PDH, too
    assert "b0116" not in lab(textbook, "-AKGDH")[0]["note"]


def test_what_carries_nothing_with_it_is_told(textbook):
    (row,) = lab(textbook, "-b0767|b1852|b2029")
    assert row["reactions_switched_off"] == ["PGL"]
    assert row["note"] == "no flux either through G6PDH2r, GND; or instead b1852, b2029"


def test_what_the_case_has_added_for_good_comes_first(textbook):
    with textbook as model:
        for name in ("LDH_D", "EX_lac__D_e" if "EX_lac__D_e" in model.reactions else "EX_lac_D_e", "MAKEQ"):
            model.reactions.get_by_id(name).notes["heterologous"] = "bdo.tsv"
        rows = lab(model, "-PYK")
        for reaction in model.reactions:
            reaction.notes.pop("heterologous", None)
    # neither an exchange, nor what is there only once it is added
    assert [row["action"] for row in rows] == ["add", "add", "delete", "delete"]
    assert [row["locus"] for row in rows[:2]] == ["b1380", "b2133"]
    assert rows[0]["note"].startswith("part of the host in this case, which must be there: from bdo.tsv; LDH_D: ")


def test_a_gene_is_deleted_added_or_limited(textbook):
    (row,) = lab(textbook, "-b0721")
    assert (row["gene"], row["locus"]) == ("sdhC", "b0721")
    assert row["reactions_switched_off"] == ["SUCDi"]
    # isozymes are off only with both
    one, other = lab(textbook, "-b1676;-b1854")
    assert one["reactions_switched_off"] == other["reactions_switched_off"] == ["PYK"]
    assert lab(textbook, "-b1676")[0]["reactions_switched_off"] == []
    (row,) = lab(textbook, "b1852<=0.5")
    assert (row["action"], row["note"]) == ("limit", "at most 0.5 mmol/gDW/h; catalyses G6PDH2r")
    (row,) = lab(textbook, "+hetC")
    assert (row["action"], row["locus"], row["note"]) == ("add", "hetC", "catalyses LEAK")
    (row,) = lab(textbook, "-b0114|b0115")
    assert (row["locus"], row["note"]) == ("b0114", "or instead b0115")


def test_additions_name_genes_and_equations(textbook):
    exchange, *rows = lab(textbook, "+q_way")
    assert [row["locus"] for row in rows] == ["hetA", "hetB"]
    assert rows[0]["note"] == "MAKEQ: pyr_c --> q_c; gene rule hetA and hetB"
    assert "gene" not in exchange
    assert exchange["note"].endswith("no gene to add is known")


def test_bounds_are_told_with_what_they_were(textbook):
    (row,) = lab(textbook, "PGI<=0.4")
    assert (row["locus"], row["action"]) == (["b4025"], "set bound")
    assert row["note"] == "upper bound of PGI 0.4 mmol/gDW/h, before 1000"
    (row,) = lab(textbook, "EX_o2_e>=-5")
    assert row["note"] == "medium: lower bound of EX_o2_e -5 mmol/gDW/h, before 0"


def test_the_table_is_written_with_all_its_columns(textbook, tmp_path):
    LAB.write(tmp_path / "lab.tsv", lab(textbook, *DESIGNS))
    rows = LAB.read(tmp_path / "lab.tsv")
    assert {row["rank"] for row in rows} == {"1", "2", "3", "4", "5"}
    assert {row["action"] for row in rows} >= {"delete", "add", "limit", "set bound"}


def test_without_designs_the_list_is_empty(textbook, tmp_path):
    wild = [validated(textbook, 1, "")]
    assert lab_rows(textbook, wild, wild) == []


def test_a_design_that_was_not_validated_is_refused(textbook):
    row = validated(textbook, 1, "-PYK")
    with pytest.raises(FileError, match="no row for rank 1, -PYK"):
        lab_rows(textbook, [row], [])
