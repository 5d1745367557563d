"""Files that a configuration names and that are not there, and sections that a pasted snippet lacks."""

import pytest

from knockflow.base.errors import ConfigError
from knockflow.base.sources import MODEL_ENDINGS
from knockflow.model.read import FORMATS, PACKINGS
from knockflow.numerics import mip_programs as interfaces
from knockflow.numerics.mip_programs import SOLVERS
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.settings.solvers import missing_solvers
from knockflow.settings.sources import missing_files

SCHEMA = read_schema()
FORMULATIONS = {"best": {"kind": "optknock"}}


def config(known=None, **case) -> dict:
    content = {"cases": {"core": {"model": "cobra:textbook", "product": "EX"} | case}, "formulations": FORMULATIONS}
    return checked(content | ({"formulations": known} if known else {}), SCHEMA, "my.yaml")


def refused(content: dict) -> str:
    with pytest.raises(ConfigError) as refusal:
        checked(content, SCHEMA, "my.yaml")
    (line,) = str(refusal.value).splitlines()
    return line


@pytest.fixture
def folder(tmp_path):
    """A folder with a configuration's files: two models, a table, and a folder with a third model."""
    (tmp_path / "models").mkdir()
    for name in ("ecoli.xml", "yeast.json.gz", "rules.tsv", "models/core.mat"):
        (tmp_path / name).write_text("x")
    return tmp_path


def missing(folder, others=(), **case) -> str:
    (line,) = missing_files(config(**case), folder, others)
    return line


def test_files_that_are_there_are_taken(folder):
    full = config(
        model="models/core.mat#second",
        heterologous={"file": str(folder / "yeast.json.gz")},
        targets={"table": "rules.tsv"},
        layers={"regulation": {"table": "rules.tsv"}},
    )
    assert missing_files(full, folder) == []
    assert missing_files(config(layers={"regulation": "default"}), folder) == []
    assert missing_files(config(model="bigg:iML1515"), folder) == []


@pytest.mark.parametrize(
    ("key", "case"),
    [
        ("model", {"model": "ecolli.xml"}),
        ("heterologous.file", {"heterologous": {"file": "ecolli.xml"}}),
        ("targets.table", {"targets": {"table": "ecolli.xml"}}),
        ("essential_genes.table", {"essential_genes": {"table": "ecolli.xml"}}),
        ("layers.regulation.table", {"layers": {"regulation": {"table": "ecolli.xml"}}}),
    ],
)
def test_a_file_that_is_not_there_has_its_key_and_the_nearest(folder, key, case):
    line = missing(folder, **case)
    assert line.startswith(f"cases.core.{key}: `ecolli.xml`: there is no such file ({folder / 'ecolli.xml'})")
    assert line.endswith("did you mean ecoli.xml?")


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("nothing.like.it", "the folder holds ecoli.xml, yeast.json.gz"),
        ("modles/other.mat", "the folder `modles` is not there; did you mean the folder models?"),
        ("models", "is a folder, not a file"),
        ("textbook", "a model that comes with COBRApy is `cobra:textbook`, one of BiGG `bigg:textbook`"),
        ("core.mat", "write `models/core.mat`"),
        ("models/core.mt#a", "did you mean core.mat?"),
    ],
)
def test_what_may_have_been_meant(folder, source, end):
    assert end in missing(folder, model=source)


def test_only_what_can_be_a_model_is_offered_for_one(folder):
    (folder / "ecoly.yaml").write_text("cases: {}\n")
    (folder / "ecoly.json").write_text("[]")
    (folder / "ecoly.xml.txt").write_text("x")
    assert missing(folder, model="ecoly.xml").endswith("did you mean ecoli.xml?")
    (folder / "ecoly.yaml").write_text("!!omap\n- metabolites:\n")
    assert missing(folder, model="ecoly.xml").endswith("did you mean ecoli.xml, ecoly.yaml?")
    assert "ecoly.xml.txt" in missing(folder, targets={"table": "ecoly.xml"})


def test_a_folder_without_models(folder):
    (folder / "models/core.mat").rename(folder / "models/core.tsv")
    assert missing(folder, model="models/no.xml").endswith("the folder holds no model")


def test_the_endings_of_models_are_those_that_are_read():
    assert set(MODEL_ENDINGS) == set(FORMATS) and set(PACKINGS) == {".gz", ".bz2"}


def test_a_path_that_counts_from_elsewhere(folder):
    assert "write `../ecoli.xml`" in missing(folder / "models", [folder], model="ecoli.xml")


def test_a_snippet_without_formulations_is_told_which_to_add():
    case = {"model": "cobra:textbook", "product": "EX"}
    line = refused({"cases": {"a": case}})
    assert "the key `formulations` is missing; add for instance `formulations: {robustknock: {kind: " in line
    assert "optknock" in line and "mcs" in line
    asked = refused({"cases": {"a": case | {"formulations": ["optknock", "lethal"]}}})
    assert asked.endswith("add `formulations: {optknock: {kind: optknock}, lethal: {kind: robustknock}}`")
    for empty in (None, {}):
        assert "formulations: nothing stands under it; add" in refused({"cases": {"a": case}, "formulations": empty})
    assert "add for instance `cases: {" in refused({"formulations": FORMULATIONS})


def test_what_is_told_to_add_is_valid():
    import yaml

    line = refused({"cases": {"a": {"model": "cobra:textbook", "product": "EX", "formulations": ["robustknok"]}}})
    added = yaml.safe_load(line.split("add `")[1].split("`")[0])
    assert added == {"formulations": {"robustknok": {"kind": "robustknock"}}}


def test_a_formulation_that_a_case_asks_for_and_that_is_not_there():
    case = {"model": "cobra:textbook", "product": "EX", "formulations": ["optcouple"]}
    line = refused({"cases": {"a": case}, "formulations": FORMULATIONS})
    assert line.startswith(
        "my.yaml: cases.a.formulations: no formulation `optcouple`; add it there: `optcouple: {kind:"
    )
    near = refused({"cases": {"a": case | {"formulations": ["bset"]}}, "formulations": FORMULATIONS})
    assert "no formulation `bset`; did you mean best?" in near


def test_a_solver_that_is_not_installed_is_found_without_starting_it(monkeypatch):
    asked = {"a": {"kind": "optknock", "method": "kkt", "solver": "gurobi"}, "b": {"kind": "optknock"}}
    monkeypatch.setattr(interfaces, "find_spec", lambda name: None)
    monkeypatch.setattr(interfaces.shutil, "which", lambda name: None)
    assert missing_solvers(config(asked)) == [
        f"formulations.a.solver: gurobi is not installed; {SOLVERS['gurobi'].install}"
    ]
    for name in SOLVERS:
        assert missing_solvers(config({"a": asked["a"] | {"solver": name, "method": "benders"}}))
    assert missing_solvers(config(asked, formulations=["b"])) == [], "no case asks for it"
    assert missing_solvers(config({"a": asked["a"] | {"solver": None}}))[0].startswith("formulations.a.solver: cbc")
    monkeypatch.setattr(interfaces, "find_spec", lambda name: name == "gurobipy")
    assert missing_solvers(config(asked)) == []


def test_solvers_that_come_with_knockflow_are_there():
    assert SOLVERS["cbc"].is_there and SOLVERS["highs"].is_there
