"""What is wrong with what a case and its formulations aim at: products, the cell's own objective, Pareto fronts."""

from collections.abc import Iterator, Mapping
from math import isfinite

from knockflow.formulations.registry import asked_for, formulation
from knockflow.language.products import in_order
from knockflow.settings.support import why_not_front, why_not_in_order
from knockflow.settings.unnamed import named


def product_problems(case: Mapping, wanted: Mapping[str, Mapping]) -> Iterator[str]:
    """Several products: what cannot be a weight or an order, and which formulations do not hold for it."""
    products = case["products"]
    if not products:
        return
    if case["product"] is not None:
        yield "products: `product` is there, too; keep one of the two keys"
    if len(products) == 1:
        (name,) = products
        yield f"products: `{name}` alone; for one product give `product: {name}`"
    if in_order(products):
        yield from _order_problems(products, wanted)
        return
    for name, weight in products.items():
        if not (isfinite(weight) and weight > 0):
            yield f"products.{name}: {weight:g} is no weight; give a number above 0, or leave the product out"


def _order_problems(products: list, wanted: Mapping[str, Mapping]) -> Iterator[str]:
    if len(products) > 2:
        yield f"products: {len(products)} in strict order; two are ranked, first one and then the other"
    if len(set(products)) < len(products):
        yield f"products: `{products[0]}` is there twice; name another one to rank by"
    for name, asked in wanted.items():
        if why := why_not_in_order(named(asked), asked_for(asked).name, asked["front"]):
            yield f"products: a strict order does not hold for formulation `{name}`: {why}"


def cell_objective_problems(case: Mapping, wanted: Mapping[str, Mapping]) -> Iterator[str]:
    """An objective of the cell that is none, or that a front does not hold with."""
    objective = case["cell_objective"]
    if objective and not any(objective.values()):
        yield "cell_objective: all coefficients are 0; leave the key out for growth"
    for name, asked in wanted.items() if objective else ():
        if why := why_not_front(named(asked), asked["front"], "the cell maximizes another objective"):
            yield f"cell_objective: the front of formulation `{name}` does not hold with it: {why}"


def front_problems(asked: Mapping, parts: Mapping) -> Iterator[str]:
    """A Pareto front: of designs that have a value, by a method that finds them, and not beside keys of lists."""
    axes = asked["front"]
    if not axes:
        return
    if len(axes) == 1:
        yield f"front: `{axes[0]}` alone is no front; name two or three of {', '.join(parts['front']['items']['enum'])}"
    if formulation(asked["kind"]).cut_sets:
        yield f"front: designs of `{asked['kind']}` have no value; remove the key `front`"
    elif why := why_not_front(named(asked), axes):
        yield f"front: {why}"
    if asked["max_designs"] != parts["max_designs"]["default"]:
        yield "max_designs: a front lists one design for each of its points; remove the key `max_designs`"
    if asked["scatter"] > 1:
        yield "scatter: the searches of a front are not split into parts; remove the key `scatter`"
