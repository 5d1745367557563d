"""Two routes with the same growth, one with the product: what docs/alternative-optima.md says of them is so.

The network and all numbers are read from the page. Those of the designs follow from it by hand: 10 s give 10 x and
10 p or 10 w; growth is 1; the waste route is the only way around the product.
"""

import re
from functools import cache
from pathlib import Path

import cobra
import pytest
from cobra.flux_analysis import pfba

from knockflow import Case

PAGE = (Path(__file__).parents[2] / "docs/alternative-optima.md").read_text()
NETWORKS = ("longer", "equal", "shorter")
FORMULATIONS = ("optknock", "robustknock", "strong_coupling", "pfba_optimistic", "pfba_pessimistic")


def table(section: str) -> dict[str, list[str]]:
    """The cells of a section's table by the first cell of their row, the heading left out."""
    text = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in rows}


ROUTES = table("The network")
WILD_TYPE = table("What each method says of the wild type")
DESIGNS = table("What each formulation designs")


def printed(asked: str) -> dict[str, float]:
    """A row of the table of the wild type, by network."""
    row = next(cells for name, cells in WILD_TYPE.items() if name.startswith(asked))
    return dict(zip(NETWORKS, map(float, row), strict=True))


def model_of(name: str, backwards: bool = False) -> cobra.Model:
    """The network of the page with one gene for each step."""
    steps = dict(re.findall(r"(\w+): `([^`]+)`", " ".join(ROUTES[name])))
    equations = {"EX_s": "s <=>", **steps, "EX_p": "p -->", "EX_w": "w -->", "BIO": "10 x -->"}
    model = cobra.Model(name)
    model.solver = "glpk"
    for reaction in reversed(equations) if backwards else equations:
        model.add_reactions([cobra.Reaction(reaction, upper_bound=1000)])
        model.reactions.get_by_id(reaction).build_reaction_from_string(equations[reaction], verbose=False)
        if reaction in steps:
            model.reactions.get_by_id(reaction).gene_reaction_rule = f"gene_{reaction}"
    model.reactions.EX_s.bounds = (-10, 0)
    model.objective = "BIO"
    return model


@cache
def case_of(name: str) -> Case:
    return Case(model_of(name), product="EX_p", substrate="EX_s", min_growth=0.1)


@cache
def designs(name: str, formulation: str, most: int):
    return case_of(name).design(formulation, max_interventions=most, max_designs="all")


def best(name: str, formulation: str, most: int) -> dict:
    return designs(name, formulation, most).table[0]


def test_the_page_has_all_three_networks_and_every_formulation():
    assert tuple(ROUTES) == NETWORKS
    assert tuple(DESIGNS) == FORMULATIONS
    assert set(FORMULATIONS) <= set(WILD_TYPE)


@pytest.mark.parametrize("name", NETWORKS)
def test_both_routes_give_the_same_growth(name):
    case = case_of(name)
    wild, product_alone, waste_alone = case.respond(), case.respond("W1"), case.respond("P1")
    assert wild["growth_per_h"] == pytest.approx(printed("growth")[name])
    for response, product in ((product_alone, 10), (waste_alone, 0)):
        assert response["growth_per_h"] == pytest.approx(wild["growth_per_h"])
        for side in ("min", "max"):
            assert response[f"product_{side}_mmol_per_gdw_h"] == pytest.approx(product, abs=1e-9)
    assert wild["product_min_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-9)
    assert wild["product_max_mmol_per_gdw_h"] == pytest.approx(10)


@pytest.mark.parametrize("backwards", [False, True], ids=["order above", "reverse order"])
@pytest.mark.parametrize("name", NETWORKS)
def test_fba_shows_one_of_the_optima(name, backwards):
    solution = model_of(name, backwards).optimize()
    order = "reverse order" if backwards else "order above"
    row = next(asked for asked in WILD_TYPE if asked.startswith("FBA") and order in asked)
    assert solution.objective_value == pytest.approx(1)
    assert solution["EX_p"] == pytest.approx(printed(row)[name], abs=1e-9)


def test_fba_depends_on_the_order_of_reactions_where_nothing_else_decides():
    products = [model_of("equal", backwards).optimize()["EX_p"] for backwards in (False, True)]
    assert products[0] != pytest.approx(products[1])


@pytest.mark.parametrize("name", NETWORKS)
def test_pfba_takes_the_shorter_route(name):
    solution = pfba(model_of(name))
    assert solution["EX_p"] == pytest.approx(printed("pFBA")[name], abs=1e-9)
    assert solution.fluxes.abs().sum() == pytest.approx(printed("total flux")[name])


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("name", NETWORKS)
def test_the_value_of_the_wild_type(name, formulation):
    row = best(name, formulation, 0)
    assert row["interventions"] == ()
    assert row["value_mmol_per_gdw_h"] == pytest.approx(printed(formulation)[name], abs=1e-9)
    assert row["growth_per_h"] == pytest.approx(1)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("name", NETWORKS)
def test_the_best_design(name, formulation):
    cell = DESIGNS[formulation][NETWORKS.index(name)].replace("\\|", "|")
    value, interventions = re.fullmatch(r"(\S+) \((.+)\)", cell).groups()
    row = best(name, formulation, 1)
    assert (" ".join(row["interventions"]) or "wild type") == interventions
    assert row["value_mmol_per_gdw_h"] == pytest.approx(float(value))
    assert designs(name, formulation, 1).record["proven"]


@pytest.mark.parametrize("name", NETWORKS)
def test_without_the_waste_route_the_promise_is_guaranteed(name):
    row = best(name, "robustknock", 1)
    assert row["growth_per_h"] == pytest.approx(1)
    assert row["product_min_mmol_per_gdw_h"] == pytest.approx(row["product_max_mmol_per_gdw_h"]) == pytest.approx(10)
    assert row["product_min_at_min_growth_mmol_per_gdw_h"] == pytest.approx(1)
    assert row["yield_min_mol_per_mol"] == pytest.approx(1)
    assert designs(name, "robustknock", 1).validate().iloc[0]["coupling"] == "substrate-uptake"
    assert designs(name, "robustknock", 0).validate().iloc[0]["coupling"] == "potential"


@pytest.mark.parametrize("name", NETWORKS)
def test_optknock_lists_the_design_for_its_guarantee_alone(name):
    wild, design = best(name, "optknock", 0), best(name, "optknock", 1)
    assert design["value_mmol_per_gdw_h"] == pytest.approx(wild["value_mmol_per_gdw_h"])
    assert wild["product_min_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-9)
    assert design["product_min_mmol_per_gdw_h"] == pytest.approx(10)


@pytest.mark.parametrize("name", NETWORKS)
def test_more_interventions_add_nothing(name):
    assert [row["interventions"] for row in designs(name, "robustknock", 4).table] == [
        row["interventions"] for row in designs(name, "robustknock", 1).table
    ]


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("name", NETWORKS)
def test_cobrapy_confirms_every_value(name, formulation):
    for most in (0, 1):
        assert set(designs(name, formulation, most).validate()["verified"]) == {True}
