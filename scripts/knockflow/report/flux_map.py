"""Fluxes drawn on the map of central metabolism, and those that change most."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knockflow.report.central_metabolism import LEAST_LINES, LINES, METABOLITES, Line, Point
from knockflow.report.svg import Canvas
from knockflow.report.words import UNIT, short

Fluxes = Mapping[str, float]
"""mmol/gDW/h by reaction; what is not there is 0."""

WIDEST = 13.0
"""Pixels of the largest flux's line."""

HEIGHT = 830
SHORT_BY = 17
"""Pixels by which a line ends before the middle of a metabolite."""

CARRIES = 1e-6
"""mmol/gDW/h from which a flux is drawn."""


@dataclass(frozen=True)
class Strain:
    """A strain's fluxes, and the reactions that it has lost."""

    label: str
    fluxes: Fluxes
    closed: Collection[str] = ()


def has_map(reactions: Collection[str]) -> bool:
    """Whether a model has enough of the reactions of the map."""
    return sum(any(name in reactions for name in line.reactions) for line in LINES) >= LEAST_LINES


def flux_map(key: str, title: str, strain: Strain, reactions: Collection[str], largest: float) -> str:
    """The map with one strain's fluxes.

    Parameters
    ----------
    key
        Unique in the page.
    strain
        What is drawn.
    reactions
        All reactions of the model; lines that have none of them are left out.
    largest
        The flux (mmol/gDW/h) that the widest line stands for, the same in maps that are compared.
    """
    canvas = Canvas()
    drawn = [line for line in LINES if any(name in reactions for name in line.reactions)]
    for line in drawn:
        _line(canvas, line, strain, reactions, largest)
    shown = dict.fromkeys(name for line in drawn for name in (line.start, line.end))
    for name in shown:
        words, (x, y) = METABOLITES[name]
        canvas.box(x - 3.6 * len(words) - 3, y - 9, 7.2 * len(words) + 6, 18, "metabolite")
        canvas.text(x, y + 4, words, "name", "middle")
    told = "; ".join(
        f"{METABOLITES[a][0]} to {METABOLITES[b][0]} {short(net(line, strain.fluxes))}"
        for line in drawn
        for a, b in [line[:2]]
    )
    return canvas.svg(key, title, f"Net fluxes in {UNIT}. {told}.", HEIGHT)


def net(line: Line, fluxes: Fluxes) -> float:
    """The flux along a line (mmol/gDW/h)."""
    return sum(sign * fluxes.get(name, 0.0) for name, sign in line.reactions.items())


def _line(canvas: Canvas, line: Line, strain: Strain, reactions: Collection[str], largest: float) -> None:
    flux = net(line, strain.fluxes)
    start, end = METABOLITES[line.start][1], METABOLITES[line.end][1]
    start, end = (start, end) if flux >= 0 else (end, start)
    start, end = _between(start, end)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    there = [name for name in line.reactions if name in reactions]
    lost = bool(there) and all(name in strain.closed for name in there)
    if abs(flux) > CARRIES:
        canvas.shape(_arrow(start, end, 1.5 + (WIDEST - 1.5) * min(1.0, abs(flux) / largest)), "flux")
        level = abs(end[0] - start[0]) > 2 * abs(end[1] - start[1])
        at = (middle[0] - 12, middle[1] - 10) if level else (middle[0] + 10, middle[1] + 4)
        canvas.text(*at, f"{abs(flux):.3g}", "value note")
    else:
        canvas.line(*start, *end, "idle")
    if lost:
        _cross(canvas, middle)
        canvas.text(middle[0] + 12, middle[1] + 4, ", ".join(there[:2]), "alarm")


def _between(start: Point, end: Point) -> tuple[Point, Point]:
    """A line that leaves both its ends free for their names."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length * SHORT_BY, dy / length * SHORT_BY
    wide = 1 + abs(dx) / length
    return (start[0] + ux * wide, start[1] + uy), (end[0] - ux * wide, end[1] - uy)


def _arrow(start: Point, end: Point, width: float) -> list[Point]:
    """The corners of an arrow of some width."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    nx, ny = -uy * width / 2, ux * width / 2
    head = min(length / 2, width / 2 + 5)
    neck = end[0] - ux * head, end[1] - uy * head
    wing = 1 + 7 / width
    return [
        (start[0] + nx, start[1] + ny),
        (neck[0] + nx, neck[1] + ny),
        (neck[0] + nx * wing, neck[1] + ny * wing),
        end,
        (neck[0] - nx * wing, neck[1] - ny * wing),
        (neck[0] - nx, neck[1] - ny),
        (start[0] - nx, start[1] - ny),
    ]


def _cross(canvas: Canvas, at: Point, radius: float = 7) -> None:
    x, y = at
    canvas.line(x - radius, y - radius, x + radius, y + radius, "cross")
    canvas.line(x - radius, y + radius, x + radius, y - radius, "cross")


def changed_most(strains: Sequence[Strain], most: int) -> list[tuple[str, list[float]]]:
    """The reactions whose fluxes differ most between the first strain, the wild type, and another, largest first.

    Returns
    -------
    list of (str, list of float)
        A reaction, and its flux in each strain (mmol/gDW/h).
    """
    wild, *others = strains
    names = sorted({name for strain in strains for name in strain.fluxes})
    rows = [(name, [strain.fluxes.get(name, 0.0) for strain in strains]) for name in names]
    by_change = {name: max((abs(flux - first) for flux in rest), default=0.0) for name, (first, *rest) in rows}
    kept = [row for row in rows if by_change[row[0]] > CARRIES]
    return sorted(kept, key=lambda row: (-round(by_change[row[0]], 6), row[0]))[:most]
