"""Certificates of a run: accepted as they are, rejected once anything in them or beside them is another."""

import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workspace import ROOT, Workspace, case

CHECKER = ROOT / "scripts/check_certificates.py"
CONFIG = {
    "cases": {
        "genes": case(
            targets={"level": "genes", "interventions": {"PGI<=30%": 1, "EX_fru_e>=-5": 1, "b1854<=0.5": 1}},
            formulations=["robustknock"],
        ),
        "energies": case(
            layers={"thermodynamics": "directions", "enzymes": "default"},
            conditions={"concentration_min_m": 1e-4, "confidence_z": 0},
            formulations=["robustknock", "lethal"],
            proof=True,
        ),
        "added": case(
            heterologous={"file": str(ROOT / "config/bdo.tsv")},
            product="EX_14bdo_e",
            targets={"interventions": {"+AKGDC": 1, "+SSCOARx": 1}},
            formulations=["optknock"],
        ),
    },
    "formulations": {
        "optknock": {"kind": "optknock", "max_interventions": 3, "max_designs": 2},
        "robustknock": {"kind": "robustknock", "max_interventions": 3, "max_designs": 2},
        "lethal": {
            "kind": "mcs",
            "suppress": ["Biomass_Ecoli_core >= 0.001"],
            "max_interventions": 2,
            "max_designs": 12,
        },
    },
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    space = Workspace.make(tmp_path_factory.mktemp("certificates"), CONFIG)
    done = space.run("--until", "certificates", "proof")
    assert done.returncode == 0, done.stdout
    return space.results


def one_file(results: Path, folder: Path, case_name: str, name: str) -> Path:
    """What the certificate of one formulation is about, in a folder that a test may change."""
    for file in ("model.json", f"{name}/designs.tsv", f"certificates/{name}.json"):
        (there := folder / case_name / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(results / case_name / file, there)
    return folder


@pytest.fixture
def copied(results, tmp_path):
    """Of the case with genes."""
    return one_file(results, tmp_path, "genes", "robustknock")


@pytest.fixture(scope="module")
def check():
    """What the checker ends with: nothing where all is proven."""
    main = runpy.run_path(str(CHECKER))["main"]
    return lambda folder: main(str(folder)) or ""


def alone(checker: Path, folder: Path) -> subprocess.CompletedProcess:
    """Python alone: no packages, another folder."""
    command = [sys.executable, "-I", "-S", str(checker), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/")


def rewritten(path: Path, change) -> None:
    """A certificate with other content, and with the hash of that."""
    content = json.loads(path.read_text().partition("\n")[2])
    change(content)
    rest = json.dumps(content)
    path.write_text(json.dumps({"sha256": hashlib.sha256(rest.encode()).hexdigest()}) + "\n" + rest)


def test_every_design_is_proven_by_python_alone(results):
    done = alone(CHECKER, results)
    assert done.returncode == 0, done.stderr
    said = {"/".join(line.split(":")[0].split("/")[-3::2]): line for line in done.stdout.splitlines()}
    assert "designs proven" in said["genes/robustknock.json"] and "designs proven" in said["added/optknock.json"]
    assert "bounds of layers, 64 rows of layers" in said["energies/robustknock.json"]
    assert "12 designs proven" in said["energies/lethal.json"]
    done = alone(CHECKER.with_name("check_proof.py"), results)
    assert done.returncode == 0, done.stderr
    proven, refused = sorted(done.stdout.splitlines(), key=lambda line: "not proven" in line)
    assert "none of" in proven and "bounds of layers, 64 rows of layers" in proven
    assert refused.endswith("not proven: of mcs no state rules out other designs")


@pytest.mark.long
def test_designs_of_a_genome_are_proven_and_that_none_is_better(tmp_path):
    genome = case(model="cobra:iJO1366", min_growth=0.1, proof=True)
    options = {"kind": "optknock", "max_interventions": 2, "max_designs": 3}
    space = Workspace.make(tmp_path, {"cases": {"genome": genome}, "formulations": {"best": options}})
    done = space.run("--until", "certificates", "proof")
    assert done.returncode == 0, done.stdout
    for checker, said in (("check_certificates.py", "3 designs proven"), ("check_proof.py", "none of 1362076 sets")):
        done = alone(CHECKER.with_name(checker), space.results)
        assert done.returncode == 0 and said in done.stdout, done.stderr


def test_the_checker_is_short_and_imports_nothing_but_pythons_own():
    text = CHECKER.read_text()
    assert len(text.splitlines()) <= 150
    names = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names


def test_no_certificates_are_no_proof(tmp_path):
    done = alone(CHECKER, tmp_path)
    assert done.returncode == 1
    assert "no certificates" in done.stderr


def leaves(content, path=()):
    """Every text and number in some JSON, by its place."""
    if isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in items:
            yield from leaves(value, (*path, key))
    else:
        yield path


def test_any_number_or_text_changed_in_a_certificate_is_seen(copied, check):
    """Without a new hash: every field, one of each kind."""
    path = copied / "genes/certificates/robustknock.json"
    first, _, rest = path.read_text().partition("\n")
    content = json.loads(rest)
    kinds = {tuple(key if isinstance(key, str) else 0 for key in place)[:3]: place for place in leaves(content)}
    assert len(kinds) > 10
    for place in kinds.values():
        changed = json.loads(rest)
        inside = changed
        for key in place[:-1]:
            inside = inside[key]
        old = inside[place[-1]]
        inside[place[-1]] = old + 1 if isinstance(old, int | float) else f"1{old}"
        path.write_text(first + "\n" + json.dumps(changed))
        assert "was changed" in check(copied), place


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("flux", "is not within its bounds"),
        ("growth_per_h", "is proven"),
        ("product_min_mmol_per_gdw_h", "is proven"),
        ("product_max_mmol_per_gdw_h", "is proven"),
        ("product_min_at_min_growth_mmol_per_gdw_h", "is proven"),
    ],
)
def test_arithmetic_rejects_what_does_not_hold_whatever_the_hash_is(copied, check, kind, said):
    def change(content):
        design = content["designs"][0]
        if kind == "flux":
            design["state"]["PGI"] = "1/3"
        else:
            design[kind] = {name: 1.5 * price for name, price in design[kind].items()} or {"atp_c": 1.0}

    rewritten(copied / "genes/certificates/robustknock.json", change)
    assert said in check(copied)


def test_a_claim_that_is_too_good_is_rejected(copied, check):
    """A wrong search, whatever had made it wrong."""
    table = copied / "genes/robustknock/designs.tsv"
    header, first, *rest = table.read_text().splitlines()
    column = header.split("\t").index("product_min_mmol_per_gdw_h")
    cells = first.split("\t")
    cells[column] = f"{float(cells[column]) + 0.01:.6f}"
    table.write_text("\n".join([header, "\t".join(cells), *rest]) + "\n")
    name = "genes/certificates/robustknock.json"
    assert "robustknock/designs.tsv was changed" in check(copied)
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    rewritten(copied / name, lambda content: content["inputs"].update({"robustknock/designs.tsv": digest}))
    assert "product_min_mmol_per_gdw_h is" in check(copied)


def test_one_coefficient_of_the_model_changed_is_rejected(copied, check):
    path = copied / "genes/model.json"
    model = json.loads(path.read_text())
    biomass = next(one for one in model["reactions"] if one.get("objective_coefficient"))
    biomass["metabolites"]["atp_c"] *= 1.001
    path.write_text(json.dumps(model))
    assert "model.json was changed" in check(copied)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    change = {"model.json": digest}
    rewritten(copied / "genes/certificates/robustknock.json", lambda content: content["inputs"].update(change))
    assert "atp_c" in check(copied)


def test_a_row_of_a_layer_that_is_another_is_rejected(results, tmp_path, check):
    path = one_file(results, tmp_path, "energies", "robustknock") / "energies/certificates/robustknock.json"

    def change(content):
        content["rows"]["constraint budget_of_enzymes"][2] *= 0.9

    rewritten(path, change)
    assert "budget_of_enzymes" in check(tmp_path)


def test_a_cut_set_that_cuts_nothing_or_too_much_is_rejected(results, tmp_path, check):
    path = one_file(results, tmp_path, "energies", "lethal") / "energies/certificates/lethal.json"

    def useless(content):
        content["designs"][0]["suppress"] = [{}]

    def not_minimal(content):
        content["designs"][-1]["without"].popitem()

    original = path.read_text()
    for change, said in ((useless, "is left"), (not_minimal, "KeyError")):
        path.write_text(original)
        rewritten(path, change)
        assert said in check(tmp_path)
