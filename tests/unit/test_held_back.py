"""Why a flux is not reached where no exchange helps: constraints of the model's own, reactions that bounds close."""

import math

import cobra
import pytest

from knockflow import Case
from knockflow.model.constrained_model import add
from knockflow.model.constraints import Constraint

REACTIONS = {
    "EX_s": ({"s": -1}, -10, 1000),
    "GROW": ({"s": -1, "x": 1}, 0, 1000),
    "MAKE": ({"s": -1, "p": 1}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
    "BIOMASS": ({"x": -1}, 0, 1000),
    "ATPM": ({"s": -1}, 1, 1000),
}


def model(**bounds) -> cobra.Model:
    """Substrate becomes biomass or product; some bounds may be others."""
    made = cobra.Model("small")
    made.add_metabolites([cobra.Metabolite(name, formula="C", compartment="c") for name in "spx"])
    for name, (terms, lower, upper) in REACTIONS.items():
        ends = bounds.get(name, (lower, upper))
        reaction = cobra.Reaction(name, lower_bound=ends[0], upper_bound=ends[1])
        made.add_reactions([reaction])
        reaction.add_metabolites({made.metabolites.get_by_id(one): value for one, value in terms.items()})
    made.objective = "BIOMASS"
    return made


def reason(given: cobra.Model, **options) -> str:
    """Why no design of the case has product or growth."""
    case = Case(given, product="EX_p", **{"targets": {"include": ["GROW"]}, **options})
    return case.design("robustknock").reason


def constrained(*constraints: Constraint) -> cobra.Model:
    given = model()
    add(given, constraints)
    return given


def test_a_constraint_without_which_the_product_could_be_made_is_named():
    said = reason(constrained(Constraint("no_product", 0.0, 0.0, {"EX_p": 1.0})))
    assert said.endswith("; without the model's own constraints it could be made: no_product")
    assert "pathway" not in said


def test_of_two_that_each_forbid_it_neither_is_named_alone():
    both = [Constraint(name, -math.inf, 0.0, {"MAKE": 1.0}) for name in ("one", "other")]
    assert reason(constrained(*both)).endswith("without the model's own constraints it could be made, all together")


def test_a_constraint_that_holds_growth_down_is_named():
    said = reason(constrained(Constraint("slow", -math.inf, 0.01, {"BIOMASS": 1.0})))
    assert "it grows at most 0.010000 1/h, so the medium is not the reason" in said
    assert said.endswith("; without the model's own constraints it would grow so: slow")


def test_reactions_that_bounds_close_are_no_missing_pathway():
    said = reason(model(MAKE=(0, 0)))
    assert said.endswith("; it could be made by reactions that the model's bounds close: MAKE")


def test_a_missing_pathway_is_still_one():
    given = model()
    given.remove_reactions(["MAKE"])
    assert reason(given).endswith("no open reaction makes p, and `heterologous` can add a pathway")


@pytest.mark.parametrize("medium", [{"EX_s": 0}, {"EX_s": 0.5}])
def test_maintenance_is_no_nutrient(medium):
    said = reason(model(), medium=medium)
    assert "EX_s (uptake of at least" in said
    assert "ATPM (uptake" not in said


def test_a_forced_flux_and_a_constraint_are_both_named():
    said = reason(constrained(Constraint("little", -math.inf, 0.5, {"ATPM": 1.0})))
    assert "it would without them: little, or without the forced flux of ATPM" in said
