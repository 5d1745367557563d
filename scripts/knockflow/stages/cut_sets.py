"""Minimal cut sets of one case: the search, whole or in parts, and the rows of what it has found.

Parts begin with what the first levels have left open and taught; together they find what one search finds
(`knockflow.methods.cut_sets.visit`).
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

from knockflow.base.clock import Watch
from knockflow.base.tables import DESIGNS
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.gather import check_problem
from knockflow.designs.no_design import TIME, Why, no_cut_set, nothing_to_cut
from knockflow.designs.result import Result, tell_stopped_at
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import Visit, search_piece
from knockflow.methods.registry import METHODS
from knockflow.methods.tree.workers import MOST_LEVELS_BEFORE_SHARING
from knockflow.problem.archive import digest
from knockflow.problem.problem import Problem

Found = tuple[Result, list[dict], str, Why]
"""What the search tells, rows of designs.tsv, the status, and what there is to say of it."""


def find_cut_sets(
    problem: Problem, options: Mapping, parts: Sequence[Mapping] = (), checkpoint: Checkpoint | None = None
) -> Found:
    """All minimal cut sets; they have no value, and growth and product are left to validation.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, once the log says what has been found, and where the search stands is kept.
    FileError
        If a part is that of another problem.
    """
    sets = CutSets(problem, options)
    with Watch(options["time_limit_s"]) as watch:
        result = _gathered(sets, parts) if parts else _searched(sets, watch, checkpoint)
        result.complete = result.claims_exact = not result.doubt
        listed = sets.listed(certain=result.complete)
    rows = [
        dict.fromkeys(DESIGNS.names)
        | {"rank": rank, "interventions": one.names, "n_interventions": len(one.names), "cost": one.cost}
        for rank, one in enumerate(listed, 1)
    ]
    return result, rows, *_status(sets, result, rows)


def _status(sets: CutSets, result: Result, rows: list[dict]) -> tuple[str, Why]:
    if not result.complete:
        missing = Why(TIME, f"no cut set found before the search ended: {result.doubt}")
        return ("feasible", Why("", result.doubt)) if rows else ("error", missing)
    if not rows:
        return "infeasible", no_cut_set(sets.asked, sets.options, sets.unprotected())
    return "optimal", Why() if any(row["interventions"] for row in rows) else nothing_to_cut()


def _searched(sets: CutSets, watch: Watch, checkpoint: Checkpoint | None) -> Result:
    import_module(METHODS[sets.options["method"]].module).search_cut_sets(sets, watch, checkpoint)
    _tell_if_interrupted(sets, watch, checkpoint)
    result = _nothing(watch.stopped or sets.doubt, watch.seconds, watch.nodes)
    result.dives = sets.dives
    if checkpoint is not None:
        result.resumed = checkpoint.resumed
        result.seconds, result.nodes = result.seconds + checkpoint.seconds, result.nodes + checkpoint.nodes
    return result


def _tell_if_interrupted(sets: CutSets, watch: Watch, checkpoint: Checkpoint | None) -> None:
    if watch.interrupted:
        tell_stopped_at(f"{len(sets.found)} cut sets so far", watch, checkpoint)
        raise KeyboardInterrupt


def _gathered(sets: CutSets, parts: Sequence[Mapping]) -> Result:
    for item in parts:
        check_problem(sets.asked, item, "part")
        sets.take(item["designs"])
    stopped = next((item["stopped"] for item in parts[1:] if item["stopped"]), "")
    seconds, nodes = (sum(item[key] for item in parts) for key in ("seconds", "nodes"))
    result = _nothing(stopped, seconds, nodes)
    result.resumed = sum(item["resumed"] for item in parts[1:])
    return result


def _nothing(doubt: str, seconds: float, nodes: int) -> Result:
    return Result([], float("-inf"), not doubt, not doubt, doubt=doubt, seconds=seconds, nodes=nodes)


def seeds(problem: Problem, options: Mapping) -> dict:
    """What all parts of a scattered search begin with, as JSON can hold it."""
    sets = CutSets(problem, options)
    with Watch(options["time_limit_s"]) as watch:
        visit = Visit(sets, watch)
        visit.run(levels=MOST_LEVELS_BEFORE_SHARING)
        _tell_if_interrupted(sets, watch, None)
    return _content(sets, watch) | {"knowledge": visit.state()}


def part(
    problem: Problem, options: Mapping, begin: Mapping, number: int, parts: int, checkpoint: Checkpoint | None = None
) -> dict:
    """The cut sets of one part, as JSON can hold it; parts are numbered from 0.

    Raises
    ------
    FileError
        If the seeds are those of another problem.
    """
    check_problem(problem, begin, "seeds")
    sets = CutSets(problem, options)
    with Watch(options["time_limit_s"]) as watch:
        search_piece(sets, watch, begin["knowledge"], number, parts, checkpoint)
        _tell_if_interrupted(sets, watch, checkpoint)
    content = _content(sets, watch) | {"stopped": watch.stopped or "", "resumed": 0}
    if checkpoint is not None:
        content |= {
            "seconds": round(checkpoint.seconds + watch.seconds, 3),
            "nodes": checkpoint.nodes + watch.nodes,
            "resumed": checkpoint.resumed,
        }
    return content


def _content(sets: CutSets, watch: Watch) -> dict:
    return {
        "problem": digest(sets.asked),
        "designs": sets.state(),
        "seconds": round(watch.seconds, 3),
        "nodes": watch.nodes,
    }
