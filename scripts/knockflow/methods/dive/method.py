"""Dives for ever larger values, or for ever smaller cut sets: `method: dive` (docs/dive.md).

Each dive aims at a value between the best so far and the least that earlier dives have failed at, beginning with
FIRST_SHARE of the way from what a design must beat to the potential. What it finds is made smaller and better
(`knockflow.methods.dive.shrink`). The list is not proven: its designs are exact, that there are no better ones is not
said, but where a state shows that none exists at all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import inf, isfinite
from random import Random

import numpy as np

from knockflow.base.clock import Watch
from knockflow.base.tolerances import VALUE
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BETTER, Limits
from knockflow.designs.result import Result
from knockflow.follower.respond import Design
from knockflow.follower.witness_pool import members
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.dive.aims import Aim, CutAim, Fate, ValueAim
from knockflow.methods.dive.bound import Fewest, fewest
from knockflow.methods.dive.choice import Change, Chooser, lethal_reason
from knockflow.methods.dive.depth import NO_BOUND, Depth, by_hitting_sets, depth
from knockflow.methods.dive.dive import Dive
from knockflow.methods.dive.met import Met, Row
from knockflow.methods.dive.shrink import Improver, shrunk
from knockflow.methods.dive.sparse import SparseDesigns
from knockflow.methods.dive.worst_aim import aim_at
from knockflow.methods.task import Task
from knockflow.methods.tree.search_space import Space
from knockflow.problem.problem import Problem

FIRST_SHARE = 0.1
"""Share of the way to the potential that the first dive aims at."""

NARROW = 0.01
"""Share of the potential up to which bisection goes; then it begins anew above the best value."""

TRIALS = 300
"""Designs that are evaluated at most to improve one."""

LARGE = 200
"""Targets above which a dive one by one takes long."""

TURNS, TURNS_WHERE_LARGE = 2, 4
"""Every how many dives one goes one by one; all others begin with certificates."""

ORDERS = 3
"""Orders in which what is not needed is dropped, where the first leaves too many."""

PROPOSALS = 5
"""Hitting sets that are tried at most after a dive."""

DIVING = 0.7
"""Share of the time limit that dives take; the rest is for the bound on the interventions of what is found."""


def search(task: Task) -> Result:
    """The best designs that dives find, and the fewest interventions that the best value takes at least."""
    best, watch = task.best, task.watch
    found = _Values(task) if best.possible else None
    proof = found.run() if found else None
    if found:
        found.ended()
    told = found.account(proof) if found else None
    if proof is not None or found is None:
        result = Result(best.ranked, best.bound(watch), not watch.stopped, True)
    else:
        result = Result(best.ranked, best.potential, False, False, doubt=found.doubt())
    result.dives = told
    return result


def search_cut_sets(sets: CutSets, watch: Watch, _checkpoint: Checkpoint | None = None) -> None:
    """Find minimal cut sets by dives; `sets.dives` then says what is known of those that there are.

    Where the search stands is not kept.
    """
    found = _Cuts(sets, watch)
    proof = found.run()
    found.ended()
    sets.dives = found.account(proof)
    if proof is None:
        sets.doubt = found.doubt()


class _Dives:
    """What dives of either kind share."""

    def __init__(self, problem: Problem, limits: Limits, space: Space, watch: Watch, options: Mapping):
        self.problem, self.limits, self.space, self.whole = problem, limits, space, watch
        share = DIVING if options.get("depth", True) else 1.0
        self.watch = watch = Watch(watch.seconds_left and share * watch.seconds_left, within=watch)
        self.seconds: dict[str, float] = {}
        self.order = Random(options["seed"])
        self.most, self.number, self.stuck = options["dives"], 0, 0
        self.met = Met(problem.targets.n_effects)
        self.chooser = Chooser(self.met, self._favour)
        self.improver = Improver(self.met, self.chooser, watch, self.order)
        self.sparse = SparseDesigns(problem, limits, space, self.order, watch)
        self._shared: Counter[int] = Counter()

    def _favour(self, change: Change) -> float:
        """Chance, and how often good designs have what the change adds."""
        total = sum(self._shared.values())
        often = sum(self._shared[target] for target in sorted(change.design)) / total if total else 0.0
        return self.order.uniform(0.5, 1.5) * (1.0 + often)

    def share(self, design: Design) -> None:
        """Let later dives favour what a good design has."""
        self._shared.update(sorted(design))

    @property
    def deepest(self) -> int:
        """How many interventions a dive may take before it is made smaller: often most of them are not needed."""
        return max(4 * self.limits.max_interventions, self.limits.max_interventions + 20)

    def dive(self, aim: Aim) -> Design | None:
        """A design within the limits that meets an aim, by one dive."""
        self.number += 1
        every = TURNS_WHERE_LARGE if len(self.problem.targets) > LARGE else TURNS
        if self.number % every:
            few = self.sparse.design(aim)
            if few is not None or self.watch.stop():
                return few
        one = Dive(aim, self.met, self.chooser, self.watch, self.deepest)
        for start in self._starts(aim):
            found = one.run(start, discrepancies=1 + self.number % 2)
            if found is not None:
                break
        else:
            found = None
        self.stuck += one.stuck
        if found is not None and not self.watch.stop():
            found = self._smallest(aim, found)
        return self._proposed(aim) if found is None and not self.watch.stop() else found

    def _starts(self, aim: Aim) -> Iterator[Design]:
        """The additions that a state of largest potential uses, and none at all."""
        targets = self.problem.targets
        additions = np.flatnonzero(targets.adds).tolist()
        reach = aim.reach(()) if additions else None
        used = set().union(*(targets.needs(effect).tolist() for effect in members(reach.used))) if reach else set()
        with_them = frozenset(target for target in additions if target in used)
        groups = targets.exclusive()
        if with_them and all(len(group & with_them) <= 1 for group in groups):
            yield with_them
        yield frozenset()

    def _smallest(self, aim: Aim, design: Design) -> Design | None:
        """A design made smaller until it keeps to the limits; None if it does not get there."""
        for _ in range(ORDERS):
            smaller = shrunk(aim, design, self.order, self.watch)
            if self.limits.affordable(self.problem, smaller):
                return smaller
            if self.watch.stop():
                return None
        return None

    def _proposed(self, aim: Aim, fewer: int | None = None) -> Design | None:
        """A design within the limits that meets an aim, among the least sets that hit all that was met.

        `fewer` is a number of interventions that it must fall below.
        """
        for _ in range(PROPOSALS):
            most = self.limits.max_interventions if fewer is None else fewer - 1
            least = fewest(aim, self.met, most)
            if least.proposal is None or self.watch.stop():
                return None
            found = self._tried(aim, least)
            if found:
                return found
        return None

    def _tried(self, aim: Aim, least: Fewest) -> Design | None:
        """A proposal, if it meets the aim within the limits; else what it has taught is noted."""
        design, targets = least.proposal, self.problem.targets
        standing, restrictions = aim.standing(design), frozenset(targets.restrictions(design))
        if standing.fate is Fate.MET:
            return design if self.limits.affordable(self.problem, design) else None
        if standing.fate is Fate.SPOILT:
            self.met.add(Row(aim.hits(standing.state), standing.state, restrictions, standing.value))
        elif not targets.opposed:
            self.met.lose(lethal_reason(aim, set(restrictions)))
        return None

    def proof(self, aim: Aim) -> dict | None:
        """Why no design meets an aim, if a state shows it that no design can hit and leave what is needed.

        All that restricts is undecided here, so that the state is one of every design that does not hit it.
        """
        standing, targets = aim.alone(()), self.problem.targets
        if standing.fate is Fate.LOST:
            return {"why": "no state that is needed is left, whatever is added"}
        if standing.fate is Fate.MET or not aim.rules_out(standing.state):
            return None
        hits = aim.hits(standing.state)
        able = self.space.allowed(self.space.root, self.space.forbidden)
        for effect in members(hits & able):
            if aim.reach(targets.implied(targets.needs(effect).tolist())) is not None:
                return None
        why = "a state that must not be: nothing that it uses can be removed and leave what is needed"
        return {"why": why, "state": aim.fluxes(standing.state)}

    def over(self, found: bool) -> bool:
        """Whether the dives are to end: all are made, or their time is up, or all of it where nothing was found."""
        if self.watch.stop() and not found and not self.whole.stop():
            self.watch.prolong()
        return self.number >= self.most or self.watch.stop()

    @property
    def patient(self) -> bool:
        """Whether it was time that ended the dives, so that the bound may take the rest of it."""
        return self.watch.stopped is not None

    def doubt(self) -> str:
        """Why there may be other designs."""
        dives = f"{self.number} dive{'' if self.number == 1 else 's'}"
        if self.whole.stop():
            return f"{self.whole.stopped}, after {dives}"
        until = " until their share of the time limit ended" if self.watch.stopped else ""
        return f"{dives}{until}, which prove nothing of other designs"

    def ended(self) -> None:
        """Note how long the dives have taken."""
        self.whole.nodes += self.watch.nodes
        self.seconds["dives"] = round(self.watch.seconds, 3)

    def account(self, proof: dict | None, least: Depth = NO_BOUND, worth: float | None = None) -> dict:
        """What record.json says of the dives."""
        self.seconds["bound"] = round(self.watch.seconds - self.seconds["dives"], 3)
        known = least.by and isfinite(least.interventions)
        return {
            "dives": self.number,
            "stuck": self.stuck,
            "states_met": len(self.met.rows),
            "least_interventions": int(least.interventions) if known else None,
            "least_interventions_for": worth,
            "least_interventions_by": least.by if known else None,
            "seconds": self.seconds,
            "proof": proof,
        }


class _Values(_Dives):
    """Dives for a value."""

    def __init__(self, task: Task):
        self.best, self.task = task.best, task
        super().__init__(task.problem, task.limits, Space(task.problem, task.limits), task.watch, task.options)
        self.best.stop = self.watch.stop

    def run(self) -> dict | None:
        """Fill the list; the reason where it is proven that nothing beats the wild type."""
        floor, top = self.best.threshold(), self.best.potential
        if self.best.hopeless(top):
            return {"why": "no state makes more than the wild type does"}
        aim = aim_at(self.best, floor, self.space)
        if not aim.reachable:
            return {"why": "no state that counts makes more than the wild type does"}
        proof = self.proof(aim)
        if proof is None and self.limits.max_interventions > len(self.problem.forced):
            self._climb(self._above(floor), top)
        return proof

    def _climb(self, floor: float, top: float) -> None:
        """Dive for one value after the other."""
        self._take(self.improver.improved(frozenset(), self._aim_above, TRIALS // 3))
        value, high = self._value(floor), top
        while not self.over(bool(self.best.ranked)):
            share = FIRST_SHARE if not self.number else 0.5
            if high - value <= NARROW * abs(top):
                high = top
            aim = aim_at(self.best, value + share * (high - value), self.space)
            found = self.dive(aim) if aim.reachable else None
            if not aim.reachable:
                self.number += 1
            if found is None:
                high = aim.goal
                continue
            self._take(found)
            self._take(self.improver.improved(found, self._aim_above, TRIALS))
            value, high = self._value(floor), max(high, self._value(floor))

    def _value(self, floor: float) -> float:
        return floor if self.best.incumbent is None else max(floor, self.best.incumbent)

    def _above(self, value: float) -> float:
        """A value that is larger by more than equal values differ."""
        return value + BETTER * VALUE * max(1.0, abs(value))

    def _aim_above(self, design: Design) -> ValueAim:
        found = self.best.evaluate(design)
        value = self.best.threshold() if found is None else found.value
        return aim_at(self.best, self._above(value), self.space)

    def _take(self, design: Design) -> None:
        """Offer a design without what it does not need to be worth what it is."""
        found = self.best.evaluate(design) if design else None
        if found is None:
            return
        aim = aim_at(self.best, found.value, self.space)
        smaller = shrunk(aim, design, self.order, self.watch)
        fewer = self._proposed(aim, len(self.problem.forced) + len(smaller))
        for one in dict.fromkeys([smaller, *([fewer] if fewer else [])]):
            evaluation = self.best.evaluate(one)
            if evaluation is not None and self.best.offer(one, evaluation):
                self.share(one)

    def account(self, proof: dict | None) -> dict:
        """With the fewest interventions of a design that is worth as much as the best one found."""
        self.best.stop = self.whole.stop
        if self.best.incumbent is None or not self.task.options.get("depth", True):
            return super().account(proof)
        value, number = self.best.incumbent, len(self.best.ranked[0].names)
        aim = aim_at(self.best, value, self.space)
        found = depth(aim, self.met, self.task, number, self.patient)
        if found.design is not None and len(found.design) + len(self.problem.forced) < number:
            self.best.take([found.design])
        return super().account(proof, found, value)


class _Cuts(_Dives):
    """Dives for cut sets."""

    def __init__(self, sets: CutSets, watch: Watch):
        self.sets, self.aim = sets, CutAim(sets)
        super().__init__(sets.problem, sets.limits, sets.space, watch, sets.options)

    def run(self) -> dict | None:
        """Fill the sets; the reason where it is proven that there are none."""
        if self.sets.unprotected():
            return {"why": "a region that is to be protected has no state"}
        proof = self.proof(self.aim)
        while proof is None and not self._enough() and not self.over(bool(self.sets.found)):
            found = self.dive(self.aim)
            if found is None:
                continue
            self._take(found)
            self._take(self.improver.improved(found, lambda _: self.aim, TRIALS))
        return proof

    def _enough(self) -> bool:
        most = self.limits.max_designs
        return most is not None and len(self.sets.found) >= most

    def _take(self, design: Design) -> None:
        smaller = shrunk(self.aim, design, self.order, self.watch)
        fewer = self._proposed(self.aim, len(self.problem.forced) + len(smaller))
        for one in dict.fromkeys([smaller, *([fewer] if fewer is not None else [])]):
            if self.limits.affordable(self.problem, one) and self.sets.valid(one):
                self.sets.found.add(one)
                self.share(one)

    def account(self, proof: dict | None) -> dict:
        """With the fewest interventions of any cut set."""
        if proof is not None:
            return super().account(proof)
        smallest = min(map(len, self.sets.found), default=inf) + len(self.problem.forced)
        found = by_hitting_sets(self.aim, self.met, self.whole, self.sets.options["seed"], smallest, self.patient)
        if found.design is not None:
            self._take(found.design)
        return super().account(proof, found)
