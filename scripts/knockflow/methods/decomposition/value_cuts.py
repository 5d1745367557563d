"""What the follower's answer to one design says of the value of all designs.

Let u be any state of the follower without effects. A design of which no effect is among those that u violates (the
effects that u hits) leaves u whole, as a state of its own follower. With E the effects of the design D in question, g
the largest objective after D, w the state that gives D its value, and U no less than any value:

- viable response, least product: a design that leaves w whole guarantees no more than w makes:
  z <= w_p + (U - w_p) * (hits of w);
- growth or pfba response: a design that leaves a state u of objective c'u whole has all its response at c'v >= c'u, so
  z <= P(c'u) + (U - P(c'u)) * (hits of u),  P(g) = max { v_p : c'v >= g } over the follower without effects;
  and with the effects A of D, while they hold, P is the maximum over the follower after A:
  z <= P_A(g) + (hits of u) + (effects of A restored), each with its weight;
- these, least product: while effects B of D hold with which alone the objective grows no larger than g, and w is whole,
  it is a state of the response:  z <= w_p + (U - w_p) * (hits of w + effects of B restored);
  for a pfba response B is all of E, so that the least total flux does not fall either, and the optimistic value,
  the most of a smaller response, is bounded in the same way;
- any response: no state is needed where even the most product of all states that count is below what is wanted, and
  for the most product of the viable response always:  z <= P_A + (effects of A restored);
- yields, y that of w:  z <= y + (U - y) * (hits of w), and for a growth or pfba response also effects of B restored;
- coupling potential, with n the fastest state without product: z <= G - n_b + (hits of n), G the largest growth after
  effects A while they hold.

Each U is that of the effect that hits: the most that a design with it can be worth.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.ranking import BestDesigns
from knockflow.follower.region import ceiling, slightly_below, trust
from knockflow.follower.respond import Design, evaluate
from knockflow.follower.states import Evaluation
from knockflow.follower.witness_pool import members
from knockflow.methods.decomposition.core_point import CorePoint
from knockflow.methods.decomposition.cuts import Cut, joined, outward, truncated, weighed
from knockflow.methods.decomposition.witness import Sparsest

JUST = 1e-6
"""Share of its size by which a bound must lie below the floor to rule anything out."""


class Reasons(Protocol):
    """What makes a design's answer what it is: by prices (`dual_cuts`) or by trials (`trials`)."""

    def lethal(self, effects: Collection[int], valueless: Callable[[Collection[int]], bool]) -> Cut:
        """A cut on a number of which a design needs 1."""

    def ceiling(self, effects: Collection[int], level: float, target: float) -> Cut | None:
        """A cut on the most product of states whose objective reaches a level, wanted at or below a target."""

    def kept(self, effects: Collection[int]) -> Collection[int]:
        """Effects without restoring which the cell's objective grows no larger."""

    def top(self, effect: int) -> float:
        """A value that no design with an effect exceeds."""


class ValueCuts:
    """Cuts for one formulation.

    Parameters
    ----------
    core
        Where the strength of cuts is compared.
    pareto
        Whether of several states that could be witnesses the one with the strongest cut there is sought.
    """

    def __init__(self, best: BestDesigns, reasons: Reasons, core: CorePoint, pareto: bool):
        self.best, self.reasons, self.core = best, reasons, core
        self.problem, self.behaviour = best.problem, best.behaviour
        self.top = outward(best.potential) if best.possible else -np.inf
        self._sparsest = Sparsest(best.base) if pareto else None
        self._tops: dict[int, float] = {}

    def move_core(self, design: Design) -> None:
        """Move the core point towards a design."""
        self.core.move(design)

    def lethal(self, effects: Collection[int]) -> Cut:
        """What a design needs and does not have: the cut bounds a number of which each design needs 1."""
        formulation, follower = self.best.formulation, self.best.follower
        return self.reasons.lethal(effects, lambda some: evaluate(follower, formulation, some) is None)

    def value(self, effects: Collection[int], evaluation: Evaluation) -> Iterator[Cut]:
        """Cuts on the value of all designs, near the value, or below the floor, at the design in question."""
        if not self.behaviour.in_product:
            yield self._by_its_state(effects, evaluation)
            return
        promised = self.behaviour.all_growing and self.best.formulation.optimistic
        wanted = max(evaluation.value, self._below_floor()) if promised else self._below_floor()
        potential = self.reasons.ceiling(effects, -np.inf, wanted)
        if potential is not None and (potential.bound < self._floor() or promised):
            yield joined(potential, {}, self.top)
        elif promised:
            yield weighed(outward(evaluation.value), {}, effects, self.top)
        elif self.behaviour.all_growing:
            yield self._least_viable(effects, evaluation)
        else:
            yield from self._growth(effects, evaluation)

    def _floor(self) -> float:
        return slightly_below(self.best.threshold())

    def _below_floor(self) -> float:
        floor = self._floor()
        return floor - 2 * JUST * max(1.0, abs(floor))

    def _hits(self, fluxes: np.ndarray) -> dict[int, float]:
        """The effects that hit a state, each with the most that a design with it can be worth."""
        found = members(self.best.follower.hits(fluxes))
        for effect in found:
            if effect not in self._tops and self.behaviour.in_product:
                self._tops[effect] = self.reasons.top(effect)
        return {effect: self._tops.get(effect, self.top) for effect in found}

    def _witness(self, fluxes: np.ndarray, bound: float, restored: Collection[int] = ()) -> Cut:
        """The cut of a state, with what must not be restored beside it."""
        return weighed(outward(bound), self._hits(fluxes), restored, self.top)

    def _least_viable(self, effects: Collection[int], evaluation: Evaluation) -> Cut:
        product, least = self.problem.product, evaluation.worst
        classic = self._witness(least.fluxes, least.value)
        if self._sparsest is None:
            return classic
        most = max(least.value, self._below_floor())
        grows = {"growth": self.problem.min_growth - FEASIBILITY, "product": most}
        other = self._sparse(effects, least.fluxes, **grows)
        return classic if other is None else self._stronger(classic, self._witness(other, float(product @ other)))

    def _growth(self, effects: Collection[int], evaluation: Evaluation) -> Iterator[Cut]:
        state, margin = self._fastest(effects)
        level = float(self.problem.objective @ state) - margin
        cap = self._cap(state, level)
        if self._sparsest is not None:
            other = self._sparse(effects, state, objective=self._enough(level, margin))
            if other is not None:
                reached = float(self.problem.objective @ other) - margin
                better = self._stronger(cap, self._cap(other, reached))
                if better is not cap:
                    state, level, cap = other, reached, better
        yield cap
        target = max(evaluation.value, self._below_floor())
        if cap.bound > outward(target):
            yield from self._held(effects, evaluation, state, level, target)

    def _held(
        self, effects: Collection[int], evaluation: Evaluation, state: np.ndarray, level: float, target: float
    ) -> Iterator[Cut]:
        """Cuts that hold while effects of the design do."""
        cut = self.reasons.ceiling(effects, level, target)
        if cut is not None:
            yield joined(cut, self._hits(state), self.top)
        if cut is None or cut.bound > outward(target):
            one = evaluation.promise if self.best.formulation.optimistic else evaluation.worst
            yield self._witness(one.fluxes, evaluation.value, self._kept(effects))

    def _kept(self, effects: Collection[int]) -> Collection[int]:
        """Effects that must hold for a state to stay in the response, and for that not to become larger."""
        alone = not self.behaviour.least_flux and not self.best.formulation.optimistic
        return self.reasons.kept(effects) if alone else effects

    def _by_its_state(self, effects: Collection[int], evaluation: Evaluation) -> Cut:
        """The cut of the state that gives a design its value, for values that are no flux.

        A coupling potential is the largest growth less that of the state; a yield is what the state has.
        """
        one = evaluation.promise if self.best.formulation.optimistic else evaluation.worst
        return self._witness(one.fluxes, evaluation.value, () if self.behaviour.all_growing else self._kept(effects))

    def _fastest(self, effects: Collection[int]) -> tuple[np.ndarray, float]:
        """A state of largest objective after some effects, and by how much errors of the engine may flatter it."""
        follower = self.best.follower
        best = follower.max_objective(follower.after(effects))
        return best.fluxes, trust(follower, best)

    def _cap(self, state: np.ndarray, level: float) -> Cut:
        cut = self.reasons.ceiling((), level, np.inf)
        bound = self.top if cut is None else cut.bound
        return weighed(bound, self._hits(state), (), self.top)

    def _enough(self, level: float, margin: float) -> float:
        """An objective that rules the floor out, if the design reaches it; else nearly its largest."""
        above = ceiling(self.best.follower, self._below_floor())
        return level if above is None else min(level, above.value + 4 * margin)

    def _sparse(self, effects: Collection[int], state: np.ndarray, **region: float) -> np.ndarray | None:
        base = self.best.base
        found = self._sparsest.state(effects, self.core.holding(), state, **region)
        if found is None:
            return None
        state = np.append(found, np.zeros(len(self.problem.columns) - len(base.columns)))
        return state if self.best.follower.possible(state) else None

    def _stronger(self, classic: Cut, other: Cut) -> Cut:
        """The cut that is stronger at the core point, as far as values above the floor go."""
        floor, holding = self._floor(), self.core.holding()
        left, right = (truncated(cut, floor, self.top).at(holding) for cut in (classic, other))
        return other if right < left else classic
