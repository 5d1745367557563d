"""What to expect of a case before any search: growth, the product, targets, and how long a proof may take."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import comb

from knockflow.language.products import asked_in, written
from knockflow.report.words import few
from knockflow.settings.unnamed import DEEP, beyond_proof

SMALL = 200
"""Compressed fluxes up to which a model counts as small: its searches take seconds."""

_GENOME = {1: "seconds", 2: "less than a minute", 3: "about a minute, or a few"}
"""How long a proof takes on one thread by the largest number of interventions (docs/scale.md)."""


def guessed_time(columns: int, most: int) -> str:
    """How long one formulation may take by `tree`, in words.

    Parameters
    ----------
    columns
        Fluxes of the compressed follower.
    most
        The largest number of interventions.
    """
    if columns <= SMALL:
        return "seconds" if most <= 4 else "seconds to minutes"
    return _GENOME.get(most, "longer than an hour, perhaps: a time limit ends it with its best designs, and their gap")


def forecast(case, formulations: Collection[Mapping]) -> Iterator[str]:
    """Lines on a case: what its wild type does, what it may make at most, and what a search goes through.

    Parameters
    ----------
    case : knockflow.Case
        With a product.
    formulations
        Those that it is searched for, with their options.
    """
    wild, product, floor = case.respond(), written(asked_in(case.options)), case.options["min_growth"]
    growth = wild["growth_per_h"]
    if growth is None or growth < floor:
        grown = "none" if growth is None else f"{growth:.4f} 1/h"
        yield f"growth: {grown}, below min_growth {floor:g} 1/h: no design can exist"
        yield from (f"why: {why}" for why in case.problem.hindrances)
    else:
        yield f"growth: {growth:.4f} 1/h at most; designs must reach {floor:g} 1/h"
    largest = wild["product_max_at_min_growth_mmol_per_gdw_h"]
    if largest is None or largest < 1e-6:
        yield f"{product}: cannot be made at min_growth; no design can exist"
    else:
        # Rounding may leave -1e-17.
        made = [max(0.0, wild[f"product_{end}_mmol_per_gdw_h"]) for end in ("min", "max")]
        own = "the wild type makes " + " to ".join(f"{flux:.4f}" for flux in made)
        yield f"{product}: at most {largest:.4f} mmol/gDW/h at min_growth; {own}"
    targets = len(case.problem.candidates())
    most = max(one["max_interventions"] for one in formulations)
    sets = sum(comb(targets, size) for size in range(1, most + 1))
    yield f"targets: {targets}; up to {most} of them make {sets:.3g} sets"
    yield from _times(len(case.problem.columns), targets, formulations)
    yield from warned([finding for finding in case.findings if finding.severity == "warning"])


def warned(warnings: Sequence) -> Iterator[str]:
    """What curation warns of: what there is one of with its reason, the rest as a list that names the first."""
    for check in dict.fromkeys(finding.check for finding in warnings):
        found = [finding for finding in warnings if finding.check == check]
        if len(found) == 1:
            yield f"note: {found[0].item}: {found[0].why}"
        else:
            yield f"note: {check}: {few([finding.item for finding in found])} (why: curation.tsv of a run)"


def _times(columns: int, targets: int, formulations: Collection[Mapping]) -> Iterator[str]:
    """How long the searches may take, of those that prove their lists and of those that dive."""
    dived = [one for one in formulations if one["method"] == DEEP or _open(one, targets)]
    exact = [one["max_interventions"] for one in formulations if one not in dived]
    if exact:
        yield f"time: {guessed_time(columns, max(exact))} for each formulation, by support branching"
    if dived:
        yield "time: up to the time limit where designs are dived for, which proves nothing of others"


def _open(asked: Mapping, targets: int) -> bool:
    return asked["method"] is None and beyond_proof(targets, asked["max_interventions"])
