"""The smallest number of interventions that would do, and the state that no intervention can rule out."""

from collections.abc import Mapping

from knockflow.formulations.registry import asked_for
from knockflow.problem.problem import Problem
from knockflow.settings.support import why_not_layer, why_not_several
from knockflow.stages.design import find_designs
from knockflow.stages.diagnosis.uncoupled import state_beyond_reach

DEEPEST = 30
"""Interventions that are tried at most."""

EXACT = 3
"""Interventions up to which `tree` looks for fewer than dives have found."""

DIVES = 5
FOR_DIVES, SECONDS = 15.0, 120.0
"""Time limits of the dives, and of each exact search for fewer interventions."""

FLUX = 1e-6
"""mmol/gDW/h; below it a flux of a state is not told."""


def beyond(problem: Problem, options: Mapping, proven: bool, goal: float) -> dict:
    """What there is beyond the limits of a formulation that has no design, as far as dives tell.

    `proven` says that there is none within the limits: then one more intervention is the least. `goal` is the value
    that a design would have to reach.

    Returns
    -------
    dict
        With `interventions` and `design` where dives have found one, `least` the number that it takes at least; with
        `state` (fluxes, mmol/gDW/h) where no design of any number exists; with `untold` where dives do not tell.
    """
    wanted = asked_for(options)
    why = why_not_layer(problem.kind, "the case's layers", "dive", wanted.name)
    if why is None and len(problem.followers) > 1:
        why = why_not_several("the case's layers", "dive", wanted.name)
    if why:
        return {"untold": why}
    untouched = None if wanted.cut_sets else state_beyond_reach(problem, wanted, goal)
    if untouched is not None:
        state = _state(problem.fluxes(untouched.fluxes))
        return {"why": "a state that every design leaves", "state": state, "product": round(untouched.value, 6)}
    most = min(DEEPEST, max(1, len(problem.targets)))
    asked = {
        "method": "dive",
        "confirm": None,
        "dives": min(DIVES, options["dives"]),
        "max_interventions": most + len(problem.forced),
        "max_cost": None,
        "max_per_kind": {},
        "max_designs": 50,
        "time_limit_s": FOR_DIVES,
        "scatter": 1,
        "front": [],
        "depth": wanted.cut_sets,
    }
    found = find_designs(problem, dict(options) | asked)
    told = found.record["dives"] or {}
    if told.get("proof"):
        return {"why": told["proof"]["why"], "state": _state(told["proof"].get("state") or {})}
    designs = [row for row in found.rows if row["interventions"]]
    if not designs:
        return {"untold": found.record["reason"] or "dives have found none"}
    # Another limit than the number may be what leaves no design.
    by_number = proven and options["max_cost"] is None and not options.get("max_per_kind")
    least = options["max_interventions"] + 1 if by_number else 1
    if wanted.cut_sets:
        # Of values the dives' bound is about the best one that they have found, and less would do here.
        least = max(least, told.get("least_interventions") or 1)
    best = min(designs, key=_small)
    best, least = _fewer(problem, dict(options) | asked, best, least)
    return {
        "interventions": best["n_interventions"],
        "cost": best["cost"],
        "design": list(best["interventions"]),
        "value": best["value_mmol_per_gdw_h"],
        "least": min(least, best["n_interventions"]),
    }


def _fewer(problem: Problem, asked: Mapping, best: dict, least: int) -> tuple[dict, int]:
    """A design of fewer interventions, where `tree` finds one, and the least number that it takes."""
    for most in range(least, min(best["n_interventions"], EXACT + 1)):
        exact = {"method": "tree", "max_interventions": most, "max_designs": 1, "time_limit_s": SECONDS}
        found = find_designs(problem, dict(asked) | exact)
        designs = [row for row in found.rows if row["interventions"]]
        if designs:
            return min(designs, key=_small), least
        if not found.record["proven"]:
            break
        least = most + 1
    return best, least


def _small(row: Mapping) -> tuple:
    return row["n_interventions"], row["cost"], row["rank"]


def _state(fluxes: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in sorted(fluxes.items()) if abs(value) > FLUX}
