"""The rows of predictions.tsv: near largest growth, by pFBA, MOMA and ROOM, and with each intervention left out."""

from collections.abc import Mapping, Sequence

import numpy as np
from cobra import Model

from knockflow.base.files import number
from knockflow.base.tolerances import VERIFIED, close_or_neither
from knockflow.designs.claims import Claims
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import formulation
from knockflow.layers.in_strain import as_each, judged_of
from knockflow.model.question import Question
from knockflow.validation.fluxes import WILD_TYPE
from knockflow.validation.optimum import branched
from knockflow.validation.second_solver import INTERIOR, SIMPLEX
from knockflow.validation.several import Numbers, folded
from knockflow.validation.strain import changed
from knockflow.validation.strain_program import FLOOR, GROWTH, LEAST, MOST, StrainProgram

FBA, NEAR, NEARER, PFBA, MOMA, ROOM = "FBA", "FBA at 0.9 growth", "FBA at 0.99 growth", "pFBA", "MOMA", "ROOM"
WITHOUT = "without"
SHARES = {NEARER: 0.99, NEAR: 0.9}
ALSO_FOUND = {FBA: "", NEARER: "_at_99_percent_growth", NEAR: "_at_90_percent_growth"}
"""Predictions by the end of the columns of validation.tsv that hold the same."""

MOST_PREDICTED = 3
"""Designs of each formulation that are predicted; there may be hundreds."""

_PARSIMONIOUS = (Response.PFBA, Response.PFBA_YIELD)

Predictions = dict[str, Numbers]
References = Sequence[np.ndarray | None]


def predictions(model: Model, question: Question, claims: Sequence[Claims], checks: Sequence[Mapping]) -> list[dict]:
    """The rows of predictions.tsv: of the wild type, then of the first designs of each formulation.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    question
        What the case asks.
    claims, checks
        Designs with their records, and the rows of validation.tsv.

    Returns
    -------
    list of dict
        Nothing without a product, for minimal cut sets, or where layers make the states no one linear program.
    """
    asked = [claim for claim in claims if not formulation(claim.record["formulation"]).cut_sets]
    if not question.made or question.biomass is None or not asked or not _linear(model):
        return []
    found = {(row["formulation"], str(row["rank"])): row for row in checks}
    wild, before = _wild_type(model, question)
    rows = [
        {"formulation": WILD_TYPE, "rank": 0, "interventions": "", "prediction": name} | numbers
        for name, numbers in wild.items()
    ]
    for claim in asked:
        for row in claim.rows[:MOST_PREDICTED]:
            check = found[claim.formulation, row["rank"]]
            for one in _of_design(model, question, claim, row["interventions"], before, check):
                rows.append({"formulation": claim.formulation, "rank": row["rank"]} | one)
    return rows


def differing(rows: Sequence[Mapping]) -> list[Mapping]:
    """The rows that COBRApy's own solver has found otherwise."""
    return [row for row in rows if row.get("agrees") is False]


def _linear(model: Model) -> bool:
    """Whether strains are linear programs."""
    with changed(model, "") as strain:
        return not branched(strain)


def _wild_type(model: Model, question: Question) -> tuple[Predictions, References]:
    """Its predictions, and its fluxes by pFBA in each variant of the model."""
    each = []
    for _ in as_each(model):
        with changed(model, "") as strain:
            each.append(StrainProgram(strain, question, SIMPLEX).parsimonious()[1])
    return _in_all(model, question, "", SIMPLEX), each


def _of_design(
    model: Model, question: Question, claim: Claims, interventions: str, before: References, check: Mapping
) -> list[dict]:
    """The rows of a design."""
    wanted = formulation(claim.record["formulation"])
    # A search by HiGHS has not used its interior-point method.
    algorithm = INTERIOR if claim.record.get("solver") == "highs" else SIMPLEX
    found = _in_all(model, question, interventions, algorithm, before)
    rows = []
    for name, numbers in found.items():
        agrees = {"agrees": _agrees(numbers, check, ALSO_FOUND[name])} if name in ALSO_FOUND else {}
        rows.append({"prediction": name} | numbers | agrees)
    compared = (FBA, PFBA) if wanted.response in _PARSIMONIOUS else (FBA,)
    changes = interventions.split(";") if interventions else []
    for left_out in changes:
        rest = ";".join(one for one in changes if one != left_out)
        less = _in_all(model, question, rest, algorithm, only=compared)
        inert = all(_same(less[name], found[name]) for name in compared)
        rows.append({"prediction": f"{WITHOUT} {left_out}", "inert": inert} | less[FBA])
    return [{"interventions": interventions} | row for row in rows]


def _in_all(
    model: Model,
    question: Question,
    interventions: str,
    algorithm: str,
    before: References = (),
    only: Sequence[str] = (FBA, *SHARES, PFBA, MOMA, ROOM),
) -> Predictions:
    """The predictions of a strain, in all variants of the model together."""
    found = []
    for place, _ in enumerate(as_each(model)):
        with changed(model, interventions) as strain:
            program = StrainProgram(strain, question, algorithm)
            near = [name for name in SHARES if name in only]
            own = dict(zip([FBA, *near], program.near_growth([SHARES[name] for name in near]), strict=True))
            if PFBA in only:
                own[PFBA] = program.parsimonious()[0]
            if before and before[place] is not None:
                own |= {MOMA: program.moma(before[place]), ROOM: program.room(before[place])}
        found.append(own)
    judged = judged_of(model)
    return {name: folded([one.get(name, {}) for one in found], judged) for name in found[0]}


def _agrees(numbers: Numbers, check: Mapping, suffix: str) -> bool:
    """Whether both solvers have found the same."""
    pairs = [(f"product_{end}{suffix}_mmol_per_gdw_h", name) for end, name in (("min", LEAST), ("max", MOST))]
    pairs += [] if suffix else [(GROWTH, GROWTH), (FLOOR, FLOOR)]
    return all(close_or_neither(_number(check.get(measured)), numbers.get(name), VERIFIED) for measured, name in pairs)


def _number(value) -> float | None:
    return number(value) if isinstance(value, str) else value


def _same(one: Numbers, other: Numbers) -> bool:
    return all(close_or_neither(value, other.get(name), VERIFIED) for name, value in one.items())
