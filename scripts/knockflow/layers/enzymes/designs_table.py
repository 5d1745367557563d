"""The table in which the mass of enzymes tells of designs."""

from knockflow.base.table import FLUX, GROWTH, LIST, WHOLE, Table, columns

TABLE = Table(
    "enzymes_designs.tsv",
    (
        *columns("formulation", "its name"),
        *columns("rank", "in the list of the case that lists it"),
        *columns("interventions", "the design", LIST),
        *columns("recommended_by", "`case`, `plain` (only a case that asks the same without layers), or `both`"),
        *columns("growth_per_h", "largest growth; empty where the strain does not grow at min_growth", unit=GROWTH),
        *columns("product_min_mmol_per_gdw_h", "least product of the growth response", unit=FLUX),
        *columns(
            "enzymes_g_per_gdw",
            "least mass of enzymes with which the strain grows so fast and makes no more product",
            unit="g/gDW",
        ),
        *columns(
            "route_g_per_gdw",
            "least mass of enzymes with which the strain, growing or not, makes so much product; with maintenance",
            unit="g/gDW",
        ),
        *columns("route_g_h_per_mmol", "the same for each mmol/gDW/h of product", unit="g h/mmol"),
        *columns(
            "rank_by_enzymes",
            "place by `route_g_h_per_mmol` among the designs of the formulation, the least first; equal ones share it, "
            "and what guarantees no product has none",
            WHOLE,
        ),
        *columns(
            "used_up",
            "measured proteins of which the state with `enzymes_g_per_gdw` uses all that there is, in some zone where "
            "there are several",
            LIST,
        ),
    ),
)
