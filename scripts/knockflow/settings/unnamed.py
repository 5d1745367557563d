"""Which method a formulation gets that names none: the one that proves its list, or the one for many interventions.

Up to FEW interventions, or FEW_TARGETS targets, exact search proves what it lists (docs/scale.md). Beyond both it
hardly ends, and designs of that depth are dived for where dives hold. How many targets there are is known
once the problem is.
"""

from collections.abc import Mapping

from knockflow.formulations.registry import asked_for
from knockflow.settings.support import why_not

EXACT, DEEP = "tree", "dive"
"""The method that proves its list, and the one that finds designs of any depth."""

FEW, FEW_TARGETS = 4, 200
"""Interventions up to which, and targets up to which, exact search can be expected to end."""


def named(asked: Mapping) -> str:
    """The method that keys are checked for: where it is still open, the exact one, which holds for all of them."""
    return asked["method"] or EXACT


def settled(asked: Mapping) -> str | None:
    """The method of a formulation, where that can be said before the problem is known; None where it is open."""
    exact_only = asked["front"] or asked["scatter"] > 1 or why_not(DEEP, asked_for(asked).name)
    return asked["method"] or (EXACT if exact_only or asked["max_interventions"] <= FEW else None)


def beyond_proof(targets: int, most: int) -> bool:
    """Whether at most some interventions among some targets are more than exact search can be expected to prove."""
    return most > FEW and targets > FEW_TARGETS
