"""One formulation of one case: search, confirmation, and the numbers that are reported of each design."""

import logging
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from knockflow import __version__
from knockflow.designs import BestDesigns, Limits, Ranked, cost, names
from knockflow.errors import SolverError
from knockflow.formulations import Formulation, Response, formulation
from knockflow.methods.result import Result
from knockflow.problem import Problem
from knockflow.respond import Design, Outcome, respond
from knockflow.tolerances import VERIFIED, close
from knockflow.watch import Watch

logger = logging.getLogger("knockflow.search")

MOST_ATTEMPTS = 3
MARGIN_GROWTH = 10.0
"""How often a list that is not confirmed is searched again, and how much wider its dual variables then range."""

PACKAGES = ("numpy", "swiglpk", "pyomo", "highspy", "pulp")


@dataclass(frozen=True)
class Found:
    """The rows of designs.tsv and the content of record.json."""

    rows: list[dict]
    record: dict


def find_designs(problem: Problem, options: Mapping, log: str | Path | None = None) -> Found:
    """Search a formulation's best designs and recompute all that is reported of them.

    Parameters
    ----------
    options
        A formulation of the configuration, with its defaults.
    log
        Where the mixed-integer solver writes.
    """
    start = time.monotonic()
    wanted = formulation(options["kind"])
    if not problem.viable:
        reason = (
            f"the wild type grows at most {max(problem.max_growth, 0):.6f} per h, min_growth is {problem.min_growth:g}"
        )
        return _finish(wanted, options, _nothing(), [], "infeasible", reason, start)
    problem = problem.growing()
    with Watch(options["time_limit_s"]) as watch:
        for attempt in range(MOST_ATTEMPTS):
            best = BestDesigns(problem, wanted, _limits(options))
            result = _run(options["method"], best, watch, options, log, attempt)
            confirmed = _confirm(options, best, result)
            if not confirmed or watch.stopped:
                break
        result.nodes, result.seconds, result.stopped = watch.nodes, watch.seconds, watch.stopped
    rows = _rows(best, result)
    proven = result.complete and (result.claims_exact or confirmed == "")
    reason = result.stopped or confirmed or ""
    return _finish(wanted, options, result, rows, "optimal" if proven else "feasible", reason, start)


def _limits(options: Mapping) -> Limits:
    most = options["max_designs"]
    return Limits(options["max_interventions"], None if most == "all" else most, options["max_cost"])


def _run(method: str, best: BestDesigns, watch: Watch, options: Mapping, log, attempt: int) -> Result:
    search = import_module(f"knockflow.methods.{method}").search
    if method != "strong_duality":
        return search(best, watch)
    from knockflow.solvers import SolverOptions

    asked = SolverOptions(
        name=options["solver"] or "cbc",
        mip_gap=options["mip_gap"],
        feasibility=options["feasibility"],
        threads=options["threads"],
        seed=options["seed"],
    )
    from knockflow.big_m import MARGIN

    return search(best, watch, asked, log, MARGIN * MARGIN_GROWTH**attempt)


def _confirm(options: Mapping, best: BestDesigns, result: Result) -> str | None:
    """Whether an exact method finds the same list: empty if so, else what differs; None if it was not asked.

    A result of an exact method needs no confirmation.
    """
    if result.claims_exact or options["confirm"] is None:
        return None
    check = BestDesigns(best.problem, best.formulation, best.limits)
    with Watch(options["time_limit_s"]) as watch:
        exact = _run(options["confirm"], check, watch, options, None, 0)
    if watch.stopped:
        return f"{options['confirm']} did not finish either ({watch.stopped})"
    result.bound = exact.bound
    if [entry.key() for entry in exact.ranked] == [entry.key() for entry in result.ranked]:
        result.complete = True
        return ""
    missing = [entry for entry in exact.ranked if entry.design not in {other.design for other in result.ranked}]
    words = "; ".join(f"{','.join(entry.names)} ({entry.value:.6f})" for entry in missing)
    logger.warning("%s finds designs that %s missed: %s", options["confirm"], options["method"], words)
    return f"{options['confirm']} finds what the bounds of dual variables or the time limit hid: {words}"


def _rows(best: BestDesigns, result: Result) -> list[dict]:
    """Table rows, recomputed cold; the wild type alone where nothing beats it."""
    entries = result.ranked or [Ranked(frozenset(), best.wild_type.value, best.wild_type.guarantee, 0.0, ())]
    return [_row(best, rank, entry) for rank, entry in enumerate(entries, 1)]


def _row(best: BestDesigns, rank: int, entry: Ranked) -> dict:
    outcome = respond(best.problem, entry.design)
    value = None if outcome is None else reported_value(best.formulation, outcome)
    if value is None or not close(entry.value, value, VERIFIED):
        raise SolverError(
            f"{', '.join(entry.names) or 'wild type'}: the search found {entry.value:.6f}, a cold start {value}; "
            "please report this model"
        )
    return table_row(best.problem, entry.design, outcome, value) | {"rank": rank}


def table_row(problem: Problem, design: Design, outcome: Outcome, value: float) -> dict:
    """A design's row of designs.tsv, without its rank."""
    return {
        "interventions": names(problem, design),
        "n_interventions": len(design),
        "cost": cost(problem, design),
        "value_mmol_per_gdw_h": value,
        "growth_per_h": outcome.growth,
        "product_min_mmol_per_gdw_h": outcome.product_min,
        "product_max_mmol_per_gdw_h": outcome.product_max,
        "product_min_at_min_growth_mmol_per_gdw_h": outcome.product_min_at_min_growth,
        "yield_min_mol_per_mol": outcome.yield_min,
    }


def reported_value(wanted: Formulation, outcome: Outcome) -> float:
    """What a formulation maximizes, among the numbers of an outcome (mmol/gDW/h)."""
    if wanted.response is Response.GROWTH:
        return outcome.product_max if wanted.optimistic else outcome.product_min
    return outcome.product_max_at_min_growth if wanted.optimistic else outcome.product_min_at_min_growth


def _nothing() -> Result:
    return Result([], float("-inf"), True, True)


def _finish(wanted: Formulation, options: Mapping, result: Result, rows, status: str, reason: str, start) -> Found:
    objective = rows[0]["value_mmol_per_gdw_h"] if rows else None
    bound = None if result.bound == float("-inf") else max(result.bound, objective or 0.0)
    record = {
        "status": status,
        "reason": reason,
        "objective": objective,
        "bound": bound,
        "gap": None if objective is None else abs(bound - objective) / max(1e-9, abs(objective)),
        "proven": status in ("optimal", "infeasible"),
        "formulation": wanted.name,
        "method": options["method"],
        "confirmed_by": options["confirm"] if status == "optimal" and not result.claims_exact else None,
        "solver": result.solver or "glpk",
        "solver_version": result.solver_version or _version("swiglpk"),
        "seconds": round(result.seconds, 3),
        "seconds_total": round(time.monotonic() - start, 3),
        "nodes": result.nodes,
        "iterations": result.iterations,
        "big_m": result.big_m or None,
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
