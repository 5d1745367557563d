"""The variants of a case's network that layers make, one for each follower, and their compression as one.

A follower may have several parts side by side; then each part of each variant has a network.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.layers.in_follower import InFollower, Variant
from knockflow.model.gpr import GeneCutSet
from knockflow.model.network import Network
from knockflow.problem.compression import Merged
from knockflow.problem.offer import Offer
from knockflow.problem.side_by_side import SideBySide
from knockflow.problem.targets import TargetOptions, refusals

Path = tuple[tuple[InFollower, int], ...]
"""Layers that make several followers, each with the number of one."""


@dataclass(frozen=True)
class Own(Variant):
    """A follower's network, with the layers as it has them."""

    layers: Sequence[InFollower] = ()


def tightened(network: Network, layers: Sequence[InFollower]) -> Network:
    """A network with the bounds that layers leave."""
    for layer in layers:
        network = layer.tighten(network)
    return network


def variants_of(network: Network, written: Network, layers: Sequence[InFollower]) -> list[Own]:
    """The network of each follower; of several layers that make some, each with each.

    `written` is the network before layers tighten it, for followers in which layers do that otherwise.
    """
    found: list[tuple[Variant, Path]] = [(Variant("", network), ())]
    for layer in layers:
        found = [
            (_joined(before, one), (*path, (layer, number)))
            for before, path in found
            for number, one in enumerate(layer.variants(before.network) or (Variant("", before.network),))
        ]
    return [_own(one, path, written, layers) for one, path in found]


def _joined(before: Variant, one: Variant) -> Variant:
    name = ", ".join(filter(None, (before.name, one.name)))
    return Variant(name, one.network, {**before.varied, **one.varied})


def _own(one: Variant, path: Path, written: Network, layers: Sequence[InFollower]) -> Own:
    """A follower with its own layers; where it changes them, with the network as they tighten it."""
    if not one.varied:
        return Own(one.name, one.network, one.varied, layers)
    own = [layer.vary(one.varied) for layer in layers]
    network = tightened(written, own)
    for layer, number in path:
        made = layer.variants(network)
        network = made[number].network if made else network
    return Own(one.name, network, one.varied, own)


def check_varied(network: Network, layers: Sequence[InFollower]) -> None:
    """See that layers have what followers are to change.

    Raises
    ------
    ConfigError
        With what a follower would change of a layer that the case does not have.
    """
    there = {quantity for layer in layers for quantity in layer.varies}
    for layer in layers:
        for one in layer.variants(network):
            lacking = next((quantity for quantity in one.varied if quantity not in there), None)
            if lacking is not None:
                raise ConfigError(f"layers: `{one.name}` changes `{lacking}`, and no layer of the case has that")


def parts_of(variants: Sequence[Variant], layers: Sequence[InFollower]) -> tuple[list[Variant], SideBySide | None]:
    """The network of each part of each follower, those of one follower together; the parts, None where it has one."""
    for layer in layers:
        each = [layer.parts(one.network) for one in variants]
        if each[0]:
            found = [
                Variant(one.name, part.network) for one, parts in zip(variants, each, strict=True) for part in parts
            ]
            return found, SideBySide(*zip(*((part.name, part.share) for part in each[0]), strict=True))
    return list(variants), None


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
            "followers or parts of the case (scenarios, zones); leave it to one of the two"
        )
    found = []
    for one, (lower, upper) in zip(variants, ends, strict=True):
        bounds = {"lower": np.where(asked, offered.lower, lower), "upper": np.where(asked, offered.upper, upper)}
        found.append((one.name, merged.in_network(replace(one.network, **bounds), own_rows)))
    return found
