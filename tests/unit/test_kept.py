"""Results that a folder knows again by their content: which get Snakemake's records back, and which do not."""

import json
import os
import shutil
import time
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from knockflow.base.files import sha256, write_json
from knockflow.base.kept import Names, content_hash, jobs_of, restore

SOURCES = {"cases.a.model": "models/core.json"}
INPUTS = {
    "results/a/model.json": ["models/core.json"],
    "results/a/gpr.tsv": ["results/a/model.json"],
    "results/a/strains": ["results/a/model.json", "results/a/gpr.tsv"],
}


def record_of(path: str, kind: str = "metadata") -> Path:
    return Path(".snakemake", kind, urlsafe_b64encode(path.encode()).decode())


@pytest.fixture
def made(tmp_path, monkeypatch) -> dict:
    """A run's files with Snakemake's records of them, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for path in ("models/core.json", "results/a/model.json", "results/a/gpr.tsv", "results/a/strains/f/best.xml"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(path)
    for path, inputs in INPUTS.items():
        hashes = {one: f"sha256:{sha256(one)}" for one in inputs}
        record = {"rule": "r", "params": ["'x'"], "input": inputs, "input_checksums": hashes, "endtime": 7.0}
        write_json(record_of(path), record)
    jobs = jobs_of(INPUTS, Names("results", SOURCES))
    write_json("results/provenance.json", {"jobs": jobs})
    return jobs


def test_what_is_kept_names_no_place_and_no_time(made):
    assert set(made) == {"results:a/model.json", "results:a/gpr.tsv", "results:a/strains"}
    assert made["results:a/model.json"]["inputs"] == {"source:cases.a.model": sha256("models/core.json")}
    assert made["results:a/model.json"]["record"] == {"rule": "r", "params": ["'x'"]}
    assert made["results:a/strains"]["sha256"] == content_hash("results/a/strains")


def test_records_come_back_elsewhere_with_one_time_for_all(made):
    shutil.rmtree(".snakemake")
    os.renames("results", "below/other")
    os.renames("models/core.json", "elsewhere/my.json")
    os.utime("below/other/a/gpr.tsv", (1, 1))
    restore(Names("below/other", {"cases.a.model": "elsewhere/my.json"}))
    record = json.loads(record_of("below/other/a/model.json").read_text())
    assert record["input"] == ["elsewhere/my.json"]
    assert record["input_checksums"] == {"elsewhere/my.json": f"sha256:{sha256('elsewhere/my.json')}"}
    assert (record["rule"], record["params"]) == ("r", ["'x'"])
    assert not any(Path(".snakemake/incomplete").iterdir())
    outputs = [path.replace("results", "below/other") for path in INPUTS]
    assert len({Path(path).stat().st_mtime_ns for path in outputs}) == 1


@pytest.mark.parametrize(
    ("edited", "incomplete"),
    [
        ("models/core.json", {"results/a/model.json"}),
        ("results/a/model.json", {"results/a/model.json", "results/a/gpr.tsv", "results/a/strains"}),
        ("results/a/gpr.tsv", {"results/a/gpr.tsv", "results/a/strains"}),
        ("results/a/strains/f/best.xml", {"results/a/strains"}),
    ],
)
def test_what_holds_something_else_or_is_made_of_it_is_made_again(made, edited, incomplete):
    shutil.rmtree(".snakemake")
    Path(edited).write_text("something else")
    os.utime(edited, (1, 1))  # an old time hides nothing
    restore(Names("results", SOURCES))
    assert {path for path in INPUTS if record_of(path, "incomplete").exists()} == incomplete
    assert {path for path in INPUTS if record_of(path).exists()} == set(INPUTS) - incomplete


@pytest.mark.parametrize("moment", [1, None, 4e9])
@pytest.mark.parametrize("content", ["", "results/a", "something else"])
def test_a_file_that_was_cut_emptied_or_swapped_is_made_again_whatever_its_time(made, content, moment):
    for path in ("results/a/gpr.tsv", "results/a/strains/f/best.xml"):
        Path(path).write_text(content)
        if moment is not None:
            os.utime(path, (moment, moment))
    restore(Names("results", SOURCES))
    assert {path for path in INPUTS if record_of(path, "incomplete").exists()} == set(INPUTS) - {"results/a/model.json"}
    assert all(Path(path).stat().st_mtime < 4e9 for path in Path("results").glob("benchmarks/*"))


def test_records_that_are_there_are_left_and_a_folder_of_another_time_is_no_newer(made):
    """One that a job has written since the run was over holds something else, and rightly so."""
    os.utime("results/provenance.json", (5, 5))
    Path("results/a/gpr.tsv").write_text("something else")
    record = json.loads(record_of("results/a/gpr.tsv").read_text())
    write_json(record_of("results/a/gpr.tsv"), record | {"endtime": time.time()})
    before = record_of("results/a/gpr.tsv").read_text()
    restore(Names("results", SOURCES))
    assert record_of("results/a/gpr.tsv").read_text() == before
    assert not any(Path(".snakemake/incomplete").iterdir())
    assert Path("results/a/strains").stat().st_mtime == 5


def test_nothing_is_touched_outside_the_results_or_while_another_run_is_under_way(made):
    shutil.rmtree(".snakemake")
    os.utime("models/core.json", (5, 5))
    entry = {"sha256": sha256("models/core.json"), "inputs": {}, "record": {}}
    write_json("results/provenance.json", {"jobs": {"results:../models/core.json": entry, "models/core.json": entry}})
    restore(Names("results", SOURCES))
    assert Path("models/core.json").stat().st_mtime == 5 and not Path(".snakemake/metadata").exists()
    write_json("results/provenance.json", {"jobs": made})
    write_json(".snakemake/locks/0.output.lock", [])
    restore(Names("results", SOURCES))
    assert not Path(".snakemake/metadata").exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"jobs": {', '{"jobs": []}', '{"jobs": {"a": {}}}'])
def test_a_record_of_jobs_that_is_not_whole_is_made_again(made, content):
    shutil.rmtree(".snakemake")
    Path("results/provenance.json").write_text(content)
    restore(Names("results", SOURCES))
    assert [path.name for path in Path(".snakemake").rglob("*") if path.is_file()] == [
        record_of("results/provenance.json").name
    ]
    assert record_of("results/provenance.json", "incomplete").exists()


def test_a_time_to_come_is_the_present_one(made):
    for path in (*INPUTS, "results/provenance.json"):
        os.utime(path, (4e9, 4e9))
    restore(Names("results", SOURCES))
    assert all(Path(path).stat().st_mtime <= time.time() for path in (*INPUTS, "results/provenance.json"))
    assert not any(Path(".snakemake/incomplete").iterdir())


def test_where_nothing_was_run_nothing_is_written(made):
    shutil.rmtree(".snakemake")
    Path("results/provenance.json").unlink()
    restore(Names("results", SOURCES))
    assert not Path(".snakemake").exists()
