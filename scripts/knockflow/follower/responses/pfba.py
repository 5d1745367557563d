"""The pfba response: the states of largest growth with the least total flux.

Lewis et al. 2010, doi:10.1038/msb.2010.47. It adds a stage to the growth response: the least total flux on the face of
maximal objective, and then the product over the face of both.
"""

from collections.abc import Iterator

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import GROWTH_FLOOR
from knockflow.follower.held import States
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.behaviour import NEAR_OPTIMUM
from knockflow.follower.responses.growth import Growth
from knockflow.follower.states import Optimum
from knockflow.follower.total_flux import with_total_flux
from knockflow.problem.problem import Problem
from knockflow.problem.several import joined


class Pfba(Growth):
    """Of the states of largest growth, those of least total flux."""

    extreme_counts = False
    least_flux = True

    def prepare(self, problem: Problem) -> tuple[Problem, Problem]:
        """The total flux needs columns of its own."""
        base = problem.growing()
        return base, joined([with_total_flux(alone) for alone in base.each], base.judge)

    def hold(self, follower: Follower, states: States) -> States | None:
        """The states of least total flux among those of maximal objective."""
        held = super().hold(follower, states)
        if held is None:
            return None
        least = follower.least_total_flux(held)
        if least is None:
            raise SolverError("a response that is not empty has no state of least total flux")
        if not follower.problem.linear:
            return held.thrifty(least.value / GROWTH_FLOOR).by(self.hold)
        return follower.face(held, least, maximized=False).by(self.hold)

    def _floor(self, follower: Follower, states: States) -> States:
        total = follower.least_total_flux(states)
        return states if total is None else states.thrifty(total.value / GROWTH_FLOOR)

    def _near(self, follower: Follower, states: States, pessimistic: bool) -> Iterator[Optimum]:
        """The least total flux, and the least product at that total."""
        least = follower.least_total_flux(states)
        if least is None:
            return
        yield least
        product = follower.product(states.thrifty(least.value / (1 - NEAR_OPTIMUM)), maximize=False)
        if product is not None:
            yield product
