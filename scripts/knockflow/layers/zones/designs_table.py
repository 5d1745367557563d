"""The columns of zones_designs.tsv, which the report reads without COBRApy."""

from knockflow.base.table import FLUX, GROWTH, NUMBER, Table, columns

TABLE = Table(
    "zones_designs.tsv",
    (
        *columns("formulation rank interventions", "as in designs.tsv"),
        *columns("recommended_by", "`case`, `plain` (only a case that asks the same without layers), or `both`"),
        *columns("zone", "its name"),
        *columns("share", "of the biomass", NUMBER),
        *columns(
            "growth_per_h",
            "growth in the zone, in a state of largest growth, then least product of all zones, then least total flux; "
            "empty where the design does not grow at min_growth",
            unit=GROWTH,
        ),
        *columns("product_mmol_per_gdw_h", "product in the zone, per biomass of the zone, in that state", unit=FLUX),
        *columns("product_of_all_mmol_per_gdw_h", "product of all zones, per biomass of all, in that state", unit=FLUX),
    ),
)
