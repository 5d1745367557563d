"""The Pareto front of designs: of each point the first design, and no point that another one dominates.

Axes are the formulation's value (more is better), the growth of the strain (more), and the cost of its interventions
(less; their number, where each costs 1). Numbers within the tolerance of equal values are equal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from knockflow.base.tolerances import below
from knockflow.designs.ranking import Ranked


@dataclass(frozen=True)
class Point:
    """A design with its place on every axis; growth in 1/h."""

    entry: Ranked
    growth: float


AXES: dict[str, Callable[[Point], float]] = {
    "value": lambda point: point.entry.value,
    "growth": lambda point: point.growth,
    "cost": lambda point: -point.entry.cost,
}
"""What a front may have as axes; more of each is better."""


class Front:
    """The points offered so far that none of them dominates.

    Parameters
    ----------
    axes
        Names of `AXES`.

    Attributes
    ----------
    points : list of Point
        One for each point of the front.
    """

    def __init__(self, axes: Iterable[str]):
        self.axes = tuple(axes)
        self.points: list[Point] = []

    def offer(self, point: Point) -> None:
        """Take a point unless another one is as good; of equal ones the first design stays."""
        for other in self.points:
            if self.covers(other, point) and (not self.covers(point, other) or other.entry.key() < point.entry.key()):
                return
        self.points = [other for other in self.points if not self.covers(point, other)] + [point]

    def covers(self, one: Point, other: Point) -> bool:
        """Whether a point is as good as another one on every axis."""
        return not any(below(AXES[axis](one), AXES[axis](other)) for axis in self.axes)

    def ranked(self) -> list[Ranked]:
        """The designs of all points, best value first."""
        return sorted((point.entry for point in self.points), key=Ranked.key)
