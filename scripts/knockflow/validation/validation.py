"""Every design again, with COBRApy on the curated original model, beside what was claimed of it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from cobra import Model

from knockflow.base.files import number
from knockflow.base.processes import can_fork, in_copies
from knockflow.base.tables import VALIDATION
from knockflow.base.tolerances import GROWTH_FLOOR, VERIFIED, close_or_neither
from knockflow.designs.claims import Claims
from knockflow.formulations.formulation import Formulation
from knockflow.formulations.registry import formulation
from knockflow.layers.in_strain import as_each
from knockflow.model.question import Question
from knockflow.validation.by_genes import realize
from knockflow.validation.cut_sets import cuts
from knockflow.validation.direct import afresh, keeping_bases
from knockflow.validation.realization import Genome
from knockflow.validation.reevaluation import evaluate, maximum, product_range, responding
from knockflow.validation.responses import SECOND, of_response
from knockflow.validation.several import Numbers, in_all, widest
from knockflow.validation.strain import changed

ENVELOPE_POINTS = 21

TOGETHER = 50
"""Designs that are evaluated one from the basis of the other; the next ones begin afresh, on any number of threads."""


def validate_design(
    model: Model,
    question: Question,
    kind: str,
    claim: Mapping[str, str],
    verified_by: str,
    options: Mapping | None = None,
    plain: Model | None = None,
    genome: Genome | None = None,
    second: float | None = None,
    known: dict | None = None,
) -> dict:
    """A row of validation.tsv for a row of designs.tsv. Minimal cut sets, which claim no numbers, have their regions.

    Parameters
    ----------
    model, plain
        The curated model with its layers, which is left as it was; and without them, where it has some.
    question, kind
        What the case asks, and the formulation's name.
    claim
        A row of designs.tsv, as text.
    verified_by
        What stands in the column of that name: `cobra` or `cobra+layer`.
    options
        The formulation's options; minimal cut sets need their regions.
    second, known
        What is claimed of the second product (mmol/gDW/h), in strict order; what is known of parts of cut sets.

    Raises
    ------
    FileError
        If the claim names what the model does not have.
    """
    wanted = formulation(kind)
    found = in_all(model, lambda: _measured(model, question, wanted, claim["interventions"]))
    row = {
        "rank": claim["rank"],
        "interventions": claim["interventions"],
        "value_mmol_per_gdw_h": found.get(wanted.measured),
        "coupling": found.get("coupling"),
        "verified_by": verified_by,
    }
    confirmed = [] if second is None else [close_or_neither(second, found.get(SECOND), VERIFIED)]
    for name in VALIDATION.names:
        if name.startswith("claimed_"):
            measured = name.removeprefix("claimed_")
            row[name] = number(claim[measured])
            row.setdefault(measured, found.get(measured))
            confirmed.append(close_or_neither(row[name], row[measured], VERIFIED))
        elif name in found:
            row[name] = found[name]
    if wanted.cut_sets:
        regions = options["suppress"], options["protect"], options.get("forced", ())
        confirmed = [cuts(model, claim["interventions"], *regions, known)]
    if plain is not None:
        row |= plain_range(plain, question, claim["interventions"])
    genome = genome or Genome(model)
    row |= realize(genome, question, wanted, claim["interventions"], found, options or {})
    return row | {"verified": all(confirmed)}


def _measured(model: Model, question: Question, wanted: Formulation, interventions: str) -> Numbers:
    """What is found of a strain, by column of validation.tsv."""
    with changed(model, interventions) as strain:
        fastest = np.nan if question.biomass is None else maximum(strain, question.biomass)
        return evaluate(strain, question, fastest) | of_response(strain, question, wanted, fastest)


def plain_range(model: Model, question: Question, interventions: str) -> dict[str, float]:
    """Growth (1/h) and product range (mmol/gDW/h) of the growth response without layers, beside those with them."""
    if not question.made or question.biomass is None:
        return {}
    with changed(model, interventions), responding(model, question):
        least, most = product_range(model, question)
        return {
            "plain_growth_per_h": maximum(model, question.biomass),
            "plain_product_min_mmol_per_gdw_h": least,
            "plain_product_max_mmol_per_gdw_h": most,
        }


def envelope(model: Model, question: Question, interventions: str) -> list[dict]:
    """The production envelope of a design: its product range at growth rates from none to the largest.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    question
        What the case asks.
    interventions
        The design as tables write it, `-ACALD;-PYK`; empty for the wild type.

    Returns
    -------
    list of dict
        A row of envelope.tsv for each of ENVELOPE_POINTS rates, evenly spaced: growth in 1/h, product in mmol/gDW/h;
        of several variants of the model the range that holds those of all, up to the growth that all reach. None
        without a product, or where no state exists.

    Raises
    ------
    FileError
        If an intervention names nothing in the model.
    """
    if not question.made or question.biomass is None:
        return []
    fastest = [_fastest(model, question, interventions) for _ in as_each(model)]
    growth = float(np.min(fastest))
    if np.isnan(growth):
        return []
    slowest = max(0.0, model.reactions.get_by_id(question.biomass).lower_bound)
    points = np.linspace(slowest, max(slowest, GROWTH_FLOOR * growth), ENVELOPE_POINTS)
    each = [_ranges_at(model, question, interventions, points) for _ in as_each(model)]
    return [
        {
            "interventions": interventions,
            "growth_per_h": point,
            "product_min_mmol_per_gdw_h": least,
            "product_max_mmol_per_gdw_h": most,
        }
        for point, *ranges in zip(points, *each, strict=True)
        for least, most in [widest(ranges)]
    ]


def _fastest(model: Model, question: Question, interventions: str) -> float:
    with changed(model, interventions) as strain:
        return maximum(strain, question.biomass)


def _ranges_at(model: Model, question: Question, interventions: str, points: Iterable[float]) -> list:
    with changed(model, interventions) as strain:
        return [_range_at(strain, question, point) for point in points]


def _range_at(model: Model, question: Question, growth: float) -> tuple[float, float]:
    """Product range at exactly one growth rate."""
    with model:
        # v_b <= growth; the range adds v_b >= growth
        model.reactions.get_by_id(question.biomass).upper_bound = growth
        return product_range(model, question, growth)


def validate(
    model: Model,
    question: Question,
    claims: Sequence[Claims],
    verified_by: str,
    plain: Model | None = None,
    threads: int = 1,
) -> list[dict]:
    """The rows of validation.tsv for all claims about a case, in the order of the claims.

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    question
        What the case asks.
    claims
        Rows of designs.tsv, each list with the record that belongs to it.
    verified_by
        What stands in the column of that name: `cobra` or `cobra+layer`.
    plain
        The model without layers, where it has some.
    threads
        Processes at a time; the rows are the same for any number.

    Raises
    ------
    FileError
        If a claim names what the model does not have.
    """
    asked = [(claim, *one) for claim in claims for one in zip(claim.rows, claim.seconds, strict=True)]
    starts = range(0, len(asked), TOGETHER)

    def of_part(number: int) -> list[dict]:
        if number:
            afresh(model)
            if plain is not None:
                afresh(plain)
        shared = {"verified_by": verified_by, "plain": plain, "genome": Genome(model), "known": {}}
        with keeping_bases(model):
            return [
                {"formulation": claim.formulation}
                | validate_design(
                    model,
                    question,
                    claim.record["formulation"],
                    row,
                    options=_options(claim.record),
                    second=own,
                    **shared,
                )
                for claim, row, own in asked[starts[number] : starts[number] + TOGETHER]
            ]

    at_once = min(threads, len(starts))
    parts = in_copies(of_part, len(starts), at_once) if at_once > 1 and can_fork() else map(of_part, range(len(starts)))
    return list(chain.from_iterable(parts))


def _options(record: Mapping) -> dict:
    """What a search was asked, with what every design contains."""
    return {**record.get("options", {}), "forced": record.get("forced", ())}


def envelopes(model: Model, question: Question, claims: Sequence[Claims]) -> list[dict]:
    """The rows of envelope.tsv: the wild type, then the best design of each formulation."""
    afresh(model)
    wild = [{"formulation": "wild type", "rank": 0} | point for point in envelope(model, question, "")]
    best = [
        {"formulation": claim.formulation, "rank": row["rank"]} | point
        for claim in claims
        for row in claim.rows[:1]
        for point in envelope(model, question, row["interventions"])
    ]
    return wild + best
