"""A COBRApy model as a linear program for HiGHS: a second opinion on what GLPK says, built from the model's ids."""

from collections.abc import Iterable, Sequence

import numpy as np
from cobra import Model
from cobra.util.array import create_stoichiometric_matrix
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from knockflow.model.constrained_model import constraints_of

HELD = 1e-6
"""Relative residual (absolute below 1) up to which a state counts as steady and within its bounds."""


class OpeningProgram:
    """S v = 0 within bounds, with the model's own constraints, whose exchanges may be opened at a price.

    Parameters
    ----------
    model : cobra.Model
        As it stands; nothing is changed.
    names : sequence of str
        Exchanges that may be opened, written outwards: by `width` mmol/gDW/h either way, beside their own bounds.
    """

    def __init__(self, model: Model, names: Sequence[str], width: float):
        self.names, self.width = list(names), width
        ids = [reaction.id for reaction in model.reactions]
        self.lower = np.array([reaction.lower_bound for reaction in model.reactions], float)
        self.upper = np.array([reaction.upper_bound for reaction in model.reactions], float)
        self._number = {name: number for number, name in enumerate(ids)}
        self._low, self._high = np.zeros(len(model.metabolites)), np.zeros(len(model.metabolites))
        matrix = csr_array(create_stoichiometric_matrix(model, array_type="lil"))
        for one in constraints_of(model):
            if one.metabolite:
                row = model.metabolites.index(one.metabolite)
                self._low[row], self._high[row] = one.lower, one.upper
                continue
            columns = [self._number[name] for name in one.coefficients]
            entries = (list(one.coefficients.values()), ([0] * len(columns), columns))
            matrix = vstack([matrix, csr_array(entries, shape=(1, len(ids)))], format="csr")
            self._low, self._high = np.append(self._low, one.lower), np.append(self._high, one.upper)
        self._matrix = matrix

    def most(self, reaction: str, opened: Iterable[str]) -> float | None:
        """The largest flux of a reaction with some exchanges open; inf without end, None where no state is allowed."""
        gain = np.zeros(len(self.lower))
        gain[self._number[reaction]] = -1.0
        lower, upper = self.lower.copy(), self.upper.copy()
        for name in opened:
            j = self._number[name]
            lower[j], upper[j] = min(lower[j], -self.width), max(upper[j], self.width)
        result = self._solved(gain, self._matrix, lower, upper)
        if result.status == 3:
            return np.inf
        return None if result.x is None else -float(result.fun)

    def least_openings(self, reaction: str, needed: float, opened: Sequence[str]) -> dict[str, float] | None:
        """How far each of some exchanges must be opened for a reaction to reach a flux, by the least sum.

        Returns
        -------
        By exchange its flux beyond its own bounds in mmol/gDW/h, negative for uptake; None where it is not reached.
        """
        columns = [self._number[name] for name in opened]
        # Uptake beyond the lower bound, then secretion beyond the upper one, as columns of their own.
        more = hstack([-self._matrix[:, columns], self._matrix[:, columns]], format="csr")
        n, k = len(self.lower), len(columns)
        price = np.concatenate([np.zeros(n), np.ones(2 * k)])
        lower, upper = np.append(self.lower, np.zeros(2 * k)), np.append(self.upper, np.full(2 * k, self.width))
        lower[self._number[reaction]] = max(lower[self._number[reaction]], needed)
        whole = hstack([self._matrix, more], format="csr")
        result = self._solved(price, whole, lower, upper)
        if result.x is None or not self._holds(whole, result.x, lower, upper):
            return None
        uptake, secretion = result.x[n : n + k], result.x[n + k :]
        return dict(zip(opened, (secretion - uptake).tolist(), strict=True))

    def _solved(self, price: np.ndarray, matrix: csr_array, lower: np.ndarray, upper: np.ndarray):
        rows = LinearConstraint(matrix, self._low, self._high)
        return milp(price, constraints=[rows], bounds=Bounds(lower, upper))

    def _holds(self, matrix: csr_array, state: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> bool:
        """Whether a state is what the solver says, by plain arithmetic."""
        rows = matrix @ state
        scale = HELD * np.maximum(1.0, abs(matrix) @ abs(state))
        steady = (rows >= self._low - scale) & (rows <= self._high + scale)
        slack = HELD * np.maximum(1.0, abs(state))
        return bool(steady.all() and (state >= lower - slack).all() and (state <= upper + slack).all())
