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
    listed = ", ".join(names)
    return Told(Markup("the worst of {} scenarios counts, number by number: {}").format(len(names), listed))
