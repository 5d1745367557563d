"""Which method holds for which formulation, and why the others do not."""

from collections.abc import Iterator

from knockflow.formulations import CUT_SETS, FORMULATIONS

METHODS = {
    "tree": "support branching",
    "strong_duality": "one level by equal primal and dual objectives",
    "kkt": "one level by complementary slackness",
    "exhaustive": "every set, one after the other",
}

MIXED_INTEGER = ("strong_duality", "kkt")
"""Methods that need a mixed-integer solver and bounds of dual variables."""

_NO_VALUE = "cut sets have no value to maximize; `tree` finds all of them, without bounds of dual variables"
_NO_FOLLOWER = "its value is no optimum of the cell, so there is no lower level to dualize; `tree` proves it at once"

WHY_NOT = {
    ("strong_duality", CUT_SETS): _NO_VALUE,
    ("kkt", CUT_SETS): _NO_VALUE,
    ("strong_duality", "potential"): _NO_FOLLOWER,
    ("kkt", "potential"): _NO_FOLLOWER,
    ("kkt", "optcouple"): (
        "its inner program has no solution that could meet conditions where no state is without product"
    ),
    ("kkt", "pfba_pessimistic"): (
        "its last level minimizes over states that are themselves given by complementary slackness, which is not convex"
    ),
}


def why_not(method: str, formulation: str) -> str | None:
    """Why a method does not hold for a formulation; None where it does."""
    return WHY_NOT.get((method, formulation))


def holding(formulation: str) -> list[str]:
    """The methods that hold for a formulation."""
    return [method for method in METHODS if why_not(method, formulation) is None]


def table() -> Iterator[str]:
    """The lines of a Markdown table of all pairs."""
    yield "| formulation | " + " | ".join(f"`{method}`" for method in METHODS) + " |"
    yield "| --- " * (len(METHODS) + 1) + "|"
    for formulation in (*FORMULATIONS, CUT_SETS):
        marks = ("yes" if why_not(method, formulation) is None else "no" for method in METHODS)
        yield f"| `{formulation}` | " + " | ".join(marks) + " |"
    for (method, formulation), reason in WHY_NOT.items():
        yield f"\n`{method}` does not hold for `{formulation}`: {reason}."
