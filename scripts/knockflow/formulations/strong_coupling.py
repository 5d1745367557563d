"""Strong coupling: what the cell must make at any growth from min_growth up."""

from knockflow.formulations.formulation import Formulation, Response, Stance

STRONG_COUPLING = Formulation(
    name="strong_coupling",
    value="min v_p over the states with v_b >= min_growth",
    summary="The least product that the cell must make at any growth from min_growth up: a guarantee that holds even "
    "if it grows more slowly than it could.",
    response=Response.VIABLE,
    stance=Stance.PESSIMISTIC,
    measured="product_min_at_min_growth_mmol_per_gdw_h",
    models={"strong_duality": "strong_coupling", "kkt": "strong_coupling"},
)
