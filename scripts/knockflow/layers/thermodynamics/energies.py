"""Standard energies of a model's reactions, with their uncertainty as factors that reactions share.

    dG'0_r = mean_r + electric_r V + sum_b f_rb w_b,    |w_b| <= z,    |sum_b f_rb w_b| <= z sd_r

V is the membrane potential. The errors e of the energies have the covariance A A', where each row of A is a reaction's
(Noor et al. 2013, doi:10.1371/journal.pcbi.1003098), so e lies in the range of A: what balances in a cycle of reactions
balances in their errors, and two copies of one reaction have the same. Within that range each energy may be off by z
standard deviations. The set of these errors holds the confidence ellipsoid  e = A x, |x|_2 <= z,  and reaches as far in
each reaction; it does not depend on the root A. (A box on the coordinates of a root, |x_k| <= z, does: on iJO1366 and
with the triangular root it widens the energy of a reaction 7.6 times in the median, and up to 13 times.)

The factors w_b are the errors of a basis of reactions, in their own standard deviations: the most certain reactions
first, each one that does not follow from those before. Most reactions then have few factors (8.7 of 325 on iJO1366).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CERTAIN = 1e-4
"""A standard deviation in kJ/mol up to which an energy counts as certain: what only crosses a membrane has none."""

DEPENDENT = 1e-6
"""What is left of a reaction's error, in its standard deviations, once it follows from others."""

DECIMALS = 9
"""Of factors; beyond them is arithmetic."""


@dataclass(frozen=True)
class Energy:
    """One reaction's energy, or why it has none.

    Attributes
    ----------
    status
        `ok`, or why there is no energy that may be used, with details after a colon.
    dgp0
        Mean of dG'0 without membrane potential, in kJ/mol.
    sd
        Standard deviation in kJ/mol.
    electric
        What a volt of membrane potential adds, inside minus outside, in kJ/mol/V.
    source
        Where the value comes from.
    factors
        Factor, by the reaction whose error it is, to kJ/mol per unit.
    """

    status: str
    dgp0: float | None = None
    sd: float | None = None
    electric: float = 0.0
    source: str = ""
    factors: tuple[tuple[str, float], ...] = ()

    def at(self, potential: float) -> float | None:
        """The mean of dG'0 at a membrane potential in V."""
        return None if self.dgp0 is None else self.dgp0 + self.electric * potential


@dataclass(frozen=True)
class Energies:
    """The energies of all reactions of a model.

    Attributes
    ----------
    of
        Reaction to its energy, in the model's order.
    basis
        The reactions whose errors are the factors, k of them.
    root
        Lower triangular, shape (k, k): the factors w are  root x  with independent standard normal x.
    """

    of: dict[str, Energy]
    basis: tuple[str, ...]
    root: np.ndarray


def shared_factors(
    names: Sequence[str], errors: np.ndarray, sds: np.ndarray
) -> tuple[dict[str, tuple[tuple[str, float], ...]], tuple[str, ...], np.ndarray]:
    """The errors of reactions as factors that they share.

    Parameters
    ----------
    names
        The reactions, n.
    errors
        A row for each, A of shape (n, m): the covariance of the energies is A A', in kJ^2/mol^2.
    sds
        Their standard deviations in kJ/mol, shape (n,), the norms of the rows.

    Returns
    -------
    factors
        Of each uncertain reaction, by factor.
    basis
        Names of the factors, k.
    root
        Shape (k, k), see `Energies.root`.
    """
    uncertain = np.flatnonzero(sds > CERTAIN)
    # Equal standard deviations up to arithmetic are in the model's order, so that the basis is the same everywhere.
    order = uncertain[np.lexsort((uncertain, np.round(sds[uncertain], 6)))]
    units = errors / np.where(sds > CERTAIN, sds, 1.0)[:, None]
    basis, directions = [], np.zeros((0, errors.shape[1]))
    for row in order:
        rest = units[row] - (directions @ units[row]) @ directions
        rest -= (directions @ rest) @ directions
        size = np.linalg.norm(rest)
        if size > DEPENDENT:
            basis.append(row)
            directions = np.vstack([directions, rest / size])
    root = np.tril(units[basis] @ directions.T) if basis else np.zeros((0, 0))
    # A unit row is T times the basis' rows, and these are root times the directions.
    shares = np.linalg.solve(root.T, directions @ units[order].T).T if basis else np.zeros((len(order), 0))
    shares = np.round(shares, DECIMALS)
    factors = {
        names[row]: tuple((names[basis[k]], float(share[k] * sds[row])) for k in np.flatnonzero(share))
        for row, share in zip(order, shares, strict=True)
    }
    return factors, tuple(names[row] for row in basis), root
