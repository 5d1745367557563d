"""The answer as a run says it on the terminal at its end: each case's best guaranteed design, and what to do next."""

from collections.abc import Iterator, Sequence

from knockflow.report.answers import Answer, Design
from knockflow.report.content import Case, Content
from knockflow.report.verdict import (
    best_at_maximal_growth,
    best_by_genes,
    highest_promise,
    how_many,
    outcome,
)
from knockflow.report.words import FLOOR, GUARANTEED, PROMISED, UNIT, few, in_line, short
from knockflow.summary import SAME, counts_by_genes

MOST_IN_FULL = 8
"""Cases up to which each has all its lines."""

MOST_NAMED = 4

DEADLY = {"lethal": "the strain without these genes does not grow", "impossible": "no genes to delete make this design"}
"""What must be said before anything else of what becomes of a design by genes."""


def answer(content: Content) -> str:
    """The answer to a run; the same content gives the same text."""
    in_full = len(content.cases) <= MOST_IN_FULL
    lines = [line for case in content.cases for line in _case(case, in_full)]
    return "\n".join([*lines, "", *_counts(content), *_next(content)]) + "\n"


def _case(case: Case, in_full: bool) -> Iterator[str]:
    valued = [one for one in case.answers if not one.cut_sets]
    best = best_at_maximal_growth(case)
    if best is not None:
        yield from _design(case, best.design, best.proof if in_full else _shortly(best.proven), in_full)
        yield from _instead(case, best.design)
    elif valued and any(one.designs and not one.without_design for one in valued):
        yield f"{case.name}: no verified design guarantees product at maximal growth{_promised(case)}"
    elif valued:
        reasons = dict.fromkeys(one.reason or "none was recorded" for one in valued)
        yield f"{case.name}: no design: {'; '.join(reasons)}"
    for one in case.answers:
        if one.cut_sets:
            yield f"{case.name}, {one.name}: {how_many(one) + '; ' if one.designs else ''}{outcome(one)}"


def _design(case: Case, design: Design, proof: str, in_full: bool) -> Iterator[str]:
    """What a design guarantees, what is changed, and how sure that is."""
    row, made = design.row, design.by_genes
    rate = f"at least {short(row[GUARANTEED])} {UNIT} at growth {short(row['growth_per_h'])} 1/h"
    found = f"{design.formulation}, rank {row['rank']}"
    changes = in_line(case.labelled(design.interventions))
    if not in_full:
        yield f"{case.name}: {rate}: {changes} ({found}; verified; {proof}; by genes: {made or 'not known'})"
        return
    floor = f"{short(row[FLOOR])} at any growth from {case.asked['min_growth']:g} 1/h"
    yield f"{case.name}: {rate}, {floor} ({case.model.product_name})"
    yield f"  {changes}"
    yield f"  {found}; verified with COBRApy; by genes: {made or 'not known'}. {proof}"
    genes = _genes(case, design)
    if genes:
        yield f"  {genes}"


def _genes(case: Case, design: Design) -> str:
    """The genes to delete, where the interventions do not name them; a strain that they kill comes with a warning."""
    if design.by_genes in DEADLY:
        return f"DO NOT BUILD IT: {DEADLY[design.by_genes]}."
    genes = [gene for gene in (design.row["genes"] or "").split(";") if gene]
    named = {name.removeprefix("-") for name in design.interventions}
    listed = (
        [f"genes to delete: {few(list(map(case.model.wild.gene, genes)), MOST_NAMED)}"] if set(genes) - named else []
    )
    differs = [] if design.by_genes == SAME else ["the strain differs from the design, see the report"]
    return "; ".join([*listed, *differs])


def _instead(case: Case, design: Design) -> Iterator[str]:
    """The best design that genes make as it is, where that is another."""
    other = best_by_genes(case, GUARANTEED)
    if design.by_genes == SAME:
        return
    if other is None:
        yield "  No listed design with a guarantee is made by genes as it is."
    else:
        rate = f"{short(other.row[GUARANTEED])} {UNIT} at growth {short(other.row['growth_per_h'])} 1/h"
        where = f"{other.formulation}, rank {other.row['rank']}"
        yield f"  The best that genes make as it is: {in_line(case.labelled(other.interventions))}: {rate} ({where})"


def _promised(case: Case) -> str:
    promise = highest_promise(case)
    if promise is None:
        return ""
    changes = in_line(case.labelled(promise.interventions))
    return f"; up to {short(promise.row[PROMISED])} {UNIT} is possible by {changes}, but not sure"


def _shortly(proven: bool) -> str:
    return "proven" if proven else "not proven"


def _counts(content: Content) -> Iterator[str]:
    """How many designs there are, how many are verified, and what becomes of them by genes."""
    designs = [design for design in content.designs if design.interventions]
    if designs:
        verified = sum(design.verified for design in designs)
        yield f"{verified} of {len(designs)} designs verified; by genes {counts_by_genes([one.row for one in designs])}"
    if content.without_design:
        yield f"no design: {_named(content.without_design)}"
    open_ended = [(case, one) for case in content.cases for one in case.answers if one.status in ("unproven", "error")]
    if open_ended:
        yield f"not proven: {_named(open_ended)}"


def _named(pairs: Sequence[tuple[Case, Answer]]) -> str:
    return few([f"{case.name}/{one.name}" for case, one in pairs], MOST_NAMED)


def _next(content: Content) -> Iterator[str]:
    """What to do now, by what has come out."""
    answers = content.answers
    if content.unverified:
        yield "Next: do not build on designs that are not verified; the report shows what differs."
    if any(one.status in ("unproven", "error") and "time limit" in one.record["reason"] for one in answers):
        yield "Next: raise time_limit_s and give the same command; a search with a checkpoint goes on from there."
    at_reactions = any(case.asked["targets"]["level"] == "reactions" for case in content.cases)
    if at_reactions and any(one.not_by_genes for one in answers):
        yield "Next: for designs that genes make as they are, set `targets: {level: genes}` in the configuration."
    yield "Next: open the report; strains/{formulation}/lab.tsv of each case lists the genes to delete."
