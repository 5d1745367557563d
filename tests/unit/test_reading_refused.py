"""What a model file says in a way that would be read as something else: refused, with the place, or told."""

import faulthandler
import json
import os
import signal
import sys
import time

import pytest
from hostile import WRITERS, small_model
from mat_files import cells
from mat_files import read as read_mat
from plain_files import plain
from plain_files import read as read_plain
from sbml_files import read as read_sbml
from sbml_files import sbml

from knockflow.base.errors import ModelError
from knockflow.base.trial import fatal
from knockflow.model.formats import mat
from knockflow.model.formats.sbml_survey import survey
from knockflow.model.read import read_model

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><cn>3</cn></math>'
COEFFICIENT = '<speciesReference species="M_pyr_e" stoichiometry="2" {}/>'


def computed(element: str, key: str, name: str) -> str:
    return f"<{element} {key}='{name}'>{MATH}</{element}>"


def refused(read, *given, **more) -> list[str]:
    with pytest.raises(ModelError) as caught:
        read(*given, **more)
    return str(caught.value).splitlines()


# SBML ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('species="M_glc_c" stoich', 'species="M_glc_cc" stoich', "no species 'M_glc_cc' in the file; did you mean"),
        ('lowerFluxBound="R_GLCt_l"', 'lowerFluxBound="R_GLC_l"', "lower bound: no parameter 'R_GLC_l' in the file"),
        ('species="M_pyr_e" stoichiometry="2"', 'species="M_pyr_e"', "the coefficient of pyr_e is missing"),
        (
            "<listOfReactions>",
            f"<listOfInitialAssignments>{computed('initialAssignment', 'symbol', 'R_GLCt_u')}"
            "</listOfInitialAssignments><listOfReactions>",
            "reaction GLCt: the upper bound R_GLCt_u is computed by an initialAssignment: write it as a number",
        ),
        (
            "<listOfReactions>",
            f"<listOfRules>{computed('assignmentRule', 'variable', 'R_GLCt_u')}</listOfRules><listOfReactions>",
            "reaction GLCt: the upper bound R_GLCt_u is computed by an assignmentRule: write it as a number",
        ),
        (
            'reaction="R_BIOMASS" fbc:coefficient',
            'reaction="R_BIOMASS" fbc:variableType="quadratic" fbc:coefficient',
            "reaction BIOMASS: its term in the objective is quadratic, only linear ones can be kept",
        ),
    ],
)
def test_sbml_that_would_be_read_as_another_model_is_refused(tmp_path, before, after, said):
    text = sbml()
    assert before in text
    lines = refused(read_sbml, tmp_path, text.replace(before, after))
    assert all(line.startswith("a.xml: reaction ") for line in lines)
    assert any(said in line for line in lines)


ENDS = "cannot be read as {}: it ends {}, which would read it (Segmentation fault); it is damaged"


def test_sbml_at_which_libsbml_ends_the_process_is_refused(tmp_path):
    rule = "</fbc:geneProductAssociation>"
    WRITERS["xml"](small_model(), tmp_path / "a.xml")
    text = (tmp_path / "a.xml").read_text()
    assert text.count(rule) == 3
    assert refused(read_sbml, tmp_path, text.replace(rule, f"<listOfReactions/>{rule}", 1)) == [
        f"a.xml: {ENDS.format('sbml', 'libsbml')}"
    ]


def test_a_matlab_file_at_which_scipy_ends_the_process_is_refused(tmp_path, monkeypatch):
    def end(_):
        faulthandler._sigsegv()

    monkeypatch.setattr(mat, "loadmat", end)
    (tmp_path / "a.mat").write_bytes(b"MATLAB 5.0 MAT-file")
    assert refused(read_model, str(tmp_path / "a.mat"), tmp_path) == [f"a.mat: {ENDS.format('mat', 'SciPy')}"]


@pytest.mark.parametrize(
    ("before", "after", "usual"),
    [
        ("", "", True),
        ("</model>", "<annotation><listOfReactions/><reaction/></annotation></model>", True),
        ("</model>", "<listOfReactions/></model>", False),
        ("</listOfReactions>", "<species/></listOfReactions>", False),
        ("</listOfReactions>", "<layout/></listOfReactions>", False),
        ("</model>", "<annotation/><annotation/></model>", False),
    ],
)
def test_what_stands_where_models_do_not_have_it_is_tried_first(before, after, usual):
    assert survey(sbml().replace(before, after, 1) if before else sbml()).usual == usual


def test_what_a_trial_returns_or_raises_stays_there(tmp_path):
    for work in (lambda: 1, lambda: 1 / 0, lambda: sys.exit(3)):
        assert fatal(work) is None
    assert fatal(lambda: os.kill(os.getpid(), signal.SIGKILL)) == "Killed"


def test_ctrl_c_ends_a_trial_too(monkeypatch):
    wait, seen = os.waitpid, []

    def interrupted(child, options):
        seen.append(child)
        if len(seen) == 1:
            raise KeyboardInterrupt
        return wait(child, options)

    monkeypatch.setattr(os, "waitpid", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fatal(lambda: time.sleep(60))
    assert seen[0] == seen[1]
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


def test_a_coefficient_that_is_computed_is_refused(tmp_path):
    text = sbml().replace(COEFFICIENT.format('constant="true"'), COEFFICIENT.format('id="yield" constant="false"'))
    text = text.replace(
        "<listOfReactions>",
        f"<listOfRules>{computed('assignmentRule', 'variable', 'yield')}</listOfRules><listOfReactions>",
    )
    said = "a.xml: reaction BIOMASS: the coefficient of pyr_e is computed by an assignmentRule: write it as a number"
    assert refused(read_sbml, tmp_path, text) == [said]


def test_a_coefficient_that_is_a_formula_is_refused(tmp_path):
    formula = f'<speciesReference species="M_pyr_e"><stoichiometryMath>{MATH}</stoichiometryMath></speciesReference>'
    text = sbml(form="old")
    assert COEFFICIENT.format("") in text
    lines = refused(read_sbml, tmp_path, text.replace(COEFFICIENT.format(""), formula))
    assert lines == [
        "a.xml: reaction BIOMASS: the coefficient of pyr_e is a formula (stoichiometryMath): write it as a number"
    ]


def test_what_is_computed_beside_the_network_is_no_obstacle(tmp_path):
    parts = f"<listOfInitialAssignments>{computed('initialAssignment', 'symbol', 'M_glc_c')}</listOfInitialAssignments>"
    model, _ = read_sbml(tmp_path, sbml().replace("<listOfReactions>", f"{parts}<listOfReactions>"))
    assert model.slim_optimize() == pytest.approx(10)


def test_a_page_is_no_sbml(tmp_path):
    assert refused(read_sbml, tmp_path, "<html><body/></html>") == ["a.xml: holds no SBML: its first element is <html>"]


# JSON and YAML ------------------------------------------------------------------------------------------------------


def test_a_metabolite_that_stands_twice_in_a_reaction_of_json_is_refused(tmp_path):
    path = tmp_path / "a.json"
    text = json.dumps(plain())
    assert '{"glc_e": -1}' in text
    path.write_text(text.replace('{"glc_e": -1}', '{"glc_e": -1, "glc_e": -2}'))
    said = "a.json: the key 'glc_e' stands twice in {'glc_e': -2}"
    assert refused(read_model, str(path), tmp_path) == [said]


def test_a_bound_that_stands_twice_in_json_is_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(plain()).replace('"lower_bound": -10', '"lower_bound": -10, "lower_bound": 0'))
    assert refused(read_model, str(path), tmp_path) == [
        "a.json: the key 'lower_bound' stands twice in the entry EX_glc_e"
    ]


def as_raven(content: dict) -> list:
    """A model as RAVEN writes it."""
    entries = {
        part: [[{k: v} for k, v in one.items()] for one in content[part]] for part in ("metabolites", "reactions")
    }
    return [{"metaData": {"id": "m"}}, *({part: members} for part, members in entries.items()), {"genes": []}]


def test_a_key_that_stands_twice_in_ravens_form_is_refused(tmp_path):
    content = as_raven(plain())
    content[2]["reactions"][0].append({"lower_bound": -20})
    lines = refused(read_plain, tmp_path, content, "yaml")
    assert lines == ["a.yaml: the key 'lower_bound' stands twice in the entry EX_glc_e"]
    assert "stands twice" in refused(read_plain, tmp_path, [*as_raven(plain()), {"reactions": []}], "yaml")[0]


def test_annotation_that_names_a_database_twice_has_both_ids(tmp_path):
    content = as_raven(plain())
    content[1]["metabolites"][0].append({"annotation": [{"kegg": "C1"}, {"kegg": "C2"}, {"chebi": ["1"]}]})
    model, _ = read_plain(tmp_path, content, "yaml")
    assert model.metabolites.glc_e.annotation == {"kegg": ["C1", "C2"], "chebi": "1"}


@pytest.mark.parametrize("rule", [["b1", "b2"], [["b1", "b2"], ["b3"]], {"or": ["b1"]}])
def test_a_rule_that_is_no_text_is_lost_with_a_clear_word(tmp_path, rule):
    content = plain()
    content["reactions"][1]["gene_reaction_rule"] = rule
    model, origin = read_plain(tmp_path, content)
    found = [f for f in origin.findings if f.check == "gene rule"]
    assert [f.severity for f in found] == ["warning", "change"]
    assert found[0].why.endswith("whether one of its genes or all of them are needed is not said")
    assert model.reactions.GLCt.gene_reaction_rule == ""


def test_a_rule_in_a_list_of_one_is_read(tmp_path):
    content = plain()
    content["reactions"][1]["gene_reaction_rule"] = [["b1 and b2"]]
    model, _ = read_plain(tmp_path, content)
    assert model.reactions.GLCt.gene_reaction_rule == "b1 and b2"


# MATLAB -------------------------------------------------------------------------------------------------------------


def test_a_mat_file_whose_genes_are_all_nan_has_none(tmp_path):
    model, _ = read_mat(tmp_path, genes=cells("nan", "nan", "nan"), grRules=cells("", "", ""))
    assert not model.genes
    assert model.slim_optimize() == pytest.approx(10)


def test_a_sign_without_a_name_is_told(tmp_path):
    assert refused(read_mat, tmp_path, "#") == [f"{tmp_path / 'a.mat'}#: no name behind #"]
