"""What the cuts leave, gone through by itself: no solver's word is needed for that nothing is left.

A design that breaks a cut is passed over, and with it all larger ones but those that decide something which the cut
rewards: an effect that hits, or one that has to be restored. So below a broken cut only targets lead on of which an
effect depends that is not as the cut wants it, and each finished target is left out in later branches (implicit
enumeration, Balas 1965, doi:10.1287/opre.13.4.517). Sums of a cut's weights are all the arithmetic.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from knockflow.designs.ranking import Limits
from knockflow.follower.respond import Design
from knockflow.methods.decomposition.cuts import Cut
from knockflow.problem.problem import Problem

MOST_NODES = 200_000
"""Designs that are looked at before the search is given up."""

NEAR = 1e-9
"""Share of its size by which a cut must be broken."""

VALUE = np.nan
"""Stands for a need that is the value asked for."""


@dataclass(frozen=True)
class Left:
    """A design that no cut rules out, if one was found, and whether all others have been seen."""

    design: Design | None
    complete: bool


class Remainder:
    """The cuts as rows  constant + a'h + b'd >= need  over effects h and restrictions d, opposites included."""

    def __init__(self, problem: Problem, limits: Limits):
        self._problem, self._targets, self._limits = problem, problem.targets, limits
        self._rows: list[tuple[float, float, dict[int, float]]] = []
        self._useless: list[tuple[Design, float]] = []
        self._of = self._targets_of()
        self._seen, self._stop = 0, bool

    def _targets_of(self) -> list[list[int]]:
        """The targets that each effect, and then each restriction, depends on."""
        targets, n = self._targets, len(self._targets)
        effects = [sorted({need % n for need in targets.needs(e).tolist()}) for e in range(targets.n_effects)]
        return [*effects, *([r % n] for r in range(2 * n))]

    def limit_value(self, cut: Cut) -> None:
        """Bound the value of all designs."""
        self.demand(cut, VALUE)

    def demand(self, cut: Cut, needed: float) -> None:
        """Ask that a number reach what is needed, where a cut bounds it."""
        entries = {effect: weight for effect, weight in cut.hit.items() if weight}
        for effect, weight in cut.restored.items():
            entries[effect] = entries.get(effect, 0.0) - weight
        self._rows.append((cut.bound + sum(cut.restored.values()), needed, entries))

    def exclude(self, restrictions: Iterable[int], hits: Iterable[int] = ()) -> None:
        """Rule out all designs that decide some restrictions and have none of some effects."""
        decided = {self._targets.n_effects + restriction: -1.0 for restriction in restrictions}
        self._rows.append((float(len(decided)), 1.0, decided | dict.fromkeys(hits, 1.0)))

    def useless(self, design: Design, value: float) -> None:
        """Rule out all larger designs that are not worth more."""
        self._useless.append((design, value))

    def first(self, floor: float, stop: Callable[[], bool]) -> Left:
        """A design worth the floor by all cuts; the search is given up when it takes too long, or `stop` says so."""
        self._seen, self._stop = 0, stop
        rows = _Rows(self._rows, floor, self._targets.n_effects + 2 * len(self._targets))
        found = next(self._designs(rows, frozenset(), frozenset()), None)
        return Left(found, not self._given_up)

    def _designs(self, rows: "_Rows", design: Design, barred: Design) -> Iterator[Design]:
        """Designs that contain one and none of the barred targets, and that no cut rules out."""
        self._seen += 1
        if self._given_up:
            return
        point = self._point(design)
        entries = rows.broken(point, max((v for d, v in self._useless if d <= design), default=-np.inf))
        if entries is None:
            yield design
            return
        if self._full(design):
            return
        done = set(barred)
        for target in self._leading_on(entries, point):
            larger = design | {target}
            if target in design or target in done or not self._limits.affordable(self._problem, larger):
                continue
            yield from self._designs(rows, larger, frozenset(done))
            done.add(target)

    @property
    def _given_up(self) -> bool:
        return self._seen > MOST_NODES or self._stop()

    def _full(self, design: Design) -> bool:
        return len(self._problem.forced) + len(design) >= self._limits.max_interventions

    def _leading_on(self, entries: dict[int, float], point: np.ndarray) -> list[int]:
        """The targets without any of which a broken cut stays broken."""
        wrong = (place for place, weight in entries.items() if (weight > 0) != bool(point[place]))
        return sorted({target for place in wrong for target in self._of[place]})

    def _point(self, design: Design) -> np.ndarray:
        targets = self._targets
        point = np.zeros(targets.n_effects + 2 * len(targets))
        point[targets.effects(design)] = 1.0
        point[[targets.n_effects + r for r in targets.restrictions(design)]] = 1.0
        return point


class _Rows:
    """Rows for one floor."""

    def __init__(self, rows: list[tuple[float, float, dict[int, float]]], floor: float, width: int):
        self._entries = [entries for _, _, entries in rows]
        self._constant = np.array([constant for constant, _, _ in rows])
        needs = np.array([need for _, need, _ in rows])
        self._of_value = np.isnan(needs)
        self._needs = np.where(self._of_value, floor, needs)
        self._matrix = np.zeros((len(rows), width))
        for number, entries in enumerate(self._entries):
            self._matrix[number, list(entries)] = list(entries.values())

    def broken(self, point: np.ndarray, least: float) -> dict[int, float] | None:
        """The entries of a row that a point breaks, if values must reach at least so much; the one with fewest."""
        needs = np.where(self._of_value, np.maximum(self._needs, least), self._needs)
        reached = self._constant + self._matrix @ point
        numbers = np.flatnonzero(reached < needs - NEAR * np.maximum(1.0, np.abs(needs)))
        return min((self._entries[i] for i in numbers), key=len, default=None)
