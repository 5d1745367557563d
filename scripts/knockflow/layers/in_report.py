"""What a layer tells in the report: a line in each case's settings, and a section if it has one.

`Layer.report` names a module with

- `told(folder, options, bounds) -> Told`, for a case's folder of results, the layer's options, and the lower and upper
  bounds of the curated model by reaction;
- `TITLE` and `section(cases) -> Markup`, if it has a section: the word in the page's menu, and the HTML below the
  section's tag, for the `Told.content` of each case that has the layer, by the case's name.

A layer without such a module is told by its title.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from knockflow.layers.registry import as_asked, asked_layers, layers, module

BoundsById = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Told:
    """What is told of a layer in a case: a line, and what its section is made of."""

    line: Markup
    content: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A section of the page: the id and the word by which the menu leads to it, and its HTML."""

    key: str
    title: str
    html: Markup


def told(folder: Path, case: Mapping, bounds: BoundsById) -> dict[str, Told]:
    """What is told of the layers of a case, with its defaults, by layer."""
    found = {}
    for layer in asked_layers(case):
        if layer.report:
            found[layer.key] = module(layer.report).told(folder, as_asked(layer, case)["options"], bounds)
        else:
            found[layer.key] = Told(Markup.escape(layer.title))
    return found


def sections(cases: Mapping[str, Mapping[str, Told]]) -> list[Section]:
    """The sections of layers, of those that some cases have; `cases` holds what is told of each, by name."""
    found = []
    for key, layer in layers().items():
        having = {name: of[key].content for name, of in cases.items() if key in of}
        own = module(layer.report) if layer.report and having else None
        if hasattr(own, "section"):
            found.append(Section(key, own.TITLE, own.section(having)))
    return found


def tables(case: Mapping) -> Sequence[str]:
    """The tables of a case's layers, by name."""
    having = asked_layers(case)
    of_designs = [f"{layer.key}_designs.tsv" for layer in having if layer.tells_of_designs(case)]
    return [*(f"{layer.key}.tsv" for layer in having if layer.table), *of_designs]


def tables_of_added_genes(case: Mapping) -> Sequence[str]:
    """The tables that say what depends on genes that only layers know."""
    return [f"{layer.key}.tsv" for layer in asked_layers(case) if layer.table and layer.adds_to_model]


def may_gain(case: Mapping) -> bool:
    """Whether knock-outs may give a case's cell states that it does not have without them."""
    return not all(layer.only_takes_away for layer in asked_layers(case))
