"""One formulation of one case: search, confirmation, and the numbers that are reported of each design."""

import logging
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path

from knockflow import __version__
from knockflow.base.clock import Watch
from knockflow.base.errors import SolverError
from knockflow.base.tolerances import VERIFIED, below, close
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.claims import SECOND
from knockflow.designs.gather import best_designs, gathered
from knockflow.designs.no_design import (
    TIME,
    Why,
    empty_list,
    not_viable,
    only_wild_type,
    too_much_forced,
)
from knockflow.designs.ranking import Ranked, cost, names
from knockflow.designs.result import Result, tell_stopped
from knockflow.follower.conflict_pool import FreshPools
from knockflow.follower.respond import Design, Outcome, recomputed, respond
from knockflow.formulations.formulation import Formulation
from knockflow.formulations.registry import asked_for
from knockflow.methods.registry import METHODS
from knockflow.methods.task import Task
from knockflow.problem.problem import Problem
from knockflow.stages.cut_sets import find_cut_sets
from knockflow.stages.method_choice import with_method

logger = logging.getLogger("knockflow.search")

MOST_NAMED = 3
"""Missed designs that a reason names; the record has them all."""

PACKAGES = ("cobra", "equilibrator-api", "highspy", "numpy", "pulp", "pyomo", "snakemake", "swiglpk")


@dataclass(frozen=True)
class Found:
    """The rows of designs.tsv and the content of record.json."""

    rows: list[dict]
    record: dict


def find_designs(
    problem: Problem,
    options: Mapping,
    log: str | Path | None = None,
    parts: Sequence[Mapping] = (),
    checkpoint: Checkpoint | None = None,
) -> Found:
    """Search a formulation's best designs and recompute all that is reported of them.

    Parameters
    ----------
    problem
        The follower of a case, and its targets.
    options
        A formulation of the configuration, with its defaults.
    log
        Where the mixed-integer solver writes.
    parts
        Seeds and parts of a scattered search, from which the list is gathered.
    checkpoint
        Where the search keeps where it stands, and goes on from.

    Returns
    -------
    Found
        Rows of designs.tsv, best first, with numbers recomputed by the oracle (mmol/gDW/h, 1/h, mol/mol) and not
        rounded, and the content of record.json.

    Raises
    ------
    ConfigError
        If the method does not hold for the problem's follower, or not for the front that is asked for.
    KeyboardInterrupt
        After Ctrl-C, once the log says what has been found, and where the search stands is kept.
    """
    start = time.monotonic()
    wanted = asked_for(options)
    options, why_method = with_method(problem, wanted, options)
    unmet = too_much_forced(problem, options)
    if wanted.cut_sets and not unmet:
        *found, why = find_cut_sets(problem, options, parts, checkpoint)
        return _finish(wanted.name, problem, options, *found, why.joined(why_method), start)
    if unmet or not problem.viable:
        why = unmet or not_viable(problem)
        return _finish(wanted.name, problem, options, _nothing(), [], "infeasible", why, start)
    search = _Search(problem, wanted, options, log, checkpoint)
    with Watch(options["time_limit_s"]) as watch:
        result = gathered(best_designs(problem, options), problem, parts[0], parts[1:]) if parts else search.run(watch)
        if watch.interrupted:
            tell_stopped(result.ranked, watch, checkpoint)
    rows, second = _rows(search, result)
    status, why = _status(problem, wanted, options, result, rows)
    found = _finish(wanted.name, problem, options, result, rows, status, why.joined(why_method), start)
    return replace(found, record=found.record | {SECOND: second}) if problem.in_order else found


def _status(problem: Problem, wanted: Formulation, options: Mapping, result: Result, rows: list) -> tuple[str, Why]:
    """Status of a list, and what there is to say of it."""
    status = "optimal" if result.complete and result.claims_exact else "feasible"
    doubt = result.doubt if status == "feasible" or result.list_from else ""
    if not rows:
        return empty_list(problem, wanted, options, result, doubt if status == "feasible" else "")
    if any(row["interventions"] for row in rows):
        return status, Why("", doubt)
    if status == "feasible":
        return status, Why(TIME, doubt)
    return status, only_wild_type(problem, wanted, options, result).joined(doubt)


class _Search:
    """A formulation's method, and the exact method that confirms it where it does not prove its list itself."""

    def __init__(self, problem: Problem, wanted: Formulation, options: Mapping, log, checkpoint: Checkpoint | None):
        self.whole, self.wanted, self.options, self.log = problem, wanted, options, log
        self.checkpoint = checkpoint
        self.problem = best_designs(problem, options).problem

    def run(self, watch: Watch) -> Result:
        """The method's list; that of another attempt while the exact method finds another list.

        If no attempt helps, the exact method's own list.
        """
        exact, results = None, []
        for attempt in count():
            result = self._once(self.options["method"], watch, attempt)
            results.append(result)
            if result.claims_exact or self.options["confirm"] is None or self._too_deep:
                unconfirmed = f"`{self.options['method']}` was not confirmed by an exact method"
                result.doubt = _joined(watch.stopped or result.doubt or unconfirmed, self._too_deep)
                return result
            if exact is None:
                exact = self._exact(watch, result.ranked if METHODS[self.options["method"]].leads else ())
            self._compare(result, exact)
            if result.claims_exact or exact.doubt or watch.stop() or not result.other_attempts:
                break
        best = max(results, key=_worth)
        best.missed = sorted({name for result in results for name in result.missed})
        best.attempts, best.seconds = len(results), sum(result.seconds for result in results)
        return best if best.claims_exact else self._or_exact(best, exact)

    @property
    def _too_deep(self) -> str:
        """Why no exact method is asked, where a method is confirmed only up to some number of interventions."""
        if "confirm_up_to" not in METHODS[self.options["method"]].keys:
            return ""
        most, asked = self.options["confirm_up_to"], self.options["max_interventions"]
        if asked <= most:
            return ""
        return f"max_interventions {asked} is above confirm_up_to {most}"

    def _or_exact(self, best: Result, exact: Result) -> Result:
        """The exact method's list in place of one that it does not confirm, if it is proven or the better one."""
        confirm = self.options["confirm"]
        doubt = _joined(best.doubt, f"the list is `{confirm}`'s")
        shared = {"ranked": exact.ranked, "list_from": confirm, "doubt": doubt}
        if not exact.doubt:
            return replace(best, **shared, complete=True, claims_exact=True, confirmed_by=confirm)
        best.bound = min(best.bound, exact.bound)
        return replace(best, **shared) if _values(exact) > _values(best) else best

    def _once(self, method: str, watch: Watch, attempt: int = 0, begin: Iterable[Ranked] = ()) -> Result:
        best = best_designs(self.whole, self.options)
        best.take(entry.design for entry in begin)
        before, nodes = watch.seconds, watch.nodes
        kept = self.checkpoint if method == self.options["method"] else None
        result = Task(METHODS[method], best, watch, self.options, self.log, kept, attempt).run()
        result.seconds, result.nodes = watch.seconds - before, watch.nodes - nodes
        if kept is not None:
            result.resumed = kept.resumed
            result.seconds, result.nodes = result.seconds + kept.seconds, result.nodes + kept.nodes
        result.wild_type = best.wild_type
        result.potential = best.potential if best.possible else None
        return result

    def _exact(self, watch: Watch, begin: Iterable[Ranked]) -> Result:
        """The exact method's list, within a time limit of its own; what it begins with makes it faster, no other."""
        with Watch(self.options["time_limit_s"], within=watch) as own:
            result = self._once(self.options["confirm"], own, begin=begin)
        if own.stopped:
            result.doubt = f"`{self.options['confirm']}` did not confirm it: {own.stopped}"
        return result

    def _compare(self, result: Result, exact: Result) -> None:
        """Note in a result whether the exact method confirms it, or what it has missed."""
        result.confirm_seconds = exact.seconds
        if exact.doubt:
            result.doubt = _joined(result.doubt, exact.doubt)
            return
        result.bound = exact.bound
        found = {entry.design: entry.value for entry in result.ranked}
        missed = [
            entry
            for entry in exact.ranked
            if entry.design not in found or not close(found[entry.design], entry.value, VERIFIED)
        ]
        if not missed and len(found) == len(exact.ranked):
            result.complete = result.claims_exact = True
            result.confirmed_by = self.options["confirm"]
            return
        result.missed = [f"{','.join(entry.names)} ({entry.value:.6f})" for entry in missed]
        result.doubt = _joined(result.doubt, f"`{self.options['method']}` {_difference(result.missed)}")
        logger.warning("%s", result.doubt)


def _worth(result: Result) -> tuple:
    """A confirmed result before any other, then by the values of its list, as far as tables show them."""
    return result.claims_exact, _values(result)


def _values(result: Result) -> list[float]:
    return [round(entry.value, 6) for entry in result.ranked]


def _joined(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)


def _difference(missed: list[str]) -> str:
    """What is wrong with a list that is not the exact one."""
    if not missed:
        return "lists designs that are not among the best"
    more = f" and {len(missed) - MOST_NAMED} more" if len(missed) > MOST_NAMED else ""
    return f"missed {', '.join(missed[:MOST_NAMED])}{more}"


def _rows(search: _Search, result: Result) -> tuple[list[dict], list[float]]:
    """Table rows, recomputed cold and in the order of those values, and the guarantee of each.

    The wild type alone where nothing beats it.
    """
    wild, least = result.wild_type, search.options.get("min_value")
    entries = result.ranked
    if not entries and wild is not None and (least is None or not below(wild.value, least)):
        entries = [Ranked(frozenset(), wild.value, wild.guarantee, 0.0, ())]
    # What the list's own conflict sets are does not depend on those that the search has known, nor on its order.
    pools = FreshPools()
    rows = [_keyed_row(search, entry, pools) for entry in sorted(entries, key=lambda entry: entry.names)]
    rows = sorted(rows, key=lambda keyed: keyed[0])
    return [row | {"rank": rank} for rank, (_, row) in enumerate(rows, 1)], [0.0 - key[1] for key, _ in rows]


def _keyed_row(search: _Search, entry: Ranked, pools: FreshPools) -> tuple[tuple, dict]:
    """A row, and its place by the values of a cold start: those of a search depend on its way in the last digits."""
    problem = search.problem
    outcome = respond(problem, entry.design, pools)
    again, least = recomputed(problem, search.wanted, entry.design, pools)
    if outcome is None or again is None or not close(entry.value, again.value, VERIFIED):
        raise SolverError(
            f"{', '.join(entry.names) or 'wild type'}: the search found {entry.value:.6f}, a cold start "
            f"{again.value if again else 'no growth'}; please report this model"
        )
    row = table_row(problem, entry.design, outcome, again.value) | {"yield_min_mol_per_mol": least}
    return replace(entry, value=again.value, guarantee=again.guarantee).key(), row


def table_row(problem: Problem, design: Design, outcome: Outcome, value: float) -> dict:
    """A design's row of designs.tsv, without rank and yield."""
    return {
        "interventions": names(problem, design),
        "n_interventions": len(problem.forced) + len(design),
        "cost": cost(problem, design),
        "value_mmol_per_gdw_h": value,
        "growth_per_h": outcome.growth,
        "product_min_mmol_per_gdw_h": outcome.product_min,
        "product_max_mmol_per_gdw_h": outcome.product_max,
        "product_min_at_min_growth_mmol_per_gdw_h": outcome.product_min_at_min_growth,
    }


def _nothing() -> Result:
    return Result([], float("-inf"), True, True)


def _finish(kind: str, problem: Problem, options: Mapping, result: Result, rows, status: str, why: Why, start) -> Found:
    # A front of growth and cost alone seeks no best value.
    valued = rows and "value" in (options.get("front") or ["value"])
    objective = rows[0]["value_mmol_per_gdw_h"] if valued else None
    # Proven, the bound is the value as reported: the search's own differs from it in the last digits.
    bound = objective if status != "feasible" or objective is None else max(result.bound, objective)
    record = {
        "status": status,
        "reason": why.text,
        "cause": why.cause,
        "objective": objective,
        "bound": bound,
        "gap": None if objective is None else abs(bound - objective) / max(1e-9, abs(objective)),
        # Where a search begins, or goes on from, moves the last digits of an optimum.
        "potential": None if result.potential is None else round(result.potential, 9),
        "proven": status in ("optimal", "infeasible"),
        "formulation": kind,
        "method": options["method"],
        "confirmed_by": result.confirmed_by,
        "list_from": result.list_from or options["method"],
        "solver": result.solver or "glpk",
        "solver_version": result.solver_version or _version("swiglpk"),
        "seconds": round(result.seconds, 3),
        "seconds_to_confirm": round(result.confirm_seconds, 3),
        "seconds_total": round(time.monotonic() - start, 3),
        "nodes": result.nodes,
        "iterations": result.iterations,
        "history": result.history or None,
        "dives": result.dives,
        "big_m": result.big_m or None,
        "attempts": result.attempts,
        "resumed": result.resumed,
        "forced": list(problem.forced),
        "missed_at_first": result.missed,
        "seed": options["seed"],
        "options": dict(options),
        "versions": {"knockflow": __version__, "python": platform.python_version()}
        | {package: _version(package) for package in PACKAGES},
    }
    return Found(rows, record)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
