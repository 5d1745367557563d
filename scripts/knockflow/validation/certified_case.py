"""A case as certificates and proofs have it: its curated model with its layers, or why it cannot be proven."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from knockflow.language.kinds import FollowerKind
from knockflow.language.products import Product
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.model.notes import Bounds, open_bounds
from knockflow.validation.certificates import Certifier, extent, narrowed, refusal_of, refusal_of_rows
from knockflow.validation.reevaluation import question_of


class Asked(Protocol):
    """What a configuration asks of a case, as a stage's parameters have it."""

    product: Product
    min_growth: float | None
    cell_objective: Mapping[str, float]
    layers: Sequence[Mapping]


def certified_case(model: str | Path, asked: Asked, tables: Sequence[str]) -> tuple[Certifier, dict[str, Bounds], str]:
    """What makes certificates of a case, the bounds that its layers narrow, and why there can be none, if so."""
    model = read_curated(model)
    question = question_of(model, asked.product, asked.min_growth, asked.cell_objective)
    layers, before = given(asked.layers, tables), {one.id: open_bounds(one) for one in model.reactions}
    several = any(layer.several_with(own.options) for layer, own in layers)
    parts = any(layer.parts_with(own.options) for layer, own in layers)
    kind = FollowerKind.of(layer.kind_with(own.options) for layer, own in layers)
    refusal, plain = refusal_of(question, kind, several, parts), extent(model)
    rebuild(model, [] if refusal else layers)
    refusal = refusal or refusal_of_rows(plain, extent(model))
    return Certifier(model, question), {} if refusal else narrowed(model, before), refusal
