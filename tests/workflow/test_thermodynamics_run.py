"""Concentrations from end to end: the classical best design is impossible at -0.15 V, and comes back at -0.10 V."""

import json
import shutil
import subprocess
import sys

import pytest
import yaml
from workspace import ROOT, Workspace

from knockflow.base.files import sha256
from knockflow.base.tables import SUMMARY
from knockflow.layers.thermodynamics.designs_table import TABLE

pytestmark = pytest.mark.full


LAYER = {"thermodynamics": "concentrations"}


def limits(side):
    return {f"{side}concentration_min_m": 1e-100, f"{side}concentration_max_m": 1e9}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    config = yaml.safe_load((ROOT / "config/examples/thermodynamics.yaml").read_text())
    for name in ("driven", "less_charged"):
        config["cases"][name]["layers"]["thermodynamics"]["samples"] = 2
    driven = config["cases"]["driven"]
    ends = driven["conditions"]["membrane_potential_v"]
    equal = driven | {"conditions": driven["conditions"] | {"membrane_potential_v": [ends, ends]}}
    wide = {key: value for side in ("", "outside_") for key, value in limits(side).items()}
    more = {"equal": equal, "wide": config["cases"]["plain"] | {"layers": LAYER, "conditions": wide}}
    config["cases"] |= more
    space = Workspace.make(tmp_path_factory.mktemp("driven"), config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def designs(space, case):
    return TABLE.read(space.results / case / TABLE.file)


@pytest.mark.long
def test_all_designs_are_verified_with_concentrations(finished):
    rows = SUMMARY.read(finished.results / "summary.tsv")
    best = {row["case"]: row for row in rows if row["rank"] == "1"}
    assert {row["verified"] for row in rows} == {"true"}
    told = {case: (row["interventions"], float(row["product_min_mmol_per_gdw_h"])) for case, row in best.items()}
    assert told["plain"] == told["less_charged"] == ("-ACALD;-PYK", pytest.approx(9.101863, abs=1e-4))
    assert told["driven"] == ("-FORti;-PYK", pytest.approx(7.445769, abs=1e-4))


@pytest.mark.long
def test_all_designs_are_proven_by_arithmetic(finished):
    command = [sys.executable, "-I", "-S", str(ROOT / "scripts/check_certificates.py"), str(finished.results)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("3 designs proven, 14 conflicts of layers") == 2


@pytest.mark.long
def test_what_the_plain_cell_recommends_is_rejected_by_name(finished):
    rows = {(row["recommended_by"], row["interventions"]): row for row in designs(finished, "driven")}
    rejected = rows["plain", "-ACALD;-PYK"]
    assert rejected["growth_per_h"] == "" and rejected["conflict"] == "-ATPS4r"
    assert float(rejected["plain_product_min_mmol_per_gdw_h"]) == pytest.approx(9.101863, abs=1e-4)
    assert {row["recommended_by"] for row in designs(finished, "less_charged")} == {"both"}


@pytest.mark.long
def test_every_listed_design_has_concentrations_that_drive_it(finished):
    for case in ("driven", "less_charged"):
        listed = [row for row in designs(finished, case) if row["recommended_by"] != "plain"]
        assert len(listed) == 3
        for row in listed:
            assert float(row["driving_force_kj_per_mol"]) >= 1e-3
            assert row["bottlenecks"] and row["concentrations"]
            values = {
                name: float(value) for name, value in (one.rsplit(":", 1) for one in row["concentrations"].split(";"))
            }
            inside = [value for name, value in values.items() if name.endswith("_c")]
            assert min(inside) >= 0.9999e-4 and max(inside) <= 2.0001e-2
            assert int(row["samples"]) == 2 and int(row["samples_holding"]) <= int(row["samples_growing"]) <= 2


@pytest.mark.long
def test_the_report_says_what_both_cells_recommend_and_why(finished):
    page = (finished.results / "report.html").read_text()
    assert "no concentrations drive -ATPS4r; no other state grows at min_growth" in page
    assert "18 passive transport is exempt by the case" in page
    assert sha256(finished.results / "driven" / TABLE.file) in page


@pytest.mark.long
def test_a_potential_with_equal_ends_is_the_fixed_one_byte_for_byte(finished):
    for name in ("thermodynamics.tsv", TABLE.file, "validation.tsv", "targets.tsv", "robustknock/designs.tsv"):
        own, fixed = (finished.results / case / name for case in ("equal", "driven"))
        assert own.read_bytes() == fixed.read_bytes(), name


@pytest.mark.long
def test_ranges_that_limit_nothing_leave_the_plain_cell_byte_for_byte(finished):
    for name in ("targets.tsv", "robustknock/designs.tsv", "envelope.tsv"):
        wide, plain = (finished.results / case / name for case in ("wide", "plain"))
        assert wide.read_bytes() == plain.read_bytes(), name


@pytest.mark.long
def test_a_second_run_has_nothing_to_do(finished):
    assert finished.planned() == {}


def searched(space, *cases):
    """The lists of some cases, searched again, and the conflict sets that are then known, each line one."""
    for case in cases:
        (space.results / case / "robustknock/designs.tsv").unlink(missing_ok=True)
    done = space.run(*(f"results/{case}/robustknock/designs.tsv" for case in cases))
    assert done.returncode == 0, done.stdout
    lines = (space.results / "conflict_sets.jsonl").read_text().splitlines()
    sets = [(line["energies"], tuple(sorted(line["not together"]))) for line in map(json.loads, lines)]
    return [(space.results / case / "robustknock/designs.tsv").read_bytes() for case in cases], sets


@pytest.fixture(scope="module")
def later(finished, tmp_path_factory):
    """A later run, in a copy of the folder, with another product and no plain case that asks for it."""
    config = {"cases": dict(finished.config["cases"]), "formulations": finished.config["formulations"]}
    layer = config["cases"]["driven"]["layers"]["thermodynamics"] | {"compare_with_plain": True, "samples": 0}
    other = {"product": "EX_lac__D_e", "layers": {"thermodynamics": layer}}
    config["cases"]["other"] = config["cases"]["driven"] | other
    space = Workspace.make(tmp_path_factory.mktemp("later"), config)
    shutil.copytree(finished.work, space.work, dirs_exist_ok=True)
    return space


@pytest.mark.long
def test_stored_conflict_sets_change_no_list_of_this_or_another_product(finished, later):
    """Two cases at once, with the sets of the first run, and with none."""
    with_stored, sets = searched(later, "driven", "other")
    assert with_stored[0] == (finished.results / "driven/robustknock/designs.tsv").read_bytes()
    (later.results / "conflict_sets.jsonl").unlink()
    without, fresh = searched(later, "driven", "other")
    assert without == with_stored
    assert {energies for energies, _ in fresh} <= {energies for energies, _ in sets}


def test_what_the_plain_cell_recommends_is_searched_for_where_no_case_says_it(later):
    done = later.run("results/other/thermodynamics_designs.tsv")
    assert done.returncode == 0, done.stdout
    rows = {row["interventions"]: row for row in designs(later, "other") if row["recommended_by"] == "plain"}
    rejected = rows["-ACALD;-THD2"]
    assert float(rejected["plain_product_min_mmol_per_gdw_h"]) == pytest.approx(18.07384, abs=1e-4)
    assert (rejected["growth_per_h"], rejected["conflict"]) == ("", "-ATPS4r")
