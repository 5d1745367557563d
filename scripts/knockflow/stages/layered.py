"""The layers of a case in Python: from its options to the follower and to the model, as the workflow's stages do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cobra import Model

from knockflow.base.errors import ConfigError
from knockflow.layers.in_follower import InFollower
from knockflow.layers.layer import Given, Layer
from knockflow.layers.registry import as_asked, asked_layers, given, in_follower, module, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.model.network import Network, read_network
from knockflow.model.read import write_model
from knockflow.settings.sources import missing_layer_files
from knockflow.validation.reevaluation import prepare

Layers = list[tuple[Layer, Given]]


@dataclass(frozen=True)
class Layered:
    """A curated model as the stages have it, without layers and with them.

    Attributes
    ----------
    network
        For the search, before layers.
    layers
        For the search, in the order in which they are applied.
    plain
        For re-evaluation, without layers; ready for the solver.
    model
        With layers; the same as `plain` for a case that has none.
    tables
        The rows of the layers' tables, by layer.
    """

    network: Network
    layers: Sequence[InFollower]
    plain: Model
    model: Model
    tables: Mapping[str, list[dict]]


def layers_of(options: Mapping, cache: str | Path | None = None) -> Layers:
    """The layers of a case, given its options with defaults, with the files that they name; no tables yet.

    `cache` is the folder that keeps models, and what layers keep for all cases.

    Raises
    ------
    ConfigError
        With a line for each file that is not there; relative paths count from the working directory.
    """
    lines = list(missing_layer_files(options, Path.cwd()))
    if lines:
        raise ConfigError("\n".join(f"Python: cases.{options['name']}.{line}" for line in lines))
    asked = [(layer, as_asked(layer, options)) for layer in asked_layers(options)]
    named = ((layer, one["options"][slot]) for layer, one in asked for slot in one["slots"])
    files = [Path(source) for layer, source in named if source not in layer.own_files]
    return given((one for _, one in asked), files, with_tables=False, cache=cache)


def layered(model: Model, layers: Layers) -> Layered:
    """A curated COBRApy model, written and read again as between stages, with its layers."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        write_model(path, model)
        plain, network = read_curated(path), read_network(path)
        prepare(plain)
        layers, tables = with_tables(layers, path)
        whole = plain.copy() if layers else plain
        rebuild(whole, layers)
        return Layered(network, in_follower(layers), plain, whole, tables)


def with_tables(layers: Layers, path: Path) -> tuple[Layers, dict[str, list[dict]]]:
    """The layers with their tables, made for a model.json and written beside it."""
    found, tables = [], {}
    for layer, asked in layers:
        if layer.table:
            made = module(layer.table)
            tables[layer.key] = made.rows(path, asked)
            written = path.with_name(f"{layer.key}.tsv")
            made.TABLE.write(written, tables[layer.key])
            asked = replace(asked, table=written if layer.from_table else None)
        found.append((layer, asked))
    return found, tables
