"""The variants of a case's network that layers make, one for each follower, and their compression as one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.layers.in_follower import InFollower, Variant
from knockflow.model.gpr import GeneCutSet
from knockflow.model.network import Network
from knockflow.problem.compression import Merged
from knockflow.problem.offer import Offer
from knockflow.problem.targets import TargetOptions, refusals


def variants_of(network: Network, layers: Sequence[InFollower]) -> list[Variant]:
    """The network of each follower; of several layers that make some, each with each."""
    found = [Variant("", network)]
    for layer in layers:
        found = [
            Variant(", ".join(filter(None, (before.name, one.name))), one.network)
            for before in found
            for one in layer.variants(before.network) or (Variant("", before.network),)
        ]
    return found


def refusals_in(
    variants: Sequence[Variant], cuts: Mapping[str, list[GeneCutSet]], options: TargetOptions
) -> dict[str, str]:
    """Why a reaction cannot be a target, for each that cannot be one in some variant; the first reason."""
    found: dict[str, str] = {}
    for one in reversed(variants):
        found |= refusals(one.network, cuts, options)
    return found


def in_variants(
    merged: Merged, offered: Offer, network: Network, variants: Sequence[Variant], own_rows: Sequence[int]
) -> list[tuple[str, Merged]]:
    """The compressed network of each variant, with the bounds that leave room for all that is offered, by name.

    Raises
    ------
    ConfigError
        If interventions set or widen bounds that differ among the variants.
    """
    if len(variants) == 1:
        return [(variants[0].name, merged)]
    asked = (offered.lower != network.lower) | (offered.upper != network.upper)
    ends = [(one.network.lower, one.network.upper) for one in variants]
    varied = np.any([(low != ends[0][0]) | (high != ends[0][1]) for low, high in ends], axis=0)
    for number in np.flatnonzero(asked & varied).tolist():
        raise ConfigError(
            f"targets: interventions change the bounds of {network.reactions[number]}, which are not the same for all "
            "followers of the case (scenarios); leave it to one of the two"
        )
    found = []
    for one, (lower, upper) in zip(variants, ends, strict=True):
        bounds = {"lower": np.where(asked, offered.lower, lower), "upper": np.where(asked, offered.upper, upper)}
        found.append((one.name, merged.in_network(replace(one.network, **bounds), own_rows)))
    return found
