"""Dives part by part: what they conclude of states, the hitting-set program, minimization, and what a record says."""

import math
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import BRANCHED, problem_of
from random_interventions import givens
from random_networks import networks
from random_networks import problem_of as random_problem
from random_scenarios import judges, problem_of_scenarios, scenarios
from searches import DEFAULTS, run

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import below
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.designs.smaller import smaller_as_good
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.dive.aims import CutAim, Fate, ValueAim
from knockflow.methods.dive.bound import fewest
from knockflow.methods.dive.choice import Chooser, changes, lethal_reason
from knockflow.methods.dive.least import LeastSearch
from knockflow.methods.dive.met import NOTHING, Conflict, Met, Row
from knockflow.methods.dive.method import _Cuts, search_cut_sets
from knockflow.methods.dive.shrink import shrunk
from knockflow.methods.tree.search_space import Space
from knockflow.problem.judge import WORST
from knockflow.settings.options import formulation_options
from knockflow.stages.design import find_designs

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
TARGETS = ["FAST", "SLOW", "WASTE"]


@pytest.fixture
def branched():
    return problem_of(BRANCHED, TARGETS)


def aim_of(problem, goal, kind="robustknock", most=3) -> ValueAim:
    limits = Limits(most)
    return ValueAim(BestDesigns(problem, FORMULATIONS[kind], limits), goal, Space(problem, limits))


def numbers(problem, *ids):
    return frozenset(next(t for t, name in enumerate(problem.targets.ids) if one in name.split("|")) for one in ids)


def test_a_design_stands_as_its_value_says(branched):
    aim = aim_of(branched, 5.0)
    assert aim.reachable and not aim_of(branched, 5.1).reachable
    wild = aim.standing(frozenset())
    assert wild.fate is Fate.SPOILT and wild.value == pytest.approx(0.0) and aim.rules_out(wild.state)
    assert aim.standing(numbers(branched, "FAST", "WASTE")).fate is Fate.MET
    assert aim.standing(numbers(branched, "FAST", "SLOW")).fate is Fate.LOST
    # Without FAST the worst state of largest growth wastes p: only larger designs have to hit it.
    slow = aim.standing(numbers(branched, "FAST"))
    assert slow.fate is Fate.SPOILT and not aim.rules_out(slow.state)


def test_what_is_needed_is_spared(branched):
    aim, met = aim_of(branched, 5.0), Met(branched.targets.n_effects)
    reach = aim.reach(())
    assert reach.potential == pytest.approx(5.0)
    assert aim.reach(numbers(branched, "SLOW")) is None
    chooser = Chooser(met, lambda change: 1.0)
    everything = (1 << branched.targets.n_effects) - 1
    kept = [change.design for change, _ in chooser.sparing(aim, frozenset(), everything, reach)]
    assert set(kept) == {numbers(branched, "FAST"), numbers(branched, "WASTE")}
    met.lose(Conflict(numbers(branched, "WASTE"), aim.missed))
    kept = [change.design for change, _ in chooser.sparing(aim, frozenset(), everything, reach)]
    assert kept == [numbers(branched, "FAST")]


def test_a_reason_is_as_short_as_it_can_be(branched):
    found = lethal_reason(aim_of(branched, 5.0), set(numbers(branched, "FAST", "SLOW", "WASTE")))
    assert found.restrictions == numbers(branched, "SLOW")


def test_a_hitting_set_hits_all_rows_and_no_conflict(branched):
    aim, met = aim_of(branched, 5.0), Met(branched.targets.n_effects)
    assert fewest(aim, met).interventions == 0
    fast, slow, waste = (next(iter(numbers(branched, name))) for name in TARGETS)
    nothing = np.zeros(len(branched.columns))
    met.add(Row(1 << fast | 1 << slow, nothing, NOTHING, 0.0))
    assert fewest(aim, met).interventions == 1
    met.lose(Conflict(frozenset([slow]), aim.missed))
    assert fewest(aim, met).proposal == {fast}
    # A row that was met after FAST asks only designs without it for nothing.
    met.add(Row(1 << waste, nothing, frozenset([fast]), 0.0))
    found = fewest(aim, met)
    assert (found.interventions, found.proposal) == (2, {fast, waste})
    assert fewest(aim, met, 1).interventions == math.inf
    met.add(Row(1 << slow, nothing, NOTHING, 0.0))
    assert fewest(aim, met).interventions == math.inf
    # What was met on the way to more says nothing of a smaller goal.
    assert fewest(aim_of(branched, -1.0), met).interventions == 0


@settings(max_examples=60, **RELAXED)
@given(givens(), st.data())
def test_a_hitting_set_is_the_least_of_all_designs(drawn, data):
    """With genes and additions: against every design, for random rows and conflicts."""
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    targets = problem.targets
    assume(0 < len(targets) <= 10)
    aim, met = aim_of(problem, 1e9, most=10), Met(targets.n_effects)
    nothing, effects = np.zeros(len(problem.columns)), st.integers(1, 2**targets.n_effects - 1)
    single = st.sampled_from(sorted(targets.restrictions(()) | set(range(len(targets)))))
    restrictions, several = (st.frozensets(single, min_size=least, max_size=2) for least in (0, 1))
    for hits in data.draw(st.lists(effects, max_size=6)):
        met.add(Row(hits, nothing, data.draw(restrictions), 0.0))
    for one in data.draw(st.lists(several, max_size=2)):
        met.lose(Conflict(one, aim.missed))
    aim.limits = replace(aim.limits, max_per_kind={kind: data.draw(st.integers(1, 3)) for kind in set(targets.kind)})
    kept = [d for d in _all(len(targets)) if _keeps(aim, met, d) and aim.limits.affordable(problem, d)]
    least = min(map(len, kept), default=math.inf) + len(problem.forced)
    assert fewest(aim, met).interventions == least
    most = data.draw(st.integers(0, 10))
    assert fewest(aim, met, most).interventions == (least if least <= most else math.inf)


def _all(n):
    return (frozenset(one) for size in range(n + 1) for one in combinations(range(n), size))


def _keeps(aim, met, design) -> bool:
    targets = aim.problem.targets
    decided = targets.restrictions(design)
    has = sum(1 << effect for effect in targets.effects(design)) & ~aim.space.forbidden
    if any(len(group & design) > 1 for group in targets.exclusive()):
        return False
    rows = all(row.hits & has or not row.within <= decided for row in met.rows)
    return rows and not any(one.restrictions <= decided for one in met.conflicts)


@settings(max_examples=30, **RELAXED)
@given(networks(), st.sampled_from(sorted(rated())), st.data())
def test_parts_as_good_are_found_where_there_are_any(network, kind, data):
    several = data.draw(st.booleans())
    judge = data.draw(judges()) if several else WORST
    problem = (
        problem_of_scenarios(data.draw(scenarios(network, 2)), judge=judge) if several else random_problem(network)
    )
    assume(problem.viable and len(problem.targets) > 1)
    _check_parts(BestDesigns(problem, FORMULATIONS[kind], Limits(9)), data)


@settings(max_examples=25, **RELAXED)
@given(givens(), st.sampled_from(sorted(rated())), st.data())
def test_so_they_are_where_a_design_adds_something(drawn, kind, data):
    """Nothing shows it in the states: an addition that is left out takes none of those away that do without it."""
    try:
        base, whole = BEHAVIOURS[FORMULATIONS[kind].response].prepare(drawn.problem())
    except ConfigError:
        assume(False)
    assume(whole.viable and len(whole.targets) > 1 and whole.targets.adds.any())
    _check_parts(BestDesigns(whole, FORMULATIONS[kind], Limits(9), base), data)


def _check_parts(best, data):
    """Of some design all parts that are as good are tried."""
    targets = best.problem.targets
    design = frozenset(data.draw(st.sets(st.sampled_from(range(len(targets))), min_size=2, max_size=6)))
    found = best.evaluate(design)
    assume(found is not None and best.limits.affordable(best.problem, design))
    parts = [one for one in best.as_good_subsets(design, found) if one < design]
    needed = best._needed(design, found)
    assert all(needed <= one for one in parts) and (needed < design or not parts)
    for sure in {frozenset(), needed}:
        part = smaller_as_good(targets, best.after, best._hits_of_part, design, found, sure)
        assert (part is None) == (not parts)
        assert part is None or part in parts


def test_what_is_not_needed_is_dropped(branched):
    aim = aim_of(branched, 2.0, "optknock")
    with Watch() as watch:
        for seed in range(3):
            assert shrunk(aim, numbers(branched, "FAST", "WASTE"), Random(seed), watch) == numbers(branched, "FAST")


def test_the_same_seed_gives_the_same_list(core_case):
    asked = {"method": "dive", "max_interventions": 5, "dives": 2, "max_designs": 3}
    first, again = (core_case.design("robustknock", **asked) for _ in range(2))
    told = [one.record["dives"] | {"seconds": None} for one in (first, again)]
    assert first.table == again.table and told[0] == told[1]
    assert first.record["status"] == "feasible" and first.record["objective"] > 9.9
    assert first.record["reason"].endswith("max_interventions 5 is above confirm_up_to 3")
    assert first.record["bound"] == pytest.approx(first.record["potential"])
    account = first.record["dives"]
    assert account["dives"] == 2 and 1 <= account["least_interventions"] <= 5
    assert account["least_interventions_for"] == pytest.approx(first.record["objective"])


def test_few_interventions_are_confirmed(core_case):
    asked = {"max_interventions": 2, "max_designs": 1}
    found = core_case.design("robustknock", method="dive", dives=3, **asked)
    proven = core_case.design("robustknock", **asked)
    assert (found.record["status"], found.record["confirmed_by"]) == ("optimal", "tree")
    assert found.record["objective"] == pytest.approx(9.101863, abs=1e-5)
    assert found.table == proven.table


def test_the_exact_method_begins_with_what_dives_have_found(core_case, monkeypatch):
    from knockflow.methods.tree import method as tree

    begun, goals = [], tree._goals

    def noted(best):
        begun.append([entry.names for entry in best.ranked])
        return goals(best)

    monkeypatch.setattr(tree, "_goals", noted)
    core_case.design("robustknock", max_interventions=2, max_designs=1)
    found = core_case.design("robustknock", method="dive", dives=3, max_interventions=2, max_designs=1)
    assert begun == [[], [row["interventions"] for row in found.table]]


def test_deep_designs_are_minimal(core_case):
    """With 12 interventions allowed: no single one of a design can be dropped, and its growth is real."""
    found = core_case.design("strong_coupling", method="dive", max_interventions=12, dives=2, max_designs=2)
    assert set(found.validate()["verified"]) == {True}
    best = BestDesigns(core_case.problem.growing(), FORMULATIONS["strong_coupling"], Limits(12))
    ids = {name: target for target, name in enumerate(best.problem.targets.ids)}
    for row in found.table:
        design = frozenset(ids[name[1:]] for name in row["interventions"])
        worth = best.evaluate(design)
        for target in design:
            less = best.evaluate(design - {target})
            assert less is None or less.value < worth.value - 1e-6


def closed(reactions, targets, kind, **asked):
    options = formulation_options({"kind": kind, "method": "dive", "max_interventions": 5, **asked})
    return find_designs(problem_of(reactions, targets), options)


def test_a_state_that_nothing_can_hit_proves_that_there_is_no_design():
    found = closed(BRANCHED, ["SLOW", "WASTE"], "robustknock")
    assert found.record["status"] == "optimal" and [row["interventions"] for row in found.rows] == [()]
    proof = found.record["dives"]["proof"]
    assert proof["state"]["FAST"] == pytest.approx(10.0) and "SLOW" not in proof["state"]
    assert found.record["dives"]["dives"] == 0


def test_cut_sets_by_dives(branched):
    options = DEFAULTS | {"kind": "mcs", "suppress": ["BIO >= 1"], "protect": [], "max_designs": "all"}
    options |= {"max_interventions": 3, "dives": 4}
    sets = CutSets(branched, options)
    assert CutAim(sets).standing(frozenset()).fate is Fate.SPOILT
    with Watch(20) as watch:
        search_cut_sets(sets, watch)
    assert [one.names for one in sets.listed(certain=False)] == [("-FAST", "-SLOW")]
    assert sets.dives["least_interventions"] == 2 and "4 dives" in sets.doubt


def test_cut_sets_that_cannot_be_are_proven(branched):
    found = closed(BRANCHED, ["SLOW"], "mcs", suppress=["BIO >= 1"], protect=[])
    assert found.record["status"] == "infeasible" and not found.rows
    assert found.record["dives"]["proof"]["state"]["BIO"] >= 1 - 1e-6


def test_keys_are_those_of_dives_only():
    with pytest.raises(ConfigError, match="dives: `tree` does not read it; use `dive`"):
        formulation_options({"kind": "optknock", "dives": 3})
    with pytest.raises(ConfigError, match="`dive` does not hold for `potential`"):
        formulation_options({"kind": "potential", "method": "dive"})


def test_a_change_adds_all_genes_that_an_effect_needs(core_case_of_genes):
    targets = core_case_of_genes.problem.targets
    effect = next(e for e in range(targets.n_effects) if len(targets.needs(e)) == 2)
    (change,) = changes(targets, frozenset(), 1 << effect)
    assert change.design == set(targets.needs(effect).tolist()) and change.added == 2
    assert change.mask >> effect & 1


def test_a_list_restored_from_dives_is_the_exhaustive_one(branched):
    best = BestDesigns(branched, FORMULATIONS["robustknock"], Limits(2, None))
    with Watch(20) as watch:
        found = run("dive", best, watch, dives=4, max_interventions=2)
    every = BestDesigns(branched, FORMULATIONS["robustknock"], Limits(2, None))
    with Watch(20) as watch:
        assert [e.names for e in found.ranked] == [e.names for e in run("exhaustive", every, watch).ranked]


@settings(max_examples=25, **RELAXED)
@given(networks(), st.sampled_from(["robustknock", "strong_coupling", "optknock"]), st.data())
def test_the_least_number_of_interventions_is_that_of_all_designs(network, kind, data):
    """The bound never exceeds what enumeration finds, and what is said to have so few has."""
    problem = random_problem(network).growing()
    assume(problem.viable and 0 < len(problem.targets) <= 8)
    best = BestDesigns(problem, FORMULATIONS[kind], Limits(8))
    values = {one: best.evaluate(one) for one in _all(len(problem.targets))}
    known = sorted({found.value for found in values.values() if found is not None})
    goal = data.draw(st.sampled_from(known))
    aim = ValueAim(best, goal, Space(problem, Limits(8)))
    sizes = [len(one) for one, found in values.items() if found is not None and not below(found.value, goal)]
    found = LeastSearch(aim, [], 1, lambda: False, lambda: None).run(math.inf)
    assert found.interventions <= min(sizes)
    if found.design is not None:
        assert len(found.design) == found.interventions == min(sizes)
        assert not below(values[found.design].value, goal)


def test_the_fewest_interventions_for_a_value_of_the_core_model(core_case):
    """Numbers of docs/dive.md; `tree` proves the same."""
    problem, limits = core_case.problem.growing(), Limits(6)
    for kind, goal, fewest_known in (("robustknock", 9.1, 2), ("strong_coupling", 6.7, 2)):
        best = BestDesigns(problem, FORMULATIONS[kind], limits)
        found = LeastSearch(ValueAim(best, goal, Space(problem, limits)), [], 1, lambda: False, lambda: None).run(6)
        assert found.interventions == len(found.design) == fewest_known
        assert best.evaluate(found.design).value >= goal


def test_the_record_says_what_the_time_was_for_and_how_the_bound_was_found(core_case):
    asked = {"method": "dive", "max_interventions": 5, "dives": 2, "max_designs": 1}
    told = core_case.design("strong_coupling", **asked).record["dives"]
    assert set(told["seconds"]) == {"dives", "bound"} and min(told["seconds"].values()) > 0
    assert 2 <= told["least_interventions"] <= 5
    assert told["least_interventions_by"].split(":")[0] in ("hitting sets", "`tree`")


def test_dives_take_all_the_time_until_they_have_found_something(branched):
    options = DEFAULTS | {"kind": "mcs", "suppress": ["BIO >= 1"], "protect": [], "max_designs": "all", "dives": 4}
    with Watch(100) as watch:
        cuts = _Cuts(CutSets(branched, options), watch)
    assert cuts.watch.seconds_left == pytest.approx(70, abs=5)
    cuts.watch._limit = 0.0
    assert not cuts.over(found=False) and cuts.watch.seconds_left > 90
    cuts.watch._limit = 0.0
    assert cuts.over(found=True) and "until their share of the time limit ended" in cuts.doubt()
    cuts.number = 4
    assert cuts.over(found=False)
