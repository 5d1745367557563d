"""Scenarios on a COBRApy model: what each of them changes, for strains that are made of it."""

from collections.abc import Mapping, Sequence

from cobra import Model

from knockflow.layers.in_strain import Judged, StrainVariant, add_variants
from knockflow.layers.layer import Given
from knockflow.layers.scenarios.resolve import by_scenario
from knockflow.layers.scenarios.table import TABLE


def rebuild(model: Model, given: Given) -> None:
    """Let a curated model stand for the scenarios of a case's table; a single one changes the model itself."""
    found = variants(TABLE.read(given.table))
    if len(found) == 1:
        found[0].apply(model)
    else:
        add_variants(model, found, Judged(given.options["judge"], given.options["quantile"] or 0.0))


def variants(rows: Sequence[Mapping[str, str]]) -> list[StrainVariant]:
    """The scenarios of a table, each as what it changes in a model."""
    return [
        StrainVariant(
            one.name,
            one.bounds,
            {reaction: {m: float(x) for m, x in own.items()} for reaction, own in one.coefficients.items()},
            one.varied,
        )
        for one in by_scenario(rows)
    ]
