"""What a layer tells of each design, once all are validated: a table `KEY_designs.tsv` of a case.

`Layer.designs` names a module with `TABLE` and `rows(asked: DesignContext) -> list[dict]`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cobra import Model

from knockflow.layers.in_strain import LAYERS_NOTE, InStrain, of_strains
from knockflow.layers.layer import Given
from knockflow.model.question import Question

CASE, PLAIN, BOTH = "case", "plain", "both"
"""Who recommends a design: the case, one that asks the same without layers, or both."""


Weights = Callable[[Model], Mapping[str, float]]
"""Weights of the reactions of a strain, by id; those without one count nothing."""


@dataclass(frozen=True)
class Guarantee:
    """What a strain makes at the least where it grows as its objective wants, and a state where that is all.

    Attributes
    ----------
    growth
        The largest growth, in 1/h.
    product
        The least product of the growth response, in mmol/gDW/h.
    fluxes
        By reaction, in mmol/gDW/h: of the states with that product, one of least total flux. Where strains live in
        several parts, reactions go by the ids of that model.
    """

    growth: float
    product: float
    fluxes: Mapping[str, float]


@dataclass(frozen=True)
class Use:
    """How little of something a strain needs, such as the mass of its enzymes, in the unit of its sum.

    Attributes
    ----------
    growth
        The largest growth, in 1/h.
    product
        The least product of the growth response, in mmol/gDW/h.
    growing
        The least sum over the states of the growth response with no more product.
    making
        The least sum over all states with at least that product, growing or not.
    fluxes
        By reaction that has a weight, in mmol/gDW/h: of the states of the growth response one with the least sum.
    """

    growth: float
    product: float
    growing: float
    making: float
    fluxes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """A design as it is listed; `recommended_by` is one of CASE, PLAIN and BOTH."""

    formulation: str
    rank: str
    interventions: str
    recommended_by: str


@dataclass(frozen=True)
class DesignContext:
    """What a layer is asked.

    Attributes
    ----------
    path
        The case's model.json.
    given
        What the case gives the layer.
    plain
        The curated model without any layer.
    bare
        The curated model with all layers but this one.
    whole
        The same with this one, too.
    listed
        The designs.
    guarantee
        What a model with some interventions guarantees; None where it does not grow at min_growth.
    question
        What the case asks.
    use
        How little a model with some interventions needs of a weighted sum of fluxes; None where it does not grow at
        min_growth.
    """

    path: Path
    given: Given
    plain: Model
    bare: Model
    whole: Model
    listed: Sequence[Listed]
    guarantee: Callable[[Model, str], Guarantee | None] = field(repr=False)
    question: Question | None = None
    use: Callable[[Model, str, Weights], Use | None] | None = field(default=None, repr=False)


@contextmanager
def with_layer(model: Model, layer: InStrain) -> Iterator[Model]:
    """A model whose strains have a layer more, and as it was afterwards."""
    before = model.notes
    model.notes = {**before, LAYERS_NOTE: (*of_strains(model), layer)}
    try:
        yield model
    finally:
        model.notes = before


def listed_of(own: Mapping[str, Sequence[Mapping]], plain: Mapping[str, Sequence[Mapping]]) -> list[Listed]:
    """The designs of a case, then those that only the plain case lists, by formulation; rows are of designs.tsv."""
    found = []
    for formulation, rows in own.items():
        others = plain.get(formulation, ())
        ours = {row["interventions"] for row in rows}
        theirs = {row["interventions"] for row in others}
        for row in rows:
            by = BOTH if row["interventions"] in theirs else CASE
            found.append(Listed(formulation, row["rank"], row["interventions"], by))
        found += [
            Listed(formulation, row["rank"], row["interventions"], PLAIN)
            for row in others
            if row["interventions"] not in ours
        ]
    return found
