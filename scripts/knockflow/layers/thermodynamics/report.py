"""What the report tells of energies of reaction."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.layers.in_report import BoundsById, Told
from knockflow.layers.thermodynamics.designs_table import TABLE as DESIGNS_TABLE
from knockflow.layers.thermodynamics.directions import TABLE, constrained_bounds, coverage
from knockflow.layers.thermodynamics.report_designs import DESIGNS, of_designs

TITLE = "Thermodynamics"

STATUSES = {
    "ok": "an energy, its range and a direction",
    "boundary": "an exchange, demand or sink: no chemistry",
    "biomass": "the growth reaction: not one chemical reaction",
    "compartment": "touches a compartment on neither side of the membrane",
    "unmatched": "metabolites that are not in the compound database",
    "structure": "compounds without composition or dissociation constants",
    "unbalanced": "elements or electrons are not conserved by the matched compounds",
    "quinone": "makes or breaks a quinone without a measured potential: not used",
    "uncertain": "standard deviation of 100 kJ/mol or more: not used",
}

HEADS = (
    "Internal reactions",
    "With a range of ΔG′",
    "Share",
    "Forward only",
    "Reverse only",
    "Both ways",
    "Bounds tightened",
    "Contradictions",
)

SECTION = """\
<h2>Thermodynamic coverage</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Thermodynamic coverage">
<table>
<thead><tr><th scope="col">Case</th>{% for head in heads %}<th scope="col" class="num">{{ head }}</th>{% endfor %}\
<th scope="col">Applied</th></tr></thead>
<tbody>
{% for name, e in cases.items() %}
<tr><th scope="row">{{ name }}</th>{% for cell in e.cells %}<td class="num">{{ cell }}</td>{% endfor %}\
<td>{{ e.applied }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
{% for name, e in cases.items() %}
<dl>
<dt>{{ name }}, by status</dt><dd>{% for status, count in e.statuses.items() %}{{ count }} {{ status }}\
{% if statuses[status] is defined %} ({{ statuses[status] }}){% endif %}{{ "; " if not loop.last }}{% endfor %}</dd>
<dt>Sources</dt><dd>{% for source, count in e.sources %}{{ count }} {{ source }}{{ ", " if not loop.last }}\
{% else %}none{% endfor %}</dd>
{% if e.contradictions %}<dt>Contradictions</dt><dd>The model allows these only against their estimated direction; \
their bounds stay: {{ e.contradictions|join("; ") }}</dd>{% endif %}

{% if e.tightened %}<dt>Tightened</dt><dd>{{ e.tightened|join(", ") }}</dd>{% endif %}

</dl>
{% endfor %}
"""


def told(folder: Path, options: Mapping, bounds: BoundsById) -> Told:
    """What is applied; how much is known of the energies of reaction, and what they do to the bounds."""
    rows = TABLE.read(folder / TABLE.file)
    counts = coverage(rows)
    tightened, contradictions = constrained_bounds(rows, bounds)
    changed = sorted(name for name, after in tightened.items() if after != bounds[name])
    ways = [counts[direction] for direction in ("forward", "reverse", "both")]
    content = {
        "cells": [
            counts["internal"],
            sum(ways),
            f"{100 * counts['share']:.3g} %",
            *ways,
            len(changed),
            len(contradictions),
        ],
        "statuses": {
            name.removeprefix("status "): count for name, count in counts.items() if name.startswith("status ")
        },
        "sources": sorted(Counter(row["source"] for row in rows if row["direction"]).items()),
        "tightened": changed,
        "contradictions": list(map(str, contradictions)),
        "applied": options["mode"],
        "designs": None,
    }
    if options["mode"] == "concentrations":
        content |= of_designs(folder, rows)
    return Told(Markup.escape(options["mode"]), content)


def section(cases: Mapping[str, Mapping]) -> Markup:
    """The table of coverage of all cases, what the statuses are, and what concentrations leave of designs."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    named = {"heads": HEADS, "statuses": STATUSES, "file": DESIGNS_TABLE.file}
    return Markup(environment.from_string(SECTION + DESIGNS).render(cases=cases, **named))
