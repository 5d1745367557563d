"""What the zones of a case are in its model: the content of zones.tsv."""

import logging
from pathlib import Path

from knockflow.base.table import FLUX, NUMBER, WHOLE, Table, columns
from knockflow.layers.layer import Given
from knockflow.layers.zones import resolve
from knockflow.model.network import read_network

logger = logging.getLogger(__name__)

TABLE = Table(
    "zones.tsv",
    (
        *columns(
            "zone",
            "its name; a row for its share, one for each exchange that zones name, one for each neighbour that "
            "something diffuses to",
        ),
        *columns("share", "of the biomass, in the row for it", NUMBER),
        *columns("exchange", "id of the exchange reaction"),
        *columns("lower_mmol_per_gdw_h upper_mmol_per_gdw_h", "between zone and outside", unit=FLUX),
        *columns("outwards", "where zones exchange it, 1 if a positive flux is secretion, -1 if it is uptake", WHOLE),
        *columns("capacity_l_per_gdw_h", "largest uptake per concentration; empty without a limit", unit="L/gDW/h"),
        *columns("largest_mmol_per_l", "largest concentration", unit="mmol/L"),
        *columns("neighbour", "the zone to which it diffuses, and from which"),
        *columns("conductance_l_per_gdw_h", "flow per difference of concentration", unit="L/gDW/h"),
    ),
)


def rows(path: Path, given: Given) -> list[dict]:
    """The rows for a model.json."""
    found = resolve.rows(read_network(path), given.options)
    logger.info("%d zones", len({row["zone"] for row in found}))
    return found
