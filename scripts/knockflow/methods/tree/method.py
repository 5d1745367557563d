"""Support branching: exact, without big-M.

Let v* be the state that gives a design D its value, and w* the one that gives its guaranteed product (the same
state for a pessimistic formulation). An intervention that only removes, and removes nothing that v* or w* uses,
leaves both states feasible in a follower that has only shrunk: they stay optimal, and value and guarantee stay.
So a larger design in which no intervention hits v* or w* is never minimal, and it suffices to branch on the
targets that they hit. A follower that cannot grow is not revived by more removals.

The search goes through falling goals: for a high one nearly all designs are ruled out by a state that they leave whole
(`knockflow.methods.tree.traversal`), so it is cheap, and all designs that reach it are known afterwards. It ends with
the first goal that fills the list, at the latest with the wild type's value. From four interventions on, the best
designs with one less come first: what they are worth, with one more, is the first goal, and reached.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from knockflow.base.clock import Watch
from knockflow.base.tolerances import below
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result
from knockflow.methods.cut_sets import visit
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.fronts import epsilon_constraint
from knockflow.methods.task import Task
from knockflow.methods.tree.judged import JudgedTraversal
from knockflow.methods.tree.larger import offer_larger
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.shared import Shared, share
from knockflow.methods.tree.traversal import Traversal

logger = logging.getLogger("knockflow.search")

FEWER_FIRST = range(4, 6)
"""Interventions for which the best designs with one less are sought first; of more, that would be too many searches."""

SHARES = (0.5, 0.1, 0.01)
"""Goals, as shares of the way from the wild type's value to the potential."""


def search(task: Task) -> Result:
    """All best minimal designs within the limits, with the proof that there are no others."""
    return _Descent(task).run(fewer_first=True, workers=task.options["threads"])


def search_front(task: Task, axes: Sequence[str]) -> Result:
    """The front, by one search of the best value after the other under floors of growth and ceilings of cost.

    Growth only falls with removals, so that a design below a floor rules out all larger ones. The searches share what
    they find of states. Where better ones than the wild type are known the next one is near, so that a search falls to
    its last goal at once.
    """
    own = share(task.best.base.each)

    def best_within(one: Task, far: bool) -> Result:
        return _Descent(one, shared=own).run(fewer_first=far, falling=far, workers=one.options["threads"])

    return epsilon_constraint(task, axes, best_within)


def search_piece(task: Task, piece: int, pieces: int, known: Knowledge | None = None) -> Result:
    """The best minimal designs in one of several pieces of the tree; the list may hold designs to begin with."""
    return _Descent(task, known).run(piece=piece, pieces=pieces)


def search_cut_sets(sets: CutSets, watch: Watch, checkpoint: Checkpoint | None = None) -> None:
    """Find all minimal cut sets in the tree that the states of their regions span."""
    visit.search(sets, watch, checkpoint)


def traversal(
    best: BestDesigns,
    watch: Watch,
    goal: float,
    known: Knowledge | None = None,
    shared: Sequence[Shared] | None = None,
) -> Traversal:
    """The search below one goal, by the way in which designs are judged."""
    problem = best.base
    kind = Traversal if problem.judge.as_worst(len(problem.followers)) else JudgedTraversal
    return kind(best, watch, goal, known, shared)


class _Descent:
    """The search through falling goals, and where it stands.

    Attributes
    ----------
    fewer
        The same search with one intervention less, while that is under way.
    """

    def __init__(self, task: Task, known: Knowledge | None = None, shared: Sequence[Shared] | None = None):
        self.task, self.known, self.shared = task, known, shared
        self.best, self.watch, self.checkpoint = task.best, task.watch, task.checkpoint
        self.goals: list[float] = []
        self.falling = True
        self.at = 0
        self.traversal: Traversal | None = None
        self.fewer: _Descent | None = None

    def run(self, fewer_first: bool = False, falling: bool = True, **way: int) -> Result:
        """Visit the tree of one goal after the other, or of the last one; `way` says how, as for a traversal."""
        self.falling = falling
        begun = self.checkpoint and self.checkpoint.read()
        self.visit(begun, self._note if self.checkpoint else None, fewer_first, way)
        if self.checkpoint and self.watch.stopped:
            self.checkpoint.write(self.state, self.watch)
        return Result(self.best.ranked, self.best.bound(self.watch), not self.watch.stopped, True)

    def visit(self, begun: Mapping | None, note: Callable[[], None] | None, fewer_first: bool, way: Mapping) -> None:
        """Visit it from where it stood; `note` is called now and then."""
        if fewer_first and not (begun and begun["tree"]):
            self._visit_fewer(begun and begun["fewer"], note, way)
            begun = None
            if self.watch.stopped:
                return
        self.goals = begun["goals"] if begun else list(_goals(self.best))[0 if self.falling else -1 :]
        if begun:
            self.at, self.best.known_bound = begun["goal"], begun["known_bound"]
            self.best.restore(begun["tree"]["designs"])
        while self.at < len(self.goals):
            self._visit_tree(begun and begun["tree"], note, way)
            if self._done():
                break
            self.at, begun = self.at + 1, None

    def _visit_fewer(self, begun: Mapping | None, note: Callable[[], None] | None, way: Mapping) -> None:
        """Offer the best designs with one intervention less, and what they become with one more.

        What they are worth is a first goal that is reached, and what has been learnt on the way holds for it, too.
        """
        best, limits = self.best, self.best.limits
        if best.full or limits.max_designs is None or not best.possible or self._room not in FEWER_FIRST:
            return
        less = replace(limits, max_interventions=limits.max_interventions - 1)
        smaller = BestDesigns(best.problem, best.formulation, less, best.base)
        logger.info("first the best designs with at most %d interventions", less.max_interventions)
        self.fewer = _Descent(replace(self.task, best=smaller), self.known, self.shared)
        self.fewer.visit(begun, note, True, way)
        offer_larger(best, [entry.design for entry in smaller.ranked], self.watch)
        if not self.watch.stop():
            self.known = self.fewer.knowledge()
            self.fewer = None

    @property
    def _room(self) -> int:
        return self.best.limits.max_interventions - len(self.best.problem.forced)

    def knowledge(self) -> Knowledge | None:
        """What the last visit has taught."""
        return self.traversal and self.traversal.knowledge()

    def _visit_tree(self, begun: Mapping | None, note: Callable[[], None] | None, way: Mapping) -> None:
        self.traversal = traversal(self.best, self.watch, self.goals[self.at], self.known, self.shared)
        if begun:
            self.traversal.restore(begun)
            rest = self.traversal.rest
            where = f", level {rest.level}, {len(rest)} open nodes" if rest else ""
            self.checkpoint.tell(f"goal {self.at + 1} of {len(self.goals)}{where}")
        self.traversal.run(**way, note=note)

    def _note(self) -> None:
        self.checkpoint.keep(self.state, self.watch)

    def state(self) -> dict:
        """Where the search stands, in a form that JSON can hold."""
        return {
            "fewer": self.fewer and self.fewer.state(),
            "goals": self.goals,
            "goal": self.at,
            "known_bound": self.best.known_bound,
            "tree": self.traversal and self.traversal.state(),
        }

    def _done(self) -> bool:
        """Whether no other goal is needed once all designs that reach the present one are known."""
        best, goal = self.best, self.goals[self.at]
        if self.watch.stopped or (best.full and not below(best.threshold(), goal)):
            return True
        best.known_bound = goal if best.incumbent is None else max(goal, best.incumbent)
        return False


def _goals(best: BestDesigns) -> Iterator[float]:
    """Falling values for a list to be filled with, down to its last place, or else to the wild type's value."""
    if not best.possible:
        return
    floor, top = best.threshold(), best.potential
    best.known_bound = max(floor, top)
    if not best.full and best.limits.max_designs is not None and below(floor, top) and isfinite(top):
        yield from (floor + share * (top - floor) for share in SHARES)
    yield floor
