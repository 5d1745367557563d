"""A case as certificates and proofs have it: its curated model with its layers, or why it cannot be proven."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from knockflow.language.products import Product
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.validation.certificates import Certifier, refusal_of
from knockflow.validation.layer_rows import Plain
from knockflow.validation.reevaluation import question_of
from knockflow.validation.varied import changes


class Asked(Protocol):
    """What a configuration asks of a case, as a stage's parameters have it."""

    product: Product
    min_growth: float | None
    cell_objective: Mapping[str, float]
    layers: Sequence[Mapping]


def certified_case(model: str | Path, asked: Asked, tables: Sequence[str]) -> tuple[Certifier, dict[str, object], str]:
    """What makes certificates of a case, what its layers have made of the model, and why there are none, if so."""
    model = read_curated(model)
    question = question_of(model, asked.product, asked.min_growth, asked.cell_objective)
    layers, plain = given(asked.layers, tables), Plain.of(model)
    refusal = refusal_of(question)
    rebuild(model, [] if refusal else layers)
    refusal = refusal or plain.refusal(model)
    certifier = Certifier(model, question)
    return certifier, {} if refusal else made_of(certifier, plain), refusal


def made_of(certifier: Certifier, plain: Plain) -> dict[str, object]:
    """What layers have made of a model, as certificates have it."""
    copied = certifier.copied.written() if certifier.copied else {}
    return plain.layers(certifier.model) | changes(certifier.model) | copied
