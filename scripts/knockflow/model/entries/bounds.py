"""Bounds that make no sense, those that differ by a rounding error, and those that force a flux."""

import math
from collections.abc import Mapping

from cobra import Model

from knockflow.base.errors import ModelError
from knockflow.model.finding import CHANGE, INFO, Finding, interval, plain

ROUNDING = 1e-9  # a lower bound above the upper one by less than this is a rounding error


def settle_bounds(bounds: Mapping[str, tuple[float, float]]) -> tuple[dict[str, tuple[float, float]], list[Finding]]:
    """Bounds that differ by a rounding error from consistent ones, mended.

    Parameters
    ----------
    bounds : mapping
        Lower and upper bound in mmol/gDW/h by reaction id.

    Returns
    -------
    The bounds to set, only of the reactions to mend, and a finding for each.

    Raises
    ------
    ModelError
        If any bound is not a number, or any lower bound is above its upper one: one line per reaction.
    """
    problems, mended, findings = [], {}, []
    for reaction_id, (lower, upper) in bounds.items():
        if math.isnan(lower) or math.isnan(upper):
            problems.append(f"reaction {reaction_id}: bounds {interval((lower, upper))} are not numbers")
        elif lower > upper + ROUNDING:
            problems.append(f"reaction {reaction_id}: lower bound {plain(lower)} is above upper bound {plain(upper)}")
        elif lower > upper:
            mended[reaction_id] = (lower, lower)
            before = f"[{lower!r}, {upper!r}]"
            why = "the lower bound was above the upper one by a rounding error"
            findings.append(Finding(reaction_id, "bounds", CHANGE, before, interval((lower, lower)), why))
    if problems:
        raise ModelError("\n".join(problems))
    return mended, findings


def check_bounds(model: Model) -> list[Finding]:
    """Mend rounding errors in the model's bounds; raise a ModelError where they make no sense."""
    mended, findings = settle_bounds({reaction.id: reaction.bounds for reaction in model.reactions})
    for reaction_id, bounds in mended.items():
        model.reactions.get_by_id(reaction_id).bounds = bounds
    return findings


def forced_fluxes(model: Model) -> list[Finding]:
    """Reactions that cannot be at rest."""
    return [
        Finding(
            reaction.id,
            "forced flux",
            INFO,
            interval(reaction.bounds),
            "",
            "0 is outside the bounds: stays in force and is never a target",
        )
        for reaction in model.reactions
        if reaction.lower_bound > 0 or reaction.upper_bound < 0
    ]
