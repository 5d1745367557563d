"""Numbers that do not mean what they seem to: no green banner, and a word on the terminal."""

from report_pages import SAME, SURE, TEMPLATE, Outline, gathered, write_case

from knockflow.base.files import read_table, write_table
from knockflow.report.answer import answer
from knockflow.report.page import render

COLUMNS = ("item", "check", "severity", "before", "after", "why")
INNER = ("PYK", "product", "warning", "[0, 1000]", "", "no exchange: what counts as product is the flux through it")


def content_of(tmp_path, *more: tuple):
    write_case(tmp_path / "toy", {"guarantee": [SURE]}, made={("guarantee", 1): SAME})
    path = tmp_path / "toy" / "curation.tsv"
    rows = read_table(path, COLUMNS)
    write_table(path, COLUMNS, [*rows, *(dict(zip(COLUMNS, row, strict=True)) for row in more)])
    return gathered(tmp_path, ["guarantee"])


def test_a_caution_takes_the_green_from_the_banner_and_stands_on_the_terminal(tmp_path):
    content = content_of(tmp_path, INNER)
    page = render(TEMPLATE, content)
    assert 'calm-box">' not in page and Outline(page).faults == []
    assert "toy: PYK: no exchange: what counts as product is the flux through it" in Outline(page).text
    assert any(line.startswith("  CAUTION: PYK: no exchange") for line in answer(content).splitlines())


def test_without_one_the_banner_is_green(tmp_path):
    content = content_of(tmp_path)
    assert 'calm-box">' in render(TEMPLATE, content) and "CAUTION" not in answer(content)
