"""Fresh scenarios, which no design was optimized for: random ones between those of a case, by Latin hypercube.

Every quantity that scenarios change, or that has a range, lies between its least and its largest value in them: bounds
of a reaction, a coefficient's factor, growth-associated ATP, and what other layers let vary. A scenario that does not
change it has the model's own.
"""

from collections.abc import Iterator, Mapping, Sequence

from knockflow.layers.scenarios.collect import extremes
from knockflow.layers.scenarios.resolve import VARIED, by_scenario, rows
from knockflow.layers.scenarios.sampling import FRESH, Keys, flat, places, put, rounded
from knockflow.model.network import Network


def fresh(network: Network, scenarios: Mapping[str, Mapping], ranges: Mapping, count: int, seed: int) -> dict:
    """Random scenarios by name, as a case would name them; the same for the same seed.

    `ranges` are those of the case, whose ends no scenario need have.
    """
    ends = enumerate(extremes(flat(ranges)))
    hull = list(_hull(network, {**scenarios, **{f"end {number}": one for number, one in ends}}))
    found: dict[str, dict] = {}
    for number, place in enumerate(places(len(hull), count, seed, FRESH), 1):
        own = found[f"fresh {number}"] = {}
        for (keys, least, most), share in zip(hull, place, strict=True):
            drawn = rounded([low + share * (high - low) for low, high in zip(least, most, strict=True)])
            put(own, keys, drawn if keys[0] == "bounds" else drawn[0])
    return found


def _hull(network: Network, scenarios: Mapping[str, Mapping]) -> Iterator[tuple[Keys, tuple, tuple]]:
    """What the scenarios vary: the keys under which it stands in one, its least and its largest values."""
    bounds, index = [own.bounds for own in by_scenario(rows(network, scenarios))], network.index()
    for reaction in sorted({name for own in bounds for name in own}):
        number = index[reaction]
        nominal = float(network.lower[number]), float(network.upper[number])
        yield ("bounds", reaction), *_ends([own.get(reaction, nominal) for own in bounds])
    factors = [_factors(one) for one in scenarios.values()]
    for keys in sorted({keys for own in factors for keys in own}):
        yield keys, *_ends([(own.get(keys, VARIED.get(keys[0], 1.0)),) for own in factors])


def _factors(scenario: Mapping) -> dict[Keys, float]:
    """All that a scenario changes but bounds, by quantity."""
    found: dict[Keys, float] = {
        ("coefficients", name, metabolite): factor
        for name, own in scenario.get("coefficients", {}).items()
        for metabolite, factor in own.items()
    }
    for key in ("growth_atp", *VARIED):
        own = scenario.get(key, {})
        found |= {(key, name): value for name, value in own.items()} if isinstance(own, Mapping) else {(key,): own}
    return {keys: value for keys, value in found.items() if len(keys) > 1 or value != 1}


def _ends(values: Sequence[Sequence[float]]) -> tuple[tuple, tuple]:
    """The least and the largest of some vectors, entry by entry."""
    return tuple(map(min, zip(*values, strict=True))), tuple(map(max, zip(*values, strict=True)))
