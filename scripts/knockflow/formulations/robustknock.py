"""RobustKnock: what the cell must make while it grows as fast as it can."""

from knockflow.formulations.formulation import Formulation, Response, Source, Stance

ROBUSTKNOCK = Formulation(
    name="robustknock",
    value="min v_p over the states of largest growth",
    summary="The least product that the cell must make while it grows as fast as it can: a guarantee at maximal "
    "growth.",
    response=Response.GROWTH,
    stance=Stance.PESSIMISTIC,
    measured="product_min_mmol_per_gdw_h",
    source=Source("RobustKnock: Tepper, Shlomi 2010", "10.1093/bioinformatics/btp704"),
    models={"strong_duality": "robustknock", "kkt": "robustknock"},
)
