"""A model as published, read and curated for a case."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cobra import Model

from knockflow.layers.layer import Given, Layer
from knockflow.layers.registry import add_to_model
from knockflow.model.curation import curate, find_substrate
from knockflow.model.finding import INFO, WHOLE_MODEL, Finding
from knockflow.model.notes import SUBSTRATE_NOTE, write_note
from knockflow.model.read import about, read_model


def curated(case: Mapping, layers: Sequence[tuple[Layer, Given]], cache: str | Path) -> tuple[Model, list[Finding]]:
    """The model of a case, and every change and finding: where it is from, then those of reading and curation.

    Parameters
    ----------
    case
        As `knockflow.model.curation.curate` takes it, with the model's source.
    layers
        Those that add to the model.
    cache
        The folder that keeps models from BiGG.

    Raises
    ------
    ConfigError, ModelError
        If the case names what the model does not have, or the model is none to compute with.
    """
    model, origin = read_model(case["model"], Path(cache))
    size = f"{len(model.reactions)} reactions, {len(model.metabolites)} metabolites, {len(model.genes)} genes"
    findings = [
        Finding(WHOLE_MODEL, "source", INFO, origin.source, "", f"read as {origin.format}"),
        Finding(WHOLE_MODEL, "sha256", INFO, origin.sha256, "", "of the file as it is stored"),
        Finding(WHOLE_MODEL, "size", INFO, size, "", "as read, before any change"),
    ]
    findings += add_to_model(model, layers)
    with about(origin.source):
        findings += [*origin.findings, *curate(model, case, cache)]
    write_note(model, SUBSTRATE_NOTE, find_substrate(model, case))
    return model, findings
