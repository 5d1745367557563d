"""Which energies and concentration ranges keep a cell from growing, and what would let it grow.

Three answers, each with names. The smallest set of reactions whose energies must not count; the smallest set of
metabolites whose ranges must be wider; and, for the fastest state without those energies, how far which concentrations
would have to leave their ranges so that all energies count again: the least sum of logarithms

    min sum_i (up_i + down_i)   s.t.   -s_r dG'_r(w) >= force for all r that run,   lower - down <= w <= upper + up.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import exp

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from knockflow.base.tolerances import ACTIVE_FLUX
from knockflow.follower.conflict_pool import ConflictPool
from knockflow.follower.oracle import Follower
from knockflow.layers.thermodynamics.forces import as_forces
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, Potentials
from knockflow.numerics.smallest_sets import Smallest, smallest_to_lift
from knockflow.problem.problem import Problem

WIDEST = (1e-12, 10.0)
"""M: a range so wide that it limits nothing."""

NOTHING = 1e-6
"""Of a logarithm: what is no change."""

FEW = 10


@dataclass(frozen=True)
class Change:
    """A concentration that has to leave its range: its end, and where it has to be, in M."""

    metabolite: str
    end: float
    needed: float

    def __str__(self) -> str:
        side = "up to" if self.needed > self.end else "down to"
        return f"{self.metabolite} {side} {self.needed:.3g} M (its range ends at {self.end:.3g})"


@dataclass(frozen=True)
class Diagnosis:
    """Why energies keep a cell from growing at min_growth.

    Attributes
    ----------
    reactions
        The smallest set of reactions to exempt; None if the cell does not grow even without any energy.
    growth
        The largest growth then, in 1/h.
    metabolites
        The smallest set of metabolites whose ranges to lift; None if no ranges help.
    changes
        The least change of concentrations by which the fastest state without `reactions` keeps all energies; None if
        none does.
    """

    reactions: Smallest | None
    growth: float = 0.0
    metabolites: Smallest | None = None
    changes: tuple[Change, ...] | None = None

    def __str__(self) -> str:
        if self.reactions is None:
            return ""
        some = self.reactions.lifted
        text = (
            f"energies of reaction forbid it: without {_named(some, 'that', 'those')} it grows {self.growth:.6f} per h"
        )
        text += f" (no smaller set does; `exempt: [{', '.join(some)}]`)"
        core = self.reactions.cores[0]
        if len(core) > 1:
            text += f"; the energies of {_few(core)} are enough to forbid it"
        if self.changes:
            text += f"; with all energies that state needs {', '.join(map(str, self.changes[:FEW]))}"
        if self.metabolites is not None:
            text += f"; wider ranges of {_few(self.metabolites.lifted)} would do, too, and of no fewer metabolites"
        return text


def _named(names: Collection[str], one: str, more: str) -> str:
    return f"{one if len(names) == 1 else more} of {_few(names)}"


def _few(names: Collection[str]) -> str:
    names = list(names)
    return ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")


def diagnose(problem: Problem, potentials: Potentials) -> Diagnosis | None:
    """Why a problem with these potentials does not grow at min_growth; None if it does.

    Raises
    ------
    SolverError
        If a program cannot be solved.
    """
    if _grows(problem, potentials) is not None:
        return None
    reactions = smallest_to_lift(
        potentials.reactions, lambda lifted: _grows(problem, without(potentials, lifted)) is not None
    )
    if reactions is None:
        return Diagnosis(None)
    kept = without(potentials, reactions.lifted)
    growth, used = _grows(problem, kept)
    names = [name for name, kind in zip(potentials.variables, potentials.kinds, strict=True) if kind == CONCENTRATION]
    metabolites = smallest_to_lift(names, lambda lifted: _grows(problem, widened(potentials, lifted)) is not None)
    return Diagnosis(reactions, growth, metabolites, _changes(potentials, used))


def without(potentials: Potentials, exempt: Collection[str]) -> Potentials:
    """The potentials without the energies of some reactions."""
    kept = [row for row, name in enumerate(potentials.reactions) if name not in exempt]
    return replace(
        potentials,
        reactions=tuple(potentials.reactions[row] for row in kept),
        mean=potentials.mean[kept],
        coefficients=potentials.coefficients[kept],
    )


def widened(potentials: Potentials, metabolites: Collection[str]) -> Potentials:
    """The potentials with ranges of some metabolites that limit nothing; ratios stay."""
    chosen = np.array([name in metabolites for name in potentials.variables], bool)
    least, most = np.log(WIDEST)
    return replace(
        potentials,
        lower=np.where(chosen, np.minimum(potentials.lower, least), potentials.lower),
        upper=np.where(chosen, np.maximum(potentials.upper, most), potentials.upper),
    )


def _grows(problem: Problem, potentials: Potentials) -> tuple[float, dict[str, float]] | None:
    """The largest growth and a state's fluxes by reaction, None if it is below min_growth."""
    forces = as_forces(potentials) if potentials.reactions else None
    follower = Follower(
        problem.with_follower(driving_forces=forces), ConflictPool(forces) if forces is not None else None
    )
    found = follower.max_growth(follower.after(()))
    if found is None or not follower.grows(found.value):
        return None
    fluxes = problem.members @ found.fluxes[: problem.members.shape[1]]
    return found.value, dict(zip(problem.reactions, fluxes.tolist(), strict=True))


def _changes(potentials: Potentials, fluxes: dict[str, float]) -> tuple[Change, ...] | None:
    """The least change of concentrations at which all energies of a state's reactions hold."""
    running = [row for row, name in enumerate(potentials.reactions) if abs(fluxes.get(name, 0.0)) > ACTIVE_FLUX]
    signs = np.array([np.sign(fluxes[potentials.reactions[row]]) for row in running])
    movable = np.array([kind == CONCENTRATION for kind in potentials.kinds])
    count, size = len(potentials.variables), int(movable.sum())
    # Variables: w, then how far each concentration goes beyond its upper and its lower end.
    beyond = csr_array(np.eye(count)[movable])
    driven = csr_array(potentials.coefficients[running].multiply(signs[:, None]))
    rows = [hstack([driven, csr_array((len(running), 2 * size))])]
    ends = [-potentials.min_driving_force - signs * potentials.mean[running]]
    rows += [
        hstack([beyond, -np.eye(size), csr_array((size, size))]),
        hstack([-beyond, csr_array((size, size)), -np.eye(size)]),
    ]
    ends += [potentials.upper[movable], -potentials.lower[movable]]
    for sign, limit in ((1.0, potentials.row_upper), (-1.0, potentials.row_lower)):
        finite = np.flatnonzero(np.isfinite(limit))
        rows.append(hstack([sign * potentials.row_coefficients[finite], csr_array((len(finite), 2 * size))]))
        ends.append(sign * limit[finite])
    lower = np.where(movable, -np.inf, potentials.lower)
    upper = np.where(movable, np.inf, potentials.upper)
    bounds = [*zip(lower, upper, strict=True), *[(0.0, None)] * (2 * size)]
    goal = np.append(np.zeros(count), np.ones(2 * size))
    done = linprog(goal, A_ub=vstack(rows).tocsr(), b_ub=np.concatenate(ends), bounds=bounds, method="highs")
    if done.status != 0:
        return None
    names = [name for name, moves in zip(potentials.variables, movable, strict=True) if moves]
    up, down = done.x[count : count + size], done.x[count + size :]
    ends_of = zip(names, potentials.lower[movable], potentials.upper[movable], up, down, strict=True)
    found = [
        Change(name, exp(high if more > less else low), exp(high + more if more > less else low - less))
        for name, low, high, more, less in ends_of
        if max(more, less) > NOTHING
    ]
    return tuple(found)
