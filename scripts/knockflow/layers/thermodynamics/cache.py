"""Energies of reaction, estimated once for a model's chemistry and kept for all cases that share it.

The name of a file is the hash of all that the energies depend on: the metabolites and reactions of the curated model
(not their bounds, so a medium or a minimum growth makes no difference), the chemical conditions, this code and the
packages with the data. A file that is gone, cut short or edited is made anew.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from knockflow.base.errors import FileError
from knockflow.base.files import locked, read_json, write_json
from knockflow.layers.thermodynamics import database, energies, estimates, metabolites, quinones
from knockflow.layers.thermodynamics.conditions import Chemistry
from knockflow.layers.thermodynamics.energies import Energies, Energy

MODULES = (database, energies, estimates, metabolites, quinones)
PACKAGES = ("equilibrator-api", "equilibrator-cache", "equilibrator-cache-data", "component-contribution")

logger = logging.getLogger(__name__)


def energies_of(model: Mapping, chemistry: Chemistry, cache: Path | None = None) -> Energies:
    """The energies of a model's reactions: from the cache, or estimated and put there.

    Of several processes that need the same, the first estimates and the others wait for it.

    Parameters
    ----------
    model
        The model as COBRApy writes it to JSON.
    cache
        A folder, made where it is missing; None keeps nothing.
    """
    if cache is None:
        return estimates.estimate(model, chemistry)
    path = Path(cache) / f"{key_of(model, chemistry)}.json"
    with locked(path):
        try:
            return read(path)
        except FileError:
            found = estimates.estimate(model, chemistry)
            write(path, found)
            logger.info("energies are kept in %s", path)
            return found


def key_of(model: Mapping, chemistry: Chemistry) -> str:
    """The hash of all that the energies depend on."""
    names = (*database.NAMESPACES, "sbo")
    told = {
        "chemistry": asdict(chemistry),
        "metabolites": [
            [one["id"], one.get("compartment"), one.get("formula"), one.get("charge"), _some(one, names)]
            for one in model["metabolites"]
        ],
        "reactions": [
            [one["id"], estimates.is_biomass(one), sorted(one["metabolites"].items())] for one in model["reactions"]
        ],
        "code": [hashlib.sha256(Path(module.__file__).read_bytes()).hexdigest() for module in MODULES],
        "packages": [version(name) for name in PACKAGES],
    }
    return _hash(told)[:32]


def _some(entry: Mapping, names: tuple[str, ...]) -> dict:
    annotation = entry.get("annotation") or {}
    return {name: annotation[name] for name in names if name in annotation}


def write(path: Path, found: Energies) -> None:
    """Write energies with a hash of their content; numbers are kept to the last bit."""
    content = {
        "of": [[name, *asdict(energy).values()] for name, energy in map(_finite, found.of.items())],
        "basis": found.basis,
        "root": found.root.tolist(),
    }
    write_json(path, {"sha256": _hash(content), "energies": content})


def read(path: Path) -> Energies:
    """Read energies.

    Raises
    ------
    FileError
        If the file is missing, or is not whole.
    """
    content = read_json(path)
    if not isinstance(content, Mapping) or _hash(content.get("energies")) != content.get("sha256"):
        raise FileError(f"{path}: its hash does not fit its content; delete it and run again")
    content = content["energies"]
    of = {
        name: Energy(status, dgp0, _number(sd), electric, source, tuple((factor, value) for factor, value in factors))
        for name, status, dgp0, sd, electric, source, factors in content["of"]
    }
    size = len(content["basis"])
    return Energies(of, tuple(content["basis"]), np.array(content["root"], float).reshape(size, size))


def _finite(entry: tuple[str, Energy]) -> tuple[str, Energy]:
    """An energy of which nothing is known has an infinite standard deviation, for which JSON has only a text."""
    name, energy = entry
    return name, replace(energy, sd=str(energy.sd)) if energy.sd is not None and np.isinf(energy.sd) else energy


def _number(value: float | str | None) -> float | None:
    return None if value is None else float(value)


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
