"""Targets that genes can close, in configurations, tables, exports and lists: what is offered, refused and written."""

from dataclasses import replace

import cobra
import pytest
from cobra.io import load_model
from networks import BRANCHED, network

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.base.files import cell
from knockflow.language.boolean_rules import parse
from knockflow.language.notation import intervention
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.layers.regulation.rules import RuleRow
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.problem.targets import TargetOptions
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.stages.export.bench import lab_rows
from knockflow.stages.export.strains import cobra_form, straindesign_form
from knockflow.stages.problem import build
from knockflow.validation.realization import Genome, realizations

SCHEMA = read_schema()
ANAEROBIC = {"product": "EX_succ_e", "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}}


def case_of(**targets) -> Case:
    return Case("cobra:textbook", **ANAEROBIC, targets=targets)


@pytest.fixture(scope="module")
def joint() -> Case:
    return case_of(realizable=True, with_side_effects=True)


def status_of(case: Case) -> dict[str, tuple[str, str]]:
    return {row["target"]: (row["status"], row["why"]) for row in case.targets}


def test_only_what_genes_close_alone_is_offered():
    found, every = status_of(case_of(realizable=True)), status_of(case_of())
    for name, other in (("TKT2", "TKT1"), ("FORt2", "FORti"), ("NADTRHD", "THD2")):
        assert every[name][0] == "candidate"
        assert found[name] == ("excluded", f"genes close it only with other reactions: {other}")
    # of the coupled ones genes close one alone; AKGDH shares lpd with PDH, but has genes of its own
    assert found["TALA"][0] == "candidate" and "TALA|TKT1" not in found
    assert found["AKGDH|SUCOAS"][0] == "candidate"


def test_with_side_effects_what_falls_is_part_of_the_target(joint):
    found = {row["target"]: row for row in joint.targets}
    for name in ("TKT1&TKT2", "FORt2&FORti", "NADTRHD&THD2"):
        assert found[name]["status"] == "candidate"
        assert set(name.split("&")) <= set(found[name]["reactions"])
    assert "FORti" in found  # it has a gene of its own


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"level": "genes", "realizable": True}, "targets.realizable: at level `genes`"),
        ({"level": "genes", "with_side_effects": True}, "targets.with_side_effects: at level `genes`"),
        ({"with_side_effects": True}, "targets.with_side_effects: it says what `realizable` offers"),
        ({"realizable": "often"}, "targets.realizable: `often` is not of type boolean"),
    ],
)
def test_wrong_combinations_are_refused(targets, words):
    config = {
        "cases": {"a": {"model": "x", "targets": targets} | ANAEROBIC},
        "formulations": {"f": {"kind": "optknock"}},
    }
    with pytest.raises(ConfigError, match=words):
        checked(config, SCHEMA, "c.yaml")
    with pytest.raises(ConfigError, match=words):
        case_of(**targets)


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"include": ["CO2t"]}, "include: CO2t: no gene that can be deleted closes it"),
        ({"include": ["TKT2"]}, "include: TKT2: genes close it only with other reactions: TKT1"),
        ({"interventions": {"-TKT2": 2}}, "TKT2: genes close it only with other reactions: TKT1"),
        ({"forced": ["TKT2"]}, "forced: TKT2: genes close it only with other reactions: TKT1"),
        ({"forced": ["H2Ot"]}, "forced: H2Ot: no gene that can be deleted closes it"),
        ({"include": ["EX_ac_e"]}, "include: EX_ac_e: no gene that can be deleted closes it"),
    ],
)
def test_a_named_reaction_that_genes_do_not_close_alone_is_refused(targets, words):
    with pytest.raises(ConfigError, match=words):
        case_of(realizable=True, **targets)


def test_what_is_named_and_can_be_closed_is_taken():
    case = case_of(realizable=True, forced=["TKT1", "TKT2"], include=["EX_h2o_e"])
    assert status_of(case)["EX_h2o_e"][0] in ("candidate", "essential")
    assert {"TKT1", "TKT2"} <= {row["target"] for row in case.targets if row["status"] == "forced"}


def test_what_must_not_be_closed_does_not_fall_with_a_target():
    found = status_of(case_of(realizable=True, with_side_effects=True, exclude=["TKT1"]))
    assert "TKT1&TKT2" not in found and found["TKT2"][0] == "excluded"
    found = status_of(case_of(realizable=True, with_side_effects=True, exclusive=[["TKT1", "TKT2"]]))
    assert "TKT1&TKT2" not in found


def test_exclusive_lists_hold_for_what_falls_with_a_target():
    case = case_of(realizable=True, with_side_effects=True, exclusive=[["THD2", "ACALD"]])
    targets = case.problem.targets
    (group,) = targets.exclusive()
    assert {targets.ids[t] for t in group} == {"ACALD", "NADTRHD&THD2", "THD2"}


def test_regulators_are_not_deleted_for_a_reaction():
    drawn = replace(
        network(BRANCHED), rules=tuple({"FAST": "g", "SLOW": "h"}.get(name, "") for name in network(BRANCHED).reactions)
    )
    cuts = listed_cut_sets(dict(zip(drawn.reactions, drawn.rules, strict=True)))
    options = TargetOptions(realizable=True)
    rules = RulesInFollower({"h": RuleRow(parse("not g"), "not g", "gene")}, {}, {})
    for layers, status in (((), "candidate"), ((rules,), "excluded")):
        _, rows = build(drawn, cuts, Question("EX_p", None, 0.1), options, layers)
        assert {row.name: row.status for row in rows}["FAST"] == status


def test_the_notation_of_reactions_that_fall_together():
    change = intervention("-A&B|C")
    assert (change.names, change.ids, str(change)) == (("A&B", "C"), ("A", "B", "C"), "-A&B|C")


def test_exports_and_lists_read_reactions_that_fall_together(joint):
    design = "-ACALD;-NADTRHD&THD2"
    model, row = joint.model, {"rank": "1", "interventions": design}
    assert straindesign_form(model, [row]) == [{"ACALD": -1.0, "NADTRHD": -1.0, "THD2": -1.0}]
    (found,) = cobra_form(model, [row])
    assert found["knock_out_reactions"] == ["ACALD", "NADTRHD", "THD2"]
    best, *_ = realizations(Genome(model), design)
    assert best.also_closed == () and {"b3962", "b1602"} <= set(best.genes)
    assert joint.respond(design) == joint.respond(["ACALD", "NADTRHD", "THD2"])


def test_its_designs_are_verified_and_the_same_by_genes():
    # at its own cost THD2 alone would do
    joint = case_of(realizable=True, with_side_effects=True, costs={"THD2": 2})
    designs = joint.design("robustknock", max_interventions=3, max_designs=10)
    rows = designs.validate().to_dict("records")
    assert {(row["verified"], row["by_genes"]) for row in rows} == {(True, "same")}
    assert any("&" in row["interventions"] for row in rows)
    checked_rows = [{name: cell(value) for name, value in row.items()} for row in rows]
    listed = lab_rows(joint.model, checked_rows, checked_rows)
    together = [row for row in listed if "&" in row["intervention"]]
    assert together and all(row["action"] == "delete" for row in listed)
    assert {tuple(row["reactions_switched_off"]) for row in together} == {("NADTRHD", "THD2")}
    for row in rows:
        with load_model("textbook") as strain:
            strain.tolerance = 1e-9
            strain.reactions.EX_o2_e.lower_bound = 0
            cobra.manipulation.knock_out_model_genes(strain, list(row["genes"]))
            assert strain.slim_optimize() == pytest.approx(row["growth_per_h"], abs=1e-6)


def test_cut_sets_hold_what_falls_together(joint):
    asked = {
        "suppress": [["Biomass_Ecoli_core >= 0.05", "EX_succ_e <= 0.1"]],
        "protect": ["Biomass_Ecoli_core >= 0.05"],
    }
    rows = joint.design("mcs", max_interventions=2, max_designs="all", **asked).validate().to_dict("records")
    assert rows and all(row["verified"] and row["by_genes"] == "same" for row in rows)
