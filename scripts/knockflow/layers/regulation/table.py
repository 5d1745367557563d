"""What the symbols of a table of rules are in a curated model: the content of regulation.tsv."""

import logging
from collections import Counter
from pathlib import Path

from knockflow.layers.layer import Given
from knockflow.layers.regulation.resolve import resolve
from knockflow.layers.regulation.rules import TABLE, UNKNOWN, read_rules
from knockflow.model.network import read_network

__all__ = ["TABLE", "rows"]

logger = logging.getLogger(__name__)


def rows(path: Path, given: Given) -> list[dict]:
    """The rows for a model.json: every symbol of the case's table; the log has what is nothing, and how many matter."""
    asked = given.options
    found = resolve(read_network(path), read_rules(given.files["table"]), asked["conditions"], asked["names"])
    for note in found.notes:
        if note["status"] == UNKNOWN:
            logger.warning("%s: %s: %s", note["symbol"], note["status"], note["why"])
    for cycle in found.cycles:
        logger.warning("these depend on each other, so every consistent assignment counts: %s", ", ".join(cycle))
    for status, count in sorted(Counter(note["status"] for note in found.notes).items()):
        logger.info("symbols: %d %s", count, status)
    logger.info("%d rules matter, %d genes can be removed", len(found.rules), len(found.genes))
    return found.notes
