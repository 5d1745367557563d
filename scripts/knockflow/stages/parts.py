"""The targets of a follower with several parts side by side: what each part shows, and what all need together."""

from collections.abc import Sequence

from knockflow.base.errors import ConfigError
from knockflow.follower.oracle import Follower
from knockflow.problem.assemble import Ranges, Seen
from knockflow.problem.compression import Merged
from knockflow.problem.offer import Offer
from knockflow.problem.problem import Problem
from knockflow.problem.side_by_side import SideBySide


def seen_in_parts(
    problems: Sequence[Problem], growing: Sequence[Ranges], merged: Merged, offered: Offer, parts: SideBySide
) -> list[Seen]:
    """The ranges of the columns of each part of each follower.

    Raises
    ------
    ConfigError
        If a gene rule would need rows of its own in each part.
    """
    for reaction, _ in offered.structures:
        raise ConfigError(
            f"targets.level: the gene rule of {merged.network.reactions[reaction]} has too many minimal sets of genes "
            f"that switch it off for a cell in several parts ({', '.join(parts.names)}); use targets of level "
            "`reactions`"
        )
    size = len(merged.groups)
    return [
        Seen(own, possible)
        for one, problem in zip(growing, problems, strict=False)
        for own, possible in zip(
            parts.ranges(one, size), parts.ranges((problem.viable_lower, problem.viable_upper), size), strict=True
        )
    ]


def lethal(problem: Problem) -> set[str]:
    """The candidates without which no state grows at min_growth; a part by itself may not need them."""
    if not problem.viable:
        return set()
    follower, targets, found = Follower(problem), problem.targets, set()
    for target in problem.candidates():
        best = None if targets.adds[target] else follower.max_growth(follower.after(targets.implied([target])))
        if not targets.adds[target] and (best is None or not follower.grows(best.value)):
            found.add(targets.ids[target])
    return found
