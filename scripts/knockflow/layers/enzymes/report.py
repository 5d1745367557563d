"""What the report tells of enzymes."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.layers.enzymes.designs_table import TABLE as DESIGNS
from knockflow.layers.enzymes.inputs import MG_PER_G
from knockflow.layers.enzymes.table import TABLE
from knockflow.layers.in_report import BoundsById, Told

TITLE = "Enzymes"

HEADS = ("Budget, g/gDW", "Reactions", "With a cost", "Share", "By median", "With isozymes")

SECTION = """\
<h2>Enzymes</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Costs of enzymes">
<table>
<thead><tr><th scope="col">Case</th>{% for head in heads %}<th scope="col" class="num">{{ head }}</th>{% endfor %}\
</tr></thead>
<tbody>
{% for name, e in cases.items() %}
<tr><th scope="row">{{ name }}</th>{% for cell in e.cells %}<td class="num">{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% for name, e in cases.items() %}
<dl>
<dt>{{ name }}, directions of reactions</dt><dd>{% for status, count in e.statuses %}{{ count }} {{ status }}\
{{ "; " if not loop.last }}{% endfor %}</dd>
{% if e.measured %}
<dt>{{ name }}, measured proteins</dt><dd>{{ e.measured }}</dd>
{% endif %}
</dl>
{% if e.designs %}
<div class="scroll" tabindex="0" role="region" aria-label="Enzymes of the designs of {{ name }}">
<table>
<caption>Enzymes that the designs of {{ name }} need: with the product that they guarantee at maximal growth, and to \
make as much of it whether they grow or not</caption>
<thead><tr><th scope="col">Formulation</th><th scope="col" class="num">Rank</th><th scope="col">Interventions</th>\
{% for head in design_heads %}<th scope="col" class="num">{{ head }}</th>{% endfor %}\
{% if e.measured %}<th scope="col">Used up</th>{% endif %}</tr></thead>
<tbody>
{% for row in e.designs %}
<tr><td>{{ row.formulation }}</td><td class="num">{{ row.rank }}</td><td>{{ row.interventions or "none" }}</td>\
{% for cell in row.cells %}<td class="num">{{ cell }}</td>{% endfor %}\
{% if e.measured %}<td>{{ row.used_up or "none" }}</td>{% endif %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% endif %}
{% endfor %}
"""

DESIGN_HEADS = ("Growing, g/gDW", "Making, g/gDW", "Per product, g h/mmol", "Place")
MASSES = ("enzymes_g_per_gdw", "route_g_per_gdw", "route_g_h_per_mmol")


def told(folder: Path, options: Mapping, bounds: BoundsById) -> Told:
    """The budget, and of how many reactions the cost is known; exchanges and growth are not counted."""
    rows = [row for row in TABLE.read(folder / TABLE.file) if row["status"] not in ("boundary", "biomass")]
    inside = {row["reaction"] for row in rows}
    costed = {row["reaction"] for row in rows if row["cost_mg_h_per_mmol"]}
    median = {row["reaction"] for row in rows if row["status"] == "median"}
    several = {row["reaction"] for row in rows if int(row["isozymes"] or 0) > 1}
    share = f"{100 * len(costed) / len(inside):.3g} %" if inside else "none"
    cells = [f"{options['budget']:g}", len(inside), len(costed), share, len(median), len(several)]
    line = Markup("{} g/gDW of enzymes, with a cost of {} of {} reactions").format(*cells[:1], len(costed), len(inside))
    statuses = sorted(Counter(row["status"] for row in rows).items())
    content = {"cells": cells, "statuses": statuses, "measured": _measured(rows, options)}
    return Told(line, content | {"designs": _designs(folder / DESIGNS.file)})


def _measured(rows: list[dict], options: Mapping) -> str:
    """How many proteins have a cap of their own, and what is left for the others; empty where none has."""
    caps = dict(one.rsplit("=", 1) for row in rows for one in row["measured"].split(";") if one)
    if not caps:
        return ""
    costed = {gene for row in rows if row["cost_mg_h_per_mmol"] for gene in row["genes"].split(";")}
    weighed = sum(map(float, caps.values())) / MG_PER_G
    rest = (options["budget"] - weighed) * options["unmeasured_share"] * options["saturation"]
    used = len(costed & caps.keys())
    return (
        f"{len(caps)} with a cap of their own, {weighed:.4g} g/gDW together; {used} of them are of the {len(costed)} "
        f"proteins of the cheapest isozymes; {rest:.4g} g/gDW for those that were not measured"
    )


def _designs(path: Path) -> list[dict]:
    """The designs of a case with what they need, as the section shows them."""
    rows = DESIGNS.read(path) if path.exists() else []
    named = ("formulation", "rank", "interventions", "used_up")
    return [
        {name: row[name] for name in named}
        | {"cells": [*(f"{float(row[one]):.4g}" if row[one] else "" for one in MASSES), row["rank_by_enzymes"]]}
        for row in rows
    ]


def section(cases: Mapping[str, Mapping]) -> Markup:
    """The table of coverage of all cases, and what is known of each."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return Markup(environment.from_string(SECTION).render(cases=cases, heads=HEADS, design_heads=DESIGN_HEADS))
