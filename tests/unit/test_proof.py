"""Proofs that no design is better: accepted by Python alone as they are, rejected once anything is another."""

import json
import runpy
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import certified
import pytest
from certified import content_of, rewritten
from workspace import ROOT

from knockflow.base.files import sha256

CHECKER = ROOT / "scripts/check_proof.py"


def written(folder: Path, case, designs) -> Path:
    """The results that a proof is about, and the proof."""
    return certified.written(folder, case, designs, proven=True)


@pytest.fixture(scope="module")
def check():
    """What the checker says of a folder of results: nothing where all is proven."""
    return runpy.run_path(str(CHECKER))["main"]


@pytest.fixture(scope="module")
def proven(core_case, tmp_path_factory):
    """Of the core model and two interventions, by what must be made at the largest growth."""
    folder = tmp_path_factory.mktemp("proof")
    return written(folder / "case", core_case, core_case.design("robustknock", max_interventions=2, max_designs=2))


@pytest.fixture
def copy(proven, tmp_path):
    """A copy that a test may change: the proof's path, of its content each part."""
    for path in proven.parents[1].rglob("*.*"):
        if path.is_file():
            (there := tmp_path / "case" / path.relative_to(proven.parents[1])).parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
    return tmp_path / "case/proof/best.json.gz"


def test_python_alone_proves_that_no_design_is_better(proven):
    command = [sys.executable, "-I", "-S", str(CHECKER), str(proven.parents[2])]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    assert "none of 1276 sets of targets grows by 0.05/h and makes 9.101954 mmol/gDW/h of EX_succ_e" in done.stdout


def test_the_checker_is_short_and_imports_nothing_but_pythons_own():
    text = CHECKER.read_text()
    assert len(text.splitlines()) <= 230
    names = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("kind", ["optknock", "strong_coupling", "potential", "pfba_pessimistic"])
def test_formulations_of_other_responses_are_proven(kind, core_case, tmp_path, check, capsys):
    path = written(tmp_path / "case", core_case, core_case.design(kind, max_interventions=1))
    assert check(str(tmp_path)) is None
    assert "none of 51 sets" in capsys.readouterr().out and not content_of(path)["none"]


def test_genes_are_proven_through_their_rules(core_case_of_genes, tmp_path, check, capsys):
    written(tmp_path / "case", core_case_of_genes, core_case_of_genes.design("robustknock", max_interventions=1))
    assert check(str(tmp_path)) is None
    assert "sets of targets grows by" in capsys.readouterr().out


def damaged(content: dict, kind: str) -> None:
    if kind == "flux":
        name, flux = next(iter(content["states"][0].items()))
        content["states"][0][name] = str(Fraction(flux) * 2)
    elif kind == "state":
        del content["states"][1:]
    elif kind == "prices":
        prices = content["ceilings"][""]
        content["ceilings"][""] = {name: 2 * price for name, price in prices.items()}
    elif kind == "bound":
        del content["ceilings"]["-PGK|GAPD" if "-PGK|GAPD" in content["ceilings"] else sorted(content["ceilings"])[-1]]
    elif kind == "most":
        content["most"] = 1
    else:
        content["formulation"] = "optknock"


@pytest.mark.parametrize("kind", ["flux", "state", "prices", "bound", "most", "formulation"])
def test_what_does_not_hold_is_rejected_whatever_the_hash_is(copy, check, kind):
    content = content_of(copy)
    damaged(content, kind)
    rewritten(copy, content)
    assert "REJECTED" in check(str(copy.parents[2]))


def test_any_file_changed_is_seen(copy, check):
    for name in ("model.json", "targets.tsv", "best/designs.tsv"):
        path = copy.parents[1] / name
        before = path.read_bytes()
        path.write_bytes(before.replace(b"1", b"2", 1))
        assert f"{name} was changed" in check(str(copy.parents[2]))
        path.write_bytes(before)
    assert check(str(copy.parents[2])) is None


def test_a_list_without_its_best_design_is_rejected(copy, check):
    table, content = copy.parents[1] / "best/designs.tsv", content_of(copy)
    header, _, *rest = table.read_text().splitlines(keepends=True)
    table.write_text("".join([header, *rest]).replace("9.101863", "9.000000"))
    content["inputs"]["best/designs.tsv"] = sha256(table)
    rewritten(copy, content)
    assert "nothing rules out" in check(str(copy.parents[2]))


@pytest.fixture(scope="module")
def butanediol():
    """A case in which a pathway has to be completed, and two reactions may be added to it."""
    from knockflow import Case

    return Case(
        "cobra:textbook",
        "EX_14bdo_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.05,
        heterologous={"file": str(ROOT / "config/bdo.tsv")},
        targets={"interventions": {"+AKGDC": 1, "+SSCOARx": 1}, "costs": {"PYK": 2}},
    )


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("strong_coupling", {"max_interventions": 2}, "none of 1432 sets"),
        ("potential", {"max_interventions": 1}, "none of 54 sets"),
        ("optknock", {"max_interventions": 3, "max_cost": 2}, "none of 1380 sets"),
        ("optknock", {"max_interventions": 2, "max_per_kind": {"knock_out": 1}}, "none of 157 sets"),
        ("robustknock", {"max_interventions": 1, "min_value": 1.0}, "makes 1.000010"),
    ],
)
def test_additions_and_budgets_are_proven(kind, options, said, butanediol, tmp_path, check, capsys):
    path = written(tmp_path / "case", butanediol, butanediol.design(kind, **options))
    assert check(str(tmp_path)) is None
    assert said in capsys.readouterr().out and not content_of(path)["none"]


def test_a_better_set_with_an_addition_is_found(butanediol, tmp_path, check):
    """Also where the best listed is worse, as it is where the budget is smaller."""
    designs = butanediol.design("robustknock", max_interventions=1)
    designs.record["options"]["max_interventions"] = 2
    path = written(tmp_path / "case", butanediol, designs)
    assert "+SSCOARx" in content_of(path)["better"] and "REJECTED" in check(str(tmp_path))


def test_what_is_split_has_to_be_and_budgets_are_those_of_the_record(butanediol, tmp_path, check):
    path = written(tmp_path / "case", butanediol, butanediol.design("robustknock", max_interventions=2, max_cost=2))
    whole = content_of(path)
    assert whole["split"] and check(str(tmp_path)) is None
    rewritten(path, whole | {"split": whole["split"][1:]})
    assert "nothing rules out" in check(str(tmp_path))
    rewritten(path, whole)
    record = path.parents[1] / "best/record.json"
    options = json.loads(record.read_text())
    options["options"]["max_cost"] = 3
    record.write_text(json.dumps(options))
    assert "REJECTED" in check(str(tmp_path))


def test_what_exclusive_targets_forbid_is_not_called_better(core_case, tmp_path, check, capsys):
    from knockflow import Case

    groups = [["ACALD", "PYK"], ["ALCD2x", "PYK"]]
    options = {"medium": core_case.options["medium"], "min_growth": 0.05, "targets": {"exclusive": groups}}
    case = Case("cobra:textbook", "EX_succ_e", **options)
    written(tmp_path / "case", case, case.design("robustknock", max_interventions=2))
    assert check(str(tmp_path)) is None
    assert "is the best listed, if no targets in it exclude each other" in capsys.readouterr().out


def test_what_cannot_be_proven_says_why(core_case, tmp_path, check, capsys):
    designs = core_case.design("optcouple", max_interventions=1)
    path = written(tmp_path / "case", core_case, designs)
    assert content_of(path)["none"] == "not proven: of optcouple no state rules out other designs"
    assert check(str(tmp_path)) is None and "not proven" in capsys.readouterr().out


def test_no_proofs_are_no_proof(tmp_path, check):
    assert "no proofs" in check(str(tmp_path))
