"""What certificates state of a design's value, and the numbers in which they do."""

from fractions import Fraction

GROWTH = "growth_per_h"
RANGES = {
    "product_min_mmol_per_gdw_h": (1, False),
    "product_max_mmol_per_gdw_h": (-1, False),
    "product_min_at_min_growth_mmol_per_gdw_h": (1, True),
}
"""Columns of designs.tsv that prices prove: from below or above, and whether from min_growth or at maximal growth."""

NOT_EXACT = "no state in exact fractions was found"


def exact(number: float) -> Fraction:
    """A number as the decimals that it is written with."""
    return Fraction(repr(float(number)))
