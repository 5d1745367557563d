"""Minimal cut sets: all smallest designs that suppress and protect what is asked.

(Klamt & Gilles 2004, doi:10.1093/bioinformatics/btg395; protected regions: Hadicke & Klamt 2011,
doi:10.1016/j.ymben.2010.12.004.)

Support branching without a value. A state of a region that is to be suppressed stays there in every larger design that
does not hit it, so only effects that hit it lead on. Where all demands are met, states certify it: one of each
protected region, and of a nested region one of largest objective. A larger design that hits none of them meets the
demands, too, and is not minimal; leaving out what could be added is tried where it hits one. A nested region that is
protected in vain has its largest objective elsewhere, and that state must be hit.

Fluxes are counted in a unit that the smallest threshold asks for (`knockflow.methods.cut_sets.regions.unit_of`), and
every state is one by its balances, not by a solver's tolerance (`knockflow.follower.states`). So a threshold of 1e-4
leads to the sets that one of 1e-2 leads to, if the cell either grows well or not at all; and where no state is left,
prices prove it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from knockflow.base.clock import Watch
from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.ranking import Limits, cost, order, weakenings
from knockflow.follower.region import Region
from knockflow.follower.respond import Design
from knockflow.follower.witness_pool import Witnesses, members
from knockflow.methods.cut_sets.regions import Demand, RegionFollower, demands, unit_of
from knockflow.methods.tree.detours import Nearest
from knockflow.methods.tree.implied_bounds import ImpliedBounds
from knockflow.methods.tree.nogoods import NoGoods
from knockflow.methods.tree.search import Node, RegionSearch
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


class Checker:
    """One demand: states that show that it is violated or met, known ones first."""

    def __init__(self, problem: Problem, demand: Demand):
        self.demand, self.nested = demand, demand.objective is not None
        self._follower, self._problem = RegionFollower(problem, demand), problem
        self.known = Witnesses(problem.targets.n_effects)
        self._nearest: Nearest | None = None

    def inside(self, effects: Chosen, allowed: int) -> np.ndarray | None:
        """A state of the region that some effects leave, one that few others hit; None if there is none."""
        if self.nested:
            return self._follower.inside(effects)
        spared = self.known.spared(effects)
        state = self.known.fewest(spared, allowed) if spared else None
        if state is None:
            state = self._near_zero(effects)
            if state is None:
                state = self._follower.inside(effects)
            if state is not None:
                self.known.add(self._follower.hits(state), state)
        return state

    def remaining(self, effects: Chosen) -> np.ndarray | None:
        """A state of the region that some effects leave, whichever; None if there is none."""
        return self._follower.inside(effects)

    def best(self, effects: Chosen) -> np.ndarray | None:
        """A state of largest objective; None if none is left at all."""
        return self._follower.best(effects)

    def _near_zero(self, effects: Chosen) -> np.ndarray | None:
        region = Region(self.demand.rows, self.demand.lower, self.demand.upper)
        if self._nearest is None:
            self._nearest = Nearest(self._problem, region, np.zeros(len(self._problem.columns)))
        state = self._nearest.after(effects)
        return state if state is not None and region.holds(state) else None

    def hits(self, state: np.ndarray) -> int:
        """The effects that a state hits."""
        return self._follower.hits(state)


@dataclass(frozen=True)
class Standing:
    """Whether a set of effects meets the demands, and the effects that may change that; None of them if nothing can."""

    met: bool
    hits: int


class CutSets:
    """The search for all minimal cut sets of a problem within some limits.

    `doubt` says why a search that was not stopped need not have found all, and `dives` what dives tell of them.
    """

    def __init__(self, problem: Problem, options: Mapping):
        self.options, self.doubt, self.dives = options, "", None
        required = demands(problem, options)
        self.unit = unit = unit_of(required)
        self.problem, self.limits = problem.in_units_of(unit), Limits.of(options)
        self.space = Space(self.problem, self.limits, viable_only=False)
        self.checkers = [Checker(self.problem, demand.in_units_of(unit)) for demand in required]
        self.found: set[Design] = set()
        self._bounds = ImpliedBounds(problem)

    def search(self, watch: Watch) -> None:
        """Visit all sets of effects that may lead to a cut set, smallest first, or until the watch says stop."""
        suppressed = [checker for checker in self.checkers if not checker.demand.protect]
        if self._simple and len(suppressed) == 1:
            Suppression(self, suppressed[0], watch).run()
            return
        level: list[tuple[Chosen, int]] = [((), self.space.forbidden)]
        while level:
            level = [child for chosen, forbidden in level for child in self._visit(chosen, forbidden, watch)]
            if self.enough():
                return

    @property
    def _simple(self) -> bool:
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

    def enough(self) -> bool:
        """Whether no later level can bring a design among the first ones asked for: all cost the same per target."""
        targets, most = self.problem.targets, self.limits.max_designs
        if most is None or not targets.plain or len(set(targets.choice_cost.tolist())) > 1:
            return False
        return len(self.listed()) >= most

    def _visit(self, chosen: Chosen, forbidden: int, watch: Watch) -> Iterator[tuple[Chosen, int]]:
        """The children of a set that lead on."""
        if watch.stop():
            return
        watch.tick(None, None)
        if self.contradicts(chosen):
            return
        allowed = self.space.allowed(chosen, forbidden)
        standing = self._standing(chosen, allowed)
        if standing.met:
            for design in self.space.designs(chosen, standing.hits):
                self.found.update(self._strains(design))
        yield from self._children(chosen, forbidden, allowed & self._leading_on(chosen, standing))

    def _strains(self, design: Design) -> Iterator[Design]:
        """A design, or where it leaves out what it makes to run, the least ones that add it; within the limits."""
        additions = np.flatnonzero(self.problem.targets.adds).tolist()
        found, level = [], [design]
        while level:
            affordable = [one for one in level if self.limits.affordable(self.problem, one)]
            strains = [one for one in affordable if not self.contradicts(tuple(self.problem.targets.effects(one)))]
            yield from strains
            found += strains
            larger = {one | {target} for one in affordable if one not in strains for target in additions}
            level = sorted((one for one in larger.difference(level) if not any(map(one.issuperset, found))), key=sorted)

    def _leading_on(self, chosen: Chosen, standing: Standing) -> int:
        """Of the effects that change a standing, those that can lead to another minimal design."""
        adds = self.problem.targets.adds
        if not standing.met:
            return standing.hits
        if not adds.any():
            return 0
        decided = self.space.restrictions(chosen)
        needs = self.problem.targets.needs
        left_out = (e for e in members(standing.hits) if any(adds[t] and t not in decided for t in needs(e)))
        return sum(1 << effect for effect in left_out)

    def _children(self, chosen: Chosen, forbidden: int, effects: int) -> Iterator[tuple[Chosen, int]]:
        pools = [checker.known for checker in self.checkers if not checker.demand.protect and not checker.nested]
        spared = [pool.spared(chosen) for pool in pools]
        for effect in members(effects):
            child = self.space.joined(chosen, effect, forbidden)
            if child is not None and not self._settled(child, len(chosen), pools, spared, forbidden):
                yield child, forbidden
            forbidden |= 1 << effect

    def _settled(self, child: Chosen, before: int, pools: list[Witnesses], spared: list[int], forbidden: int) -> bool:
        """Whether a set without children is seen to leave a state that it should suppress."""
        for pool, left in zip(pools, spared, strict=True):
            for effect in child[before:]:
                left = pool.also_spared(left, effect)
            if left:
                return self.space.last(child, forbidden)
        return False

    def _standing(self, chosen: Chosen, allowed: int) -> Standing:
        """How a set of effects stands; a protected region without states, unless nested, stays without."""
        hits = 0
        for checker in self.checkers:
            if checker.nested:
                best = checker.best(chosen)
                if best is None:
                    if checker.demand.protect:
                        return Standing(False, 0)
                    continue
            state = checker.inside(chosen, allowed)
            if checker.demand.protect == (state is not None):
                if checker.demand.protect or checker.nested:
                    hits |= checker.hits(best if state is None else state)
            elif state is not None:
                return Standing(False, checker.hits(state))
            else:
                return Standing(False, checker.hits(best) if checker.nested else 0)
        return Standing(True, hits)

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
        if self._simple:
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


class Suppression:
    """The search where one region is suppressed and nothing is added: as below one region of states, with its detours.

    What leaves no state is a cut set if all protected regions keep one; either way nothing larger is of interest.
    """

    all_growing = True

    def __init__(self, sets: CutSets, checker: Checker, watch: Watch):
        self._sets, self._checker, self._watch = sets, checker, watch
        self.problem, self.space, self._no_goods = sets.problem, sets.space, NoGoods()
        self.hits, self.ruled_out, self.rule_out = checker.hits, self._no_goods.beside, self._no_goods.add
        demand = checker.demand
        region = Region(demand.rows, demand.lower - 2 * FEASIBILITY, demand.upper + 2 * FEASIBILITY)
        self._search = RegionSearch(self, region)

    def run(self) -> None:
        """Visit the tree level by level."""
        level = [
            Node((), self.space.forbidden, state, self._search) for state in [self.extreme(())] if state is not None
        ]
        while level and not self._sets.enough():
            level = [child for node in level for child in self._below(node)]

    def _below(self, node: Node) -> list[Node]:
        if self._watch.stop():
            return []
        self._watch.tick(None, None)
        return self._search.children(node)

    def elsewhere(self, design: Chosen, forbidden: int) -> None:
        """There is one follower only: no other one rules a design out."""

    def spared_elsewhere(self, design: Chosen) -> bool:
        """Likewise."""
        return False

    def keep(self, fluxes: np.ndarray) -> None:
        """There is one search only: no other one has a use for a state."""

    def some_state(self, _design: Chosen, _region: Region) -> None:
        """None: states near zero flux are soon found, and hit fewer targets."""

    def extreme(self, chosen: Chosen) -> np.ndarray | None:
        """A state of the region; where there is none the set is noted if it is a cut set."""
        state = None if self._sets.contradicts(chosen) else self._checker.remaining(chosen)
        if state is None and not self._sets.contradicts(chosen) and self._sets.protected(chosen):
            self._sets.found.add(frozenset(self.space.restrictions(chosen)))
        return state


def _proper_subsets(design: Design) -> Iterable[Design]:
    return (frozenset(subset) for size in range(len(design)) for subset in combinations(sorted(design), size))
