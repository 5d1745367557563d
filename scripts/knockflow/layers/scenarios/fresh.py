"""Fresh scenarios, which no design was optimized for: random ones between those of a case, by Latin hypercube.

Every bound and factor that scenarios change lies between its least and its largest value in them, where a scenario that
does not change it has the model's own. Of n fresh scenarios each quantity has one value in each n-th of its range
(McKay, Beckman & Conover 1979, doi:10.1080/00401706.1979.10489755).
"""

from collections.abc import Iterator, Mapping

import numpy as np

from knockflow.layers.scenarios.resolve import by_scenario, rows
from knockflow.model.network import Network

DIGITS = 6
"""Decimals of what is drawn."""


def fresh(network: Network, named: Mapping[str, Mapping], count: int, seed: int) -> dict[str, dict]:
    """Random scenarios by name, as a case would name them; the same for the same seed."""
    ranges = list(_ranges(network, named))
    rng = np.random.default_rng(seed)
    places = [(rng.permutation(count) + rng.random(count)) / count for _ in ranges]
    found: dict[str, dict] = {}
    for number in range(count):
        own: dict = {"bounds": {}, "coefficients": {}}
        for (keys, least, most), place in zip(ranges, places, strict=True):
            drawn = [
                round(float(low + place[number] * (high - low)), DIGITS) for low, high in zip(least, most, strict=True)
            ]
            _put(own, keys, drawn)
        found[f"fresh {number + 1}"] = own
    return found


def _put(scenario: dict, keys: tuple[str, ...], drawn: list[float]) -> None:
    """Set what is drawn in a scenario: two bounds, or a factor."""
    *above, last = keys
    for key in above:
        scenario = scenario.setdefault(key, {})
    scenario[last] = drawn if above[:1] == ["bounds"] else drawn[0]


def _ranges(network: Network, named: Mapping[str, Mapping]) -> Iterator[tuple[tuple[str, ...], tuple, tuple]]:
    """What the scenarios vary: the keys under which it stands in one, its least and its largest values."""
    texts = [{"metabolite": "", **row} for row in rows(network, named)]
    texts = [{"reaction": "", **row} for row in texts]
    bounds, index = [own for _, own, _ in by_scenario(texts)], network.index()
    for reaction in sorted({name for own in bounds for name in own}):
        number = index[reaction]
        nominal = float(network.lower[number]), float(network.upper[number])
        ends = [own.get(reaction, nominal) for own in bounds]
        yield ("bounds", reaction), tuple(map(min, zip(*ends, strict=True))), tuple(map(max, zip(*ends, strict=True)))
    factors = [
        {(name, m): x for name, own in one.get("coefficients", {}).items() for m, x in own.items()}
        for one in named.values()
    ]
    for name, metabolite in sorted({keys for own in factors for keys in own}):
        values = [own.get((name, metabolite), 1.0) for own in factors]
        yield ("coefficients", name, metabolite), (min(values),), (max(values),)
    values = [one.get("growth_atp", 1.0) for one in named.values()]
    if min(values) != 1 or max(values) != 1:
        yield ("growth_atp",), (min(values),), (max(values),)
