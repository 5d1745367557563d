"""What the report tells of scenarios."""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from knockflow.layers.in_report import Bounds, Told
from knockflow.layers.scenarios.table import TABLE


def told(folder: Path, options: Mapping, bounds: Bounds) -> Told:
    """How many scenarios there are, and their names."""
    names = list(dict.fromkeys(row["scenario"] for row in TABLE.read(folder / TABLE.file)))
    if len(names) == 1:
        return Told(Markup("the scenario {}").format(names[0]))
    counts = {"worst": "the worst", "mean": "the mean", "quantile": f"the quantile {options['quantile'] or 0:g}"}
    text = Markup("{} of {} scenarios counts, number by number: {}")
    return Told(text.format(counts[options["judge"]], len(names), ", ".join(names)))
