"""What is wrong with the layers of a case by themselves, and with formulations, methods, and other layers."""

from collections.abc import Iterator, Mapping
from itertools import product

from knockflow.language.kinds import FollowerKind
from knockflow.layers.registry import asked_layers, layers, module
from knockflow.settings.support import why_not_layer, why_not_several
from knockflow.settings.unnamed import named


def layer_problems(case: Mapping, wanted: Mapping[str, Mapping]) -> Iterator[str]:
    """A line for each; `wanted` are the formulations of the case by name."""
    for layer in asked_layers(case):
        if layer.checks:
            yield from module(layer.checks).problems(layer.options(case), layer.beside(case))
    for layer, name in product(asked_layers(case), wanted):
        why = why_not_layer(layer.kind_in(case), layer.why_kind, named(wanted[name]), wanted[name]["kind"])
        if why:
            yield f"layers.{layer.key}: formulation `{name}` does not hold with it: {why}"
    yield from _several_problems(case, wanted)
    yield from _problems_of_parts(case)
    yield from _unknown_quantities(case)


def _unknown_quantities(case: Mapping) -> Iterator[str]:
    """What a layer lets vary of others that the case does not have."""
    there = {quantity for layer in asked_layers(case) for quantity in layer.varies}
    for layer in asked_layers(case):
        for quantity in layer.asks_in(case):
            if quantity not in there:
                others = " or ".join(f"`{other.key}`" for other in layers().values() if quantity in other.varies)
                yield f"layers.{layer.key}: `{quantity}` varies, but the case lacks its layer: {others}"


def _several_problems(case: Mapping, wanted: Mapping[str, Mapping]) -> Iterator[str]:
    """What does not hold for the several followers that layers make: formulations, methods, and some layers."""
    for layer in asked_layers(case):
        if not layer.several_in(case):
            continue
        for name, options in wanted.items():
            why = why_not_several(layer.title, named(options), options["kind"], layer.judged_in(case))
            if why:
                yield f"layers.{layer.key}: formulation `{name}` does not hold with it: {why}"
        for other in asked_layers(case):
            if other.not_several:
                yield (
                    f"layers.{layer.key}: it makes several followers, and `{other.key}` {other.not_several}; leave out "
                    f"`{other.key}` or `{layer.key}`"
                )


def _problems_of_parts(case: Mapping) -> Iterator[str]:
    """Layers that are not linear do not hold for copies of the cell side by side."""
    for layer in asked_layers(case):
        if not layer.parts_in(case):
            continue
        for other in asked_layers(case):
            if other.kind_in(case) is not FollowerKind.LINEAR:
                yield (
                    f"layers.{layer.key}: copies of the cell side by side must be one linear program, and "
                    f"{other.why_kind} make it {other.kind_in(case).value}; leave out `{other.key}` or `{layer.key}`"
                )
