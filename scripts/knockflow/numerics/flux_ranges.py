"""Flux variability: the range of every flux over the states that a linear program allows, or whether it has one."""

import numpy as np

from knockflow.base.tolerances import BLOCKED_FLUX, FEASIBILITY
from knockflow.numerics.simplex import LP, Verdict

CLEAR_FLUX = 100 * BLOCKED_FLUX
"""mmol/gDW/h from which a flux in passing counts; a smaller one is maximized by itself, since it could be an error."""

CAP = 1e-3
"""mmol/gDW/h to which fluxes not seen yet are held, so that the largest sum spreads over many of them."""


def flux_ranges(
    lp: LP, lower: np.ndarray, upper: np.ndarray, zero: float = FEASIBILITY
) -> tuple[np.ndarray, np.ndarray] | None:
    """Least and largest value of each column, given the bounds that the columns have now.

    An end up to `zero` is an error of the engine, and becomes 0.

    A range end that an earlier solution already reaches costs no solve of its own; one that has no end is infinite.
    None if no state is allowed.
    """
    n = lp.n
    lp.set_objective(np.zeros(n), maximize=True)
    if lp.solve() is not Verdict.OPTIMAL:
        return None
    seen = lp.primals()
    least, largest = seen.copy(), seen.copy()
    for maximize in (True, False):
        for column in range(n):
            reached = largest[column] >= upper[column] if maximize else least[column] <= lower[column]
            if reached:
                continue
            objective = np.zeros(n)
            objective[column] = 1
            lp.set_objective(objective, maximize)
            verdict = lp.solve()
            if verdict is Verdict.INFEASIBLE:
                return None
            if verdict is Verdict.UNBOUNDED:
                (largest if maximize else least)[column] = np.inf if maximize else -np.inf
                continue
            seen = lp.primals()
            np.maximum(largest, seen, out=largest)
            np.minimum(least, seen, out=least)
    # A basic variable may overshoot its bound by the engine's tolerance.
    ends = (np.where(np.abs(values) <= zero, 0.0, values) for values in (least, largest))
    least, largest = (np.clip(values, lower, upper) for values in ends)
    return least, largest


def carrying_columns(lp: LP, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    """Which columns some allowed state gives flux, by few programs; None if no state is allowed.

    The largest sum of the fluxes not seen yet, each held to a small cap, shows many at once (compare FASTCC, Vlassis
    et al. 2014, doi:10.1371/journal.pcbi.1003424). What is left is decided without caps: where the largest sum of
    the fluxes that run one way is 0 none of them has any, and each of the others is maximized and minimized.
    """
    if not _maximized(lp, np.zeros(lp.n)):
        return None
    carries = _clear(lp)
    forward, backward = np.where(upper > 0, 1.0, -1.0), np.where(lower < 0, -1.0, 1.0)
    _hold(lp, ~carries, np.maximum(lower, -CAP), np.minimum(upper, CAP))
    for sign in (forward, backward):
        _show(lp, sign, carries, lower, upper)
    _hold(lp, ~carries, lower, upper)
    idle = (lower >= 0) & (upper <= 0)
    left = ~carries & (forward == backward)
    if _maximized(lp, np.where(left, forward, 0.0)) and lp.value <= BLOCKED_FLUX:
        idle |= left
    unit = np.zeros(lp.n)
    for column in np.flatnonzero(~carries & ~idle):
        for sign in {forward[column], backward[column]}:
            unit[column] = sign
            # Without a proven largest flux the column stays, which loses nothing.
            carries[column] |= not _maximized(lp, unit) or lp.value > BLOCKED_FLUX
        unit[column] = 0
    return carries


def _show(lp: LP, direction: np.ndarray, carries: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
    """Maximize the sum of the fluxes not seen yet until nothing new is seen; marks them and frees them of their cap."""
    before = -1
    while before < carries.sum():
        before = carries.sum()
        if _maximized(lp, np.where(carries, 0.0, direction)):
            new = _clear(lp) & ~carries
            _hold(lp, new, lower, upper)
            carries |= new


def _hold(lp: LP, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
    for column in np.flatnonzero(columns).tolist():
        lp.set_column(column, lower[column], upper[column])


def _maximized(lp: LP, objective: np.ndarray) -> bool:
    lp.set_objective(objective, maximize=True)
    return lp.solve() is Verdict.OPTIMAL


def _clear(lp: LP) -> np.ndarray:
    return np.abs(lp.primals()) > CLEAR_FLUX
