"""Scenarios of ranges: their corner points, or a Latin hypercube.

A quantity is named by the keys under which a scenario has it: `("uptake", "EX_o2_e")`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

Keys = tuple[str, ...]
Ranges = Mapping[Keys, tuple[float, float]]
"""Least and largest value by quantity."""

DIGITS = 6
"""Decimals of what is drawn."""

MOST_CORNERS = 256
"""Corner points at most: those of eight ranges. Each is a follower of its own."""

HYPERCUBE, FRESH = 0, 1
"""Series of random numbers of one seed: for the scenarios of a case, and for those in which designs are tested."""


def flat(ranges: Mapping) -> dict[Keys, tuple[float, float]]:
    """The ranges of a case by quantity, in the order of their kinds and ids; those that are not set are left out."""
    return dict(sorted(_flat(ranges, ())))


def _flat(part: Mapping, above: Keys) -> Iterator[tuple[Keys, tuple[float, float]]]:
    for key, value in part.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*above, key))
        elif value is not None:
            yield (*above, key), (float(value[0]), float(value[1]))


def put(scenario: dict, keys: Keys, value) -> None:
    """Set a quantity in a scenario."""
    *above, last = keys
    for key in above:
        scenario = scenario.setdefault(key, {})
    scenario[last] = value


def scenario_of(values: Mapping[Keys, float]) -> dict:
    """The scenario in which quantities have some values, as a case would name it."""
    found: dict = {}
    for keys, value in values.items():
        put(found, keys, value)
    return found


def n_corners(ranges: Ranges) -> int:
    """How many corner points there are; where both ends of a range are the same, they are one."""
    return 2 ** sum(low != high for low, high in ranges.values())


def corners(ranges: Ranges) -> Iterator[dict]:
    """A scenario for each corner point: the full factorial of the ends, the first quantity's changing last."""
    for values in product(*(dict.fromkeys(ends) for ends in ranges.values())):
        yield scenario_of(dict(zip(ranges, values, strict=True)))


def hypercube(ranges: Ranges, count: int, seed: int) -> Iterator[dict]:
    """Scenarios of a Latin hypercube."""
    lows, highs = np.array(list(ranges.values())).reshape(-1, 2).T
    for place in places(len(ranges), count, seed, HYPERCUBE):
        yield scenario_of(dict(zip(ranges, rounded(lows + place * (highs - lows)), strict=True)))


def places(quantities: int, count: int, seed: int, series: int) -> np.ndarray:
    """Where each of some scenarios (rows) has each quantity (columns) within its range, from 0 to 1.

    Every quantity has one scenario in each of `count` equal parts of its range (McKay, Beckman & Conover 1979,
    doi:10.1080/00401706.1979.10489755).
    """
    # It takes a second to import, and only what draws scenarios needs it.
    from scipy.stats.qmc import LatinHypercube

    if not quantities or not count:
        return np.zeros((count, quantities))
    return LatinHypercube(quantities, rng=np.random.default_rng([seed, series])).random(count)


def rounded(values: Sequence[float]) -> list[float]:
    """Values as scenarios have them."""
    return [round(float(value), DIGITS) for value in values]
