"""The curated model as arrays, read from its JSON without COBRApy."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from knockflow.errors import FileError
from knockflow.files import read_json


@dataclass(frozen=True)
class Network:
    """Reactions of a model in the file's order: stoichiometry as exact fractions, bounds, rules, subsystems.

    `biomass` is the objective that `curate` has left, `substrate` the exchange that yields refer to.
    """

    metabolites: tuple[str, ...]
    reactions: tuple[str, ...]
    stoichiometry: tuple[tuple[tuple[int, Fraction], ...], ...]
    lower: np.ndarray
    upper: np.ndarray
    biomass: str
    substrate: str | None
    rules: tuple[str, ...]
    subsystems: tuple[str, ...]

    def index(self) -> dict[str, int]:
        """Numbers of the reactions by id."""
        return {reaction: number for number, reaction in enumerate(self.reactions)}

    def boundary(self, reaction: int) -> bool:
        """Whether a reaction exchanges one metabolite with the outside."""
        return len(self.stoichiometry[reaction]) == 1


def read_network(path: str | Path) -> Network:
    """Read a curated model; its objective is the biomass reaction.

    Raises
    ------
    FileError
        If the file is not a model as `curate` writes it.
    """
    model = read_json(path)
    try:
        metabolites = [metabolite["id"] for metabolite in model["metabolites"]]
        reactions = model["reactions"]
        biomass = [reaction["id"] for reaction in reactions if reaction.get("objective_coefficient")]
    except (KeyError, TypeError) as error:
        raise FileError(f"{path}: not a model as `curate` writes it (no {error})") from error
    if len(biomass) != 1:
        raise FileError(f"{path}: {len(biomass)} reactions in the objective where `curate` leaves one")
    row = {metabolite: number for number, metabolite in enumerate(metabolites)}
    return Network(
        metabolites=tuple(metabolites),
        reactions=tuple(reaction["id"] for reaction in reactions),
        stoichiometry=tuple(
            # The decimals as written are the model; the binary floats nearest to them are not.
            tuple((row[name], Fraction(repr(value))) for name, value in reaction["metabolites"].items() if value)
            for reaction in reactions
        ),
        lower=np.array([reaction["lower_bound"] for reaction in reactions], float),
        upper=np.array([reaction["upper_bound"] for reaction in reactions], float),
        biomass=biomass[0],
        substrate=(model.get("notes") or {}).get("substrate"),
        rules=tuple(reaction.get("gene_reaction_rule", "") for reaction in reactions),
        subsystems=tuple(reaction.get("subsystem", "") for reaction in reactions),
    )
