"""The charts of a notebook with matplotlib, which is not needed for anything else and may be missing."""

from typing import Any

from pandas import DataFrame

from knockflow.base.errors import ConfigError
from knockflow.report.central_metabolism import LINES, METABOLITES
from knockflow.report.flux_map import CARRIES, net
from knockflow.report.words import FLOOR, GROWTH, GUARANTEED, PROMISED, UNIT, VALUE

PRODUCT = f"product ({UNIT})"
GROWTH_LABEL = "growth (1/h)"
CLOSED = "tab:red"
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def new_axes() -> Any:
    """Axes of a figure of their own.

    Raises
    ------
    ConfigError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError(
            "draw: matplotlib is not installed; run `.venv/bin/pip install matplotlib`, or use `figure.svg`"
        ) from error
    return Figure(layout="constrained").add_subplot()


def draw_bars(axes: Any, data: DataFrame) -> None:
    """Promised and guaranteed product of each design, and a mark for what is guaranteed at any growth."""
    places = range(len(data))
    axes.barh([y - 0.2 for y in places], data[PROMISED], height=0.4, label="promised")
    axes.barh([y + 0.2 for y in places], data[GUARANTEED], height=0.4, label="guaranteed")
    axes.plot(data[FLOOR], [y + 0.2 for y in places], "kD", label="guaranteed at any growth")
    axes.set_yticks(list(places), data["design"])
    axes.invert_yaxis()
    axes.set_xlabel(PRODUCT)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.08), ncols=3)


def draw_envelopes(axes: Any, data: DataFrame) -> None:
    """The product range against growth, an area for each strain."""
    for name, part in data.groupby("design", sort=False):
        (line,) = axes.plot(part[GROWTH], part[PROMISED], label=name)
        axes.plot(part[GROWTH], part[GUARANTEED], color=line.get_color())
        axes.fill_between(part[GROWTH], part[GUARANTEED], part[PROMISED], color=line.get_color(), alpha=0.15)
    axes.set_xlabel(GROWTH_LABEL)
    axes.set_ylabel(PRODUCT)
    axes.legend()


def draw_front(axes: Any, data: DataFrame) -> None:
    """Value against growth, a mark for each cost."""
    for cost, part in data.groupby("cost"):
        axes.plot(part[GROWTH], part[VALUE], "o", label=f"cost {cost:g}")
    axes.set_xlabel(GROWTH_LABEL)
    axes.set_ylabel("value")
    axes.legend()


def draw_fluxes(axes: Any, data: DataFrame) -> None:
    """Central metabolism: an arrow for each step with its net flux, red where all its reactions are closed."""
    of = dict(zip(data["reaction"], data["design_mmol_per_gdw_h"], strict=True))
    closed = set(data.loc[data["closed"], "reaction"])
    drawn = [line for line in LINES if any(name in of for name in line.reactions)]
    largest = max((abs(net(line, of)) for line in drawn), default=0.0) or 1.0
    for line in drawn:
        flux = net(line, of)
        start, end = (METABOLITES[name][1] for name in (line.start, line.end))
        lost = all(name in closed for name in line.reactions if name in of)
        style = {
            "arrowstyle": "-|>",
            "linewidth": 0.5 + 6 * abs(flux) / largest,
            "color": CLOSED if lost else "tab:blue",
        }
        if abs(flux) <= CARRIES:
            style |= {"arrowstyle": "-", "linestyle": ":"}
        ends = (end, start) if flux >= 0 else (start, end)
        axes.annotate("", *ends, arrowprops=style | {"shrinkA": 10, "shrinkB": 10, "mutation_scale": 12})
    for name in {end for line in drawn for end in line[:2]}:
        words, (x, y) = METABOLITES[name]
        axes.text(x, y, words, ha="center", va="center", fontsize="small", bbox=BEHIND)
    axes.set(xlim=(0, 420), ylim=(830, 0))
    axes.set_axis_off()
