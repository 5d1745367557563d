"""Configuration files read strictly: what YAML would pass over in silence has its line and column."""

import json

import pytest
import yaml

from knockflow.base.errors import ConfigError
from knockflow.settings.strict import check_file


def faults(tmp_path, text: str | bytes, name: str = "my.yaml") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as refusal:
        check_file(path)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


CASES = """\
cases:
  succinate: {model: cobra:textbook, product: EX_succ_e}
  lactate: {model: cobra:textbook, product: EX_lac__D_e}
"""


def test_a_second_case_of_one_name_is_refused(tmp_path):
    text = CASES.replace("lactate:", "succinate:")
    assert list(yaml.safe_load(text)["cases"]) == ["succinate"], "YAML itself says nothing"
    (line,) = faults(tmp_path, text)
    assert line.startswith("line 3, column 3: `succinate` is there twice under `cases`, first in line 2")


def test_every_repeated_key_is_named_wherever_it_is(tmp_path):
    text = "a: {b: 1, c: {d: 1, d: 2}, b: 3}\nlist:\n  - {x: 1, x: 2}\na: 2\n"
    assert [line.split(",")[0] + line.split("`")[1] for line in faults(tmp_path, text)] == [
        "line 1d",
        "line 1b",
        "line 3x",
        "line 4a",
    ]


@pytest.mark.parametrize("indent", ["\t", "  "])
def test_repeated_keys_of_json(tmp_path, indent):
    text = json.dumps({"cases": {"a": 1, "B": 2}}, indent=indent).replace("B", "a")
    assert json.loads(text) == {"cases": {"a": 2}}
    (line,) = faults(tmp_path, text, "my.json")
    assert line.startswith("line 4, column") and "`a` is there twice under `cases`, first in line 3" in line


@pytest.mark.parametrize(
    "text",
    [
        CASES,
        "shared: &shared {model: cobra:textbook}\ncases: {a: {<<: *shared, product: x}, b: {<<: *shared, model: y}}\n",
        "a: &x {k: 1}\nb: {<<: [*x, *x], <<: *x}\n",
        "model:\n  cobra:textbook\n",
        "model:\n  C:\\models\\mine.xml\n",
        "page: http://x.org:80/a\n",
        "genes: [b0001, HGNC:12]\n",
        "note: 'key:value'\n",
        "text: |\n  key:value\n  more:text\n",
        "\ufeffcases: {}\n",
        "a: &loop [*loop]\n",
        '{"a": {"b": "x:y\\/z"}}',
        '{\n\t"a":\t1\n}',
    ],
)
def test_what_is_meant_as_it_is_read_is_taken(tmp_path, text):
    path = tmp_path / "my.yaml"
    path.write_text(text, encoding="utf-8")
    check_file(path)


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("cases:\n  a:\n    model:cobra:textbook\n    product: EX\n", "line 3, column 5", "model: cobra:textbook"),
        ("cases:\n  a:\n    model: x\n    product:EX\n    min_growth: 1\n", "line 4, column 5", "product: EX"),
        ("cases:\n  a:\n    model: x\n    product:EX\nformulations: {}\n", "line 4, column 5", "product: EX"),
        ("cases:\n  a:\n    model:x\n", "line 3, column 5", "model: x"),
        ("medium: {EX_glc__D_e:10, EX_o2_e: 0}\n", "line 1, column 10", "EX_glc__D_e: 10"),
        ("costs: {PFK<=0.4:2}\n", "line 1, column 9", "PFK<=0.4: 2"),
        ("cases:x\n", "line 1, column 1", "cases: x"),
        ("steps:\n  - kind: x\n    limit:3\n    other: 2\n", "line 3, column 5", "limit: 3"),
    ],
)
def test_a_missing_space_after_a_colon(tmp_path, text, place, word):
    (line,) = faults(tmp_path, text)
    assert line.startswith(f"{place}: ")
    assert line.endswith(f"a space is missing after the colon: `{word}`")


@pytest.mark.parametrize(
    ("text", "place"),
    [("cases:\n\ta: 1\n", "line 2, column 1"), ("a:\t1\n", "line 1, column 3"), ("a: [1,\t2]\n", "line 1, column 7")],
)
def test_tabs(tmp_path, text, place):
    assert faults(tmp_path, text) == [f"{place}: a tab; YAML is indented and separated with spaces"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: 'x\n", "line 2, column 1: not valid YAML: "),
        ("a:\n  b: 1\n c: 2\n", "line 3, column 2: not valid YAML: "),
        ("a: *nowhere\n", "line 1, column 4: not valid YAML: found undefined alias"),
        ("a: b: c\n", "line 1, column 5: not valid YAML: "),
        ("? [a, b]\n: 1\n", "line 1, column 3: a list or mapping as a key"),
        ("a: \0\n", "not valid YAML: "),
        ("", "line 1, column 1: no keys at the top"),
        ("- a\n- b\n", "line 1, column 1: no keys at the top"),
        ("[" * 5000, "not valid YAML: "),
        (b"a: 1\n# gr\xfcn\n", "line 2: not UTF-8 text (byte 0xfc)"),
        ("a: 1\n".encode("utf-16"), "line 1: not UTF-8 text"),
    ],
)
def test_what_is_no_yaml_is_one_line(tmp_path, text, start):
    (line,) = faults(tmp_path, text)
    assert line.startswith(start)


def test_a_fault_has_the_whole_path_of_its_file(tmp_path, monkeypatch):
    (tmp_path / "tab.yaml").write_text("a:\t1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as refusal:
        check_file("tab.yaml")
    assert str(refusal.value).startswith(f"{tmp_path / 'tab.yaml'}: line 1, ")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        check_file(tmp_path / "none.yaml")
