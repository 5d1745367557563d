"""Reaction energies as linear functions of bounded variables, the one file between energies and follower.

    dG'_r = mean_r + sum_k a_rk w_k,   lower_k <= w_k <= upper_k,   row_lower <= B w <= row_upper

A flux along the sign s of a reaction r that is not free needs  s dG'_r <= -min_driving_force  at some common w. The
variables w are, by kind:

| kind                 | w_k                                        | a_rk (kJ/mol per unit of w_k)            |
|----------------------|--------------------------------------------|------------------------------------------|
| `ln_concentration`   | ln c of a metabolite, c in M               | RT times its coefficient in the reaction |
| `uncertainty`        | a latent factor, -z to z, without unit     | root of the covariance of the energies   |
| `membrane_potential` | potential inside minus outside, in V       | F times the charge that moves in         |

Uncertainty is shared: with  Cov = A A'  and one factor for each column of A, two copies of one reaction have the same
energy at every w, so that they never run against each other (Beber et al. 2022, doi:10.1093/nar/gkab1106, give A).
Rows B hold ratios:  atp_c/adp_c >= 3  is  ln atp_c - ln adp_c >= ln 3.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from knockflow.base.arrays import digest as digest_of
from knockflow.base.arrays import load_arrays, save_arrays

CONCENTRATION, UNCERTAINTY, MEMBRANE = "ln_concentration", "uncertainty", "membrane_potential"
KINDS = (CONCENTRATION, UNCERTAINTY, MEMBRANE)

Row = tuple[str, dict[str, float], float, float]
"""Name, coefficients by variable, least and largest value."""


@dataclass(frozen=True)
class Potentials:
    """Energies of `reactions` as linear functions of `variables`.

    Attributes
    ----------
    reactions
        Ids of the n reactions whose direction follows their energy.
    mean
        Energies at w = 0 in kJ/mol, shape (n,): dG'0 at the conditions, without membrane potential where that is a
        variable.
    variables, kinds
        Names of the k variables, and what each is (`KINDS`); a concentration has its metabolite's id. No name twice.
    coefficients
        What a unit of each variable adds, kJ/mol, shape (n, k).
    lower, upper
        Ranges of the variables, shape (k,); finite, equal ends fix a variable.
    row_names, row_coefficients, row_lower, row_upper
        Rows over the variables, shape (m, k) and (m,); an end may be infinite.
    min_driving_force
        kJ/mol by which a reaction that runs must go downhill, above 0.
    free, free_why
        Ids of the other reactions, whose direction no energy limits, and why: in words, one for each.
    """

    reactions: tuple[str, ...]
    mean: np.ndarray
    variables: tuple[str, ...]
    kinds: tuple[str, ...]
    coefficients: csr_array
    lower: np.ndarray
    upper: np.ndarray
    row_names: tuple[str, ...]
    row_coefficients: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    min_driving_force: float
    free: tuple[str, ...] = ()
    free_why: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        energies: dict[str, tuple[float, dict[str, float]]],
        variables: dict[str, tuple[str, float, float]],
        min_driving_force: float,
        rows: list[Row] | None = None,
        free: dict[str, str] | None = None,
    ) -> "Potentials":
        """From names.

        Parameters
        ----------
        energies
            Reaction to its energy at w = 0 (kJ/mol) and to its coefficients by variable.
        variables
            Variable to its kind, its least and its largest value.
        rows
            Rows over the variables.
        free
            Reactions without a constraint, and why.
        """
        number, free = {name: k for k, name in enumerate(variables)}, free or {}
        kinds, lower, upper = zip(*variables.values(), strict=True) if variables else ((), (), ())
        rows = rows or []
        return cls(
            reactions=tuple(energies),
            mean=np.array([mean for mean, _ in energies.values()], float),
            variables=tuple(variables),
            kinds=tuple(kinds),
            coefficients=_matrix([entries for _, entries in energies.values()], number),
            lower=np.array(lower, float),
            upper=np.array(upper, float),
            row_names=tuple(name for name, *_ in rows),
            row_coefficients=_matrix([entries for _, entries, _, _ in rows], number),
            row_lower=np.array([least for *_, least, _ in rows], float),
            row_upper=np.array([most for *_, most in rows], float),
            min_driving_force=float(min_driving_force),
            free=tuple(free),
            free_why=tuple(free.values()),
        )

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        n, k, m = len(self.reactions), len(self.variables), len(self.row_names)
        shapes = {
            "mean": (n,),
            "coefficients": (n, k),
            **{name: (k,) for name in ("lower", "upper")},
            "row_coefficients": (m, k),
            **{name: (m,) for name in ("row_lower", "row_upper")},
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"potentials: {name} has the shape {getattr(self, name).shape}, not {shape}")
        if len(self.kinds) != k or not set(self.kinds) <= set(KINDS):
            raise ValueError(f"potentials: kinds must be {k} of {', '.join(KINDS)}")
        for name in ("reactions", "variables"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"potentials: {name} has a name twice")
        if not (np.isfinite(self.lower) & np.isfinite(self.upper) & (self.lower <= self.upper)).all():
            raise ValueError("potentials: the range of each variable must be finite, and not upside down")
        if not self.min_driving_force > 0:
            raise ValueError("potentials: min_driving_force must be above 0, else a cycle at equilibrium may run")
        if len(self.free) != len(self.free_why) or set(self.free) & set(self.reactions):
            raise ValueError("potentials: each free reaction needs a reason, and none has an energy as well")

    @cached_property
    def number(self) -> dict[str, int]:
        """Row of each reaction."""
        return {reaction: row for row, reaction in enumerate(self.reactions)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that it holds: equal potentials, equal digests."""
        return digest_of(_arrays(self))

    def energies(self, point: np.ndarray) -> np.ndarray:
        """Energies in kJ/mol, shape (n,), at a point of the variables, shape (k,)."""
        return self.mean + self.coefficients @ point


def save(path: str | Path, potentials: Potentials) -> None:
    """Write potentials as arrays (`.npz`) with their hash; equal potentials make equal bytes."""
    save_arrays(path, _arrays(potentials))


def load(path: str | Path) -> Potentials:
    """Read potentials.

    Raises
    ------
    FileError
        If the file is missing, or its hash does not fit its content.
    """
    arrays = load_arrays(path, "file of potentials")
    values = {}
    for field in fields(Potentials):
        if field.type is csr_array:
            parts = (arrays[f"{field.name}.{part}"] for part in ("data", "indices", "indptr"))
            values[field.name] = csr_array(tuple(parts), shape=tuple(arrays[f"{field.name}.shape"].tolist()))
        elif field.type is np.ndarray:
            values[field.name] = arrays[field.name]
        else:
            item = arrays[field.name]
            values[field.name] = float(item) if field.type is float else tuple(map(str, item))
    return Potentials(**values)


def _matrix(rows: list[dict[str, float]], number: dict[str, int]) -> csr_array:
    starts = np.cumsum([0, *(len(entries) for entries in rows)])
    columns = np.array([number[name] for entries in rows for name in entries], dtype=np.int64)
    values = np.array([value for entries in rows for value in entries.values()], float)
    matrix = csr_array((values, columns, starts), shape=(len(rows), len(number)))
    matrix.sort_indices()
    return matrix


def _arrays(potentials: Potentials) -> dict[str, np.ndarray]:
    arrays = {}
    for field in fields(Potentials):
        value = getattr(potentials, field.name)
        if isinstance(value, csr_array):
            arrays[f"{field.name}.data"] = np.asarray(value.data, float)
            arrays[f"{field.name}.indices"] = np.asarray(value.indices, np.int64)
            arrays[f"{field.name}.indptr"] = np.asarray(value.indptr, np.int64)
            arrays[f"{field.name}.shape"] = np.array(value.shape, np.int64)
        else:
            arrays[field.name] = np.asarray(value, str) if isinstance(value, tuple) else np.asarray(value, float)
    return arrays
