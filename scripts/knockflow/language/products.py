"""What a case asks a strain to make: one product, a weighted sum of several, or first one and then another.

A configuration has `product: A`, `products: {A: 1, B: 0.5}` or `products: [A, B]`. All else has the value alone: an id,
a mapping of weights by id, a list of ids in strict order, or None.
"""

from collections.abc import Mapping, Sequence

Product = str | Mapping[str, float] | Sequence[str] | None


def asked_in(case: Mapping) -> Product:
    """What a case asks for."""
    return case.get("products") or case.get("product")


def named_in(product: Product) -> list[str]:
    """The ids that it names, in its order."""
    if not product:
        return []
    return [product] if isinstance(product, str) else list(product)


def in_order(product: Product) -> bool:
    """Whether it is first one product and then another."""
    return not isinstance(product, str | Mapping | None)


def how_rated(product: Product) -> str:
    """How designs are rated by several."""
    if in_order(product):
        return "in strict order: designs are ranked by the first, and those that make as much of it by the second"
    return "what counts as product is this weighted sum"


def written(product: Product, names: Mapping[str, str] | None = None) -> str:
    """It as people read it, with names for ids where there are some: `A + 0.5 B`, or `A, then B`; empty for none."""
    called = {name: (names or {}).get(name, name) for name in named_in(product)}
    if isinstance(product, Mapping):
        return " + ".join(
            called[name] if weight == 1 else f"{weight:g} {called[name]}" for name, weight in product.items()
        )
    return ", then ".join(called.values())
