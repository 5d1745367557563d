"""What programs share that are solved by solving an `LP` many times: the calls that it answers, and the best state."""

from dataclasses import dataclass

import numpy as np

from knockflow.numerics.simplex import LP


@dataclass(frozen=True)
class Best:
    """The best state so far: its objective, and the variables' values, of shape (n,)."""

    value: float
    primals: np.ndarray


class OverLP:
    """A program whose states are some of those of an `LP`, which is changed through this object only."""

    def __init__(self, lp: LP):
        self._lp = lp
        self._best: Best | None = None
        self.n, self.m = lp.n, lp.m

    @property
    def solves(self) -> int:
        """Linear programs so far."""
        return self._lp.solves

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Set the bounds of a row; infinities are allowed."""
        self._lp.set_row(row, lower, upper)

    def restart(self) -> None:
        """Forget the basis, so that the next result does not depend on what was solved before."""
        self._lp.restart()

    @property
    def value(self) -> float:
        """The objective of the last optimal solve."""
        return self._best.value

    def primals(self) -> np.ndarray:
        """The variables' values at the last optimal solve."""
        return self._best.primals
