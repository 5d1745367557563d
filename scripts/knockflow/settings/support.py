"""Which method holds for which formulation, and why the others do not."""

from collections.abc import Iterator

from knockflow.formulations.formulation import CUT_SETS, FORMULATIONS
from knockflow.methods.method import METHODS

MIXED_INTEGER = ("strong_duality", "kkt")
"""Methods that need a mixed-integer solver and bounds of dual variables."""

DECOMPOSITION = ("benders", "logic_benders")
"""Methods that need a mixed-integer solver for a master program, and no bounds of dual variables."""

_NO_VALUE = "cut sets have no value to maximize; `tree` finds all of them, without bounds of dual variables"
_NO_VALUE_TO_BOUND = "cut sets have no value that cuts could bound; `tree` finds all of them"
_NO_FOLLOWER = "its value is no optimum of the cell, so there is no lower level to dualize; `tree` proves it at once"

WHY_NOT = {
    ("strong_duality", CUT_SETS): _NO_VALUE,
    ("kkt", CUT_SETS): _NO_VALUE,
    ("benders", CUT_SETS): _NO_VALUE_TO_BOUND,
    ("logic_benders", CUT_SETS): _NO_VALUE_TO_BOUND,
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


LINEAR_FOLLOWER = ("strong_duality", "kkt", "benders")
"""Methods that need a cell whose states are one linear program."""


def why_not_regulated(method: str, formulation: str) -> str | None:
    """Why a method or formulation does not hold for a case with regulation; None where it does."""
    if formulation == CUT_SETS:
        return f"`{CUT_SETS}` seeks cut sets by linear programs, and rules of genes make the cell a mixed-integer one"
    if method not in LINEAR_FOLLOWER:
        return None
    others = ", ".join(name for name in METHODS if name not in LINEAR_FOLLOWER)
    return (
        f"`{method}` needs the dual or the optimality conditions of a linear program, and rules of genes make the cell "
        f"a mixed-integer one, which has neither; these do: {others}"
    )


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
