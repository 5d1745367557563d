"""From a reaction's standard energy to the directions it can take, and to bounds: arithmetic only.

| condition on the range [dg_min, dg_max] | direction |
|-----------------------------------------|-----------|
| dg_max < -ZERO                          | `forward` |
| dg_min > ZERO                           | `reverse` |
| otherwise                               | `both`    |
| no range                                | empty     |
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.table import LIST, Table, columns
from knockflow.layers.thermodynamics.conditions import Conditions

TABLE = Table(
    "thermodynamics.tsv",
    (
        *columns("reaction", "its id"),
        *columns(
            "dgp0_kj_per_mol dgp0_sd_kj_per_mol",
            "transformed standard energy of reaction and its standard deviation",
            unit="kJ/mol",
        ),
        *columns(
            "dg_min_kj_per_mol dg_max_kj_per_mol",
            "range over the concentrations, widened by the uncertainty",
            unit="kJ/mol",
        ),
        *columns("direction", "`forward`, `reverse`, `both`, or empty without a range"),
        *columns("source", "where the value comes from"),
        *columns("status", "`ok`, or why there is no range"),
        *columns(
            "electric_kj_per_mol_per_v",
            "what a volt of membrane potential, inside minus outside, adds to the standard energy",
            unit="kJ/mol/V",
        ),
        *columns(
            "factors_kj_per_mol",
            "how it is uncertain: reactions whose errors, in their standard deviations, it shares, each with `:` and "
            "what one unit adds",
            LIST,
        ),
        *columns(
            "concentrations",
            "metabolites whose concentration its energy depends on, each with `:` its coefficient and `:` the least "
            "and `:` the largest concentration in M",
            LIST,
        ),
        *columns("without_limit", "with the mode `concentrations`: why no energy limits it; empty where one does"),
    ),
)

Bounds = tuple[float, float]

DGP0 = "dgp0_kj_per_mol"
"""What other layers may vary: by reaction, what is added to its standard energy."""

ENERGIES = ("dgp0_kj_per_mol", "dg_min_kj_per_mol", "dg_max_kj_per_mol")
"""The columns that move with a standard energy."""

ZERO = 1e-6
"""kJ/mol up to which an energy is none: what is left of 0 when numbers are added, and the last digit of the table."""


@dataclass(frozen=True)
class Species:
    """A metabolite as far as its concentration matters.

    `fixed` marks protons, whose concentration is the pH, and water, whose activity is 1.
    """

    id: str
    compartment: str
    fixed: bool = False


@dataclass(frozen=True)
class Term:
    """A metabolite in a reaction's energy: its coefficient, and its range in M."""

    metabolite: str
    coefficient: float
    least: float
    most: float

    @classmethod
    def of(cls, text: str) -> "Term":
        """From the table's `atp_c:-1:1e-06:0.01`; an id may hold colons."""
        name, *numbers = text.rsplit(":", 3)
        return cls(name, *map(float, numbers))

    def __str__(self) -> str:
        return f"{self.metabolite}:{self.coefficient:.10g}:{self.least:.10g}:{self.most:.10g}"


@dataclass(frozen=True)
class Contradiction:
    """A reaction that the model allows only against its thermodynamic direction; `bounds` are the model's."""

    reaction: str
    direction: str
    bounds: Bounds

    def __str__(self) -> str:
        lower, upper = self.bounds
        return f"{self.reaction} (bounds {lower:g} to {upper:g}, estimated {self.direction})"


def dg_range(
    dgp0: float, sd: float, stoichiometry: Mapping[Species, float], conditions: Conditions
) -> tuple[float, float]:
    """The least and the largest reaction energy within the concentration ranges, in kJ/mol.

    dG' = dG'0 + RT sum_i s_i ln c_i is monotonous in every c_i, so its extremes lie at the ends of the ranges:
    for the minimum products (s_i > 0) at their least and substrates at their largest concentration, for the
    maximum the other way round. Either end moves outward by `confidence_z` standard deviations. The same
    substance in two compartments is two species with two concentrations.
    """
    least = most = dgp0
    for species, coefficient in stoichiometry.items():
        if species.fixed:
            continue
        ends = [conditions.rt * coefficient * log(c) for c in conditions.range_of(species.id, species.compartment)]
        least += min(ends)
        most += max(ends)
    return least - conditions.confidence_z * sd, most + conditions.confidence_z * sd


def direction_of(dg_min: float | None, dg_max: float | None) -> str:
    """`forward`, `reverse` or `both`; empty where there is no range."""
    if dg_min is None or dg_max is None:
        return ""
    if dg_max < -ZERO:
        return "forward"
    return "reverse" if dg_min > ZERO else "both"


def shifted(rows: Iterable[Mapping[str, str]], shifts: Mapping[str, float]) -> list[Mapping[str, str]]:
    """Rows of `thermodynamics.tsv`, as read, with something added to the standard energies of some reactions (kJ/mol).

    Raises
    ------
    ConfigError
        If one of these has no energy.
    """
    found, known = [], []
    for row in rows:
        shift = shifts.get(row["reaction"])
        if row["dg_min_kj_per_mol"]:
            known.append(row["reaction"])
        if shift is not None and row["dg_min_kj_per_mol"]:
            moved = {name: float(row[name]) + shift for name in ENERGIES}
            ends = moved["dg_min_kj_per_mol"], moved["dg_max_kj_per_mol"]
            row = {**row, **{name: repr(value) for name, value in moved.items()}, "direction": direction_of(*ends)}
        found.append(row)
    for name in shifts:
        if name not in known:
            raise ConfigError(f"{DGP0}: {name} has no energy in thermodynamics.tsv{suggestion(name, known)}")
    return found


def constrained_bounds(
    rows: Iterable[Mapping[str, object]], bounds: Mapping[str, Bounds]
) -> tuple[dict[str, Bounds], list[Contradiction]]:
    """The bounds tightened by the directions, and the reactions where they contradict the model.

    `forward` raises a negative lower bound to 0, `reverse` lowers a positive upper bound to 0. Where that would
    leave a reaction nothing of the flux that the model gives it (the model is irreversible the other way, or has a
    flux that must run), the bounds stay and the reaction is reported: an estimate is too weak a reason to close a
    reaction. Reactions without a row or direction, and rows without bounds, stay as they are.

    Parameters
    ----------
    rows
        Rows of `thermodynamics.tsv`, as computed or as read.
    bounds
        Reaction to its lower and upper bound; not changed.
    """
    tightened = dict(bounds)
    contradictions = []
    for row in rows:
        reaction, direction = str(row["reaction"]), str(row["direction"])
        if reaction not in tightened or direction not in ("forward", "reverse"):
            continue
        lower, upper = tightened[reaction]
        if (lower, upper) == (0, 0):
            continue
        possible = upper > 0 if direction == "forward" else lower < 0
        if not possible:
            contradictions.append(Contradiction(reaction, direction, (lower, upper)))
        elif direction == "forward":
            tightened[reaction] = (max(lower, 0.0), upper)
        else:
            tightened[reaction] = (lower, min(upper, 0.0))
    return tightened, contradictions


def coverage(rows: Iterable[Mapping[str, object]]) -> dict[str, float]:
    """How many reactions have which status, and the share of internal reactions with a range.

    Returns
    -------
    dict
        `internal` (reactions that are neither boundary nor biomass), `share` (of them, those with a range; 0 if
        there are none), `forward`, `reverse`, `both`, and one entry `status <word>` per status, sorted.
    """
    rows = list(rows)
    words = Counter(str(row["status"]).partition(":")[0] for row in rows)
    directions = Counter(str(row["direction"]) for row in rows)
    internal = len(rows) - words["boundary"] - words["biomass"]
    known = sum(directions[name] for name in ("forward", "reverse", "both"))
    counts = {name: directions[name] for name in ("forward", "reverse", "both")}
    statuses = {f"status {word}": words[word] for word in sorted(words)}
    return {"internal": internal, "share": known / internal if internal else 0.0} | counts | statuses
