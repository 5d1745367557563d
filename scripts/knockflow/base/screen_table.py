"""The table of screens: products beside each other."""

from knockflow.base.table import FLAG, FLUX, YIELD, Table, as_in, columns
from knockflow.base.tables import SUMMARY

OF_SCREENED = (
    *("rank", "interventions", "n_interventions", "value_mmol_per_gdw_h", "growth_per_h"),
    *("product_min_mmol_per_gdw_h", "product_min_at_min_growth_mmol_per_gdw_h", "yield_min_mol_per_mol"),
    *("coupling", "verified", "by_genes"),
)
"""What screen.tsv takes from summary.tsv, of the best design."""

SCREEN = Table(
    "screen.tsv",
    (
        *columns("screen", "its name in the configuration"),
        *columns("product name", "the exchange, and the compound"),
        *columns("formulation case", "what was asked, and the case made for it, whose folder has all else"),
        *columns("potential_mmol_per_gdw_h", "the most product of any state that grows at min_growth", unit=FLUX),
        *columns("largest_yield_mol_per_mol", "the same for each substrate that may be taken up at most", unit=YIELD),
        *as_in(SUMMARY, OF_SCREENED),
        *columns("found_by", "the method that the list is from: `dive` lists are not proven"),
        *columns("proven", "whether no better design has at most as many interventions", FLAG),
        *columns("reason", "as in summary.tsv"),
    ),
)
