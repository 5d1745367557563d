"""The answer as a run says it on the terminal at its end: each case's best guaranteed design, and what to do next."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from knockflow.base.terminal import counted
from knockflow.designs.summary import SAME, counts_by_genes
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.content import Content, ReportedCase
from knockflow.report.screens import screen_answer
from knockflow.report.verdict import (
    best_at_every_growth,
    best_at_maximal_growth,
    best_by_genes,
    highest_promise,
    how_many,
    outcome,
)
from knockflow.report.words import FLOOR, GUARANTEED, PROMISED, UNIT, few, in_line, short

MOST_IN_FULL = 8
"""Cases up to which each has all its lines."""

MOST_NAMED = 4

WIDTH = 118
"""Characters of a line, at most, where it can be broken."""

DEADLY = {"lethal": "the strain without these genes does not grow", "impossible": "no genes to delete make this design"}
"""What must be said before anything else of what becomes of a design by genes."""


def answer(content: Content) -> str:
    """The answer to a run; the same content gives the same text."""
    in_full = len(content.cases) <= MOST_IN_FULL
    lines = [line for case in content.cases for line in _case(case, in_full)]
    if content.screens:
        lines = [*screen_answer(content.screens), *lines]
    return "\n".join([*lines, "", *_counts(content), *_next(content)]) + "\n"


def _case(case: ReportedCase, in_full: bool) -> Iterator[str]:
    valued = [one for one in case.answers if not one.cut_sets]
    best = best_at_maximal_growth(case)
    if best is not None:
        yield from _design(case, best.design, best.proof if in_full else _shortly(best.proven), in_full)
        yield from _instead(case, best.design)
        yield from _slower(case, best.design)
    elif valued and any(one.designs and not one.without_design for one in valued):
        yield f"{case.name}: no verified design guarantees product at maximal growth{_promised(case)}"
    elif valued:
        reasons = dict.fromkeys(one.reason or "none was recorded" for one in valued)
        yield f"{case.name}: no design: {'; '.join(reasons)}"
    yield from (f"  CAUTION: {caution}" for caution in case.cautions)
    for one in case.answers:
        if one.cut_sets:
            yield f"{case.name}, {one.name}: {how_many(one) + '; ' if one.designs else ''}{outcome(one)}"


def _design(case: ReportedCase, design: ReportedDesign, proof: str, in_full: bool) -> Iterator[str]:
    """What a design guarantees, what is changed, and how sure that is."""
    row, made = design.row, design.by_genes
    rate = f"at least {short(row[GUARANTEED])} {UNIT} at growth {short(row['growth_per_h'])} 1/h"
    found = f"{design.formulation}, rank {row['rank']}"
    changes = in_line(case.labelled(design.interventions))
    if not in_full:
        yield f"{case.name}: {rate}: {changes} ({found}; verified; {proof}; by genes: {made or 'not known'})"
        return
    floor = f"{short(row[FLOOR])} at any growth from {case.options['min_growth']:g} 1/h"
    yield f"{case.name}: {rate}, {floor} ({case.model.product_name})"
    yield f"  {changes}"
    yield f"  {found}; verified with COBRApy; by genes: {made or 'not known'}. {proof}"
    yield from wrap(_genes(case, design), WIDTH, initial_indent="  ", subsequent_indent="    ")


def _genes(case: ReportedCase, design: ReportedDesign) -> str:
    """All genes to delete; a strain that they kill comes with a warning instead."""
    if design.by_genes in DEADLY:
        return f"DO NOT BUILD IT: {DEADLY[design.by_genes]}."
    listed = [f"genes to delete: {', '.join(map(case.model.wild.gene, design.genes))}"] if design.genes else []
    differs = [] if design.by_genes == SAME else ["the strain differs from the design, see the report"]
    return "; ".join([*listed, *differs])


def _instead(case: ReportedCase, design: ReportedDesign) -> Iterator[str]:
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


def _slower(case: ReportedCase, design: ReportedDesign) -> Iterator[str]:
    """The design that guarantees more, at any growth from min_growth up, than the best one at maximal growth."""
    always = best_at_every_growth(case)
    other = always and (always.design if always.design.by_genes == SAME else best_by_genes(case, FLOOR))
    if other is None or other.interventions == design.interventions or other.row[FLOOR] == design.row[FLOOR]:
        return
    yield (
        f"  Safer if it grows slowly: {short(other.row[FLOOR])} at any growth from {case.options['min_growth']:g} 1/h, "
        f"{short(other.row[GUARANTEED])} at growth {short(other.row['growth_per_h'])} 1/h:"
    )
    changes = in_line(case.labelled(other.interventions))
    yield f"    {changes} ({other.formulation}, rank {other.row['rank']}; by genes: {other.by_genes})"


def _promised(case: ReportedCase) -> str:
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
        by_genes = counts_by_genes([design.row for design in designs])
        yield f"{verified} of {counted(len(designs), 'design')} verified; by genes {by_genes}"
        yield from _not_to_build(content)
    if content.without_design:
        yield f"no design: {_named(content.without_design)}"
    open_ended = [(case, one) for case in content.cases for one in case.answers if one.status in ("unproven", "error")]
    if open_ended:
        yield f"not proven: {_named(open_ended)}"


def _not_to_build(content: Content) -> Iterator[str]:
    """The designs of which genes make a strain that does not grow, or none at all."""
    for word in DEADLY:
        found = [
            f"{case.name}/{design.formulation} rank {design.row['rank']}"
            for case in content.cases
            for design in case.designs
            if design.by_genes == word
        ]
        if found:
            yield f"{word} by genes: {few(found, MOST_NAMED)}; see the report"


def _named(pairs: Sequence[tuple[ReportedCase, Answer]]) -> str:
    return few([f"{case.name}/{one.name}" for case, one in pairs], MOST_NAMED)


def _next(content: Content) -> Iterator[str]:
    """What to do now, by what has come out."""
    answers = content.answers
    if content.unverified:
        yield "Next: do not build on designs that are not verified; the report shows what differs."
    if any(one.status in ("unproven", "error") and "time limit" in one.record["reason"] for one in answers):
        yield "Next: raise time_limit_s and give the same command; a search with a checkpoint goes on from there."
    at_reactions = any(case.options["targets"]["level"] == "reactions" for case in content.cases)
    if at_reactions and any(one.not_by_genes for one in answers):
        yield (
            "Next: for designs that genes make as they are, set `targets: {level: genes}` in the configuration, "
            "or `targets: {realizable: true}`."
        )
    buildable = any(design.interventions and design.by_genes not in DEADLY for design in content.designs)
    lists = "strains/{formulation}/lab.tsv of each case lists the genes to delete"
    yield f"Next: open the report{'; ' + lists if buildable else ', which has the reasons'}."
