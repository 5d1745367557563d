"""What docs/architecture.md shows is built from the page in a copy of the project, run, and checked with COBRApy."""

import json
import re
import shutil
import subprocess

import pytest
import yaml
from cobra.io import load_model
from workspace import ROOT, Workspace

pytestmark = pytest.mark.workflow

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`([\w/.-]+)`:\n\n```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
"""A file's name in a line of its own, the language of the block below it, and what stands in the file or changes."""

MIN_GROWTH = 0.05
FOUND = """
import json, os
for names, designs in (("proven", proven), ("quick", quick)):
    print(json.dumps([names, designs.record["status"], designs.to_frame().to_dict("list")], default=list))
print(json.dumps(["checks", *[sorted(set(zip(one["verified"], one["verified_by"]))) for one in checks]], default=bool))
"""


def changed(text: str, name: str, block: str) -> str:
    """A file's text with the lines that a diff takes away and puts there."""
    before, after = ("".join(f"{line[1:]}\n" for line in block.splitlines() if line[:1] != sign) for sign in ("+", "-"))
    assert text.count(before) == 1, f"{name} has no longer what the page changes:\n{before}"
    return text.replace(before, after)


def build(space: Workspace) -> None:
    """Write the page's files into the copy, and register them."""
    for name, language, block in FILES:
        path = space.root / name
        if language == "diff":
            path.write_text(changed(path.read_text(encoding="utf-8"), name, block), encoding="utf-8")
        else:
            assert not path.exists(), f"{name} is there without the page"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block, encoding="utf-8")


def shown(language: str) -> str:
    """The page's last block of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[-1]


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Workspace:
    """The project with all that the page adds, after a run of the page's configuration."""
    made = Workspace.make(tmp_path_factory.mktemp("run"), yaml.safe_load(shown("yaml")))
    build(made)
    done = made.run()
    assert done.returncode == 0, done.stdout
    return made


def rows(space: Workspace, name: str) -> list[dict[str, str]]:
    """A table of the case."""
    head, *lines = (space.results / "capped" / name).read_text(encoding="utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


@pytest.fixture(scope="module")
def capped():
    """COBRApy's own core model without oxygen, with the cap that the page's case asks for."""
    model = load_model("textbook")
    model.tolerance = 1e-9
    model.reactions.EX_o2_e.lower_bound = 0
    model.reactions.PFK.bounds = -8, 8
    return model


def measured(model, interventions: str) -> tuple[float, float]:
    """Growth (1/h) of a strain, and the least product (mmol/gDW/h) of its states that grow at min_growth."""
    with model:
        for name in re.findall(r"[\w]+", interventions):
            model.reactions.get_by_id(name).knock_out()
        growth = model.slim_optimize()
        model.reactions.Biomass_Ecoli_core.lower_bound = MIN_GROWTH
        model.objective = "EX_succ_e"
        model.objective_direction = "min"
        return growth, model.slim_optimize()


def test_each_is_a_folder_or_a_file_and_its_registration():
    new = {name.split("/")[2]: name for name, language, _ in FILES if language != "diff"}
    registries = {name for name, language, _ in FILES if language == "diff"}
    assert set(new) == {"layers", "formulations", "methods"}
    assert registries == {f"scripts/knockflow/{room}/registry.py" for room in new}
    assert {name.rsplit("/", 1)[0] for name, language, _ in FILES if "/layers/" in name and language != "diff"} == {
        "scripts/knockflow/layers/caps"
    }


def test_what_holds_for_every_layer_holds_for_it(space):
    copy = space.root / "tests/contract/test_layers.py"
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tests/contract/test_layers.py", copy)
    asked = ["-q", "-c", "/dev/null", "-p", "no:cacheprovider", "-k", "caps", str(copy)]
    done = subprocess.run(
        [space.python, "-m", "pytest", *asked], env=space.environment, cwd=space.root, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 4


def test_the_layer_holds_in_the_search_and_in_cobrapy(space, capped):
    checked = rows(space, "validation.tsv")
    assert {(row["verified"], row["verified_by"]) for row in checked} == {("true", "cobra+layer")}
    wild = next(row for row in reversed(rows(space, "envelope.tsv")) if row["formulation"] == "wild type")
    assert float(wild["growth_per_h"]) == pytest.approx(capped.slim_optimize(), abs=1e-5)
    for row in checked:
        assert float(row["growth_per_h"]) == pytest.approx(measured(capped, row["interventions"])[0], abs=1e-6)
        # Without the cap the same design grows faster.
        assert float(row["plain_growth_per_h"]) > float(row["growth_per_h"]) + 0.01


@pytest.mark.parametrize("name", ["proven", "quick"])
def test_the_formulation_has_the_value_that_it_declares(space, capped, name):
    found = rows(space, f"{name}/designs.tsv")
    values = [float(row["value_mmol_per_gdw_h"]) for row in found]
    assert len(values) == 3 and values == sorted(values, reverse=True)
    assert values == pytest.approx([measured(capped, row["interventions"])[1] for row in found], abs=1e-5)
    assert {space.record("capped", name)["formulation"]} == {"guaranteed"}


def test_the_method_takes_the_best_next_intervention_and_claims_no_proof(space, capped):
    proven, quick = (space.record("capped", name) for name in ("proven", "quick"))
    assert (proven["status"], proven["proven"], proven["method"]) == ("optimal", True, "tree")
    assert (quick["status"], quick["proven"], quick["method"]) == ("feasible", False, "greedy")
    assert "greedy proves nothing" in quick["reason"]
    candidates = [row["target"] for row in rows(space, "targets.tsv") if row["status"] == "candidate"]
    first = max(candidates, key=lambda target: measured(capped, target)[1])
    best = max(measured(capped, f"{first};{other}")[1] for other in candidates if alive(capped, f"{first};{other}"))
    assert quick["objective"] == pytest.approx(best, abs=1e-5) and quick["objective"] < proven["objective"]


def alive(model, interventions: str) -> bool:
    return measured(model, interventions)[0] >= MIN_GROWTH


def test_a_notebook_finds_the_same(space):
    script = shown("python") + FOUND
    done = subprocess.run(
        [space.python, "-c", script], env=space.environment, cwd=space.work, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    *lists, checks = map(json.loads, done.stdout.splitlines())
    for name, status, table in lists:
        found = rows(space, f"{name}/designs.tsv")
        assert status == space.record("capped", name)["status"]
        assert [";".join(one) for one in table["interventions"]] == [row["interventions"] for row in found]
        for column in ("value_mmol_per_gdw_h", "growth_per_h", "product_min_mmol_per_gdw_h"):
            assert table[column] == pytest.approx([float(row[column]) for row in found], abs=1e-6)
    assert checks == ["checks", *[[[True, "cobra+layer"]]] * 2]
