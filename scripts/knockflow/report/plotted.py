"""Charts of designs as a notebook shows them and a file keeps them: those of the report."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from knockflow.report.charts import Bar, Series, bar_chart, envelope_chart
from knockflow.report.front_chart import FrontPoint, front_chart
from knockflow.report.style import standalone
from knockflow.report.words import FLOOR, GROWTH, GUARANTEED, PROMISED, VALUE

WILD_TYPE = "wild type"


@dataclass(frozen=True, repr=False)
class Figure:
    """A chart as SVG with its style inside.

    Attributes
    ----------
    title : str
        What it shows.
    svg : str
        The whole file.
    """

    title: str
    svg: str

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def __repr__(self) -> str:
        return f"<Figure {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # As an image, its style cannot reach the notebook's own page.
        data = b64encode(self.svg.encode()).decode()
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img style="max-width: 580px; width: 100%" alt="{escape(self.title)}" src="{source}">'


def bars(designs: Iterable[tuple[str, Mapping]], min_growth: float, product: str) -> Figure:
    """Promised beside guaranteed product (mmol/gDW/h) of designs: their names and rows of designs.tsv."""
    title = f"promised and guaranteed {product}"
    drawn = [Bar(name, f"rank {row['rank']}", row[PROMISED], row[GUARANTEED], row[FLOOR]) for name, row in designs]
    return Figure(title, standalone(bar_chart("bars", title, drawn, min_growth)))


def front(designs: Iterable[tuple[str, Mapping]], axes: Sequence[str], unit: str, product: str) -> Figure:
    """A Pareto front: names of designs and rows of designs.tsv."""
    title = f"Pareto front of {', '.join(axes)}: {product}"
    points = [FrontPoint(name, row[VALUE], row[GROWTH], row["cost"]) for name, row in designs]
    return Figure(title, standalone(front_chart("front", title, points, axes, unit)))


def envelopes(curves: Iterable[tuple[str, Sequence[Mapping]]], min_growth: float, product: str) -> Figure:
    """Product range (mmol/gDW/h) against growth (1/h), the wild type first.

    Parameters
    ----------
    curves : pairs of a name and points
        Points are rows as `knockflow.validation.validation.envelope` has them.
    """
    title = f"{product} against growth"
    series = [
        Series(
            name,
            [point["growth_per_h"] for point in points],
            [point[GUARANTEED] for point in points],
            [point[PROMISED] for point in points],
        )
        for name, points in curves
    ]
    return Figure(title, standalone(envelope_chart("envelopes", title, series, min_growth)))
