"""The one data structure of every stage: a follower LP, its targets, and the way back to the model's ids.

    max  c'v   s.t.   row_lower <= S v <= row_upper,   lower <= v <= upper

Targets change bounds of columns (`knockflow.problem.leader`): a knock-out sets both to 0. Columns may stand for several
coupled reactions (`members`), and `viable_lower`, `viable_upper` are the flux ranges of the states that a response
may hold: those that grow at least `min_growth` where the cell maximizes growth, else all.
"""

import hashlib
import io
import zlib
from dataclasses import dataclass, fields, replace
from dataclasses import field as dataclass_field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knockflow.base.errors import FileError
from knockflow.base.files import write_bytes
from knockflow.base.tolerances import FEASIBILITY
from knockflow.numerics.sparse import Sparse
from knockflow.problem.leader import BLOCKED, CANDIDATE, Targets

PER_COLUMN = (
    *("lower", "upper", "integer", "block"),
    *("growth", "objective", "product", "uptake"),
    *("viable_lower", "viable_upper"),
)
"""Fields of a problem with one entry for each column."""


@dataclass(frozen=True)
class Problem:
    """A follower, its targets, and what the leader wants.

    `growth`, `objective`, `product` and `uptake` are coefficient vectors over the columns: biomass, what the
    cell maximizes, the product, and the substrate taken up (positive). `block` numbers the follower that a
    column belongs to where a layer needs several; `integer` marks columns that take whole values. `total_flux` is
    empty unless `with_total_flux` has made it a vector over the columns, too. The bounds already hold what every
    design contains (`forced`, as tables write it), and leave room for all that a target adds.
    """

    rows: tuple[str, ...]
    row_lower: np.ndarray
    row_upper: np.ndarray
    columns: tuple[str, ...]
    matrix: Sparse
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    block: np.ndarray
    growth: np.ndarray
    objective: np.ndarray
    product: np.ndarray
    uptake: np.ndarray
    min_growth: float
    max_growth: float
    viable_lower: np.ndarray
    viable_upper: np.ndarray
    members: Sparse
    reactions: tuple[str, ...]
    targets: Targets
    total_flux: np.ndarray = dataclass_field(default_factory=lambda: np.empty(0))
    forced: tuple[str, ...] = ()
    forced_kinds: tuple[str, ...] = ()
    forced_cost: float = 0.0

    @property
    def viable(self) -> bool:
        """Whether the wild type can grow at min_growth."""
        return self.max_growth >= self.min_growth - FEASIBILITY and not np.isnan(self.viable_lower).any()

    @property
    def maximizes_growth(self) -> bool:
        """Whether growth is what the cell maximizes; else its response may hold states that do not grow."""
        return np.array_equal(self.objective, self.growth)

    def candidates(self, usable: tuple[str, ...] = (CANDIDATE,)) -> list[int]:
        """Numbers of the targets of some statuses; by default those for a formulation with a growth requirement."""
        return [t for t, status in enumerate(self.targets.status) if status in usable]

    def fluxes(self, v: np.ndarray) -> dict[str, float]:
        """Fluxes of the model's reactions from those of the columns; reactions left out carry 0."""
        out = dict.fromkeys(self.reactions, 0.0)
        for column, flux in enumerate(v):
            for member, factor in zip(*self.members[column], strict=True):
                out[self.reactions[member]] = float(factor * flux)
        return out

    def with_integers(self, state: np.ndarray) -> "Problem":
        """The linear problem in which whole numbers have the values of a state."""
        lower, upper = (np.where(self.integer, state, side) for side in (self.lower, self.upper))
        return replace(self, lower=lower, upper=upper, integer=np.zeros_like(self.integer))

    def in_units_of(self, unit: float) -> "Problem":
        """The same linear problem with fluxes in multiples of a unit (mmol/gDW/h, 1/h for growth).

        S v = 0 says the same in any unit, and so do l <= v <= u and ranges of rows once they are divided by it.
        """
        targets = self.targets
        scaled = (
            "row_lower",
            "row_upper",
            "lower",
            "upper",
            "viable_lower",
            "viable_upper",
            "min_growth",
            "max_growth",
        )
        return replace(
            self,
            targets=replace(targets, lower=targets.lower / unit, upper=targets.upper / unit),
            **{name: getattr(self, name) / unit for name in scaled},
        )

    def growing(self, with_idle: bool = False) -> "Problem":
        """The same problem for the states that a response may hold.

        Columns without flux in any such state are dropped and targets that are no candidates with them:
        lossless for every formulation that requires growth, not for lethal sets. `with_idle` keeps those columns and
        their targets, for a formulation that also asks for states of less growth.
        """
        flux = np.maximum(np.abs(self.viable_lower), np.abs(self.viable_upper)) > 0
        keep = np.flatnonzero(flux | with_idle)
        usable = (CANDIDATE, BLOCKED) if with_idle else (CANDIDATE,)
        column_map = {int(old): new for new, old in enumerate(keep)}
        matrix = Sparse.of(zip(*self.matrix[j], strict=True) for j in keep)
        used = np.unique(matrix.index)
        row_map = np.full(len(self.rows), -1)
        row_map[used] = np.arange(len(used))
        candidates = self.candidates(usable)
        vectors = {name: getattr(self, name)[keep] for name in PER_COLUMN}
        for column, lower, upper in self.targets.settled(candidates):
            if column in column_map:
                new = column_map[column]
                vectors["lower"][new] = max(vectors["lower"][new], lower)
                vectors["upper"][new] = min(vectors["upper"][new], upper)
        return Problem(
            rows=tuple(self.rows[i] for i in used),
            row_lower=self.row_lower[used],
            row_upper=self.row_upper[used],
            columns=tuple(self.columns[j] for j in keep),
            matrix=Sparse(matrix.start, row_map[matrix.index], matrix.value),
            min_growth=self.min_growth,
            max_growth=self.max_growth,
            members=Sparse.of(zip(*self.members[j], strict=True) for j in keep),
            reactions=self.reactions,
            targets=self.targets.take(candidates, column_map),
            forced=self.forced,
            forced_kinds=self.forced_kinds,
            forced_cost=self.forced_cost,
            **vectors,
        )


def save(path: str | Path, problem: Problem) -> None:
    """Write a problem as arrays, with their hash."""
    arrays = _arrays(problem)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, hash=np.array(_digest(arrays)), **arrays)
    write_bytes(path, buffer.getvalue())


def load(path: str | Path) -> Problem:
    """Read a problem.

    Raises
    ------
    FileError
        If the file is missing, or its hash does not fit its content.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path}: not a whole problem file ({error}); delete it and run again") from error
    if str(arrays.pop("hash", "")) != _digest(arrays):
        raise FileError(f"{path}: its hash does not fit its content; delete it and run again")
    return _build(Problem, arrays, "")


def digest(problem: Problem) -> str:
    """SHA-256 of all that a problem holds: equal problems, equal digests."""
    return _digest(_arrays(problem))


def _arrays(item, prefix: str = "") -> dict[str, np.ndarray]:
    arrays = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, Sparse | Targets):
            arrays |= _arrays(value, f"{prefix}{field.name}.")
        else:
            arrays[f"{prefix}{field.name}"] = (
                np.asarray(value, dtype=str) if isinstance(value, tuple) else np.asarray(value)
            )
    return arrays


def _build(kind, arrays: dict[str, np.ndarray], prefix: str):
    values = {}
    for field in fields(kind):
        name = f"{prefix}{field.name}"
        if field.type in (Sparse, Targets):
            values[field.name] = _build(field.type, arrays, f"{name}.")
        elif field.type is float:
            values[field.name] = float(arrays[name])
        elif field.type is np.ndarray:
            values[field.name] = arrays[name]
        else:
            values[field.name] = tuple(map(str, arrays[name]))
    return kind(**values)


def _digest(arrays: dict[str, np.ndarray]) -> str:
    hashed = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        hashed.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        hashed.update(array.tobytes())
    return hashed.hexdigest()
