"""The one data structure of every stage: a follower LP, its targets, and the way back to the model's ids.

    max  c'v   s.t.   row_lower <= S v <= row_upper,   lower <= v <= upper

A target changes bounds of columns when it is applied: a knock-out sets both to 0. Columns may stand for
several coupled reactions (`members`), and `viable_lower`, `viable_upper` are the flux ranges of the states
that a response may hold: those that grow at least `min_growth` where the cell maximizes growth, else all.
"""

import hashlib
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knockflow.errors import FileError
from knockflow.files import write_bytes
from knockflow.tolerances import BLOCKED_FLUX, FEASIBILITY

KNOCK_OUT = "knock_out"
CANDIDATE, ESSENTIAL, BLOCKED, EXCLUDED = "candidate", "essential", "blocked", "excluded"


PER_COLUMN = (
    *("lower", "upper", "integer", "block"),
    *("growth", "objective", "product", "uptake"),
    *("viable_lower", "viable_upper"),
)
"""Fields of a problem with one entry for each column."""


@dataclass(frozen=True)
class Sparse:
    """A compressed list of lists: entries start[i] to start[i + 1] belong to item i.

    As a matrix it is column-wise: `index` holds row numbers and `value` coefficients.
    """

    start: np.ndarray
    index: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, items: Iterable[Iterable[tuple]]) -> "Sparse":
        """From one list of (index, value) pairs per item."""
        lists = [list(item) for item in items]
        start = np.cumsum([0, *map(len, lists)], dtype=np.int64)
        pairs = [pair for item in lists for pair in item]
        return cls(
            start, np.array([pair[0] for pair in pairs], dtype=np.int64), np.array([pair[1] for pair in pairs], float)
        )

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, item: int) -> tuple[np.ndarray, np.ndarray]:
        part = slice(self.start[item], self.start[item + 1])
        return self.index[part], self.value[part]

    def times(self, vector: np.ndarray, n_rows: int) -> np.ndarray:
        """The matrix times a vector over its columns."""
        columns = np.repeat(np.arange(len(self)), np.diff(self.start))
        return np.bincount(self.index, self.value * vector[columns], n_rows)


@dataclass(frozen=True)
class Targets:
    """What may be changed. Applying target t sets the bounds of columns `column[start[t]:start[t + 1]]`.

    `kind` is `knock_out` so far; `status` is `candidate`, `essential` or `blocked` at the case's min_growth.
    """

    ids: tuple[str, ...]
    kind: tuple[str, ...]
    cost: np.ndarray
    status: tuple[str, ...]
    start: np.ndarray
    column: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def columns(self, target: int) -> np.ndarray:
        """The columns that a target changes."""
        return self.column[self.start[target] : self.start[target + 1]]

    def take(self, keep: list[int], column_map: dict[int, int] | None = None) -> "Targets":
        """Only some targets, their columns renumbered where a map is given (columns not in it are dropped)."""
        effects = [
            [
                (column_map[int(self.column[e])] if column_map else int(self.column[e]), self.lower[e], self.upper[e])
                for e in range(self.start[t], self.start[t + 1])
                if column_map is None or int(self.column[e]) in column_map
            ]
            for t in keep
        ]
        flat = [effect for item in effects for effect in item]
        return Targets(
            ids=tuple(self.ids[t] for t in keep),
            kind=tuple(self.kind[t] for t in keep),
            cost=self.cost[keep],
            status=tuple(self.status[t] for t in keep),
            start=np.cumsum([0, *map(len, effects)], dtype=np.int64),
            column=np.array([e[0] for e in flat], dtype=np.int64),
            lower=np.array([e[1] for e in flat], dtype=float),
            upper=np.array([e[2] for e in flat], dtype=float),
        )

    @classmethod
    def knock_outs(cls, ids, columns, cost=None, status=None) -> "Targets":
        """Targets that close columns: one list of columns for each id."""
        n = len(ids)
        flat = [column for item in columns for column in item]
        return cls(
            ids=tuple(ids),
            kind=(KNOCK_OUT,) * n,
            cost=np.ones(n) if cost is None else np.asarray(cost, float),
            status=(CANDIDATE,) * n if status is None else tuple(status),
            start=np.cumsum([0, *map(len, columns)], dtype=np.int64),
            column=np.array(flat, dtype=np.int64),
            lower=np.zeros(len(flat)),
            upper=np.zeros(len(flat)),
        )


@dataclass(frozen=True)
class Problem:
    """A follower, its targets, and what the leader wants.

    `growth`, `objective`, `product` and `uptake` are coefficient vectors over the columns: biomass, what the
    cell maximizes, the product, and the substrate taken up (positive). `block` numbers the follower that a
    column belongs to where a layer needs several; `integer` marks columns that take whole values. `total_flux` is
    empty unless `with_total_flux` has made it a vector over the columns, too.
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

    @property
    def viable(self) -> bool:
        """Whether the wild type can grow at min_growth."""
        return self.max_growth >= self.min_growth - FEASIBILITY and not np.isnan(self.viable_lower).any()

    @property
    def maximizes_growth(self) -> bool:
        """Whether growth is what the cell maximizes; else its response may hold states that do not grow."""
        return np.array_equal(self.objective, self.growth)

    def candidates(self) -> list[int]:
        """Numbers of the targets that a formulation with a growth requirement may use."""
        return [t for t, status in enumerate(self.targets.status) if status == CANDIDATE]

    def fluxes(self, v: np.ndarray) -> dict[str, float]:
        """Fluxes of the model's reactions from those of the columns; reactions left out carry 0."""
        out = dict.fromkeys(self.reactions, 0.0)
        for column, flux in enumerate(v):
            for member, factor in zip(*self.members[column], strict=True):
                out[self.reactions[member]] = float(factor * flux)
        return out

    def growing(self) -> "Problem":
        """The same problem for the states that a response may hold.

        Columns without flux in any such state are dropped and targets that are no candidates with them:
        lossless for every formulation that requires growth, not for lethal sets.
        """
        flux = np.maximum(np.abs(self.viable_lower), np.abs(self.viable_upper)) > BLOCKED_FLUX
        keep = np.flatnonzero(flux)
        column_map = {int(old): new for new, old in enumerate(keep)}
        matrix = Sparse.of(zip(*self.matrix[j], strict=True) for j in keep)
        used = np.unique(matrix.index)
        row_map = np.full(len(self.rows), -1)
        row_map[used] = np.arange(len(used))
        vectors = {name: getattr(self, name)[keep] for name in PER_COLUMN}
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
            targets=self.targets.take(self.candidates(), column_map),
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
