"""The default configuration: genes to delete, every design verified, and made by genes as it is."""

import json
import os
import time
from pathlib import Path

import pytest
import yaml
from workspace import Workspace, assert_equal_work, case

from knockflow.api import Case
from knockflow.base.files import read_table
from knockflow.base.tables import SUMMARY

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config/config.yaml").read_text())

BEST = {
    ("lactate", "optknock"): ("-b0351;-b1241;-b1602|b1603;-b1761", 18.176124),
    ("lactate", "robustknock"): ("-b0351;-b1241;-b1602|b1603;-b1761", 18.176124),
    ("lactate", "strong_coupling"): (None, 12.215209),
    ("succinate", "optknock"): ("-b0767|b1852|b2029;-b1676;-b1854;-b2463", 9.105064),
    ("succinate", "robustknock"): ("-b0351;-b1241;-b1676;-b1854", 9.101863),
    ("succinate", "strong_coupling"): ("-b0351;-b1241;-b1380;-b2133", 6.735175),
}
SECONDS = 90


def test_the_golden_numbers_are_of_the_default_configuration():
    assert {(case, name) for case in CONFIG["cases"] for name in CONFIG["formulations"]} == set(BEST)
    assert {case["targets"]["level"] for case in CONFIG["cases"].values()} == {"genes"}


@pytest.mark.parametrize("name", CONFIG["cases"])
def test_its_designs_are_verified_and_the_same_by_genes(name):
    """With `tree` for all, which is quick and confirms the list of every other method."""
    case = Case(**CONFIG["cases"][name])
    for formulation, asked in CONFIG["formulations"].items():
        designs = case.design(asked["kind"], max_interventions=asked["max_interventions"])
        interventions, value = BEST[name, formulation]
        best = designs.table[0]
        assert best["value_mmol_per_gdw_h"] == pytest.approx(value, abs=1e-5)
        assert interventions in (None, ";".join(best["interventions"]))
        assert designs.record["proven"]
        assert {(row["verified"], row["by_genes"]) for row in designs.validate().to_dict("records")} == {(True, "same")}


@pytest.mark.long
@pytest.mark.workflow
def test_the_default_run(tmp_path):
    space = Workspace.make(tmp_path, CONFIG)
    idle = os.getloadavg()[0] < 0.5 and (os.cpu_count() or 1) >= 2
    started = time.monotonic()
    done = space.run()
    took = time.monotonic() - started
    assert done.returncode == 0, done.stdout
    rows = SUMMARY.read(space.results / "summary.tsv")
    assert {(row["verified"], row["by_genes"], row["status"]) for row in rows} == {("true", "same", "optimal")}
    first = {(row["case"], row["formulation"]): row for row in rows if row["rank"] == "1"}
    for key, (interventions, value) in BEST.items():
        assert float(first[key]["value_mmol_per_gdw_h"]) == pytest.approx(value, abs=1e-5)
        assert interventions in (None, first[key]["interventions"])
    for name in CONFIG["cases"]:
        for formulation in CONFIG["formulations"]:
            lab = read_table(space.results / name / "strains" / formulation / "lab.tsv", ("by_genes", "action"))
            assert {(row["by_genes"], row["action"]) for row in lab} == {("same", "delete")}
    assert "calm-box" in (space.results / "report.html").read_text().split("<main>")[0].split("<body>")[1]
    assert "lactate: at least 18.176 mmol/gDW/h at growth" in done.stdout
    # Lines of progress are more, the slower the machine.
    assert len(done.stdout.splitlines()) <= 40 or not idle
    # A test machine that does something else says nothing of what two idle cores need.
    assert took < SECONDS or not idle


@pytest.mark.long
@pytest.mark.workflow
def test_the_default_run_has_equal_bytes_wherever_it_runs(tmp_path):
    """One core and two, twice, in other folders, with other hash seeds and locales; copies have no jobs."""
    runs = [
        ("one", "1", {"PYTHONHASHSEED": "0", "LC_ALL": "C"}),
        ("two", "2", {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}),
        ("again", "2", {"PYTHONHASHSEED": "4711", "LC_ALL": "POSIX", "TZ": "Asia/Tokyo"}),
        ("größer", "1", {"LANG": "de_DE.UTF-8", "OMP_NUM_THREADS": "2"}),
    ]
    spaces = []
    for name, cores, environment in runs:
        space = Workspace.make(tmp_path / name, CONFIG)
        space.patience = 3600  # where other work is under way
        done = space.run("--cores", cores, **environment)
        assert done.returncode == 0, done.stdout
        spaces.append(space)
    for space in spaces[1:]:
        assert_equal_work(spaces[0].results, space.results)
    assert spaces[0].copied(tmp_path / "clone").planned() == {}
    (tmp_path / "archive").mkdir()
    checked, planned = spaces[1].unpacked(tmp_path / "archive")
    assert "designs proven" in checked and "Nothing to be done" in planned
    assert (tmp_path / "archive/results/report.html").read_text().startswith("<!")


@pytest.mark.long
@pytest.mark.workflow
def test_a_design_whose_genes_kill_is_told_everywhere(tmp_path):
    """The second best of three reactions for succinate; the exit code stays that of what is verified."""
    config = {
        "cases": {"succinate": case()},
        "formulations": {"robustknock": {"kind": "robustknock", "max_interventions": 3}},
    }
    space = Workspace.make(tmp_path, config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    design = "-ACALD;-D_LACt2|LDH_D;-TKT2"
    rows = SUMMARY.read(space.results / "summary.tsv")
    assert [(row["interventions"], row["verified"], row["by_genes"]) for row in rows][1] == (design, "true", "lethal")
    assert {"b2465", "b2935"} <= set(rows[1]["genes"].split(";"))
    assert (space.results / "check.txt").read_text().splitlines() == [
        "3 of 3 designs verified; by genes 2 same, 1 lethal",
        f"succinate, robustknock, rank 2: by genes lethal: {design}",
    ]
    strains = space.results / "succinate/strains/robustknock"
    lab = read_table(strains / "lab.tsv", ("rank", "by_genes", "action", "note"))
    second = [row for row in lab if row["rank"] == "2"]
    assert second[0]["action"] == "do not build" and second[0]["note"].startswith("LETHAL")
    assert [one["by_genes"] for one in json.loads((strains / "cobra.json").read_text())] == ["same", "lethal", "same"]
    head = (space.results / "report.html").read_text().split("<main>")[0].split("<body>")[1]
    assert "calm-box" not in head and "rank 2 lethal" in head
