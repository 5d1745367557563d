"""A Pareto front as a chart: two axes, and the third, the cost, as the number at each point."""

from collections.abc import Sequence
from dataclasses import dataclass

from knockflow.report.charts import BOTTOM, LEFT, RIGHT, TOP, mark, style_of
from knockflow.report.svg import LINE, WIDTH, Canvas, ticks
from knockflow.report.words import UNIT, short

ACROSS = {"growth": 5, "cost": 6}
"""Axes that may lie across, the first that a front has beside the one upward; about how many marks each has."""

APART = 18
"""Pixels across that two numbers need."""


@dataclass(frozen=True)
class FrontPoint:
    """A point of a front: value in the formulation's unit, growth in 1/h, cost; and the design's name."""

    label: str
    value: float
    growth: float
    cost: float


def front_chart(key: str, title: str, points: Sequence[FrontPoint], axes: Sequence[str], unit: str = UNIT) -> str:
    """The points on two axes, joined by the steps below which all designs lie; of three axes the cost is written.

    With three axes there is a line of steps for each cost: the designs that cost as much or less lie below it.
    """
    canvas = Canvas()
    across, upward = _directions(axes)
    x_marks = ticks(max(getattr(one, across) for one in points), ACROSS[across])
    values = [getattr(one, upward) for one in points]
    y_marks = ticks(max(values), least=min(values))

    def at(x: float, y: float) -> tuple[float, float]:
        height = (BOTTOM - TOP) / (y_marks[-1] - y_marks[0])
        return LEFT + x * (WIDTH - LEFT - RIGHT) / x_marks[-1], BOTTOM - (y - y_marks[0]) * height

    words = {"value": f"value ({unit})", "growth": "growth (1/h)", "cost": "cost of the interventions"}
    _axes(canvas, x_marks, y_marks, at, words[across], words[upward])
    costs = sorted({one.cost for one in points}) if len(axes) == 3 else [max(one.cost for one in points)]
    for number, cost in enumerate(costs):
        within = [(getattr(one, across), getattr(one, upward)) for one in points if one.cost <= cost]
        canvas.shape([at(*one) for one in _steps(within, across == "growth")], f"edge s{style_of(number)}", False)
    written: list[tuple[float, float]] = []
    for one in points:
        number = costs.index(one.cost) if len(axes) == 3 else 1
        x, y = at(getattr(one, across), getattr(one, upward))
        mark(canvas, number, x, y)
        # Of points that lie close together, the mark of the first one has its number.
        if len(axes) == 3 and not any(abs(x - left) < APART and abs(y - top) < LINE for left, top in written):
            canvas.text(x + 8, y - 6, f"{one.cost:g}", "note")
            written.append((x, y))
    height = _legend(canvas, costs, BOTTOM + 46) if len(axes) == 3 else BOTTOM + 46
    return canvas.svg(key, title, " ".join(_in_words(one, unit) for one in points), height)


def _directions(axes: Sequence[str]) -> tuple[str, str]:
    """What lies across and what upward."""
    upward = "value" if "value" in axes else "growth"
    return next(axis for axis in ACROSS if axis in axes and axis != upward), upward


def _steps(points: Sequence[tuple[float, float]], falling: bool) -> list[tuple[float, float]]:
    """Corners of the steps through the best points, from left to right: `falling` where more is better across, too."""
    best: list[tuple[float, float]] = []
    for x, y in sorted(points, reverse=falling):
        if not best or y > best[-1][1]:
            best.append((x, y))
    best = best[::-1] if falling else best
    corners = best[:1]
    for before, after in zip(best, best[1:], strict=False):
        corners += [(before[0], after[1]) if falling else (after[0], before[1]), after]
    return corners


def _axes(canvas: Canvas, across: Sequence[float], upward: Sequence[float], at, below: str, beside: str) -> None:
    canvas.text(2, 12, beside, "tick")
    for one in upward:
        y = at(0, one)[1]
        canvas.line(LEFT, y, WIDTH - RIGHT, y, "grid" if one else "axis")
        canvas.text(LEFT - 6, y + 4, f"{one:g}", "tick", "end")
    for one in across:
        x = at(one, 0)[0]
        canvas.line(x, BOTTOM, x, BOTTOM + 4, "axis")
        canvas.text(x, BOTTOM + 17, f"{one:g}", "tick", "middle")
    canvas.text(WIDTH - RIGHT, BOTTOM + 34, below, "tick", "end")


def _legend(canvas: Canvas, costs: Sequence[float], y: float) -> float:
    for number, cost in enumerate(costs):
        y += LINE + 5
        canvas.line(2, y - 4, 38, y - 4, f"edge s{style_of(number)}")
        mark(canvas, number, 20, y - 4)
        canvas.text(LEFT, y, f"cost {cost:g}" if not number else f"cost up to {cost:g}", "name")
    return y + 10


def _in_words(one: FrontPoint, unit: str) -> str:
    return f"{one.label}: value {short(one.value)} {unit}, growth {short(one.growth)} 1/h, cost {one.cost:g}."
