"""The list of a search whose parts ran as jobs of their own (`knockflow.stages.design_parts`)."""

from collections.abc import Iterable, Mapping, Sequence

from knockflow.base.errors import FileError
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.designs.result import Result
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import asked_for
from knockflow.problem.archive import digest
from knockflow.problem.problem import Problem


def best_designs(problem: Problem, options: Mapping) -> BestDesigns:
    """An empty list for a formulation of the configuration."""
    wanted = asked_for(options)
    base, whole = BEHAVIOURS[wanted.response].prepare(problem)
    return BestDesigns(whole, wanted, Limits.of(options), base)


def gathered(best: BestDesigns, problem: Problem, begin: Mapping, parts: Sequence[Mapping]) -> Result:
    """The list of all parts.

    Raises
    ------
    FileError
        If a part is that of another problem.
    """
    for item in (begin, *parts):
        check_problem(problem, item, "part")
        best.take(numbered(best.base, item["designs"]))
    stopped = next((item["stopped"] for item in parts if item["stopped"]), "")
    result = Result(best.ranked, max(item["bound"] for item in parts), not stopped, True, doubt=stopped)
    result.wild_type, result.potential = best.wild_type, best.potential if best.possible else None
    result.seconds = sum(item["seconds"] for item in (begin, *parts))
    result.nodes = sum(item["nodes"] for item in (begin, *parts))
    result.resumed = sum(item["resumed"] for item in parts)
    return result


def check_problem(problem: Problem, content: Mapping, what: str) -> None:
    """Refuse what was made of another problem.

    Raises
    ------
    FileError
        If the content names the hash of another one.
    """
    if content.get("problem") != digest(problem):
        raise FileError(f"scatter: a {what} belongs to another problem; delete the folder `parts` and run again")


def numbered(problem: Problem, designs: Iterable[Iterable[str]]) -> list[frozenset[int]]:
    """Designs by the numbers of their targets."""
    number = {name: target for target, name in enumerate(problem.targets.ids)}
    return [frozenset(number[name] for name in design) for design in designs]
