"""What is wrong with the zones of a case, before any job and without its model."""

from collections import Counter
from collections.abc import Iterator, Mapping

from knockflow.base.errors import suggestion

ROUNDING = 1e-9
"""What shares may be off in all."""


def problems(options: Mapping, case: Mapping) -> Iterator[str]:
    """A line for each fault."""
    total = sum(zone["share"] for zone in options["named"].values())
    if abs(total - 1) > ROUNDING:
        each = ", ".join(f"{name} {zone['share']:g}" for name, zone in options["named"].items())
        yield f"layers.zones.named: the shares add up to {total:.10g}, they must add up to 1: {each} (1 if not given)"
    yield from _of_neighbours(options)
    lonely = len(options["named"]) == 1 or options["neighbours"] == []
    for name, one in options["exchange"].items():
        if lonely and one["conductance"] > 0:
            yield f"layers.zones.exchange: {name}: no zones are neighbours, so that nothing diffuses; leave it out"
    if options["aim"] == "selfish":
        yield from _of_selfish_zones(options)


def _of_neighbours(options: Mapping) -> Iterator[str]:
    seen: Counter = Counter()
    for pair in options["neighbours"] or ():
        for name in pair:
            if name not in options["named"]:
                near = suggestion(name, options["named"])
                yield f"layers.zones.neighbours: no zone `{name}`{near}; there are {', '.join(options['named'])}"
        if pair[0] == pair[1]:
            yield f"layers.zones.neighbours: `{pair[0]}` is no neighbour of itself"
        seen[frozenset(pair)] += 1
        if seen[frozenset(pair)] == 2:
            yield f"layers.zones.neighbours: {pair[0]} and {pair[1]} stand there twice; keep one"


def _of_selfish_zones(options: Mapping) -> Iterator[str]:
    """Why selfish zones are no followers of one leader."""
    why = (
        "what one zone does then changes what another one can do, so that selfish zones are an equilibrium of several "
        "optima and no bilevel problem with one follower; set `aim: joint`"
    )
    connected = [name for name, one in options["exchange"].items() if one["conductance"] > 0]
    if connected:
        yield f"layers.zones.aim: zones exchange {', '.join(connected)}: {why}, or conductances of 0"
    if options["equal_growth"]:
        yield f"layers.zones.aim: `equal_growth` ties the growth of the zones to each other: {why}, or leave it out"
