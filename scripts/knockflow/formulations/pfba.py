"""Parsimonious growth: what the cell may or must make while it grows as fast as it can with the least total flux."""

from knockflow.formulations.formulation import Formulation, Heading, Response, Source, Stance

_SOURCE = Source("Least total flux (pFBA): Lewis et al. 2010", "10.1038/msb.2010.47")

PFBA_OPTIMISTIC = Formulation(
    name="pfba_optimistic",
    value="max v_p over the states of largest growth with the least total flux",
    summary="The most product that the cell can make while it grows as fast as it can and with the least total flux: "
    "a promise that holds only if the cell is thrifty.",
    response=Response.PFBA,
    stance=Stance.OPTIMISTIC,
    measured="product_max_at_least_total_flux_mmol_per_gdw_h",
    heading=Heading("Promised at least flux", "most at max. growth and least total flux"),
    source=_SOURCE,
    models={"strong_duality": "pfba_optimistic", "kkt": "pfba_optimistic"},
)

PFBA_PESSIMISTIC = Formulation(
    name="pfba_pessimistic",
    value="min v_p over the states of largest growth with the least total flux",
    summary="The least product that the cell must make while it grows as fast as it can and with the least total flux: "
    "a guarantee that holds only if the cell is thrifty.",
    response=Response.PFBA,
    stance=Stance.PESSIMISTIC,
    measured="product_min_at_least_total_flux_mmol_per_gdw_h",
    heading=Heading("Guaranteed at least flux", "least at max. growth and least total flux"),
    source=_SOURCE,
    models={"strong_duality": "pfba_pessimistic"},
    refusals={
        "kkt": "its last level minimizes over states that are themselves given by complementary slackness, which is "
        "not convex"
    },
)
