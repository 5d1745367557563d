"""Several followers on random networks: tree, every set, and exact arithmetic in each scenario agree."""

from fractions import Fraction
from itertools import combinations

import pytest
from exact_designs import value_and_guarantee
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_interventions import givens
from random_networks import networks, problem_of
from random_scenarios import judges, problem_of_scenarios, problem_of_wishes, scenarios
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import below
from knockflow.designs.gather import best_designs
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.problem.archive import digest
from knockflow.problem.judge import WORST, Judge
from knockflow.settings.options import formulation_options
from knockflow.settings.support import why_not

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
EXACTLY = ["optknock", "robustknock", "strong_coupling", "potential"]


def lists(problem, kind, limits, methods=("tree", "exhaustive"), **options) -> list[list[tuple]]:
    """What some methods list."""
    base, whole = BEHAVIOURS[FORMULATIONS[kind].response].prepare(problem)
    found = []
    for method in methods:
        best = BestDesigns(whole, FORMULATIONS[kind], limits, base)
        with Watch(30) as watch:
            assert run(method, best, watch, **options).complete and not watch.stopped
        found.append([(entry.names, round(entry.value, 5)) for entry in best.ranked])
    return found


@settings(max_examples=examples(40), **RELAXED)
@given(st.data(), networks(), st.sampled_from(sorted(rated())), st.integers(1, 4), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(data, network, kind, most, max_designs):
    problem = problem_of_scenarios(data.draw(scenarios(network)))
    assume(problem.viable and len(problem.growing().targets))
    tree, every = lists(problem, kind, Limits(most, max_designs))
    assert [names for names, _ in tree] == [names for names, _ in every]


@settings(max_examples=examples(15), **RELAXED)
@given(
    st.data(), networks(), st.sampled_from(sorted(rated())), st.integers(1, 4), st.sampled_from([1, 3, None]), judges()
)
def test_tree_lists_what_exhaustive_enumeration_lists_however_designs_are_judged(
    data, network, kind, most, max_designs, judge
):
    problem = problem_of_scenarios(data.draw(scenarios(network)), judge=judge)
    assume(problem.viable and len(problem.growing().targets))
    tree, every = lists(problem, kind, Limits(most, max_designs))
    assert tree == every


@settings(max_examples=examples(5), **RELAXED)
@given(
    st.data(), networks(), st.sampled_from(sorted(rated())), st.integers(1, 2), st.sampled_from(["classic", "pareto"])
)
def test_logic_benders_lists_what_exhaustive_enumeration_lists_for_the_worst(data, network, kind, most, cuts):
    problem = problem_of_scenarios(data.draw(scenarios(network, 2)))
    assume(problem.viable and len(problem.growing().targets) and why_not("logic_benders", kind) is None)
    found, every = lists(problem, kind, Limits(most, 3), ("logic_benders", "exhaustive"), cuts=cuts, solver="highs")
    assert [names for names, _ in found] == [names for names, _ in every]


@settings(max_examples=examples(12), **RELAXED)
@given(st.data(), givens(), st.sampled_from(sorted(rated())), st.integers(1, 3), st.one_of(st.just(WORST), judges()))
def test_it_does_so_with_genes_additions_and_limits(data, drawn, kind, most, judge):
    try:
        problem = problem_of_wishes(drawn, data.draw(scenarios(drawn.network, 2)), judge)
    except ConfigError:
        assume(False)
    assume(problem.viable and 0 < len(problem.growing().targets) <= 10)
    limits = Limits(most, 3)
    assume(limits.affordable(problem, frozenset()))
    tree, every = lists(problem, kind, limits)
    assert [names for names, _ in tree] == [names for names, _ in every]


def folded(values: list[Fraction], judge: Judge) -> float:
    """What a judge makes of values, by counting."""
    if judge.by == "mean":
        return float(sum(values) / len(values))
    share = Fraction(str(judge.quantile))
    enough = [v for v in values if sum(x < v for x in values) < max(share * len(values), Fraction(1, 10**6))]
    return float(max(enough))


@settings(max_examples=examples(15), **RELAXED)
@given(st.data(), networks(), st.sampled_from(EXACTLY), st.one_of(st.just(WORST), judges()))
def test_a_design_is_worth_what_is_made_of_what_exact_arithmetic_finds_in_each_scenario(data, network, kind, judge):
    given_networks = data.draw(scenarios(network, 2))
    problem = problem_of_scenarios(given_networks, judge=judge)
    assume(problem.viable)
    problem = problem.growing()
    best, floor = BestDesigns(problem, FORMULATIONS[kind], Limits(2)), Fraction(repr(problem.min_growth))
    numbers = range(len(problem.targets))
    for design in [(), *combinations(numbers, 1), *list(combinations(numbers, 2))[:12]]:
        removed = {name for target in design for name in problem.targets.ids[target].split("|")}
        exact = [value_and_guarantee(one, removed, FORMULATIONS[kind], floor) for one in given_networks]
        found = best.evaluate(frozenset(design))
        if None in exact:
            assert found is None
            continue
        assert found.value == pytest.approx(folded([value for value, _ in exact], judge), abs=1e-6)
        assert found.guarantee == pytest.approx(folded([least for _, least in exact], judge), abs=1e-6)


@settings(max_examples=examples(15), **RELAXED)
@given(st.data(), networks(), st.sampled_from(["optknock", "robustknock", "strong_coupling"]))
def test_a_scenario_more_never_raises_the_worst_case(data, network, kind):
    given_networks = data.draw(scenarios(network, 2))
    more = problem_of_scenarios(given_networks)
    assume(more.viable)
    fewer = problem_of_scenarios(given_networks[:-1], more.min_growth)
    options, values = formulation_options({"kind": kind}), []
    for problem in (fewer, more):
        best = best_designs(problem, options)
        with Watch(30) as watch:
            run("tree", best, watch)
        values.append(max([best.wild_type.value, *(entry.value for entry in best.ranked)]))
    assert not below(*values)


@settings(max_examples=examples(15), **RELAXED)
@given(networks())
def test_one_scenario_is_the_plain_problem(network):
    plain = problem_of(network)
    alone = problem_of_scenarios([network], plain.min_growth)
    assert digest(alone.with_follower(name="")) == digest(plain)
