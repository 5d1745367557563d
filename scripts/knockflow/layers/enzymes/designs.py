"""How much enzyme each design needs for its product, and which needs least of it."""

from cobra import Model

from knockflow.language.ids import gene_name
from knockflow.layers.enzymes.designs_table import TABLE
from knockflow.layers.enzymes.strain import costs_in, uses_in
from knockflow.layers.in_designs import DesignContext, Listed

__all__ = ["TABLE", "rows"]

USED_UP = 1 - 1e-6
"""The share of a protein from which all of it counts as used."""

MADE = 1e-6
"""mmol/gDW/h from which a product counts as made."""

DIGITS = 6
"""Of a mass per product, within which two are equal."""


def rows(asked: DesignContext) -> list[dict]:
    """A row for each design."""
    found = [_row(asked, one) for one in asked.listed]
    for row in found:
        own = _per_product(row)
        if own is not None:
            others = (_per_product(other) for other in found if other["formulation"] == row["formulation"])
            row["rank_by_enzymes"] = 1 + sum(other is not None and other < own for other in others)
    return found


def _row(asked: DesignContext, one: Listed) -> dict:
    row = {name: getattr(one, name) for name in ("formulation", "rank", "interventions", "recommended_by")}
    uses = {}

    def weights(strain: Model) -> dict[str, float]:
        uses.update(uses_in(strain))
        return costs_in(strain)

    found = asked.use(asked.whole, one.interventions, weights)
    if found is None:
        return row
    used = {
        gene
        for (gene, _), shares in uses.items()
        if sum(share * found.fluxes[name] for name, share in shares.items()) > USED_UP
    }
    row["used_up"] = sorted(map(gene_name, used))
    row |= {"growth_per_h": found.growth, "product_min_mmol_per_gdw_h": found.product}
    row |= {"enzymes_g_per_gdw": found.growing, "route_g_per_gdw": found.making}
    return row | ({"route_g_h_per_mmol": found.making / found.product} if found.product > MADE else {})


def _per_product(row: dict) -> float | None:
    """The mass of enzymes per product, rounded."""
    value = row.get("route_g_h_per_mmol")
    return None if value is None else float(f"{value:.{DIGITS}g}")
