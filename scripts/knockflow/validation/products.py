"""What each of several products contributes to a design, with COBRApy on the curated model."""

from collections.abc import Sequence

from cobra import Model

from knockflow.base.files import number
from knockflow.designs.claims import Claims
from knockflow.formulations.formulation import Formulation
from knockflow.formulations.registry import formulation
from knockflow.model.question import Question
from knockflow.validation.reevaluation import evaluate
from knockflow.validation.responses import of_response
from knockflow.validation.several import Numbers, in_all
from knockflow.validation.strain import changed

VALUE = "value_mmol_per_gdw_h"
RANGES = (
    "product_min_mmol_per_gdw_h",
    "product_max_mmol_per_gdw_h",
    "product_min_at_min_growth_mmol_per_gdw_h",
)
"""The columns that are told of each product, beside the value that the formulation gives it alone."""


def product_rows(model: Model, question: Question, claims: Sequence[Claims]) -> list[dict]:
    """The rows of products.tsv: each design of each list that has values, product by product.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.

    Raises
    ------
    FileError
        If a claim names what the model does not have.
    """
    return [
        row
        for claim in claims
        for design, second in zip(claim.rows, claim.seconds, strict=True)
        for row in _of_design(model, question, claim, design, [number(design[VALUE]), second])
    ]


def _of_design(
    model: Model, question: Question, claim: Claims, design: dict, claimed: Sequence[float | None]
) -> list[dict]:
    wanted = formulation(claim.record["formulation"])
    if wanted.cut_sets:
        return []
    head = {"formulation": claim.formulation, "rank": design["rank"], "interventions": design["interventions"]}
    rows = []
    for place, (name, alone) in enumerate(question.each.items()):
        found = in_all(model, lambda alone=alone: _measured(model, alone, wanted, design["interventions"]))
        row = head | {"product": name, VALUE: found.get(wanted.measured)} | {one: found.get(one) for one in RANGES}
        if question.then:
            row |= {"place": place + 1, f"claimed_{VALUE}": claimed[place]}
        else:
            row["weight"] = question.weights[name]
        rows.append(row)
    return rows


def _measured(model: Model, alone: Question, wanted: Formulation, interventions: str) -> Numbers:
    with changed(model, interventions) as strain:
        return evaluate(strain, alone) | of_response(strain, alone, wanted)
