"""Layers: biology added to the follower."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from knockflow.layers.thermodynamics.directions import constrained_bounds
from knockflow.model.network import Network


def with_directions(network: Network, rows: Iterable[Mapping[str, str]]) -> tuple[Network, list[str]]:
    """A network without the directions that its energies of reaction rule out, and what was done.

    What a design may add is narrowed as it will be once it is there. A direction that contradicts the model's own is
    not applied: it would close the reaction by an estimate.
    """
    before = {
        reaction: (float(network.lower[number]), float(network.upper[number]))
        for number, reaction in enumerate(network.reactions)
    } | dict(network.added)
    after, contradictions = constrained_bounds(rows, before)
    notes = [
        f"{reaction}: bounds {before[reaction]} become {after[reaction]}"
        for reaction in network.reactions
        if before[reaction] != after[reaction]
    ]
    notes += [f"not applied: {contradiction}" for contradiction in contradictions]
    added = {reaction: after[reaction] for reaction in network.added}
    closed = dict.fromkeys(added, (0.0, 0.0))
    lower, upper = np.array([(after | closed)[reaction] for reaction in network.reactions]).T
    return replace(network, lower=lower, upper=upper, added=added), notes
