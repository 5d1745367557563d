"""The tree of each follower by itself, where a mean or a quantile of all is what counts.

Let x_k(E) be the value of a design E by follower k, P_k its potential, F the judge, z the goal, and t_k goals with

    F(y) < z   for every y with y_k < t_k where k is one of some followers, and y_k <= P_k for all others.

So a design that reaches z reaches the goal t_k of one of these followers. All such designs are in the trees of these
followers, each visited as if there were no other one, with its region of states, their neighbours and detours
(`knockflow.methods.tree.search`). Few designs reach t_k; each of them is judged by all, and so are larger ones.

The goals lie between the wild type's values w_k, which nothing has to be removed for, and the potentials:

    t_k = w_k + s (P_k - w_k)  with  s = (z - mean w) / (mean P - mean w)   for a mean: then mean t = z
    t_k = z                                                                for a quantile, with as few followers as do
"""

from collections.abc import Sequence
from math import isfinite

from knockflow.designs.ranking import BestDesigns
from knockflow.follower.respond import evaluate
from knockflow.follower.witness_pool import Witnesses
from knockflow.methods.tree.node import Node, Passed, SubtreeSearch
from knockflow.methods.tree.nogoods import NoGoods
from knockflow.methods.tree.one_follower import OneFollower
from knockflow.methods.tree.search import RegionSearch
from knockflow.methods.tree.search_space import Chosen
from knockflow.problem.judge import Judge


def wild_types(best: BestDesigns) -> list[float] | None:
    """The wild type's value by each follower; None if it has none, or if designs may add something."""
    if best.base.targets.enlarging or best.wild_type is None:
        return None
    found = [evaluate(follower, best.formulation, ()) for follower in best.followers]
    return None if None in found else [one.value for one in found]


def goals(judge: Judge, goal: float, wild: Sequence[float] | None, potentials: Sequence[float]) -> dict[int, float]:
    """The goals of some followers, by number, one of which a design that reaches the goal of all must reach."""
    count = len(potentials)
    if judge.by != "mean":
        needed = count - judge.place(count)
        order = sorted(range(count), key=lambda k: (potentials[k] if wild is None else wild[k], potentials[k], k))
        return dict.fromkeys(sorted(order[: count - needed + 1]), goal)
    if wild is None or not all(map(isfinite, [*wild, *potentials])):
        return dict.fromkeys(range(count), goal)
    low, high = sum(wild) / count, sum(potentials) / count
    if high <= low or goal < low:
        return dict.fromkeys(range(count), goal)
    share = (goal - low) / (high - low)
    return {k: wild[k] + share * (potentials[k] - wild[k]) for k in range(count)}


class WholeJudged:
    """All followers together, where a search asks for the next one by which to judge a design."""

    number = -1

    def __init__(self, search: SubtreeSearch, n_effects: int):
        self.first = search
        search.witnesses = Witnesses(n_effects)


class ByFollower:
    """The tree of one follower, in the place of a search that all of them share.

    A design that cannot grow as this follower, or that no state of the goal is left of, is ruled out here alone.
    """

    def __init__(self, tree, one: OneFollower, whole: WholeJudged, goal: float):
        self._tree, self.best, self.space, self.goal = tree, tree.best, tree.space, goal
        self._no_goods = NoGoods()
        self.ruled_out, self.rule_out = self._no_goods.beside, self._no_goods.add
        self.one = OneFollower(self, one.number, one.problem, one.shared)
        self.ones = [self.one, whole]
        region = self.one.own_region((), goal)
        self.one.first = RegionSearch(self.one, region)
        self.possible = region is not None or self.drops

    @property
    def at_root(self) -> bool:
        """Whether pieces of the tree must branch alike."""
        return self._tree.at_root

    @property
    def drops(self) -> bool:
        """Whether a design that misses the goal does so with all larger ones."""
        return self._tree.drops

    def aim(self, goal: float) -> None:
        """Have a goal, no lower than before."""
        if goal <= self.goal or not self.possible:
            return
        self.goal, region = goal, self.one.own_region((), goal)
        if region is not None:
            self.one.first.region = region

    def roots(self, design: Chosen, forbidden: int) -> list[Node]:
        """The first node of the tree, or what is left to see below the root."""
        return self.one.first.descendants(design, forbidden) if self.possible else []

    def offer(self, chosen: Chosen, passed: Passed) -> None:
        """Offer the designs that some evaluations hold for."""
        self._tree.offer(chosen, passed)

    def leading_on(self, chosen: Chosen, passed: Passed) -> list[int]:
        """As the tree of all followers has it."""
        return self._tree.leading_on(chosen, passed)
