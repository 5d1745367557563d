"""The means of drawing: a canvas of SVG parts, axis marks, and text that fits."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH = 460
LINE = 15
LABEL_CHARACTERS = 58
MOST_LABEL_LINES = 3

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass
class Canvas:
    """The parts of a chart, from top to bottom."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Add a line of text; `y` is its base line."""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}" class="{kind or "label"}"{at}>{clean(words)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """Add a straight line."""
        ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        self.parts.append(f'<line {ends} class="{kind}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """Add a rectangle."""
        at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self.parts.append(f'<rect {at} class="{kind}"/>')

    def shape(self, points: Sequence[tuple[float, float]], kind: str, closed: bool = True) -> None:
        """Add a polygon, or a line through points."""
        at = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self.parts.append(f'<{"polygon" if closed else "polyline"} points="{at}" class="{kind}"/>')

    def svg(self, key: str, title: str, description: str, height: float) -> str:
        """The whole chart; `key` is unique in the page."""
        names = f'<title id="{key}-title">{clean(title)}</title><desc id="{key}-desc">{clean(description)}</desc>'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_n(height)}" role="img" class="chart" '
            f'aria-labelledby="{key}-title {key}-desc">'
        )
        return "\n".join([head, names, *self.parts, "</svg>"])


def clean(words: str) -> str:
    """Text that may stand in XML."""
    return escape(NOT_IN_XML.sub("", words))


def _n(value: float) -> str:
    """A coordinate with at most two decimals, and no minus zero."""
    return f"{round(value, 2) + 0.0:g}"


def ticks(largest: float, most: int = 6, least: float = 0.0) -> list[float]:
    """Round numbers, 0 among them, that enclose everything between `least` and `largest`."""
    reach = max(largest, -least)
    if not reach > 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(reach / most))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power * most >= reach * (1 - 1e-9))
    first, last = math.floor(least / step + 1e-9), math.ceil(largest / step - 1e-9)
    return [number * step for number in range(min(first, 0), max(last, 0) + 1)]


def wrapped(words: str, width: int = LABEL_CHARACTERS, most: int = MOST_LABEL_LINES) -> list[str]:
    """Words in lines of at most `width` characters; what does not fit into the last line becomes an ellipsis."""
    lines = [""]
    for word in words.split(" "):
        word = word if len(word) <= width else f"{word[: width - 1]}…"
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: width - 2]} …"]
    return lines


def diamond(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Corners of a diamond around a point."""
    return [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
