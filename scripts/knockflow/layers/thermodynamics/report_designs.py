"""What the report tells of designs where concentrations decide: forces, bottlenecks, and why a design is rejected."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from knockflow.base.files import number
from knockflow.layers.thermodynamics.assemble import UNUSED
from knockflow.layers.thermodynamics.designs_table import TABLE

FEW = 6

DESIGNS = """\
{% for name, e in cases.items() if e.designs is not none %}
<h3>{{ name }}: what concentrations leave of the designs</h3>
<p>Energies limit {{ e.limited }} reactions{% for why, names in e.free.items() %}\
{{ "; without a limit: " if loop.first else ", " }}{{ names|length }} {{ why }}{% endfor %}.\
{% if e.not_applied %} Not applied, since they contradict the model's own directions: \
{{ e.not_applied|join("; ") }}.{% endif %}</p>
{% if e.designs %}
<div class="scroll" tabindex="0" role="region" aria-label="Driving forces of designs, {{ name }}">
<table>
<thead><tr><th scope="col">Design</th><th scope="col">Recommended by</th>\
<th scope="col" class="num">Guaranteed, plain cell<small>mmol/gDW/h</small></th>\
<th scope="col" class="num">Guaranteed, with concentrations<small>mmol/gDW/h</small></th>\
<th scope="col" class="num">Driving force<small>max-min, kJ/mol</small></th>\
<th scope="col" class="num">with mean energies<small>kJ/mol</small></th><th scope="col">Bottlenecks</th>\
{% if e.sampled %}<th scope="col" class="num">Holds<small>of samples of the energies</small></th>{% endif %}\
<th scope="col">Why not</th></tr></thead>
<tbody>
{% for row in e.designs %}
<tr><th scope="row">{{ row.formulation }} {{ row.rank }}: <code>{{ row.interventions or "wild type" }}</code></th>\
<td>{{ row.recommended_by }}</td><td class="num">{{ row.plain }}</td><td class="num">{{ row.own }}</td>\
<td class="num">{{ row.force }}</td><td class="num">{{ row.expected }}</td><td>{{ row.bottlenecks }}</td>\
{% if e.sampled %}<td class="num">{{ row.holds }}</td>{% endif %}<td>{{ row.why }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
<p>The driving force is that of the state of least total flux among those of the guarantee: largest growth, then least \
product. A reaction written <code>+R</code> runs forward, <code>-R</code> backward. Concentrations are in \
<code>{{ name }}/{{ file }}</code>.</p>
{% endif %}
{% endfor %}
"""


def of_designs(folder: Path, energies: Sequence[Mapping[str, str]]) -> dict:
    """The content of a case: what is free, and a row for each design; those with the largest driving force first."""
    free: dict[str, list[str]] = {}
    contradicting = []
    for row in energies:
        why = row["without_limit"]
        if why.startswith("contradicts"):
            contradicting.append(f"{row['reaction']} {why}")
        elif why and why not in UNUSED:
            free.setdefault(_kind(why), []).append(row["reaction"])
    rows = TABLE.read(folder / TABLE.file)
    return {
        "limited": sum(not row["without_limit"] for row in energies),
        "free": dict(sorted(free.items(), key=lambda item: -len(item[1]))),
        "not_applied": contradicting,
        "sampled": any(row["samples"] for row in rows),
        "designs": [_told(row) for row in sorted(rows, key=_ranked)],
    }


def _kind(why: str) -> str:
    """A reason without its details."""
    if why.startswith("standard deviation"):
        return "standard deviation above the limit"
    return why.removeprefix("no energy: ").partition(":")[0]


def _ranked(row: Mapping[str, str]) -> tuple:
    """Designs that grow first, in the order of their formulations, then by driving force."""
    force = number(row["driving_force_kj_per_mol"])
    return row["formulation"], not row["growth_per_h"], -(force if force is not None else float("inf"))


def _told(row: Mapping[str, str]) -> dict:
    holds = f"{row['samples_holding']} of {row['samples']}" if row["samples"] else ""
    return {
        **{name: row[name] for name in ("formulation", "rank", "recommended_by")},
        "interventions": row["interventions"].replace(";", ", "),
        "plain": _short(row["plain_product_min_mmol_per_gdw_h"], "does not grow"),
        "own": _short(row["product_min_mmol_per_gdw_h"], "does not grow"),
        "force": _short(row["driving_force_kj_per_mol"]),
        "expected": _short(row["expected_driving_force_kj_per_mol"]),
        "bottlenecks": _few(row["bottlenecks"]),
        "holds": holds,
        "why": _why(row),
    }


def _why(row: Mapping[str, str]) -> str:
    """Why the cell with concentrations rejects what the plain one takes, or makes less of it."""
    if not row["conflict"]:
        return ""
    directed = row["conflict"].split(";")
    what = (
        f"no concentrations drive {directed[0]}"
        if len(directed) == 1
        else f"no concentrations drive {_few(row['conflict'])} together"
    )
    if row["growth_per_h"]:
        return f"it grows otherwise than the plain cell: {what}"
    return f"what the plain cell does cannot be: {what}; no other state grows at min_growth"


def _few(cell: str) -> str:
    names = cell.split(";") if cell else []
    return ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")


def _short(cell: str, nothing: str = "") -> str:
    value = number(cell)
    return nothing if value is None else f"{value:.3f}"
