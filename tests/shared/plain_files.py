"""Models as JSON and YAML files."""

import json
from pathlib import Path

import yaml

from knockflow.model.read import read_model


def plain() -> dict:
    """Glucose becomes biomass by one enzyme."""
    return {
        "id": "small",
        "compartments": {"c": "cytosol", "e": "outside"},
        "metabolites": [
            {"id": "glc_e", "name": "Glucose", "compartment": "e", "formula": "C6H12O6", "charge": 0},
            {"id": "glc_c", "name": "Glucose", "compartment": "c", "formula": "C6H12O6", "charge": 0},
        ],
        "reactions": [
            {"id": "EX_glc_e", "metabolites": {"glc_e": -1}, "lower_bound": -10, "upper_bound": 1000},
            {
                "id": "GLCt",
                "name": "Transport",
                "metabolites": {"glc_e": -1, "glc_c": 1},
                "lower_bound": -1000,
                "upper_bound": 1000,
                "gene_reaction_rule": "b1 or b2",
                "subsystem": "Transport",
            },
            {
                "id": "BIOMASS",
                "metabolites": {"glc_c": -1},
                "lower_bound": 0,
                "upper_bound": 1000,
                "objective_coefficient": 1,
            },
        ],
        "genes": [{"id": "b1", "name": "one"}, {"id": "b2"}],
    }


def read(folder: Path, content: object, ending: str = "json"):
    """Write a model by code and read it."""
    path = folder / f"a.{ending}"
    text = json.dumps(content) if ending == "json" else yaml.safe_dump(content)
    path.write_text(text, encoding="utf-8")
    return read_model(str(path), folder)
