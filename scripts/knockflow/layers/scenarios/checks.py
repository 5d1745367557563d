"""What is wrong with the options of scenarios by themselves."""

from collections.abc import Iterator, Mapping

from knockflow.layers.scenarios.sampling import MOST_CORNERS, flat, n_corners


def problems(options: Mapping, _case: Mapping) -> Iterator[str]:
    """A line for each."""
    if options["judge"] == "quantile" and options["quantile"] is None:
        yield "layers.scenarios.quantile: `judge: quantile` needs it, a share between 0 (the worst) and 1 (the best)"
    if options["judge"] != "quantile" and options["quantile"] is not None:
        yield f"layers.scenarios.quantile: `judge: {options['judge']}` has none; set `judge: quantile` or leave it out"
    ranges = flat(options["ranges"])
    for keys, (least, largest) in ranges.items():
        if least > largest:
            ends = f"[{least:g}, {largest:g}]"
            yield f"layers.scenarios.ranges.{'.'.join(keys)}: {ends} is upside down: the least comes first"
    count = n_corners(ranges)
    if options["sampling"] == "corners" and count > MOST_CORNERS:
        yield (
            f"layers.scenarios.ranges: {len(ranges)} ranges have {count} corners, at most {MOST_CORNERS} are allowed; "
            "set `sampling: latin_hypercube`, with `count`"
        )
