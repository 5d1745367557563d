"""From a case to its two charts: which designs are drawn, under which label."""

from collections.abc import Sequence

from knockflow.designs.summary import SAME
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.central_metabolism import LINES
from knockflow.report.charts import Bar, Series, bar_chart, envelope_chart
from knockflow.report.content import ReportedCase
from knockflow.report.flux_map import Strain, changed_most, flux_map, has_map, net
from knockflow.report.front_chart import FrontPoint, front_chart
from knockflow.report.words import (
    FLOOR,
    GROWTH,
    GUARANTEED,
    PROMISED,
    VALUE,
    WILD_TYPE,
    in_line,
    interventions,
    unit_of,
)

MOST_BARS = 6
MOST_MAPS = 3
MOST_CHANGES = 25


def distinct(case: ReportedCase) -> list[list[ReportedDesign]]:
    """Designs with the same interventions together; first ranks of all formulations first, then second ones.

    Minimal cut sets are left out: they claim no numbers.
    """
    groups: dict[tuple, list[ReportedDesign]] = {}
    valued = [design for answer in case.answers if not answer.cut_sets for design in answer.designs]
    for design in sorted(valued, key=lambda design: int(design.row["rank"])):
        groups.setdefault(tuple(design.interventions), []).append(design)
    return list(groups.values())


def production_chart(case: ReportedCase) -> str | None:
    """Promised beside guaranteed product of the best designs; None where there is no design."""
    bars = [_bar(case, group) for group in distinct(case)[:MOST_BARS]]
    if not bars:
        return None
    bars.sort(key=lambda bar: (-bar.guaranteed, -(bar.floor or 0), -bar.promised, bar.label))
    title = f"{case.name}: promised and guaranteed {case.model.product_name}"
    return bar_chart(f"bars-{case.name}", title, bars, case.options["min_growth"])


def _bar(case: ReportedCase, group: Sequence[ReportedDesign]) -> Bar:
    first = group[0]
    return Bar(
        label=in_line(case.labelled(first.interventions)),
        note=", ".join(f"{design.formulation} {design.row['rank']}" for design in group),
        promised=first.number(PROMISED),
        guaranteed=first.number(GUARANTEED),
        floor=first.number(FLOOR) if first.row[FLOOR] else None,
        alarm=_alarm(group),
    )


def _alarm(group: Sequence[ReportedDesign]) -> str:
    """What is wrong with a design, if anything is."""
    if not all(design.verified for design in group):
        return "NOT VERIFIED"
    words = [design.by_genes for design in group if design.by_genes != SAME]
    return f"by genes {words[0]}" if words else ""


def front_figures(case: ReportedCase) -> list[str]:
    """The Pareto fronts of the formulations that ask for one and have a point."""
    return [_front(case, answer) for answer in case.answers if answer.front and answer.designs]


def _front(case: ReportedCase, answer: Answer) -> str:
    points = [
        FrontPoint(in_line(case.labelled(one.interventions)), one.number(VALUE), one.number(GROWTH), one.number("cost"))
        for one in reversed(answer.designs)
    ]
    title = f"{case.name}, {answer.name}: Pareto front of {', '.join(answer.front)}"
    return front_chart(f"front-{case.name}-{answer.name}", title, points, answer.front, unit_of(answer.kind))


def envelope_figure(case: ReportedCase) -> str | None:
    """Envelopes of the wild type and of each formulation's best design; None where nothing grows."""
    groups: dict[str, list] = {}
    unvalued = {answer.name for answer in case.answers if answer.cut_sets}
    for curve in case.curves:
        if curve.formulation in unvalued:
            continue
        groups.setdefault(curve.interventions, []).append(curve)
    if not groups:
        return None
    series = []
    for words, curves in sorted(groups.items(), key=lambda item: item[0] != ""):
        named = [curve.formulation for curve in curves if curve.formulation != WILD_TYPE]
        one = curves[0]
        label = in_line(case.labelled(interventions(words)))
        note = f"best of {', '.join(named)}" if named else ""
        series.append(Series(label, one.growth, one.least, one.most, note))
    title = f"{case.name}: production envelopes"
    return envelope_chart(f"envelope-{case.name}", title, series, case.options["min_growth"])


def strains_with_fluxes(case: ReportedCase) -> list[Strain]:
    """The wild type and the best design of each formulation, each once, as far as they have a state."""
    return [
        Strain(in_line(case.labelled(interventions(words))), fluxes, case.model.wild.silenced(words))
        for words, fluxes in case.fluxes.items()
    ]


def flux_maps(case: ReportedCase) -> list[str]:
    """Central metabolism of the wild type and the first best designs, on one scale; none where a model has it not."""
    strains, reactions = strains_with_fluxes(case)[:MOST_MAPS], case.model.bounds
    if len(strains) < 2 or not has_map(reactions):
        return []
    largest = max(abs(net(line, one.fluxes)) for one in strains for line in LINES)
    return [
        flux_map(f"fluxes-{case.name}-{number}", f"{case.name}: fluxes of {one.label}", one, reactions, largest)
        for number, one in enumerate(strains)
    ]


def flux_changes(case: ReportedCase) -> list[tuple[str, list[float]]]:
    """The reactions whose fluxes change most, with those of the wild type and of each best design."""
    strains = strains_with_fluxes(case)
    return changed_most(strains, MOST_CHANGES) if len(strains) > 1 else []
