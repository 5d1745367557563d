"""What the report tells of zones."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from knockflow.layers.in_report import BoundsById, Told
from knockflow.layers.zones.designs_table import TABLE as DESIGNS
from knockflow.layers.zones.resolve import read
from knockflow.layers.zones.table import TABLE

TITLE = "Zones"

SECTION = """\
<h2>Zones</h2>
<p>The best design of each formulation, and that of a case that asks the same without zones: growth and product per \
biomass of each zone, in a state of the least product that it guarantees.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Designs by zone">
<table>
<thead><tr><th scope="col">Case</th><th scope="col">Formulation</th><th scope="col">Design</th>\
<th scope="col">Listed by</th><th scope="col">Zone</th><th scope="col" class="num">Share</th>\
<th scope="col" class="num">Growth, 1/h</th><th scope="col" class="num">Product, mmol/gDW/h</th>\
<th scope="col" class="num">Of all zones</th></tr></thead>
<tbody>
{% for name, rows in cases.items() %}{% for row in rows %}
<tr><th scope="row">{{ name }}</th>{% for text in row.texts %}<td>{{ text }}</td>{% endfor %}\
{% for number in row.numbers %}<td class="num">{{ number }}</td>{% endfor %}</tr>
{% endfor %}{% endfor %}
</tbody>
</table>
</div>
"""


def told(folder: Path, options: Mapping, bounds: BoundsById) -> Told:
    """The zones with their shares, what diffuses, and the best designs by zone."""
    zones = read(TABLE.read(folder / TABLE.file))
    shares = ", ".join(f"{zone.name} {zone.share:g}" for zone in zones.zones)
    diffusing = ", ".join(one.exchange for one in zones.diffusing)
    more = f"; between them diffuses {diffusing}" if diffusing else "; nothing diffuses between them"
    more += "; all grow at the same rate" if options["equal_growth"] else ""
    line = Markup("shares of the biomass: {}").format(shares + (more if len(zones.zones) > 1 else ""))
    return Told(line, {"rows": [_shown(row) for row in DESIGNS.read(folder / DESIGNS.file) if row["rank"] == "1"]})


def _shown(row: Mapping[str, str]) -> dict:
    names = ("growth_per_h", "product_mmol_per_gdw_h", "product_of_all_mmol_per_gdw_h")
    numbers = [f"{float(row[name]):.4f}" if row[name] else "no growth" for name in names]
    texts = [row["formulation"], row["interventions"] or "wild type", row["recommended_by"], row["zone"]]
    return {"texts": texts, "numbers": [f"{float(row['share']):g}", *numbers]}


def section(cases: Mapping[str, Mapping]) -> Markup:
    """The table of the best designs of all cases by zone."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found = {name: own["rows"] for name, own in cases.items()}
    return Markup(environment.from_string(SECTION).render(cases=found))
