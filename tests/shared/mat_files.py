"""Models as MATLAB files."""

from pathlib import Path

import numpy as np
from scipy.io import savemat
from scipy.sparse import csc_matrix

from knockflow.model.read import read_model


def cells(*values: object) -> np.ndarray:
    """A column of cells."""
    column = np.empty((len(values), 1), dtype=object)
    for number, value in enumerate(values):
        column[number, 0] = value
    return column


def struct(**fields: object) -> dict:
    """Glucose becomes biomass; fields may be changed, or left out by None."""
    basic = {
        "rxns": cells("EX_glc_e", "GLCt", "BIOMASS"),
        "mets": cells("glc_e", "glc_c"),
        "S": csc_matrix(np.array([[-1.0, -1, 0], [0, 1, -1]])),
        "lb": np.array([[-10.0], [-1000], [0]]),
        "ub": np.array([[1000.0], [1000], [1000]]),
        "c": np.array([[0.0], [0], [1]]),
        "genes": cells("b1", "b2", "b3"),
        "grRules": cells("", "b1 or b2", "b3"),
    }
    return {key: value for key, value in {**basic, **fields}.items() if value is not None}


def read(folder: Path, part: str = "", /, **fields: object):
    """Write a model by code and read it."""
    savemat(folder / "a.mat", {"small": struct(**fields)})
    return read_model(f"{folder / 'a.mat'}{part}", folder)
