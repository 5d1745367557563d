"""Every layer on the core model: search and strain, notebook and workflow say the same; a new one is one folder."""

import random
from itertools import combinations

import pytest
from workspace import Workspace, case

from knockflow import Case
from knockflow.base.tables import DESIGNS, VALIDATION
from knockflow.designs.claims import Claims
from knockflow.follower.respond import respond
from knockflow.layers.registry import layers

pytestmark = pytest.mark.workflow

LAYERS = layers()
SEARCH = {"kind": "robustknock", "max_interventions": 2, "max_designs": 2}
SIDES = ("product_min", "product_max", "product_min_at_min_growth", "product_max_at_min_growth")
FILES = {
    "__init__": """
from knockflow.layers.layer import Layer

LAYER = Layer(
    key="cap",
    title="the largest flux of a reaction",
    schema={
        "description": "Largest flux in mmol/gDW/h by reaction; null limits none.",
        "type": ["object", "null"],
        "additionalProperties": {"type": "number", "minimum": 0},
        "default": None,
    },
    example={"layers": {"cap": {"PFL": 5}}},
    follower="knockflow.layers.cap.follower",
    strain="knockflow.layers.cap.strain",
)
""",
    "follower": """
from knockflow.layers.in_follower import InFollower


class Caps(InFollower):
    def __init__(self, most):
        self.most = most

    def extend(self, extension):
        for name, most in self.most.items():
            extension.add_row(f"cap of {name}", {name: 1.0}, -float("inf"), most)


def of(given):
    return Caps(given.options)
""",
    "strain": """
def rebuild(model, given):
    for name, most in given.options.items():
        model.reactions.get_by_id(name).upper_bound = most
""",
}


def options(layer) -> dict:
    """The core model with a layer; rules of genes need genes as targets."""
    return case(targets={"level": "genes"}) | layer.example


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The working directory of the notebook, where models and energies are kept."""
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def notebook(kept):
    """A case in Python with each layer, by its key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(kept)
        return {key: Case(**options(layer)) for key, layer in LAYERS.items()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of all layers, and of one more that is a folder and a name in the registry."""
    cases = {key: options(layer) for key, layer in LAYERS.items()}
    cases["capped"] = case(layers={"cap": {"PFL": 5}})
    folder = tmp_path_factory.mktemp("run")
    space = Workspace.make(folder, {"cases": cases, "formulations": {"f": SEARCH}})
    own = space.root / "scripts/knockflow/layers/cap"
    own.mkdir()
    for name, text in FILES.items():
        (own / f"{name}.py").write_text(text)
    registry = own.parent / "registry.py"
    registry.write_text(registry.read_text().replace("NAMES = (", 'NAMES = ("cap", '))
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


@pytest.mark.long
@pytest.mark.parametrize("key", LAYERS)
def test_notebook_and_workflow_agree(finished, notebook, key, tmp_path):
    designs = notebook[key].design(SEARCH["kind"], **{name: SEARCH[name] for name in SEARCH if name != "kind"})
    DESIGNS.write(tmp_path / "designs.tsv", designs.table)
    assert (tmp_path / "designs.tsv").read_text() == (finished.results / f"{key}/f/designs.tsv").read_text()
    theirs = VALIDATION.read(finished.results / f"{key}/validation.tsv")
    claims = Claims("f", DESIGNS.read(tmp_path / "designs.tsv"), designs.record)
    VALIDATION.write(tmp_path / "validation.tsv", notebook[key].checked(claims))
    assert VALIDATION.read(tmp_path / "validation.tsv") == theirs
    assert {(row["verified"], row["verified_by"]) for row in theirs} == {("true", "cobra+layer")}


@pytest.mark.parametrize("key", LAYERS)
def test_search_and_strain_respond_alike(notebook, key):
    layered = notebook[key]
    problem = layered.problem
    numbers = problem.candidates()
    sets = random.Random(1).sample(list(combinations(numbers, 2)), 8)
    for chosen in [(), *sets]:
        names = [problem.targets.ids[t].split("|")[0] for t in chosen]
        own, strain = respond(problem, frozenset(chosen)), layered.respond(names)
        if own is None:
            assert not (strain["growth_per_h"] or 0) >= problem.min_growth + 1e-6, names
            continue
        assert own.growth == pytest.approx(strain["growth_per_h"], abs=1e-6), names
        for side in SIDES:
            assert getattr(own, side) == pytest.approx(strain[f"{side}_mmol_per_gdw_h"], abs=1e-4), (names, side)


@pytest.mark.parametrize("key", [key for key, layer in LAYERS.items() if layer.loose is not None])
def test_loose_limits_change_nothing(key, kept, monkeypatch):
    monkeypatch.chdir(kept)
    plain, loose = Case(**case()), Case(**case() | LAYERS[key].loose)
    assert loose.problem.max_growth == pytest.approx(plain.problem.max_growth, abs=1e-8)
    assert loose.targets == plain.targets
    tables = [one.design("optknock", max_interventions=1).table for one in (plain, loose)]
    assert [row["interventions"] for row in tables[0]] == [row["interventions"] for row in tables[1]]
    assert loose.design("optknock", max_interventions=1).validate()["verified"].all()


@pytest.mark.long
def test_a_layer_is_added_by_one_folder_and_its_name(finished):
    (row,) = [row for row in VALIDATION.read(finished.results / "capped/validation.tsv") if row["rank"] == "1"]
    assert (row["verified"], row["verified_by"]) == ("true", "cobra+layer")
    (plain,) = Case(**case()).design(SEARCH["kind"], max_interventions=2, max_designs=1).table
    capped = DESIGNS.read(finished.results / "capped/f/designs.tsv")[0]
    assert float(capped["value_mmol_per_gdw_h"]) != pytest.approx(plain["value_mmol_per_gdw_h"], abs=1e-3)
    assert "cap: the largest flux of a reaction" in (finished.results / "report.html").read_text()
