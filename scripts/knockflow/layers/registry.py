"""The layers that there are, by key, and what cases give them."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from knockflow.base.table import Table
from knockflow.layers.layer import Given, Layer

NAMES = ("thermodynamics", "enzymes", "regulation", "scenarios", "zones")
"""Packages of `knockflow.layers` with a `LAYER`, in the order in which they are applied."""

LIBRARY = Path(__file__).resolve().parents[1]

_registered: dict[str, Layer] = {}


def layers() -> dict[str, Layer]:
    """All layers by key, in the order in which they are applied."""
    found = (import_module(f"knockflow.layers.{name}").LAYER for name in NAMES)
    return {layer.key: layer for layer in found} | _registered


def register(layer: Layer) -> None:
    """Add a layer for this process; a layer of the project stands in `NAMES`.

    Raises
    ------
    ValueError
        If there is one of that key.
    """
    if layer.key in layers():
        raise ValueError(f"there is a layer `{layer.key}` already")
    _registered[layer.key] = layer


def asked_layers(case: Mapping) -> list[Layer]:
    """The layers that a case, with its defaults, has."""
    return [layer for layer in layers().values() if layer.asked(case)]


def as_asked(layer: Layer, case: Mapping) -> dict:
    """What a case gives a layer but for the files themselves: plain data, as a rule's parameters take it."""
    options = layer.options(case)
    return {"key": layer.key, "options": options, "case": layer.beside(case), "slots": layer.slots(options)}


def given(
    asked: Iterable[Mapping], paths: Sequence[str | Path], with_tables: bool = True, cache: str | Path | None = None
) -> list[tuple[Layer, Given]]:
    """What `as_asked` says of layers with their files, in one list for all: what options name, then the table.

    The library's own files are not in the list. `cache` is the folder that keeps models; each layer has one of its own
    in it.
    """
    known, waiting, found = layers(), list(map(Path, paths)), []
    for one in asked:
        layer = known[one["key"]]
        named = {slot: layer.own_files.get(one["options"][slot]) for slot in one["slots"]}
        files = {slot: LIBRARY / own if own else waiting.pop(0) for slot, own in named.items()}
        table = waiting.pop(0) if with_tables and layer.from_table else None
        own = Path(cache) / layer.key if cache else None
        found.append((layer, Given(one["options"], one["case"], files, table, own)))
    return found


def module(name: str) -> ModuleType:
    """A module of a layer."""
    return import_module(name)


def add_to_model(model, layers: Iterable[tuple[Layer, Given]]) -> list:
    """Add to a COBRApy model what layers add before curation; findings about it."""
    return [one for layer, asked in layers if layer.adds_to_model for one in module(layer.strain).add(model, asked)]


def rebuild(model, layers: Iterable[tuple[Layer, Given]]) -> None:
    """Add layers to a curated COBRApy model, by which designs are validated."""
    for layer, asked in layers:
        module(layer.strain).rebuild(model, asked)


def evidence_of(in_strains: Iterable) -> list:
    """What proves what layers leave to fluxes (`knockflow.layers.in_strain.Evidence`); None where nothing does."""
    known = layers()
    named = ((known[one.key].evidence, one) for one in in_strains)
    return [module(name).of(one) if name else None for name, one in named]


def in_follower(layers: Iterable[tuple[Layer, Given]]) -> list:
    """The layers as the search has them (`knockflow.layers.in_follower.InFollower`)."""
    return [module(layer.follower).of(asked) for layer, asked in layers]


def layer_tables() -> list[Table]:
    """The tables of all layers, those of designs after a layer's own."""
    named = (name for layer in layers().values() for name in (layer.table, layer.designs) if name)
    return [module(name).TABLE for name in named]
