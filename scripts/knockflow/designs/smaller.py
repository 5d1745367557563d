"""Whether part of a design is as good, found without trying all of its parts: of 30 interventions there are 10^9.

Support branching inside the design (`knockflow.methods.tree.method` has the proof): a part that is not as good has a
state, the one that gives its value or its guarantee, that every larger part must hit which is. So only interventions
of the design that hit it lead on, and what was tried is forbidden beside it.
"""

from collections.abc import Callable, Collection

from knockflow.base.tolerances import below
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members

MOST_PARTS = 4000
"""Parts that are evaluated at most. A design of which no single intervention can be dropped rarely needs a tenth."""

After = Callable[[Collection[int]], Evaluation | None]
"""The evaluation of some effects; None if the cell does not grow as the limits ask."""


def smaller_as_good(
    follower: Follower, after: After, optimistic: bool, design: Design, worth: Evaluation
) -> Design | None:
    """A proper subset of a design with both a value and a guarantee as good; None if there is none.

    Where targets can be decided either way (regulators that are kept or removed) only one is dropped at a time.
    """
    if follower.problem.targets.opposed:
        return _one_less(follower, after, design, worth)
    return _Parts(follower, after, optimistic, design, worth).found()


def _one_less(follower: Follower, after: After, design: Design, worth: Evaluation) -> Design | None:
    for target in sorted(design):
        found = after(follower.problem.targets.effects(design - {target}))
        if found is not None and not below(found.value, worth.value) and not below(found.guarantee, worth.guarantee):
            return design - {target}
    return None


class _Parts:
    """The parts of one design: what it removes may stay, what it adds may be left out."""

    def __init__(self, follower: Follower, after: After, optimistic: bool, design: Design, worth: Evaluation):
        self._follower, self._after, self._optimistic = follower, after, optimistic
        self._design, self._worth = design, worth
        targets = self._targets = follower.problem.targets
        self._removed = frozenset(target for target in design if not targets.adds[target])
        self._always = frozenset(targets.restrictions(design)) - self._removed
        self._left = MOST_PARTS

    def found(self) -> Design | None:
        """A part as good, by depth first."""
        return self._below(frozenset(), frozenset())

    def _below(self, chosen: frozenset[int], forbidden: frozenset[int]) -> Design | None:
        self._left -= 1
        effects = self._targets.implied(self._always | chosen)
        found = self._after(effects)
        if found is None or self._left < 0:
            return None
        short = below(found.value, self._worth.value)
        if not short and not below(found.guarantee, self._worth.guarantee):
            part = (chosen & self._removed) | (self._design - self._removed - chosen)
            return None if part == self._design else part
        state = found.promise if short and self._optimistic else found.worst
        for one in self._hitting(state.fluxes, chosen):
            if one in forbidden:
                continue
            part = self._below(chosen | {one}, forbidden)
            if part is not None:
                return part
            forbidden |= {one}
        return None

    def _hitting(self, fluxes, chosen: frozenset[int]) -> list[int]:
        """What can still be decided that an effect needs which hits a state."""
        could = self._always | self._design
        decided, found = self._always | chosen, set()
        for effect in members(self._follower.hits(fluxes)):
            needs = set(self._targets.needs(effect).tolist())
            if needs <= could:
                found |= needs - decided
        return sorted(found)
