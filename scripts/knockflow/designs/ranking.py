"""Designs in order: value, guarantee, cost, count, reactions closed, names; only minimal ones that beat the wild type.

A design is minimal if no proper subset that can grow has both a value and a guaranteed product as good. Neither may a
design that closes part of it at no greater cost: `-A` where the design has `-A&B`.
The order and the minimality depend on nothing but the designs, so neither does the list.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from knockflow.base.clock import Watch
from knockflow.base.tolerances import VALUE, below, close
from knockflow.designs.limits import Limits, cost
from knockflow.designs.needed import needed
from knockflow.designs.smaller import smaller_as_good
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import Design, evaluate, evaluate_all, strain_growth
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.states import Evaluation
from knockflow.formulations.formulation import Formulation
from knockflow.language.notation import reactions_closed
from knockflow.problem.problem import Problem, SeveralFollowersError

BETTER = 1.9
"""Tolerances of equal values by which a better value is larger: one to differ, one that searches allow for ties."""


TIE = 6
"""Decimals to which two values are equal for their rank, in the value's unit: mmol/gDW/h, mol/mol or 1/h."""

MOST_ENUMERATED, MOST_WEAKENED = 4, 8
"""Interventions up to which all parts of a design are evaluated to see if it is minimal, and all weaker forms of it."""


@dataclass(frozen=True)
class Ranked:
    """A design with what decides its place: value (mmol/gDW/h; `optcouple`: 1/h), guaranteed product, cost, names."""

    design: Design
    value: float
    guarantee: float
    cost: float
    names: tuple[str, ...]

    def key(self) -> tuple:
        """Best first. Rounded as the tables are, so that solver noise does not break ties.

        In strict order that is when the second product counts: a tolerance between two values alone would rank in a
        circle, a by b and b by c but c by a, and the list would depend on what is found first.
        """
        return (-round(self.value, TIE), -round(self.guarantee, TIE), *order(self.cost, self.names))


def order(total: float, interventions: tuple[str, ...]) -> tuple:
    """Of equally good designs the first: cost, count, reactions closed together (`-A&B` is two), names."""
    closed = sum(map(reactions_closed, interventions))
    return round(total, 6), len(interventions), closed, interventions


def names(problem: Problem, design: Design) -> tuple[str, ...]:
    """A design's interventions as they are written in tables: sorted, with those that every design contains."""
    return tuple(sorted([*problem.forced, *(problem.targets.written(target) for target in design)]))


def weakenings(problem: Problem, limits: Limits, design: Design) -> list[Design]:
    """The designs that close part of what a design closes, with another target for some of its own (`-A` for `-A&B`).

    They keep to the limits, and cost no more; subsets of the design itself are not among them.
    """
    weaker = problem.targets.weaker
    if not any(weaker.get(target) for target in design):
        return []
    choices = [(None, target, *weaker.get(target, ())) for target in sorted(design)]
    found = {frozenset(one) - {None} for one in product(*choices)}
    most = cost(problem, design) + 1e-9
    return sorted(
        (one for one in found if not one <= design and cost(problem, one) <= most and limits.affordable(problem, one)),
        key=lambda one: (len(one), sorted(one)),
    )


def weaker_by_one(problem: Problem, limits: Limits, design: Design) -> Iterator[Design]:
    """Those of the `weakenings` that put one target in the place of one."""
    most = cost(problem, design) + 1e-9
    for target in sorted(design):
        for other in problem.targets.weaker.get(target, ()):
            weaker = design - {target} | {other}
            if cost(problem, weaker) <= most and limits.affordable(problem, weaker):
                yield weaker


class BestDesigns:
    """The best minimal designs offered so far; every method fills one.

    Parameters
    ----------
    problem
        The problem, with the columns that the formulation's response needs.
    formulation
        What a design is worth.
    limits
        How much may be changed, and how many designs are wanted.
    base
        The problem without those columns; by default the same.

    Attributes
    ----------
    ranked : list of Ranked
        The list, best first.
    wild_type : Evaluation or None
        Of no intervention at all; None if that cannot grow.
    known_bound : float or None
        A value that no design exceeds, as far as the search has come, in the formulation's unit.
    stop : callable
        Says when to look no further for a smaller design that is as good as a large one.
    """

    def __init__(self, problem: Problem, formulation: Formulation, limits: Limits, base: Problem | None = None):
        self.problem, self.formulation, self.limits = problem, formulation, limits
        self.base = problem if base is None else base
        self.behaviour = BEHAVIOURS[formulation.response]
        self.followers = [Follower(alone) for alone in problem.each]
        self._known: dict[Design, tuple[float, float] | None] = {}
        self.wild_type = self.evaluate(frozenset())
        self.ranked: list[Ranked] = []
        self.known_bound: float | None = None
        self.stop: Callable[[], bool] = lambda: False

    def within(self, limits: Limits) -> "BestDesigns":
        """An empty list with other limits, on the same engines."""
        other = copy(self)
        other.limits, other.ranked, other.known_bound, other._known = limits, [], None, {}
        other.wild_type = other.evaluate(frozenset())
        return other

    @property
    def follower(self) -> Follower:
        """The engine of the one follower.

        Raises
        ------
        SeveralFollowersError
            If there are several.
        """
        if len(self.followers) > 1:
            raise SeveralFollowersError(f"this holds for one follower, and the problem has {len(self.followers)}")
        return self.followers[0]

    def evaluate(self, design: Design) -> Evaluation | None:
        """The design's evaluation by the oracle, None if it cannot grow, or not as fast as the limits ask."""
        evaluation = self.after(self.problem.targets.effects(design))
        self._known[design] = evaluation and (evaluation.value, evaluation.guarantee)
        return evaluation

    def growth(self, design: Design) -> float | None:
        """Growth of the growth response (1/h), of several followers the least; None if one cannot grow enough."""
        effects = self.problem.targets.effects(design)
        grown = [strain_growth(follower, effects) for follower in self.followers]
        return None if None in grown else min(grown)

    def after(self, effects: Collection[int]) -> Evaluation | None:
        """The same of some effects."""
        least = self.limits.least_growth
        if least is not None:
            grown = (strain_growth(follower, effects) for follower in self.followers)
            if any(growth is None or growth < least for growth in grown):
                return None
        return evaluate_all(self.followers, self.formulation, effects, self.problem.judge)

    def hits(self, design: Design, evaluation: Evaluation) -> int:
        """The effects that hit the states which give a design its value and its guarantee, as a set.

        Of several followers those of each.
        """
        hit = 0
        for follower, own in self._by_each(self.problem.targets.effects(design), evaluation):
            hit |= follower.hits(own.promise.fluxes) | follower.hits(own.worst.fluxes)
        return hit

    def _hits_of_part(self, effects: Collection[int], evaluation: Evaluation, guarantee: bool) -> int:
        """Those that hit the states which give some effects their value, or their guarantee."""
        hit = 0
        for follower, own in self._by_each(effects, evaluation):
            state = own.worst if guarantee or not self.two_ends else own.promise
            hit |= follower.hits(state.fluxes)
        return hit

    def _by_each(self, effects: Collection[int], evaluation: Evaluation) -> Iterator[tuple[Follower, Evaluation]]:
        """Every follower with its evaluation of some effects, given what is made of these."""
        for follower in self.followers:
            several = len(self.followers) > 1
            yield follower, evaluate(follower, self.formulation, effects) if several else evaluation

    def offer(self, design: Design, evaluation: Evaluation) -> bool:
        """Take a design if it belongs among the best; whether it was taken."""
        if not design or not self.limits.affordable(self.problem, design):
            return False
        entry = self.entry(design, evaluation)
        if not self._good_enough(entry) or self._listed(design) or not self._has_place(entry):
            return False
        if self._superfluous(design, evaluation):
            return False
        self.ranked = sorted([*self.ranked, entry], key=Ranked.key)[: self.limits.max_designs]
        return True

    def _superfluous(self, design: Design, evaluation: Evaluation) -> bool:
        """Whether less of a design is as good."""
        if len(design) <= MOST_ENUMERATED:
            return bool(self.as_good_subsets(design, evaluation))
        sure = self._needed(design, evaluation)
        found = smaller_as_good(
            self.problem.targets, self.after, self._hits_of_part, design, evaluation, sure, self.stop
        )
        if found is not None:
            return True
        weaker = weakenings if len(design) <= MOST_WEAKENED else weaker_by_one
        return any(self._as_good(one, evaluation) for one in weaker(self.problem, self.limits, design))

    def _needed(self, design: Design, evaluation: Evaluation) -> Design:
        if len(self.followers) > 1:
            return frozenset()
        return needed(self.follower, self.behaviour, self.formulation.optimistic, design, evaluation.value)

    def take(self, designs: Iterable[Design]) -> None:
        """Evaluate designs that were found elsewhere, and offer them."""
        for design in designs:
            evaluation = self.evaluate(design)
            if evaluation is not None:
                self.offer(design, evaluation)

    def state(self) -> list:
        """The list, for `restore` and in a form that JSON can hold."""
        return [[sorted(entry.design), entry.value, entry.guarantee] for entry in self.ranked]

    def restore(self, states: Iterable) -> None:
        """Fill the list with what one or several of the same problem held, without evaluating it again."""
        entries = {one.design: one for one in (self.known_entry(*state) for state in states)}
        self.ranked = sorted(entries.values(), key=Ranked.key)[: self.limits.max_designs]

    def known_entry(self, numbers: Iterable[int], value: float, guarantee: float) -> Ranked:
        """A design that was evaluated before, with what decides its place."""
        design = frozenset(numbers)
        return Ranked(design, value, guarantee, cost(self.problem, design), names(self.problem, design))

    def _listed(self, design: Design) -> bool:
        return any(entry.design == design for entry in self.ranked)

    def threshold(self) -> float:
        """The value that a design must reach, or tie, to enter the list."""
        floors = [self.least, self._above_wild_type()]
        if self.limits.min_value is not None:
            floors.append(self.limits.min_value)
        return max(*floors, self.ranked[-1].value) if self.full else max(floors)

    def _above_wild_type(self) -> float:
        """The value from which a design may be better than the wild type.

        It must be larger, by the tolerance of equal values on either side, unless an equal one can be better by its
        guarantee.
        """
        wild = self.wild_type
        if wild is None:
            return float("-inf")
        if self.problem.in_order or (self.formulation.optimistic and below(wild.guarantee, wild.value)):
            return wild.value
        return wild.value + BETTER * VALUE * max(1.0, abs(wild.value))

    @property
    def two_ends(self) -> bool:
        """Whether value and guarantee are those of two states: a promise and the least, or two products in order."""
        return self.formulation.optimistic or self.problem.in_order

    @cached_property
    def least(self) -> float:
        """A value that no design falls below."""
        return min(self.behaviour.least(alone) for alone in self.problem.each)

    def hopeless(self, value: float) -> bool:
        """Whether a value is strictly worse than what may still enter."""
        return below(value, self.threshold())

    @property
    def incumbent(self) -> float | None:
        """The best value so far."""
        return self.ranked[0].value if self.ranked else None

    @property
    def full(self) -> bool:
        """Whether every place is taken."""
        return self.limits.max_designs is not None and len(self.ranked) == self.limits.max_designs

    def as_good_subsets(self, design: Design, evaluation: Evaluation) -> list[Design]:
        """The proper subsets and `weakenings` that can grow and have both a value and a guarantee as good."""
        subsets = [frozenset(one) for size in range(len(design)) for one in combinations(sorted(design), size)]
        smaller = [*subsets, *weakenings(self.problem, self.limits, design)]
        return [one for one in smaller if self._as_good(one, evaluation)]

    def bound(self, watch: Watch) -> float:
        """A value that no design exceeds: the best one's after a whole search, else the wild type's potential."""
        if not self.possible:
            return float("-inf")
        if not watch.stopped:
            wild = self.wild_type.value if self.wild_type else float("-inf")
            return self.ranked[0].value if self.ranked else wild
        return self.potential if self.known_bound is None else self.known_bound

    @property
    def possible(self) -> bool:
        """Whether the wild type, or a design that has states which it lacks, can grow at all."""
        return self.wild_type is not None or self.problem.targets.enlarging

    @cached_property
    def potential(self) -> float:
        """Most product of any state that a response may hold, with all that can be added (mmol/gDW/h).

        Nothing that is removed raises it. For `optcouple` the largest growth (1/h).

        Raises
        ------
        SolverError
            If the solver finds no state although the wild type grows.
        """
        return self.problem.judge.of(list(map(self.behaviour.potential, self.followers)))

    def _as_good(self, subset: Design, evaluation: Evaluation) -> bool:
        if subset not in self._known:
            self.evaluate(subset)
        known = self._known[subset]
        return known is not None and not below(known[0], evaluation.value) and not below(known[1], evaluation.guarantee)

    def entry(self, design: Design, evaluation: Evaluation) -> Ranked:
        """A design with what decides its place."""
        return self.known_entry(design, evaluation.value, evaluation.guarantee)

    def _good_enough(self, entry: Ranked) -> bool:
        wild, least = self.wild_type, self.limits.min_value
        if least is not None and below(entry.value, least):
            return False
        if wild is None or below(wild.value, entry.value):
            return True
        return close(wild.value, entry.value) and below(wild.guarantee, entry.guarantee)

    def _has_place(self, entry: Ranked) -> bool:
        return not self.full or entry.key() < self.ranked[-1].key()
