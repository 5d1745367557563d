"""Kinds that several rooms tell apart: of targets, and of followers."""

from collections.abc import Iterable
from enum import Enum

KNOCK_OUT, KNOCK_IN, REGULATION, MEDIUM = "knock_out", "knock_in", "regulation", "medium"
KINDS = (KNOCK_OUT, KNOCK_IN, REGULATION, MEDIUM)
"""What a target is: the kinds of interventions, as the configuration and the tables name them."""


class FollowerKind(Enum):
    """What the states of the cell, the follower of the bilevel problem, are the solutions of.

    A layer says which it makes, and a method for which it holds.
    """

    LINEAR = "a linear program"
    CONFLICTS = "a linear program without the states that use all parts of a conflict set"
    INTEGER = "a mixed-integer program"

    @classmethod
    def of(cls, kinds: Iterable["FollowerKind"]) -> "FollowerKind":
        """The kind of a follower with parts of several kinds: the last of them in this order; linear by default."""
        order = list(cls)
        return max(kinds, key=order.index, default=cls.LINEAR)
