"""What concentrations leave of the states of a strain: a COBRApy model and HiGHS, nothing of the search.

A state is one if some point of the potentials' variables drives all its fluxes at once. Whether there is one is asked
of the linear program for the largest common driving force (Noor et al. 2014, doi:10.1371/journal.pcbi.1003483); if it
stays below what is needed, the rows with a price name reactions that cannot run together as they do, and one of these
directions has to close.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np
from cobra import Model, Reaction
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from knockflow.base.errors import SolverError
from knockflow.layers.in_strain import SLACK, Bounds, InStrain
from knockflow.layers.thermodynamics.potentials import Potentials

SHORT = 1e-6
"""kJ/mol by which a driving force may fall short of the least one within a solver's tolerance."""

PRICED = 1e-9

Directed = tuple[str, int]
"""A reaction and 1 for forward, -1 for backward."""

Node = tuple[frozenset[Directed], frozenset[Directed]]
"""Directions that are closed, and those of which a state below the node uses all that are in a conflict."""


class Possible:
    """Which directed reactions some point of the potentials drives all at once; answers are remembered."""

    def __init__(self, potentials: Potentials) -> None:
        self._potentials = potentials
        self.never = _never(potentials)
        self._conflicts: list[frozenset[Directed]] = []
        self._driven: list[frozenset[Directed]] = []

    def conflict(self, used: frozenset[Directed]) -> frozenset[Directed]:
        """Some of the directed reactions that cannot all run; empty if all can."""
        known = next((one for one in self._conflicts if one <= used), None)
        if known is not None:
            return known
        if not used or any(used <= one for one in self._driven):
            return frozenset()
        force, priced = self._largest(sorted(used))
        if force >= self._potentials.min_driving_force - SHORT:
            self._driven.append(used)
            return frozenset()
        self._conflicts.append(priced)
        return priced

    def _largest(self, used: list[Directed]) -> tuple[float, frozenset[Directed]]:
        """Largest f with  sign dG'_r + f <= 0,  and the directed reactions with a price (all if none has).

        Raises
        ------
        SolverError
            If HiGHS finds no optimum: no concentrations keep the ranges and ratios.
        """
        own = self._potentials
        numbers, signs = [own.number[name] for name, _ in used], np.array([sign for _, sign in used], float)
        driven = csr_array(own.coefficients[numbers].multiply(signs[:, None]))
        rows, ends = [hstack([driven, np.ones((len(used), 1))])], [-signs * own.mean[numbers]]
        for side, matrix, limit in (
            (1, own.row_coefficients, own.row_upper),
            (-1, own.row_coefficients, -own.row_lower),
        ):
            kept = np.flatnonzero(np.isfinite(limit))
            rows.append(hstack([side * matrix[kept], csr_array((len(kept), 1))]))
            ends.append(limit[kept])
        goal = np.append(np.zeros(len(own.variables)), -1.0)
        bounds = np.column_stack([np.append(own.lower, -np.inf), np.append(own.upper, np.inf)])
        found = linprog(goal, A_ub=vstack(rows).tocsr(), b_ub=np.concatenate(ends), bounds=bounds, method="highs")
        if found.status != 0:
            raise SolverError(f"concentrations: HiGHS finds no largest driving force ({found.message})")
        prices = np.abs(found.ineqlin.marginals[: len(used)])
        priced = frozenset(one for one, price in zip(used, prices, strict=True) if price > PRICED)
        return -float(found.fun), priced or frozenset(used)


def _never(own: Potentials) -> frozenset[Directed]:
    """The directed reactions that no point of the variables' ranges drives, whatever else runs."""
    half, middle = (own.upper - own.lower) / 2, own.energies((own.lower + own.upper) / 2)
    reach = abs(own.coefficients) @ half
    bar = own.min_driving_force - SHORT
    forward, backward = middle - reach > -bar, middle + reach < bar
    ruled_out = (
        (name, sign) for sign, side in ((1, forward), (-1, backward)) for name in np.array(own.reactions)[side]
    )
    return frozenset((str(name), sign) for name, sign in ruled_out)


class ByConcentrations:
    """What concentrations decide in a strain (`knockflow.layers.in_strain.Decided`)."""

    what = "concentrations"

    def __init__(self, model: Model, possible: Possible, names: Collection[str]) -> None:
        self.off: set[str] = set()
        self.reactions: list[Reaction] = [model.reactions.get_by_id(name) for name in names if name in model.reactions]
        self.watched = [reaction.id for reaction in self.reactions]
        self.root: Node = (frozenset(), frozenset())
        self._possible = possible
        self._of = dict(zip(self.watched, self.reactions, strict=True))

    def limits(self, node: Node) -> list[tuple[Reaction, Bounds]]:
        """The closed directions as bounds."""
        ends: dict[str, list[float]] = {}
        for name, sign in (one for one in node[0] | self._possible.never if one[0] in self._of):
            ends.setdefault(name, [-np.inf, np.inf])[sign > 0] = 0.0
        return [(self._of[name], (lower, upper)) for name, (lower, upper) in sorted(ends.items())]

    def used(self, fluxes: Mapping[str, float]) -> frozenset[Directed]:
        """The directed reactions that run."""
        return frozenset((name, 1 if fluxes[name] > 0 else -1) for name in self.watched if abs(fluxes[name]) > SLACK)

    def conflict(self, fluxes: Mapping[str, float]) -> frozenset[Directed]:
        """Some of those that run and that cannot all; empty if they can."""
        return self._possible.conflict(self.used(fluxes))

    def branches(self, node: Node, fluxes: Mapping[str, float]) -> list[Node] | None:
        """One direction of a conflict closed in each branch, those of the branches before it left open."""
        conflict = self.conflict(fluxes)
        if not conflict:
            return None
        closed, kept = node
        below: list[Node] = []
        for one in sorted(conflict - kept):
            below.append((closed | {one}, kept))
            kept = kept | {one}
        return below[::-1]


class ConcentrationsInStrain(InStrain):
    """Concentrations in all strains of a model."""

    key = "thermodynamics"

    def __init__(self, potentials: Potentials) -> None:
        self.potentials = potentials
        self._possible = Possible(potentials)

    @property
    def never(self) -> frozenset[Directed]:
        """The directed reactions that are closed in every state."""
        return self._possible.never

    def decided(
        self,
        model: Model,
        gone: Collection[str],
        medium: Mapping[str, Bounds],
        allowed: Callable[[Reaction, Collection[str]], Bounds],
    ) -> ByConcentrations:
        """What concentrations leave to fluxes: all that the potentials name."""
        return ByConcentrations(model, self._possible, self.potentials.reactions)

    def on_strain(self, undecided: Collection[str]) -> str:
        """What an export cannot hold."""
        return "no bound of the strain says which directions concentrations drive together: its states may be more"
