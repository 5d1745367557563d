"""Which method holds for which formulation, and why the others do not."""

from collections.abc import Iterator

from knockflow.formulations.registry import FORMULATIONS, formulation
from knockflow.language.kinds import FollowerKind
from knockflow.methods.method import METHODS

MIXED_INTEGER = ("strong_duality", "kkt")
"""Methods that need a mixed-integer solver and bounds of dual variables."""

DECOMPOSITION = ("benders", "logic_benders")
"""Methods that need a mixed-integer solver for a master program, and no bounds of dual variables."""


def why_not(method: str, kind: str) -> str | None:
    """Why a method does not hold for a kind of formulation; None where it does."""
    one = formulation(kind)
    if method in MIXED_INTEGER and method not in one.models:
        return one.refusals.get(method, "there is no such model of it")
    return one.refusals.get(method)


LINEAR_FOLLOWER = ("strong_duality", "kkt", "benders")
"""Methods that need a cell whose states are one linear program."""


def why_not_layer(follower: FollowerKind, what: str, method: str, kind: str) -> str | None:
    """Why a method or a kind of formulation does not hold for a follower that a layer makes; None where it does.

    `what` makes it so: "rules of genes".
    """
    if follower is FollowerKind.LINEAR:
        return None
    if formulation(kind).refused_with_integers:
        return f"`{kind}` {formulation(kind).refused_with_integers}, and {what} make the cell {follower.value}"
    if method not in LINEAR_FOLLOWER:
        return None
    others = ", ".join(name for name in METHODS if name not in LINEAR_FOLLOWER)
    return (
        f"`{method}` needs the dual or the optimality conditions of a linear program, and {what} make the cell "
        f"{follower.value}, which has neither; these do: {others}"
    )


def holding(kind: str) -> list[str]:
    """The methods that hold for a kind of formulation."""
    return [method for method in METHODS if why_not(method, kind) is None]


def table() -> Iterator[str]:
    """The lines of a Markdown table of all pairs."""
    yield "| formulation | " + " | ".join(f"`{method}`" for method in METHODS) + " |"
    yield "| --- " * (len(METHODS) + 1) + "|"
    for kind in FORMULATIONS:
        marks = ("yes" if why_not(method, kind) is None else "no" for method in METHODS)
        yield f"| `{kind}` | " + " | ".join(marks) + " |"
    for kind in FORMULATIONS:
        for method in METHODS:
            if reason := why_not(method, kind):
                yield f"\n`{method}` does not hold for `{kind}`: {reason}."
