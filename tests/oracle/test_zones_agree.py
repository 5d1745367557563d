"""Zones of random networks: tree, every set, and exact arithmetic on all zones put together by hand agree."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from exact_designs import value_and_guarantee
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_networks import networks, problem_of
from random_scenarios import Scenarios
from random_zones import Zoned, by_hand, in_all, problem_of_zones, zoned
from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.respond import respond
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.problem.archive import digest
from knockflow.settings.support import why_not

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
EXACTLY = ["optknock", "robustknock", "strong_coupling", "potential"]
OTHERS = [(m, k) for m in ("benders", "logic_benders", "strong_duality") for k in EXACTLY[:2] if not why_not(m, k)]


def lists(problem, kind: str, limits: Limits, *methods: str) -> list[list[tuple]]:
    """What methods list."""
    base, whole = BEHAVIOURS[FORMULATIONS[kind].response].prepare(problem)
    found = []
    for method in methods:
        best = BestDesigns(whole, FORMULATIONS[kind], limits, base)
        with Watch(60) as watch:
            options = {} if method in ("tree", "exhaustive") else {"solver": "highs"}
            result = run(method, best, watch, **options)
        found.append([(entry.names, round(entry.value, 5)) for entry in result.ranked])
    return found


@settings(max_examples=examples(12), **RELAXED)
@given(zoned(networks()), st.sampled_from(sorted(rated())), st.integers(1, 3), st.sampled_from([1, 3, None]))
def test_tree_lists_what_exhaustive_enumeration_lists(case, kind, most, max_designs):
    problem = problem_of_zones(case)
    assume(problem.viable and len(problem.growing().targets))
    tree, every = lists(problem, kind, Limits(most, max_designs), "tree", "exhaustive")
    assert [names for names, _ in tree] == [names for names, _ in every]


@settings(max_examples=examples(4), **RELAXED)
@given(zoned(networks(), fewest=1), st.sampled_from(EXACTLY))
def test_designs_are_worth_what_exact_arithmetic_finds_of_all_zones(case, kind):
    problem, whole = problem_of_zones(case), by_hand(case)
    assume(problem.viable)
    problem = problem.growing()
    best, floor = BestDesigns(problem, FORMULATIONS[kind], Limits(2)), Fraction(repr(problem.min_growth))
    numbers = range(len(problem.targets))
    for design in [(), *combinations(numbers, 1), *list(combinations(numbers, 2))[:6]]:
        removed = {name for target in design for name in problem.targets.ids[target].split("|")}
        exact = value_and_guarantee(whole, in_all(case, removed), FORMULATIONS[kind], floor)
        found = best.evaluate(frozenset(design))
        if exact is None or found is None:
            assert exact is None and found is None
            continue
        assert found.value == pytest.approx(float(exact[0]), abs=2e-6)
        assert found.guarantee == pytest.approx(float(exact[1]), abs=2e-6)


@settings(max_examples=examples(4), **RELAXED)
@given(zoned(networks(), fewest=1))
def test_essential_and_blocked_targets_are_so_in_exact_arithmetic(case):
    problem, whole = problem_of_zones(case), by_hand(case)
    assume(problem.viable)
    floor = Fraction(repr(problem.min_growth))
    for target, status in enumerate(problem.targets.status):
        removed = in_all(case, set(problem.targets.ids[target].split("|")))
        found = value_and_guarantee(whole, removed, FORMULATIONS["robustknock"], floor)
        wild = value_and_guarantee(whole, set(), FORMULATIONS["robustknock"], floor)
        if status == "essential":
            assert found is None
        elif status == "blocked":
            assert float(found[0]) == pytest.approx(float(wild[0]), abs=2e-6)


@settings(max_examples=examples(3), **RELAXED)
@given(st.data(), zoned(networks()), st.sampled_from(["robustknock", "strong_coupling"]))
def test_zones_of_scenarios_are_worth_the_worst_of_them(data, case, kind):
    """Scenarios change coefficients and maintenance, zones the media."""
    other = replace(case.network, lower=case.network.lower.copy())
    factors = [Fraction(data.draw(st.sampled_from(["1", "0.8", "1.5"]))) for _ in other.reactions]
    scaled = zip(other.stoichiometry, factors, strict=True)
    columns = [tuple((row, value * factor) for row, value in own) for own, factor in scaled]
    exchange = [name.startswith("EX_") for name in other.reactions]
    kept = zip(other.stoichiometry, columns, exchange, strict=True)
    other = replace(other, stoichiometry=tuple(own if is_exchange else new for own, new, is_exchange in kept))
    both = [case.network, other]
    problem = problem_of_zones(case, more=(Scenarios(both),))
    assume(problem.viable)
    problem = problem.growing()
    assert len(problem.followers) == 2
    best, floor = BestDesigns(problem, FORMULATIONS[kind], Limits(2)), Fraction(repr(problem.min_growth))
    wholes = [by_hand(Zoned(network, case.options)) for network in both]
    for design in [(), *combinations(range(len(problem.targets)), 1)]:
        removed = in_all(case, {name for target in design for name in problem.targets.ids[target].split("|")})
        exact = [value_and_guarantee(whole, removed, FORMULATIONS[kind], floor) for whole in wholes]
        found = best.evaluate(frozenset(design))
        if None in exact or found is None:
            assert None in exact and found is None
            continue
        assert found.value == pytest.approx(float(min(value for value, _ in exact)), abs=2e-6)
    tree, every = lists(problem, kind, Limits(2, 3), "tree", "exhaustive")
    assert [names for names, _ in tree] == [names for names, _ in every]


@settings(max_examples=examples(6), **RELAXED)
@given(networks(), st.sampled_from([0, 0.1, 5]), st.sampled_from([0.5, 0.125]), st.integers(0, 2))
def test_equal_zones_are_one_zone(network, conductance, share, size):
    exchanges = [name for name in network.reactions if name.startswith("EX_")]
    named = {"one": {"share": share, "medium": {}}, "two": {"share": 1 - share, "medium": {}}}
    exchange = dict.fromkeys(exchanges, {"conductance": conductance, "capacity": None, "largest": 1000})
    options = {"named": named, "exchange": exchange, "neighbours": None, "least_growth": 0, "equal_growth": False}
    plain = problem_of(network)
    assume(plain.viable)
    zones = problem_of_zones(Zoned(network, options), plain.min_growth)
    assert zones.max_growth == pytest.approx(plain.max_growth, abs=1e-7)
    index = {name: number for number, name in enumerate(zones.targets.ids)}
    for design in list(combinations(range(len(plain.targets)), size))[:8]:
        names = [plain.targets.ids[target] for target in design]
        if not all(name in index for name in names):
            continue
        one, two = respond(plain, frozenset(design)), respond(zones, frozenset(index[name] for name in names))
        assert (one is None) == (two is None)
        if one is not None:
            ours = (two.growth, two.product_min, two.product_max)
            assert ours == pytest.approx((one.growth, one.product_min, one.product_max), abs=2e-6)


@settings(max_examples=examples(4), **RELAXED)
@given(networks())
def test_a_single_zone_is_the_plain_problem(network):
    plain = problem_of(network)
    options = {"named": {"all": {"share": 1, "medium": {}}}, "exchange": {}, "neighbours": None}
    alone = problem_of_zones(Zoned(network, options | {"least_growth": 0, "equal_growth": False}), plain.min_growth)
    assert digest(alone) == digest(plain)


@pytest.mark.long
@pytest.mark.parametrize(("method", "kind"), OTHERS)
@settings(max_examples=examples(4), **RELAXED)
@given(case=zoned(networks()))
def test_methods_of_one_linear_follower_list_what_enumeration_lists(method, kind, case):
    problem = problem_of_zones(case)
    assume(problem.viable and len(problem.growing().targets))
    own, every = lists(problem, kind, Limits(2, 3), method, "exhaustive")
    assert [value for _, value in own] == pytest.approx([value for _, value in every], abs=1e-4)
