"""What the tree rests on: sets of bits, witnesses, ceilings, detours, and that no set is visited twice."""

from itertools import combinations

import numpy as np
import pytest
import random_networks
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import BRANCHED, problem_of
from searches import run
from stops import Stopping

from knockflow.base.clock import Watch
from knockflow.base.processes import can_fork, run_pieces
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.region import above, ceiling, over_ceiling, slightly_below, unwanted
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.witness_pool import Witnesses, bits, members
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.tree.detours import Detours, Nearest, after_change, designed_bounds
from knockflow.methods.tree.feasible import Feasible
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.traversal import Traversal

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
NAMES = ("FAST", "SLOW", "WASTE")
CLOSE = 1e-7


@given(st.sets(st.integers(0, 300)))
def test_a_set_of_bits_is_the_set(positions):
    flags = np.zeros(301, bool)
    flags[list(positions)] = True
    assert members(bits(flags)) == sorted(positions)


@given(st.lists(st.sets(st.integers(0, 9)), max_size=20), st.sets(st.integers(0, 9), max_size=3), st.integers(0, 9))
def test_a_state_is_spared_if_no_target_hits_it(masks, design, target):
    witnesses = Witnesses(10)
    for number, mask in enumerate(masks):
        assert witnesses.add(sum(1 << t for t in mask), np.array([number])) == 1 << number
    spared = [number for number, mask in enumerate(masks) if not mask & design]
    assert members(witnesses.spared(design)) == spared
    left = [number for number in spared if target not in masks[number]]
    assert members(witnesses.also_spared(witnesses.spared(design), target)) == left


@given(st.lists(st.sets(st.integers(0, 9)), max_size=50), st.sets(st.integers(0, 49)), st.sets(st.integers(0, 9)))
def test_targets_that_hit_all_states_are_in_all_their_masks(masks, numbers, among):
    witnesses = Witnesses(10)
    for mask in masks:
        witnesses.add(sum(1 << t for t in mask))
    chosen = [number for number in numbers if number < len(masks)]
    found = witnesses.hitting_all(sum(1 << number for number in chosen), sum(1 << t for t in among))
    assert set(members(found)) == among.intersection(*(masks[number] for number in chosen))


def test_the_state_that_few_targets_hit_is_chosen():
    witnesses = Witnesses(4)
    for number, mask in enumerate((0b0111, 0b1001, 0b1110)):
        witnesses.add(mask, np.array([number]))
    assert witnesses.fewest(0b111, 0b1111)[0] == 1
    assert witnesses.fewest(0b101, 0b1110)[0] == 0
    assert witnesses.fewest(0b110, 0b0110)[0] == 1


def test_the_ceiling_is_the_largest_objective_with_so_much_product():
    # FAST turns 10 s into 10 x; SLOW makes half a p of each s at half the growth.
    follower = Follower(problem_of(BRANCHED, NAMES))
    assert ceiling(follower, 0.0).value == pytest.approx(10)
    assert ceiling(follower, 2.0).value == pytest.approx(8)
    assert ceiling(follower, 5.0).value == pytest.approx(5)
    assert ceiling(follower, 5.1) is None
    assert ceiling(follower, 2.0, [NAMES.index("FAST")]).value == pytest.approx(5)


def test_a_region_holds_what_lies_above_the_ceiling():
    problem = problem_of(BRANCHED, NAMES)
    follower = Follower(problem)
    region = above(problem, 8.0, 1e-7)
    states = follower.after(())
    assert region.holds(follower.max_growth(states).fluxes)
    states = follower.after([NAMES.index("FAST")])
    assert not region.holds(follower.max_growth(states).fluxes)


def test_a_goal_that_no_state_reaches_has_no_region_for_a_growth_response():
    follower = Follower(problem_of(BRANCHED, NAMES))
    assert BEHAVIOURS[Response.GROWTH].region(follower, 6.0, False) is None
    assert BEHAVIOURS[Response.VIABLE].region(follower, 6.0, False) is not None
    assert BEHAVIOURS[Response.VIABLE].region(follower, 1.0, True) is None


def test_a_goal_is_lowered_by_what_counts_as_equal():
    assert slightly_below(100.0) == pytest.approx(99.999)
    assert slightly_below(0.0) == pytest.approx(-1e-5)


def is_state(problem, fluxes, design) -> bool:
    rows = problem.matrix @ fluxes
    lower, upper = problem.lower.copy(), problem.upper.copy()
    for column, (least, most) in designed_bounds(problem, design).items():
        lower[column], upper[column] = least, most
    return bool(
        (rows >= problem.row_lower - CLOSE).all()
        and (rows <= problem.row_upper + CLOSE).all()
        and (fluxes >= lower - CLOSE).all()
        and (fluxes <= upper + CLOSE).all()
    )


@pytest.mark.full
@settings(max_examples=examples(45), **RELAXED)
@given(random_networks.networks(), st.sampled_from([0.2, 0.8]), st.data())
def test_detours_and_programs_without_objective_lead_to_states_that_avoid_the_design(network, share, data):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets) > 1)
    problem = problem.growing()
    follower = Follower(problem)
    states = follower.after(())
    most = follower.product(states, maximize=True).value
    region = data.draw(
        st.sampled_from([above(problem, share * problem.max_growth, 1e-7), unwanted(problem, share * most)])
    )
    base = Nearest(problem, region, np.zeros(len(problem.columns))).after(())
    assume(base is not None)
    nearest, detours = Nearest(problem, region, base), Detours(problem, region)
    targets = range(len(problem.targets))
    for target in targets:
        state = nearest.after([target])
        if state is not None:
            assert is_state(problem, state, [target]) and region.holds(state + 0.0)
            detours.add(-1, target, state - base)
    for first, number in detours.reachable((), base, targets).items():
        state = after_change(base, detours.vector(number))
        for second, other in detours.reachable((first,), state, targets).items():
            assert is_state(problem, after_change(state, detours.vector(other)), [first, second])
    feasible = Feasible(problem, region)
    for design in [*combinations(targets, 1), *combinations(targets, 2)]:
        state = feasible.after(design, region)
        assert state is None or (is_state(problem, state, design) and region.holds(state))
        if len(design) == 1 and nearest.after(design) is not None:
            assert state is not None


@pytest.mark.parametrize("kind", ["optknock", "robustknock", "strong_coupling", "potential"])
@settings(max_examples=examples(27), **RELAXED)
@given(network=random_networks.networks(), share=st.sampled_from([0.0, 0.5]), most=st.sampled_from([3, 4]))
def test_no_set_is_visited_twice(kind, network, share, most):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    best = BestDesigns(problem.growing(), FORMULATIONS[kind], Limits(most, None))
    visited = []
    with pytest.MonkeyPatch.context() as patch, Watch() as watch:
        for name in ("children", "leaf"):
            method = getattr(RegionSearch, name)

            def recorded(search, item, method=method):
                # A node without a state is no visit yet: it becomes one with a state, or is settled.
                if getattr(item, "origin", item) is not None:
                    visited.append(frozenset(getattr(item, "design", item)))
                return method(search, item)

            patch.setattr(RegionSearch, name, recorded)
        Traversal(best, watch, best.wild_type.value + share * (best.potential - best.wild_type.value)).run()
    assert len(visited) == len(set(visited))


@pytest.mark.parametrize("questions", range(12))
def test_the_bound_is_never_below_the_best_design_wherever_the_search_ends(questions):
    """The product is taken up, so that the best value is exactly 0 and goals are negative."""
    table = {
        "EX_s": ({"s": -1}, -10, 1000),
        "EX_p": ({"p": -1}, -10, 1000),
        "BIO": ({"s": -1, "x": -1}, 0, 1000),
        "FROM_P": ({"p": -1, "x": 1}, 0, 1000),
        "FROM_S": ({"s": -1, "x": 1}, 0, 1000),
        "POORLY": ({"s": -1, "x": 0.5}, 0, 1000),
    }
    problem = problem_of(table, ["FROM_P", "FROM_S", "POORLY"], min_growth=1).growing()
    best = BestDesigns(problem, FORMULATIONS["robustknock"], Limits(2, 5))
    with Stopping(questions) as watch:
        result = run("tree", best, watch)
    assert not best.ranked or result.bound >= best.ranked[0].value - CLOSE


@pytest.mark.skipif(not can_fork(), reason="processes cannot begin as copies here")
def test_a_piece_that_is_stopped_says_so():
    def work(number: int, watch: Watch, tell) -> int:
        watch.stopped = "SIGTERM" if number == 1 else None
        return number

    with Watch(None) as watch:
        assert run_pieces(work, 2, watch) == [0, 1]
    assert watch.stopped == "SIGTERM"


def test_the_margin_of_a_ceiling_follows_its_prices():
    """Biomass is worth 1000 per unit of a bound: a state may overshoot by the engine's tolerance times that."""
    table = BRANCHED | {"FAST": ({"s": -0.001, "x": 1}, 0, 1e6), "BIO": ({"x": -1}, 0, 1e6)}
    problem = problem_of(table, NAMES, min_growth=1).growing()
    follower = Follower(problem)
    region = over_ceiling(follower, 0.0)
    assert region.margin > 1e-6
    assert region.inner().lower[0] > region.lower[0] + 1e-6
