"""The list of designs: its order, what is minimal, ties, budgets, and that all methods make the same one."""

from dataclasses import replace
from itertools import permutations

import pytest
from networks import BRANCHED, problem_of
from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits, cost, names
from knockflow.follower.states import Evaluation, Optimum
from knockflow.formulations.registry import formulation
from knockflow.methods import exhaustive

NAMES = ("FAST", "SLOW", "WASTE")


def best_of(kind="optknock", most=3, places=10, budget=None, costs=None, reactions=BRANCHED, targets=NAMES, **keywords):
    problem = problem_of(reactions, targets, costs=costs, **keywords)
    return BestDesigns(problem, formulation(kind), Limits(most, places, budget))


def evaluation(value: float, guarantee: float) -> Evaluation:
    return Evaluation(value, guarantee, Optimum(value, None), Optimum(guarantee, None))


class Told(BestDesigns):
    """A list whose evaluations are told instead of computed."""

    def __init__(self, told: dict, places=10, wild=(0.0, 0.0), costs=None, most=3, budget=None):
        ids = sorted({letter for key in told for letter in key})
        table = BRANCHED | {letter: ({"x": -1, "w": 1}, 0, 1) for letter in ids}
        self.told = {key: value and evaluation(*value) for key, value in told.items()} | {"": evaluation(*wild)}
        problem = problem_of(table, ids, costs=costs)
        super().__init__(problem, formulation("optknock"), Limits(most, places, budget))

    def word(self, design) -> str:
        return "".join(sorted(self.problem.targets.ids[target] for target in design))

    def design(self, word: str) -> frozenset[int]:
        return frozenset(self.problem.targets.ids.index(letter) for letter in word)

    def evaluate(self, design):
        found = self.told.get(self.word(design))
        self._known[design] = found and (found.value, found.guarantee)
        return found

    def give(self, *words: str) -> list[str]:
        for word in words:
            if self.told[word]:
                self.offer(self.design(word), self.told[word])
        return [self.word(entry.design) for entry in self.ranked]


def in_any_order(told: dict, expected: list[str], **keywords):
    words = [word for word in told if word]
    for order in permutations(words):
        assert Told(told, **keywords).give(*order) == expected, order


def test_order_is_value_then_guarantee_then_cost_then_count_then_names():
    in_any_order({"A": (5, 0), "B": (6, 0)}, ["B", "A"])
    in_any_order({"A": (5, 1), "B": (5, 2)}, ["B", "A"])
    in_any_order({"A": (5, 1), "B": (5, 1)}, ["B", "A"], costs={"A": 2})
    in_any_order({"A": (5, 1), "BC": (5, 1), "B": None, "C": None}, ["A", "BC"], costs={"A": 2})
    in_any_order({"B": (5, 1), "A": (5, 1)}, ["A", "B"])
    in_any_order({"A": (5, 1), "BC": (5, 1), "B": None, "C": None}, ["BC", "A"], costs={"A": 3})


def test_value_counts_more_than_everything_after_it():
    in_any_order({"A": (5, 4), "BC": (6, 0), "B": (1, 0), "C": None}, ["BC", "A", "B"], costs={"B": 9})


def test_noise_below_the_tables_decimals_does_not_break_ties():
    in_any_order({"A": (5.0, 1), "B": (5.0 + 2e-9, 1), "C": (5.0 - 2e-9, 1)}, ["A", "B", "C"])


def test_a_superset_that_is_no_better_is_not_listed():
    in_any_order({"A": (5, 1), "AB": (5, 1), "B": (0, 0)}, ["A"])
    in_any_order({"A": (5, 1), "AB": (4, 1), "B": (0, 0)}, ["A"])
    in_any_order({"A": (5, 1), "AB": (5 + 1e-7, 1), "B": (0, 0)}, ["A"])


def test_a_superset_with_a_better_value_is_listed():
    in_any_order({"A": (5, 1), "AB": (6, 1), "B": (0, 0)}, ["AB", "A"])


def test_an_uncoupled_optimum_does_not_hide_its_coupled_superset():
    in_any_order({"A": (5, 0), "AB": (5, 4), "B": (0, 0)}, ["AB", "A"])
    in_any_order({"A": (5, 0), "AB": (4.9, 4), "B": (0, 0)}, ["A", "AB"])


def test_a_subset_as_good_in_only_one_way_does_not_count():
    in_any_order({"A": (5, 0), "B": (1, 3), "AB": (5, 3)}, ["AB", "A", "B"])


def test_a_subset_that_cannot_grow_does_not_count():
    in_any_order({"A": None, "B": None, "AB": (5, 1)}, ["AB"])


def test_minimality_does_not_depend_on_the_list_being_full():
    # AB is no better than A, which has no place: still AB is not listed.
    told = {"A": (5, 1), "AB": (5, 1), "B": (0, 0), "C": (6, 1), "D": (5, 1)}
    in_any_order(told, ["C"], places=1)
    in_any_order(told, ["C", "A"], places=2)


def test_what_does_not_beat_the_wild_type_is_not_listed():
    in_any_order({"A": (5, 1), "B": (3, 1), "C": (5, 2)}, ["C"], wild=(5, 1))
    in_any_order({"A": (5 + 1e-7, 1), "B": (4, 5)}, [], wild=(5, 1))


def test_places_are_kept_for_the_best():
    in_any_order({"A": (1, 0), "B": (2, 0), "C": (3, 0), "D": (4, 0)}, ["D", "C"], places=2)


def test_ties_for_the_last_place_go_by_name_whatever_came_first():
    in_any_order({"A": (1, 0), "B": (1, 0), "C": (1, 0)}, ["A", "B"], places=2)


def test_all_designs_are_kept_without_a_limit():
    in_any_order({letter: (1, 0) for letter in "ABCDE"}, list("ABCDE"), places=None)


def test_a_design_offered_twice_is_listed_once():
    assert Told({"A": (1, 0)}).give("A", "A") == ["A"]


def test_a_design_offered_again_with_solver_noise_is_listed_once():
    told = Told({"A": (1, 0)})
    told.give("A")
    told.offer(told.design("A"), evaluation(1 + 1e-12, 0))
    assert told.give() == ["A"]


def test_budget_and_count_limit_a_design():
    told = {"A": (1, 0), "AB": (2, 0), "ABC": (3, 0), "B": (0, 0), "C": (0, 0), "AC": (0, 0), "BC": (0, 0)}
    assert Told(told, most=2).give("A", "AB", "ABC") == ["AB", "A"]
    assert Told(told, budget=3.5, costs={"B": 3}).give("A", "AB", "ABC") == ["A"]
    assert Told(told, budget=4, costs={"B": 3}).give("A", "AB", "ABC") == ["AB", "A"]


def test_the_threshold_is_the_last_place_of_a_full_list_else_the_wild_type():
    told = Told({"A": (3, 0), "B": (5, 0)}, places=2, wild=(1, 0))
    assert told.threshold() == 1
    told.give("A")
    assert told.threshold() == 1
    told.give("B")
    assert told.threshold() == 3
    assert told.hopeless(2.9)
    assert not told.hopeless(3)


def test_names_are_sorted_and_marked():
    problem = problem_of(BRANCHED, NAMES, costs={"FAST": 2})
    assert names(problem, frozenset({2, 0})) == ("-FAST", "-WASTE")
    assert cost(problem, frozenset({2, 0})) == 3


METHODS = pytest.mark.parametrize("method", ["tree", "exhaustive"])


def listed(best: BestDesigns) -> list[tuple]:
    return [(" ".join(entry.names), round(entry.value, 4), round(entry.guarantee, 4)) for entry in best.ranked]


@METHODS
def test_a_coupled_superset_is_found_below_an_uncoupled_optimum(method):
    best = best_of()
    result = run(method, best, Watch())
    assert listed(best) == [("-FAST -WASTE", 5, 5), ("-FAST", 5, 0)]
    assert (result.complete, result.bound) == (True, pytest.approx(5))


@METHODS
def test_one_place_is_for_the_coupled_one(method):
    best = best_of(places=1)
    run(method, best, Watch())
    assert listed(best) == [("-FAST -WASTE", 5, 5)]


@METHODS
def test_no_design_costs_more_than_the_budget(method):
    best = best_of(budget=2.5, costs={"WASTE": 2})
    run(method, best, Watch())
    assert listed(best) == [("-FAST", 5, 0)]


@METHODS
def test_a_search_that_is_stopped_is_bounded_by_the_potential(method):
    best = best_of()
    watch = Watch(time_limit_s=0.0)
    result = run(method, best, watch)
    assert not result.complete
    assert result.bound == pytest.approx(best.potential)
    assert best.ranked == []


@METHODS
@pytest.mark.parametrize("kind", ["optknock", "robustknock", "strong_coupling", "potential"])
def test_nothing_to_do_leaves_the_wild_type(method, kind):
    best = best_of(kind, most=0)
    result = run(method, best, Watch())
    assert (best.ranked, result.complete) == ([], True)
    assert result.bound == pytest.approx(best.wild_type.value)


def test_a_wild_type_that_cannot_grow_has_no_bound():
    best = best_of()
    best.wild_type = None
    assert best.bound(Watch()) == float("-inf")


def test_the_potential_is_that_of_growing_states():
    assert best_of().potential == pytest.approx(5)
    assert best_of(min_growth=8).potential == pytest.approx(2)


def test_exhaustive_refuses_too_many_sets(monkeypatch):
    monkeypatch.setattr(exhaustive, "MOST_SETS", 6)
    with pytest.raises(Exception, match="exhaustive would evaluate 7 designs, at most 6 are allowed"):
        run("exhaustive", best_of(), Watch())


def test_exhaustive_counts_only_the_sets_that_forced_interventions_leave_room_for(monkeypatch):
    """Of 3 interventions one is forced: 3 single ones and 3 pairs are left, and no set of all 3."""
    monkeypatch.setattr(exhaustive, "MOST_SETS", 6)
    best = best_of()
    best.problem = replace(best.problem, forced=("-X",), forced_kinds=("knock_out",))
    assert run("exhaustive", best, Watch()).complete


def test_limits_do_not_change_what_they_are_given():
    limits = Limits(2, None, 1.0)
    assert replace(limits, max_cost=None).affordable(problem_of(BRANCHED, NAMES), frozenset({0, 1}))
    assert not limits.affordable(problem_of(BRANCHED, NAMES), frozenset({0, 1}))
