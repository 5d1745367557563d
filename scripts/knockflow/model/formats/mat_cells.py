"""What stands in the cells of a MATLAB struct, and structs with other cells."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

NEEDED = ("rxns", "mets", "S", "lb", "ub")
DEEPEST = 3  # how many variables, fields and cells a model may lie inside one another


def models_in(variables: Mapping[str, object]) -> dict[str, np.ndarray]:
    """The models among the variables of a file by their names in MATLAB, such as `models{2}` or `data.model`."""
    found: dict[str, np.ndarray] = {}
    for name, value in variables.items():
        if not name.startswith("__"):
            found |= dict(_models(name, value, DEEPEST))
    return found


def _models(name: str, value: object, depth: int) -> Iterator[tuple[str, np.ndarray]]:
    if not isinstance(value, np.ndarray) or value.ndim != 2 or not depth:
        return
    several = value.size > 1
    if set(NEEDED) <= set(value.dtype.names or ()):
        for number, place in enumerate(np.ndindex(value.T.shape), start=1):
            row, column = reversed(place)
            one = value[row : row + 1, column : column + 1]
            yield f"{name}({number})" if several else name, one
    elif value.dtype.names and value.size == 1:
        for field in value.dtype.names:
            yield from _models(f"{name}.{field}", value[field][0, 0], depth - 1)
    elif value.dtype == object:
        for number, member in enumerate(value.T.flat, start=1):
            yield from _models(f"{name}{{{number}}}", member, depth - 1)


def has(struct: np.ndarray, field: str) -> bool:
    """Whether a struct has a field that is not empty."""
    return field in struct.dtype.names and np.size(struct[field][0, 0]) > 0


def with_fields(struct: np.ndarray, fields: Mapping[str, np.ndarray]) -> np.ndarray:
    """A struct of one element with fields set or added; the one given stays as it is."""
    names = [*struct.dtype.names, *(name for name in fields if name not in struct.dtype.names)]
    made = np.empty((1, 1), dtype=[(name, object) for name in names])
    for name in names:
        made[name][0, 0] = fields[name] if name in fields else struct[name][0, 0]
    return made


def column(struct: np.ndarray, field: str) -> list:
    """The values of a column, whatever MATLAB has them in: cells, a matrix of characters, numbers."""
    content = struct[field][0, 0]
    if not isinstance(content, np.ndarray):
        return [value_of(content)]
    if content.dtype.kind not in "OUS" and hasattr(content, "toarray"):
        content = content.toarray()
    flat = content.reshape(-1) if content.ndim != 2 or 1 in content.shape else content
    return [value_of(cell) for cell in flat]


def value_of(cell: object) -> object:
    """What a cell holds: a text, a number, a list of these, or None for nothing."""
    if isinstance(cell, np.str_ | np.bytes_ | str | bytes):
        return cell.decode("latin-1").strip() if isinstance(cell, bytes) else str(cell).strip()
    if isinstance(cell, np.generic):
        return cell.item()
    if not isinstance(cell, np.ndarray):
        return cell
    if cell.size == 0:
        return None
    if cell.size == 1:
        return value_of(cell.reshape(-1)[0])
    return [value_of(part) for part in cell.reshape(-1)]


def numbers(struct: np.ndarray, field: str) -> list:
    """The values of a column of numbers, also one that is stored as a sparse matrix."""
    content = struct[field][0, 0]
    if hasattr(content, "toarray"):
        content = content.toarray()
    return [value_of(cell) for cell in np.asarray(content).reshape(-1)]


def as_cells(values: Sequence[str | float | None]) -> np.ndarray:
    """Texts or numbers as the column of cells that COBRApy reads, empty ones for none."""
    cells = np.empty((len(values), 1), dtype=object)
    for number, value in enumerate(values):
        cells[number, 0] = np.array([value] if value not in ("", None) else [])
    return cells


def as_column(values: Sequence[float | None]) -> np.ndarray:
    """Numbers as a column, NaN for none."""
    return np.array([np.nan if value is None else value for value in values], dtype=float).reshape(-1, 1)
