"""All designs of a run as data in the page, for its script to search, filter, sort and save."""

import json
from collections.abc import Mapping

from markupsafe import Markup

from knockflow.base.files import cell
from knockflow.base.tables import SUMMARY
from knockflow.report.content import Content
from knockflow.report.overview import formulations
from knockflow.report.words import FLOOR, GROWTH, GUARANTEED, PROMISED, UNIT, shortened

MOST_SHOWN = 100
"""Rows that the page shows at first; what is saved has all that were found."""

SHOWN = (
    {"name": "case", "head": "Case", "choose": True},
    {"name": "formulation", "head": "Formulation", "choose": True},
    {"name": "rank", "head": "Rank", "number": True},
    {"name": "interventions", "head": "Interventions"},
    {"name": "n_interventions", "head": "Number", "number": True},
    {"name": GROWTH, "head": "Growth", "note": "1/h", "number": True, "decimals": 3},
    {"name": PROMISED, "head": "Promised", "note": UNIT, "number": True, "decimals": 3},
    {"name": GUARANTEED, "head": "Guaranteed", "note": UNIT, "number": True, "decimals": 3},
    {"name": FLOOR, "head": "From min_growth up", "note": UNIT, "number": True, "decimals": 3},
    {"name": "yield_min_mol_per_mol", "head": "Least yield", "note": "mol/mol", "number": True, "decimals": 3},
    {"name": "coupling", "head": "Coupling", "choose": True},
    {"name": "by_genes", "head": "By genes", "choose": True},
    {"name": "verified", "head": "Verified", "choose": True},
)
"""The columns of summary.tsv that the page shows, what stands above them, and how they are sorted and filtered."""


def all_designs(content: Content, card_places: Mapping[tuple[str, str, str], str]) -> Markup:
    """The rows of summary.tsv that hold designs, with gene names and where in the page each stands, as JSON.

    No character that could end a script's element is left as it is.
    """
    names = formulations(content)
    rows, named, places = [], [], []
    for case in content.cases:
        for answer in case.answers:
            for design in answer.designs:
                rows.append([cell(design.row[column]) for column in SUMMARY.names])
                named.append(list(map(shortened, case.labelled(design.interventions))) or ["wild type"])
                own = card_places.get((case.name, answer.name, design.row["rank"]))
                places.append(own or f"designs-{case.name}-{names.index(answer.name) + 1}")
    data: Mapping = {
        "columns": SUMMARY.names,
        "rows": rows,
        "named": named,
        "at": places,
        "show": SHOWN,
        "most": MOST_SHOWN,
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
