"""Decomposition: each cut's sign, what the master makes of it, the core point, and cuts that are Pareto-optimal."""

from dataclasses import replace
from functools import partial
from itertools import chain, combinations

import numpy as np
import pytest
from networks import BRANCHED, problem_of
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.region import slightly_below
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.decomposition import remainder
from knockflow.methods.decomposition.by_prices import Duals
from knockflow.methods.decomposition.by_trials import Trials, fewest
from knockflow.methods.decomposition.core_point import CorePoint
from knockflow.methods.decomposition.cuts import Cut, joined, truncated, weighed
from knockflow.methods.decomposition.loop import Run
from knockflow.methods.decomposition.master import Master
from knockflow.methods.decomposition.price_programs import Ceiling, fastest, share
from knockflow.methods.decomposition.remainder import Left, Remainder
from knockflow.methods.decomposition.value_cuts import ValueCuts
from knockflow.numerics.mip_solvers import MipResult, MipStatus, Solver, SolverOptions
from knockflow.problem.leader import Effect, Targets

HIGHS = Solver(SolverOptions("highs"))


def subsets(items):
    items = list(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def holding(n, effects):
    point = np.zeros(n)
    point[list(effects)] = 1.0
    return point


def branched(**changes):
    return problem_of(BRANCHED | changes, ["FAST", "SLOW", "WASTE"]).growing()


def test_a_cut_is_loosened_by_what_hits_and_by_what_is_restored():
    cut = Cut(2.0, {0: 3.0}, {1: 5.0})
    assert [cut.at(np.array(point)) for point in ([0, 1], [1, 1], [0, 0], [1, 0])] == [2.0, 5.0, 7.0, 10.0]
    assert cut.at(np.array([0.5, 0.8])) == pytest.approx(2.0 + 1.5 + 1.0)


def test_weights_go_no_further_than_what_an_effect_allows():
    cut = weighed(2.0, {0: 3.0, 1: 99.0, 2: 1.0, 3: float("-inf")}, [4], top=10.0)
    assert cut.hit == {0: 1.0, 1: 8.0, 2: 0.0, 3: 0.0} and cut.restored == {4: 8.0}
    whole = joined(Cut(2.0, {}, {4: np.inf, 5: 1.0}), {0: 3.0}, top=10.0)
    assert whole.hit == {0: 1.0} and whole.restored == {4: 8.0, 5: 1.0}


def test_a_truncated_cut_says_no_more_than_the_whole_one():
    cut, floor, top = Cut(2.0, {0: 1.0, 1: 6.0}, {2: 3.0}), 4.0, 10.0
    short = truncated(cut, floor, top)
    for effects in subsets(range(3)):
        point = holding(3, effects)
        assert short.at(point) >= min(top, cut.at(point))
    assert short.at(holding(3, [2])) == floor
    assert truncated(cut, 1.0, top) is cut


def test_the_fewest_of_some_effects_are_found():
    asked = []

    def holds(some):
        asked.append(frozenset(some))
        return {3, 40} <= set(some) or 7 in some

    assert fewest(holds, range(64)) in ([7], [3, 40])
    assert len(asked) < 20
    assert fewest(lambda _: True, [1, 2]) == []
    assert fewest(lambda some: len(some) == 2, [1, 2]) == [1, 2]


def test_the_core_point_lies_within_the_limits_and_follows_the_proposals():
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"], costs={"FAST": 4}).growing()
    core = CorePoint(problem, Limits(2, max_cost=3.0), seed=1)
    assert (core.chosen > 0).all() and problem.targets.cost @ core.chosen < 3.0 and core.chosen.sum() < 2
    assert not np.array_equal(core.chosen, CorePoint(problem, Limits(2, max_cost=3.0), seed=2).chosen)
    before = core.chosen.copy()
    core.move(frozenset([1]))
    assert core.chosen == pytest.approx((before + [0, 1, 0]) / 2)
    assert core.holding() == pytest.approx(core.chosen)


def test_an_effect_holds_at_the_core_point_as_far_as_its_least_decided_need():
    targets = Targets.of(["a", "b", "c"], [Effect([0, 1], []), Effect([2], []), Effect([3], [])], adds=[0, 0, 1])
    problem = replace(branched(), targets=targets)
    core = CorePoint(problem, Limits(3))
    core.chosen = np.array([0.4, 0.2, 0.3])
    # c adds something, so that its restriction is to leave it out; number 3 is the opposite of a.
    assert core.holding() == pytest.approx([0.2, 0.7, 0.6])


def asked(master):
    return master.propose(HIGHS, 60, None, lambda *_: None, lambda: False)


def test_what_the_cuts_leave_is_what_no_cut_rules_out():
    """Against every design, for random cuts with weights, opposites, additions and effects with several needs."""
    random = np.random.default_rng(7)
    effects = [Effect(needs, [(0, 0.0, 0.0)]) for needs in ([0], [1], [2, 3], [4], [6], [0, 4], [7, 2], [3, 8])]
    targets = Targets.of(list("abcde"), effects, adds=[0, 0, 0, 0, 1])
    problem = replace(branched(), targets=targets)
    none_left = 0
    for _ in range(200):
        limits, floor = Limits(int(random.integers(1, 4))), 1.0
        left, master = Remainder(problem, limits), Master(problem, limits, floor, 10.0)
        parts = dict.fromkeys(frozenset(d) for d in subsets(range(5)) if len(d) <= limits.max_interventions)
        cuts = []
        for _ in range(int(random.integers(1, 9))):
            chosen = random.permutation(8)[: random.integers(1, 5)].tolist()
            weights = random.choice([0.3, 0.6, 5.0], len(chosen)).tolist()
            some = dict(zip(chosen, weights, strict=True))
            restored = {e: w for e, w in some.items() if e % 3 == 0}
            cuts.append(Cut(0.5, {e: w for e, w in some.items() if e not in restored}, restored))
            for part in (left, master):
                part.limit_value(cuts[-1])
        for design in random.permutation(5)[:2].tolist():
            restrictions, hits = targets.restrictions([design]), [2, 5]
            for part in (left, master):
                part.exclude(restrictions, hits)
            for other in list(parts):
                if restrictions <= targets.restrictions(other) and not set(hits) & set(targets.effects(other)):
                    del parts[other]
        possible = [d for d in parts if all(c.at(holding(8, targets.effects(d))) >= floor - 1e-9 for c in cuts)]
        found = left.first(floor, lambda: False)
        assert found.complete or found.design is not None
        assert found.design in possible if possible else found.design is None
        proposal = asked(master)
        assert (proposal.result.status is MipStatus.INFEASIBLE) <= (not possible)
        none_left += not possible
    assert 20 < none_left < 180


def test_supersets_that_are_not_worth_more_are_not_left():
    left = Remainder(branched(), Limits(2))
    left.limit_value(Cut(1.0, {0: 3.0}, {}))
    assert left.first(2.0, lambda: False).design == frozenset({0})
    left.useless(frozenset({0}), 4.5)
    assert left.first(2.0, lambda: False) == Left(None, True)


def test_the_master_proposes_what_no_cut_rules_out():
    master = Master(branched(), Limits(2), floor=0.0, top=10.0)
    master.limit_value(Cut(1.0, {0: 9.0}, {}))
    assert 0 in asked(master).design and asked(master).bound == pytest.approx(10.0)
    master.limit_value(Cut(2.0, {1: 3.0, 2: 4.0}, {0: 8.0}))
    found = asked(master)
    assert (found.design, found.bound) == (frozenset({0, 2}), pytest.approx(6.0))
    master.raise_floor(5.5)
    assert asked(master).design == frozenset({0, 2})
    master.exclude([0, 2])
    assert asked(master).result.status is MipStatus.INFEASIBLE


def test_a_demand_is_met_only_where_enough_is_restored():
    master = Master(branched(), Limits(1), floor=0.0, top=10.0)
    master.limit_value(Cut(1.0, {0: 9.0, 1: 8.0}, {}))
    master.demand(Cut(0.5, {}, {0: 0.7}), 1.0)
    assert asked(master).design == frozenset({1})


def test_larger_designs_must_be_worth_more():
    master = Master(branched(), Limits(2), floor=0.0, top=4.0)
    master.useless(frozenset({0}), 4.5)
    master.limit_value(Cut(1.0, {0: 3.0}, {}))
    assert 0 not in asked(master).design


def test_without_anything_left_to_decide_the_master_is_through():
    master = Master(branched(), Limits(2), floor=0.0, top=10.0)
    master.exclude([])
    assert asked(master).result.status is MipStatus.INFEASIBLE


def test_an_opposite_is_decided_by_not_removing():
    problem = branched()
    effects = [Effect([0], [(0, 0.0, 0.0)]), Effect([4], [(1, 0.0, 0.0)]), Effect([0, 2], [(2, 0.0, 0.0)])]
    problem = replace(problem, targets=problem.targets.with_effects(effects))
    master = Master(problem, Limits(3), floor=0.0, top=10.0)
    master.limit_value(Cut(1.0, {1: 9.0}, {}))
    master.limit_value(Cut(1.0, {2: 9.0}, {}))
    assert asked(master).design == frozenset({0, 2})


def duals(problem, response=Response.GROWTH, **keywords):
    return Duals(problem, BEHAVIOURS[response], **keywords)


@pytest.mark.parametrize("maintenance", [None, 2.0])
def test_prices_bound_every_design_and_are_tight_at_their_own(maintenance):
    changes = {"ATPM": ({"s": -1}, maintenance, 1000)} if maintenance else {}
    problem = branched(**changes)
    n, follower = problem.targets.n_effects, Follower(problem)
    ceiling, growth, needs = Ceiling(problem, True), fastest(problem, problem.objective), share(problem)
    for own in subsets(range(n)):
        cuts = []
        if growth.maximum(own) is not None:
            cuts.append((growth.cut(own), growth.lp.value, follower.max_growth))
        if ceiling.after(own, 2.0) is not None:
            cuts.append((ceiling.program.cut(own), ceiling.program.lp.value, partial(most, follower)))
        needs.maximum(own)
        cuts.append((needs.cut(own), needs.lp.value, None))
        for cut, optimum, truth in cuts:
            assert cut.at(holding(n, own)) == pytest.approx(optimum, abs=1e-6)
            for other in subsets(range(n)):
                true = truth(follower.after(other)) if truth else None
                value = needs.maximum(other) if truth is None else -np.inf if true is None else true.value
                assert cut.at(holding(n, other)) >= value - 1e-9


def most(follower, states):
    return follower.product(states.reaching(2.0), maximize=True)


def test_the_share_of_needs_is_1_only_where_the_cell_can_grow():
    problem = problem_of(
        BRANCHED | {"ATPM": ({"s": -1}, 2.0, 1000), "IN": ({"s": 1}, 0, 1)}, ["FAST", "SLOW", "EX_s", "IN"]
    ).growing()
    program, follower = share(problem), Follower(problem)
    dead = 0
    for own in subsets(range(problem.targets.n_effects)):
        states = follower.after(own)
        growth = follower.max_growth(states)
        alive = growth is not None and follower.grows(growth.value)
        dead += not alive
        assert (program.maximum(own) > 1 - 1e-7) == alive
        if not alive:
            cut = duals(problem).lethal(own)
            assert cut.bound < 1 and not cut.hit
    assert dead == 2


SERIES = {
    # s becomes x by one reaction and then by any of three others; the order of the two steps is that of `first`.
    "EX_s": ({"s": -1}, -10, 0),
    "EX_y": ({"y": -1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
    "SPARE": ({"s": -1, "x": 0.02, "p": 0.5}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
}
ONE = ["ONE"]
SEVERAL = ["B1", "B2", "B3"]


def series(first):
    second = SEVERAL if first == ONE else ONE
    steps = {name: ({"s": -1, "y": 1}, 0, 1000) for name in first}
    return problem_of(SERIES | steps | {name: ({"y": -1, "x": 1}, 0, 1000) for name in second}, ONE + SEVERAL).growing()


def test_of_many_optimal_prices_the_strongest_are_taken():
    weaker = 0
    for first in (ONE, SEVERAL):
        problem = series(first)
        one = problem.targets.ids.index("ONE")
        core = CorePoint(problem, Limits(4))
        every, h = range(4), core.holding()
        for response in (Response.GROWTH, Response.COUPLING):
            classic = duals(problem, response).fastest(every)
            pareto = duals(problem, response, holding=core.holding).fastest(every)
            # Growth of 0.2 is left; restoring any of the three without the one does not change that.
            assert list(pareto.restored) == [one] and pareto.bound == pytest.approx(0.2, abs=1e-6)
            assert pareto.at(h) <= classic.at(h) + 1e-9
            weaker += pareto.at(h) < classic.at(h) - 1
    assert weaker, "the engine's own prices are never weaker: these networks show nothing"


def routes(long_first):
    """Three steps from s to x, each by one reaction or by two; what lies between can leave, so they are not coupled."""
    table, names = {"EX_s": ({"s": -1}, -10, 0)}, []
    for step, (a, b) in enumerate(zip("smn", "mnx", strict=True)):
        short = {f"SHORT{step}": ({a: -1, b: 1}, 0, 1000)}
        long = {f"IN{step}": ({a: -1, f"y{step}": 1}, 0, 1000), f"OUT{step}": ({f"y{step}": -1, b: 1}, 0, 1000)}
        table |= long | short if long_first else short | long
        table |= {f"EX_y{step}": ({f"y{step}": -1}, 0, 1000)}
        names += [*short, *long]
    table |= {"SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 1000), "EX_p": ({"p": -1}, 0, 1000)}
    return problem_of(table | {"BIO": ({"x": -1}, 0, 1000)}, [*names, "SLOW"]).growing()


@pytest.mark.parametrize("formulation", ["robustknock", "optknock", "strong_coupling"])
def test_of_many_optimal_states_the_strongest_is_taken(formulation):
    weaker = 0
    for long_first in (False, True):
        best = BestDesigns(routes(long_first), FORMULATIONS[formulation], Limits(3))
        core = CorePoint(best.problem, best.limits)
        for design in ([], *([t] for t in range(len(best.problem.targets)))):
            evaluation, cuts = best.evaluate(frozenset(design)), []
            for pareto in (False, True):
                made = ValueCuts(best, Trials(best.base, best.behaviour), core, pareto)
                first = next(iter(made.value(design, evaluation)))
                cuts.append(truncated(first, slightly_below(best.threshold()), made.top).at(core.holding()))
            assert cuts[1] <= cuts[0] + 1e-9
            weaker += cuts[1] < cuts[0] - 1e-3
    assert weaker, "the oracle's own states are never weaker: these networks show nothing"


def wanted(best):
    with Watch() as watch:
        return [entry.names for entry in run("exhaustive", best, watch).ranked]


def run_of(problem, formulation="robustknock", limits=None, watch=None, reasons=Duals):
    best = BestDesigns(problem, FORMULATIONS[formulation], limits or Limits(3, None))
    core = CorePoint(problem, best.limits)
    cuts = ValueCuts(best, reasons(problem, best.behaviour), core, True)
    return Run(best, watch or Watch(), HIGHS, cuts)


def test_bound_and_incumbent_close_in_on_each_other():
    problem = branched(SIDE=({"s": -1, "x": 0.7, "p": 0.2}, 0, 1000))
    result = run_of(problem, limits=Limits(3, 1)).search()
    bounds = [step["bound"] for step in result.history]
    found = [step["incumbent"] for step in result.history if step["incumbent"] is not None]
    assert [step["iteration"] for step in result.history] == list(range(1, result.iterations + 1))
    assert bounds == sorted(bounds, reverse=True) and found == sorted(found) and found[-1] <= bounds[-1]
    assert result.complete and result.claims_exact and result.bound == result.ranked[0].value


@pytest.mark.parametrize("reasons", [Duals, Trials])
def test_a_run_goes_on_from_where_another_stopped(reasons):
    problem = series(ONE)
    limits = Limits(4, None)
    whole = run_of(problem, limits=limits, reasons=reasons)
    whole.search()
    state = whole.state()
    assert len(state["settled"]) > 2
    begun = {**state, "settled": state["settled"][:2], "history": state["history"][:1], "bound": whole.top}
    again = run_of(problem, limits=limits, reasons=reasons)
    again.restore(begun)
    result = again.search()
    assert [entry.design for entry in result.ranked] == [entry.design for entry in whole.best.ranked]
    assert result.iterations <= len(whole.history)
    assert [e.names for e in result.ranked] == wanted(BestDesigns(problem, FORMULATIONS["robustknock"], limits))


def test_a_checkpoint_is_gone_on_from_and_written_where_time_is_up(tmp_path, caplog):
    caplog.set_level("INFO", "knockflow.search")
    problem, limits = series(ONE), Limits(4, None)
    with Watch(1e-9) as watch:
        stopped = Checkpoint(tmp_path / "checkpoint.json", {"another problem": "x"})
        begun = run_of(problem, limits=limits, watch=watch)
        begun.restore({"settled": [[], ["ONE"]], "history": [], "bound": begun.top})
        begun.search(stopped)
    again = Checkpoint(stopped.path, {"another problem": "x"})
    result = run_of(problem, limits=limits).search(again)
    assert again.resumed == 1 and "2 designs settled in 0 iterations" in caplog.text
    assert [e.names for e in result.ranked] == wanted(BestDesigns(problem, FORMULATIONS["robustknock"], limits))


class Blind(Solver):
    """A solver that takes everything for infeasible."""

    def minimize(self, *_):
        return MipResult(MipStatus.INFEASIBLE, None, float("-inf"), 0.0)


def test_a_solver_that_knows_of_nothing_hides_no_design(caplog):
    run = run_of(routes(True), limits=Limits(3, None))
    run.solver = Blind(SolverOptions("highs"))
    result = run.search()
    assert result.complete and result.claims_exact and result.iterations > 3
    assert "knows of no design that is left, but there is one" in caplog.text
    expected = wanted(BestDesigns(routes(True), FORMULATIONS["robustknock"], Limits(3, None)))
    assert expected and [entry.names for entry in result.ranked] == expected


def test_a_list_that_was_not_gone_through_is_not_claimed_to_be_exact(monkeypatch):
    monkeypatch.setattr(remainder, "MOST_NODES", 0)
    result = run_of(branched()).search()
    assert result.complete and not result.claims_exact and "solver's word alone" in result.doubt


def test_without_time_the_bound_is_that_of_the_potential():
    with Watch(1e-9) as watch:
        result = run_of(branched(), watch=watch).search()
    assert not result.complete and result.bound == pytest.approx(5.0, abs=1e-5) and result.iterations == 0


def test_a_follower_with_integers_is_refused_by_benders_alone():
    problem = branched()
    problem = problem.with_follower(integer=np.arange(len(problem.columns)) == 0)
    best = BestDesigns(problem, FORMULATIONS["optknock"], Limits(1))
    with Watch() as watch:
        with pytest.raises(ConfigError, match="take `logic_benders`"):
            run("benders", best, watch, solver="highs", cuts="classic")
        assert run("logic_benders", best, watch, solver="highs", cuts="classic").complete
