"""What a dive aims at: whether a design meets it, and if not, a state that must not be.

Where a design D does not reach a goal, the state w that gives it its value must be hit by every larger design that does
(`knockflow.methods.tree.method`): whatever removes nothing that w uses leaves it in the response. If w lies in the
region of states that rule out every design that leaves them whole (`knockflow.follower.region`), D does not matter.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

import numpy as np

from knockflow.base.tolerances import ACTIVE_FLUX, FEASIBILITY, below
from knockflow.designs.ranking import BestDesigns, Limits, cost
from knockflow.follower.region import Region, ceiling, slightly_below, unwanted
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.tree.search_space import Space
from knockflow.problem.problem import Problem


class Fate(Enum):
    """What becomes of the aim after a design."""

    MET = "met"
    LOST = "no larger design meets it"
    SPOILT = "a state spoils it"


@dataclass(frozen=True)
class Standing:
    """How a design stands to an aim.

    Attributes
    ----------
    state
        Of a spoilt aim the fluxes of a state that a larger design must hit to meet it (mmol/gDW/h).
    value
        The design's value in the formulation's unit: where a larger design leaves the state whole it is no more.
    """

    fate: Fate
    state: np.ndarray | None = None
    value: float = float("-inf")


@dataclass(frozen=True)
class Reach:
    """How far some effects let an aim be reached: the most product left, and the effects that kept states violate."""

    potential: float
    used: int


@dataclass(frozen=True)
class Demands:
    """Regions of states: an aim is met where no state of the suppressed ones is left, and one of each kept one is."""

    suppressed: tuple[Region, ...]
    kept: tuple[Region, ...]


class Aim(ABC):
    """What a design has to do; effects and designs are those of `problem`."""

    problem: Problem
    limits: Limits
    space: Space

    @abstractmethod
    def standing(self, design: Design) -> Standing:
        """How a design stands."""

    @abstractmethod
    def alone(self, effects: Collection[int]) -> Standing:
        """How some effects stand while all else is undecided."""

    @abstractmethod
    def reach(self, effects: Collection[int]) -> Reach | None:
        """What some effects leave of the states that are needed; None where no larger set of effects can do."""

    @abstractmethod
    def hits(self, state: np.ndarray) -> int:
        """The effects that a state violates, as a set."""

    def fluxes(self, state: np.ndarray) -> dict[str, float]:
        """The reactions that run in a state, with their fluxes (mmol/gDW/h; 1/h for growth)."""
        return {name: round(flux, 6) for name, flux in self.problem.fluxes(state).items() if abs(flux) > ACTIVE_FLUX}

    @abstractmethod
    def rules_out(self, state: np.ndarray) -> bool:
        """Whether every design that leaves a state whole misses the aim, not only the larger ones of some design."""

    def spoiling(self, effects: Collection[int]) -> tuple[Region, ...] | None:
        """Regions of which a design that meets the aim and has some effects leaves no state whole.

        Empty if none is known; None if no design with these effects meets the aim.
        """
        del effects
        return ()

    @abstractmethod
    def misses(self, value: float) -> bool:
        """Whether a value, or a potential, is less than what is aimed at."""

    @property
    @abstractmethod
    def missed(self) -> float:
        """The largest value, or potential, that misses the aim."""

    def demands(self, pace: float, surplus: float) -> Demands | None:
        """Linear regions that are enough to meet the aim; two shares choose among several. None if there are none."""
        del pace, surplus
        return None

    @abstractmethod
    def worth(self, design: Design) -> tuple | None:
        """What orders designs that keep to the limits, the better the larger; None if it is no solution."""


class ValueAim(Aim):
    """A value under a formulation (mmol/gDW/h; `optcouple`: 1/h) that a design is to reach."""

    def __init__(self, best: BestDesigns, goal: float, space: Space):
        self.best, self.goal, self.space = best, goal, space
        self.problem, self.limits = best.problem, best.limits
        self._follower, self._behaviour = best.follower, best.behaviour
        self._region = self._behaviour.region(best.follower, slightly_below(goal), best.formulation.optimistic)

    @property
    def reachable(self) -> bool:
        """Whether any state that counts reaches the goal, with all that can be added."""
        return self._region is not None and self.reach(()) is not None

    def standing(self, design: Design) -> Standing:
        """Met if the value is no less than the goal."""
        return self._at_once(self.problem.targets.effects(design)) or self._standing(self.best.evaluate(design))

    def alone(self, effects: Collection[int]) -> Standing:
        """How some effects stand while all else is undecided."""
        return self._at_once(effects) or self._standing(self.best.after(effects))

    def _at_once(self, effects: Collection[int]) -> Standing | None:
        """What the fastest state says by itself, or another that counts; None if the value has to be found.

        The least product is no more than that state makes, and so it is in all that leave the state whole.
        """
        counts = self._behaviour.extreme_counts and self._behaviour.in_product
        if self.best.formulation.optimistic or not counts or self.limits.least_growth is not None:
            return None
        fastest = self._follower.max_growth(self._follower.after(effects))
        if fastest is None or not self._follower.grows(fastest.value):
            return Standing(Fate.LOST)
        state = self._behaviour.extreme(self._follower, effects, fastest.fluxes, slightly_below(self.goal))
        value = None if state is None else float(self.problem.product @ state)
        return Standing(Fate.SPOILT, state, value) if value is not None and self.misses(value) else None

    def _standing(self, found: Evaluation | None) -> Standing:
        if found is None:
            return Standing(Fate.LOST)
        if not self.misses(found.value):
            return Standing(Fate.MET, value=found.value)
        state = found.promise if self.best.formulation.optimistic else found.worst
        return Standing(Fate.SPOILT, state.fluxes, found.value)

    def reach(self, effects: Collection[int]) -> Reach | None:
        """The state of largest product that may count (of largest growth, where the value is a growth)."""
        follower = self._follower
        if not self._behaviour.in_product:
            most = follower.max_growth(follower.after(effects))
        else:
            grows = self._behaviour.growing(self.problem)
            states = follower.growing(effects) if grows else follower.after(effects)
            most = follower.product(states, maximize=True)
        if most is None or self.misses(most.value):
            return None
        return Reach(most.value, follower.hits(most.fluxes))

    def hits(self, state: np.ndarray) -> int:
        """The effects that a state violates, as a set."""
        return self._follower.hits(state)

    def rules_out(self, state: np.ndarray) -> bool:
        """Whether it lies in the region that is ruled out whatever the design."""
        return self._region is not None and self._region.holds(state)

    def spoiling(self, effects: Collection[int]) -> tuple[Region, ...] | None:
        """The region that is ruled out by what some effects leave."""
        if self._behaviour.all_growing or not effects:
            return () if self._region is None else (self._region,)
        goal = slightly_below(self.goal)
        region = self._behaviour.region(self._follower, goal, self.best.formulation.optimistic, effects)
        return None if region is None else (region,)

    def misses(self, value: float) -> bool:
        """Whether a value is less than the goal, by more than values that count as equal differ."""
        return below(value, self.goal)

    @property
    def missed(self) -> float:
        """Just below the goal, by what equal values may differ."""
        return float(np.nextafter(slightly_below(self.goal), -np.inf))

    def demands(self, pace: float, surplus: float) -> Demands | None:
        """No state that grows at some rate makes less than the goal, and one that grows so makes it.

        Then all that grow fastest make it, too. The rate is min_growth where all growing states count, else `pace` of
        the way from there to the largest growth beside the goal. What is kept makes `surplus` of what may be more.
        """
        problem, counts = self.problem, self._behaviour
        if not (counts.in_product and counts.growing(problem)) or counts.lives_without:
            return None
        rate = problem.min_growth
        if not counts.all_growing:
            fastest = ceiling(self._follower, self.goal)
            rate += 0.0 if fastest is None else pace * max(0.0, fastest.value - rate)
        most = self._follower.product(self._follower.after(()).growing(rate), maximize=True)
        if most is None or most.value < self.goal:
            return None
        least = unwanted(problem, self.goal)
        suppressed = Region(least.rows, np.array([rate - 2 * FEASIBILITY, -np.inf]), least.upper)
        kept = np.array([rate, self.goal + surplus * (most.value - self.goal)])
        return Demands((suppressed,), (Region(least.rows, kept, np.full(2, np.inf)),))

    def worth(self, design: Design) -> tuple | None:
        """Value, guarantee, cost and number, as in the list."""
        if not self.limits.affordable(self.problem, design):
            return None
        found = self.best.evaluate(design)
        if found is None:
            return None
        total = round(cost(self.problem, design), 6)
        return round(found.value, 6), round(found.guarantee, 6), -total, -len(design)


class CutAim(Aim):
    """To leave no state of some regions, and some state of others."""

    def __init__(self, sets: CutSets):
        self.sets, self.problem, self.limits, self.space = sets, sets.problem, sets.limits, sets.space
        self._unit = sets.unit
        self._suppressed = [one for one in sets.checkers if not one.demand.protect]
        self._protected = [one for one in sets.checkers if one.demand.protect]
        self._nested = any(one.nested for one in sets.checkers)

    def standing(self, design: Design) -> Standing:
        """Met if the design is a cut set."""
        return self.alone(self.problem.targets.effects(design))

    def alone(self, effects: Collection[int]) -> Standing:
        """How some effects stand while all else is undecided."""
        effects = tuple(effects)
        if self.sets.contradicts(effects):
            return Standing(Fate.LOST)
        for checker in self._protected:
            if checker.remaining(effects) is None:
                best = checker.best(effects) if checker.nested else None
                return Standing(Fate.LOST) if best is None else Standing(Fate.SPOILT, best)
        for checker in self._suppressed:
            state = checker.remaining(effects)
            if state is not None:
                return Standing(Fate.SPOILT, state)
        return Standing(Fate.MET)

    def reach(self, effects: Collection[int]) -> Reach | None:
        """A state of each protected region; there is no product to compare."""
        effects, used = tuple(effects), 0
        if self.sets.contradicts(effects):
            return None
        for checker in self._protected:
            state = checker.best(effects) if checker.nested else checker.remaining(effects)
            if state is None:
                return None
            used |= checker.hits(state)
        return Reach(0.0, used)

    def hits(self, state: np.ndarray) -> int:
        """The effects that a state violates, as a set."""
        return self.sets.checkers[0].hits(state)

    def fluxes(self, state: np.ndarray) -> dict[str, float]:
        """As for values; the fluxes of cut sets are counted in a unit of their own."""
        return super().fluxes(state * self._unit)

    def rules_out(self, state: np.ndarray) -> bool:
        """Whether no region is nested: then a state that must not be spoils every design."""
        return not self._nested

    def spoiling(self, effects: Collection[int]) -> tuple[Region, ...]:
        """What is to be suppressed, whatever the effects, unless it is nested."""
        del effects
        demands = self.demands(0.0, 0.0)
        return () if demands is None else demands.suppressed

    def misses(self, value: float) -> bool:
        """Whether what was found of a design still speaks against larger ones: it always does."""
        return value == float("-inf")

    @property
    def missed(self) -> float:
        """What is missed has no value."""
        return float("-inf")

    def demands(self, pace: float, surplus: float) -> Demands | None:
        """The regions themselves, unless they are nested."""
        del pace, surplus
        if self._nested:
            return None
        suppressed, kept = (
            tuple(Region(one.demand.rows, one.demand.lower, one.demand.upper) for one in some)
            for some in (self._suppressed, self._protected)
        )
        return Demands(suppressed, kept)

    def worth(self, design: Design) -> tuple | None:
        """The cheaper, then the smaller, the better."""
        if not self.limits.affordable(self.problem, design) or not self.sets.valid(design):
            return None
        return -round(cost(self.problem, design), 6), -len(design)
