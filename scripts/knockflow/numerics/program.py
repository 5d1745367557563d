"""A linear program with named rows and columns, which is built up step by step and never changes.

    row_lower <= A v <= row_upper,   lower <= v <= upper,   v_j whole where `integer` marks it

What is added comes last, so that rows and columns keep their numbers. Equal steps lead to equal arrays: within a
column, coefficients stand in the order in which they were given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Self

import numpy as np
from scipy.sparse import csc_array

from knockflow.base.errors import suggestion

Coefficients = Mapping[int | str, float] | np.ndarray
"""By number or name, or a vector with one entry for each; those that are 0 are left out."""


class ProgramError(ValueError):
    """Rows or columns do not fit the program; the message names them."""


@dataclass(frozen=True)
class Row:
    """A row  lower <= a'v <= upper,  with coefficients of old and new columns."""

    name: str
    lower: float
    upper: float
    coefficients: Coefficients


@dataclass(frozen=True)
class Column:
    """A column between bounds, with coefficients in the rows that are there already."""

    name: str
    lower: float
    upper: float
    integer: bool = False
    coefficients: Coefficients = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """Rows and columns with their bounds; infinities are allowed.

    Attributes
    ----------
    rows, columns
        Their names, each once.
    row_lower, row_upper
        One bound for each row.
    lower, upper, integer
        One entry for each column.
    matrix
        The coefficients, rows by columns.

    Raises
    ------
    ProgramError
        If a name stands twice, a vector has another length, or a bound is no number.
    """

    rows: tuple[str, ...]
    row_lower: np.ndarray
    row_upper: np.ndarray
    columns: tuple[str, ...]
    lower: np.ndarray
    upper: np.ndarray
    matrix: csc_array
    integer: np.ndarray

    def __post_init__(self) -> None:
        for what, names in (("row", self.rows), ("column", self.columns)):
            if len(set(names)) < len(names):
                twice = next(name for number, name in enumerate(names) if name in names[:number])
                raise ProgramError(f"{what} `{twice}` is there twice")
        lengths = dict.fromkeys(("row_lower", "row_upper"), len(self.rows))
        lengths |= dict.fromkeys(self.per_column(), len(self.columns))
        for name, length in lengths.items():
            vector = getattr(self, name)
            if vector.shape != (length,):
                raise ProgramError(f"`{name}` has shape {vector.shape}, it must be ({length},)")
        for name in ("row_lower", "row_upper", "lower", "upper"):
            if np.isnan(getattr(self, name)).any():
                raise ProgramError(f"`{name}` has an entry that is no number")
        if self.matrix.shape != (len(self.rows), len(self.columns)):
            shape = len(self.rows), len(self.columns)
            raise ProgramError(f"`matrix` has shape {self.matrix.shape}, it must be {shape}")
        self._freeze()

    def _freeze(self) -> None:
        """Hold read-only views, so that nobody changes the program; the arrays that it was made of stay as they are."""
        for own in fields(self):
            value = getattr(self, own.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, own.name, _read_only(value))
            elif isinstance(value, csc_array):
                parts = (_read_only(part) for part in (value.data, value.indices, value.indptr))
                object.__setattr__(self, own.name, csc_array(tuple(parts), shape=value.shape))

    @classmethod
    def per_column(cls) -> tuple[str, ...]:
        """The fields with one entry for each column."""
        return "lower", "upper", "integer"

    @classmethod
    def of(cls, matrix, row_lower, row_upper, lower, upper) -> "LinearProgram":
        """A program without names of its own from arrays; `matrix` may be dense."""
        matrix = csc_array(matrix)
        m, n = matrix.shape
        ends = (np.asarray(side, float) for side in (row_lower, row_upper, lower, upper))
        row_lower, row_upper, lower, upper = ends
        return LinearProgram(
            rows=tuple(f"row {i}" for i in range(m)),
            row_lower=row_lower,
            row_upper=row_upper,
            columns=tuple(f"column {j}" for j in range(n)),
            lower=lower,
            upper=upper,
            matrix=matrix,
            integer=np.zeros(n, bool),
        )

    def extended(self, rows: Iterable[Row] = (), columns: Iterable[Column] = (), **vectors: np.ndarray) -> Self:
        """The program with more rows and columns after those that it has.

        Parameters
        ----------
        rows
            Over old and new columns.
        columns
            With coefficients in old rows; those in new ones stand in the rows.
        vectors
            What else is to be replaced in the new program.

        Raises
        ------
        ProgramError
            If a name is taken or unknown, a number is out of range, a vector has another length, or a coefficient is
            no finite number.
        """
        rows, columns = list(rows), list(columns)
        row_names = (*self.rows, *(row.name for row in rows))
        names = (*self.columns, *(column.name for column in columns))
        m, n = len(self.rows), len(self.columns)
        parts = [(self.matrix.indices, np.repeat(np.arange(n), np.diff(self.matrix.indptr)), self.matrix.data)]
        old_rows, all_columns = _Index("row", self.rows), _Index("column", names)
        for number, column in enumerate(columns, n):
            index, value = old_rows.entries(column.coefficients, f"column `{column.name}`")
            parts.append((index, np.full(len(index), number), value))
        for number, row in enumerate(rows, m):
            index, value = all_columns.entries(row.coefficients, f"row `{row.name}`")
            parts.append((np.full(len(index), number), index, value))
        ends = {
            "row_lower": np.append(self.row_lower, [float(row.lower) for row in rows]),
            "row_upper": np.append(self.row_upper, [float(row.upper) for row in rows]),
            "lower": np.append(self.lower, [float(column.lower) for column in columns]),
            "upper": np.append(self.upper, [float(column.upper) for column in columns]),
            "integer": np.append(self.integer, np.array([column.integer for column in columns], bool)),
        }
        matrix = _by_column(parts, (len(row_names), len(names)))
        return replace(self, rows=row_names, columns=names, matrix=matrix, **(ends | vectors))


def _read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view


def fields_of(program: LinearProgram) -> dict:
    """Rows, columns and coefficients as the arguments that make a program of another kind."""
    return {own.name: getattr(program, own.name) for own in fields(LinearProgram)}


def distinct(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of which none stands twice or is taken: a number is added to those that would."""
    used, out = set(taken), []
    for name in names:
        own, number = name, 1
        while own in used:
            number += 1
            own = f"{name} ({number})"
        used.add(own)
        out.append(own)
    return tuple(out)


class _Index:
    """Rows or columns by number and name."""

    def __init__(self, what: str, names: Sequence[str]):
        self._what, self._names = what, names
        self._number: dict[str, int] | None = None

    def entries(self, coefficients: Coefficients, where: str) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and coefficients that are not 0."""
        if isinstance(coefficients, np.ndarray):
            if coefficients.shape != (len(self._names),):
                raise ProgramError(
                    f"{where}: a vector of shape {coefficients.shape}, it must be ({len(self._names)},), one entry for "
                    f"each {self._what}"
                )
            index = np.flatnonzero(coefficients)
            value = coefficients[index].astype(float)
        else:
            given = [(self._place(key, where), float(value)) for key, value in coefficients.items() if value]
            index = np.array([key for key, _ in given], dtype=np.int64)
            value = np.array([value for _, value in given], dtype=float)
            if len(set(index.tolist())) < len(index):
                raise ProgramError(f"{where}: a {self._what} is given by name and by number")
        if not np.isfinite(value).all():
            raise ProgramError(f"{where}: a coefficient is no finite number")
        return index, value

    def _place(self, key: int | str, where: str) -> int:
        if isinstance(key, str):
            if self._number is None:
                self._number = {name: number for number, name in enumerate(self._names)}
            if key not in self._number:
                raise ProgramError(f"{where}: no {self._what} `{key}`{suggestion(key, self._names)}")
            return self._number[key]
        if not 0 <= key < len(self._names):
            raise ProgramError(f"{where}: {self._what} {key} is none of {len(self._names)}")
        return int(key)


def _by_column(parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], shape: tuple[int, int]) -> csc_array:
    """A matrix from (rows, columns, values); within a column the order is kept, which scipy's own would not promise."""
    rows, columns, values = (np.concatenate([part[number] for part in parts]) for number in range(3))
    order = np.argsort(columns, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=shape[1]))])
    return csc_array((values[order], rows[order], start), shape=shape)


def matrix_of(columns: Iterable[Iterable[tuple[int, float]]], n_rows: int) -> csc_array:
    """A matrix from a list of (row, value) for each column."""
    lists = [list(column) for column in columns]
    pairs = [pair for own in lists for pair in own]
    index = np.array([row for row, _ in pairs], dtype=np.int64)
    value = np.array([value for _, value in pairs], dtype=float)
    return csc_array((value, index, np.cumsum([0, *map(len, lists)])), shape=(n_rows, len(lists)))


def entries(matrix: csc_array, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and values of a column, as slices: scipy makes a matrix of a column, which takes a hundred times as long."""
    part = slice(matrix.indptr[column], matrix.indptr[column + 1])
    return matrix.indices[part], matrix.data[part]


def turned(matrix: csc_array, column: int) -> dict[int, float]:
    """The coefficients of a column that runs the other way."""
    return {row: -value for row, value in listed(matrix, column)}


def listed(matrix: csc_array, column: int) -> list[tuple[int, float]]:
    """Rows and values of a column as pairs of plain numbers."""
    index, value = entries(matrix, column)
    return list(zip(index.tolist(), value.tolist(), strict=True))
