"""What is wrong with a configuration is said before any job, by plain Snakemake, too."""

import pytest
import yaml
from workspace import Workspace, case

pytestmark = pytest.mark.workflow

FORMULATIONS = {"best": {"kind": "optknock", "method": "kkt", "solver": "gurobi", "max_interventions": 1}}


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Workspace:
    return Workspace.make(tmp_path_factory.mktemp("run"), {"cases": {"a": case()}, "formulations": FORMULATIONS})


def run_with(space, text: str):
    (space.work / "other.yaml").write_text(text)
    done = space.run("--configfile", str(space.work / "other.yaml"))
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert not space.results.exists()
    return done.stdout


def test_a_second_case_of_one_name(space):
    text = yaml.safe_dump(space.config).replace("formulations:", "  a: {model: cobra:textbook}\nformulations:")
    line = 1 + text.splitlines().index("  a: {model: cobra:textbook}")
    said = f"other.yaml: line {line}, column 3: `a` is there twice under `cases`, first in line 2"
    assert said in run_with(space, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases:\n\ta: {}\n", "line 2, column 1: a tab; YAML is indented and separated with spaces"),
        ("cases:\n  a:\n    model:x\n    product: y\n", "line 3, column 5: `model:x`: a space is missing after"),
    ],
)
def test_what_snakemake_itself_cannot_read(space, text, said):
    told = run_with(space, text).splitlines()
    assert said in told[-1]
    assert "not valid JSON" not in "".join(told)


def test_a_model_and_a_solver_that_are_not_there(space):
    (space.work / "ecoli.xml").write_text("x")
    told = run_with(space, yaml.safe_dump(space.config | {"cases": {"a": case(model="ecolli.xml")}}))
    assert "cases.a.model: `ecolli.xml`: there is no such file" in told
    assert "did you mean ecoli.xml?" in told
    assert "MissingInputException" not in told
    gurobi = "formulations.best.solver: gurobi is not installed; run `.venv/bin/pip install gurobipy`"
    assert gurobi in told or __import__("importlib.util").util.find_spec("gurobipy")


def test_on_a_cluster_each_job_looks_for_its_solver(space):
    """A login node may lack what the nodes have."""
    done = space.run("--dry-run", "--quiet", "--software-deployment-method", "env-modules")
    assert done.returncode == 0, done.stdout
