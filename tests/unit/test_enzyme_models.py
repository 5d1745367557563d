"""Models whose enzymes are in the stoichiometry already: as fast as with the layer, and never targets themselves."""

import cobra
import pytest
from gecko_models import directions, gecko, table, with_pool

from knockflow import Case

ASKED = {"product": "EX_succ_e", "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}}
PROTEIN = "it only supplies enzymes, whose pool is in the model's stoichiometry"


def smoment(budget: float) -> cobra.Model:
    """The core model as AutoPACMEN makes it: reactions use the pool by their costs."""
    model = cobra.io.load_model("textbook")
    pool, costs = with_pool(model, budget), {}
    for row in table("costs"):
        for way in ("forward", "reverse") if row["direction"] in ("", "both") else (row["direction"],):
            costs[row["reaction"], way] = float(row["cost_g_h_per_mmol"])
    for name, way, reaction in directions(model):
        if (name, way) in costs:
            reaction.add_metabolites({pool: -1000 * costs[name, way]})
    return model


def test_a_pool_in_the_stoichiometry_is_the_layer():
    asked = ASKED | {"min_growth": 0.05}
    own, layer = (
        Case(smoment(0.2818), **asked),
        Case("cobra:textbook", **asked, layers={"enzymes": "default"}),
    )
    assert own.problem.max_growth == pytest.approx(layer.problem.max_growth, abs=1e-7)
    ours, theirs = (case.design("robustknock", max_interventions=1, max_designs=3) for case in (own, layer))
    assert [row["interventions"] for row in ours.table] == [row["interventions"] for row in theirs.table]
    values = [[row["value_mmol_per_gdw_h"] for row in one.table] for one in (ours, theirs)]
    assert values[0] == pytest.approx(values[1], abs=1e-5)
    assert ours.validate()["verified"].all()


def test_what_stands_for_enzymes_is_named_and_no_target():
    case = Case(smoment(0.2818), **ASKED)
    told = [(one.before, one.why) for one in case.findings if one.check == "enzymes"]
    assert [text for text, _ in told] == ["prot_pool", "prot_pool_exchange"]
    assert "left out of balances" in told[0][1] and "no targets" in told[1][1]
    assert not [one for one in case.findings if one.check in ("formula", "charge") or one.severity == "warning"]
    (row,) = [row for row in case.targets if row["target"] == "prot_pool_exchange"]
    assert (row["status"], row["why"]) == ("excluded", PROTEIN)
    assert "prot_pool_exchange" in case.problem.columns


@pytest.fixture(scope="module")
def both() -> tuple[Case, Case]:
    """The core model as GECKO makes it, and with the layer."""
    asked = ASKED | {"product": "EX_etoh_e", "min_growth": 0.01, "targets": {"level": "genes"}}
    tables = {"kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses"}
    layer = Case("cobra:textbook", **asked, layers={"enzymes": {"budget": 0.015} | tables})
    return Case(gecko(0.015), **asked), layer


def test_gecko_s_isozymes_and_draws_go_with_their_genes(both):
    """Growth is that of the layer, of the wild type and without a gene."""
    own, layer = both
    for changes in ([], ["-b1676"], ["-b0727"], ["-b0903"], ["-b1241"]):
        found, wanted = own.respond(changes)["growth_per_h"], layer.respond(changes)["growth_per_h"]
        assert found == pytest.approx(wanted, abs=1e-6)
    # Coupled columns keep their members: a draw is told with its flux, unless its enzyme cannot run without oxygen.
    assert {"draw_prot_b0116", "draw_prot_b0727"} <= own.problem.place.keys()


def test_designs_of_gecko_s_model_are_those_of_the_layer(both):
    """Draws share columns with the isozymes that they supply; genes close both, and COBRApy confirms it."""
    ours, theirs = (case.design("robustknock", max_interventions=2) for case in both)
    assert [row["interventions"] for row in ours.table] == [row["interventions"] for row in theirs.table]
    values = [[row["value_mmol_per_gdw_h"] for row in one.table] for one in (ours, theirs)]
    assert values[0] == pytest.approx(values[1], abs=1e-5) and len(values[0]) == 2
    found = ours.validate()
    assert found["verified"].all() and not found["also_closed"].map(len).any()


def test_by_reactions_draws_are_no_targets():
    case = Case(gecko(0.012), **ASKED, min_growth=0.01)
    candidates = {row["target"]: row["reactions"] for row in case.targets if row["status"] == "candidate"}
    assert not [name for name in candidates if "prot_" in name]
    # What is coupled to an isozyme goes with it.
    assert candidates["PFKNo1"] == ("PFKNo1", "draw_prot_b1723")
    assert {row["why"] for row in case.targets if row["target"].startswith("draw_prot_")} <= {PROTEIN}


def test_the_layer_counts_no_draws_of_a_model_that_has_its_enzymes():
    """With the median for all that no table tells of, draws would cost; in both halves they do not."""
    tables = {"kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses", "missing": "median"}
    case = Case(gecko(0.03), **ASKED, min_growth=0.01, layers={"enzymes": {"budget": 0.05} | tables})
    rows = [row for row in case.tables["enzymes"] if row["reaction"].startswith("draw_prot_")]
    assert rows and {row["status"] for row in rows} == {"supplies enzymes"}
    model, _ = case._to_check()
    assert not [one for one in model.reactions if one.id.startswith("ENZYME_1_draw")]
    assert model.slim_optimize() == pytest.approx(case.problem.max_growth, abs=1e-7)
