"""What `dive` lists is in the list of exhaustive enumeration and confirmed by COBRApy; what it proves is true."""

import pytest
from asked_searches import few, limits, plain, problem_of, regions
from driven_cells import viable
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_forces import driven_problems
from random_interventions import as_cobra, givens
from random_networks import networks
from random_networks import problem_of as plain_problem
from random_regulation import problem_of as regulated_problem
from random_regulation import regulated_networks
from random_scenarios import problem_of_scenarios, scenarios
from searches import DEFAULTS, run

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import below
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.dive.method import search_cut_sets
from knockflow.settings.support import why_not

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
HELD = [name for name in sorted(rated()) if why_not("dive", name) is None]
TEN = ["EX_succ_e", "EX_etoh_e", "EX_lac__D_e", "EX_ac_e", "EX_for_e"]


def searched(method, problem, formulation, asked, most=1, **options):
    base, prepared = BEHAVIOURS[FORMULATIONS[formulation].response].prepare(problem)
    limits = Limits(asked.max_interventions, most, asked.max_cost, asked.max_per_kind, asked.min_value)
    with Watch(60) as watch:
        result = run(method, BestDesigns(prepared, FORMULATIONS[formulation], limits, base), watch, **options)
    assert not watch.stopped
    return result


def agrees(problem, formulation, asked) -> bool:
    """Check a search by dives against all designs; whether it found the best value."""
    every = searched("exhaustive", problem, formulation, asked, None).ranked
    found = searched("dive", problem, formulation, asked, 3, dives=6, max_interventions=asked.max_interventions)
    values = {entry.names: entry.value for entry in every}
    for entry in found.ranked:
        assert entry.names in values and entry.value == pytest.approx(values[entry.names], abs=1e-5, rel=1e-5)
    assert not found.complete or not every
    assert all(found.bound >= entry.value - 1e-5 for entry in every)
    least = found.dives and found.dives["least_interventions"]
    if least is not None:
        worth = found.dives["least_interventions_for"]
        assert least <= min(len(entry.names) for entry in every if not below(entry.value, worth))
    return not every or bool(found.ranked) and not below(found.ranked[0].value, every[0].value)


@settings(max_examples=40, **RELAXED)
@given(networks(), st.sampled_from(HELD), st.integers(1, 4))
def test_designs_of_random_networks_are_minimal_and_worth_what_is_said(network, formulation, most):
    problem = plain_problem(network)
    assume(problem.viable and len(problem.growing().targets))
    agrees(problem, formulation, Limits(most))


@settings(max_examples=30, **RELAXED)
@given(givens(), st.sampled_from(HELD), limits())
def test_so_they_are_with_genes_additions_costs_and_limits(drawn, formulation, asked):
    problem = problem_of(drawn)
    few(problem, 12)
    assume(asked.affordable(problem, frozenset()))
    agrees(problem, formulation, asked)


@settings(max_examples=8, **RELAXED)
@given(networks(), st.sampled_from(HELD), st.integers(1, 3), st.data())
def test_so_they_are_for_the_worst_of_several_followers(network, formulation, most, data):
    problem = problem_of_scenarios(data.draw(scenarios(network, 2)))
    assume(problem.viable and len(problem.growing().targets))
    agrees(problem, formulation, Limits(most))


@settings(max_examples=10, **RELAXED)
@given(regulated_networks(), st.sampled_from(HELD))
def test_so_they_are_with_rules_of_genes(drawn, formulation):
    try:
        problem = regulated_problem(drawn)
    except ConfigError:
        assume(False)
    few(problem, 8)
    agrees(problem, formulation, Limits(3))


@settings(max_examples=10, **RELAXED)
@given(driven_problems(networks()), st.sampled_from(HELD), st.integers(1, 4))
def test_so_they_are_with_driving_forces(problem, formulation, most):
    viable(problem)
    agrees(problem, formulation, Limits(most))


@settings(max_examples=30, **RELAXED)
@given(givens(), limits(), st.data())
def test_cut_sets_are_minimal_and_none_where_none_is_said(drawn, asked, data):
    problem = problem_of(drawn)
    assume(problem.max_growth > -float("inf") and 0 < len(problem.targets) <= 12)
    assume(asked.affordable(problem, frozenset()))
    nested = data.draw(st.booleans())
    options = DEFAULTS | {
        "suppress": data.draw(st.lists(regions(problem.reactions, nested), min_size=1, max_size=2)),
        "protect": data.draw(st.lists(regions(problem.reactions, nested and data.draw(st.booleans())), max_size=1)),
        "max_interventions": asked.max_interventions,
        "max_designs": "all",
        "max_cost": asked.max_cost,
        "max_per_kind": asked.max_per_kind,
        "dives": 6,
    }
    every, found = CutSets(problem, options), CutSets(problem, options)
    with Watch(60) as watch:
        every.exhaustive(watch)
        search_cut_sets(found, watch)
    assert not watch.stopped
    names = [one.names for one in every.listed()]
    assert {one.names for one in found.listed(certain=not found.doubt)} <= set(names)
    assert found.doubt or not names
    least = found.dives["least_interventions"]
    assert least is None or not names or least <= min(map(len, names))


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate], **RELAXED)
@given(givens(), st.sampled_from(HELD))
def test_cobrapy_confirms_them_on_a_model_as_it_was(drawn, formulation):
    try:
        model, targets = as_cobra(drawn, curated=False), plain(drawn.options)
        case = Case(model, "EX_p", substrate="EX_s", min_growth=0.1, targets=targets)
    except ConfigError:
        assume(False)
    few(case.problem, 18)
    assume(case.problem.max_growth < 100)  # from nothing, so that all is noise
    designs = case.design(formulation, method="dive", max_interventions=4, max_designs=3, dives=5)
    assert len(designs) == 0 or set(designs.validate()["verified"]) == {True}


ALL = [(product, oxygen) for oxygen in (0, 1000) for product in TEN]


@pytest.mark.parametrize(("cases", "near"), [(ALL[:2], 2), pytest.param(ALL, 9, marks=pytest.mark.long)])
def test_products_of_the_core_model_come_near_the_proven_value(cases, near):
    """Within 5 % of `tree` in 9 of 10 cases, K = 4; COBRApy confirms each design, and the bound on its number holds."""
    found = [_near(*case) for case in cases]
    assert sum(found) >= near


def _near(product, oxygen) -> bool:
    case = Case("cobra:textbook", product, medium={"EX_glc__D_e": 10, "EX_o2_e": oxygen}, min_growth=0.05)
    found = case.design("robustknock", method="dive", max_interventions=4, dives=8)
    proven = case.design("robustknock", max_interventions=4, max_designs=1).record["objective"]
    assert found.record["status"] == "feasible" and set(found.validate()["verified"]) == {True}
    value, least = found.record["objective"], found.record["dives"]["least_interventions"]
    assert value <= proven + 1e-5
    fewer = case.design("robustknock", max_interventions=least - 1, max_designs=1, min_value=value)
    assert fewer.record["proven"] and not any(row["interventions"] for row in fewer.table)
    return value >= 0.95 * proven
