"""Scenarios on a COBRApy model: what each of them changes, for strains that are made of it."""

from cobra import Model

from knockflow.layers.in_strain import Judged, add_variants, apply_variant
from knockflow.layers.layer import Given
from knockflow.layers.scenarios.resolve import by_scenario
from knockflow.layers.scenarios.table import TABLE


def rebuild(model: Model, given: Given) -> None:
    """Let a curated model stand for the scenarios of a case's table; a single one changes the model itself."""
    found = list(by_scenario(TABLE.read(given.table)))
    if len(found) == 1:
        apply_variant(model, found[0])
    else:
        add_variants(model, found, Judged(given.options["judge"], given.options["quantile"] or 0.0))
