"""What the report tells of enzymes."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.layers.enzymes.table import TABLE
from knockflow.layers.in_report import Bounds, Told

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
</dl>
{% endfor %}
"""


def told(folder: Path, options: Mapping, bounds: Bounds) -> Told:
    """The budget, and of how many reactions the cost is known; exchanges and growth are not counted."""
    rows = [row for row in TABLE.read(folder / TABLE.file) if row["status"] not in ("boundary", "biomass")]
    inside = {row["reaction"] for row in rows}
    costed = {row["reaction"] for row in rows if row["cost_mg_h_per_mmol"]}
    median = {row["reaction"] for row in rows if row["status"] == "median"}
    several = {row["reaction"] for row in rows if int(row["isozymes"] or 0) > 1}
    share = f"{100 * len(costed) / len(inside):.3g} %" if inside else "none"
    cells = [f"{options['budget']:g}", len(inside), len(costed), share, len(median), len(several)]
    line = Markup("{} g/gDW of enzymes, with a cost of {} of {} reactions").format(*cells[:1], len(costed), len(inside))
    return Told(line, {"cells": cells, "statuses": sorted(Counter(row["status"] for row in rows).items())})


def section(cases: Mapping[str, Mapping]) -> Markup:
    """The table of coverage of all cases, and what is known of each."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return Markup(environment.from_string(SECTION).render(cases=cases, heads=HEADS))
