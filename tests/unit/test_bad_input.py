"""Inputs that are wrong, by the hundred: a clear refusal or a right result, no harm done; and the faults found so."""

import gzip
import json
import os
import traceback
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml
from bad_input import clear, of_configuration, of_model, of_table
from fuzzed_configurations import base, configuration, text
from hostile import CANARY, CASE, KEYS_OF_TABLES, TABLES, WRITERS, small_model, watched, write_all
from mutated_models import mutated, table

from knockflow import Case
from knockflow.base.errors import ConfigError, KnockflowError, ModelError
from knockflow.model import read
from knockflow.settings.read import read_configuration

SEARCH = {"kind": "robustknock", "max_interventions": 2}
MANY = pytest.mark.long


def numbers(few: int, many: int) -> list:
    """So many cases by default, and so many where long tests are asked for, a hundred in each test."""
    return [range(few), *(pytest.param(range(n, n + 100), marks=MANY) for n in range(few, few + many, 100))]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """The model in every format, and the tables."""
    folder = tmp_path_factory.mktemp("files")
    write_all(folder)
    return folder


@pytest.fixture
def folder(files, monkeypatch):
    """That folder as the working directory, in which nothing new may be left."""
    monkeypatch.chdir(files)
    before = [path.name for path in files.iterdir()]
    yield files
    # Where models of BiGG would be kept.
    assert {path.name for path in files.iterdir()} <= {*before, "resources"}
    assert not Path(CANARY).exists()


def ended(found: Counter, which: range) -> None:
    """That each case has ended, and those of a large number in several ways."""
    assert found.total() >= len(which)
    assert len(which) < 50 or found["refused"] < found.total()


@pytest.mark.parametrize("which", numbers(18, 1000))
def test_configurations_from_the_schema(folder, which):
    found: Counter = Counter()
    for number in which:
        file = folder / "my.yaml"
        file.write_text(yaml.safe_dump(configuration(Random(number)), allow_unicode=True), encoding="utf-8")
        with watched(folder):
            found += of_configuration(file)
        file.unlink()
    ended(found, which)


@pytest.mark.parametrize("which", numbers(14, 400))
def test_files_of_configurations(folder, which):
    for number in which:
        file = folder / "my.yaml"
        file.write_bytes(text(Random(number)))
        with watched(folder):
            assert of_configuration(file)
        file.unlink()


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("which", numbers(5, 200))
def test_models(folder, ending, which):
    found: Counter = Counter()
    for number in which:
        file = folder / f"mutated.{ending}"
        file.write_bytes(mutated(Random(number), folder, ending))
        found[in_a_process(folder, file) if len(which) > 5 else outcome(folder, file)] += 1
        file.unlink()
    ended(found, which)
    assert not found["crashed"]


def outcome(folder: Path, file: Path) -> str:
    with watched(folder):
        return of_model(file, SEARCH)


def in_a_process(folder: Path, file: Path) -> str:
    """The same in a process that a library may end."""
    words = ("refused", "confirmed", "no design")
    child = os.fork()
    if not child:
        code = len(words)
        try:
            code = words.index(outcome(folder, file))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "crashed"
    assert os.WEXITSTATUS(status) < len(words), file.name
    return words[os.WEXITSTATUS(status)]


@pytest.mark.parametrize("which", numbers(8, 300))
def test_tables(folder, which):
    found: Counter = Counter()
    for number in which:
        random = Random(number)
        name = random.choice(list(TABLES))
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(table(random, name))
        try:
            with watched(folder):
                found[of_table(folder, name, KEYS_OF_TABLES[name], SEARCH)] += 1
        finally:
            (folder / name).write_bytes(before)
    ended(found, which)


def test_what_is_not_wrong_is_not_refused(folder):
    for ending in WRITERS:
        assert of_model(folder / f"small.{ending}", SEARCH) == "confirmed"
    for name, keys in KEYS_OF_TABLES.items():
        assert of_table(folder, name, keys, SEARCH) == "confirmed"


# The faults that were found so


def refusal(call, *given, kind=KnockflowError, **more) -> str:
    with pytest.raises(kind) as caught:
        call(*given, **more)
    return str(caught.value)


def test_what_a_terminal_obeys_is_shown_as_it_is_written():
    assert str(ConfigError("a\x1b[2J\x00\u202eb\ud800 ü\n")) == "a\\x1b[2J\\x00\\u202eb\\ud800 ü\n"


@pytest.mark.parametrize("name", ["a\x00b", "x" * 300, "\ud800.json", "small.json/x"])
@pytest.mark.parametrize(
    "keys",
    [
        {"targets": {"table": ""}},
        {"layers": {"regulation": {"table": ""}}},
        {"layers": {"enzymes": {"kcats": "", "masses": "masses.tsv", "budget": 0.1}}},
        {"heterologous": {"file": ""}},
        {},
    ],
)
def test_names_that_no_file_has_are_told(folder, tmp_path, keys, name):
    named = yaml.safe_load(yaml.safe_dump(keys).replace("''", json.dumps(name)))
    model = "small.json" if keys else name
    assert clear(KnockflowError(refusal(Case, model, **CASE | named)))
    config = base()
    config["cases"]["small"] |= {"model": model} | named
    (tmp_path / "my.yaml").write_text(yaml.safe_dump(config))
    assert "my.yaml: cases.small." in refusal(read_configuration, tmp_path / "my.yaml")


def test_cases_that_are_a_text_are_told(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text("cases: text\n")
    assert "`text` is not of type object" in refusal(read_configuration, file)


def test_an_id_that_no_solver_takes_is_refused(folder, tmp_path):
    model = small_model()
    model.reactions.FAST.id = "F" * 230
    for ending, write in WRITERS.items():
        write(model, tmp_path / f"a.{ending}")
        said = refusal(Case, str(tmp_path / f"a.{ending}"), **CASE)
        assert "the id has 230 characters, of which solvers take 200" in said
    for cell in ("NEW", "p_c"):
        (tmp_path / "more.tsv").write_text(TABLES["more.tsv"].replace(cell, "x" * 300 + cell))
        keys = {"heterologous": {"file": str(tmp_path / "more.tsv")}}
        assert "has at most 200 characters" in refusal(Case, "small.json", **CASE, **keys)


def test_costs_of_enzymes_at_which_glpk_ends_the_process_are_refused(folder, tmp_path):
    (tmp_path / "masses.tsv").write_text(TABLES["masses.tsv"].replace("40", "1e-300"))
    enzymes = {"kcats": "kcats.tsv", "masses": str(tmp_path / "masses.tsv"), "budget": 0.1}
    said = refusal(Case, "small.json", **CASE, layers={"enzymes": enzymes})
    assert said.startswith("layers.enzymes: the enzymes of FAST cost 2.77778e-306 g h/mmol")


@pytest.mark.parametrize("number", [1e10, -1e308, 10**40])
def test_numbers_that_only_blur_are_refused(number):
    config = base()
    config["cases"]["small"]["cell_objective"] = {"BIOMASS": number}
    said = refusal(Case, "small.json", "EX_p_e", cell_objective={"BIOMASS": number})
    assert "cell_objective.BIOMASS" in said and "at most 1e+09 is allowed" in said
    for key, written in (("forced", f"FAST<={number}"), ("interventions", f"FAST>={number}")):
        value = {written: 1} if key == "interventions" else [written]
        assert "above 1e+09" in refusal(Case, "small.json", "EX_p_e", targets={key: value})


def test_more_interventions_than_targets_are_no_more_work(folder):
    case = Case("small.json", **CASE)
    assert len(case.design("robustknock", method="exhaustive", max_interventions=10**9).table) > 0


def test_a_few_bytes_that_stand_for_many_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MOST_BYTES", 1000)
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b" " * 2000))
    said = refusal(read.read_model, str(tmp_path / "a.json.gz"), tmp_path, kind=ModelError)
    assert said == "a.json.gz: unpacked it has more than 1000 bytes; no model is as large"


class Endless:
    """A server that never ends, a piece at a time."""

    length = None

    def read1(self, size: int) -> bytes:
        return b"x" * min(size, 100)


def test_a_download_ends_by_its_size_and_its_time(monkeypatch):
    monkeypatch.setattr(read, "MOST_PACKED", 1000)
    assert "the server sends over 1000 bytes" in refusal(read.received, Endless(), "x", kind=ModelError)
    monkeypatch.setattr(read, "MOST_SECONDS", -1)
    assert "it takes more than -1 s" in refusal(read.received, Endless(), "x", kind=ModelError)
