"""A whole search: what its record says of it, and the rows that are reported."""

import json
import os
import signal
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from configurations import options
from market_split import halves, wait_for
from networks import BRANCHED, problem_of

from knockflow.base.errors import ConfigError, SolverError
from knockflow.base.tables import DESIGNS
from knockflow.designs.result import Result
from knockflow.methods import exhaustive
from knockflow.methods.single_level.method import MARGINS
from knockflow.methods.tree import method as tree
from knockflow.numerics.mip_solvers import Solver
from knockflow.stages import design as search

NAMES = ("FAST", "SLOW", "WASTE")


def found(reactions=BRANCHED, targets=NAMES, min_growth=0.1, **given):
    return search.find_designs(problem_of(reactions, targets, min_growth), options(**given))


def designs(result) -> list[str]:
    return [" ".join(row["interventions"]) for row in result.rows]


def test_a_finished_search_is_optimal_and_proven():
    result = found()
    record = result.record
    assert designs(result) == ["-FAST -WASTE", "-FAST"]
    assert (record["status"], record["proven"], record["reason"]) == ("optimal", True, "")
    assert (record["objective"], record["bound"]) == pytest.approx((5, 5))
    assert record["gap"] == pytest.approx(0, abs=1e-9)
    assert (record["method"], record["solver"], record["confirmed_by"], record["big_m"]) == ("tree", "glpk", None, None)
    assert record["nodes"] > 0


def test_a_record_is_plain_json():
    for result in (found(), found(method="strong_duality"), found(min_growth=20)):
        json.dumps(result.record, allow_nan=False)


def test_rows_hold_what_the_table_needs(tmp_path):
    result = found()
    first = result.rows[0]
    assert (first["rank"], first["n_interventions"], first["cost"]) == (1, 2, 2)
    assert set(first) == set(DESIGNS.names)
    assert first["growth_per_h"] == pytest.approx(5)
    assert first["product_min_at_min_growth_mmol_per_gdw_h"] == pytest.approx(0.1)
    assert first["yield_min_mol_per_mol"] == pytest.approx(0.5)
    assert [row["rank"] for row in result.rows] == [1, 2]
    DESIGNS.write(tmp_path / "designs.tsv", result.rows)


@pytest.mark.parametrize(
    ("kind", "value"), [("optknock", 5), ("robustknock", 5), ("strong_coupling", 0.1), ("potential", 5)]
)
def test_the_value_is_what_the_formulation_maximizes(kind, value):
    result = found(kind=kind)
    assert result.rows[0]["value_mmol_per_gdw_h"] == pytest.approx(value)
    assert result.record["formulation"] == kind


@pytest.mark.parametrize("kind", ["optknock", "robustknock", "strong_coupling"])
@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_strong_duality_is_confirmed_and_lists_what_tree_lists(kind, solver):
    result, exact = found(kind=kind, method="strong_duality", solver=solver), found(kind=kind)
    assert designs(result) == designs(exact)
    record = result.record
    assert (record["status"], record["confirmed_by"], record["solver"]) == ("optimal", "tree", solver)
    assert record["big_m"]["policy"] == "instance"


def test_unconfirmed_strong_duality_is_not_proven():
    record = found(method="strong_duality", confirm=None).record
    assert (record["status"], record["proven"], record["confirmed_by"]) == ("feasible", False, None)


def test_a_list_that_is_not_confirmed_is_searched_again_with_wider_bounds(monkeypatch):
    attempts = []

    def lacking(task):
        best, watch = task.best, task.watch
        attempts.append(task.attempt)
        if len(attempts) == 3:
            tree.search(task)
        return Result(best.ranked, best.bound(watch), True, False, other_attempts=2 - task.attempt)

    monkeypatch.setattr("knockflow.methods.single_level.method.search", lacking)
    result = found(method="strong_duality")
    assert attempts == list(range(len(MARGINS)))
    assert (result.record["status"], designs(result)) == ("optimal", ["-FAST -WASTE", "-FAST"])


def knowing(*interventions):
    """A mixed-integer method that ends with some single removals."""

    def run(task):
        best, watch = task.best, task.watch
        for target in interventions:
            design = frozenset({NAMES.index(target)})
            best.offer(design, best.evaluate(design))
        return Result(best.ranked, best.bound(watch), True, False, other_attempts=2 - task.attempt)

    return run


def test_a_list_that_is_never_confirmed_gives_way_to_the_exact_one(monkeypatch):
    monkeypatch.setattr("knockflow.methods.single_level.method.search", knowing("FAST"))
    result = found(method="strong_duality")
    record = result.record
    assert (record["status"], record["proven"], record["confirmed_by"]) == ("optimal", True, "tree")
    assert (record["method"], record["list_from"], record["attempts"]) == ("strong_duality", "tree", 3)
    assert record["missed_at_first"] == ["-FAST,-WASTE (5.000000)"]
    assert record["reason"] == "`strong_duality` missed -FAST,-WASTE (5.000000); the list is `tree`'s"
    assert (record["objective"], record["bound"], record["gap"]) == pytest.approx((5, 5, 0))
    assert designs(result) == ["-FAST -WASTE", "-FAST"]


def test_a_list_with_too_much_gives_way_too(monkeypatch):
    def profuse(task):
        best, watch = task.best, task.watch
        tree.search(task)
        return Result([*best.ranked, replace(best.ranked[0], design=frozenset({1}))], best.bound(watch), True, False)

    monkeypatch.setattr("knockflow.methods.single_level.method.search", profuse)
    result = found(method="strong_duality", big_m={"policy": "user", "removal": 10, "growth_price": 10})
    assert result.record["reason"] == (
        "`strong_duality` lists designs that are not among the best; the list is `tree`'s"
    )
    assert (result.record["status"], result.record["attempts"]) == ("optimal", 1)
    assert designs(result) == ["-FAST -WASTE", "-FAST"]


def test_why_a_method_ended_early_stays_in_the_reason(monkeypatch):
    def ended(task):
        best = task.best
        return Result(best.ranked, best.potential, False, False, doubt="cbc was ended by SIGKILL")

    monkeypatch.setattr("knockflow.methods.single_level.method.search", ended)
    reason = found(method="strong_duality").record["reason"]
    assert reason.startswith("cbc was ended by SIGKILL; `strong_duality` missed -FAST")


def test_a_reason_names_few_of_many_missed_designs():
    assert search._difference(["-A (1.0)"] * 5) == "missed -A (1.0), -A (1.0), -A (1.0) and 2 more"


@pytest.mark.parametrize(
    ("exact", "own", "list_from"), [(["FAST"], [], "tree"), (["FAST"], ["FAST"], "strong_duality")]
)
def test_of_two_unfinished_lists_the_better_one_counts_with_the_smaller_bound(monkeypatch, exact, own, list_from):
    def unfinished(task):
        watch = task.watch
        watch.stopped = "time limit of 1 s"
        return replace(knowing(*exact)(task), bound=7.5, complete=False)

    def unproven(task):
        return replace(knowing(*own)(task), bound=9.0)

    monkeypatch.setattr(tree, "search", unfinished)
    monkeypatch.setattr("knockflow.methods.single_level.method.search", unproven)
    result = found(method="strong_duality")
    record = result.record
    assert (record["status"], record["proven"], record["confirmed_by"]) == ("feasible", False, None)
    assert (designs(result), record["list_from"], record["bound"]) == (["-FAST"], list_from, 7.5)
    reason = "`tree` did not confirm it: time limit of 1 s"
    assert record["reason"] == (f"{reason}; the list is `tree`'s" if list_from == "tree" else reason)


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_within_a_gap_a_list_is_proven_only_by_the_exact_method(solver):
    asked = {"method": "strong_duality", "solver": solver, "mip_gap": 0.5}
    alone, confirmed = found(confirm=None, **asked), found(**asked)
    assert (alone.record["status"], alone.record["proven"]) == ("feasible", False)
    assert alone.record["bound"] == pytest.approx(alone.record["potential"])
    assert (confirmed.record["status"], confirmed.record["confirmed_by"]) == ("optimal", "tree")
    assert designs(confirmed) == designs(found())


def test_out_of_time_is_feasible_with_a_gap_and_a_reason(monkeypatch):
    def slow(task):
        best, watch = task.best, task.watch
        best.offer(frozenset({0}), best.evaluate(frozenset({0})))
        watch.stopped = "time limit of 1 s"
        return Result(best.ranked, 7.5, False, True)

    monkeypatch.setattr(tree, "search", slow)
    result = found()
    assert designs(result) == ["-FAST"]
    record = result.record
    assert (record["status"], record["proven"], record["reason"]) == ("feasible", False, "time limit of 1 s")
    assert (record["objective"], record["bound"], record["gap"]) == pytest.approx((5, 7.5, 0.5))


def endless(calls, interrupt):
    """A method that never ends by itself."""

    def run(task):
        best, watch = task.best, task.watch
        calls.append(1)
        if len(calls) == 1:
            interrupt(watch)
        while len(calls) == 1 and not watch.stop():
            pass
        watch.stop()
        return Result(best.ranked, best.bound(watch), False, True)

    return run


def test_a_confirmation_that_runs_out_of_time_leaves_the_list_as_it_was(monkeypatch):
    monkeypatch.setattr(tree, "search", endless([], lambda _: None))
    result = found(method="strong_duality", time_limit_s=2)
    assert designs(result) == ["-FAST -WASTE", "-FAST"]
    assert (result.record["status"], result.record["list_from"]) == ("feasible", "strong_duality")


def test_sigterm_during_the_confirmation_ends_the_search(monkeypatch):
    calls: list[int] = []
    monkeypatch.setattr(tree, "search", endless(calls, lambda _: os.kill(os.getpid(), signal.SIGTERM)))
    result = found(method="strong_duality", time_limit_s=60)
    assert len(calls) == 1
    assert designs(result) == ["-FAST -WASTE", "-FAST"]


def claiming_less(monkeypatch, bound: float):
    """Solvers that claim one less than there is; their bounds are off by `bound`."""
    minimize = Solver.minimize

    def less(self, *arguments):
        result = minimize(self, *arguments)
        if result.objective is None:
            return result
        return replace(result, objective=result.objective + 1, bound=result.bound + bound)

    monkeypatch.setattr(Solver, "minimize", less)


def test_a_claim_short_of_the_model_s_own_bound_says_nothing_of_the_dual_variables(monkeypatch):
    claiming_less(monkeypatch, bound=0)
    record = found(method="strong_duality", mip_gap=0.5).record
    assert (record["status"], record["big_m"]["grown"]) == ("optimal", 0)


def test_a_model_that_denies_what_is_true_makes_the_bounds_of_dual_variables_grow(monkeypatch):
    claiming_less(monkeypatch, bound=1)
    with pytest.raises(SolverError, match="even with bounds of dual variables of"):
        found(method="strong_duality")


def hard_after_the_first(log: Path, record: Path):
    """A search whose second mixed-integer program does not end."""
    minimize, calls = Solver.minimize, []

    def harder(self, model, *arguments):
        calls.append(1)
        if len(calls) == 2:
            model.hard = halves(slack=False)
            model.hard.worth.deactivate()
        return minimize(self, model, *arguments)

    os.setsid()
    Solver.minimize = harder
    result = search.find_designs(problem_of(BRANCHED, NAMES, 0.1), options(method="strong_duality"), log)
    record.write_text(json.dumps(result.record | {"designs": designs(result)}))


def test_sigterm_to_all_processes_leaves_what_was_found(tmp_path):
    log, record = tmp_path / "solver.log", tmp_path / "record.json"
    process = get_context("spawn").Process(target=hard_after_the_first, args=(log, record))
    process.start()
    part = Path(f"{log}.part")
    wait_for(lambda: log.exists() and part.exists() and "Cbc0010I" in part.read_text())
    os.killpg(process.pid, signal.SIGTERM)
    process.join(30)
    found = json.loads(record.read_text())
    assert (process.exitcode, found["status"], len(found["designs"])) == (0, "feasible", 1)
    assert "SIGTERM" in found["reason"]


def test_a_wild_type_that_cannot_grow_is_infeasible_with_its_reason_and_no_row():
    result = found(min_growth=20)
    record = result.record
    assert result.rows == []
    assert (record["status"], record["proven"]) == ("infeasible", True)
    assert (
        record["reason"]
        == "the wild type grows at most 10.000000 per h, min_growth is 20; lower min_growth to 10 or less"
    )
    assert (record["objective"], record["bound"], record["gap"]) == (None, None, None)


def test_a_wild_type_without_any_state_grows_nothing():
    record = found(BRANCHED | {"ATPM": ({"s": -1}, 11, 1000)}).record
    assert record["status"] == "infeasible"
    assert "no steady state" in record["reason"]


@pytest.mark.parametrize("method", ["tree", "exhaustive", "strong_duality"])
def test_no_interventions_evaluate_the_wild_type(method):
    result = found(max_interventions=0, method=method)
    assert designs(result) == [""]
    assert (result.rows[0]["rank"], result.rows[0]["n_interventions"], result.rows[0]["cost"]) == (1, 0, 0)
    assert result.rows[0]["growth_per_h"] == pytest.approx(10)
    assert result.record["status"] == "optimal"


@pytest.mark.parametrize("method", ["tree", "exhaustive", "strong_duality"])
def test_the_wild_type_stands_alone_where_nothing_beats_it(method):
    result = found(targets=["SLOW", "WASTE"], method=method)
    assert designs(result) == [""]
    assert result.record["status"] == "optimal"


@pytest.mark.parametrize("method", ["tree", "exhaustive", "strong_duality"])
def test_without_any_target_the_wild_type_stands_alone(method):
    assert designs(found(targets=[], method=method)) == [""]


@pytest.mark.parametrize("method", ["tree", "strong_duality"])
def test_a_product_that_cannot_be_made_leaves_the_wild_type(method):
    result = found(BRANCHED | {"EX_p": ({"p": -1}, 0, 0)}, method=method)
    assert (designs(result), result.record["objective"]) == ([""], pytest.approx(0))


def test_all_designs_are_listed_if_asked_for():
    assert len(found(max_designs="all").rows) == 2
    assert len(found(max_designs=1).rows) == 1


def test_a_budget_is_kept():
    problem = problem_of(BRANCHED, NAMES, costs={"WASTE": 2})
    result = search.find_designs(problem, options(max_cost=2.5))
    assert designs(result) == ["-FAST"]


def test_a_value_that_a_cold_start_does_not_confirm_is_an_error(monkeypatch):
    def flattering(task):
        best = task.best
        evaluation = best.evaluate(frozenset({0}))
        best.offer(frozenset({0}), type(evaluation)(6.0, 0.0, evaluation.promise, evaluation.worst))
        return Result(best.ranked, 6.0, True, True)

    monkeypatch.setattr(tree, "search", flattering)
    with pytest.raises(SolverError, match="-FAST: the search found 6.000000, a cold start 5"):
        found()


def test_too_many_sets_for_exhaustive_are_refused(monkeypatch):
    monkeypatch.setattr(exhaustive, "MOST_SETS", 3)
    with pytest.raises(ConfigError, match="exhaustive would evaluate 7 designs"):
        found(method="exhaustive")


def test_a_confirmed_list_comes_before_one_with_more_digits(monkeypatch):
    calls = []

    def once_lacking(task):
        best, watch = task.best, task.watch
        calls.append(1)
        tree.search(task)
        ranked = [replace(best.ranked[0], value=best.ranked[0].value + 1e-9)] if len(calls) == 1 else best.ranked
        return Result(ranked, best.bound(watch), True, False, other_attempts=2 - task.attempt)

    monkeypatch.setattr("knockflow.methods.single_level.method.search", once_lacking)
    result = found(method="strong_duality")
    assert (result.record["status"], result.record["attempts"]) == ("optimal", 2)
    assert designs(result) == ["-FAST -WASTE", "-FAST"]


@pytest.mark.parametrize("policy", ["instance", "norm"])
def test_without_confirmation_the_bound_is_the_potential(policy):
    record = found(method="strong_duality", confirm=None, big_m={"policy": policy}).record
    assert (record["status"], record["proven"]) == ("feasible", False)
    assert record["bound"] == pytest.approx(record["potential"])
