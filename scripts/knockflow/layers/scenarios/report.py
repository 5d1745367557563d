"""What the report tells of scenarios: which there are, and how designs fare in them and in fresh ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.layers.in_report import BoundsById, Told
from knockflow.layers.scenarios.designs_table import TABLE as DESIGNS
from knockflow.layers.scenarios.table import TABLE

TITLE = "Scenarios"

SECTION = """\
<h2>Scenarios</h2>
{% for name, e in cases.items() %}
<h3>{{ name }}</h3>
<p>{{ e.line }}.</p>
{% if e.designs %}
<div class="scroll" tabindex="0" role="region" aria-label="Designs of {{ name }} in its scenarios">
<table>
<thead><tr><th scope="col">Design</th><th scope="col">Recommended by</th><th scope="col">Worst scenario</th>\
<th scope="col" class="num">Growth there<small>1/h</small></th>\
<th scope="col" class="num">Guaranteed there<small>mmol/gDW/h</small></th>\
<th scope="col" class="num">Holds<small>of fresh scenarios</small></th></tr></thead>
<tbody>
{% for row in e.designs %}
<tr><th scope="row">{{ row.formulation }} {{ row.rank }}: <code>{{ row.interventions or "wild type" }}</code></th>\
<td>{{ row.recommended_by }}</td><td>{{ row.scenario }}</td><td class="num">{{ row.growth or "no growth" }}</td>\
<td class="num">{{ row.product }}</td><td class="num">{{ row.holds }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
<p>In a fresh scenario, for which no design was optimized, a design holds if it grows and makes what it guarantees in \
the case's own. Each of them is in <code>{{ name }}/{{ file }}</code>.</p>
{% endif %}
{% endfor %}
"""


def told(folder: Path, options: Mapping, bounds: BoundsById) -> Told:
    """How many scenarios there are, and their names; with the designs."""
    names = list(dict.fromkeys(row["scenario"] for row in TABLE.read(folder / TABLE.file)))
    line = _line(names, options)
    path = folder / DESIGNS.file
    return Told(line, {"line": line, "designs": _designs(DESIGNS.read(path) if path.exists() else [])})


def _line(names: Sequence[str], options: Mapping) -> Markup:
    if len(names) == 1:
        return Markup("the scenario {}").format(names[0])
    counts = {"worst": "the worst", "mean": "the mean", "quantile": f"the quantile {options['quantile'] or 0:g}"}
    text = Markup("{} of {} scenarios counts, number by number: {}")
    return text.format(counts[options["judge"]], len(names), ", ".join(names))


def _designs(rows: Sequence[Mapping[str, str]]) -> list[dict]:
    """A row for each design, that of its worst scenario."""
    return [
        {name: row[name] for name in ("formulation", "rank", "interventions", "recommended_by", "scenario")}
        | {
            "growth": _short(row["growth_per_h"]),
            "product": _short(row["product_min_mmol_per_gdw_h"]),
            "holds": f"{100 * float(row['holding_share']):.0f} %" if row["holding_share"] else "",
        }
        for row in rows
        if row["worst"] == "true"
    ]


def _short(text: str) -> str:
    return f"{float(text):.4f}" if text else ""


def section(cases: Mapping[str, Mapping]) -> Markup:
    """The designs of all cases in the worst of their scenarios, and how often they hold in fresh ones."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return Markup(environment.from_string(SECTION).render(cases=cases, file=DESIGNS.file))
