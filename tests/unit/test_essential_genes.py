"""Genes that a screen found essential: read from a table, and marked in the report where a design deletes one."""

import pytest
from report_pages import PROMISING, SURE, TEMPLATE, Outline, gathered, write_case

from knockflow.base.errors import FileError
from knockflow.base.essential_table import ESSENTIAL
from knockflow.model.essential_genes import essential_genes
from knockflow.report.page import render
from knockflow.report.risks import risks

GENES = {"b1241": "adhE", "b0116": "lpd", "b2415": "", "g_1": "g_1"}
ASKED = {"column": "gene", "named_by": "id", "source": "source"}
BY_NAME = ASKED | {"named_by": "name"}


def table(folder, *lines: str):
    path = folder / "screen.tsv"
    path.write_text("\n".join(line.replace("|", "\t") for line in lines) + "\n", encoding="utf-8")
    return path


def test_genes_of_the_model_are_found_by_id_with_every_source_once(tmp_path):
    path = table(tmp_path, "gene|medium|source", "b1241|LB|A", "b9999|LB|A", "b0116|M9|B", "b1241|M9|C", "b1241|LB|A")
    assert essential_genes(ASKED, path, GENES) == [
        {"gene": "b0116", "name": "lpd", "source": "B"},
        {"gene": "b1241", "name": "adhE", "source": "A; C"},
    ]


def test_genes_are_found_by_name_whatever_the_capitals_and_a_name_may_be_of_several(tmp_path):
    path = table(tmp_path, "locus|source", "ADHE|A", "x|A")
    asked = BY_NAME | {"column": "locus"}
    assert [row["gene"] for row in essential_genes(asked, path, GENES | {"b7": "adhE"})] == ["b1241", "b7"]


def test_a_name_that_repeats_the_id_is_not_told(tmp_path):
    assert essential_genes(ASKED, table(tmp_path, "gene|source", "g_1|A"), GENES)[0]["name"] == ""


@pytest.mark.parametrize(
    ("lines", "asked", "said"),
    [
        (["gene|source"], ASKED, "no gene stands in it"),
        (
            ["genes|source", "b1241|A"],
            ASKED,
            "no column `gene`; did you mean genes?; its columns are genes, source, and `essential_genes.column` says "
            "which one has the genes",
        ),
        (["gene|doi", "b1241|A"], ASKED, "no column `source`; its columns are gene, doi, and `essential_genes.source`"),
        (["gene|source", "b1241|A", "|A"], ASKED, "line 3 has nothing in the column `gene`"),
        (["gene|source", "b1241|"], ASKED, "line 2 has nothing in the column `source`"),
        (
            ["gene|source", "adhE|A", "lpd|A", "x|A"],
            ASKED,
            "none of its 3 genes, such as `adhE`, is the id of a gene of the model, but 2 of them are names: write "
            "`essential_genes.named_by: name`",
        ),
        (
            ["gene|source", "b12411|A"],
            ASKED,
            "none of its 1 genes, such as `b12411`, is the id of a gene of the model; did you mean b1241, b2415? The "
            "model has b0116, b1241, b2415 ...",
        ),
        (["gene|source", "adhX|A"], BY_NAME, "is the name of a gene of the model; did you mean adhE?"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_what_may_be_meant(tmp_path, lines, asked, said):
    path = table(tmp_path, *lines)
    with pytest.raises(FileError) as refusal:
        essential_genes(asked, path, GENES)
    assert str(refusal.value).startswith(f"{path}: ") and said in str(refusal.value)


def test_names_are_no_way_where_genes_have_none(tmp_path):
    with pytest.raises(FileError, match="whose genes have no names"):
        essential_genes(BY_NAME, table(tmp_path, "gene|source", "adhE|A"), {"b1": ""})


def content_of(results, essential: list):
    answers = {"guarantee": [SURE], "promise": [PROMISING, SURE]}
    write_case(results / "toy", answers)
    ESSENTIAL.write(results / "toy" / ESSENTIAL.file, essential)
    return gathered(results, list(answers), essential_genes={"table": "keio.tsv"})


def test_designs_that_delete_an_essential_gene_are_marked_in_rows_cards_and_risks(tmp_path):
    content = content_of(tmp_path, [{"gene": "b1", "name": "abc", "source": "doi:10.1/x in LB"}])
    (case,) = content.cases
    assert "2 of its 2 designs delete a gene that is essential in a screen (b1, doi:10.1/x in LB)" in risks(case)[0]
    outline = Outline(render(TEMPLATE, content))
    assert outline.faults == []
    assert outline.text.count("essential in a screen: b1 ") == 3  # rows
    assert outline.text.count("b1 is essential in a screen: doi:10.1/x in LB") == 2  # cards


def test_a_table_that_no_design_meets_is_told_too(tmp_path):
    (case,) = content_of(tmp_path, [{"gene": "b9", "name": "", "source": "A"}]).cases
    assert risks(case)[0] == "None of its designs deletes a gene that the given screen has found to be essential."


def test_without_a_table_nothing_is_said(tmp_path):
    write_case(tmp_path / "toy", {"guarantee": [SURE]})
    (case,) = gathered(tmp_path, ["guarantee"]).cases
    assert case.essential == {} and not any("screen" in one for one in risks(case))
