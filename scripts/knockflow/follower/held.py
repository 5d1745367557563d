"""Which states of the cell a program is about: a value, passed with every call of the oracle.

What is asked of the oracle depends on nothing that was asked before: each call names the states that it means.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

Ends = tuple[float, float]

GROWTH, OBJECTIVE, PRODUCT, TOTAL_FLUX = "growth", "objective", "product", "total flux"
"""Rows that every follower has beside those of its problem: linear functions of the fluxes, free unless limited."""


@dataclass(frozen=True, eq=False)
class States:
    """The states of the cell after some effects that keep to more limits.

    Attributes
    ----------
    effects
        The effects, by number (`knockflow.problem.leader`).
    rows
        Least and most of rows: the named ones above, or a problem's own by number (mmol/gDW/h; 1/h for growth).
    fixed
        Fluxes of columns that do not vary (mmol/gDW/h).
    closed
        Directions of columns that are not used, as a set: 2 j is v_j > 0, 2 j + 1 is v_j < 0. Of the first states only.
    again
        How a response arrives at these states from all that some effects leave: of a follower with integers or driving
        forces, it is exact once these are fixed, and has to be made again for them.
    origin
        The first of those that were narrowed down to these; None if these are the first. It says whether what is
        narrower only by rows and fixed columns can be made from what was asked last.
    """

    effects: Collection[int] = ()
    rows: Mapping[str | int, Ends] = field(default_factory=dict)
    fixed: Mapping[int, float] = field(default_factory=dict)
    closed: int = 0
    again: Callable | None = None
    origin: "States | None" = None

    @property
    def first(self) -> "States":
        """The states after the effects alone that these were made from."""
        return self.origin or self

    def limited(self, row: str | int, least: float, most: float) -> "States":
        """Those of them in which a row lies between two ends, in place of what was said of it before."""
        return replace(self, rows={**self.rows, row: (least, most)}, origin=self.first)

    def growing(self, least: float) -> "States":
        """Those that grow at least so much (1/h)."""
        return self.limited(GROWTH, least, float("inf"))

    def reaching(self, least: float) -> "States":
        """Those with at least so much of the cell's objective."""
        return self.limited(OBJECTIVE, least, float("inf"))

    def making(self, least: float, most: float = float("inf")) -> "States":
        """Those that make at least, and at most, so much product (mmol/gDW/h)."""
        return self.limited(PRODUCT, least, most)

    def thrifty(self, most: float) -> "States":
        """Those with at most so much total flux (mmol/gDW/h)."""
        return self.limited(TOTAL_FLUX, float("-inf"), most)

    def fixing(self, fluxes: Mapping[int, float], rows: Mapping[int, Ends] | None = None) -> "States":
        """Those in which some columns have these fluxes, and some rows lie between these ends."""
        return replace(self, fixed={**self.fixed, **fluxes}, rows={**self.rows, **(rows or {})}, origin=self.first)

    def by(self, again: Callable) -> "States":
        """The same as the states of a response."""
        return replace(self, again=again, origin=self.first)
