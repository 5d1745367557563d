"""The exact face of a response where the cell's states are not those of one linear program.

Prices tell nothing of other values of the whole numbers, or of other directions. So the floor of the objective alone
holds while these are sought; the exact face is then that of a linear program in which they are fixed: with the state's
whole numbers, and with driving forces without the directions that the branch with the state closes. Should the face of
that program hold a state with a conflict, all directions are closed that a point which drives the state does not drive:
what is left has no conflict at all.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from knockflow.follower.signs import Signs
from knockflow.numerics.conflict_search import literals, numbers


class Engine(Protocol):
    """What has found a state with driving forces."""

    @property
    def closed(self) -> int:
        """The directions that its branch closes."""


def ways_to_fix(signs: Signs | None, engine: Engine, fluxes: np.ndarray) -> Iterator[int]:
    """Directions to close, as a set, that leave a linear program with a state, the fewest first.

    Only the last ones are sure to leave no state with a conflict; without driving forces none are closed.
    """
    if signs is None:
        yield 0
        return
    yield engine.closed
    yield signs.against(literals(fluxes))


def closing(directions: int) -> dict[int, tuple[float, float]]:
    """Bounds that close some directions of columns."""
    bounds: dict[int, tuple[float, float]] = {}
    for literal in numbers(directions):
        column, backward = literal // 2, literal % 2
        lower, upper = bounds.get(column, (-np.inf, np.inf))
        bounds[column] = (0.0, upper) if backward else (lower, 0.0)
    return bounds
