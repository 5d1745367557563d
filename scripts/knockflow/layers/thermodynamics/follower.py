"""Energies of reaction in the search's follower: directions as bounds, or concentrations as driving forces."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knockflow.layers.in_follower import InFollower
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.assemble import PotentialOptions, limits_of, potentials_of, summary
from knockflow.layers.thermodynamics.bounds import with_directions
from knockflow.layers.thermodynamics.conditions import Conditions, read_conditions
from knockflow.layers.thermodynamics.diagnosis import diagnose
from knockflow.layers.thermodynamics.directions import DGP0, TABLE, shifted
from knockflow.layers.thermodynamics.forces import as_forces
from knockflow.layers.thermodynamics.potentials import Potentials
from knockflow.model.network import Network
from knockflow.numerics.driving_forces import DrivingForces, single_conflicts
from knockflow.problem.extension import Extension
from knockflow.problem.problem import Problem

logger = logging.getLogger(__name__)

Rows = Sequence[Mapping[str, str]]


class DirectionsInFollower(InFollower):
    """The directions of a table, for one case."""

    varies = (DGP0,)

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def tighten(self, network: Network) -> Network:
        """Close the directions that energies of reaction rule out; the log says which, and which are not applied."""
        network, notes = with_directions(network, self._rows)
        for note in notes:
            logger.info("thermodynamics: %s", note)
        return network

    def vary(self, varied: Mapping[str, object]) -> InFollower:
        """With other standard energies of some reactions."""
        return DirectionsInFollower(shifted(self._rows, varied[DGP0])) if DGP0 in varied else self


class ConcentrationsInFollower(InFollower):
    """The driving forces of a case: reactions run only where some concentrations drive all of them."""

    varies = (DGP0,)

    def __init__(self, rows: Rows, conditions: Conditions, limits: PotentialOptions) -> None:
        self._rows, self._conditions, self._limits = rows, conditions, limits
        self._potentials: Potentials | None = None
        self._forces: DrivingForces | None = None

    def tighten(self, network: Network) -> Network:
        """Find what energies apply to the model as it is, and close the directions that no concentrations drive."""
        bounds = dict(
            zip(network.reactions, zip(network.lower.tolist(), network.upper.tolist(), strict=True), strict=True)
        )
        self._potentials = potentials_of(self._rows, self._conditions, self._limits, bounds | dict(network.added))
        for line in summary(self._potentials):
            logger.info("thermodynamics: %s", line)
        self._forces = as_forces(self._potentials)
        network, closed = without_directions(network, self._forces, bounds | dict(network.added))
        logger.info("thermodynamics: %d directions are driven by no concentrations", closed)
        return network

    def vary(self, varied: Mapping[str, object]) -> InFollower:
        """With other standard energies of some reactions."""
        if DGP0 not in varied:
            return self
        return ConcentrationsInFollower(shifted(self._rows, varied[DGP0]), self._conditions, self._limits)

    def hindrance(self, problem: Problem) -> str:
        """The smallest sets of energies or ranges to lift so that the cell grows, by name."""
        found = diagnose(problem, self._potentials)
        return "" if found is None else str(found)

    def extend(self, extension: Extension) -> None:
        """Let the problem's reactions run by these driving forces."""
        extension.drive(self._forces)


def of(given: Given) -> InFollower:
    """The directions or the driving forces of a case's table."""
    rows = TABLE.read(given.table)
    if given.options["mode"] == "directions":
        return DirectionsInFollower(rows)
    return ConcentrationsInFollower(rows, read_conditions(given.case["conditions"]), limits_of(given.options))


def without_directions(
    network: Network, forces: DrivingForces, bounds: Mapping[str, tuple[float, float]]
) -> tuple[Network, int]:
    """A network without the directions that no point drives by themselves, and how many these are.

    A direction in which a reaction must run stays: no state is left then, and whoever looks for one finds that out.
    `bounds` are those of reactions once they are added.
    """
    after, count = dict(bounds), 0
    for literal in single_conflicts(forces):
        name, backward = forces.names[literal // 2], literal % 2
        lower, upper = after[name]
        own = (max(lower, 0.0), upper) if backward else (lower, min(upper, 0.0))
        if own[0] <= own[1] and own != (lower, upper):
            after[name] = own
            count += 1
    added = {name: after[name] for name in network.added}
    here = after | dict.fromkeys(added, (0.0, 0.0))
    lower, upper = np.array([here[name] for name in network.reactions]).reshape(-1, 2).T
    return replace(network, lower=lower, upper=upper, added=added), count
