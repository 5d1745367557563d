"""Lists of numbered entries in three arrays, as matrices and other ragged tables are kept."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


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
