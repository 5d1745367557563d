"""The rows of screen.tsv: for each product of a screen the best design of each formulation, or why there is none."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from knockflow.base.files import read_json
from knockflow.base.screen_table import OF_SCREENED
from knockflow.model.notes import SUBSTRATE_NOTE, note

COUPLED = ("weak", "directional", "substrate-uptake")
"""Couplings by which a strain that grows as fast as it can must make its product."""

NO_REACTION = {"metabolites": {}, "lower_bound": 0.0, "upper_bound": 0.0}

LEAST_YIELD = 1e-6
"""mol/mol from which a guarantee is one."""


def screen_rows(
    screens: Mapping[str, Mapping[str, str]], results: str | Path, summary: Sequence[Mapping[str, str]]
) -> list[dict]:
    """The rows of screen.tsv.

    Parameters
    ----------
    screens
        The products of each screen by the names of their cases.
    results
        The folder that the stages have written.
    summary
        The rows of summary.tsv.
    """
    best: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in summary:
        best.setdefault(row["case"], {}).setdefault(row["formulation"], row)
    rows = []
    for screen, own in screens.items():
        for case, product in own.items():
            model = read_json(Path(results) / case / "model.json")
            for formulation, row in best.get(case, {}).items():
                record = read_json(Path(results) / case / formulation / "record.json")
                rows.append({"screen": screen} | screen_row(product, model, record, row))
    return rows


def screen_row(product: str, model: Mapping, record: Mapping, row: Mapping) -> dict:
    """What there is to say of a product under a formulation, but for the screen.

    Parameters
    ----------
    product
        Its exchange.
    model
        The content of model.json.
    record
        The content of record.json.
    row
        The row of summary.tsv of the best design, or of what stands for none.
    """
    potential, uptake = record["potential"], _largest_uptake(model)
    told = {
        "product": product,
        "name": _called(model, product),
        "formulation": row["formulation"],
        "case": row["case"],
        "potential_mmol_per_gdw_h": potential,
        "largest_yield_mol_per_mol": None if potential is None or not uptake else potential / uptake,
    }
    design = {key: row[key] for key in OF_SCREENED}
    return told | design | {"found_by": record["list_from"], "proven": record["proven"], "reason": row["reason"]}


def coupled(row: Mapping[str, str]) -> bool:
    """Whether the strain of a row must make its product in all states that count, and COBRApy says so, too."""
    guaranteed = float(row["yield_min_mol_per_mol"] or 0) > LEAST_YIELD
    return guaranteed and row["coupling"] in COUPLED and row["verified"] == "true"


def _reaction(model: Mapping, name: str | None) -> Mapping:
    return next((one for one in model["reactions"] if one["id"] == name), NO_REACTION)


def _largest_uptake(model: Mapping) -> float:
    """The largest uptake of the substrate (mmol/gDW/h)."""
    exchange = _reaction(model, note(model, SUBSTRATE_NOTE))
    as_uptake = exchange["metabolites"] and all(factor > 0 for factor in exchange["metabolites"].values())
    return max(0.0, exchange["upper_bound"] if as_uptake else -exchange["lower_bound"])


def _called(model: Mapping, product: str) -> str:
    """The name of the compound that an exchange is of."""
    names = {one["id"]: one.get("name") or one["id"] for one in model["metabolites"]}
    return names.get(next(iter(_reaction(model, product)["metabolites"]), ""), product)
