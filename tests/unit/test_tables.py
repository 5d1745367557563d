"""Every table once: its columns with their units; what is written comes back, and other files are refused."""

import csv
import io
from collections import Counter

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.base.errors import FileError
from knockflow.base.files import cell, read_table, write_table
from knockflow.base.table import FLAG, FLUX, GROWTH, LIST, NUMBER, TEXT, WHOLE, YIELD
from knockflow.base.tables import RESULTS, TARGETS, VALIDATION
from knockflow.layers.registry import layer_tables

TABLES = (*RESULTS, *layer_tables())
UNITS = {
    "_kj_per_mol": "kJ/mol",
    "_kj_per_mol_per_v": "kJ/mol/V",
    "_mmol_per_gdw_h": FLUX,
    "_per_h": GROWTH,
    "_mol_per_mol": YIELD,
    "_mg_h_per_mmol": "mg h/mmol",
    "_g_h_per_mmol": "g h/mmol",
    "_g_per_gdw": "g/gDW",
    "_l_per_gdw_h": "L/gDW/h",
    "_mmol_per_l": "mmol/L",
}
ROW = {"target": "A|B", "kind": "knock_out", "cost": 1.5, "reactions": ("A", "B"), "status": "candidate", "why": ""}
CELLS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"))),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.sampled_from(["NA", "nan", "None", "", '"', "a\tb", "x\ny", 'say "x"', "#", " ", "1e5", "-A|B;+C"]),
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_columns_are_named_once_and_by_their_unit(table):
    assert max(Counter(table.names).values()) == 1
    for column in table.columns:
        assert column.meaning and column.form in (TEXT, LIST, WHOLE, NUMBER, FLAG)
        suffix = next((suffix for suffix in UNITS if column.name.endswith(suffix)), None)
        assert column.unit == ("" if column.form == LIST else UNITS.get(suffix, "")), column.name
        assert not column.unit or column.form == NUMBER


def test_files_are_named_once():
    assert len({table.file for table in TABLES}) == len(TABLES)


def test_every_column_is_documented_in_order():
    lines = list(VALIDATION.document())[2:]
    named = [word for line in lines for word in line.split(" | ")[0].removeprefix("| ").replace("`", "").split(", ")]
    assert tuple(named) == VALIDATION.names
    assert any("| mmol/gDW/h |" in line for line in lines) and all(line.count(" | ") == 2 for line in lines)


def test_a_row_comes_back_as_text(tmp_path):
    TARGETS.write(tmp_path / "t.tsv", [ROW])
    text = {"target": "A|B", "kind": "knock_out", "cost": "1.500000", "reactions": "A;B", "status": "candidate"}
    assert TARGETS.read(tmp_path / "t.tsv") == [text | {"why": ""}]
    assert list(TARGETS.frame([ROW]).columns) == list(TARGETS.names)


def test_another_table_is_refused_with_the_columns_that_it_lacks(tmp_path):
    TARGETS.write(tmp_path / "validation.tsv", [ROW])
    with pytest.raises(FileError, match="validation.tsv: no column formulation, rank, .*its columns are target, kind"):
        VALIDATION.read(tmp_path / "validation.tsv")


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("cost", "cheap", "is no number"),
        ("rank", "1.5", "is no whole number"),
        ("verified", "yes", "is neither true nor false"),
        ("growth_per_h", "0,2", "is no number"),
    ],
)
def test_a_cell_of_another_form_is_named(tmp_path, column, text, why):
    table = TARGETS if column in TARGETS.names else VALIDATION
    table.write(tmp_path / "t.tsv", [{}, {column: text}])
    with pytest.raises(FileError, match=f"t.tsv: line 3: {column}: `{text}` {why}"):
        table.read(tmp_path / "t.tsv")


def test_a_column_that_is_there_twice_is_refused(tmp_path):
    (tmp_path / "t.tsv").write_text("gene\trule\trule\n")
    with pytest.raises(FileError, match="t.tsv: column rule is there twice"):
        read_table(tmp_path / "t.tsv", ["rule"], ours=False)


@pytest.mark.parametrize("text", ['gene\trule\n"b1\tb2\n', "gene\trule\nb1\rb2\tb3\n"])
def test_what_is_no_table_is_a_fault_of_the_file(tmp_path, text):
    (tmp_path / "t.tsv").write_bytes(text.encode())
    with pytest.raises(FileError, match="t.tsv: not a table of tab-separated cells"):
        read_table(tmp_path / "t.tsv", ["rule"], ours=False)


def test_empty_lines_and_a_byte_order_mark_of_a_spreadsheet_count_for_nothing(tmp_path):
    (tmp_path / "t.tsv").write_bytes("\ufeffgene\trule\r\n\r\nb1\tb2\r\n\r\n".encode())
    assert read_table(tmp_path / "t.tsv", ["gene"], ours=False) == [{"gene": "b1", "rule": "b2"}]


@settings(max_examples=examples(27), deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_bytes_are_those_of_python_s_own_writer_and_come_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("tables") / "t.tsv"
    write_table(path, ("a", "b"), [dict(zip("ab", row, strict=True)) for row in rows])
    lines = [[cell(value).replace("\t", " ").replace("\n", " ") for value in row] for row in rows]
    expected = io.StringIO()
    csv.writer(expected, delimiter="\t", lineterminator="\n").writerows([["a", "b"], *lines])
    assert path.read_bytes() == expected.getvalue().encode()
    assert read_table(path, ("a", "b")) == [dict(zip("ab", line, strict=True)) for line in lines]
