"""What thermodynamics.tsv and a case's options say of energies, read once more and apart from the project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, log

import numpy as np
from cobra import Model
from scipy.sparse import csr_array

GAS_CONSTANT = 8.314462618e-3
NOTHING = 1e-6

Row = tuple[dict[str, float], float, float]
"""Coefficients by variable, least and largest value."""


@dataclass(frozen=True)
class Energies:
    """dG'_r = mean_r + coefficients_r w (kJ/mol) with ranges of the variables w and rows over them.

    A reaction that runs goes downhill by `least` kJ/mol. Shapes: mean (n,), coefficients (n, k), lower and upper (k,),
    row_coefficients (m, k), row_lower and row_upper (m,).
    """

    names: tuple[str, ...]
    mean: np.ndarray
    coefficients: csr_array
    lower: np.ndarray
    upper: np.ndarray
    row_coefficients: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    least: float


def energies_of(rows: Iterable[Mapping], options: Mapping, model: Model) -> Energies:
    """The energies that count in a case, from the rows of its table, its options and its curated model."""
    asked, conditions = options["layers"]["thermodynamics"], options["conditions"]
    z, least = conditions["confidence_z"], asked["min_driving_force_kj_per_mol"]
    ranges: dict[str, tuple[float, float]] = {}
    energies: dict[str, tuple[float, dict[str, float]]] = {}
    limits: list[Row] = []
    for row in rows:
        name, sd = row["reaction"], float(row["dgp0_sd_kj_per_mol"] or 0)
        passive = asked["passive_transport"] == "free" and row["source"] == "membrane"
        if row["status"] != "ok" or name in asked["exempt"] or passive or sd > asked["max_sd_kj_per_mol"]:
            continue
        mean, entries, own, errors = _read(row, conditions)
        ends = [
            mean + sum(pick(value * end for end in own[one]) for one, value in entries.items()) + sign * z * sd
            for pick, sign in ((min, -1), (max, 1))
        ]
        if max(map(abs, ends)) <= NOTHING or not _applies(*ends, least, asked, model.reactions.get_by_id(name).bounds):
            continue
        if z:
            own |= dict.fromkeys(errors, (-z, z))
            limits.append((errors, -z * sd, z * sd))
            entries = entries | errors
        ranges |= own
        energies[name] = mean, entries
    return _assembled(energies, ranges, limits + [_ratio(text) for text in asked["ratios"]], least)


def _read(row: Mapping, conditions: Mapping) -> tuple[float, dict, dict, dict]:
    """Mean, coefficients of logarithms (and of the potential), their ranges, and the factors of the error."""
    mean, entries, ranges = float(row["dgp0_kj_per_mol"]), {}, {}
    for name, coefficient, low, high in (text.rsplit(":", 3) for text in _cells(row["concentrations"])):
        entries[name] = GAS_CONSTANT * conditions["temperature_k"] * float(coefficient)
        ranges[name] = log(float(low)), log(float(high))
    potential, electric = conditions["membrane_potential_v"], float(row["electric_kj_per_mol_per_v"] or 0)
    if isinstance(potential, list | tuple) and electric:
        mean -= electric * sum(potential) / 2
        entries["V"], ranges["V"] = electric, tuple(potential)
    errors = (text.rsplit(":", 1) for text in _cells(row["factors_kj_per_mol"]))
    return mean, entries, ranges, {f"error of {name}": float(value) for name, value in errors}


def _cells(cell) -> list[str]:
    """A cell of a file, or one that is still a list."""
    return [part for part in cell.split(";") if part] if isinstance(cell, str) else [str(part) for part in cell or ()]


def _applies(low: float, high: float, least: float, asked: Mapping, bounds: tuple[float, float]) -> bool:
    """Whether an energy leaves its reaction something of what the model lets it do, and all that it must do."""
    forward, backward = low <= -least, high >= least
    if asked["contradictions"] == "apply" or bounds == (0, 0):
        return True
    may = (bounds[1] > 0 and forward) or (bounds[0] < 0 and backward)
    return may and (bounds[0] <= 0 or forward) and (bounds[1] >= 0 or backward)


def _ratio(text: str) -> Row:
    """A row such as `atp_c/adp_c >= 3`."""
    sign = next(one for one in (">=", "<=", "=") if one in text)
    names, _, value = text.partition(sign)
    over, under = map(str.strip, names.split("/"))
    ends = {">=": (log(float(value)), inf), "<=": (-inf, log(float(value))), "=": (log(float(value)),) * 2}
    return {over: 1.0, under: -1.0}, *ends[sign]


def _assembled(energies: Mapping, ranges: Mapping, limits: list[Row], least: float) -> Energies:
    place = {name: number for number, name in enumerate(ranges)}

    def matrix(rows: list[Mapping[str, float]]) -> csr_array:
        entries = [(number, place[name], value) for number, row in enumerate(rows) for name, value in row.items()]
        lines, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((np.array(values, float), (lines, columns)), shape=(len(rows), len(place)))

    lower, upper = np.array(list(ranges.values()), float).reshape(-1, 2).T
    return Energies(
        names=tuple(energies),
        mean=np.array([mean for mean, _ in energies.values()]),
        coefficients=matrix([entries for _, entries in energies.values()]),
        lower=lower,
        upper=upper,
        row_coefficients=matrix([entries for entries, _, _ in limits]),
        row_lower=np.array([low for _, low, _ in limits]),
        row_upper=np.array([high for _, _, high in limits]),
        least=least,
    )
