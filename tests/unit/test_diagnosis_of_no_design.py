"""Why there is no design, in facts: what they say is true, and nothing in them can be left out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from cobra import Metabolite, Model, Reaction
from cobra.io import load_model
from configurations import options
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import BRANCHED
from networks import problem_of as branched_problem
from random_networks import networks, problem_of

from knockflow.base.tolerances import below
from knockflow.designs.claims import Claims
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.designs.summary import summary_rows
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS
from knockflow.model.curation.ability import feasible
from knockflow.stages.design import find_designs
from knockflow.stages.diagnosis import budget, cell
from knockflow.stages.diagnosis.budget import beyond
from knockflow.stages.diagnosis.cell import conflict, openings, unbalanced
from knockflow.stages.diagnosis.irreducible import irreducible
from knockflow.stages.diagnosis.uncoupled import state_beyond_reach
from knockflow.stages.diagnosis.words import said

ITEMS = "abcdefgh"


@given(st.lists(st.sets(st.sampled_from(ITEMS), min_size=1), max_size=4))
def test_a_part_that_is_bad_and_of_which_nothing_can_be_left_out(causes):
    def bad(some: Sequence[str]) -> bool:
        return any(cause <= set(some) for cause in causes)

    found = irreducible(ITEMS, bad)
    if not causes:
        assert found is None
        return
    assert bad(found) and found == sorted(found)
    assert not any(bad([other for other in found if other != one]) for one in found)


def test_nothing_is_needed_for_what_is_always_bad():
    assert irreducible(ITEMS, lambda some: True) == []


def model_of(**reactions) -> Model:
    """A model of reactions as (equation, lower, upper)."""
    model = Model("toy")
    for name, (equation, lower, upper) in reactions.items():
        reaction = Reaction(name)
        model.add_reactions([reaction])
        reaction.build_reaction_from_string(equation, verbose=False)
        reaction.bounds = lower, upper
    for metabolite in model.metabolites:
        metabolite.compartment = "c"
    return model


def test_bounds_that_exclude_each_other_are_irreducible():
    model = model_of(
        EX_s=("s <=>", -1, 1000), EX_o=("o <=>", -1000, 1000), burn=("s + o -->", 0, 1000), ATPM=("s -->", 8.39, 1000)
    )
    before = {one.id: one.bounds for one in model.reactions}
    assert conflict(model) == ["EX_s >= -1", "ATPM >= 8.39"]
    assert {one.id: one.bounds for one in model.reactions} == before and not feasible(model)
    model.reactions.EX_s.lower_bound = -10
    assert conflict(model) is None


def test_a_constraint_of_the_models_own_is_named():
    model = model_of(EX_s=("s <=>", -10, 1000), ATPM=("s -->", 8.39, 1000))
    flux = model.reactions.ATPM.flux_expression
    model.add_cons_vars(model.problem.Constraint(flux, ub=5, name="least_maintenance"))
    assert conflict(model) == ["ATPM >= 8.39", "constraint least_maintenance"]
    assert model.constraints["least_maintenance"].ub == 5


def test_which_metabolite_cannot_be_balanced():
    gap = model_of(
        EX_s=("s <=>", -10, 1000),
        last=("a --> b", 0, 1000),
        turn=("b <=> p", -1000, 1000),
        EX_p=("p -->", 0, 1000),
    )
    assert unbalanced(gap, gap.reactions.EX_p) == {"supply": ["a"], "drain": []}
    waste = model_of(EX_s=("s <=>", -10, 1000), make=("s --> p + w", 0, 1000), EX_p=("p -->", 0, 1000))
    found = unbalanced(waste, waste.reactions.EX_p)
    assert found["drain"] == ["w"] and "w" not in found["supply"]
    assert all(one.lb == one.ub == 0 for one in waste.constraints)


@pytest.mark.parametrize(
    ("closed", "product"),
    [("PFL", "EX_for_e"), ("GAPD", "EX_succ_e"), ("CS AKGDH", "EX_akg_e"), ("GLUSy", "EX_x")],
)
def test_metabolites_without_a_price_fill_no_gap(closed, product, monkeypatch):
    model = load_model("textbook")
    for name in closed.split():
        model.reactions.get_by_id(name).bounds = 0, 0
    gap = Metabolite("x_c", compartment="c")
    made = Reaction("EX_x", lower_bound=0, upper_bound=1000)
    needs = Reaction("NEEDS", lower_bound=0, upper_bound=1000)
    model.add_reactions([made, needs])
    made.add_metabolites({gap: -1})
    needs.add_metabolites({gap: 1, "atp_c": -1, Metabolite("y_c", compartment="c"): -1, "adp_c": 1})
    model.reactions.EX_glc__D_e.lower_bound = -1 if product == "EX_x" else 0
    model.reactions.ATPM.lower_bound = 0
    reaction = model.reactions.get_by_id(product)
    told = cell._priced(model, reaction)
    found = unbalanced(model, reaction)
    assert any(found.values()) and len(told) < len(model.metabolites)
    monkeypatch.setattr(cell, "_priced", lambda *_: [one.id for one in model.metabolites])
    assert unbalanced(model, reaction) == found


def test_exchanges_are_told_by_how_far_they_open():
    model = model_of(EX_s=("s <=>", 0, 1000), make=("s --> 2 p", 0, 1000), EX_p=("p -->", 0, 1000))
    assert openings(model, model.reactions.EX_p, 1.0, {}) == [{"EX_s": -0.5}]


def test_the_smallest_budget_that_would_do(core_case):
    asked = options(kind="robustknock", max_interventions=1, min_value=5.0)
    found = beyond(core_case.problem, asked, proven=True, goal=5.0)
    assert (found["interventions"], found["least"], found["design"]) == (2, 2, ["-ACALD", "-PYK"])
    assert found["value"] == pytest.approx(9.101863, abs=1e-5)


@pytest.mark.parametrize("limit", [{"max_per_kind": {"knock_out": 0}}, {"max_cost": 0.5}])
def test_what_other_limits_rule_out_tells_nothing_of_the_number(core_case, limit):
    """None of up to three within the limit, and yet the smallest budget is one of two."""
    asked = options(kind="robustknock", max_interventions=3, min_value=5.0, **limit)
    found = beyond(core_case.problem, asked, proven=True, goal=5.0)
    assert (found["interventions"], found["least"]) == (2, 2)


def test_what_the_best_value_takes_at_least_is_more_than_what_would_do(core_case, monkeypatch):
    asked = options(kind="robustknock", max_interventions=1, min_value=5.0)

    def bounded(problem, asked):
        found = find_designs(problem, asked)
        return found if asked["method"] == "tree" else replace(found, record=found.record | {"dives": three}, rows=deep)

    three = {"least_interventions": 3, "least_interventions_for": 9.2, "proof": None}
    deep = find_designs(core_case.problem, asked | {"max_interventions": 3, "max_designs": 1}).rows
    monkeypatch.setattr(budget, "find_designs", bounded)
    found = beyond(core_case.problem, asked, proven=True, goal=5.0)
    assert (found["interventions"], found["least"]) == (2, 2)


def test_the_smallest_budget_of_a_cut_set(core_case):
    asked = options(kind="mcs", suppress=["Biomass_Ecoli_core >= 0.18", "Biomass_Ecoli_core <= 1"], max_interventions=0)
    found = beyond(core_case.problem, asked, proven=True, goal=0.0)
    assert (found["interventions"], found["least"], found["value"]) == (1, 1, None)
    assert "is 1 intervention: -" in said({"kind": "budget"} | found)


@settings(max_examples=examples(8), deadline=None)
@given(networks(), st.sampled_from(["robustknock", "strong_coupling"]))
def test_no_design_is_worth_more_than_a_state_that_all_leave(network, kind):
    problem, wanted = problem_of(network), FORMULATIONS[kind]
    if not problem.viable:
        return
    found = state_beyond_reach(problem, wanted, 1e6)
    if found is None:
        return
    base, whole = BEHAVIOURS[wanted.response].prepare(problem)
    best = BestDesigns(whole, wanted, Limits(3, 1), base)
    for size in range(4):
        for design in combinations(whole.candidates(), size):
            value = best.evaluate(frozenset(design))
            assert value is None or not below(found.value, value.value)


def test_where_growth_needs_all_a_state_without_product_is_left():
    problem = branched_problem(BRANCHED, ("FAST", "SLOW"))
    nothing = replace(problem, targets=replace(problem.targets, status=("essential",) * len(problem.targets)))
    for kind in ("robustknock", "strong_coupling"):
        least = BestDesigns(nothing, FORMULATIONS[kind], Limits(1, 1)).evaluate(frozenset()).value
        found = state_beyond_reach(nothing, FORMULATIONS[kind], least + 1)
        assert found.value == pytest.approx(least)
        assert state_beyond_reach(nothing, FORMULATIONS[kind], least) is None


def test_the_reason_of_a_summary_has_what_a_diagnosis_adds():
    claim = Claims("f", [], {"status": "infeasible", "gap": None, "cause": "limits", "reason": "too few"})
    entry = {"case": "a", "formulation": "f", "said": "two would do"}
    assert summary_rows("a", [claim], [], [], [entry])[0]["reason"] == "too few; two would do"
    assert summary_rows("b", [claim], [], [], [entry])[0]["reason"] == "too few"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "conflict", "conflict": ["a >= 1", "b <= 0"]}, "exclude each other"),
        ({"kind": "conflict", "conflict": []}, "leave no flux"),
        ({"kind": "product", "products": {"p": {"supply": ["m"], "drain": []}}}, "p needs m, which nothing here makes"),
        ({"kind": "product", "products": {"p": {"supply": [], "drain": ["w"]}}}, "p leaves w over"),
        ({"kind": "product", "products": {"p": {"supply": [], "drain": []}}}, "more than one metabolite"),
        ({"kind": "budget", "interventions": 3, "least": 2, "design": ["-a"], "value": 1.5}, "is 2 to 3 interventions"),
        ({"kind": "budget", "untold": "time"}, ""),
        ({"kind": "uncoupled", "state": {"a": 1.0}, "essential": ["a"]}, "growth itself needs a"),
        ({"kind": "growth"}, ""),
    ],
)
def test_every_kind_is_told_in_words(entry, words):
    told = said(entry)
    assert words in told and bool(told) == bool(words)
