"""The workflow from end to end, on the core model: results, reruns, and what a killed run leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from workspace import COPIED, ROOT, Workspace, assert_equal_work, case

from knockflow.base.files import read_table, sha256
from knockflow.base.tables import DESIGNS, RESULTS, SUMMARY

pytestmark = pytest.mark.workflow

DOWNSTREAM = {"validate": 1, "certificates": 1, "export": 1, "summary": 1, "report": 1, "check": 1}
AFTER_VALIDATION = {stage: 1 for stage in DOWNSTREAM if stage != "certificates"}
EVERYTHING = {"read": 1, "curate": 1, "problem": 1, "design": 3} | DOWNSTREAM

FORMULATIONS = {
    "optknock": {"kind": "optknock", "method": "tree", "max_interventions": 1},
    "robustknock": {"kind": "robustknock", "method": "strong_duality", "solver": "cbc", "max_interventions": 1},
    "strong": {"kind": "strong_coupling", "method": "strong_duality", "solver": "highs", "max_interventions": 1},
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A workspace whose first run is through."""
    space = Workspace.make(
        tmp_path_factory.mktemp("run"), {"cases": {"succinate": case()}, "formulations": FORMULATIONS}
    )
    done = space.run()
    assert done.returncode == 0, done.stdout
    space.told = done.stdout
    return space


def test_every_design_is_verified(finished):
    rows = SUMMARY.read(finished.results / "summary.tsv")
    assert {row["verified"] for row in rows} == {"true"}
    assert {row["status"] for row in rows} == {"optimal"}
    assert (finished.results / "check.txt").read_text() == (
        f"{len(rows)} of {len(rows)} designs verified; by genes {len(rows)} same\n"
    )


def test_every_table_that_is_written_is_declared_and_has_its_columns(finished):
    declared = {table.file: table for table in RESULTS}
    written = [path for path in finished.results.rglob("*.tsv") if "benchmarks" not in path.parts]
    assert {path.name for path in written} == set(declared) - {"front.tsv", "products.tsv"}  # only where asked for
    for path in written:
        header = path.read_text().splitlines()[0].split("\t")
        assert tuple(header) == declared[path.name].names and declared[path.name].read(path), path


def test_the_terminal_has_a_line_for_each_stage_and_the_answer_last(finished):
    lines = finished.told.splitlines()
    assert len(lines) <= 40
    assert all(line.isprintable() for line in lines)
    stages = [line.split("] ")[1].split(":")[0] for line in lines if line.startswith("[")]
    assert {f"succinate {name}" for name in ("curate", "problem", "validate")} < set(stages)
    assert {f"succinate/{name} design" for name in FORMULATIONS} < set(stages)
    answer = (finished.results / "answer.txt").read_text()
    assert answer.startswith("succinate: at least ")
    assert finished.told.endswith(f"\n{answer}The report is {finished.results / 'report.html'}\n")


def test_optknock_promises_what_it_does_not_guarantee(finished):
    best = next(row for row in SUMMARY.read(finished.results / "summary.tsv") if row["formulation"] == "optknock")
    assert best["interventions"] == "-PYK"
    assert float(best["product_max_mmol_per_gdw_h"]) == pytest.approx(6.968152, abs=1e-4)
    assert float(best["product_min_mmol_per_gdw_h"]) == pytest.approx(0, abs=1e-4)
    assert best["coupling"] == "potential"


def test_robustknock_guarantees(finished):
    best = DESIGNS.read(finished.results / "succinate/robustknock/designs.tsv")[0]
    assert best["interventions"] == "-FORti"
    assert float(best["value_mmol_per_gdw_h"]) == pytest.approx(0.678148, abs=1e-4)


def test_every_promised_file_is_there(finished):
    for name in ("model.json", "curation.tsv", "gpr.tsv", "targets.tsv", "problem.npz"):
        assert (finished.results / "succinate" / name).stat().st_size
    assert not (finished.results / "succinate/thermodynamics.tsv").exists()
    for name in ("curate", "problem", "validate"):
        assert (finished.results / f"logs/succinate/{name}.python.log").is_file()
        assert (finished.results / f"benchmarks/succinate/{name}.tsv").is_file()
    solver_log = finished.results / "logs/succinate/robustknock/design.solver.log"
    assert "CBC" in solver_log.read_text()
    assert finished.record("succinate", "robustknock")["confirmed_by"] == "tree"


def test_nothing_is_written_outside_of_the_results(finished):
    beside = {path.name for path in finished.work.iterdir()} - {"results.crate.zip"}
    assert beside == {"results", ".snakemake", "my-config.yaml"}
    assert {path.name for path in finished.root.iterdir()} == {*COPIED, ".venv"}


def test_a_second_run_has_nothing_to_do(finished):
    again = finished.run().stdout
    assert "Nothing to be done" in again
    assert (finished.results / "answer.txt").read_text() in again


@pytest.mark.parametrize(
    ("paths", "rerun"),
    [
        ("scripts/knockflow/model/curation/balance.py", EVERYTHING),
        ("scripts/knockflow/layers/thermodynamics/estimates.py scripts/knockflow/methods/exhaustive.py", {}),
        ("scripts/knockflow/numerics/elimination.py", {"problem": 1, "design": 3} | DOWNSTREAM),
        ("scripts/knockflow/methods/tree/method.py", {"design": 3} | DOWNSTREAM),
        ("scripts/knockflow/methods/single_level/method.py", {"design": 2} | DOWNSTREAM),
        ("scripts/knockflow/validation/validation.py", AFTER_VALIDATION),
        ("scripts/knockflow/designs/summary.py", AFTER_VALIDATION),
        ("scripts/knockflow/numerics/exact.py", {"certificates": 1, "report": 1, "check": 1}),
        ("scripts/knockflow/stages/export/strains.py", {"export": 1, "check": 1}),
        ("scripts/knockflow/stages/export/bench.py", {"export": 1, "check": 1}),
        ("scripts/check.py", {"check": 1}),
        ("workflow/report/report.html.j2", {"report": 1, "check": 1}),
        ("workflow/report/page.js", {"report": 1, "check": 1}),
        ("requirements.lock", EVERYTHING),
    ],
)
def test_an_edit_reruns_the_stages_that_use_it(finished, paths, rerun):
    with ExitStack() as edits:
        for path in paths.split():
            file, more = finished.root / path, b"\n# edited\n" if not path.endswith("j2") else b"\n{# edited #}\n"
            edits.enter_context(finished.edited(file, file.read_bytes() + more))
        assert finished.planned() == rerun


def test_an_archive_plans_nothing_elsewhere_and_is_checked_by_python_alone(finished, tmp_path):
    checked, planned = finished.unpacked(tmp_path)
    assert "designs proven" in checked and "Nothing to be done" in planned


def test_an_edited_option_reruns_its_own_design_job_only(finished):
    changed = FORMULATIONS | {"optknock": FORMULATIONS["optknock"] | {"max_designs": 2}}
    jobs = replace(finished, config=finished.config | {"formulations": changed}).planned_jobs()
    assert {job for job in jobs if job[0] == "design"} == {("design", "case=succinate, formulation=optknock")}
    after = {"validate", "certificates", "summary", "export", "report", "check"}
    assert {rule for rule, _ in jobs} == {"design", *after, "all"}


def test_equal_work_gives_equal_bytes(finished, tmp_path):
    """Other folder, cores, hash seed and locale; what differs says how long things took."""
    again = Workspace.make(tmp_path / "größer", finished.config)
    done = again.run("--cores", "1", PYTHONHASHSEED="77", LC_ALL="C", TZ="Asia/Tokyo")
    assert done.returncode == 0, done.stdout
    assert_equal_work(finished.results, again.results)


def test_copied_results_are_known_by_their_content(finished, tmp_path):
    space = finished.copied(tmp_path)
    assert space.planned() == {}
    file = space.root / "scripts/knockflow/methods/single_level/method.py"
    file.write_text(file.read_text() + "# edited\n")
    assert space.planned() == {"design": 2} | DOWNSTREAM


def test_copied_results_that_do_not_fit_are_made_again(finished, tmp_path):
    """With an old time, which hides nothing."""
    space = finished.copied(tmp_path)
    table = space.results / "succinate/optknock/designs.tsv"
    table.write_text(table.read_text().replace("PYK", "PFL"))
    os.utime(table, (1, 1))
    assert space.planned() == {"design": 1} | DOWNSTREAM


def test_a_killed_run_leaves_nothing_that_counts(tmp_path):
    slow = {"slow": {"kind": "potential", "method": "exhaustive", "max_interventions": 4, "max_designs": "all"}}
    space = Workspace.make(tmp_path, {"cases": {"succinate": case()}, "formulations": slow})
    log = space.results / "logs/succinate/slow/design.python.log"
    process = subprocess.Popen(
        space.command("--until", "design"),
        cwd=space.root,
        env=space.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not log.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert log.exists()
    time.sleep(1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (space.results / "succinate/slow/designs.tsv").exists()
    assert not (space.results / "succinate/slow/record.json").exists()
    slow["slow"] |= {"max_interventions": 1}
    assert space.run("--unlock").returncode == 0
    done = space.run("--rerun-incomplete", "--until", "design")
    assert done.returncode == 0, done.stdout
    assert space.record("succinate", "slow")["status"] == "optimal"


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A workspace where a search was done at once, in parts, and with a limit that is too short."""
    whole = {"kind": "robustknock", "max_interventions": 3, "max_designs": 10}
    short = {"kind": "optknock", "max_interventions": 6, "time_limit_s": 0.5}
    formulations = {"whole": whole, "scattered": whole | {"scatter": 3}, "short": short}
    space = Workspace.make(
        tmp_path_factory.mktemp("searched"), {"cases": {"succinate": case()}, "formulations": formulations}
    )
    done = space.run("--until", "design")
    assert done.returncode == 0, done.stdout
    return space


def test_a_scattered_search_gives_the_same_list(searched):
    folder = searched.results / "succinate/scattered"
    whole = searched.results / "succinate/whole/designs.tsv"
    assert (folder / "designs.tsv").read_bytes() == whole.read_bytes()
    assert searched.record("succinate", "scattered")["proven"]
    assert sorted(path.name for path in (folder / "parts").iterdir()) == [
        *(f"{part}-of-3.json" for part in (1, 2, 3)),
        "seeds.json",
    ]
    (folder / "parts/2-of-3.json").unlink()
    (folder / "designs.tsv").unlink()
    jobs = [wildcards for rule, wildcards in searched.planned_jobs() if rule in ("part", "seeds")]
    assert len(jobs) == 1 and "part=2" in jobs[0]


def test_a_time_limit_is_reported_and_not_dressed_up(searched):
    record = searched.record("succinate", "short")
    assert (record["status"], record["proven"]) == ("feasible", False)
    assert "time limit" in record["reason"]
    assert record["gap"] > 0


def test_no_design_is_an_answer_with_its_reason(tmp_path):
    space = Workspace.make(
        tmp_path,
        {
            "cases": {"hungry": case(min_growth=0.5), "wild": case(product="EX_co2_e", min_growth=0.05)},
            "formulations": {"best": {"kind": "robustknock", "max_interventions": 0}},
        },
    )
    done = space.run()
    assert done.returncode == 0, done.stdout
    assert DESIGNS.read(space.results / "hungry/best/designs.tsv") == []
    record = space.record("hungry", "best")
    assert record["status"] == "infeasible"
    assert "0.211663" in record["reason"]
    wild = DESIGNS.read(space.results / "wild/best/designs.tsv")
    assert [row["interventions"] for row in wild] == [""]
    starved, alone = SUMMARY.read(space.results / "summary.tsv")
    assert (starved["case"], starved["status"], starved["rank"], starved["verified"]) == (
        "hungry",
        "infeasible",
        "",
        "",
    )
    assert "opening one exchange brings it back (mmol/gDW/h): EX_o2_e" in starved["reason"]
    assert (alone["status"], alone["rank"], alone["verified"]) == ("optimal", "1", "true")
    assert alone["reason"] == "max_interventions is 0, so only the wild type is evaluated"
    growth, budget = json.loads((space.results / "diagnosis.json").read_text())["diagnoses"]
    assert (growth["kind"], growth["max_growth_per_h"]) == ("growth", 0.211663)
    assert growth["exchanges"][0]["EX_o2_e"] == pytest.approx(-8.1829, abs=1e-3)
    assert (budget["kind"], budget["max_interventions"], budget["said"]) == ("budget", 0, "")
    told = (space.results / "check.txt").read_text().splitlines()
    assert told[0] == "no design was found" and told[1].startswith("no design for hungry, best: growth 0.211663")
    assert 'calm-box"' not in (space.results / "report.html").read_text()


def test_a_wrong_configuration_ends_before_any_job(tmp_path):
    """Each of its errors has a line of its own."""
    wrong = {
        "cases": {"a": case(medum={}), "b": case(min_growth=-1)},
        "formulations": {
            "f": {"kind": "optknok"},
            "g": {"kind": "optknock", "method": "strong_duality", "solver": "cplexx"},
            "h": {"kind": "optknock", "max_cost": -3},
        },
    }
    space = Workspace.make(tmp_path, wrong)
    done = space.run()
    assert done.returncode != 0
    lines = [line for line in done.stdout.splitlines() if "my-config.yaml: " in line]
    expected = (
        ["cases.a", "`medum`", "did you mean medium?"],
        ["cases.b.min_growth", "-1"],
        ["formulations.f.kind", "optknok", "did you mean optknock"],
        ["formulations.g.solver", "cplexx", "cbc"],
        ["formulations.h.max_cost", "-3"],
    )
    for words in expected:
        assert any(all(word in line for word in words) for line in lines), words
    assert "Traceback" not in done.stdout
    assert not space.results.exists()


def test_wrong_ids_are_named_all_at_once(tmp_path):
    wrong = case(product="EX_suc_e", medium={"EX_glc_e": 10}, targets={"exclude": ["PYKK"]})
    space = Workspace.make(tmp_path, {"cases": {"a": wrong}, "formulations": {"f": {"kind": "optknock"}}})
    done = space.run()
    assert done.returncode != 0
    for word in ("EX_suc_e", "EX_succ_e", "EX_glc_e", "EX_glc__D_e", "PYKK"):
        assert word in done.stdout
    assert "Traceback" not in done.stdout
    log = space.results / "logs/a/curate.python.log"
    last = done.stdout[done.stdout.index(f"Log: {log}\nERROR ") :].splitlines()[1:]
    assert log.read_text().endswith("\n".join(last).removeprefix("ERROR ") + "\n")
    assert not (space.results / "a/model.json").exists()


def test_a_model_of_the_users_own(tmp_path, data):
    """A path in the configuration counts from the configuration file."""
    mine = case(model=os.path.relpath(f"{data}/models/e_coli_core.json.gz", tmp_path / "work"))
    space = Workspace.make(
        tmp_path, {"cases": {"mine": mine}, "formulations": {"f": {"kind": "optknock", "max_interventions": 2}}}
    )
    done = space.run("--until", "summary")
    assert done.returncode == 0, done.stdout
    assert {row["verified"] for row in SUMMARY.read(space.results / "summary.tsv")} == {"true"}


@pytest.mark.long
def test_directions_from_thermodynamics_reach_the_follower(tmp_path):
    layered = case(layers={"thermodynamics": "directions"})
    aerobic = layered | {"medium": {"EX_glc__D_e": 10}, "conditions": {"membrane_potential_v": [-0.2, -0.1]}}
    formulations = {"f": {"kind": "optknock", "max_interventions": 1}}
    space = Workspace.make(tmp_path, {"cases": {"layered": layered, "other": aerobic}, "formulations": formulations})
    done = space.run("--until", "thermodynamics")
    assert done.returncode == 0, done.stdout
    energies = list((space.work / "resources/models/thermodynamics").glob("*.json"))
    assert len(energies) == 1, "two cases of one chemistry share one file"
    space.config = {"cases": {"layered": layered}, "formulations": formulations}
    done = space.run()
    assert done.returncode == 0, done.stdout
    rows = read_table(space.results / "layered/validation.tsv", ("verified", "verified_by"))
    assert {(row["verified"], row["verified_by"]) for row in rows} == {("true", "cobra+layer")}
    assert sha256(space.results / "layered/thermodynamics.tsv") in (space.results / "report.html").read_text()
    edited = space.root / "scripts/knockflow/layers/thermodynamics/estimates.py"
    edited.write_text(edited.read_text() + "# edited\n")
    after = {"problem": 1, "design": 1} | DOWNSTREAM
    assert space.planned() == {"thermodynamics": 1} | after


def test_the_default_configuration_is_valid_and_lint_is_clean():
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--lint"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
