"""A case's answer in plain words: the best guarantees, what is proven of them, and the promise that may not hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from knockflow.designs.summary import BY_GENES, SAME, counts_by_genes
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.content import Content, Curve, ReportedCase
from knockflow.report.words import FLOOR, GUARANTEED, PROMISED, UNIT, percent, short, unit_of

MOST_RANKS = 12
"""Ranks that are listed one by one."""

MAKES = 1e-6
"""mmol/gDW/h from which a product counts as made; validation draws the same line."""


@dataclass(frozen=True)
class Best:
    """The design with the largest guarantee of one sort, how many others equal it, and what is proven."""

    design: ReportedDesign
    equals: int
    proof: str

    @property
    def proven(self) -> bool:
        """Whether no better design exists."""
        return self.proof.startswith("Proven")


def best_at_maximal_growth(case: ReportedCase) -> Best | None:
    """The verified design that must make most at maximal growth; None where none must make any."""
    return _best(case, GUARANTEED, FLOOR)


def best_at_every_growth(case: ReportedCase) -> Best | None:
    """The verified design that must make most at every growth from min_growth up; None where none must."""
    return _best(case, FLOOR, GUARANTEED)


def highest_promise(case: ReportedCase) -> ReportedDesign | None:
    """The verified design that can make most at maximal growth, if that is clearly more than it must make."""
    verified = [design for design in case.designs if design.verified]
    highest = max(verified, key=lambda design: (_at(design, PROMISED), _at(design, GUARANTEED)), default=None)
    if highest is None or _at(highest, PROMISED) - _at(highest, GUARANTEED) <= 1e-3 * _at(highest, PROMISED):
        return None
    return highest


def _best(case: ReportedCase, column: str, then: str, only: str = "") -> Best | None:
    """Ties go to the other guarantee, to what genes make, to a formulation that maximizes this one, to fewer changes.

    `only` asks for designs of which this becomes by genes.
    """
    answers = {answer.name: answer for answer in case.answers}
    able = [design for design in case.designs if design.verified and design.row[column] and _at(design, column) > MAKES]
    able = [design for design in able if design.by_genes == only or not only]
    if not able:
        return None

    def order(design: ReportedDesign) -> tuple:
        searched = answers[design.formulation].maximized == column
        return (
            -_at(design, column),
            -_at(design, then),
            BY_GENES.index(design.by_genes),
            not searched,
            len(design.interventions),
            design.row["interventions"],
        )

    best = min(able, key=order)
    same = {tuple(design.interventions) for design in able if _at(design, column) == _at(best, column)}
    return Best(best, len(same) - 1, _proof(case.answers, answers[best.formulation], best, column))


def _at(design: ReportedDesign, column: str) -> float:
    """A cell as a number; an empty one counts as nothing made."""
    return design.number(column) if design.row[column] else 0.0


def _proof(answers: Sequence[Answer], own: Answer, best: ReportedDesign, column: str) -> str:
    searched = [answer for answer in answers if answer.maximized == column]
    if not searched:
        return "The best among the designs listed here: no formulation of this run searched for this guarantee."
    if own not in searched:
        names = ", ".join(answer.name for answer in searched)
        return f"The best among the designs listed here; it was found by {own.name}, not by {names}."
    if own.status == "proven" and best.row[column] == own.designs[0].row[column]:
        return f"Proven ({own.name}): {_scope(own)} guarantees more."
    if own.status == "unproven":
        return f"Not proven ({own.name}): {open_end(own)}"
    return f"In doubt: other designs of {own.name} are not verified."


def _scope(answer: Answer) -> str:
    most = answer.options["max_interventions"]
    budget = "" if answer.options["max_cost"] is None else f" and a cost of at most {answer.options['max_cost']:g}"
    return f"no set of at most {most} candidate target{'' if most == 1 else 's'}{budget}"


def open_end(answer: Answer) -> str:
    """What an unproven result leaves open, and why."""
    record = answer.record
    why = f" Reason: {record['reason']}." if record["reason"] else ""
    if record["bound"] is None:
        return f"a better design may exist, and no bound is known.{why}"
    # A gap relative to nothing is a number without meaning.
    gap = f" (gap {percent(record['gap'])})" if record["objective"] > MAKES else ""
    bound = f"{short(record['bound'])} {unit_of(answer.kind)}"
    return f"a better design may exist; none is worth more than {bound}{gap}.{why}"


def reached(answer: Answer) -> str:
    """A formulation's best value beside the most that any of its designs could be worth; empty where it has none."""
    value, potential = answer.record["objective"], answer.record["potential"]
    if value is None or answer.status == "refuted":
        return ""
    unit = unit_of(answer.kind)
    if potential is None or unit != UNIT:
        return f"{short(value)} {unit}"
    return f"{short(value)} of at most {short(potential)} possible"


def how_many(answer: Answer) -> str:
    """How many minimal cut sets there are, or are listed."""
    count = len(answer.designs)
    sets = f"{count} minimal cut set{'' if count == 1 else 's'}"
    most = answer.options["max_designs"]
    return f"the first {sets}" if count == most and answer.status == "proven" else sets


def _all_cut_sets(answer: Answer) -> str:
    """What is known of a list of minimal cut sets, in one sentence."""
    count, reason = len(answer.designs), answer.reason or "none was recorded"
    unverified = len(answer.unverified)
    match answer.status:
        case "proven" if answer.wild_type_only:
            return f"the empty set. Reason: {reason}."
        case "proven" if count == answer.options["max_designs"]:
            return f"the cheapest; others may exist{_within(answer)}."
        case "proven":
            return f"there are no others{_within(answer)}."
        case "unproven":
            return f"others may exist. Reason: {reason}."
        case "refuted":
            return f"{unverified} of {count} are not what was claimed; all are in doubt."
    return f"none. Reason: {reason}."


def _within(answer: Answer) -> str:
    most = answer.options["max_interventions"]
    budget = "" if answer.options["max_cost"] is None else f" and a cost of at most {answer.options['max_cost']:g}"
    return f" with at most {most} intervention{'' if most == 1 else 's'}{budget}"


def ranks_by_genes(answer: Answer) -> str:
    """The designs of an answer that genes do not make as they are: `rank 2 lethal; ranks 3, 5 changed`."""
    found = []
    for word in reversed(BY_GENES):
        ranks = [design.row["rank"] for design in answer.not_by_genes if design.by_genes == word]
        shown = ", ".join(ranks[:MOST_RANKS]) + (f" and {len(ranks) - MOST_RANKS} more" * (len(ranks) > MOST_RANKS))
        found += [f"rank{'s' if len(ranks) > 1 else ''} {shown} {word}"] if ranks else []
    return "; ".join(found)


def counted_by_genes(answer: Answer) -> str:
    """How many designs of an answer genes make as they are; nothing where they make all."""
    return f"by genes {counts_by_genes([design.row for design in answer.designs])}" if answer.not_by_genes else ""


def best_by_genes(case: ReportedCase, column: str) -> ReportedDesign | None:
    """Of the verified designs that genes make as they are, the one that guarantees most; None where none does."""
    found = _best(case, column, FLOOR if column == GUARANTEED else GUARANTEED, only=SAME)
    return found.design if found else None


def possible(case: ReportedCase) -> float | None:
    """The most product at min_growth that any design of a case could make (mmol/gDW/h).

    None where nothing grows, or where the bound of some formulations counts states that grow more slowly.
    """
    if _maximizes_else(case):
        return None
    rated = [answer.record["potential"] for answer in case.answers if unit_of(answer.kind) == UNIT]
    return next((potential for potential in rated if potential is not None), None)


def impossible(case: ReportedCase) -> bool:
    """Whether no state that grows at min_growth makes the product."""
    most = possible(case)
    return most is not None and most <= MAKES


def maximizing_else(content: Content) -> list[str]:
    """The cases whose cell maximizes something else than growth."""
    return [case.name for case in content.cases if _maximizes_else(case)]


def _maximizes_else(case: ReportedCase) -> bool:
    return bool(case.options.get("cell_objective"))


def outcome(answer: Answer) -> str:
    """What one formulation's result leaves open, in one sentence; status and best value stand before it."""
    if answer.cut_sets:
        return _all_cut_sets(answer)
    record = answer.record
    confirmed = f", confirmed by {record['confirmed_by']}" if record["confirmed_by"] else ""
    # A proven result has one where its list is not its method's own.
    note = f" {record['reason']}." if record["reason"] else ""
    match answer.status:
        case "proven" if answer.front:
            count = len(answer.designs)
            points = f"{count} point{'' if count == 1 else 's'}"
            return f"a front of {points}, none of them dominated and none missing{_within(answer)}.{note}"
        case "proven" if answer.wild_type_only and record.get("cause"):
            return f"nothing beats the wild type{confirmed}: {answer.reason}."
        case "proven" if answer.wild_type_only:
            return f"nothing beats the wild type: {_scope(answer)} is worth more{confirmed}.{note}"
        case "proven":
            return f"{_scope(answer)} is worth more{confirmed}.{note}"
        case "unproven" if answer.wild_type_only:
            return f"nothing better than the wild type was found, but {open_end(answer)}"
        case "unproven":
            return open_end(answer)
        case "refuted":
            return (
                f"{len(answer.unverified)} of {len(answer.designs)} designs are not what was claimed; all are in doubt."
            )
        case "infeasible":
            return f"no design meets what is asked. Reason: {answer.reason or 'none was recorded'}."
    return f"the search failed. Reason: {answer.reason or 'none was recorded'}."


def makes(curve: Curve) -> str:
    """What a cell makes at the end of its envelope."""
    least, most = curve.least[-1], curve.most[-1]
    if most <= MAKES:
        return "makes none of the product"
    return (
        f"makes {short(least)} {UNIT}"
        if short(least) == short(most)
        else f"makes {short(least)} to {short(most)} {UNIT}"
    )


def at_least(guarantee: str) -> str:
    """What a design must make, as the end of a sentence."""
    if not guarantee:
        return "its guarantee is not known"
    return f"only {short(guarantee)} {UNIT} is sure" if float(guarantee) > MAKES else "it need not make any"


def with_big_m(content: Content) -> list[tuple[ReportedCase, Answer]]:
    """The results that rest on bounds of dual variables."""
    return [(case, answer) for case in content.cases for answer in case.answers if answer.record["big_m"]]
