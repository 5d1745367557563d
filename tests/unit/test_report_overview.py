"""A run of several cases: the matrix on top, what all were asked alike, and the way to each case."""

import pytest
from report_pages import FORMULATIONS, PROMISING, STOPPED, SURE, TEMPLATE, VOID, Outline, write_case

from knockflow.report.case_settings import own, settings, shared
from knockflow.report.content import gather
from knockflow.report.overview import formulations, matrix
from knockflow.report.page import render
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

NAMES = list(FORMULATIONS)


def several(results, changes: dict, **written):
    """The content of a run of some cases; `changes` are what each is asked differently."""
    usual = {"model": "toy.json", "product": "EX_succ_e", "medium": {"EX_o2_e": 0}, "min_growth": 0.05}
    cases = {name: usual | change for name, change in changes.items()}
    for name, case in cases.items():
        more = dict(written.get(name, {}))
        answers = more.pop("answers", None) or {"guarantee": [SURE], "promise": [PROMISING, SURE]}
        answers = {key: answers[key] for key in case.get("formulations", NAMES)}
        write_case(results / name, answers, **more)
    config = checked({"cases": cases, "formulations": FORMULATIONS}, read_schema())
    return gather(results, config, {name: cases[name].get("formulations", NAMES) for name in cases})


def test_each_case_meets_each_formulation_in_the_matrix(tmp_path):
    written = {
        "a": {"more": {"promise": STOPPED}},
        "b": {"answers": {"guarantee": [], "promise": [SURE]}, "more": {"guarantee": VOID}, "refuted": ("promise",)},
    }
    content = several(tmp_path, {"a": {}, "b": {}, "c": {"formulations": ["promise"]}}, **written)
    assert formulations(content) == ["guarantee", "promise"]
    rows = {case.name: cells for case, cells in matrix(content)}
    told = {
        (name, place): (cell.value, cell.guaranteed, cell.coupling, cell.proven) if cell else None
        for name, cells in rows.items()
        for place, cell in enumerate(cells)
    }
    assert told == {
        ("a", 0): ("8.123", "", "weak", "proven"),
        ("a", 1): ("6.968", "0.000", "weak", "not proven"),
        ("b", 0): ("–", "", "", "no design"),
        ("b", 1): ("9.102", "8.123", "weak", "NOT VERIFIED"),
        ("c", 0): None,
        ("c", 1): ("6.968", "0.000", "weak", "proven"),
    }


def test_the_page_of_several_cases_leads_to_each(tmp_path):
    outline = Outline(render(TEMPLATE, several(tmp_path, {"a": {}, "b": {"formulations": ["promise"]}})))
    assert outline.faults == [] and len(outline.ids()) == len(set(outline.ids()))
    links = [one["href"][1:] for tag, one in outline.tags if tag == "a" and one["href"].startswith("#")]
    assert set(links) <= set(outline.ids())
    assert {"overview", "answer-a", "designs-a-1", "designs-b-2", "curation-b", "asked-a", "provenance-a"} <= set(links)
    assert "designs-b-1" not in links and "not asked" in outline.text


def test_one_case_has_no_matrix(tmp_path):
    outline = Outline(render(TEMPLATE, several(tmp_path, {"a": {}})))
    assert "overview" not in outline.ids() and "In all cases" not in outline.text


def test_what_all_cases_share_is_said_once(tmp_path):
    content = several(tmp_path, {"a": {"medium": {"EX_o2_e": 3}}, "b": {}})
    first, second = content.cases
    assert [name for name, _ in own(first, content)] == ["Medium"] == [name for name, _ in own(second, content)]
    assert shared(content) + own(first, content) != []
    assert sorted(shared(content) + own(first, content)) == sorted(settings(first))
    text = Outline(render(TEMPLATE, content)).text.partition("For a paper")[0]
    assert text.count("Least growth (min_growth)") == 1 and text.count("at most 3 mmol/gDW/h") == 1


@pytest.mark.parametrize("asked", [{}, {"min_growth": 0.1}])
def test_a_case_without_settings_of_its_own_says_so(tmp_path, asked):
    text = Outline(render(TEMPLATE, several(tmp_path, {"a": {}, "b": asked}))).text
    assert text.count("All settingsas in all cases") == (0 if asked else 2)
