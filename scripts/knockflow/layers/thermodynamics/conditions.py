"""The chemical conditions of the cell, with defaults for *Escherichia coli*, and their checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite

from knockflow.base.errors import ConfigError, suggestion
from knockflow.layers.thermodynamics import CONDITIONS, POTENTIALS, QUINONE_POTENTIALS
from knockflow.layers.thermodynamics.quinones import potentials

GAS_CONSTANT = 8.314462618e-3  # kJ/mol/K
FARADAY = 96.48533212  # kJ/mol/V

LIMITS = {key: (part["minimum"], part["maximum"]) for key, part in CONDITIONS.items() if "maximum" in part}
"""The least and the largest value of a number, as the configuration has them."""

RANGES = {
    "concentration_min_m": "concentration_max_m",
    "outside_concentration_min_m": "outside_concentration_max_m",
}


def _default(key: str):
    """What a key is where a configuration does not name it."""
    value = CONDITIONS[key]["default"]
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Chemistry:
    """The conditions that standard energies depend on, but for the membrane potential, in which they are linear."""

    ph: float
    ph_outside: float
    pmg: float
    ionic_strength_m: float
    temperature_k: float
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    quinone_potentials_v: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Conditions:
    """What holds in the cell and around it, with the defaults and limits of the configuration.

    Attributes
    ----------
    ph, ph_outside
        pH of the compartments `inside`, and of those `outside`. The cytoplasm of E. coli stays near 7.5 while the
        periplasm follows the medium (Wilks & Slonczewski 2007, doi:10.1128/JB.00615-07), so outside is one pH.
    pmg
        -log10 of the free magnesium concentration; 3.0 is the default of eQuilibrator 3
        (Beber et al. 2022, doi:10.1093/nar/gkab1106), as is the ionic strength.
    ionic_strength_m
        Ionic strength in M, on both sides.
    temperature_k
        Temperature in K. The estimates hold at 298.15 K, reaction enthalpies are not known: another temperature
        changes the terms in RT only.
    membrane_potential_v
        Electric potential inside minus outside, in V, or its range [least, largest]: then the cell has whichever suits
        it, one for all reactions. With the two pH values, -0.15 V makes a proton-motive force
        of -0.18 V, within the -0.1 to -0.2 V of bacteria (Milo & Phillips 2015, Cell Biology by the Numbers); how it
        shifts with the medium's pH: Zilberstein et al. 1984, doi:10.1128/jb.158.1.246-252.1984. Porins leave no
        potential between periplasm and medium.
    concentration_min_m, concentration_max_m
        Range in M of every concentration inside; 1e-6 to 1e-2 M is the range of eQuilibrator and holds the
        concentrations measured in E. coli, but for glutamate (Bennett et al. 2009, doi:10.1038/nchembio.186).
    outside_concentration_min_m, outside_concentration_max_m
        The same for periplasm and medium. The upper end is higher: media hold 0.1 M of a sugar, and a strain
        design that works leaves as much product.
    confidence_z
        The range of an energy is widened by this many standard deviations; 1.96 is a confidence of 95 %.
    concentrations
        Metabolite id to its own range, `{atp_c: [1e-3, 1e-2]}`.
    inside, outside
        Compartments on either side of the membrane. Reactions in any other compartment have no estimate.
    quinone_potentials_v
        BiGG quinone to its standard potential at pH 7 in V, where it is not the measured one
        (`knockflow.layers.thermodynamics.quinones`).
    """

    ph: float = _default("ph")
    ph_outside: float = _default("ph_outside")
    pmg: float = _default("pmg")
    ionic_strength_m: float = _default("ionic_strength_m")
    temperature_k: float = _default("temperature_k")
    membrane_potential_v: float | tuple[float, float] = _default("membrane_potential_v")
    concentration_min_m: float = _default("concentration_min_m")
    concentration_max_m: float = _default("concentration_max_m")
    outside_concentration_min_m: float = _default("outside_concentration_min_m")
    outside_concentration_max_m: float = _default("outside_concentration_max_m")
    confidence_z: float = _default("confidence_z")
    concentrations: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    inside: tuple[str, ...] = _default("inside")
    outside: tuple[str, ...] = _default("outside")
    quinone_potentials_v: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        for key, (least, most) in LIMITS.items():
            check_between(key, getattr(self, key), least, most)
        for end in self.potential_range:
            check_between("membrane_potential_v", end, *POTENTIALS.values())
        if self.potential_range[0] > self.potential_range[1]:
            raise ConfigError(
                "thermodynamics: membrane_potential_v is {:g} to {:g}; it must be least <= largest".format(
                    *self.potential_range
                )
            )
        for quinone, potential in potentials(self.quinone_potentials_v).items():
            check_between(f"quinone_potentials_v.{quinone}", potential, *QUINONE_POTENTIALS.values())
        for low, high in RANGES.items():
            check_range(f"{low}, {high}", getattr(self, low), getattr(self, high))
        for metabolite, (low, high) in self.concentrations.items():
            check_range(f"concentrations.{metabolite}", low, high)
        both = sorted(set(self.inside) & set(self.outside))
        if both:
            raise ConfigError(f"inside, outside: compartment {', '.join(both)} is on both sides of the membrane")

    @property
    def rt(self) -> float:
        """RT in kJ/mol."""
        return GAS_CONSTANT * self.temperature_k

    @property
    def potential_range(self) -> tuple[float, float]:
        """The least and the largest membrane potential, in V."""
        given = self.membrane_potential_v
        return given if isinstance(given, tuple) else (given, given)

    @property
    def chemistry(self) -> Chemistry:
        """What standard energies depend on."""
        shared = {entry.name: getattr(self, entry.name) for entry in fields(Chemistry)[:-1]}
        return Chemistry(**shared, quinone_potentials_v=tuple(potentials(self.quinone_potentials_v).items()))

    def range_of(self, metabolite: str, compartment: str) -> tuple[float, float]:
        """The least and the largest concentration of a metabolite, in M."""
        if metabolite in self.concentrations:
            return self.concentrations[metabolite]
        if compartment in self.outside:
            return self.outside_concentration_min_m, self.outside_concentration_max_m
        return self.concentration_min_m, self.concentration_max_m


def read_conditions(mapping: Mapping[str, object] | None) -> Conditions:
    """Conditions from a case's mapping; keys not named keep their defaults.

    Numbers may be text, since YAML reads `1e-6` as text.

    Raises
    ------
    ConfigError
        If a key is unknown, or a value is not a number, out of range, or a range upside down.
    """
    known = [entry.name for entry in fields(Conditions)]
    if mapping is not None and not isinstance(mapping, Mapping):
        raise ConfigError(f"thermodynamics: conditions must map keys to values, not {mapping!r}")
    values = {}
    for key, value in (mapping or {}).items():
        if key not in known:
            raise ConfigError(
                f"thermodynamics: no key {key}; the keys are {', '.join(known)}{suggestion(str(key), known)}"
            )
        values[key] = read_value(key, value)
    return Conditions(**values)


def read_value(key: str, value: object) -> object:
    """One value of the mapping in the type that `Conditions` holds."""
    if key in ("inside", "outside"):
        if isinstance(value, str) or not all(isinstance(name, str) for name in as_list(key, value)):
            raise ConfigError(f"thermodynamics: {key} must be a list of compartments, not {value!r}")
        return tuple(value)
    if key == "membrane_potential_v" and isinstance(value, list | tuple):
        return read_pair(key, value, "V")
    if key == "quinone_potentials_v":
        given = as_mapping(key, value, "quinones to potentials in V")
        return {name: read_number(f"{key}.{name}", number) for name, number in given.items()}
    if key != "concentrations":
        return read_number(key, value)
    given = as_mapping(key, value, "metabolites to [least, most]")
    return {name: read_pair(f"{key}.{name}", pair, "M") for name, pair in given.items()}


def read_pair(key: str, value: object, unit: str) -> tuple[float, float]:
    """Two numbers, the ends of a range."""
    pair = as_list(key, value)
    if len(pair) != 2:
        raise ConfigError(f"thermodynamics: {key} must be [least, most] in {unit}, not {pair!r}")
    return read_number(key, pair[0]), read_number(key, pair[1])


def as_mapping(key: str, value: object, what: str) -> Mapping:
    """The value itself if it is a mapping."""
    if not isinstance(value, Mapping):
        raise ConfigError(f"thermodynamics: {key} must map {what}, not {value!r}")
    return value


def as_list(key: str, value: object) -> list | tuple:
    """The value itself if it is a list."""
    if not isinstance(value, list | tuple):
        raise ConfigError(f"thermodynamics: {key} must be a list, not {value!r}")
    return value


def read_number(key: str, value: object) -> float:
    """A finite number, also from text."""
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    if number is None or not isfinite(number):
        raise ConfigError(f"thermodynamics: {key} must be a number, not {value!r}")
    return number


def check_between(key: str, value: float, least: float, most: float) -> None:
    """Refuse a value outside its range."""
    if not least <= value <= most:
        raise ConfigError(f"thermodynamics: {key} is {value:g}; it must be between {least:g} and {most:g}")


def check_range(key: str, low: float, high: float) -> None:
    """Refuse concentrations that are not positive, and ranges that are upside down."""
    if not 0 < low <= high:
        raise ConfigError(f"thermodynamics: {key} is {low:g} to {high:g} M; it must be 0 < least <= most")
