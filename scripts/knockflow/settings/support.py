"""Which method holds for which formulation and follower, and why the others do not: from what each declares."""

from collections.abc import Collection, Iterator

from knockflow.formulations.formulation import PRODUCT_UNIT
from knockflow.formulations.registry import FORMULATIONS, formulation
from knockflow.language.kinds import FollowerKind
from knockflow.methods.registry import METHODS


def why_not(method: str, kind: str) -> str | None:
    """Why a method does not hold for a kind of formulation; None where it does."""
    one, own = formulation(kind), METHODS[method]
    if own.models and method not in one.models:
        return one.refusals.get(method, "there is no such model of it")
    if one.cut_sets and not own.cut_sets:
        return one.refusals.get(method, "cut sets have no value to maximize; `tree` finds all of them")
    return one.refusals.get(method)


def why_not_layer(follower: FollowerKind, what: str, method: str, kind: str) -> str | None:
    """Why a method or a kind of formulation does not hold for a follower that a layer makes; None where it does.

    `what` makes it so: "rules of genes".
    """
    if follower is not FollowerKind.LINEAR and formulation(kind).refused_with_integers:
        return f"`{kind}` {formulation(kind).refused_with_integers}, and {what} make the cell {follower.value}"
    if follower in METHODS[method].followers:
        return None
    others = ", ".join(name for name, other in METHODS.items() if follower in other.followers)
    return (
        f"`{method}` needs the dual or the optimality conditions of a linear program, and {what} make the cell "
        f"{follower.value}, which has neither; these do: {others}"
    )


def why_not_front(method: str, axes: Collection[str], rising: str = "") -> str | None:
    """Why a method does not find a Pareto front on some axes; None where it does, or where there are no axes.

    `rising` says why growth may rise with an intervention, where it may: "the cell maximizes another objective".
    """
    own = METHODS[method]
    if not axes:
        return None
    if not own.fronts:
        others = ", ".join(f"`{name}`" for name, other in METHODS.items() if other.fronts)
        return f"`{method}` lists designs by value alone and proves no front; these do: {others}"
    if rising and own.only_shrinking and "growth" in axes:
        others = [f"`{name}`" for name, other in METHODS.items() if other.fronts and not other.only_shrinking]
        return (
            f"`{method}` rules out by a floor on growth all designs that contain a slower one, but {rising}, so that "
            f"growth may rise with an intervention; use {' or '.join(others)}, or leave `growth` out of `front`"
        )
    return None


def why_not_in_order(method: str, kind: str, axes: Collection[str] = ()) -> str | None:
    """Why products in strict order do not hold for a method, a kind of formulation, a front; None where they do."""
    one = formulation(kind)
    if one.cut_sets:
        return None
    if one.optimistic:
        return f"`{kind}` promises product, and no one state need keep two promises; name one product, or weights"
    if one.unit != PRODUCT_UNIT:
        return f"`{kind}` rates by {one.unit}, and a strict order is one of rates of product; name one, or weights"
    if axes:
        return "a front compares the values of one product; name one, or weights, or remove `front`"
    if METHODS[method].in_order:
        return None
    others = " and ".join(f"`{name}`" for name, other in METHODS.items() if other.in_order)
    return f"`{method}` seeks the most of one product, and does not rank by a second; {others} do"


def why_not_several(what: str, method: str, kind: str, judge: str) -> str | None:
    """Why a method or a kind of formulation does not hold for several followers; None where it does.

    `what` makes several of them, "scenarios", and designs are judged by their `worst`, for instance.
    """
    if formulation(kind).cut_sets:
        return f"`{kind}` has no value to fold over several followers, and {what} make several"
    if judge in METHODS[method].judges:
        return None
    others = ", ".join(name for name, other in METHODS.items() if judge in other.judges)
    if METHODS[method].judges:
        return f"`{method}` holds for the worst of several followers, not for their {judge}; these do: {others}"
    return f"`{method}` holds for one follower, and {what} make several; these hold for several: {others}"


def holding(kind: str) -> list[str]:
    """The methods that hold for a kind of formulation."""
    return [method for method in METHODS if why_not(method, kind) is None]


def search_modules(method: str, confirm: str | None) -> list[str]:
    """The modules that a search imports by name: of its method, and of the exact one that may confirm it."""
    names = [method] if METHODS[method].exact or not confirm else [method, confirm]
    return [METHODS[name].module for name in names]


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
