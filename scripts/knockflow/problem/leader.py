"""What the leader may decide: targets with their costs, and what each set of decisions does to the follower.

Every target has one decision that restricts the follower: to apply it, where it removes or limits something; to leave
it out, where it adds something (a reaction, a larger uptake), since the problem holds everything that may be added.
An effect narrows bounds of columns once all the restrictions that it needs are decided: one for a reaction's
knock-out, the genes of a cut set for a reaction with isozymes. So all effects only ever shrink the follower.

Where the other decision restricts, too, it is a restriction of its own, the opposite: a regulator that is kept follows
its rule, one that is removed is off, and the problem holds the states of both. Arrays number decisions, since searches
look up millions of them: with n targets the restriction of target t has the number t, its opposite n + t.
`Targets.decision` tells which decision a number stands for, `Targets.number` the reverse.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT
from knockflow.language.notation import reactions_closed

_SIGNS = {KNOCK_OUT: "-", KNOCK_IN: "+"}
CANDIDATE, ESSENTIAL, BLOCKED, EXCLUDED, FORCED = "candidate", "essential", "blocked", "excluded", "forced"


class Decision(NamedTuple):
    """Whether a target is applied, that is part of the design."""

    target: int
    applied: bool

    @property
    def opposite(self) -> "Decision":
        """The other decision on the same target."""
        return Decision(self.target, not self.applied)


@dataclass(frozen=True)
class Effect:
    """Bounds of columns, as (column, lower, upper), that hold once some decisions, by their numbers, are taken."""

    needs: Sequence[int]
    bounds: Sequence[tuple[int, float, float]]

    @property
    def columns(self) -> set[int]:
        """The columns whose bounds it narrows."""
        return {column for column, _, _ in self.bounds}


@dataclass(frozen=True)
class Targets:
    """Targets by number, and the effects of restrictions.

    Effect e needs the restrictions `need[need_start[e]:need_start[e + 1]]`, where numbers from the number of targets on
    are opposites, and then narrows the bounds of columns `column[start[e]:start[e + 1]]`. `adds` marks the targets
    that add something; of those in a group of `exclusive` (entries `member[group_start[g]:group_start[g + 1]]`) a
    design holds at most one. `status` is `candidate`, `essential` or `blocked` at the case's min_growth. An id joins
    interchangeable names by `|`; `choice_cost` has the cost of each of them, one after the other for all targets, and
    `cost` the least of a target's.
    """

    ids: tuple[str, ...]
    kind: tuple[str, ...]
    cost: np.ndarray
    choice_cost: np.ndarray
    status: tuple[str, ...]
    adds: np.ndarray
    group_start: np.ndarray
    member: np.ndarray
    need_start: np.ndarray
    need: np.ndarray
    start: np.ndarray
    column: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls,
        ids: Iterable[str],
        effects: Iterable[Effect],
        *,
        kind: Iterable[str] | None = None,
        cost=None,
        choice_cost: Iterable[Sequence[float]] | None = None,
        status: Iterable[str] | None = None,
        adds=None,
        exclusive: Iterable[Collection[int]] = (),
    ) -> "Targets":
        """From lists; by default all targets are knock-outs that cost 1."""
        ids, effects, exclusive = tuple(ids), list(effects), [sorted(group) for group in exclusive]
        n = len(ids)
        cost = np.ones(n) if cost is None else np.asarray(cost, float)
        if choice_cost is None:
            # All interchangeable names of a target cost the same.
            choice_cost = [[least] * len(name.split("|")) for name, least in zip(ids, cost.tolist(), strict=True)]
        # Lists of lists are kept as one array of all entries, and one of where each list starts.
        flat = [bound for effect in effects for bound in effect.bounds]
        return cls(
            ids=ids,
            kind=(KNOCK_OUT,) * n if kind is None else tuple(kind),
            cost=cost,
            choice_cost=np.array([item for part in choice_cost for item in part], dtype=float),
            status=(CANDIDATE,) * n if status is None else tuple(status),
            adds=np.zeros(n, bool) if adds is None else np.asarray(adds, bool),
            group_start=_starts(exclusive),
            member=_flat(exclusive),
            need_start=_starts([effect.needs for effect in effects]),
            need=_flat([sorted(effect.needs) for effect in effects]),
            start=_starts([effect.bounds for effect in effects]),
            column=np.array([bound[0] for bound in flat], dtype=np.int64),
            lower=np.array([bound[1] for bound in flat], dtype=float),
            upper=np.array([bound[2] for bound in flat], dtype=float),
        )

    @classmethod
    def knock_outs(cls, ids, columns, cost=None, status=None) -> "Targets":
        """Targets that close columns: one list of columns for each id."""
        effects = [Effect([t], [(column, 0.0, 0.0) for column in own]) for t, own in enumerate(columns)]
        return cls.of(ids, effects, cost=cost, status=status)

    def written(self, target: int) -> str:
        """A target as tables write it; the id of one that sets a bound says so itself."""
        return _SIGNS.get(self.kind[target], "") + self.ids[target]

    def choices(self, target: int) -> list[tuple[str, float]]:
        """Each of a target's interchangeable names, as tables write it, with its cost."""
        names = self.ids[target].split("|")
        start = self._first_choice[target]
        costs = self.choice_cost[start : start + len(names)].tolist()
        return [(_SIGNS.get(self.kind[target], "") + name, cost) for name, cost in zip(names, costs, strict=True)]

    @cached_property
    def _first_choice(self) -> np.ndarray:
        return _starts([name.split("|") for name in self.ids])

    @cached_property
    def weaker(self) -> dict[int, list[int]]:
        """Of each target that closes several reactions, those that close part of that by fewer: `A` beside `A&B`.

        By columns, since what a target closes beside its own may never carry flux, and is in no column then.
        """
        # The columns that each target closes by itself; what does anything else cannot be compared by them.
        others: set[int] = set()
        closed: dict[int, set[int]] = {}
        for number in range(self.n_effects):
            effect = self.effect(number)
            if len(effect.needs) == 1 and all(ends == [0.0, 0.0] for _, *ends in effect.bounds):
                closed.setdefault(effect.needs[0], set()).update(effect.columns)
            else:
                others.update(effect.needs)
            # What happens where a target is left out has the number of that decision, beyond the targets.
            others.update(need - len(self) for need in effect.needs if need >= len(self))
        alone = [t for t in closed if t < len(self) and self.kind[t] == KNOCK_OUT and t not in others]
        size = {t: reactions_closed(self.written(t)) for t in alone}
        return {
            t: [s for s in sorted(size) if size[s] < size[t] and closed[s] <= closed[t]]
            for t in sorted(size)
            if size[t] > 1
        }

    def decision(self, number: int) -> Decision:
        """What a number stands for; below the number of targets, the decision on that target that restricts."""
        return Decision(number % len(self), bool(self.applies[number]))

    def number(self, decision: Decision) -> int:
        """The number of a decision."""
        restricts = decision.applied != bool(self.adds[decision.target])
        return decision.target if restricts else len(self) + decision.target

    def opposite(self, number: int) -> int:
        """The number of the other decision on the same target."""
        n = len(self)
        return number + n if number < n else number - n

    @property
    def n_effects(self) -> int:
        """How many effects there are."""
        return len(self.start) - 1

    @cached_property
    def plain(self) -> bool:
        """Whether effect and target are one and the same, and nothing is added or exclusive."""
        return (
            not self.adds.any()
            and not self.member.size
            and np.array_equal(self.need, np.arange(len(self)))
            and np.array_equal(self.need_start, np.arange(len(self) + 1))
        )

    @cached_property
    def owner(self) -> np.ndarray:
        """The effect that each of the bounds belongs to."""
        return np.repeat(np.arange(self.n_effects), np.diff(self.start))

    @cached_property
    def needing(self) -> np.ndarray:
        """The effect that each of the needs belongs to."""
        return np.repeat(np.arange(self.n_effects), np.diff(self.need_start))

    def columns(self, effect: int) -> np.ndarray:
        """The columns that an effect narrows."""
        return self.column[self.start[effect] : self.start[effect + 1]]

    def needs(self, effect: int) -> np.ndarray:
        """The restrictions that an effect needs."""
        return self.need[self.need_start[effect] : self.need_start[effect + 1]]

    def effect(self, number: int) -> Effect:
        """An effect by itself."""
        part = slice(self.start[number], self.start[number + 1])
        bounds = zip(self.column[part].tolist(), self.lower[part].tolist(), self.upper[part].tolist(), strict=True)
        return Effect(self.needs(number).tolist(), list(bounds))

    def exclusive(self) -> list[set[int]]:
        """The groups of which a design holds at most one target."""
        ends = zip(self.group_start[:-1], self.group_start[1:], strict=True)
        return [set(self.member[start:end].tolist()) for start, end in ends]

    def restrictions(self, design: Collection[int]) -> set[int]:
        """The restrictions of a design: what it removes or limits, what it does not add, and opposite decisions."""
        own = {t for t in design if not self.adds[t]} | {t for t in self._additions if t not in design}
        return own | {len(self) + t for t in self.opposed if t not in own}

    def design(self, restrictions: Collection[int]) -> frozenset[int]:
        """The design that some restrictions make: what is removed or limited, and what is not left out."""
        removed = frozenset(t for t in restrictions if t < len(self) and not self.adds[t])
        return removed | frozenset(t for t in self._additions if t not in restrictions)

    @cached_property
    def _additions(self) -> list[int]:
        return np.flatnonzero(self.adds).tolist()

    @cached_property
    def opposed(self) -> list[int]:
        """The targets whose opposite decision restricts the follower, too."""
        return np.unique(self.need[self.need >= len(self)] - len(self)).tolist()

    @cached_property
    def applies(self) -> np.ndarray:
        """By restriction and opposite: whether to decide it puts the target into the design."""
        return np.concatenate([~self.adds, self.adds])

    @property
    def enlarging(self) -> bool:
        """Whether a design can have states that the wild type lacks."""
        return bool(self.adds.any() or self.opposed)

    def effects(self, design: Collection[int]) -> list[int]:
        """The effects of a design."""
        return sorted(design) if self.plain else self.implied(self.restrictions(design))

    def implied(self, restrictions: Collection[int]) -> list[int]:
        """The effects of which all needs are among some restrictions."""
        decided = np.zeros(2 * len(self), bool)
        decided[list(restrictions)] = True
        open_needs = np.bincount(self.needing, ~decided[self.need], self.n_effects)
        return np.flatnonzero(open_needs == 0).tolist()

    def with_effects(self, effects: Iterable[Effect]) -> "Targets":
        """The same targets with other effects."""
        return Targets.of(
            self.ids,
            effects,
            kind=self.kind,
            cost=self.cost,
            choice_cost=[self.choice_cost],
            status=self.status,
            adds=self.adds,
            exclusive=self.exclusive(),
        )

    def within(self, first: int, end: int) -> "Targets":
        """What targets do to the columns from `first` to before `end`, numbered from 0; effects keep their numbers."""
        own = (self.column >= first) & (self.column < end)
        return replace(
            self,
            start=np.concatenate([[0], np.cumsum(np.bincount(self.owner[own], minlength=self.n_effects))]),
            column=self.column[own] - first,
            lower=self.lower[own],
            upper=self.upper[own],
        )

    def take(self, keep: list[int], column_map: dict[int, int] | None = None) -> "Targets":
        """Only some targets, columns renumbered where a map is given; effects that are left nothing are dropped.

        So are those that hold for good without the other targets (`settled`).
        """
        # The new numbers of targets, and of their opposites.
        place = {target: number for number, target in enumerate(keep)}
        place |= {len(self) + target: len(keep) + number for number, target in enumerate(keep)}
        always = self._always(keep)
        effects = []
        for number in range(self.n_effects):
            effect = self.effect(number)
            # What is decided once and for all needs no decision; what needs a target that is left out never happens.
            needs = [need for need in effect.needs if need not in always]
            bounds = [
                (column_map[column] if column_map else column, *ends)
                for column, *ends in effect.bounds
                if column_map is None or column in column_map
            ]
            if bounds and needs and all(need in place for need in needs):
                effects.append(Effect([place[need] for need in needs], bounds))
        return Targets.of(
            [self.ids[t] for t in keep],
            effects,
            kind=[self.kind[t] for t in keep],
            cost=self.cost[keep],
            choice_cost=[[cost for _, cost in self.choices(t)] for t in keep],
            status=[self.status[t] for t in keep],
            adds=self.adds[keep],
            exclusive=[{place[t] for t in group if t in place} for group in self.exclusive()],
        )

    def settled(self, keep: Collection[int]) -> list[tuple[int, float, float]]:
        """Bounds, as (column, lower, upper), that hold for good where all targets but some are never applied."""
        always = self._always(keep)
        found = (self.effect(number) for number in (self.implied(always) if always else ()))
        return [bound for effect in found for bound in effect.bounds]

    def _always(self, keep: Collection[int]) -> set[int]:
        """The opposites that are decided once and for all where the other targets are never applied."""
        return {len(self) + target for target in self.opposed if target not in keep and not self.adds[target]}


def _starts(lists: Sequence[Sequence]) -> np.ndarray:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)


def _flat(lists: Sequence[Sequence[int]]) -> np.ndarray:
    return np.array([item for part in lists for item in part], dtype=np.int64)
