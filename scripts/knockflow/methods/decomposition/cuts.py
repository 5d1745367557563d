"""Cuts: what one answer of the follower says of all designs.

h_e is 1 where effect e holds (`knockflow.problem.leader`), else 0. A cut bounds some number that depends on the design,

    f(h) = bound + sum over `hit` of w_e h_e + sum over `restored` of w_e (1 - h_e),    w_e >= 0

so it says nothing once enough of the effects hold that hit its witness, or enough of those are restored that it needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

ROUNDING = 1e-7
"""Share of its size by which a bound is rounded outwards: more than a linear program's answer can be off."""


@dataclass(frozen=True)
class Cut:
    """An upper bound on a number, as a function of the effects that hold."""

    bound: float
    hit: Mapping[int, float] = field(default_factory=dict)
    restored: Mapping[int, float] = field(default_factory=dict)

    def at(self, holding: np.ndarray) -> float:
        """The bound at a point, whole or not: to what share each effect holds."""
        hit = sum(weight * holding[effect] for effect, weight in self.hit.items())
        return float(self.bound + hit + sum(weight * (1 - holding[effect]) for effect, weight in self.restored.items()))

    def outward(self) -> "Cut":
        """The same cut, rounded so that errors of a linear program make it no sharper than true."""
        return replace(self, bound=outward(self.bound))


def outward(bound: float) -> float:
    """An upper bound that errors of a linear program cannot make sharper than true."""
    return bound + ROUNDING * max(1.0, abs(bound))


def weighed(bound: float, hit: Mapping[int, float], restored: Iterable[int], top: float) -> Cut:
    """The cut that says `bound` unless an effect is hit or restored.

    Each effect that hits has the most that the number can be where it holds, `top` at most; a bound rules nothing out
    beyond that.
    """
    room = max(0.0, top - bound)
    hits = {effect: min(room, max(0.0, most - bound)) for effect, most in hit.items()}
    return Cut(bound, hits, dict.fromkeys(restored, room))


def joined(cut: Cut, hit: Mapping[int, float], top: float) -> Cut:
    """A cut that holds only where none of some effects holds, made to hold everywhere.

    No weight need exceed what is missing to `top`.
    """
    room = max(0.0, top - cut.bound)
    own = weighed(cut.bound, hit, (), top)
    merged = {effect: max(own.hit.get(effect, 0.0), cut.hit.get(effect, 0.0)) for effect in {**own.hit, **cut.hit}}
    return Cut(cut.bound, merged, {effect: min(room, weight) for effect, weight in cut.restored.items()})


def truncated(cut: Cut, floor: float, top: float) -> Cut:
    """What a cut says of values from a floor to a top: one below the floor leaves it, and a share of the way up."""
    if cut.bound >= floor:
        return cut
    missing, room = floor - cut.bound, max(0.0, top - floor)
    shares = ({e: room * min(1.0, weight / missing) for e, weight in side.items()} for side in (cut.hit, cut.restored))
    return Cut(floor, *shares)
