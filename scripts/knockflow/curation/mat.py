"""A model from a MATLAB file of the COBRA toolbox."""

import io

import cobra
import numpy as np
from cobra.io.mat import from_mat_struct
from scipy.io import loadmat

from knockflow.curation.bounds import settle_bounds
from knockflow.curation.finding import Finding
from knockflow.curation.genes import settle_rule
from knockflow.errors import ModelError


def read_mat_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from a MATLAB file of the COBRA toolbox."""
    try:
        variables = loadmat(io.BytesIO(content))
    except NotImplementedError as error:
        raise ModelError("MATLAB 7.3 files cannot be read; save it in MATLAB with '-v7'") from error
    needed = {"rxns", "mets", "S", "lb", "ub"}
    for name, struct in sorted(variables.items()):
        if isinstance(struct, np.ndarray) and needed <= set(struct.dtype.names or ()):
            findings = settle_struct(struct)
            return tidied(from_mat_struct(struct, model_id=name)), findings
    found = ", ".join(name for name in sorted(variables) if not name.startswith("__"))
    raise ModelError(f"no variable with the fields {', '.join(sorted(needed))}; variables: {found or 'none'}")


def settle_struct(struct: np.ndarray) -> list[Finding]:
    """Settle bounds and gene rules of a MATLAB model in place, before COBRApy reads it."""
    ids = [text_of(cell) for cell in struct["rxns"][0, 0]]
    lower, upper = (np.array(struct[key][0, 0], dtype=float).reshape(-1, 1) for key in ("lb", "ub"))
    mended, findings = settle_bounds({name: (lower[i, 0], upper[i, 0]) for i, name in enumerate(ids)})
    for name, bounds in mended.items():
        lower[ids.index(name), 0], upper[ids.index(name), 0] = bounds
    struct["lb"][0, 0], struct["ub"][0, 0] = lower, upper
    if "grRules" in struct.dtype.names:
        rules = struct["grRules"][0, 0]
        for name, cell in zip(ids, rules, strict=False):
            rule, found = settle_rule(name, text_of(cell))
            cell[0] = np.array([rule] if rule else [])
            findings += found
    return findings


def text_of(cell: np.ndarray) -> str:
    """The text in a MATLAB cell."""
    return str(cell[0][0]).strip() if np.size(cell[0]) else ""


def tidied(model: cobra.Model) -> cobra.Model:
    """A MATLAB model with missing charges as None and whole ones as integers, as in the other formats."""
    for metabolite in model.metabolites:
        value = metabolite.charge
        if value is not None:
            metabolite.charge = None if np.isnan(value) else int(value) if float(value).is_integer() else float(value)
    return model
