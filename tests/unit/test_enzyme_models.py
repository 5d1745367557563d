"""Models whose enzymes are in the stoichiometry already: as fast as with the layer, and never targets themselves."""

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import cobra
import pytest

from knockflow import Case
from knockflow.layers.enzymes.complexes import complexes
from knockflow.model.gpr import parse

TABLES = Path(__file__).resolve().parents[2] / "scripts/knockflow/layers/enzymes"
ASKED = {"product": "EX_succ_e", "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}}
PROTEIN = "it only supplies enzymes, whose pool is in the model's stoichiometry"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the project."""
    with (TABLES / f"e_coli_core_{name}.tsv").open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def directions(model: cobra.Model):
    """Every reaction, split into its two directions where it has both; (id, 0 forward or 1 back, reaction)."""
    for reaction in list(model.reactions):
        if reaction.lower_bound < 0 < reaction.upper_bound and not reaction.boundary:
            back = cobra.Reaction(f"{reaction.id}_REV", lower_bound=0, upper_bound=-reaction.lower_bound)
            back.gene_reaction_rule = reaction.gene_reaction_rule
            back.add_metabolites({one: -value for one, value in reaction.metabolites.items()})
            model.add_reactions([back])
            reaction.lower_bound = 0
            yield reaction.id, "reverse", back
        yield reaction.id, "forward", reaction


def with_pool(model: cobra.Model, budget: float) -> cobra.Metabolite:
    """The pool of enzymes, in mg/gDW, of which the cell has so many g/gDW."""
    pool = cobra.Metabolite("prot_pool", compartment="c")
    exchange = cobra.Reaction("prot_pool_exchange", lower_bound=0, upper_bound=1000 * budget)
    model.add_reactions([exchange])
    exchange.add_metabolites({pool: 1})
    return pool


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


def gecko(budget: float, measured: Mapping[str, float] = MappingProxyType({})) -> cobra.Model:
    """The core model as GECKO makes it: isozymes by themselves, an arm before them, and a draw of each protein.

    Measured proteins (g/gDW) come out of no pool, but there is no more of them; the pool is for the others.
    """
    model = cobra.io.load_model("textbook")
    pool = with_pool(model, budget)
    kcats = {row["reaction"]: float(row["kcat_per_s"]) for row in table("kcats")}
    masses = {row["gene"]: float(row["mw_kda"]) for row in table("masses")}
    proteins: dict[str, cobra.Metabolite] = {}
    for name, _, reaction in directions(model):
        rule = reaction.gene_reaction_rule
        own = complexes(parse(rule), 100) if rule and name in kcats else []
        if not own or not {gene for genes in own for gene in genes} <= masses.keys():
            continue
        arm = cobra.Metabolite(f"pmet_{reaction.id}", compartment="c")
        made = {one: value for one, value in reaction.metabolites.items() if value > 0}
        reaction.subtract_metabolites(made)
        reaction.add_metabolites({arm: 1})
        reaction.gene_reaction_rule = ""
        for number, genes in enumerate(own, start=1):
            isozyme = cobra.Reaction(f"{reaction.id}No{number}", lower_bound=0, upper_bound=1000)
            isozyme.gene_reaction_rule = " and ".join(sorted(genes))
            model.add_reactions([isozyme])
            for gene in genes - proteins.keys():
                proteins[gene] = cobra.Metabolite(f"prot_{gene}", compartment="c")
                draw = cobra.Reaction(f"draw_prot_{gene}", lower_bound=0, upper_bound=1000)
                draw.gene_reaction_rule = gene
                model.add_reactions([draw])
                draw.add_metabolites({proteins[gene]: 1e-3} | ({} if gene in measured else {pool: -masses[gene]}))
                draw.upper_bound = 1e3 * measured[gene] / masses[gene] if gene in measured else 1000
            used = {proteins[gene]: -1e3 / (3600 * kcats[name]) * 1e-3 for gene in genes}
            isozyme.add_metabolites({arm: -1} | made | used)
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
