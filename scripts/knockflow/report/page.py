"""The page itself: the template filled with the content."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from knockflow.formulations.registry import ALL, asked_for
from knockflow.language.products import how_rated
from knockflow.report.cards import FIRST_CARDS, PRINTED_CARDS, cards, makes_range, opened, places, share_of_wild_type
from knockflow.report.case_settings import own, shared
from knockflow.report.content import Content, ReportedCase
from knockflow.report.essential import essential_genes
from knockflow.report.figures import (
    envelope_figure,
    flux_changes,
    flux_maps,
    front_figures,
    production_chart,
    strains_with_fluxes,
)
from knockflow.report.finder import all_designs
from knockflow.report.methods_text import bibliography, methods_text
from knockflow.report.overview import formulations, matrix
from knockflow.report.risks import ALWAYS, not_modelled, risks
from knockflow.report.screens import heat_maps
from knockflow.report.style import DARK, LIGHT, RULES
from knockflow.report.verdict import (
    at_least,
    best_at_every_growth,
    best_at_maximal_growth,
    best_by_genes,
    counted_by_genes,
    highest_promise,
    how_many,
    impossible,
    makes,
    maximizing_else,
    outcome,
    possible,
    ranks_by_genes,
    reached,
    with_big_m,
)
from knockflow.report.words import (
    BIG_M,
    BY_GENES,
    COUPLINGS,
    FLOOR,
    GUARANTEED,
    PROMISED,
    STATUSES,
    TARGET_KINDS,
    UNIT,
    exact,
    few,
    percent,
    plain,
    regions,
    short,
    shortened,
    unit_of,
)
from knockflow.report.yaml_text import as_yaml

FIRST_ROWS = 10
FIRST_WARNINGS = 15
"""Designs of a formulation, and warnings of a case, that are shown without unfolding."""

MOST_ROWS = 50
"""Designs of a formulation that are shown at all; all of them are in designs.tsv."""

STRAINS = {
    "best.xml": "the best strain as SBML",
    "cobra.json": "for COBRApy",
    "designs.json": "in StrainDesign's form",
    "lab.tsv": "gene by gene",
}
"""What is exported for each formulation."""

LONG_NAME = 24


def render(template: str | Path, content: Content) -> str:
    """The page as HTML; the same content gives the same bytes. What the template includes stands beside it."""
    template = Path(template)
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.globals |= FUNCTIONS | WORDS
    cards_of = {case.name: cards(case) for case in content.cases}
    card_places = places(cards_of)
    return environment.get_template(template.name).render(
        content=content,
        cards=cards_of,
        card_places=card_places,
        open_cards=[opened(case, cards_of[case.name]) for case in content.cases],
        first_cards=FIRST_CARDS,
        printed_cards=PRINTED_CARDS,
        configuration=as_yaml(content.config),
        all_designs=all_designs(content, card_places),
        always_at_risk=ALWAYS,
        not_modelled=not_modelled(content),
        risks={case.name: risks(case) for case in content.cases},
        charts={case.name: _charts(case) for case in content.cases},
        maps={case.name: list(map(Markup, flux_maps(case))) for case in content.cases},
        light=Markup(LIGHT),
        dark=Markup(DARK),
        chart_rules=Markup(RULES),
        first_rows=FIRST_ROWS,
        most_rows=MOST_ROWS,
        strains=STRAINS,
        first_warnings=FIRST_WARNINGS,
    )


def papers(content: Content) -> list[tuple[str, str]]:
    """The papers of the formulations that a run has asked for, with their DOIs."""
    kinds = {answer.kind for answer in content.answers}
    asked = (one.source for kind, one in ALL.items() if kind in kinds)
    return list(dict.fromkeys(source for source in asked if source))


def _charts(case: ReportedCase) -> list[Markup]:
    return [Markup(one) for one in (production_chart(case), envelope_figure(case), *front_figures(case)) if one]


def breakable(text: str) -> Markup:
    """A name that may break after each of its coupled reactions, and, if it is long, after other signs."""
    pieces = re.split(r"(?<=[|&_-])" if "|" not in text and len(text) > LONG_NAME else r"(?<=[|&])", text)
    return Markup("<wbr>").join(pieces)


def upper_first(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _named(*functions) -> dict:
    return {function.__name__: function for function in functions}


FILTERS = _named(exact, short, percent, plain, breakable, upper_first)
FUNCTIONS = _named(
    asked_for,
    at_least,
    bibliography,
    best_at_every_growth,
    best_at_maximal_growth,
    best_by_genes,
    counted_by_genes,
    essential_genes,
    few,
    flux_changes,
    formulations,
    heat_maps,
    highest_promise,
    how_many,
    how_rated,
    impossible,
    makes,
    makes_range,
    matrix,
    methods_text,
    maximizing_else,
    outcome,
    own,
    papers,
    possible,
    ranks_by_genes,
    reached,
    regions,
    share_of_wild_type,
    shared,
    shortened,
    strains_with_fluxes,
    unit_of,
    with_big_m,
)
WORDS = {
    "BIG_M": BIG_M,
    "BY_GENES": BY_GENES,
    "COUPLINGS": COUPLINGS,
    "FLOOR": FLOOR,
    "GUARANTEED": GUARANTEED,
    "FORMULATIONS": ALL,
    "PROMISED": PROMISED,
    "STATUSES": STATUSES,
    "TARGET_KINDS": TARGET_KINDS,
    "UNIT": UNIT,
}
"""What the template may call, and the words that it shows."""
