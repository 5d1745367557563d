"""The paragraph of methods and its literature: what was used, nothing else, and in full."""

import re

import pytest
from report_pages import PROMISING, STOPPED, SURE, Outline, gathered, page_of, write_case

from knockflow.formulations.registry import ALL
from knockflow.layers.registry import layers
from knockflow.methods.registry import METHODS
from knockflow.report.literature import MODELS, PAPERS, SOLVERS, bibtex
from knockflow.report.methods_text import bibliography, methods_text


def content_of(results, answers, more=None, layers=None):
    write_case(results / "toy", answers, more=more)
    if layers:
        return gathered(results, list(answers), layers)
    return gathered(results, list(answers))


def test_every_paper_that_a_registry_names_is_there_in_full():
    named = {doi for one in (*layers().values(), *METHODS.values()) for doi in one.sources}
    named |= {one.source.doi for one in ALL.values() if one.source} | {*MODELS.values(), *SOLVERS.values()}
    assert named <= PAPERS.keys()
    assert len({paper.key for paper in PAPERS.values()}) == len(PAPERS)


@pytest.mark.parametrize("doi", PAPERS)
def test_an_entry_has_balanced_braces_and_its_fields(doi):
    entry = bibtex([doi], "1")
    assert entry.count("{") == entry.count("}")
    assert re.search(r"@article\{\w+,\n  author = \{.+\},\n  title = \{\{.+\}\},\n  journal = \{", entry)
    assert f"doi = {{{doi}}}" in entry and re.fullmatch(r"10\.\d{4,5}/\S+", doi)


def test_the_text_names_what_was_done_and_how_sure_it_is(tmp_path):
    content = content_of(tmp_path, {"guarantee": [SURE], "promise": [PROMISING, SURE]}, {"promise": STOPPED})
    whole, case = methods_text(content)
    assert "RobustKnock as guarantee (Tepper and Shlomi 2010; at most 2 interventions; one level by" in whole
    assert "OptKnock as promise (Burgard et al. 2003; at most 2 interventions; support branching, GLPK 5.0)" in whole
    assert "Of 2 results 1 is proven" in whole and "3 of 3 gave what was claimed again" in whole
    assert case.startswith("toy: model toy.json (") and "EX_o2_e at most 0 mmol/gDW/h, product EX_succ_e" in case


def test_only_what_was_used_is_cited_and_once(tmp_path):
    text = bibliography(content_of(tmp_path, {"promise": [PROMISING]}))
    keys = re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE)
    assert keys == ["knockflow", "moelder2021", "burgard2003", "ebrahim2013"]


def test_all_of_it_stands_in_the_page(tmp_path):
    text = Outline(page_of(tmp_path)).text
    assert "Strain designs were computed with Knockflow" in text and "@article{tepper2010," in text
