"""The first thing on the page of a large run: every case by every formulation, in one table."""

from collections.abc import Sequence
from dataclasses import dataclass

from knockflow.designs.summary import BY_GENES
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.content import Content, ReportedCase
from knockflow.report.words import GUARANTEED, short


@dataclass(frozen=True)
class Cell:
    """What a case has under a formulation: the guarantee of its best design, and how far that can be trusted.

    `value` is what the formulation maximizes, the number of sets for minimal cut sets, a dash where there is no design;
    `guaranteed` is the guarantee at maximal growth in mmol/gDW/h where that is another number.
    """

    case: str
    value: str
    guaranteed: str
    coupling: str
    status: str
    proven: str
    by_genes: str


def formulations(content: Content) -> list[str]:
    """The names of all formulations that some case asks for, sorted."""
    return sorted({answer.name for answer in content.answers})


def matrix(content: Content) -> list[tuple[ReportedCase, list[Cell | None]]]:
    """A row for each case, with a cell for each formulation; None where the case does not ask for it."""
    names = formulations(content)
    return [(case, _row(case, names)) for case in content.cases]


def _row(case: ReportedCase, names: Sequence[str]) -> list[Cell | None]:
    answers = {answer.name: answer for answer in case.answers}
    return [cell(case, answers[name]) if name in answers else None for name in names]


def cell(case: ReportedCase, answer: Answer) -> Cell:
    """One formulation's best design of a case, in a few words."""
    designs = [design for design in answer.designs if design.interventions]
    best = designs[0] if designs else None
    if answer.cut_sets:
        value, guaranteed = f"{len(designs)} set{'' if len(designs) == 1 else 's'}", ""
    else:
        value = short(best.row["value_mmol_per_gdw_h"]) if best else "–"
        guaranteed = short(best.row[GUARANTEED]) if best else ""
    return Cell(
        case=case.name,
        value=value,
        guaranteed="" if guaranteed == value else guaranteed,
        coupling=best.row["coupling"] if best and not answer.cut_sets else "",
        status=answer.status,
        proven=_proven(answer, bool(designs)),
        by_genes=_by_genes(answer, designs),
    )


def _by_genes(answer: Answer, designs: Sequence[ReportedDesign]) -> str:
    """What becomes of the best design by genes; of minimal cut sets, of which all count, the worst of it."""
    words = [design.by_genes for design in (designs if answer.cut_sets else designs[:1])]
    return max(words, key=BY_GENES.index, default="")


def _proven(answer: Answer, found: bool) -> str:
    match answer.status:
        case "refuted":
            return "NOT VERIFIED"
        case "error":
            return "error"
        case "infeasible":
            return "no design"
        case "proven":
            return "proven" if found else "no design, proven"
    return "not proven"
