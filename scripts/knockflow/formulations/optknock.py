"""OptKnock: what the cell may make at best while it grows as fast as it can."""

from knockflow.formulations.formulation import Formulation, Response, Source, Stance

OPTKNOCK = Formulation(
    name="optknock",
    value="max v_p over the states of largest growth",
    summary="The most product that the cell can make while it grows as fast as it can: a promise that it need not "
    "keep.",
    response=Response.GROWTH,
    stance=Stance.OPTIMISTIC,
    measured="product_max_mmol_per_gdw_h",
    source=Source("OptKnock: Burgard, Pharkya, Maranas 2003", "10.1002/bit.10803"),
    models={"strong_duality": "optknock", "kkt": "optknock"},
)
