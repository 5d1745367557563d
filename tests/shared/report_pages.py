"""A run of one small case as its files stand in the folder of results, and the page that is made of them."""

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

from workspace import ROOT

from knockflow.base.files import sha256, write_json
from knockflow.base.tables import CURATION, DESIGNS, ENVELOPE, FLUXES, GPR, PREDICTIONS, TARGETS, VALIDATION
from knockflow.layers.thermodynamics.directions import TABLE as ENERGIES
from knockflow.report.content import Content, gather
from knockflow.report.page import render
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

TEMPLATE = ROOT / "workflow" / "report" / "report.html.j2"
HOSTILE = '<b>&"</b><script>alert(1)</script>'
CLAIMED = (
    "value_mmol_per_gdw_h",
    "growth_per_h",
    "product_min_mmol_per_gdw_h",
    "product_max_mmol_per_gdw_h",
    "product_min_at_min_growth_mmol_per_gdw_h",
)
FORMULATIONS = {
    "promise": {"kind": "optknock", "max_interventions": 2, "max_designs": "all"},
    "guarantee": {"kind": "robustknock", "method": "strong_duality", "max_interventions": 2, "mip_gap": 1e-9},
}
PROMISING = ("-PYK|PYK2", 0.141593, 0.0, 6.968152, 0.0)
SURE = ("-ACALD;-PYK|PYK2", 0.101863, 8.123457, 9.101863, 6.735175)
VOID = {
    "status": "infeasible",
    "objective": None,
    "bound": None,
    "gap": None,
    "potential": None,
    "reason": "it grows at most 0.010000 per h",
}
STOPPED = {"status": "feasible", "proven": False, "bound": 12.5, "gap": 0.373345, "reason": "time limit of 5 s"}

SAME = {"by_genes": "same", "genes": "b1;b7", "also_closed": ""}
LETHAL = {"by_genes": "lethal", "genes": "b1;b7", "also_closed": "TKT1", "growth_by_genes_per_h": 0.0}
CHANGED = {
    "by_genes": "changed",
    "genes": "b1;b7",
    "also_closed": "TKT1;TKT2",
    "growth_by_genes_per_h": 0.0712,
    "product_min_by_genes_mmol_per_gdw_h": 1.25,
    "product_max_by_genes_mmol_per_gdw_h": 3.5,
}
IMPOSSIBLE = {"by_genes": "impossible", "genes": "", "by_genes_note": "no gene is known for ACALD"}
"""What becomes of a design by genes, as validation.tsv has it."""


def design_row(rank: int, numbers: tuple, kind: str) -> dict:
    """A row of designs.tsv from (interventions, growth, guaranteed, promised, guaranteed from min_growth up)."""
    interventions, growth, least, most, floor = numbers
    count = len(list(filter(None, interventions.split(";"))))
    value = most if kind == "optknock" else least
    row = (rank, interventions, count, float(count), value, growth, least, most, floor, least / 10)
    return dict(zip(DESIGNS.names, row, strict=True))


def record(name: str, rows: list, more: dict) -> dict:
    value = rows[0]["value_mmol_per_gdw_h"] if rows else None
    bounds = {"policy": "instance", "removal": 600.0, "growth_price": 376.78, "saturated": True}
    return {
        "status": "optimal",
        "reason": "",
        "objective": value,
        "bound": value,
        "gap": 0.0,
        "potential": 13.25,
        "proven": True,
        "formulation": FORMULATIONS[name]["kind"],
        "method": FORMULATIONS[name].get("method", "tree"),
        "confirmed_by": None if name == "promise" else "tree",
        "solver": "glpk",
        "solver_version": "5.0",
        "seconds": 0.138,
        "seconds_total": 0.163,
        "nodes": 455,
        "iterations": 4,
        "big_m": None if name == "promise" else bounds,
        "versions": {"knockflow": "0.1.0", "pulp": None},
        "inputs": {"problem.npz": "95cd3eab"},
    } | more


def write_answer(
    folder: Path, name: str, designs: list, more: dict, refuted: bool, made: dict | None = None
) -> list[dict]:
    """Write a formulation's two files; returns its rows of validation.tsv."""
    kind = FORMULATIONS[name]["kind"]
    rows = [design_row(rank, numbers, kind) for rank, numbers in enumerate(designs, 1)]
    DESIGNS.write(folder / name / "designs.tsv", rows)
    outputs = {"designs.tsv": sha256(folder / name / "designs.tsv")}
    write_json(folder / name / "record.json", record(name, rows, more) | {"outputs": outputs})
    return [
        {"formulation": name, "rank": row["rank"], "interventions": row["interventions"]}
        | {f"claimed_{column}": row[column] for column in CLAIMED}
        | {column: row[column] - (0.5 if refuted and column != "growth_per_h" else 0) for column in CLAIMED}
        | {"coupling": "weak", "verified": not refuted, "verified_by": "cobra"}
        | {"by_genes": "same", "genes": "b1;b2"}
        | ((made or {}).get((name, row["rank"]), {}))
        for row in rows
    ]


def write_model(folder: Path) -> None:
    def reaction(name: str, words: str, lower: float, metabolites: dict) -> dict:
        bounds = {"lower_bound": lower, "upper_bound": 1000.0}
        return {"id": name, "name": words, "metabolites": metabolites} | bounds

    reactions = [
        reaction("PYK", HOSTILE, 0.0, {"pep_c": -1.0, "pyr_c": 1.0}),
        reaction("PYK2", "second kinase", 0.0, {"pep_c": -1.0, "pyr_c": 1.0}),
        reaction("ACALD", "dehydrogenase", -1000.0, {"pyr_c": -1.0, "succ_e": 1.0}),
        reaction("EX_succ_e", "Succinate exchange", 0.0, {"succ_e": -1.0}),
    ]
    metabolites = [{"id": name, "name": name.title()} for name in ("pep_c", "pyr_c")] + [
        {"id": "succ_e", "name": HOSTILE}
    ]
    content = {"reactions": reactions, "metabolites": metabolites, "notes": {"substrate": "EX_glc__D_e"}}
    write_json(folder / "model.json", content)
    genes = [{"reaction": "PYK", "gene_cut_sets": "b1&b2"}, {"reaction": "ACALD", "gene_cut_sets": "b7"}]
    GPR.write(folder / "gpr.tsv", genes)


def write_small_tables(folder: Path, warnings: int) -> None:
    findings = [
        ("model", "sha256", "info", "c674befd7a", "", "of the file as it is stored"),
        ("EX_o2_e", "medium", "change", "[-1000, 1000]", "[0, 1000]", HOSTILE),
        *((f"W{number}", "dead end", "warning", "", "", f"warning number {number}.") for number in range(warnings)),
    ]
    CURATION.write(folder / "curation.tsv", [dict(zip(CURATION.names, row, strict=True)) for row in findings])
    energies = [
        ("PYK", -30.0, 1.0, -60.0, -5.0, "forward", "equilibrator", "ok"),
        ("PYK2", 30.0, 1.0, 5.0, 60.0, "reverse", "equilibrator", "ok"),
        ("ACALD", None, None, None, None, "", "", "unmatched: pyr_c"),
        ("EX_succ_e", None, None, None, None, "", "", "boundary"),
    ]
    ENERGIES.write(folder / "thermodynamics.tsv", [dict(zip(ENERGIES.names, row, strict=False)) for row in energies])
    targets = [
        ("ACALD", "knock_out", ("ACALD",), "candidate", ""),
        ("PYK|PYK2", "knock_out", ("EX_succ_e", "PYK", "PYK2", "S<1"), "candidate", ""),
        ("EX_succ_e", "knock_out", ("EX_succ_e",), "excluded", HOSTILE),
    ]
    columns = ("target", "kind", "reactions", "status", "why")
    TARGETS.write(folder / "targets.tsv", [dict(zip(columns, row, strict=True)) for row in targets])


def write_envelopes(folder: Path, answers: dict) -> None:
    best = [("wild type", 0, ("", 0.211663, 0.0, 0.123, 0.0))]
    best += [(name, 1, designs[0]) for name, designs in answers.items() if designs]
    rows = [
        {
            "formulation": name,
            "rank": rank,
            "interventions": numbers[0],
            "growth_per_h": share * numbers[1],
            "product_min_mmol_per_gdw_h": share * numbers[2],
            "product_max_mmol_per_gdw_h": 13.9 - share * (13.9 - numbers[3]),
        }
        for name, rank, numbers in best
        for share in (0.0, 0.5, 1.0)
    ]
    ENVELOPE.write(folder / "envelope.tsv", rows)


def write_fluxes(folder: Path, answers: dict) -> None:
    best = [(name, 1, designs[0][0]) for name, designs in answers.items() if designs]
    rows = [
        (name, rank, interventions, reaction, flux)
        for number, (name, rank, interventions) in enumerate([("wild type", 0, ""), *best])
        for reaction, flux in (("PYK", 5.0 - number), ("EX_succ_e", 0.25 * number))
    ]
    FLUXES.write(folder / "fluxes.tsv", [dict(zip(FLUXES.names, row, strict=True)) for row in rows if row[-1]])


def write_predictions(folder: Path, answers: dict) -> None:
    """FBA of the wild type and of each best design, and each of its interventions left out, the first of them inert."""
    rows = [("wild type", 0, "", "FBA", "", "")]
    for name, designs in answers.items():
        for interventions, *_ in designs[:1]:
            rows.append((name, 1, interventions, "FBA", True, ""))
            rows += [
                (name, 1, interventions, f"without {one}", "", number == 0)
                for number, one in enumerate(filter(None, interventions.split(";")))
            ]
    names = ("formulation", "rank", "interventions", "prediction", "agrees", "inert")
    PREDICTIONS.write(folder / "predictions.tsv", [dict(zip(names, row, strict=True)) for row in rows])


def write_certificates(folder: Path, answers: dict, none: str = "") -> None:
    for name, designs in answers.items():
        content = {"none": none, "designs": [{} for _ in designs] if not none else []}
        path = folder / "certificates" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"sha256": ""}\n' + json.dumps(content) + "\n")


def write_case(
    folder: Path,
    answers: dict,
    *,
    more: dict | None = None,
    refuted: tuple = (),
    warnings: int = 2,
    made: dict | None = None,
) -> None:
    """Write all files of a case; `answers` is a formulation's designs by its name.

    `made` has what becomes of designs by genes, by formulation and rank.
    """
    checks = []
    for name, designs in answers.items():
        checks += write_answer(folder, name, designs, (more or {}).get(name, {}), name in refuted, made)
    VALIDATION.write(folder / "validation.tsv", checks)
    write_model(folder)
    write_small_tables(folder, warnings)
    write_envelopes(folder, answers)
    write_fluxes(folder, answers)
    write_predictions(folder, answers)
    write_certificates(folder, answers)


def page_of(results: Path, **change) -> str:
    """Write a run of one case, and render it."""
    answers = change.pop("answers", {"guarantee": [SURE], "promise": [PROMISING, SURE]})
    write_case(results / "toy", answers, **change)
    return rendered(results, list(answers))


def rendered(results: Path, names: list[str]) -> str:
    return render(TEMPLATE, gathered(results, names))


def gathered(results: Path, names: list[str], layers: dict | None = None, **asked) -> Content:
    case = {"model": "toy.json", "product": "EX_succ_e", "medium": {"EX_o2_e": 0}, "min_growth": 0.05}
    case |= {"layers": layers or {}, "formulations": names} | asked
    config = checked({"cases": {"toy": case}, "formulations": FORMULATIONS}, read_schema())
    return gather(results, config, {"toy": names})


class Outline(HTMLParser):
    """Checks that every tag is closed where it should be, and keeps what a test asks about."""

    EMPTY = frozenset(("meta", "br", "wbr", "col", "input", "line", "rect", "polygon", "polyline"))

    def __init__(self, page: str):
        super().__init__()
        self.open, self.tags, self.words, self.faults = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append((tag, self.getpos()))

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def svgs(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg .*?</svg>", page, re.DOTALL)]
