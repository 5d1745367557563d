"""The budget of enzymes: published numbers on the core model, isozymes, bad tables, and what the strain makes of it."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import cobra
import pandas as pd
import pytest
import yaml
from enzyme_toy import GOOD, given_of, toy, toy_case

from knockflow import Case
from knockflow.base.errors import ConfigError, FileError
from knockflow.follower.respond import respond
from knockflow.layers.enzymes.costs import costs_of
from knockflow.layers.enzymes.inputs import Inputs, read_inputs
from knockflow.layers.enzymes.strain import rebuild
from knockflow.model.network import read_network
from knockflow.model.read import write_model
from knockflow.problem.archive import digest
from knockflow.validation.layer_rows import Plain

DATA = os.environ.get("KNOCKFLOW_DATA")
with_core = pytest.mark.skipif(not DATA, reason="KNOCKFLOW_DATA names no folder of models")
CORE = f"{DATA}/models/e_coli_core.json.gz"
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE, PAGE = ROOT / "config/examples/enzymes.yaml", ROOT / "docs/enzymes.md"
ANAEROBIC = {"EX_glc__D_e": 10, "EX_o2_e": 0}
BY_MASS = {"kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses"}


def core(product="EX_succ_e", medium=None, **keys) -> Case:
    """The core model with oxygen unless the medium says otherwise."""
    return Case(CORE, product=product, medium=medium or {"EX_glc__D_e": 10}, **keys)


# Published numbers ------------------------------------------------------------------------------------------------


@with_core
@pytest.mark.parametrize("isozymes", ["cheapest", "separate"])
def test_growth_of_the_core_model_is_the_one_that_cobrexa_publishes(isozymes):
    case = core(layers={"enzymes": {"budget": 0.05, "isozymes": isozymes} | BY_MASS})
    assert case.problem.max_growth == pytest.approx(0.7069934, abs=1e-6)
    assert case.respond()["growth_per_h"] == pytest.approx(0.7069934, abs=1e-6)


@with_core
def test_a_cell_with_free_sugar_overflows():
    """The budget limits the uptake, and acetate goes out although there is oxygen."""
    case = core("EX_ac_e", {"EX_glc__D_e": 1000}, layers={"enzymes": "default"})
    answer = case.respond()
    assert answer["growth_per_h"] == pytest.approx(0.748, abs=1e-3)
    assert answer["product_min_mmol_per_gdw_h"] == pytest.approx(7.5, abs=0.02)
    model, _ = case._to_check()
    assert -model.optimize().fluxes["EX_glc__D_e"] == pytest.approx(10.5, abs=0.01)


@with_core
def test_the_best_design_is_another_one_under_the_budget():
    case = core(medium=ANAEROBIC, min_growth=0.05, layers={"enzymes": "default"})
    best = case.design("robustknock", max_interventions=1)
    assert best[0].interventions == ("-PYK",)
    assert best.table[0]["value_mmol_per_gdw_h"] == pytest.approx(5.9929, abs=1e-4)
    others = {row["interventions"]: row["value_mmol_per_gdw_h"] for row in best.table}
    assert others["-FORt",] == pytest.approx(0.5849, abs=1e-4)
    assert best.validate()["verified"].all()


@with_core
def test_what_is_best_without_the_budget_may_not_live_with_it():
    case = core("EX_etoh_e", ANAEROBIC, min_growth=0.05, layers={"enzymes": "default"})
    assert (case.respond(["ACKr", "PYK"])["growth_per_h"] or 0.0) < 0.05
    best = case.design("robustknock", max_interventions=2, max_designs=1)
    assert best[0].interventions == ("-ATPS4r", "-D_LACt2|LDH_D")
    assert best.table[0]["value_mmol_per_gdw_h"] == pytest.approx(9.9796, abs=1e-4)


EXAMPLES = {
    "succinate": ("-ME2;-PYK", 8.935533, 0.102385),
    "succinate_without_budget": ("-ACALD;-PYK", 9.101863, 0.110490),
    "ethanol": ("-ATPS4r;-D_LACt2|LDH_D", 8.267117, 0.082496),
    "ethanol_without_budget": ("-ACKr|PTAr;-PYK", 18.268541, 0.091291),
}
"""The table of docs/enzymes.md."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_gives_the_numbers_of_the_page(name):
    config = yaml.safe_load(EXAMPLE.read_text())
    asked = config["formulations"]["robustknock"]
    best = Case(**config["cases"][name]).design(**asked).table[0]
    design, value, growth = EXAMPLES[name]
    assert ";".join(best["interventions"]) == design
    assert (best["value_mmol_per_gdw_h"], best["growth_per_h"]) == pytest.approx((value, growth), abs=1e-6)
    assert f"`{design.replace('|', chr(92) + '|')}` | {value:.6f} | {growth:.6f}" in PAGE.read_text()


# What a product needs ---------------------------------------------------------------------------------------------


def by_cobra(removed: str, costs: Path) -> tuple[float, float, float, float]:
    """Growth, least product, and the masses of enzymes, with COBRApy's own halves of fluxes in one row."""
    model = cobra.io.load_model("textbook")
    model.tolerance = 1e-9
    model.reactions.EX_o2_e.lower_bound = 0
    model.reactions.get_by_id(removed).knock_out()
    mass = 0
    for row in csv.DictReader(costs.open(), delimiter="\t"):
        if row["reaction"] in model.reactions:
            one, cost = model.reactions.get_by_id(row["reaction"]), float(row["cost_g_h_per_mmol"])
            ways = {"forward": [one.forward_variable], "reverse": [one.reverse_variable]}
            mass += sum(cost * way for way in ways.get(row["direction"], [one.forward_variable, one.reverse_variable]))
    product = model.reactions.EX_succ_e
    # The smaller, the better conditioned: mg/gDW
    model.add_cons_vars([model.problem.Constraint(1000 * mass, ub=281.8)])
    growth = model.slim_optimize()
    with model:
        model.objective = product
        model.objective_direction = "min"
        biomass = model.reactions.Biomass_Ecoli_core
        biomass.lower_bound = growth - 1e-8
        least = model.slim_optimize()
        product.upper_bound = least + 1e-8
        model.objective = model.problem.Objective(1000 * mass, direction="min")
        growing = model.slim_optimize() / 1000
    product.lower_bound = least
    model.objective = model.problem.Objective(1000 * mass, direction="min")
    return growth, least, growing, model.slim_optimize() / 1000


def test_designs_are_ranked_by_the_enzymes_that_their_product_needs():
    case = Case("cobra:textbook", "EX_succ_e", medium=ANAEROBIC, min_growth=0.05, layers={"enzymes": "default"})
    best = case.design("robustknock", max_interventions=1, max_designs=3)
    told = best.of_layers()["enzymes"]
    costs = ROOT / "scripts/knockflow/layers/enzymes/e_coli_core_costs.tsv"
    for row in told.to_dict("records"):
        wanted = by_cobra(row["interventions"].removeprefix("-").split("|")[0], costs)
        names = ("growth_per_h", "product_min_mmol_per_gdw_h", "enzymes_g_per_gdw", "route_g_per_gdw")
        assert [row[name] for name in names] == pytest.approx(wanted, rel=2e-5)
        assert row["route_g_h_per_mmol"] == pytest.approx(wanted[3] / wanted[1], rel=2e-5)
        assert row["route_g_per_gdw"] <= row["enzymes_g_per_gdw"] <= 0.2818 + 1e-6
    by_mass = sorted(told["route_g_h_per_mmol"])
    assert [by_mass[int(place) - 1] for place in told["rank_by_enzymes"]] == pytest.approx(
        list(told["route_g_h_per_mmol"])
    )


def test_what_guarantees_no_product_has_no_place(tmp_path):
    """FAST makes none; SLOW makes 0.2 and costs 2, so 10 g h/mmol."""
    case = toy_case(tmp_path, targets={"level": "genes"})
    (row,) = case.design("robustknock", max_interventions=0).of_layers()["enzymes"].to_dict("records")
    assert (row["growth_per_h"], row["enzymes_g_per_gdw"]) == pytest.approx((10, 10))
    assert pd.isna(row["route_g_h_per_mmol"]) and pd.isna(row["rank_by_enzymes"])
    (row,) = case.design("robustknock", max_interventions=1, max_designs=1).of_layers()["enzymes"].to_dict("records")
    assert (row["route_g_per_gdw"], row["route_g_h_per_mmol"], row["rank_by_enzymes"]) == pytest.approx((10, 10, 1))


# Isozymes ---------------------------------------------------------------------------------------------------------


def test_removing_the_cheap_isozyme_decides_the_answer(tmp_path):
    """Growth per budget is 1 by the cheap isozyme, 0.25 by the dear one and 0.4 by SLOW, which makes 0.1 product."""
    case = toy_case(tmp_path, targets={"level": "genes"})
    designs = case.design("robustknock", max_interventions=1)
    assert designs[0].interventions == ("-cheap",)
    assert designs.table[0]["value_mmol_per_gdw_h"] == pytest.approx(1.0)
    assert designs.table[0]["growth_per_h"] == pytest.approx(4.0)
    assert designs.validate()["verified"].all()
    # With both gone SLOW is all that is left, so nothing smaller than one gene is needed.
    assert case.respond(["-cheap", "-dear"])["growth_per_h"] == pytest.approx(4.0)
    assert case.respond(["-dear"])["growth_per_h"] == pytest.approx(10.0)
    plain = toy_case(tmp_path, with_enzymes=False, targets={"level": "genes"})
    assert plain.respond(["-cheap"])["growth_per_h"] == pytest.approx(10.0)
    assert plain.design("robustknock", max_interventions=1)[0].interventions == ()


def test_reactions_as_targets_leave_the_cheapest_isozyme(tmp_path):
    case = toy_case(tmp_path)
    (column,) = [j for j, name in enumerate(case.problem.columns) if "isozyme" in name] or [None]
    assert column is None
    (best,) = case.design("robustknock", max_interventions=1).table
    assert best["interventions"] == ("-FAST",)


def test_a_limit_of_a_gene_holds_its_isozyme(tmp_path):
    """2 by the cheap isozyme, for 2 of the budget; of the other 8, 0.4 growth each by SLOW."""
    case = toy_case(tmp_path, targets={"level": "genes", "interventions": {"cheap<=2": 1}})
    assert case.respond(["cheap<=2"])["growth_per_h"] == pytest.approx(2 + 0.4 * 8)
    number = next(t for t, name in enumerate(case.problem.targets.ids) if name.startswith("cheap<="))
    assert respond(case.problem, {number}).growth == pytest.approx(2 + 0.4 * 8)


def test_rules_of_genes_switch_isozymes_off(tmp_path):
    """`cheap` needs the gene `slow`: without that the dear isozyme is left, 0.25 growth per budget."""
    (tmp_path / "rules.tsv").write_text("gene\trule\ncheap\tslow\n")
    case = toy_case(tmp_path, targets={"level": "genes"}, more={"regulation": {"table": str(tmp_path / "rules.tsv")}})
    assert case.problem.integer.any()
    assert case.respond(["-slow"])["growth_per_h"] == pytest.approx(2.5)
    number = next(t for t, name in enumerate(case.problem.targets.ids) if name == "slow")
    assert respond(case.problem, {number}).growth == pytest.approx(2.5)
    tables = [case.design("robustknock", max_interventions=2, method=name).table for name in ("tree", "exhaustive")]
    assert [row["interventions"] for row in tables[0]] == [row["interventions"] for row in tables[1]]
    assert case.design("robustknock", max_interventions=2).validate()["verified"].all()


def test_a_budget_under_which_nothing_grows_is_told_with_the_least_that_would_do(tmp_path):
    """Growth of 0.1 by the cheap isozyme costs 0.1 g/gDW."""
    case = toy_case(tmp_path, budget=0.05)
    assert "at least 0.1 g/gDW of enzymes, and the budget is 0.05" in case.problem.hindrances[0]
    assert "at least 0.1 g/gDW of enzymes" in str(case.design("optknock", max_interventions=1))


# Tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"kcats": "reaction\tkcat\nFAST\t1\n"}, FileError, "no column kcat_per_s; its columns are reaction, kcat"),
        (
            {"kcats": "reaction\tkcat_per_s\nFAST\t-1\n"},
            FileError,
            "line 2: kcat_per_s must be a number above 0, not `-1`",
        ),
        ({"kcats": "reaction\tkcat_per_s\nFAST\tquick\n"}, FileError, "line 2: kcat_per_s must be a number above 0"),
        ({"kcats": "reaction\tkcat_per_s\n\t1\n"}, FileError, "line 2: no reaction"),
        ({"kcats": "reaction\tkcat_per_s\nFAST\t1\nFAST\t2\n"}, FileError, "line 3: FAST forward has a row already"),
        ({"kcats": "reaction\tdirection\tkcat_per_s\nFAST\tforwards\t1\n"}, FileError, "did you mean forward"),
        ({"masses": "gene\tmw_kda\ncheap\t0\n"}, FileError, "line 2: mw_kda must be a number above 0, not `0`"),
        ({"masses": "gene\tmw_kda\n"}, FileError, "it has no rows"),
        ({"masses": None}, ConfigError, "no `masses`: give `costs`, or `kcats` with `masses`"),
        ({"kcats": None, "masses": None}, ConfigError, "`default` is the project's own"),
        ({"costs": "reaction\tcost_g_h_per_mmol\nFAST\t1\n"}, ConfigError, "`costs` takes the place of `kcats`"),
        (
            {"kcats": None, "masses": None, "costs": "reaction\tcost_g_h_per_mmol\nFAST\t-1\n"},
            FileError,
            "line 2: cost_g_h_per_mmol must be a number from 0 up, not `-1`",
        ),
        (
            {"subunits": "reaction\tisozyme\tgene\tstoichiometry\nFAST\ti\tcheap\t0\n"},
            FileError,
            "line 2: stoichiometry must be a number above 0",
        ),
    ],
)
def test_bad_tables_are_refused_by_line(tmp_path, changes, error, told):
    tables = {key: text for key, text in (GOOD | changes).items() if text is not None}
    with pytest.raises(error) as caught:
        read_inputs(given_of(tmp_path, tables))
    assert told in str(caught.value)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The toy as the search reads it."""
    path = tmp_path_factory.mktemp("toy") / "model.json"
    write_model(path, toy())
    return read_network(path)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"kcats": {("FSAT", "forward"): 1.0}}, "no reaction FSAT in the model; did you mean FAST"),
        ({"masses": {"cheep": 1.0}}, "no gene cheep in the model; did you mean cheap"),
        ({"exempt": ("FASD",)}, "exempt: no reaction FASD in the model; did you mean FAST"),
        ({"costs": {("EX_s_e", "forward"): 1.0}}, "EX_s_e has a cost, but is an exchange"),
    ],
)
def test_names_that_are_nothing_in_the_model_are_told(network, inputs, told):
    whole = {"kcats": {("FAST", "forward"): 1.0}, "masses": {"cheap": 1.0}} | inputs
    with pytest.raises(ConfigError) as caught:
        costs_of(network, Inputs(**whole))
    assert told in str(caught.value)


def test_a_budget_below_0_is_refused():
    with pytest.raises(ConfigError, match="budget"):
        Case("cobra:textbook", product="EX_succ_e", layers={"enzymes": {"budget": -1, "costs": "e_coli_core"}})


def test_rows_of_another_model_are_counted_and_not_used(network):
    kcats = {("FAST", "forward"): 1.0, ("FASTER", "forward"): 1.0}
    found = costs_of(network, Inputs(kcats=kcats, masses={"cheap": 1.0, "dear": 2.0}))
    assert found.unused == ("no reaction FASTER in the model; did you mean FAST?",)


@pytest.mark.parametrize(("median", "status", "n"), [(False, "no mass of dear", 0), (True, "median", 2)])
def test_what_is_missing_is_the_median_or_nothing(network, median, status, n):
    inputs = Inputs(kcats={("FAST", "forward"): 2.0, ("SLOW", "forward"): 4.0}, masses={"cheap": 3.0}, median=median)
    of_fast = costs_of(network, inputs).of["FAST"]
    assert of_fast.status[0] == status and len(of_fast.enzymes) == n
    if median:
        assert [one.forward for one in of_fast.enzymes] == pytest.approx([3 / 7200] * 2)
        assert [one.reverse for one in of_fast.enzymes] == pytest.approx([3 / 10800] * 2)


def test_complexes_are_sums_of_their_subunits(network, tmp_path):
    rules = tuple(
        "cheap and dear" if name == "FAST" else rule
        for name, rule in zip(network.reactions, network.rules, strict=True)
    )
    changed = replace(network, rules=rules, written_rules=rules)
    subunits = {"FAST": {frozenset(["cheap", "dear"]): {"cheap": 2.0, "dear": 3.0}}}
    inputs = Inputs(kcats={("FAST", "forward"): 1.0}, masses={"cheap": 1.0, "dear": 10.0}, subunits=subunits)
    (enzyme,) = costs_of(changed, inputs).of["FAST"].enzymes
    assert enzyme.forward == pytest.approx(32 / 3600)


# Beside the search ------------------------------------------------------------------------------------------------


def test_a_loose_budget_leaves_the_problem_as_it_is():
    asked = {"product": "EX_succ_e", "medium": ANAEROBIC, "min_growth": 0.05}
    layers = {"enzymes": {"budget": 1e6, "costs": "e_coli_core"}}
    plain, loose = Case("cobra:textbook", **asked), Case("cobra:textbook", **asked, layers=layers)
    assert digest(plain.problem) == digest(loose.problem)


def test_certificates_hold_the_rows_and_refuse_other_balances(tmp_path):
    model = toy()
    plain = Plain.of(model)
    rebuild(model, given_of(tmp_path, GOOD))
    assert plain.refusal(model) == ""
    added = plain.layers(model)
    assert "constraint budget_of_enzymes" in added["rows"] and not added["layers"]
    assert all(one["upper_bound"] == 1e6 for one in added["columns"])
    model.reactions.FAST.add_metabolites({"s_c": -1})
    assert "change balances" in plain.refusal(model)


def test_total_flux_counts_no_enzymes(tmp_path):
    case = toy_case(tmp_path, targets={"level": "genes"})
    designs = case.design("pfba_pessimistic", max_interventions=1)
    assert designs[0].interventions == ("-cheap",)
    assert designs.validate()["verified"].all()
