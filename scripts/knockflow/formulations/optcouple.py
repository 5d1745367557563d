"""OptCouple: how much growth the cell loses if it makes no product.

It rates only designs that leave a state without product, as published; `strong_coupling` and minimal cut sets ask for
those that leave none.
"""

from knockflow.formulations.formulation import GROWTH_UNIT, Formulation, Heading, Response, Source, Stance

OPTCOUPLE = Formulation(
    name="optcouple",
    value="max v_b less max v_b over the states with v_p = 0 (1/h), where there is such a state",
    summary="The growth-coupling potential: how much of its largest growth the cell loses if it makes no product. Only "
    "designs that leave a state without product are rated.",
    response=Response.COUPLING,
    stance=Stance.PESSIMISTIC,
    unit=GROWTH_UNIT,
    measured="growth_lost_per_h",
    heading=Heading("Growth lost", "without the product"),
    source=Source("OptCouple: Jensen et al. 2019", "10.1016/j.mec.2019.e00087"),
    models={"strong_duality": "optcouple"},
    refusals={"kkt": "its inner program has no solution that could meet conditions where no state is without product"},
)
