"""That a linear program has no solution, shown by its rows' prices alone (Farkas' lemma).

For any prices p of the rows and every v:  0 = p'(S v) - (S'p)'v.  Where the largest value of the right side, each row
and each column at the better end of its range, is below 0, no v keeps all ranges. The dual simplex ends with such
prices where it finds no solution; what they show does not rest on its word, nor on its tolerance.

(Farkas 1902, doi:10.1515/crll.1902.124.1.)
"""

import numpy as np
from scipy.sparse import csc_array

from knockflow.base.tolerances import FEASIBILITY

ROUNDING = 1e-14
"""Share of what is added up to a price by which rounding may have changed it; what is no larger is no price."""

Ends = tuple[np.ndarray, np.ndarray]


class Emptiness:
    """Whether prices of a matrix's rows show that no column values keep some ranges."""

    def __init__(self, matrix: csc_array):
        self._turned = matrix.T.tocsr()
        self._sizes = abs(self._turned)

    def shown(self, prices: np.ndarray, rows: Ends, columns: Ends) -> bool:
        """Whether prices, or their negatives, show it, also for ranges that are wider by an engine's tolerance."""
        against, size = self._turned @ prices, self._sizes @ np.abs(prices)
        against[np.abs(against) <= ROUNDING * size] = 0.0
        weights = np.concatenate([prices, -against])
        errors = ROUNDING * np.concatenate([np.abs(prices), size])
        lower, upper = (np.concatenate(pair) for pair in zip(rows, columns, strict=True))
        return any(_largest(sign * weights, errors, lower, upper) < 0.0 for sign in (1.0, -1.0))


def _largest(weights: np.ndarray, errors: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> float:
    """A value that the weighted sum exceeds nowhere within ranges that are wider by the tolerance."""
    used = np.flatnonzero(weights)
    weights, ends = weights[used], np.where(weights[used] > 0, upper[used], lower[used])
    far = np.maximum(1.0, np.abs(ends))
    return float((weights * ends + (np.abs(weights) * FEASIBILITY + errors[used]) * far).sum())
