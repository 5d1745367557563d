"""The potentials of a case: what thermodynamics.tsv and the case's options make of energies, ranges and uncertainty.

    dG'_r = mean_r + RT sum_i s_ri ln c_i + sum_b f_rb w_b + electric_r V

with a constraint for each reaction that has an energy, unless its standard deviation is above the limit, the case
exempts it, its energy is 0 whatever the concentrations (water or H+ alone), or it contradicts the model.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import exp, log

from knockflow.base.errors import ConfigError, suggestion
from knockflow.layers.thermodynamics.conditions import Conditions
from knockflow.layers.thermodynamics.directions import Term
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, MEMBRANE, UNCERTAINTY, Potentials, Row
from knockflow.layers.thermodynamics.ratios import read_ratios

NOTHING = 1e-6
"""kJ/mol (or kJ/mol/V) that is arithmetic: an energy of this size is 0."""

POTENTIAL = "membrane potential"
UNUSED = ("boundary", "biomass")
"""Statuses of what is no chemical reaction."""

Bounds = tuple[float, float]


@dataclass(frozen=True)
class PotentialOptions:
    """What a case asks of its potentials.

    Attributes
    ----------
    min_driving_force
        kJ/mol by which a reaction that runs must go downhill.
    max_sd
        Standard deviation in kJ/mol above which an energy is not used.
    ratios
        As they are written.
    exempt
        Reactions without a constraint.
    exempt_passive
        Whether passive transport has none: what only gradients drive, of the metabolites or of protons.
    keep_contradictions
        Whether an energy counts that rules out every direction that the model gives its reaction.
    """

    min_driving_force: float = 1e-3
    max_sd: float = 20.0
    ratios: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    exempt_passive: bool = False
    keep_contradictions: bool = False


def limits_of(options: Mapping) -> PotentialOptions:
    """What the layer's options ask of the potentials."""
    return PotentialOptions(
        min_driving_force=options["min_driving_force_kj_per_mol"],
        max_sd=options["max_sd_kj_per_mol"],
        ratios=tuple(options["ratios"]),
        exempt=tuple(options["exempt"]),
        exempt_passive=options["passive_transport"] == "free",
        keep_contradictions=options["contradictions"] == "apply",
    )


@dataclass(frozen=True)
class Reaction:
    """A row of thermodynamics.tsv, with numbers."""

    id: str
    status: str
    dgp0: float
    sd: float
    electric: float
    terms: tuple[Term, ...]
    factors: Mapping[str, float]
    passive: bool

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "Reaction":
        """From a row as it is read."""
        numbers = (row["dgp0_kj_per_mol"], row["dgp0_sd_kj_per_mol"], row["electric_kj_per_mol_per_v"])
        terms = tuple(map(Term.of, _cells(row["concentrations"])))
        pairs = (text.rsplit(":", 1) for text in _cells(row["factors_kj_per_mol"]))
        return cls(
            row["reaction"],
            row["status"],
            *(float(number or 0) for number in numbers),
            terms,
            {name: float(value) for name, value in pairs},
            row["source"] == "membrane",
        )


def _cells(text: str) -> list[str]:
    return text.split(";") if text else []


def potentials_of(
    rows: Iterable[Mapping[str, str]], conditions: Conditions, limits: PotentialOptions, bounds: Mapping[str, Bounds]
) -> Potentials:
    """The potentials of a case.

    Parameters
    ----------
    rows
        Of thermodynamics.tsv, every cell as text.
    bounds
        Reaction to its bounds in mmol/gDW/h, of what a design may add those that it then has.

    Raises
    ------
    ConfigError
        If no reaction gets a constraint, an option names what is not there, or ranges and ratios contradict each
        other.
    """
    reactions = [Reaction.of(row) for row in rows]
    _check_exempt(limits.exempt, [one.id for one in reactions])
    low, high = conditions.potential_range
    energies: dict[str, tuple[float, dict[str, float]]] = {}
    variables: dict[str, tuple[str, float, float]] = {}
    free: dict[str, str] = {}
    deviations: dict[str, float] = {}
    for one in reactions:
        why = _why_free(one, limits)
        if why:
            free[one.id] = why
            continue
        mean, entries = one.dgp0, {}
        for term in one.terms:
            entries[term.metabolite] = conditions.rt * term.coefficient
        if low < high and abs(one.electric) > NOTHING:
            # The table has the energy in the middle of the range.
            mean -= one.electric * (low + high) / 2
            entries[POTENTIAL] = one.electric
        factors = one.factors if conditions.confidence_z else {}
        entries |= {_error_of(name): value for name, value in factors.items()}
        if not entries and abs(mean) <= NOTHING:
            free[one.id] = "its energy is 0 whatever the concentrations"
            continue
        own = {term.metabolite: (CONCENTRATION, log(term.least), log(term.most)) for term in one.terms}
        own |= {POTENTIAL: (MEMBRANE, low, high)} if POTENTIAL in entries else {}
        own |= {_error_of(name): (UNCERTAINTY, -conditions.confidence_z, conditions.confidence_z) for name in factors}
        if not limits.keep_contradictions:
            why = _contradicts(one.id, mean, entries, own, conditions.confidence_z * one.sd, limits, bounds)
            if why:
                free[one.id] = why
                continue
        variables |= own
        energies[one.id] = (mean, entries)
        if factors:
            deviations[one.id] = one.sd
    if not energies:
        raise ConfigError(_nothing_to_say(free))
    rows_over = _ratio_rows(limits.ratios, variables)
    rows_over += _deviation_rows(energies, deviations, variables, conditions.confidence_z)
    return Potentials.of(energies, variables, limits.min_driving_force, rows_over, free)


def _error_of(reaction: str) -> str:
    """The name of a factor; no metabolite's, since those have no blanks."""
    return f"error of {reaction}"


def _check_exempt(exempt: Iterable[str], known: Collection[str]) -> None:
    for name in exempt:
        if name not in known:
            raise ConfigError(f"thermodynamics: exempt: no reaction {name} in the model{suggestion(name, known)}")


def _why_free(one: Reaction, limits: PotentialOptions) -> str:
    if one.status != "ok":
        return one.status if one.status in UNUSED else f"no energy: {one.status}"
    if one.id in limits.exempt:
        return "exempt by the case"
    if one.passive and limits.exempt_passive:
        return "passive transport is exempt by the case"
    if one.sd > limits.max_sd:
        return f"standard deviation {one.sd:.1f} kJ/mol, above the limit of {limits.max_sd:g}"
    return ""


def _contradicts(
    name: str,
    mean: float,
    entries: Mapping[str, float],
    variables: Mapping[str, tuple[str, float, float]],
    error: float,
    limits: PotentialOptions,
    bounds: Mapping[str, Bounds],
) -> str:
    """Whether an energy rules out all that the model lets a reaction do, taken alone; why, or nothing."""
    lower, upper = bounds.get(name, (0.0, 0.0))
    if lower == upper == 0:
        return ""
    least = most = mean
    for variable, value in entries.items():
        kind, low, high = variables[variable]
        if kind != UNCERTAINTY:
            least += min(value * low, value * high)
            most += max(value * low, value * high)
    least, most = least - error, most + error
    runs = (upper > 0 and least <= -limits.min_driving_force) or (lower < 0 and most >= limits.min_driving_force)
    must = (lower > 0 and least > -limits.min_driving_force) or (upper < 0 and most < limits.min_driving_force)
    if runs and not must:
        return ""
    return f"contradicts the model: bounds {lower:g} to {upper:g}, energy {least:.1f} to {most:.1f} kJ/mol"


def _ratio_rows(texts: Iterable[str], variables: Mapping[str, tuple[str, float, float]]) -> list[Row]:
    known = [name for name, (kind, *_) in variables.items() if kind == CONCENTRATION]
    rows = []
    for ratio in read_ratios(texts, set(known), known):
        least, most = ratio.logarithms
        (_, a, b), (_, c, d) = variables[ratio.over], variables[ratio.under]
        if b - c < least or a - d > most:
            raise ConfigError(
                f"thermodynamics: ratios: `{ratio}` cannot be: the ranges of {ratio.over} and {ratio.under} leave "
                f"only {exp(a - d):.3g} to {exp(b - c):.3g}"
            )
        rows.append((str(ratio), {ratio.over: 1.0, ratio.under: -1.0}, least, most))
    return rows


def _deviation_rows(
    energies: Mapping[str, tuple[float, dict[str, float]]],
    deviations: Mapping[str, float],
    variables: Mapping[str, tuple[str, float, float]],
    z: float,
) -> list[Row]:
    """Rows that keep each energy within z standard deviations, where the ranges of its factors do not do so."""
    rows = []
    for name, sd in deviations.items():
        entries = {key: value for key, value in energies[name][1].items() if variables[key][0] == UNCERTAINTY}
        if sum(map(abs, entries.values())) > sd * (1 + NOTHING):
            rows.append((f"uncertainty of {name}", entries, -z * sd, z * sd))
    return rows


def _nothing_to_say(free: Mapping[str, str]) -> str:
    """The error of a case in which no reaction gets a constraint."""
    reasons: dict[str, int] = {}
    for why in free.values():
        kind = why.partition(":")[0] if why.startswith("contradicts") else why.rpartition(":")[0] or why
        reasons[kind] = reasons.get(kind, 0) + 1
    told = ", ".join(
        f"{count} {reason}" for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    )
    return (
        f"thermodynamics: no reaction of {len(free)} gets a constraint ({told}). Metabolites need annotations that the "
        "compound database knows (BiGG, MetaNetX, KEGG, ChEBI, InChIKey, SEED or HMDB), and compartments a side of the "
        "membrane: `conditions.inside` and `conditions.outside`"
    )


def summary(potentials: Potentials) -> list[str]:
    """How many reactions energies limit, how many they do not, and why; what contradicts the model by name."""
    free = dict(zip(potentials.free, potentials.free_why, strict=True))
    counts = Counter(why.partition(":")[0] for why in free.values() if why not in UNUSED)
    kinds = Counter(potentials.kinds)
    sizes = ", ".join(f"{count} of {kind.replace('_', ' ')}" for kind, count in sorted(kinds.items()))
    lines = [
        f"energies limit {len(potentials.reactions)} reactions, by {len(potentials.variables)} variables ({sizes})"
    ]
    lines += [f"{count} reactions without a limit: {why}" for why, count in sorted(counts.items())]
    return lines + [f"not applied: {name} {why}" for name, why in free.items() if why.startswith("contradicts")]
