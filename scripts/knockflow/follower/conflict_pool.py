"""Conflict sets of reactions: sets of (reaction, direction) that no concentrations allow to be used together.

They follow from energies alone, not from a design, a medium or an objective: all searches of a case share one pool, in
memory and through a file. The file only saves time, since every set in it could be found again; so what is read is
proven again, and whoever finds a set adds a line. A directed reaction is written `+PFK` or `-PFK`.
"""

import json
import logging
import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from knockflow.numerics.driving_forces import DrivingForces

logger = logging.getLogger("knockflow.search")

Set = tuple[int, ...]
"""Literals by function of the driving forces, ascending: 2 r for forward, 2 r + 1 for backward."""


MOST_POINTS = 3
"""Points near which a new one is sought before all variables vary."""


class ConflictPool:
    """The known conflict sets of some driving forces, and points that meet many literals at once.

    Attributes
    ----------
    sets
        In the order in which they were found; none contains another one.
    met
        For each point, which literals it meets, shape (2 n,).
    tests
        Sets of directions that a linear program has been asked for.
    """

    def __init__(self, forces: DrivingForces):
        self.forces = forces
        self.sets: list[Set] = []
        self.met: list[np.ndarray] = []
        self.tests = 0
        self._points: list[np.ndarray] = []
        self._rows: np.ndarray | None = None
        self._known: set[Set] = set()
        self._path: Path | None = None
        self._read = 0

    def conflict(self, literals: Collection[int]) -> Set | None:
        """A conflict set among some literals that no known point settles; None if all can be met."""
        self.refresh()
        wanted = set(literals)
        known = next((found for found in self.sets if wanted.issuperset(found)), None)
        if known is not None:
            return known
        self.tests += 1
        point = self._near(literals)
        if point is None:
            fit = self.forces.fit(literals, self._rows)
            self._rows = fit.rows if fit else self._rows
            found = self.forces.conflict(literals, fit)
            point = fit.point
        else:
            found = None
        if found is None:
            self._points.insert(0, point)
            del self._points[MOST_POINTS:]
            self.met.append(self.forces.met(point))
            return None
        self._take(found)
        self._tell(found)
        return found

    def _near(self, literals: Collection[int]) -> np.ndarray | None:
        """A point that differs from one found before only in variables that are in no row, if one meets the literals.

        With shared errors this is a program a tenth of the size.
        """
        if not self.forces.shared.any():
            return None
        found = (self.forces.near(literals, point) for point in self._points)
        return next((point for point in found if point is not None), None)

    def _take(self, found: Set) -> None:
        if found not in self._known:
            self._known.add(found)
            self.sets.append(found)

    def written(self, literals: Iterable[int]) -> list[str]:
        """Directed reactions as text."""
        return [("+", "-")[literal % 2] + self.forces.names[literal // 2] for literal in literals]

    def share(self, path: Path) -> None:
        """Read the sets in a file, and add to it from now on; so do others, while this runs."""
        self._path, self._read = path, 0
        self.refresh()

    def refresh(self) -> None:
        """Take what others have added to the file since; what is no conflict of these forces is left out."""
        if self._path is None:
            return
        try:
            content = self._path.read_bytes()[self._read :]
        except OSError:
            return
        # A line that is still being written has no end yet.
        content = content[: content.rfind(b"\n") + 1]
        self._read += len(content)
        number = {name: row for row, name in enumerate(self.forces.names)}
        own, wrong = self.forces.digest, 0
        for line in content.splitlines():
            found = _read_line(line, own, number)
            if found is None or found in self._known:
                continue
            if self.forces.conflict(found) == found:
                self._take(found)
            else:
                wrong += 1
        if wrong:
            logger.warning("%s: %d of its sets are no conflict sets and are left out", self._path, wrong)

    def _tell(self, found: Set) -> None:
        """Add a line to the file; one short write at its end is never mixed with another one."""
        if self._path is None:
            return
        line = json.dumps({"energies": self.forces.digest, "not together": self.written(found)}) + "\n"
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)


def _read_line(line: bytes, energies: str, number: dict[str, int]) -> Set | None:
    """The set of a line; None if it is for other energies, or no line of such a file."""
    try:
        content = json.loads(line)
        if content["energies"] != energies:
            return None
        names: Sequence[str] = content["not together"]
        return tuple(sorted(2 * number[name[1:]] + "+-".index(name[0]) for name in names))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


_pools: dict[str, ConflictPool] = {}


def shared_pool(forces: DrivingForces) -> ConflictPool:
    """The pool that all followers of this process share which have the same forces."""
    return _pools.setdefault(forces.digest, ConflictPool(forces))


class FreshPools:
    """Pools that begin empty, one for each of the driving forces that are asked for."""

    def __init__(self) -> None:
        self._own: dict[str, ConflictPool] = {}

    def of(self, forces: DrivingForces | None) -> ConflictPool | None:
        """The pool of some forces; None without any."""
        return None if forces is None else self._own.setdefault(forces.digest, ConflictPool(forces))


def keep_conflicts(forces: DrivingForces | None, path: str | Path | None) -> None:
    """Let this process's pool share its sets with other processes and later runs through a file, if there is one."""
    if forces is not None and path is not None:
        shared_pool(forces).share(Path(path))
