"""The table of designs in scenarios: the content of scenarios_designs.tsv; the report reads it without COBRApy."""

from knockflow.base.table import FLAG, FLUX, GROWTH, NUMBER, Table, columns

TABLE = Table(
    "scenarios_designs.tsv",
    (
        *columns("formulation rank interventions", "as in designs.tsv"),
        *columns("recommended_by", "`case`, `plain` (only a case that asks the same without layers), or `both`"),
        *columns("scenario", "its name; a row for each scenario of the case, then for each fresh one"),
        *columns("fresh", "whether no design was optimized for it", FLAG),
        *columns("growth_per_h", "largest growth; empty where it is below min_growth", unit=GROWTH),
        *columns("product_min_mmol_per_gdw_h", "least product of the growth response there", unit=FLUX),
        *columns("worst", "whether it is the worst of the case's scenarios, the first of equal ones", FLAG),
        *columns(
            "holds",
            "whether the design grows in it and makes what it makes in the worst of the case's, or in all but those "
            "that the case's quantile leaves out",
            FLAG,
        ),
        *columns("holding_share", "in the row of the worst: share of the fresh scenarios in which it holds", NUMBER),
    ),
)
