"""The page itself: the template filled with the content."""

from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.report import verdict, words
from knockflow.report.content import Content
from knockflow.report.figures import envelope_figure, production_chart
from knockflow.report.yaml_text import as_yaml

FIRST_ROWS = 10
"""Designs, and warnings, that are shown without unfolding."""

FIRST_WARNINGS = 15


def render(template: str | Path, content: Content) -> str:
    """The page as HTML; the same content gives the same bytes."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "exact": words.exact,
        "short": words.short,
        "percent": words.percent,
        "plain": words.plain,
        "breakable": breakable,
    }
    page = environment.from_string(Path(template).read_text(encoding="utf-8"))
    return page.render(
        content=content,
        words=words,
        verdict=verdict,
        configuration=as_yaml(content.config),
        charts={case.name: _charts(case) for case in content.cases},
        first_rows=FIRST_ROWS,
        first_warnings=FIRST_WARNINGS,
    )


def _charts(case) -> list[Markup]:
    return [Markup(chart) for chart in (production_chart(case), envelope_figure(case)) if chart]


def breakable(text: str) -> Markup:
    """A name that may break after each of its coupled reactions."""
    return Markup("|<wbr>").join(text.split("|"))
