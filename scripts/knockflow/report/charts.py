"""Charts as inline SVG; the page's style sheet colours them, so that they follow light, dark and print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from knockflow.report.style import STYLES
from knockflow.report.svg import LABEL_CHARACTERS, LINE, WIDTH, Canvas, diamond, ticks, wrapped
from knockflow.report.words import UNIT, short

LEFT, RIGHT, TOP, BOTTOM = 46, 14, 40, 290
BAR_LEFT, BAR_RIGHT = 8, WIDTH - 118
BAR = 12


@dataclass(frozen=True)
class Bar:
    """A design in the chart of promises and guarantees (mmol/gDW/h)."""

    label: str
    note: str
    promised: float
    guaranteed: float
    floor: float | None
    alarm: str = ""
    """What is wrong with it, if anything is."""


@dataclass(frozen=True)
class Series:
    """A design's production envelope: growth (1/h) and the least and the most product at it (mmol/gDW/h)."""

    label: str
    growth: Sequence[float]
    least: Sequence[float]
    most: Sequence[float]
    note: str = ""


def bar_chart(key: str, title: str, bars: Sequence[Bar], min_growth: float) -> str:
    """Promised beside guaranteed product, a pair of bars for each design."""
    canvas, drawn = Canvas(), Canvas()
    marks = ticks(max((bar.promised for bar in bars), default=0.0), 4)
    scale = (BAR_RIGHT - BAR_LEFT) / marks[-1]
    y = _bar_legend(canvas, min_growth)
    top = y + 4
    for bar in bars:
        y = _bar(drawn, bar, y + 12, scale)
    bottom = y + 8
    for mark in marks:
        x = BAR_LEFT + mark * scale
        canvas.line(x, top, x, bottom, "grid")
        canvas.text(x, bottom + 14, f"{mark:g}", "tick", "middle")
    canvas.parts += drawn.parts
    canvas.text(BAR_LEFT, bottom + 31, f"product at maximal growth ({UNIT})", "tick")
    described = "; ".join(_bar_in_words(bar, min_growth) for bar in bars)
    return canvas.svg(key, title, f"In {UNIT}. {described}.", bottom + 38)


def _bar_in_words(bar: Bar, min_growth: float) -> str:
    numbers = f"promised {short(bar.promised)}, guaranteed {short(bar.guaranteed)}"
    floor = f"guaranteed from growth {min_growth:g} up {short(bar.floor)}"
    return f"{bar.label}: {numbers}, {floor}{', ' * bool(bar.alarm)}{bar.alarm}"


def _bar_legend(canvas: Canvas, min_growth: float) -> float:
    canvas.box(BAR_LEFT, 4, 16, 10, "promised")
    canvas.text(29, 13, "promised: the most")
    canvas.box(158, 4, 16, 10, "guaranteed")
    canvas.text(179, 13, "guaranteed: the least")
    canvas.shape(diamond(BAR_LEFT + 8, 9 + LINE + 3, 6), "floor")
    canvas.text(29, 13 + LINE + 3, f"guaranteed at every growth from {min_growth:g} 1/h up")
    return 13 + LINE + 6


def _bar(canvas: Canvas, bar: Bar, y: float, scale: float) -> float:
    """Draw a design below `y`; returns where it ends."""
    for line in wrapped(bar.label):
        y += LINE
        canvas.text(BAR_LEFT, y, line, "name")
    for line in wrapped(f"{bar.alarm}: {bar.note}" if bar.alarm else bar.note, most=2):
        y += LINE
        canvas.text(BAR_LEFT, y, line, "alarm" if bar.alarm else "note")
    y += 6
    _strip(canvas, y, bar.promised * scale, "promised", short(bar.promised))
    y += BAR + 3
    if bar.floor is None:
        _strip(canvas, y, bar.guaranteed * scale, "guaranteed", short(bar.guaranteed))
    else:
        # A guarantee that holds at more states is never larger: the marker lies on the bar.
        mark = max(bar.floor * scale, 0.0)
        words = f"{short(bar.guaranteed)} (◆ {short(bar.floor)})"
        _strip(canvas, y, bar.guaranteed * scale, "guaranteed", words, mark + 5)
        canvas.shape(diamond(BAR_LEFT + mark, y + BAR / 2, 6), "floor")
    return y + BAR


def _strip(canvas: Canvas, y: float, length: float, kind: str, words: str, clear_of: float = 0.0) -> None:
    """One bar with its value behind it; a negative value has no length."""
    canvas.box(BAR_LEFT, y, max(length, 0.8), BAR, kind)
    canvas.text(BAR_LEFT + max(length, clear_of) + 6, y + 10, words, "value")


def envelope_chart(key: str, title: str, series: Sequence[Series], min_growth: float) -> str:
    """Product range against growth, one area for each series; the first is the wild type."""
    canvas = Canvas()
    across = ticks(max((one.growth[-1] for one in series), default=0.0), 5)
    upward = ticks(max(max(one.most) for one in series), least=min(min(one.least) for one in series))
    x_scale = (WIDTH - LEFT - RIGHT) / across[-1]
    y_scale = (BOTTOM - TOP) / (upward[-1] - upward[0])

    def at(growth: float, product: float) -> tuple[float, float]:
        return LEFT + growth * x_scale, BOTTOM - (product - upward[0]) * y_scale

    _axes(canvas, across, upward, at)
    for number, one in enumerate(series):
        _area(canvas, one, style_of(number), at)
    if 0 < min_growth <= across[-1]:
        x = at(min_growth, 0)[0]
        canvas.line(x, TOP - 14, x, BOTTOM, "threshold")
        canvas.text(x + 4, TOP - 6, f"min_growth {min_growth:g}", "note")
    for number, one in enumerate(series):
        _end_mark(canvas, one, number, at)
    y = _envelope_legend(canvas, series, BOTTOM + 46)
    return canvas.svg(key, title, " ".join(map(_in_words, series)), y + 4)


def _axes(canvas: Canvas, across: Sequence[float], upward: Sequence[float], at) -> None:
    canvas.text(2, 12, f"product ({UNIT})", "tick")
    for mark in upward:
        y = at(0, mark)[1]
        canvas.line(LEFT, y, WIDTH - RIGHT, y, "grid" if mark else "axis")
        canvas.text(LEFT - 6, y + 4, f"{mark:g}", "tick", "end")
    for mark in across:
        x = at(mark, 0)[0]
        canvas.line(x, BOTTOM, x, BOTTOM + 4, "axis")
        canvas.text(x, BOTTOM + 17, f"{mark:g}", "tick", "middle")
    canvas.text(WIDTH - RIGHT, BOTTOM + 34, "growth (1/h)", "tick", "end")


def style_of(number: int) -> int:
    """Style of a series: 0 is the wild type's, the others come round again."""
    return 0 if number == 0 else 1 + (number - 1) % (STYLES - 1)


def _area(canvas: Canvas, one: Series, style: int, at) -> None:
    upper = [at(*point) for point in zip(one.growth, one.most, strict=True)]
    lower = [at(*point) for point in zip(one.growth, one.least, strict=True)]
    canvas.shape([*upper, *reversed(lower)], f"area s{style}")
    canvas.shape(upper, f"edge s{style}", closed=False)
    canvas.shape(lower, f"edge s{style}", closed=False)


def _end_mark(canvas: Canvas, one: Series, number: int, at) -> None:
    """Mark the least and the most product at maximal growth, joined by a line."""
    (x, least), (_, most) = at(one.growth[-1], one.least[-1]), at(one.growth[-1], one.most[-1])
    canvas.line(x, least, x, most, f"edge s{style_of(number)}")
    for y in dict.fromkeys((most, least)):
        mark(canvas, number, x, y)


def mark(canvas: Canvas, number: int, x: float, y: float) -> None:
    """Add the mark of a series."""
    style, r = style_of(number), 5.0
    corners = {
        0: [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        1: diamond(x, y, r + 1.5),
        2: [(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)],
        3: [(x - r - 1, y - r), (x + r + 1, y - r), (x, y + r + 1)],
        4: [(x + 6 * math.sin(turn), y - 6 * math.cos(turn)) for turn in (math.tau / 6 * step for step in range(6))],
        5: [(x - r, y - 2.5), (x + r, y - 2.5), (x + r, y + 2.5), (x - r, y + 2.5)],
    }
    canvas.shape(corners[style], f"mark s{style}")


def _envelope_legend(canvas: Canvas, series: Sequence[Series], y: float) -> float:
    for number, one in enumerate(series):
        y += 5
        canvas.line(2, y + 11, 38, y + 11, f"edge s{style_of(number)}")
        mark(canvas, number, 20, y + 11)
        for words, kind in ((one.label, "name"), (one.note, "note")):
            for line in wrapped(words, LABEL_CHARACTERS - 7) if words else ():
                y += LINE
                canvas.text(LEFT, y, line, kind)
    return y + 6


def _in_words(one: Series) -> str:
    at_most = f"{short(one.least[-1])} to {short(one.most[-1])}"
    return f"{one.label}: growth up to {short(one.growth[-1])} 1/h, where the product is {at_most} {UNIT}."
