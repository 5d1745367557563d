"""Files are written whole or not at all, and read back with a check that they are whole."""

import os

import pytest

from knockflow.base import files
from knockflow.base.errors import FileError, nearest, suggestion
from knockflow.base.files import cell, number, read_json, read_table, sha256, write_bytes, write_json, write_table

COLUMNS = ("name", "flux")


def test_a_crash_before_the_file_is_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "table.tsv"
    write_bytes(path, b"old")

    def crash(*_):
        raise OSError("killed")

    monkeypatch.setattr(files.os, "replace", crash)
    with pytest.raises(OSError, match="killed"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["table.tsv"]


def test_the_file_appears_only_once_it_is_complete(tmp_path, monkeypatch):
    path = tmp_path / "table.tsv"
    seen = []

    def look(partial, target):
        seen.append((partial.read_bytes(), path.exists()))
        os.rename(partial, target)

    monkeypatch.setattr(files.os, "replace", look)
    write_bytes(path, b"content")
    assert seen == [(b"content", False)]
    assert path.read_bytes() == b"content"


def test_folders_are_made(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "c.txt", b"x")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (0, "0"),
        ("EX_p", "EX_p"),
        (1.5, "1.500000"),
        (1 / 3, "0.333333"),
        (-2.0, "-2.000000"),
        (-0.0, "0.000000"),
        (-4e-7, "0.000000"),
        (-6e-7, "-0.000001"),
        (float("nan"), ""),
        (["b", "a"], "b;a"),
        (("-A", "-B|C"), "-A;-B|C"),
        ([], ""),
    ],
)
def test_a_cell_is_written_so(value, text):
    assert cell(value) == text


def test_a_table_comes_back_as_text_in_the_order_of_its_columns(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, COLUMNS, [{"flux": 1.0, "name": "A"}, {"name": "B"}])
    assert path.read_bytes() == b"name\tflux\nA\t1.000000\nB\t\n"
    assert read_table(path, COLUMNS) == [{"name": "A", "flux": "1.000000"}, {"name": "B", "flux": ""}]


def test_a_table_without_rows_is_whole(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, COLUMNS, [])
    assert read_table(path, COLUMNS) == []


def test_tabs_and_line_ends_inside_a_cell_become_blanks(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, COLUMNS, [{"name": "a\tb\nc", "flux": 1}])
    assert read_table(path, COLUMNS) == [{"name": "a b c", "flux": "1"}]


def test_quotes_and_other_scripts_survive(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, COLUMNS, [{"name": 'say "µ"', "flux": 1}])
    assert read_table(path, COLUMNS)[0]["name"] == 'say "µ"'


def test_a_column_that_is_not_announced_is_refused(tmp_path):
    with pytest.raises(ValueError, match="other"):
        write_table(tmp_path / "t.tsv", COLUMNS, [{"name": "A", "other": 1}])
    assert not (tmp_path / "t.tsv").exists()


def test_every_cut_inside_a_table_is_noticed_unless_it_falls_between_lines(tmp_path):
    path = tmp_path / "t.tsv"
    write_table(path, COLUMNS, [{"name": "A", "flux": 1.0}, {"name": "B", "flux": 2.0}])
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        if whole[:length].endswith(b"\n"):
            assert len(read_table(path, COLUMNS)) < 2
        else:
            with pytest.raises(FileError, match="t.tsv"):
                read_table(path, COLUMNS)


def test_a_cut_inside_a_letter_is_noticed(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_bytes("name\tflux\nµ".encode()[:-1])
    with pytest.raises(FileError, match="t.tsv"):
        read_table(path, COLUMNS)


def test_a_line_with_too_many_or_too_few_cells_is_named(tmp_path):
    path = tmp_path / "t.tsv"
    for line in ("B\n", "B\t1\t2\n"):
        path.write_text("name\tflux\nA\t1\n" + line)
        with pytest.raises(FileError, match="line 3 has not 2 cells"):
            read_table(path, COLUMNS)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("name\tother\n")
    with pytest.raises(FileError, match="no column flux; its columns are name, other"):
        read_table(path, COLUMNS)


def test_a_missing_file_is_named(tmp_path):
    for read in (read_json, lambda path: read_table(path, COLUMNS)):
        with pytest.raises(FileError, match=r"absent: cannot be read: No such file"):
            read(tmp_path / "absent")


def test_json_is_sorted_and_comes_back(tmp_path):
    path = tmp_path / "r.json"
    write_json(path, {"b": [1, None], "a": "µ"})
    assert path.read_text().index('"a"') < path.read_text().index('"b"')
    assert read_json(path) == {"b": [1, None], "a": "µ"}


def test_json_holds_no_number_that_other_readers_refuse(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "r.json", {"a": float("nan")})
    assert not (tmp_path / "r.json").exists()


def test_truncated_json_is_refused(tmp_path):
    path = tmp_path / "r.json"
    write_json(path, {"a": [1, 2], "b": "text"})
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(FileError, match="not whole JSON"):
        read_json(path)


def test_sha256_is_the_published_one(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_empty_cell_is_no_number():
    assert number("") is None
    assert number("-1.5") == -1.5


def test_the_nearest_match_ignores_case():
    assert nearest("ex_succ_e", ["EX_glc__D_e", "EX_succ_e"])[0] == "EX_succ_e"
    assert suggestion("max_interventons", ["kind", "max_interventions"]) == "; did you mean max_interventions?"


def test_words_that_hold_the_given_one_are_near_too():
    assert nearest("succ", ["EX_succ_e", "EX_glc__D_e"]) == ["EX_succ_e"]


def test_nothing_near_nothing_said():
    assert suggestion("zzz", ["kind", "method"]) == ""
