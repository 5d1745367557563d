"""Pareto fronts: of all designs one by one, on random networks and on the core model; floors hold for designs alone."""

from collections import Counter
from itertools import combinations

import pytest
from examples import examples
from front_searches import AXES, READ, front_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_interventions import Read, givens
from random_networks import networks, problem_of
from random_scenarios import problem_of_scenarios, scenarios
from searches import run

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits, cost, names
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.fronts import rising
from knockflow.methods.tree import shared

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
SUCCINATE_2 = [
    (0.0, 0.21166, 0),
    (0.67815, 0.17999, 1),
    (0.86174, 0.17800, 2),
    (1.04291, 0.17604, 2),
    (1.22015, 0.17413, 2),
    (9.09864, 0.11089, 2),
    (9.10186, 0.11049, 2),
]


def on(axes, point):
    """A point's places on some axes, more being better."""
    value, growth, total = point
    return [{"value": value, "growth": growth, "cost": -total}[axis] for axis in axes]


def covers(one, other, slack):
    return all(mine >= its - slack * max(1, abs(its)) for mine, its in zip(one, other, strict=True))


def check_against_all(found, everything, axes):
    """That a front is made of some points, that none of them dominates it, and that it leaves none out."""
    found, everything = [on(axes, one) for one in found], [on(axes, one) for one in everything]
    for point in found:
        assert any(point == pytest.approx(one, abs=3e-5, rel=3e-5) for one in everything)
        for other in everything:
            better = any(its > mine + 1e-3 * max(1, abs(mine)) for mine, its in zip(point, other, strict=True))
            assert not (better and covers(other, point, 0))
    for one in everything:
        assert any(covers(point, one, 3e-5) for point in found)


@settings(max_examples=examples(15), **RELAXED)
@given(givens(), st.sampled_from(READ), st.integers(1, 3), st.sampled_from(AXES))
def test_exhaustive_fronts_are_those_of_the_networks_as_written(drawn, formulation, most, axes):
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    assume(problem.viable and 0 < len(problem.targets) <= 12)
    limits, everything = Limits(most), []
    assume(limits.affordable(problem, frozenset()))
    for size in range(most + 1):
        for design in map(frozenset, combinations(range(len(problem.targets)), size)):
            if limits.affordable(problem, design):
                read = Read(drawn, names(problem, design))
                value, growth = read.value(formulation, problem.min_growth), read.best("BIOMASS")
                assume(growth is None or abs(growth - problem.min_growth) > 1e-7)
                if value is not None and not read.contradicts:
                    everything.append((value, growth, cost(problem, design)))
    found = front_of("exhaustive", problem, formulation, limits, axes)
    check_against_all(found.values(), everything, axes)


@settings(max_examples=examples(40), **RELAXED)
@given(networks(), st.sampled_from(sorted(rated())), st.integers(1, 4), st.sampled_from(AXES), st.data())
def test_tree_finds_the_front_of_exhaustive_enumeration(network, formulation, most, axes, data):
    reactions = [name for name in network.reactions if name.startswith("R")]
    costs = {name: data.draw(st.sampled_from([1.0, 1.0, 0.5, 2.0])) for name in reactions}
    least = data.draw(st.sampled_from([None, None, 0.5]))
    problem = problem_of(network, costs=costs)
    assume(problem.viable and len(problem.growing().targets))
    limits = Limits(most, max_cost=data.draw(st.sampled_from([None, 2.5])), min_value=least)
    tree, every = (front_of(method, problem, formulation, limits, axes) for method in ("tree", "exhaustive"))
    assert list(tree) == list(every)
    for design, point in every.items():
        assert tree[design] == pytest.approx(point, abs=1e-6)


@settings(max_examples=examples(15), **RELAXED)
@given(givens(), st.sampled_from(READ), st.integers(1, 3), st.sampled_from(AXES))
def test_tree_finds_the_front_with_genes_bounds_and_exclusions(drawn, formulation, most, axes):
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    assume(problem.viable and 0 < len(problem.targets) <= 12)
    assume("growth" not in axes or not rising(problem))
    limits = Limits(most)
    assume(limits.affordable(problem, frozenset()))
    tree, every = (front_of(method, problem, formulation, limits, axes) for method in ("tree", "exhaustive"))
    assert list(tree) == list(every)


def test_states_that_searches_share_spare_programs_and_change_no_point(core_case, monkeypatch):
    solve, solved, found = Follower.max_growth, Counter(), set()
    for room in (0, 3000, shared.MOST_FLUXES):
        monkeypatch.setattr(shared, "MOST_FLUXES", room)
        monkeypatch.setattr(Follower, "max_growth", lambda *asked, room=room: solved.update([room]) or solve(*asked))
        found.add(tuple(one.interventions for one in core_case.front("robustknock", max_interventions=2)))
    assert len(found) == 1
    none, some, most = solved.values()
    assert none > 2 * some >= 2 * most, solved


def points(designs):
    return [(one.value, one.growth, one.cost) for one in reversed(list(designs))]


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_the_front_of_succinate_up_to_two_interventions(core_case, method):
    designs = core_case.design("robustknock", front=AXES[0], max_interventions=2, method=method)
    assert points(designs) == [pytest.approx(point, abs=1e-5) for point in SUCCINATE_2]
    assert (designs.record["status"], designs.record["proven"]) == ("optimal", True)
    assert designs[-1].interventions == ()


def test_a_floor_of_growth_leaves_the_states_that_count_as_they_are(core_case):
    """At a min_growth of the strain's own growth, strong coupling would guarantee far more."""
    designs = core_case.design("strong_coupling", front=AXES[0], max_interventions=2)
    every = core_case.design("strong_coupling", front=AXES[0], max_interventions=2, method="exhaustive")
    assert [one.interventions for one in designs] == [one.interventions for one in every]
    assert points(designs) == [pytest.approx(point, abs=1e-6) for point in points(every)]
    for one in designs:
        assert one.value == pytest.approx(one.guaranteed, abs=1e-6)


def test_the_front_of_lactate_is_that_of_all_designs():
    case = Case("cobra:textbook", "EX_lac__D_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    tree, every = (
        case.design("robustknock", front=AXES[0], max_interventions=2, method=method)
        for method in ("tree", "exhaustive")
    )
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert len(tree) > 3


def fronts_up_to_four(product):
    case = Case("cobra:textbook", product, medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    asked = {"front": AXES[0], "max_interventions": 4, "time_limit_s": None}
    return [case.design("robustknock", method=method, **asked) for method in ("tree", "exhaustive")]


@pytest.mark.long
def test_the_front_of_succinate_up_to_four_interventions_has_24_points():
    tree, every = fronts_up_to_four("EX_succ_e")
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    found = points(tree)
    assert len(found) == 24
    assert found[0] == pytest.approx((0, 0.21166, 0), abs=1e-5)
    assert (0.67815, 0.17999, 1) in [pytest.approx(one, abs=1e-5) for one in found]
    assert found[-1] == pytest.approx((9.91515, 0.08619, 4), abs=1e-5)
    assert tree.validate()["verified"].all()


@pytest.mark.long
def test_the_front_of_lactate_up_to_four_interventions_is_that_of_all_designs():
    tree, every = fronts_up_to_four("EX_lac__D_e")
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert points(tree) == [pytest.approx(point, abs=1e-6) for point in points(every)]


def both(axes, most, product="EX_succ_e", **asked):
    """The fronts of a case by both methods that find them, which must be the same and be found again by COBRApy."""
    case = Case("cobra:textbook", product, medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05, **asked)
    tree, every = (
        case.front("robustknock", axes, max_interventions=most, method=method) for method in ("tree", "exhaustive")
    )
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert points(tree) == [pytest.approx(point, abs=1e-6) for point in points(every)]
    assert tree.record["proven"] and tree.validate()["verified"].all()
    return points(tree)


def test_the_axis_of_cost_is_the_sum_of_costs():
    """Either removal guarantees as much; the cheaper one is the point."""
    found = both(AXES[0], 1, targets={"costs": {"FORti": 2.5, "PFL": 1.5}})
    assert found == [pytest.approx(point, abs=1e-5) for point in [(0, 0.211663, 0), (0.678148, 0.179985, 1.5)]]


def test_genes_have_fronts():
    found = both(["value", "growth"], 1, targets={"level": "genes", "costs": {"b0904": 2.0}})
    assert len(found) >= 1


@pytest.mark.parametrize(
    "layer",
    [{"regulation": "default"}, pytest.param({"thermodynamics": "directions"}, marks=pytest.mark.long)],
    ids=["rules", "energies"],
)
def test_layers_have_fronts(layer):
    assert len(both(AXES[0], 1, "EX_etoh_e", layers=layer)) >= 2


def test_a_regulator_may_raise_growth_so_that_tree_takes_no_floor_of_it():
    with pytest.raises(ConfigError, match="front: `tree` rules out by a floor on growth .*; use `exhaustive`"):
        both(AXES[0], 1, layers={"regulation": "default"}, targets={"level": "genes"})


def test_several_products_of_one_case_have_a_front_of_their_sum():
    case = Case("cobra:textbook", products={"EX_succ_e": 1, "EX_ac_e": 0.2}, medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
    tree, every = (case.front("strong_coupling", max_interventions=1, method=one) for one in ("tree", "exhaustive"))
    assert [one.interventions for one in tree] == [one.interventions for one in every]


def test_where_growth_may_rise_only_exhaustive_enumeration_takes_a_floor(core_case):
    case = Case(
        "cobra:textbook",
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.05,
        targets={"include": ["PYK"], "interventions": {"EX_o2_e>=-2": 1}},
    )
    with pytest.raises(ConfigError, match="front: `tree` rules out .* add to what the cell can do.*`exhaustive`"):
        case.design("robustknock", front=["value", "growth"], max_interventions=1)
    every = case.design("robustknock", front=["growth", "cost"], max_interventions=1, method="exhaustive")
    assert ("EX_o2_e>=-2",) in [one.interventions for one in every]
    plain = case.design("robustknock", front=["value", "cost"], max_interventions=1)
    assert plain.record["proven"]


def test_python_has_the_front_and_its_picture(core_case):
    front = core_case.front("robustknock", max_interventions=1)
    assert [one.interventions for one in front] == [("-FORti",), ()]
    assert front.plot("front").svg.count('class="mark') >= 2
    assert front.validate()["verified"].all()
    flat = core_case.front("robustknock", ["growth", "value"], max_interventions=1)
    assert "growth (1/h)" in flat.plot("front").svg
    with pytest.raises(ConfigError, match="no front; ask for one with `Case.front`"):
        core_case.design("robustknock", max_interventions=1).plot("front")
    with pytest.raises(ConfigError, match="front: give the axes as `axes`"):
        core_case.front("robustknock", front=["value", "cost"])
    with pytest.raises(ConfigError, match="`value` alone is no front"):
        core_case.front("robustknock", "value")
    with pytest.raises(ConfigError, match="speed"):
        core_case.front("robustknock", ["value", "speed"])


@pytest.mark.parametrize(
    "asked", [{"front": ["value", "growth", "cost"]}, {"objective": "yield"}], ids=["front", "yield"]
)
def test_scenarios_have_fronts_and_yields(asked):
    named = {"nominal": {}, "leak": {"uptake": {"EX_o2_e": 1}}, "less_atp": {"growth_atp": 0.8}}
    medium = {"EX_glc__D_e": 10, "EX_o2_e": 0}
    case = Case("cobra:textbook", "EX_succ_e", medium=medium, min_growth=0.05, layers={"scenarios": {"named": named}})
    tree, every = (
        case.design("robustknock", max_interventions=2, method=method, **asked) for method in ("tree", "exhaustive")
    )
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert tree[0].value > 0.1 and tree.validate()["verified"].all()


@settings(max_examples=examples(6), **RELAXED)
@given(st.data(), networks(), st.sampled_from(READ), st.integers(1, 2), st.sampled_from(AXES))
def test_tree_finds_the_fronts_of_scenarios_that_enumeration_finds(data, network, formulation, most, axes):
    problem = problem_of_scenarios(data.draw(scenarios(network, 2)))
    assume(problem.viable and len(problem.growing().targets))
    wanted = FORMULATIONS[formulation]
    base, whole = BEHAVIOURS[wanted.response].prepare(problem)
    found = []
    for method in ("tree", "exhaustive"):
        with Watch(60) as watch:
            result = run(method, BestDesigns(whole, wanted, Limits(most), base), watch, front=axes)
        assert result.complete and not watch.stopped
        found.append([(entry.names, round(entry.value, 5)) for entry in result.ranked])
    assert found[0] == found[1]
