"""Charts of designs as a notebook shows them and a file keeps them: those of the report, with what they are made of."""

from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from pandas import DataFrame

from knockflow.report.central_metabolism import LINES
from knockflow.report.charts import Bar, Series, bar_chart, envelope_chart
from knockflow.report.drawn import draw_bars, draw_envelopes, draw_fluxes, draw_front, new_axes
from knockflow.report.flux_map import Strain, flux_map, net
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
    data : DataFrame
        The numbers that are drawn, for a chart of your own; columns have their units.
    painter : callable
        What `draw` calls with axes and data.
    """

    title: str
    svg: str
    data: DataFrame
    painter: Callable[[Any, DataFrame], None]

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def draw(self, axes: Any = None) -> Any:
        """The same with matplotlib, to be styled as any other chart: colours, labels, scales, or as one of several.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; by default new ones, in a figure of their own.

        Returns
        -------
        matplotlib.axes.Axes
            With what was drawn; `axes.figure.savefig("designs.pdf")` keeps it.

        Raises
        ------
        ConfigError
            If matplotlib is not installed.
        """
        axes = new_axes() if axes is None else axes
        self.painter(axes, self.data)
        axes.set_title(self.title)
        return axes

    def __repr__(self) -> str:
        return f"<Figure {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # As an image, its style cannot reach the notebook's own page.
        data = b64encode(self.svg.encode()).decode()
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img style="max-width: 580px; width: 100%" alt="{escape(self.title)}" src="{source}">'


def _table(rows: Iterable[tuple[str, Mapping]], *columns: str) -> DataFrame:
    """Some columns of rows, with the names of designs in front."""
    return DataFrame([{"design": name} | {column: row[column] for column in columns} for name, row in rows])


def bars(designs: Iterable[tuple[str, Mapping]], min_growth: float, product: str) -> Figure:
    """Promised beside guaranteed product (mmol/gDW/h) of designs: their names and rows of designs.tsv."""
    title, rows = f"promised and guaranteed {product}", list(designs)
    drawn = [Bar(name, f"rank {row['rank']}", row[PROMISED], row[GUARANTEED], row[FLOOR]) for name, row in rows]
    data = DataFrame(
        [{"design": name} | {key: row[key] for key in (PROMISED, GUARANTEED, FLOOR)} for name, row in rows]
    )
    return Figure(title, standalone(bar_chart("bars", title, drawn, min_growth)), data, draw_bars)


def front(designs: Iterable[tuple[str, Mapping]], axes: Sequence[str], unit: str, product: str) -> Figure:
    """A Pareto front: names of designs and rows of designs.tsv."""
    title, rows = f"Pareto front of {', '.join(axes)}: {product}", list(designs)
    points = [FrontPoint(name, row[VALUE], row[GROWTH], row["cost"]) for name, row in rows]
    data = _table(rows, VALUE, GROWTH, "cost")
    return Figure(title, standalone(front_chart("front", title, points, axes, unit)), data, draw_front)


def envelopes(curves: Iterable[tuple[str, Sequence[Mapping]]], min_growth: float, product: str) -> Figure:
    """Product range (mmol/gDW/h) against growth (1/h), the wild type first.

    Parameters
    ----------
    curves : pairs of a name and points
        Points are rows as `knockflow.validation.validation.envelope` has them.
    """
    title = f"{product} against growth"
    data = _table([(name, point) for name, points in curves for point in points], GROWTH, GUARANTEED, PROMISED)
    series = [
        Series(name, *(list(part[key]) for key in (GROWTH, GUARANTEED, PROMISED)))
        for name, part in data.groupby("design", sort=False)
    ]
    return Figure(title, standalone(envelope_chart("envelopes", title, series, min_growth)), data, draw_envelopes)


def fluxes(name: str, strain: Mapping[str, float], closed: Collection[str], wild: Mapping[str, float]) -> Figure:
    """Central metabolism of a strain: its fluxes and the wild type's (mmol/gDW/h), and what is closed in it."""
    title = f"fluxes of {name}"
    largest = max(abs(net(line, one)) for one in (strain, wild) for line in LINES)
    svg = flux_map("fluxes", title, Strain(name, strain, closed), strain, largest)
    data = DataFrame({"wild_type_mmol_per_gdw_h": dict(wild), "design_mmol_per_gdw_h": dict(strain)})
    data = data.rename_axis("reaction").reset_index()
    data["closed"] = data["reaction"].isin(list(closed))
    return Figure(title, standalone(svg), data, draw_fluxes)
