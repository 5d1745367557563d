"""The object of each response by the name that formulations give it."""

from knockflow.follower.responses.behaviour import Behaviour
from knockflow.follower.responses.coupling import Coupling
from knockflow.follower.responses.growth import Growth
from knockflow.follower.responses.pfba import Pfba
from knockflow.follower.responses.viable import Viable
from knockflow.follower.responses.yields import GrowthYield, PfbaYield, ViableYield
from knockflow.formulations.formulation import Response

BEHAVIOURS: dict[Response, Behaviour] = {
    Response.GROWTH: Growth(),
    Response.PFBA: Pfba(),
    Response.VIABLE: Viable(),
    Response.COUPLING: Coupling(),
    Response.GROWTH_YIELD: GrowthYield(),
    Response.VIABLE_YIELD: ViableYield(),
    Response.PFBA_YIELD: PfbaYield(),
}
