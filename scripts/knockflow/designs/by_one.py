"""A list of designs as one of several followers sees it, where the worst counts."""

from collections.abc import Collection
from dataclasses import dataclass

from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import Design, evaluate, strain_growth
from knockflow.follower.responses.behaviour import Behaviour
from knockflow.follower.states import Evaluation
from knockflow.formulations.formulation import Formulation
from knockflow.problem.problem import Problem


@dataclass(frozen=True)
class ByOne:
    """Values are those by the follower alone; what may enter, and the potential, are those of all."""

    best: BestDesigns
    follower: Follower
    problem: Problem
    base: Problem

    @property
    def formulation(self) -> Formulation:
        """The formulation."""
        return self.best.formulation

    @property
    def behaviour(self) -> Behaviour:
        """The response."""
        return self.best.behaviour

    @property
    def limits(self) -> Limits:
        """How much may be changed, and how many designs are wanted."""
        return self.best.limits

    @property
    def possible(self) -> bool:
        """Whether any design can grow."""
        return self.best.possible

    @property
    def potential(self) -> float:
        """A value that no design exceeds."""
        return self.best.potential

    def threshold(self) -> float:
        """The value that a design must reach, or tie, to enter the list."""
        return self.best.threshold()

    def evaluate(self, design: Design) -> Evaluation | None:
        """A design's evaluation by the follower, None if it cannot grow, or not as fast as the limits ask."""
        return self.after(self.problem.targets.effects(design))

    def after(self, effects: Collection[int]) -> Evaluation | None:
        """The same of some effects."""
        least = self.limits.least_growth
        growth = None if least is None else strain_growth(self.follower, effects)
        if least is not None and (growth is None or growth < least):
            return None
        return evaluate(self.follower, self.formulation, effects)


def by_each(best: BestDesigns) -> list[ByOne]:
    """The list as each of the followers sees it."""
    parts = zip(best.followers, best.problem.each, best.base.each, strict=True)
    return [ByOne(best, *part) for part in parts]
