"""Yields: the least product per substrate taken up, over the response of a formulation that guarantees product.

A rate rewards a strain that takes up more; a yield does not. `objective: yield` beside the formulation asks for them.
"""

from knockflow.formulations.formulation import YIELD_UNIT, Formulation, Heading, Response, Stance
from knockflow.formulations.robustknock import ROBUSTKNOCK

_RATIO = "its value is a ratio of two fluxes, which neither one linear level nor cuts of product bound; `tree` finds it"
_REFUSALS = dict.fromkeys(("strong_duality", "kkt", "benders", "logic_benders", "dive"), _RATIO)

ROBUSTKNOCK_YIELD = Formulation(
    name="robustknock_yield",
    value="min v_p / v_s over the states of largest growth, v_s the substrate taken up",
    summary="The least product per substrate that the cell must make while it grows as fast as it can: `robustknock` "
    "with `objective: yield`.",
    response=Response.GROWTH_YIELD,
    stance=Stance.PESSIMISTIC,
    unit=YIELD_UNIT,
    measured="yield_min_mol_per_mol",
    heading=Heading("Guaranteed yield", "least at max. growth"),
    source=ROBUSTKNOCK.source,
    refusals=_REFUSALS,
    yield_of="robustknock",
)

STRONG_COUPLING_YIELD = Formulation(
    name="strong_coupling_yield",
    value="min v_p / v_s over the states with v_b >= min_growth, v_s the substrate taken up",
    summary="The least product per substrate that the cell must make at any growth from min_growth up: "
    "`strong_coupling` with `objective: yield`.",
    response=Response.VIABLE_YIELD,
    stance=Stance.PESSIMISTIC,
    unit=YIELD_UNIT,
    measured="yield_min_mol_per_mol",
    heading=Heading("Guaranteed yield", "least at any growth from min_growth up"),
    refusals=_REFUSALS,
    yield_of="strong_coupling",
)
