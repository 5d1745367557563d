"""Yields as the aim: against a linear program of another solver, the searches against each other, and COBRApy."""

import numpy as np
import pytest
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_interventions import Read, givens
from scipy.optimize import linprog
from searches import run

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.responses.yields import why_no_yield
from knockflow.formulations.registry import YIELDS, formulation

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
KINDS = sorted(one.name for one in YIELDS.values())


def least_surplus(read, floor, ratio, sign=1):
    """Min v_p - r v_s over the states with v_b >= floor, v_s = -v_EX_s: 0 where r is the least yield, as v_s > 0.

    With the sign -1 its opposite, which is 0 where r is the most.
    """
    network = read.network
    place = network.reactions.index
    matrix = np.zeros((len(network.metabolites), len(network.reactions)))
    for column, entries in enumerate(network.stoichiometry):
        for row, value in entries:
            matrix[row, column] = float(value)
    lower, goal = read.lower.copy(), np.zeros(len(network.reactions))
    lower[place("BIOMASS")] = max(lower[place("BIOMASS")], floor)
    goal[place("EX_p")], goal[place("EX_s")] = sign, sign * ratio
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    bounds = list(zip(lower, read.upper, strict=True))
    result = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds, method="highs", options=tight)
    assert result.status == 0, result.message
    return result.fun


def problem_of(drawn):
    """A problem whose every growing state takes up substrate."""
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    assume(problem.viable and len(problem.targets) and not why_no_yield(problem))
    return problem


@settings(max_examples=examples(24), **RELAXED)
@given(givens(), st.sampled_from([kind for kind in KINDS if "pfba" not in kind]), st.data())
def test_a_yield_is_that_of_the_network_as_written(drawn, kind, data):
    problem = problem_of(drawn)
    target = data.draw(st.sampled_from(range(len(problem.targets))))
    design = frozenset() if data.draw(st.booleans()) else frozenset([target])
    read = Read(drawn, names(problem, design))
    growth = None if read.contradicts else read.best("BIOMASS")
    assume(growth is not None and growth > problem.min_growth + 1e-6)
    base, whole = BEHAVIOURS[formulation(kind).response].prepare(problem)
    found = BestDesigns(problem, formulation(kind), Limits(3)).evaluate(design)
    floor = problem.min_growth if kind == "strong_coupling_yield" else growth - 1e-9
    sign = -1 if kind == "optknock_yield" else 1
    assert least_surplus(read, floor, found.value, sign) == pytest.approx(0, abs=1e-5)
    state = found.promise.fluxes
    assert problem.product @ state == pytest.approx(found.value * (problem.uptake @ state), abs=1e-6)


@settings(max_examples=examples(30), **RELAXED)
@given(givens(), st.sampled_from(KINDS), st.integers(1, 3), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(drawn, kind, most, max_designs):
    problem = problem_of(drawn)
    assume(len(problem.targets) <= 12)
    base, whole = BEHAVIOURS[formulation(kind).response].prepare(problem)
    limits, lists = Limits(most, max_designs), []
    assume(limits.affordable(problem, frozenset()))
    for method in ("tree", "exhaustive"):
        best = BestDesigns(whole, formulation(kind), limits, base)
        with Watch(30) as watch:
            result = run(method, best, watch)
        assert result.complete and not watch.stopped
        lists.append([entry.names for entry in result.ranked])
    assert lists[0] == lists[1]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("optknock", 0.910186), ("robustknock", 0.910186), ("strong_coupling", 0.909864), ("pfba_pessimistic", 0.910186)],
)
def test_the_best_yield_of_succinate_is_proven_and_found_again(core_case, kind, value):
    tree, every = (
        core_case.design(kind, objective="yield", max_interventions=2, method=method)
        for method in ("tree", "exhaustive")
    )
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert tree[0].value == pytest.approx(value, abs=1e-6)
    assert tree.record["proven"] and tree.record["formulation"] == f"{kind}_yield"
    checks = tree.validate()
    assert checks["verified"].all()
    assert checks["value_mmol_per_gdw_h"][0] == pytest.approx(value, abs=1e-5)


def test_a_yield_prefers_what_a_rate_does_not(core_case):
    """The least rate at min_growth is that of a cell that takes up little; per substrate it makes as much."""
    rate = core_case.design("strong_coupling", max_interventions=2)[0]
    assert rate.interventions == ("-ACALD", "-D_LACt2|LDH_D")
    assert rate.value == pytest.approx(6.735175, abs=1e-5)
    assert rate.product_yield == pytest.approx(0.909864, abs=1e-5)


def test_a_promise_of_yield_is_more_than_a_guarantee(core_case):
    """Without PYK the cell may make 0.697 per glucose at its largest growth, and need not make any."""
    promised, thrifty = (
        core_case.design(kind, objective="yield", max_interventions=1) for kind in ("optknock", "pfba_optimistic")
    )
    for designs in (promised, thrifty):
        assert designs[0].interventions == ("-PYK",)
        assert designs[0].value == pytest.approx(0.696815, abs=1e-6)
        assert designs.validate()["verified"].all()
    assert promised[0].product_yield == pytest.approx(0, abs=1e-6)
    assert thrifty[0].product_yield == pytest.approx(0.696815, abs=1e-6)


def test_a_master_program_proves_the_best_yield(core_case):
    cuts = core_case.design("strong_coupling", objective="yield", method="logic_benders", max_interventions=2)
    assert cuts[0].interventions == ("-ACALD", "-D_LACt2|LDH_D")
    assert cuts[0].value == pytest.approx(0.909864, abs=1e-6)
    assert cuts.record["proven"] and cuts.record["confirmed_by"] is None


@settings(max_examples=examples(5), **RELAXED)
@given(givens(), st.sampled_from(KINDS), st.integers(1, 3))
def test_cuts_lead_to_the_list_of_the_tree(drawn, kind, most):
    problem = problem_of(drawn)
    assume(len(problem.targets) <= 12)
    base, whole = BEHAVIOURS[formulation(kind).response].prepare(problem)
    limits, lists = Limits(most, 3), []
    assume(limits.affordable(problem, frozenset()))
    for method in ("tree", "logic_benders"):
        best = BestDesigns(whole, formulation(kind), limits, base)
        with Watch(60) as watch:
            result = run(method, best, watch)
        assert result.complete and not watch.stopped
        lists.append([entry.names for entry in result.ranked])
    assert lists[0] == lists[1]


def test_a_front_may_have_yields_as_value(core_case):
    tree, every = (
        core_case.front("strong_coupling", objective="yield", max_interventions=1, method=method)
        for method in ("tree", "exhaustive")
    )
    assert [one.interventions for one in tree] == [one.interventions for one in every]


def test_a_yield_needs_a_substrate_that_every_state_takes_up():
    free = {"EX_glc__D_e": 10, "EX_fru_e": 10, "EX_o2_e": 0}
    case = Case("cobra:textbook", "EX_succ_e", medium=free, min_growth=0.05, substrate="EX_glc__D_e")
    with pytest.raises(ConfigError, match="objective: some state takes up no substrate"):
        case.design("robustknock", objective="yield", max_interventions=1)
    closed = Case("cobra:textbook", "EX_succ_e", medium=free | {"EX_fru_e": 0}, substrate="EX_fru_e")
    with pytest.raises(ConfigError, match="objective: no substrate .* the one that is named is not taken up; name one"):
        closed.design("robustknock", objective="yield", max_interventions=1)
