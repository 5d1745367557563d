"""What each design makes in every zone, where it guarantees the least of all zones together."""

from knockflow.layers.in_designs import DesignContext, Listed
from knockflow.layers.zones.designs_table import TABLE
from knockflow.layers.zones.resolve import in_zone, read
from knockflow.layers.zones.table import TABLE as ZONES

__all__ = ["TABLE", "rows"]


def rows(asked: DesignContext) -> list[dict]:
    """A row for each design in each zone."""
    return [row for one in asked.listed for row in _of_design(asked, one)]


def _of_design(asked: DesignContext, one: Listed) -> list[dict]:
    head = {name: getattr(one, name) for name in ("formulation", "rank", "interventions", "recommended_by")}
    found, zones = asked.guarantee(asked.whole, one.interventions), read(ZONES.read(asked.given.table)).zones
    biomass, made = asked.question.biomass, asked.question.made
    rows = []
    for number, zone in enumerate(zones, 1):
        row = head | {"zone": zone.name, "share": zone.share}
        if found is not None:
            own = {name: in_zone(name, number) if len(zones) > 1 else name for name in (biomass, *made)}
            row["growth_per_h"] = found.fluxes[own[biomass]]
            row["product_mmol_per_gdw_h"] = sum(value * found.fluxes[own[name]] for name, value in made.items())
            row["product_of_all_mmol_per_gdw_h"] = found.product
        rows.append(row)
    return rows
