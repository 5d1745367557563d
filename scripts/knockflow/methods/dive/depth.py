"""How many interventions a value takes at least, by hitting sets and by exact search, in what time is left for it.

Hitting sets (`knockflow.methods.dive.least`) come first: where few targets matter they end with a design of the fewest
interventions. Then support branching is asked for designs of one, two, ... interventions that are worth as much: for a
high goal it rules nearly all of them out by states that they leave whole.
"""

from dataclasses import dataclass, replace
from math import inf, isfinite

from knockflow.base.clock import Watch
from knockflow.follower.respond import Design
from knockflow.methods.dive.aims import Aim
from knockflow.methods.dive.least import ROUNDS, LeastSearch
from knockflow.methods.dive.met import Met
from knockflow.methods.task import Task
from knockflow.methods.tree.method import search

FOR_HITTING_SETS = 0.25
"""Share of the time for the bound that hitting sets get."""

PROVEN = 2
"""Interventions up to which exact search is asked where it is not time that ends the search."""


@dataclass(frozen=True)
class Depth:
    """A bound on the number of interventions, how it was found, and a design that has so many, if one was found."""

    interventions: float = 0.0
    by: str = ""
    design: Design | None = None


NO_BOUND = Depth()


def by_hitting_sets(
    aim: Aim, met: Met, watch: Watch, seed: int, enough: float, patient: bool, share: float = 1.0
) -> Depth:
    """The bound by states that must be hit, in a share of the time that is left; `patient` takes all of it."""
    left = watch.seconds_left
    own = Watch(None if left is None else share * left, within=watch)
    search = LeastSearch(aim, {*met.lethal(aim)}, seed, own.stop, lambda: own.seconds_left)
    found = search.run(enough, inf if patient and left is not None else ROUNDS)
    by = f"hitting sets: {found.states} states to hit, {found.conflicts} sets that leave too little (HiGHS)"
    return Depth(found.interventions, by, found.design)


def depth(aim: Aim, met: Met, task: Task, enough: float, patient: bool) -> Depth:
    """The better of both bounds for the designs that meet an aim; `enough` is a number that is known to do.

    Where `patient` it takes all the time that is left, else the same work in every run.
    """
    watch, best = task.watch, task.best
    found = by_hitting_sets(aim, met, watch, task.options["seed"], enough, patient, FOR_HITTING_SETS)
    while isfinite(found.interventions) and found.interventions < enough and found.design is None:
        most = int(found.interventions)
        if watch.stop() or (most > PROVEN and not (patient and watch.seconds_left is not None)):
            break
        limits = replace(best.limits, max_interventions=most, max_designs=1, min_value=aim.goal)
        fewer, own = best.within(limits), Watch(watch.seconds_left, within=watch)
        fewer.stop = own.stop
        plain = dict(task.options) | {"threads": 1, "front": [], "scatter": 1}
        result = search(replace(task, best=fewer, watch=own, options=plain, checkpoint=None))
        watch.nodes += own.nodes
        if result.ranked:
            found = Depth(most, found.by, result.ranked[0].design)
        elif own.stopped or not result.complete:
            break
        else:
            found = Depth(most + 1, f"`tree`: no design of at most {most} is worth as much")
    return found if isfinite(found.interventions) else Depth(inf, found.by)
