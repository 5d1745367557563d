"""Levels of regulation that are given relative to what the wild type can carry."""

from dataclasses import replace

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.language.notation import AT_LEAST, AT_MOST
from knockflow.model.network import Network
from knockflow.numerics.flux_ranges import flux_ranges
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import LP
from knockflow.problem.compression import Merged, compress
from knockflow.problem.offer import NamedInterventions


def resolved(network: Network, named: NamedInterventions, min_growth: float) -> NamedInterventions:
    """The same interventions with shares of flux ranges as fluxes (mmol/gDW/h).

    Raises
    ------
    ConfigError
        If the wild type does not reach min_growth, so that there are no ranges.
    """
    relative = {name: change for name, change in named.of(AT_LEAST, AT_MOST) if change.relative}
    if not relative:
        return named
    ranges = _wild_ranges(network, min_growth)
    new = {}
    for name, change in relative.items():
        if ranges is None:
            raise ConfigError(f"targets: `{name}` needs a wild type that grows at min_growth")
        least, most = ranges.get(change.name, (0.0, 0.0))
        level = float(f"{least + change.level * (most - least):.6g}")
        new[name] = str(replace(change, level=level, relative=False))
    return NamedInterventions(
        {new.get(name, name): cost for name, cost in named.costs.items()},
        tuple(new.get(name, name) for name in named.forced),
        [[new.get(name, name) for name in group] for group in named.exclusive],
        named.barred,
    )


def _wild_ranges(network: Network, min_growth: float) -> dict[str, tuple[float, float]] | None:
    """Flux ranges of the wild type's reactions at min_growth; None if it does not grow so much."""
    merged, allowed = compress(network)
    found = flux_ranges(_growing(merged, min_growth), merged.lower, merged.upper) if allowed else None
    if found is None:
        return None
    ends = {}
    for column, group in enumerate(merged.groups):
        for member, factor in group:
            pair = sorted(float(factor) * float(side[column]) for side in found)
            ends[network.reactions[member]] = (pair[0], pair[1])
    return ends


def _growing(merged: Merged, min_growth: float) -> LP:
    growth = merged.vector({merged.network.biomass: 1.0})
    return LP(merged.program().extended([Row("growth of the cell", min_growth, np.inf, growth)]))
