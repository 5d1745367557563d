"""What is wrong with the options of scenarios by themselves."""

from collections.abc import Iterator, Mapping


def problems(options: Mapping, _case: Mapping) -> Iterator[str]:
    """A line for each."""
    if options["judge"] == "quantile" and options["quantile"] is None:
        yield "layers.scenarios.quantile: `judge: quantile` needs it, a share between 0 (the worst) and 1 (the best)"
    if options["judge"] != "quantile" and options["quantile"] is not None:
        yield f"layers.scenarios.quantile: `judge: {options['judge']}` has none; set `judge: quantile` or leave it out"
