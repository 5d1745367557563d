"""What the report says of designs that the deletion of genes does not make as they are: never a plain green mark."""

import re

import pytest
from report_pages import CHANGED, IMPOSSIBLE, LETHAL, PROMISING, SAME, SURE, Outline, gathered, page_of

from knockflow.report.verdict import best_by_genes, ranks_by_genes
from knockflow.report.words import GUARANTEED

ANSWERS = {"guarantee": [SURE], "promise": [PROMISING, SURE]}


def page(tmp_path, **made) -> str:
    """A page where the best guaranteed design comes to this by genes, in both lists."""
    both = {("guarantee", 1): made, ("promise", 2): made}
    return page_of(tmp_path, answers=ANSWERS, made=both)


def banner(text: str) -> str:
    return re.search(r"</h1>.*?<nav", text, re.DOTALL)[0]


def test_all_the_same_is_plainly_green_and_lists_the_genes(tmp_path):
    found = page(tmp_path, **SAME)
    assert "calm-box" in banner(found) and "amber-box" not in banner(found)
    text = Outline(found).text
    assert "and so does the strain without the genes that are to be deleted for it" in text
    assert text.count("✓ same") == 3 + 2  # rows and cards
    assert "genes to delete: b1, b7" in text
    assert "by genes lethal" not in text and "by genes changed" not in text


@pytest.mark.parametrize("made", [LETHAL, CHANGED, IMPOSSIBLE], ids=lambda made: made["by_genes"])
def test_a_banner_is_green_only_if_every_row_is_the_same(tmp_path, made):
    found = page(tmp_path, **made)
    assert "calm-box" not in banner(found) and 'class="yes"' not in banner(found)
    text = Outline(banner(found)).text
    assert "All 3 listed designs are verified as they stand, but deleting genes does not make 2 of them as they" in text
    assert f"toy, guarantee: rank 1 {made['by_genes']}" in text
    assert f"toy, promise: rank 2 {made['by_genes']}" in text
    whole = Outline(found).text
    assert f"By genes 0 same, 1 {made['by_genes']}." in whole
    assert f"by genes {made['by_genes']}" in whole  # chart and list of words


def test_a_lethal_answer_says_so_where_it_is_given(tmp_path):
    text = Outline(page(tmp_path, **LETHAL)).text
    given = text.index("The best design that guarantees its product")
    said = text.index("✗ Do not build it as it is: the genes that close its reactions close TKT1, too")
    assert given < said < text.index("If it grows more slowly")
    assert "the strain does not reach 0.05 1/h." in text
    assert "No listed design with a guarantee is made by genes as it is." in text
    assert text.count("✗ LETHALgrows 0.000falls, too: TKT1") == 2


def test_the_best_that_genes_make_stands_beside(tmp_path):
    other = ("-ACALD", 0.15, 4.5, 5.0, 1.0)
    text = Outline(page_of(tmp_path, answers={"guarantee": [SURE, other]}, made={("guarantee", 1): LETHAL})).text
    assert "Of the listed designs that genes make as they are, -ACALD guarantees most, 4.500 mmol/gDW/h." in text
    content = gathered(tmp_path, ["guarantee"])
    assert best_by_genes(content.cases[0], GUARANTEED).interventions == ["-ACALD"]
    assert ranks_by_genes(content.answers[0]) == "rank 1 lethal"


def test_a_changed_answer_has_its_numbers(tmp_path):
    text = Outline(page(tmp_path, **CHANGED)).text
    assert "By genes it is another strain: TKT1, TKT2 fall, too; it grows 0.071 1/h and makes 1.250 to 3.500" in text
    assert "≠ changedgrows 0.071, makes 1.250 to 3.500falls, too: TKT1, TKT2" in text


def test_an_impossible_answer_says_why(tmp_path):
    text = Outline(page(tmp_path, **IMPOSSIBLE)).text
    assert "✗ Deleting genes cannot make it: no gene is known for ACALD." in text
    assert "✗ impossibleno gene is known for ACALD" in text


def test_among_equals_the_one_that_genes_make_is_named(tmp_path):
    twin = ("-ACALD", *SURE[1:])
    text = Outline(page_of(tmp_path, answers={"guarantee": [SURE, twin]}, made={("guarantee", 1): LETHAL})).text
    assert "guarantees its product at maximal growth is -ACALD." in text


def test_what_is_not_verified_comes_first(tmp_path):
    found = page_of(tmp_path, answers=ANSWERS, made={("guarantee", 1): LETHAL}, refuted=("promise",))
    assert banner(found).index("NOT VERIFIED") < banner(found).index(
        "Deleting genes does not make 1 of 3 listed designs as it is."
    )
    assert "verified as they stand" not in banner(found)
