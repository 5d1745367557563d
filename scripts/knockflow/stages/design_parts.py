"""One design problem in parts that run anywhere: what they begin with, each part, and the list gathered from them.

The seeds hold the best designs with one intervention less, what the best of these become with one more target, and
what the levels above the last have taught (`knockflow.methods.tree.search.Knowledge`). Every part takes its share of
the subtrees at the root and finds all of its designs that belong in the list; so the gathered list is the same for any
number of parts.
"""

from collections.abc import Mapping
from dataclasses import replace

from knockflow.base.clock import Watch
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.gather import best_designs, check_problem, numbered
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import tell_stopped
from knockflow.formulations.registry import asked_for
from knockflow.methods.registry import METHODS
from knockflow.methods.task import Task
from knockflow.methods.tree.larger import offer_larger
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.method import search, search_piece, traversal
from knockflow.problem.archive import digest
from knockflow.problem.problem import Problem
from knockflow.stages import cut_sets


def seeds(problem: Problem, options: Mapping) -> dict:
    """What all parts begin with, as JSON can hold it."""
    if asked_for(options).cut_sets:
        return cut_sets.seeds(problem, options)
    content = {"problem": digest(problem), "designs": [], "knowledge": None, "seconds": 0.0, "nodes": 0}
    if not problem.viable:
        return content
    best = best_designs(problem, options)
    with Watch(options["time_limit_s"]) as watch:
        if best.limits.max_designs is not None and best.possible:
            _grow(Task(METHODS["tree"], best, watch, options))
        known = None
        if best.full and not watch.stop():
            known = traversal(best, watch, best.threshold()).learn()
    return content | {
        "designs": _as_ids(best),
        "knowledge": None if known is None or watch.stopped else known.as_json(),
        "seconds": round(watch.seconds, 3),
        "nodes": watch.nodes,
    }


def _grow(task: Task) -> None:
    """Offer the best designs with one intervention less, and all that comes of them by one more target."""
    best, watch = task.best, task.watch
    less = replace(best.limits, max_interventions=best.limits.max_interventions - 1)
    smaller = BestDesigns(best.problem, best.formulation, less, best.base)
    if less.max_interventions > 0:
        search(replace(task, best=smaller, options={**task.options, "threads": 1}))
    offer_larger(best, [entry.design for entry in smaller.ranked] or [frozenset()], watch)


def part(
    problem: Problem,
    options: Mapping,
    begin: Mapping,
    number: int,
    parts: int,
    checkpoint: Checkpoint | None = None,
) -> dict:
    """The best designs of one part, as JSON can hold it; parts are numbered from 0.

    Raises
    ------
    FileError
        If the seeds are those of another problem.
    """
    if asked_for(options).cut_sets:
        return cut_sets.part(problem, options, begin, number, parts, checkpoint)
    check_problem(problem, begin, "seeds")
    content = {"problem": digest(problem), "designs": [], "bound": None, "stopped": ""}
    content |= {"seconds": 0.0, "nodes": 0, "resumed": 0}
    if not problem.viable:
        return content
    best = best_designs(problem, options)
    best.take(numbered(best.base, begin["designs"]))
    known = begin["knowledge"] and Knowledge.of_json(begin["knowledge"], len(best.base.each[0].columns))
    with Watch(options["time_limit_s"]) as watch:
        task = Task(METHODS["tree"], best, watch, options, checkpoint=checkpoint)
        result = search_piece(task, number, parts, known)
        if watch.interrupted:
            tell_stopped(best.ranked, watch, checkpoint)
    before = (checkpoint.seconds, checkpoint.nodes, checkpoint.resumed) if checkpoint else (0.0, 0, 0)
    return content | {
        "designs": _as_ids(best),
        "bound": result.bound,
        "stopped": watch.stopped or "",
        "seconds": round(before[0] + watch.seconds, 3),
        "nodes": before[1] + watch.nodes,
        "resumed": before[2],
    }


def _as_ids(best: BestDesigns) -> list[list[str]]:
    return [sorted(best.base.targets.ids[target] for target in entry.design) for entry in best.ranked]
