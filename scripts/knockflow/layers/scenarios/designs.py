"""What each design is worth in every scenario by itself, which is the worst, and whether it holds in fresh ones."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from knockflow.base.tolerances import VERIFIED
from knockflow.layers.in_designs import DesignContext, Guarantee, Listed
from knockflow.layers.in_strain import apply_variant
from knockflow.layers.scenarios.collect import scenarios
from knockflow.layers.scenarios.designs_table import TABLE
from knockflow.layers.scenarios.fresh import fresh
from knockflow.layers.scenarios.resolve import by_scenario
from knockflow.layers.scenarios.resolve import rows as changes
from knockflow.layers.scenarios.table import TABLE as CHANGES
from knockflow.layers.variant import ModelVariant
from knockflow.model.network import read_network

__all__ = ["TABLE", "rows"]


def rows(asked: DesignContext) -> list[dict]:
    """A row for each design in each scenario."""
    network, options = read_network(asked.path), asked.given.options
    named = scenarios(network, asked.given)
    drawn = fresh(network, named, options["ranges"], options["fresh"], options["seed"])
    own = list(by_scenario(_as_text(changes(network, named))))
    other = list(by_scenario(_as_text(changes(network, drawn)))) if drawn else []
    return [row for one in asked.listed for row in _of_design(asked, one, own, other)]


def _as_text(found: Sequence[Mapping]) -> list[dict[str, str]]:
    """Rows as a file has them."""
    return [{name: row.get(name, "") for name in CHANGES.names} | dict(row) for row in found]


def _of_design(asked: DesignContext, one: Listed, own: Sequence, other: Sequence) -> list[dict]:
    head = {name: getattr(one, name) for name in ("formulation", "rank", "interventions", "recommended_by")}
    named = [_in(asked, variant, one.interventions) for variant in own]
    drawn = [_in(asked, variant, one.interventions) for variant in other]
    worst = min(range(len(own)), key=lambda number: _product(named[number]))
    least = _guaranteed(list(map(_product, named)), asked.given.options["quantile"])
    found = []
    for number, (variant, result) in enumerate(zip([*own, *other], [*named, *drawn], strict=True)):
        is_fresh = number >= len(own)
        row = head | {"scenario": variant.name, "fresh": is_fresh, "worst": number == worst}
        row["holds"] = _holds(result, least)
        if result is not None:
            row |= {"growth_per_h": result.growth, "product_min_mmol_per_gdw_h": result.product}
        found.append(row)
    if drawn and named[worst] is not None:
        found[worst]["holding_share"] = sum(_holds(result, least) for result in drawn) / len(drawn)
    return found


def _in(asked: DesignContext, variant: ModelVariant, interventions: str) -> Guarantee | None:
    """What a design guarantees in a scenario."""
    with asked.bare as model:
        apply_variant(model, variant)
        return asked.guarantee(model, interventions)


def _guaranteed(products: Sequence[float], quantile: float | None) -> float:
    """The product that a design owes in every scenario but those that a quantile leaves out.

    A mean says nothing of any one scenario, so there it is the least.
    """
    out = max(1, ceil(Fraction(repr(float(quantile or 0.0))) * len(products))) - 1
    return sorted(products)[out]


def _product(found: Guarantee | None) -> float:
    return float("-inf") if found is None else found.product


def _holds(found: Guarantee | None, least: float) -> bool:
    """Whether a design grows, and makes so much but for COBRApy's tolerance."""
    return found is not None and found.product >= least - VERIFIED * max(1.0, abs(least))
