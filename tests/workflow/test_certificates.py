"""Certificates of a run: accepted as they are, rejected once anything in them or beside them is another."""

import hashlib
import json
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
            formulations=["optknock", "robustknock"],
        ),
        "energies": case(
            layers={"thermodynamics": "directions"},
            conditions={"concentration_min_m": 1e-4, "confidence_z": 0},
            formulations=["robustknock"],
        ),
        "added": case(
            heterologous={"file": str(ROOT / "config/bdo.tsv")},
            product="EX_14bdo_e",
            targets={"interventions": {"+AKGDC": 1, "+SSCOARx": 1}},
            formulations=["optknock"],
        ),
        "lethal": case(formulations=["lethal"]),
        "switched": case(layers={"regulation": "default"}, formulations=["robustknock"]),
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
    done = space.run("--until", "certificates")
    assert done.returncode == 0, done.stdout
    return space.results


@pytest.fixture
def copied(results, tmp_path):
    """A copy of the results that a test may change."""
    return Path(shutil.copytree(results, tmp_path / "results"))


def check(folder) -> subprocess.CompletedProcess:
    """Python alone: no packages, another folder."""
    command = [sys.executable, "-I", "-S", str(CHECKER), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/")


def rewritten(path: Path, change) -> None:
    """A certificate with other content, and with the hash of that."""
    content = json.loads(path.read_text().partition("\n")[2])
    change(content)
    rest = json.dumps(content)
    path.write_text(json.dumps({"sha256": hashlib.sha256(rest.encode()).hexdigest()}) + "\n" + rest)


def test_every_design_is_proven_by_python_alone(results):
    done = check(results)
    assert done.returncode == 0, done.stderr
    said = {line.rsplit("/", 3)[1]: line for line in done.stdout.splitlines()}
    assert "designs proven" in said["genes"] and "designs proven" in said["added"]
    assert "bounds that layers narrow" in said["energies"]
    assert "12 designs proven" in said["lethal"]
    assert "not proven: its layers make the cell a mixed-integer program" in said["switched"]


def test_the_checker_is_short_and_imports_nothing_but_pythons_own():
    text = CHECKER.read_text()
    assert len(text.splitlines()) <= 150
    names = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names


def test_no_certificates_are_no_proof(tmp_path):
    done = check(tmp_path)
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


def test_any_number_or_text_changed_in_a_certificate_is_seen(copied):
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
        done = check(copied)
        assert done.returncode == 1 and "was changed" in done.stderr, place


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
def test_arithmetic_rejects_what_does_not_hold_whatever_the_hash_is(copied, kind, said):
    def change(content):
        design = content["designs"][0]
        if kind == "flux":
            design["state"]["PGI"] = "1/3"
        else:
            design[kind] = {name: 1.5 * price for name, price in design[kind].items()} or {"atp_c": 1.0}

    rewritten(copied / "genes/certificates/robustknock.json", change)
    done = check(copied)
    assert done.returncode == 1 and said in done.stderr


def test_a_claim_that_is_too_good_is_rejected(copied):
    """A wrong search, whatever had made it wrong."""
    table = copied / "genes/robustknock/designs.tsv"
    header, first, *rest = table.read_text().splitlines()
    column = header.split("\t").index("product_min_mmol_per_gdw_h")
    cells = first.split("\t")
    cells[column] = f"{float(cells[column]) + 0.01:.6f}"
    table.write_text("\n".join([header, "\t".join(cells), *rest]) + "\n")
    name = "genes/certificates/robustknock.json"
    assert "robustknock/designs.tsv was changed" in check(copied).stderr
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    rewritten(copied / name, lambda content: content["inputs"].update({"robustknock/designs.tsv": digest}))
    assert "product_min_mmol_per_gdw_h is" in check(copied).stderr


def test_one_coefficient_of_the_model_changed_is_rejected(copied):
    path = copied / "genes/model.json"
    model = json.loads(path.read_text())
    biomass = next(one for one in model["reactions"] if one.get("objective_coefficient"))
    biomass["metabolites"]["atp_c"] *= 1.001
    path.write_text(json.dumps(model))
    assert "model.json was changed" in check(copied).stderr
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for name in ("optknock", "robustknock"):
        change = {"model.json": digest}
        rewritten(copied / f"genes/certificates/{name}.json", lambda content, new=change: content["inputs"].update(new))
    assert "atp_c" in check(copied).stderr


def test_a_cut_set_that_cuts_nothing_or_too_much_is_rejected(copied):
    path = copied / "lethal/certificates/lethal.json"

    def useless(content):
        content["designs"][0]["suppress"] = [{}]

    def not_minimal(content):
        content["designs"][-1]["without"].popitem()

    original = path.read_text()
    for change, said in ((useless, "is left"), (not_minimal, "KeyError")):
        path.write_text(original)
        rewritten(path, change)
        done = check(copied)
        assert done.returncode == 1 and said in done.stderr
