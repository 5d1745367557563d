"""The driving force of a state: the most that all its reactions can have at once, and what limits it.

    max f   s.t.   -s_r dG'_r(w) >= f  for all r that run with sign s_r,   w in its ranges and rows

(max-min driving force, Noor et al. 2014, doi:10.1371/journal.pcbi.1003483). HiGHS solves it, from the potentials alone;
nothing of the search is used here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from knockflow.base.errors import SolverError
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, Potentials

PRICED = 1e-6
"""From which a reaction's price, of all that sum to 1, makes it a bottleneck."""

SHORT = 1e-6
"""kJ/mol by which a force may fall short of the least one within the solver's tolerance."""

Directed = Mapping[str, int]
"""Reactions with the signs of their fluxes."""


@dataclass(frozen=True)
class Force:
    """The largest common driving force of some reactions.

    Attributes
    ----------
    value
        In kJ/mol; infinite if no energy limits any of them.
    bottlenecks
        The reactions that limit it, those of the largest price first, with the signs of their fluxes.
    concentrations
        Of the metabolites in these reactions' energies, in M, at a point where all have that force.
    energies
        dG' of the reactions there, in kJ/mol.
    """

    value: float
    bottlenecks: tuple[tuple[str, int], ...]
    concentrations: dict[str, float]
    energies: dict[str, float]


def running(fluxes: Mapping[str, float], potentials: Potentials, least: float) -> dict[str, int]:
    """The reactions with an energy that carry more than a flux (mmol/gDW/h), with its sign."""
    return {
        name: 1 if fluxes[name] > 0 else -1
        for name in potentials.reactions
        if name in fluxes and abs(fluxes[name]) > least
    }


def largest_force(potentials: Potentials, used: Directed) -> Force:
    """The largest common driving force of directed reactions.

    Raises
    ------
    SolverError
        If HiGHS finds none: no concentrations keep all ranges and ratios.
    """
    if not used:
        return Force(np.inf, (), {}, {})
    names, signs = list(used), np.array(list(used.values()), float)
    numbers = [potentials.number[name] for name in names]
    driven = csr_array(potentials.coefficients[numbers].multiply(signs[:, None]))
    rows, ends = [hstack([driven, np.ones((len(names), 1))])], [-signs * potentials.mean[numbers]]
    for side, limit in ((1.0, potentials.row_upper), (-1.0, potentials.row_lower)):
        kept = np.flatnonzero(np.isfinite(limit))
        rows.append(hstack([side * potentials.row_coefficients[kept], csr_array((len(kept), 1))]))
        ends.append(side * limit[kept])
    goal = np.append(np.zeros(len(potentials.variables)), -1.0)
    bounds = np.column_stack([np.append(potentials.lower, -np.inf), np.append(potentials.upper, np.inf)])
    found = linprog(goal, A_ub=vstack(rows).tocsr(), b_ub=np.concatenate(ends), bounds=bounds, method="highs")
    if found.status != 0:
        raise SolverError(f"driving forces: HiGHS finds no largest one ({found.message})")
    point = np.clip(found.x[:-1], potentials.lower, potentials.upper)
    energies = potentials.energies(point)[numbers]
    prices = np.abs(found.ineqlin.marginals[: len(names)])
    order = sorted(range(len(names)), key=lambda one: (-round(prices[one], 9), names[one]))
    touched = set(csr_array(driven).indices.tolist())
    return Force(
        float((-signs * energies).min()),
        tuple((names[one], int(signs[one])) for one in order if prices[one] > PRICED),
        {
            name: exp(point[number])
            for number, (name, kind) in enumerate(zip(potentials.variables, potentials.kinds, strict=True))
            if kind == CONCENTRATION and number in touched
        },
        dict(zip(names, map(float, energies), strict=True)),
    )


def conflict(potentials: Potentials, used: Directed) -> dict[str, int]:
    """Directed reactions that cannot all run, while all but any one of them can; empty if all can.

    The bottlenecks first, then one after the other left out (deletion filter, Chinneck & Dravnieks 1991,
    doi:10.1287/ijoc.3.2.157).
    """
    left = _limiting(potentials, used)
    kept: dict[str, int] = {}
    while left:
        name = min(left)
        sign = left.pop(name)
        smaller = _limiting(potentials, kept | left)
        if smaller:
            left = {one: way for one, way in smaller.items() if one not in kept}
        else:
            kept[name] = sign
    return dict(sorted(kept.items()))


def _limiting(potentials: Potentials, used: Directed) -> dict[str, int]:
    """Reactions that cannot all run as they do; empty if all of those given can."""
    force = largest_force(potentials, used)
    if force.value >= potentials.min_driving_force - SHORT:
        return {}
    priced = dict(force.bottlenecks)
    still = priced and largest_force(potentials, priced).value < potentials.min_driving_force - SHORT
    return priced if still else dict(used)


def written(directed: Collection[tuple[str, int]]) -> list[str]:
    """Directed reactions as text: `+PFK` forward, `-PFK` backward."""
    return [("+" if sign > 0 else "-") + name for name, sign in directed]
