"""The energy range and direction of every reaction of a model: the content of thermodynamics.tsv."""

import logging
from dataclasses import replace
from pathlib import Path

from knockflow.base.files import cell, read_json
from knockflow.layers.layer import Given
from knockflow.layers.thermodynamics.assemble import PotentialOptions, limits_of, potentials_of, summary
from knockflow.layers.thermodynamics.cache import energies_of
from knockflow.layers.thermodynamics.conditions import Conditions, read_conditions
from knockflow.layers.thermodynamics.directions import TABLE, constrained_bounds, coverage
from knockflow.layers.thermodynamics.estimates import thermodynamic_rows
from knockflow.layers.thermodynamics.ranges import ranges_of
from knockflow.model.network import read_network

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
    if given.options["mode"] == "concentrations":
        _say_what_is_free(path, found, conditions, limits_of(given.options))
    known = counts["forward"] + counts["reverse"] + counts["both"]
    logger.info("%d of %d reactions inside have an energy range", known, counts["internal"])
    return found


def _say_what_is_free(path: Path, found: list[dict], conditions: Conditions, limits: PotentialOptions) -> None:
    """Put down which reactions no energy limits, and why, and log how many."""
    network = read_network(path)
    bounds = zip(network.lower.tolist(), network.upper.tolist(), strict=True)
    bounds = dict(zip(network.reactions, bounds, strict=True)) | dict(network.added)
    written = [{name: cell(value) for name, value in row.items()} for row in found]
    potentials = potentials_of(written, conditions, limits, bounds)
    free = dict(zip(potentials.free, potentials.free_why, strict=True))
    for row in found:
        row["without_limit"] = free.get(row["reaction"], "")
    for line in summary(potentials):
        say = logger.warning if line.startswith("not applied") else logger.info
        say("%s", line)
