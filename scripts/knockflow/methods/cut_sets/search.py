"""Minimal cut sets: all smallest designs that suppress and protect what is asked.

(Klamt & Gilles 2004, doi:10.1093/bioinformatics/btg395; protected regions: Hadicke & Klamt 2011,
doi:10.1016/j.ymben.2010.12.004.)

Here is what is asked of them and what has been found; `knockflow.methods.cut_sets.branching` has the search.

Fluxes are counted in a unit that the smallest threshold asks for (`knockflow.methods.cut_sets.regions.unit_of`), and
every state is one by its balances, not by a solver's tolerance (`knockflow.follower.states`). So a threshold of 1e-4
leads to the sets that one of 1e-2 leads to, if the cell either grows well or not at all; and where no state is left,
prices prove it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from knockflow.base.clock import Watch
from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.ranking import Limits, cost, order, weakenings
from knockflow.follower.respond import Design
from knockflow.methods.cut_sets.checker import Checker
from knockflow.methods.cut_sets.regions import demands, unit_of
from knockflow.methods.tree.implied_bounds import ImpliedBounds
from knockflow.methods.tree.search_space import Chosen, Space
from knockflow.problem.problem import Problem


@dataclass(frozen=True)
class CutSet:
    """A minimal cut set as it is reported: interventions as tables write them, and their cost."""

    names: tuple[str, ...]
    cost: float

    def key(self) -> tuple:
        """Cheapest first."""
        return order(self.cost, self.names)


class CutSets:
    """All minimal cut sets of a problem within some limits: what is asked, and what a search has found.

    Attributes
    ----------
    asked, problem
        The follower, in the units of the case and in those of the search.
    found
        Cut sets, among them all minimal ones once a search is through.
    doubt, dives
        Why a search that was not stopped need not have found all, and what dives tell of them.
    """

    def __init__(self, problem: Problem, options: Mapping):
        self.asked, self.options, self.doubt, self.dives = problem, options, "", None
        required = demands(problem, options)
        self.unit = unit = unit_of(required)
        self.problem, self.limits = problem.in_units_of(unit), Limits.of(options)
        self.space = Space(self.problem, self.limits, viable_only=False)
        self.checkers = [Checker(self.problem, demand.in_units_of(unit)) for demand in required]
        self.found: set[Design] = set()
        self._bounds = ImpliedBounds(problem)

    @property
    def simple(self) -> bool:
        """Whether no region is nested and nothing is added, so that nothing comes back by removing more."""
        return not any(checker.nested for checker in self.checkers) and not self.problem.targets.enlarging

    def exhaustive(self, watch: Watch) -> None:
        """Check every design, one after the other, each by programs of its own: nothing is known from another."""
        for size in range(self.limits.max_interventions + 1):
            for subset in map(frozenset, combinations(range(len(self.problem.targets)), size)):
                if watch.stop():
                    return
                watch.tick(None, None)
                if self.limits.affordable(self.problem, subset) and self.valid(subset):
                    self.found.add(subset)

    def valid(self, design: Design) -> bool:
        """Whether a design meets all demands."""
        effects = tuple(self.problem.targets.effects(design))
        return not self.contradicts(effects) and all(
            checker.demand.protect == (checker.remaining(effects) is not None) for checker in self.checkers
        )

    def contradicts(self, effects: Chosen) -> bool:
        """Whether a reaction is both closed and made to run: that is no strain, so it is no cut set either."""
        ends = self._bounds.after(effects).values()
        return any(lower > upper + FEASIBILITY for lower, upper in ends)

    def unprotected(self) -> list[int]:
        """The regions to protect, numbered from 1, of which no strain has a state, since the wild type has none.

        A nested region may have states only once others are gone, and what enlarges may bring some.
        """
        guarded = [checker for checker in self.checkers if checker.demand.protect]
        if self.problem.targets.enlarging:
            return []
        return [n for n, one in enumerate(guarded, 1) if not one.nested and one.remaining(self._wild_type) is None]

    @property
    def _wild_type(self) -> Chosen:
        return tuple(self.problem.targets.effects(frozenset()))

    def protected(self, effects: Chosen) -> bool:
        """Whether every region that is to be protected keeps a state."""
        return all(checker.remaining(effects) is not None for checker in self.checkers if checker.demand.protect)

    @property
    def by_size(self) -> bool:
        """Whether the first ones asked for are those of fewest targets: all cost the same per target."""
        targets = self.problem.targets
        same = targets.plain and len(set(targets.choice_cost.tolist())) <= 1
        return same and self.limits.max_designs is not None

    def enough(self, certain: bool) -> bool:
        """Whether no larger design can be among the first ones asked for; `certain` as for `listed`."""
        return self.by_size and len(self.listed(certain)) >= self.limits.max_designs

    def state(self) -> list[list[int]]:
        """The cut sets by the numbers of their targets, in a form that JSON can hold."""
        return sorted(sorted(design) for design in self.found)

    def take(self, designs: Iterable[Iterable[int]]) -> None:
        """Have the cut sets that another search of the same demands has found."""
        self.found.update(frozenset(design) for design in designs)

    def listed(self, certain: bool = True) -> list[CutSet]:
        """The minimal ones, each with all its interchangeable forms, in order.

        Where the search has ended early (not `certain`) a smaller one may not have been found, so each is checked.
        """
        minimal = [design for design in self.found if not self._has_smaller(design)]
        if not certain:
            minimal = [design for design in minimal if not any(map(self.valid, self._smaller(design)))]
        forms = {form for design in minimal for form in self._forms(design)}
        return sorted(forms, key=CutSet.key)[: self.limits.max_designs]

    def _has_smaller(self, design: Design) -> bool:
        if any(one in self.found for one in weakenings(self.problem, self.limits, design)):
            return True
        if len(design) <= 12:
            return any(subset in self.found for subset in _proper_subsets(design))
        return any(other < design for other in self.found)

    def _smaller(self, design: Design) -> Iterator[Design]:
        if self.simple:
            # What suppresses still does with more, and what protects with less: one less says all.
            yield from (design - {target} for target in design)
        else:
            yield from _proper_subsets(design)
        yield from weakenings(self.problem, self.limits, design)

    def _forms(self, design: Design) -> Iterator[CutSet]:
        """A design with each choice among interchangeable names that the budget allows."""
        targets, problem = self.problem.targets, self.problem
        extra = cost(problem, frozenset())
        for form in product(*(targets.choices(target) for target in sorted(design))):
            total = extra + sum(own for _, own in form)
            if self.limits.max_cost is None or total <= self.limits.max_cost + 1e-9:
                yield CutSet(tuple(sorted([*problem.forced, *(name for name, _ in form)])), total)


def _proper_subsets(design: Design) -> Iterable[Design]:
    return (frozenset(subset) for size in range(len(design)) for subset in combinations(sorted(design), size))
