"""Driving forces from dense arrays."""

import numpy as np
from scipy.sparse import csr_array

from knockflow.numerics.driving_forces import DrivingForces


def forces(mean, coefficients, lower, upper, rows=(), least=1e-3, names=None) -> DrivingForces:
    """With rows given as (coefficients, least, most); without names, those of `R0`, `R1`, ..."""
    coefficients = np.asarray(coefficients, float).reshape(len(mean), len(lower))
    return DrivingForces(
        tuple(names or (f"R{r}" for r in range(len(mean)))),
        np.asarray(mean, float),
        csr_array(coefficients),
        np.asarray(lower, float),
        np.asarray(upper, float),
        csr_array(np.array([row for row, _, _ in rows], float).reshape(len(rows), len(lower))),
        np.array([low for _, low, _ in rows], float),
        np.array([high for _, _, high in rows], float),
        least,
    )
