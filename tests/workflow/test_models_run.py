"""Models as people have them, from the file to the exported strain."""

import cobra
import pytest
from cobra.io.mat import create_mat_dict
from scipy.io import savemat
from workspace import Workspace, case

pytestmark = pytest.mark.workflow


def odd() -> cobra.Model:
    """The core model with compartments that have no names, and ids that SBML cannot hold."""
    model = cobra.io.load_model("textbook")
    for metabolite in model.metabolites:
        metabolite.compartment = {"c": "c 0", "e": "1"}[metabolite.compartment]
    model.compartments = {"c 0": "", "1": ""}
    return model


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Workspace:
    config = {
        "cases": {"a": case(model="two.mat#odd")},
        "formulations": {"best": {"kind": "optknock", "max_interventions": 1}},
    }
    space = Workspace.make(tmp_path_factory.mktemp("run"), config)
    models = {"odd": create_mat_dict(odd()), "plain": create_mat_dict(cobra.io.load_model("textbook"))}
    savemat(space.work / "two.mat", models, oned_as="column")
    return space


def test_the_input_of_a_job_is_the_file_without_the_models_name(space):
    done = space.run("--dry-run")
    assert done.returncode == 0, done.stdout
    assert "two.mat" in done.stdout


@pytest.mark.long
def test_a_strain_with_odd_compartments_is_exported(space):
    done = space.run("results/a/strains")
    assert done.returncode == 0, done.stdout
    assert "two.mat#odd" in (space.results / "a/curation.tsv").read_text()
    strain = cobra.io.read_sbml_model(str(space.results / "a/strains/best/best.xml"))
    assert strain.compartments == {"c_0": "c 0", "_1": "1"}
