"""Potentials of a case as the search asks for them."""

from knockflow.layers.thermodynamics.potentials import Potentials
from knockflow.numerics.driving_forces import DrivingForces


def as_forces(potentials: Potentials) -> DrivingForces:
    """Potentials as the search asks for them."""
    return DrivingForces(
        names=potentials.reactions,
        mean=potentials.mean,
        coefficients=potentials.coefficients,
        lower=potentials.lower,
        upper=potentials.upper,
        row_coefficients=potentials.row_coefficients,
        row_lower=potentials.row_lower,
        row_upper=potentials.row_upper,
        least=potentials.min_driving_force,
    )
