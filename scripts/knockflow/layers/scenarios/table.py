"""What the scenarios of a case change in its model: the content of scenarios.tsv."""

import logging
from pathlib import Path

from knockflow.base.table import FLUX, NUMBER, Table, columns
from knockflow.layers.layer import Given
from knockflow.layers.scenarios import resolve
from knockflow.layers.scenarios.collect import scenarios
from knockflow.model.network import read_network

logger = logging.getLogger(__name__)

TABLE = Table(
    "scenarios.tsv",
    (
        *columns(
            "scenario", "its name; a row for each thing that it changes, one without a reaction if it changes none"
        ),
        *columns("reaction", "id of the reaction that it changes; empty where it changes a whole"),
        *columns("metabolite", "id of the metabolite whose coefficient it changes; empty where it changes bounds"),
        *columns("lower_mmol_per_gdw_h upper_mmol_per_gdw_h", "the reaction's bounds in it", unit=FLUX),
        *columns("coefficient", "the metabolite's coefficient in it, negative where it is used up", NUMBER),
        *columns("quantity", "what it changes of another layer, as the configuration names it; empty otherwise"),
        *columns("value", "the factor, or what is added, by which it changes that", NUMBER),
    ),
)


def rows(path: Path, given: Given) -> list[dict]:
    """The rows for a model.json."""
    network = read_network(path)
    found = resolve.rows(network, scenarios(network, given))
    logger.info("%d scenarios", len({row["scenario"] for row in found}))
    return found
