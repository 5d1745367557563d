"""Bounds of the dual variables that a single-level model needs, by policy.

- `instance`: the largest values among the follower's linear programs for the wild type and each single removal,
  times a margin. An estimate: a result that rests on it is not proven by it.
- `norm`: a bound that holds for every design, from nothing but the coefficients; see `norm`. Refused where it exceeds
  LARGEST_NORM, as it does on every real model. Sure in exact arithmetic; in a solver's it still wants confirmation.
- `user`: as given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, sqrt

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.follower.held import GROWTH, OBJECTIVE, PRODUCT, TOTAL_FLUX
from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.follower.states import Optimum
from knockflow.formulations.formulation import Formulation
from knockflow.methods.single_level.program import BigM
from knockflow.numerics.program import entries
from knockflow.problem.problem import Problem

MARGIN = 100.0
LEAST = 1.0
LARGEST_NORM = 1e6


@dataclass(frozen=True)
class Policy:
    """Where the bounds come from; `margin` is that of `instance`, `values` are those of `user`."""

    name: str = "instance"
    margin: float = MARGIN
    values: Mapping[str, float] | None = None

    @property
    def grows(self) -> bool:
        """Whether bounds may be widened when a claim falls short."""
        return self.name == "instance"

    def bounds(self, problem: Problem, formulation: Formulation) -> BigM:
        """The bounds for a problem.

        Raises
        ------
        ConfigError
            If the norm is too large to compute with, or the user's values are incomplete.
        """
        if self.name == "norm":
            return norm(problem, formulation)
        if self.name == "user":
            return user(self.values or {})
        return instance(problem, formulation, self.margin)


def user(values: Mapping[str, float | None]) -> BigM:
    """The user's own bounds.

    Raises
    ------
    ConfigError
        If one is missing.
    """
    names = list(BigM.__dataclass_fields__)
    missing = [name for name in names if values.get(name) is None]
    if missing:
        raise ConfigError(f"big_m: policy `user` needs a value for {', '.join(missing)}")
    return BigM(**{name: float(values[name]) for name in names})


def norm(problem: Problem, formulation: Formulation) -> BigM:
    """A bound on every component of some optimal dual solution, for every design.

    The dual of a follower asks, for each column j, that  sum_i S_ij row_i + (unit columns of bound and removal
    multipliers) - c_j d = a_j. Some optimal solution is basic. Unit columns of the basis solve their own rows; what
    remains is a square system in some of the row multipliers and prices. Multiply each column's equation by an
    integer D_j that makes S_ij, c_j and a_j whole. By Cramer's rule a component is a quotient of two determinants
    of whole numbers; the denominator is not 0, hence at least 1, and the numerator is at most the product of
    the Euclidean lengths of its rows (Hadamard's inequality). A bound's or removal's multiplier is a determinant with
    one row more. So the product of the lengths of the longest k rows (S_j, c_j, a_j), where k is the number of
    multipliers of rows and prices plus one, bounds all of them, whatever has been removed. It needs nothing but
    the coefficients, and grows exponentially with the number of rows.

    Raises
    ------
    ConfigError
        If the bound exceeds LARGEST_NORM.
    """
    extra = [problem.objective, problem.growth, problem.product]
    least_flux = BEHAVIOURS[formulation.response].least_flux
    extra += [problem.total_flux] if least_flux else []
    lengths = sorted((_whole_length(problem, j, extra) for j in range(len(problem.columns))), reverse=True)
    prices = 2 if least_flux else 1
    longest = np.array([max(length, 1.0) for length in lengths[: len(problem.rows) + prices + 1]])
    exponent = float(np.log10(longest).sum())
    if formulation.models.get("strong_duality") == "pfba_pessimistic":
        exponent *= 2  # its growth dual is scaled by the price of total flux
    if exponent > np.log10(LARGEST_NORM):
        raise ConfigError(
            f"big_m: policy `norm` gives a bound of 1e{exponent:.0f} on this model, at most {LARGEST_NORM:g} can be "
            "computed with; take `instance`, or method `tree`, which needs none"
        )
    bound = max(LEAST, 10.0**exponent)
    return BigM(bound, bound, bound, bound)


def _whole_length(problem: Problem, column: int, extra: list[np.ndarray]) -> float:
    """Euclidean length of a dual constraint once its coefficients are multiplied to whole numbers."""
    coefficients = [*entries(problem.matrix, column)[1], *(vector[column] for vector in extra)]
    exact = [_as_fraction(float(value)) for value in coefficients]
    scale = lcm(*(value.denominator for value in exact))
    return sqrt(sum(float(value * scale) ** 2 for value in exact))


def _as_fraction(value: float) -> Fraction:
    """The short fraction that a coefficient was written as; its binary value where there is none."""
    short = Fraction(value).limit_denominator(10**6)
    return short if float(short) == value else Fraction(value)


def instance(problem: Problem, formulation: Formulation, margin: float = MARGIN) -> BigM:
    """Bounds from the wild type and every single removal, by each of the programs that lead to a value."""
    follower, behaviour = Follower(problem), BEHAVIOURS[formulation.response]
    trials = [(), *((effect,) for effect in range(problem.targets.n_effects))]
    prices = [(0.0,) * 4]
    for effects in trials:
        for optimum in behaviour.optima(follower, effects, not formulation.optimistic):
            prices.append(_prices(follower, optimum))
    return BigM(*map(float, margin * np.maximum(LEAST, np.array(prices).max(axis=0))))


def _prices(follower: Follower, optimum: Optimum) -> tuple[float, ...]:
    """Largest price of a removal, of growth, objective or product, of total flux, and of any bound."""
    reduced, rows = (np.abs(prices) for prices in follower.prices(optimum))
    removable = reduced[follower.problem.targets.column]
    named = {name: float(rows[row]) for name, row in follower.rows.items()}
    ranged = [rows[row] for row in follower.ranged_rows]
    return (
        float(removable.max(initial=0.0)),
        max(named[GROWTH], named[OBJECTIVE], named[PRODUCT]),
        named.get(TOTAL_FLUX, 0.0),
        float(max([reduced.max(initial=0.0), *ranged])),
    )
