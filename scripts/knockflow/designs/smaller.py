"""Whether part of a design is as good, found without trying all of its parts: of 30 interventions there are 10^9.

Support branching inside the design (`knockflow.methods.tree.method` has the proof): a part that is not as good has a
state, the one that gives its value or its guarantee, that every larger part must hit which is. So only interventions
of the design that hit it lead on, and what was tried is forbidden beside it. With several followers a part that is as
good hits such a state of one of them. What every part as good is known to have need not be tried: it is there from the
start (`knockflow.designs.needed`).
"""

from collections.abc import Callable, Collection

from knockflow.base.tolerances import below
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members
from knockflow.problem.leader import Targets

MOST_PARTS = 4000
"""Parts that are evaluated at most; a design whose every intervention is known to be needed takes none."""

After = Callable[[Collection[int]], Evaluation | None]
"""The evaluation of some effects; None if the cell does not grow as the limits ask."""

Hits = Callable[[Collection[int], Evaluation, bool], int]
"""The set of effects that hit the states which give some effects their value, or, if that is asked, their guarantee."""


def smaller_as_good(
    targets: Targets,
    after: After,
    hits: Hits,
    design: Design,
    worth: Evaluation,
    needed: Design = frozenset(),
    stop: Callable[[], bool] = lambda: False,
) -> Design | None:
    """A proper subset of a design with both a value and a guarantee as good; None if there is none.

    `needed` are interventions that each such subset has, and `stop` says when to look no further. Where targets can be
    decided either way (regulators that are kept or removed) only one is dropped at a time.
    """
    if targets.opposed:
        return _one_less(targets, after, design, worth)
    return None if needed == design else _Parts(targets, after, hits, design, worth, stop).found(needed)


def _one_less(targets: Targets, after: After, design: Design, worth: Evaluation) -> Design | None:
    for target in sorted(design):
        found = after(targets.effects(design - {target}))
        if found is not None and not below(found.value, worth.value) and not below(found.guarantee, worth.guarantee):
            return design - {target}
    return None


class _Parts:
    """The parts of one design: what it removes may stay, what it adds may be left out."""

    def __init__(self, targets: Targets, after: After, hits: Hits, design: Design, worth: Evaluation, stop):
        self._targets, self._after, self._hits = targets, after, hits
        self._design, self._worth = design, worth
        self._removed = frozenset(target for target in design if not targets.adds[target])
        self._always = frozenset(targets.restrictions(design)) - self._removed
        self._left, self._stop = MOST_PARTS, stop

    def found(self, needed: Design) -> Design | None:
        """A part as good, by depth first."""
        return self._below(needed & self._removed, frozenset())

    def _below(self, chosen: frozenset[int], forbidden: frozenset[int]) -> Design | None:
        self._left -= 1
        effects = self._targets.implied(self._always | chosen)
        found = self._after(effects)
        if found is None or self._left < 0 or self._stop():
            return None
        short = below(found.value, self._worth.value)
        leading = self._leading_on(chosen, effects, found, short)
        if leading is None:
            return self._part(chosen)
        for one in leading:
            if one in forbidden:
                continue
            part = self._below(chosen | {one}, forbidden)
            if part is not None:
                return part
            forbidden |= {one}
        return None

    def _part(self, chosen: frozenset[int]) -> Design:
        return (chosen & self._removed) | (self._design - self._removed - chosen)

    def _leading_on(
        self, chosen: frozenset[int], effects: Collection[int], found: Evaluation, short: bool
    ) -> list[int] | None:
        """Decisions of which every part as good that has those chosen takes one; None if this part is as good."""
        if short or below(found.guarantee, self._worth.guarantee):
            return self._hitting(self._hits(effects, found, not short), chosen)
        # With all removals chosen and no addition left out it is the design itself, of which any addition may be idle.
        return sorted(self._design - self._removed - chosen) if self._part(chosen) == self._design else None

    def _hitting(self, hit: int, chosen: frozenset[int]) -> list[int]:
        """What can still be decided that one of some effects needs, a set of those that hit a state."""
        could = self._always | self._design
        decided, found = self._always | chosen, set()
        for effect in members(hit):
            needs = set(self._targets.needs(effect).tolist())
            if needs <= could:
                found |= needs - decided
        return sorted(found)
