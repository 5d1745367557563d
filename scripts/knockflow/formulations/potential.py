"""Potential: the most that any state makes that grows at min_growth, an upper bound on the other formulations.

The growth-floor problem is sometimes printed with an inner *max* v_p. Taken literally that is this one, and where
interventions only remove, its best design is to do nothing.
"""

from knockflow.formulations.formulation import Formulation, Heading, Response, Stance

_NOTHING_TO_HIT = "no state must not be: whatever is removed never raises it; `tree` proves it at once"
_NO_FOLLOWER = "its value is no optimum of the cell, so there is no lower level to dualize; `tree` proves it at once"

POTENTIAL = Formulation(
    name="potential",
    value="max v_p over the states with v_b >= min_growth",
    summary="The most product that is possible at any growth from min_growth up: an upper bound on the other "
    "formulations, not a guarantee.",
    response=Response.VIABLE,
    stance=Stance.OPTIMISTIC,
    measured="product_max_at_min_growth_mmol_per_gdw_h",
    heading=Heading("Possible", "most at any growth from min_growth up"),
    refusals={"strong_duality": _NO_FOLLOWER, "kkt": _NO_FOLLOWER, "dive": _NOTHING_TO_HIT},
)
