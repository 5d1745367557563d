"""The one data structure of every stage: one leader, who chooses among targets, and the followers that answer.

Targets change bounds of columns (`knockflow.problem.leader`): a knock-out sets both to 0. A problem has one follower,
the cell, unless a layer needs several (scenarios, zones): then each answers the same design by itself, and the value
of the design folds theirs (`knockflow.problem.judge`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from knockflow.base.errors import KnockflowError
from knockflow.language.kinds import FollowerKind
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.numerics.program import Column, Row
from knockflow.problem.follower_program import FollowerProgram
from knockflow.problem.judge import WORST, Judge
from knockflow.problem.leader import BLOCKED, CANDIDATE, Targets


class SeveralFollowersError(KnockflowError):
    """What holds for one follower was asked of a problem that has another number of them."""


def _of_follower(name: str) -> property:
    """What the one follower has under this name."""
    return property(lambda problem: getattr(problem.follower, name), doc=f"`{name}` of the one follower.")


@dataclass(frozen=True, eq=False)
class Problem:
    """What the leader may do, and how the cell answers.

    A problem with one follower can be asked for all that this has, as if it were its own.

    Attributes
    ----------
    followers
        At least one.
    targets
        What a design may change. Columns are numbered through all followers, those of the first one first.
    forced, forced_kinds, forced_cost
        What every design contains, as tables write it, and what that costs. The followers' bounds already hold it, and
        leave room for all that a target adds.
    hindrances
        In words, what layers find to keep the wild type from growing at min_growth; empty where it grows.
    judge
        What a design is worth by several followers. It must grow at min_growth as each of them, however it is judged.
    """

    followers: tuple[FollowerProgram, ...]
    targets: Targets
    forced: tuple[str, ...] = ()
    forced_kinds: tuple[str, ...] = ()
    forced_cost: float = 0.0
    hindrances: tuple[str, ...] = ()
    judge: Judge = WORST

    def __post_init__(self) -> None:
        if not self.followers:
            raise SeveralFollowersError("a problem needs a follower")

    rows, row_lower, row_upper = map(_of_follower, ("rows", "row_lower", "row_upper"))
    columns, lower, upper, integer = map(_of_follower, ("columns", "lower", "upper", "integer"))
    matrix, members, place = map(_of_follower, ("matrix", "members", "place"))
    growth, objective, product = map(_of_follower, ("growth", "objective", "product"))
    uptake, total_flux, then = map(_of_follower, ("uptake", "total_flux", "then"))
    viable_lower, viable_upper = map(_of_follower, ("viable_lower", "viable_upper"))
    fluxes = _of_follower("fluxes")

    @property
    def min_growth(self) -> float:
        """What a design must leave to every follower (1/h)."""
        return max(follower.min_growth for follower in self.followers)

    @property
    def max_growth(self) -> float:
        """What the wild type reaches as every follower (1/h)."""
        return min(follower.max_growth for follower in self.followers)

    @property
    def maximizes_growth(self) -> bool:
        """Whether growth is what the cell maximizes, as every follower."""
        return all(follower.maximizes_growth for follower in self.followers)

    @property
    def in_order(self) -> bool:
        """Whether designs that make as much of the product are ranked by a second one."""
        return any(follower.then is not None for follower in self.followers)

    @property
    def driving_forces(self) -> DrivingForces | None:
        """Those of the one follower; several have none."""
        return None if len(self.followers) > 1 else self.follower.driving_forces

    @property
    def reactions(self) -> tuple[str, ...]:
        """Ids of the model's reactions, the same for all followers."""
        return self.followers[0].reactions

    @property
    def viable_ranges(self) -> tuple[np.ndarray, np.ndarray]:
        """The ranges over the states that a response may hold, of the columns of all followers one after the other."""
        lower, upper = zip(*((one.viable_lower, one.viable_upper) for one in self.followers), strict=True)
        return np.concatenate(lower), np.concatenate(upper)

    @property
    def each(self) -> list["Problem"]:
        """The problem with each follower alone."""
        return [self.alone(number) for number in range(len(self.followers))] if len(self.followers) > 1 else [self]

    @property
    def kind(self) -> FollowerKind:
        """What the states are the solutions of, those of the most general follower."""
        return FollowerKind.of(follower.kind for follower in self.followers)

    @property
    def linear(self) -> bool:
        """Whether the states are those of a linear program."""
        return self.kind is FollowerKind.LINEAR

    @property
    def follower(self) -> FollowerProgram:
        """The one follower.

        Raises
        ------
        SeveralFollowersError
            If there are several; `alone` has each of them by itself.
        """
        if len(self.followers) > 1:
            raise SeveralFollowersError(f"this holds for one follower, and the problem has {len(self.followers)}")
        return self.followers[0]

    @property
    def viable(self) -> bool:
        """Whether the wild type can grow at min_growth, as every follower."""
        return all(follower.viable for follower in self.followers)

    def candidates(self, usable: tuple[str, ...] = (CANDIDATE,)) -> list[int]:
        """Numbers of the targets of some statuses; by default those for a formulation with a growth requirement."""
        return [t for t, status in enumerate(self.targets.status) if status in usable]

    @property
    def first_columns(self) -> list[int]:
        """The number of the first column of each follower, and last how many columns there are."""
        return [0, *np.cumsum([len(follower.columns) for follower in self.followers]).tolist()]

    def alone(self, number: int) -> "Problem":
        """The problem with only one of its followers; targets and effects keep their numbers."""
        first, end = self.first_columns[number : number + 2]
        return replace(self, followers=(self.followers[number],), targets=self.targets.within(first, end))

    def with_follower(self, **changes) -> "Problem":
        """The problem in which the one follower has some fields changed."""
        return replace(self, followers=(replace(self.follower, **changes),))

    def extended(
        self,
        rows: Iterable[Row] = (),
        columns: Iterable[Column] = (),
        targets: Targets | None = None,
        **vectors: np.ndarray,
    ) -> "Problem":
        """The problem whose one follower has more rows and columns (`FollowerProgram.extended`)."""
        longer = self.follower.extended(rows, columns, **vectors)
        return replace(self, followers=(longer,), targets=targets or self.targets)

    def with_integers(self, state: np.ndarray) -> "Problem":
        """The linear problem in which whole numbers have the values of a state."""
        return replace(self, followers=(self.follower.with_integers(state),))

    def without_directions(self, literals: Iterable[int]) -> "Problem":
        """The problem without driving forces and some directions of columns: 2 j is v_j > 0, 2 j + 1 is v_j < 0."""
        return replace(self, followers=(self.follower.without_directions(literals),))

    def relaxed(self) -> "Problem":
        """The linear problem without whole numbers and driving forces; it has more states."""
        return replace(self, followers=tuple(follower.relaxed() for follower in self.followers))

    def in_units_of(self, unit: float) -> "Problem":
        """The same linear problem with fluxes in multiples of a unit (mmol/gDW/h, 1/h for growth)."""
        targets = self.targets
        return replace(
            self,
            followers=tuple(follower.in_units_of(unit) for follower in self.followers),
            targets=replace(targets, lower=targets.lower / unit, upper=targets.upper / unit),
        )

    def growing(self, with_idle: bool = False) -> "Problem":
        """The same problem for the states that a response may hold.

        Columns without flux in any such state are dropped and targets that are no candidates with them:
        lossless for every formulation that requires growth, not for lethal sets. `with_idle` keeps those columns and
        their targets, for a formulation that also asks for states of less growth.
        """
        keep = [np.flatnonzero(follower.used() | with_idle) for follower in self.followers]
        candidates = self.candidates((CANDIDATE, BLOCKED) if with_idle else (CANDIDATE,))
        settled = self.targets.settled(candidates)
        followers, column_map = [], {}
        for (first, end), follower, own in zip(pairwise(self.first_columns), self.followers, keep, strict=True):
            lower, upper = follower.lower.copy(), follower.upper.copy()
            for column, least, most in settled:
                if first <= column < end:
                    lower[column - first] = max(lower[column - first], least)
                    upper[column - first] = min(upper[column - first], most)
            followers.append(replace(follower, lower=lower, upper=upper).taken(own))
            column_map |= {first + int(old): len(column_map) + new for new, old in enumerate(own)}
        return replace(self, followers=tuple(followers), targets=self.targets.take(candidates, column_map))
