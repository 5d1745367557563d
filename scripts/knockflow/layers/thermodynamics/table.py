"""The energy range and direction of every reaction of a model: the content of thermodynamics.tsv."""

import logging
from dataclasses import replace
from pathlib import Path

from knockflow.base.files import read_json
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.cache import energies_of
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.directions import TABLE, constrained_bounds, coverage
from knockflow.layers.thermodynamics.estimates import thermodynamic_rows
from knockflow.layers.thermodynamics.ranges import ranges_of

__all__ = ["TABLE", "rows"]

logger = logging.getLogger(__name__)


def rows(path: Path, given: Given) -> list[dict]:
    """The rows for a model.json; the log has how many are known, and what contradicts the model."""
    model = read_json(path)
    conditions = read_conditions(given.case["conditions"])
    ranges = ranges_of(model["metabolites"], conditions, given.files.get("concentrations"))
    if ranges.unused:
        told = ", ".join(ranges.unused[:10]) + (", ..." if len(ranges.unused) > 10 else "")
        logger.warning("%d ranges of the table are of no metabolite of the model: %s", len(ranges.unused), told)
    conditions = replace(conditions, concentrations=ranges.of)
    found = thermodynamic_rows(model, conditions, energies_of(model, conditions.chemistry, given.cache))
    counts = coverage(found)
    for name, count in counts.items():
        logger.info("%s %g", name, count)
    bounds = {reaction["id"]: (reaction["lower_bound"], reaction["upper_bound"]) for reaction in model["reactions"]}
    for contradiction in constrained_bounds(found, bounds)[1]:
        logger.warning("the estimate contradicts the model: %s", contradiction)
    known = counts["forward"] + counts["reverse"] + counts["both"]
    logger.info("%d of %d reactions inside have an energy range", known, counts["internal"])
    return found
