"""The fewest interventions that can meet an aim: a bound from below that grows with every round.

The least set that hits all states known (`knockflow.methods.dive.bound`) either meets the aim, and then it has the
fewest interventions, or it teaches something new (implicit hitting sets: Moreno-Centeno & Karp 2013,
doi:10.1287/opre.1120.1139):

- it leaves a state whole that rules out every design; and once that is hit by what hits most, another one, and so on;
- or one that rules out those with a part of it, as little of it as will do: what has part R of the design must hit
  the state, or have less than R;
- or it leaves too little of what is needed, and so does a least part of it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Aim, Fate
from knockflow.methods.dive.bad_states import BadStates
from knockflow.methods.dive.bound import fewest
from knockflow.methods.dive.choice import lethal_reason
from knockflow.methods.dive.met import NOTHING, Conflict, Met, Row

ROUNDS = 60
"""Hitting sets that are tried where it is not time that ends the search."""

FOLLOWING = 12
"""States that follow one another at most, each after an effect that hits the one before."""


@dataclass(frozen=True)
class Least:
    """How many interventions it takes at least.

    Attributes
    ----------
    interventions
        The bound, those that every design contains among them; infinite where no design is left.
    design
        A design that meets the aim with so many; None if none was found.
    states
        Rows of the last hitting-set program.
    conflicts
        Sets of decisions that leave too little, single ones not counted.
    rounds
        Hitting sets that were tried.
    """

    interventions: float
    design: Design | None
    states: int
    conflicts: int
    rounds: int


class LeastSearch:
    """The search for the fewest interventions that meet an aim.

    Parameters
    ----------
    aim
        What is to be met.
    lethal
        Restrictions that are known to leave too little.
    seed
        Makes the order in which states are sought.
    stop
        Whether time is up.
    seconds_left
        How long a hitting-set program may take; None for as long as its nodes last.
    """

    def __init__(
        self,
        aim: Aim,
        lethal: Collection[frozenset[int]],
        seed: int,
        stop: Callable[[], bool],
        seconds_left: Callable[[], float | None],
    ):
        self._aim, self._targets, self._stop, self._seconds_left = aim, aim.problem.targets, stop, seconds_left
        self._met = Met(self._targets.n_effects)
        for restrictions in sorted(lethal, key=sorted):
            self._met.lose(Conflict(restrictions, aim.missed))
        self._states = BadStates(aim, np.random.default_rng(seed))
        self._rounds = 0

    def run(self, enough: float, rounds: float = ROUNDS) -> Least:
        """Bound the interventions, until that says `enough`, or a design has so few, or time or rounds are up."""
        bound, design = 0.0, None
        self._follow(())
        while self._rounds < rounds:
            program = fewest(self._aim, self._met, seconds=self._seconds_left())
            bound = max(bound, program.interventions)
            if self._stop() or program.proposal is None or bound >= enough:
                break
            self._rounds += 1
            size = len(program.proposal) + len(self._aim.problem.forced)
            learnt = self._learn(program.proposal)
            if learnt is None and size <= bound:
                design = program.proposal
            if not learnt:
                break
        return Least(bound, design, len(self._met.rows), len(self._met.conflicts), self._rounds)

    def _learn(self, design: Design) -> bool | None:
        """Note what a hitting set lacks; None if it meets the aim, False if nothing new is to be had from it."""
        effects = self._targets.effects(design)
        restrictions = frozenset(self._targets.restrictions(design))
        if self._aim.reach(effects) is None:
            return self._lose(restrictions)
        row = self._spoiling(effects, restrictions)
        if row is not None:
            self._met.add(row)
            self._follow({*effects, *self._states.often(row.hits)})
            return True
        standing = self._aim.standing(design)
        if standing.fate is Fate.MET:
            return None
        if standing.fate is Fate.LOST:
            return self._lose(restrictions)
        hits = self._states.useful(self._aim.hits(standing.state))
        known = len(self._met.rows)
        self._met.add(Row(hits, standing.state, restrictions, standing.value))
        return len(self._met.rows) > known

    def _lose(self, restrictions: frozenset[int]) -> bool:
        if self._targets.opposed:
            return False
        self._met.lose(lethal_reason(self._aim, set(restrictions)))
        return True

    def _follow(self, effects: Collection[int]) -> None:
        """Note states that rule out every design: one that some effects leave whole, one that more do, and so on."""
        closed = set(effects)
        for _ in range(FOLLOWING if self._states.applicable else 0):
            found = None if self._stop() else self._state(self._aim.spoiling(()), closed)
            if found is None:
                return
            self._met.add(Row(*found, NOTHING, float("-inf")))
            closed.update(self._states.often(found[0]))

    def _spoiling(self, effects: Collection[int], restrictions: frozenset[int]) -> Row | None:
        """A state that some effects leave whole, and the least part of what they restrict that it rules out."""
        if not self._states.applicable:
            return None
        found = self._state(self._aim.spoiling(()), effects)
        if found is not None:
            return Row(*found, NOTHING, float("-inf"))
        regions = self._aim.spoiling(effects)
        found = self._state(regions, effects)
        if found is None:
            return None
        kept = set(restrictions)
        for one in sorted(restrictions):
            fewer = self._aim.spoiling(self._targets.implied(kept - {one}))
            if fewer is not None and any(region.holds(found[1]) for region in fewer):
                kept.discard(one)
        return Row(*found, frozenset(kept), float("-inf"))

    def _state(self, regions: Collection[Region] | None, effects: Collection[int]) -> tuple[int, np.ndarray] | None:
        found = (self._states.found(region, effects) for region in regions or ())
        return next((one for one in found if one is not None), None)
