"""Bounds that allow for rounding errors."""

import numpy as np

from knockflow.base.tolerances import FEASIBILITY, NOISE


def widened(lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds that a sum of states keeps but for rounding: at 0 by NOISE, elsewhere by the engine's share of them."""
    return lower - _slack(lower), upper + _slack(upper)


def _slack(bounds: np.ndarray) -> np.ndarray:
    return np.clip(FEASIBILITY * np.abs(np.where(np.isfinite(bounds), bounds, 0.0)), NOISE, FEASIBILITY)
