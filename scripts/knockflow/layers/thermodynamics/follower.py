"""Directions in the search's follower: bounds before compression, no rows."""

import logging
from collections.abc import Mapping, Sequence

from knockflow.base.files import read_table
from knockflow.layers.in_follower import InFollower
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.bounds import with_directions
from knockflow.layers.thermodynamics.directions import COLUMNS
from knockflow.model.network import Network

logger = logging.getLogger(__name__)


class DirectionsInFollower(InFollower):
    """The directions of a table, for one case."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self._rows = rows

    def tighten(self, network: Network) -> Network:
        """Close the directions that energies of reaction rule out; the log says which, and which are not applied."""
        network, notes = with_directions(network, self._rows)
        for note in notes:
            logger.info("thermodynamics: %s", note)
        return network


def of(given: Given) -> DirectionsInFollower:
    """The directions of a case's table."""
    return DirectionsInFollower(read_table(given.table, COLUMNS))
