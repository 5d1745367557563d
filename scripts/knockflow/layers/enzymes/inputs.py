"""The tables that a case gives of its enzymes: costs, turnover numbers, masses and subunits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from knockflow.base.errors import ConfigError, FileError, suggestion
from knockflow.base.files import read_table
from knockflow.layers.layer import Given

FORWARD, REVERSE = DIRECTIONS = ("forward", "reverse")
WORDS = {"forward": (FORWARD,), "reverse": (REVERSE,), "both": DIRECTIONS, "": DIRECTIONS}
"""What a table says of directions, and which are meant."""

BUDGET, KCAT = "enzyme_budget", "kcat"
"""What other layers may vary: the budget by a factor, and turnover numbers by factors of reactions."""

SECONDS_PER_HOUR = 3600
MOST_ENZYMES = 1000
"""Isozymes of a reaction from which they are not told apart: it costs what the cheapest one costs, whatever a design
removes."""

Directed = Mapping[tuple[str, str], float]
"""A number by reaction and direction."""

MOLAR, BY_MASS = "mmol_per_gdw", "mg_per_gdw"
"""The columns of abundances, of which a table has one."""

MG_PER_G = 1000

Subunits = Mapping[str, Mapping[frozenset[str], Mapping[str, float]]]
"""By reaction and by the genes of a complex: how often it has each."""


@dataclass(frozen=True)
class Inputs:
    """What the tables of a case say; names are those of the tables.

    Attributes
    ----------
    costs
        g h/mmol by reaction and direction; None where there are turnover numbers.
    kcats
        1/s by reaction and direction.
    masses
        kDa (g/mmol) by gene.
    subunits
        How often a complex has a subunit, where that is not once.
    median
        Whether what is missing is the median of what is there.
    exempt
        Reactions that cost nothing.
    abundances
        How much of its protein there is, by gene, in mmol/gDW where `molar`, else in g/gDW.
    molar
        Whether abundances are amounts, and not masses.
    unmeasured_share, saturation
        What is left for proteins that were not measured is multiplied by both.
    """

    costs: Directed | None = None
    kcats: Directed = field(default_factory=dict)
    masses: Mapping[str, float] = field(default_factory=dict)
    subunits: Subunits = field(default_factory=dict)
    median: bool = False
    exempt: tuple[str, ...] = ()
    abundances: Mapping[str, float] = field(default_factory=dict)
    molar: bool = False
    unmeasured_share: float = 1.0
    saturation: float = 1.0

    @property
    def directed(self) -> Directed:
        """What is given by reaction and direction."""
        return self.kcats if self.costs is None else self.costs


def read_inputs(given: Given) -> Inputs:
    """The tables that a case names.

    Raises
    ------
    ConfigError
        If it names none, or such as do not go together.
    FileError
        With a line for each row that cannot be used.
    """
    options, files = given.options, given.files
    rest = {"median": options["missing"] == "median", "exempt": tuple(options["exempt"])}
    rest |= {key: options[key] for key in ("unmeasured_share", "saturation") if key in options}
    if "costs" in files:
        beside = [key for key in ("kcats", "masses", "subunits") if key in files]
        if "abundances" in files:
            raise ConfigError("layers.enzymes: `abundances` need `kcats` and `masses`; `costs` know no proteins")
        if beside:
            raise ConfigError(f"layers.enzymes: `costs` takes the place of `{beside[0]}`; leave out one of both")
        return Inputs(costs=read_directed(files["costs"], "cost_g_h_per_mmol", least=True), **rest)
    for key, other in (("kcats", "masses"), ("masses", "kcats")):
        if key not in files:
            raise ConfigError(
                f"layers.enzymes: no `{key}`: give `costs`, or `kcats` with `masses`"
                + (
                    f" (`{other}` is there)"
                    if other in files
                    else "; `default` is the project's own of the E. coli core"
                )
            )
    if "abundances" in files:
        rest |= dict(zip(("abundances", "molar"), read_abundances(files["abundances"]), strict=True))
    return Inputs(
        kcats=read_directed(files["kcats"], "kcat_per_s"),
        masses=_by_key(files["masses"], "gene", "mw_kda"),
        subunits=read_subunits(files["subunits"]) if "subunits" in files else {},
        **rest,
    )


def read_directed(path: Path, column: str, least: bool = False) -> dict[tuple[str, str], float]:
    """A number by reaction and direction; `least` says that it may be 0.

    Raises
    ------
    FileError
        With a line for each row that cannot be read, or that repeats a reaction and direction.
    """
    found: dict[tuple[str, str], float] = {}

    def take(row: Mapping[str, str]) -> str:
        name, word = row["reaction"].strip(), (row.get("direction") or "").strip()
        if not name:
            return "no reaction"
        if word not in WORDS:
            return f"direction `{word}` is not allowed{suggestion(word, WORDS)}; allowed: forward, reverse, both"
        value, wrong = _number(row[column], column, least)
        if wrong:
            return wrong
        twice = next((way for way in WORDS[word] if (name, way) in found), None)
        if twice:
            return f"{name} {twice} has a row already"
        found.update(((name, way), value) for way in WORDS[word])
        return ""

    _each_row(path, ("reaction", column), take)
    return found


def _by_key(path: Path, key: str, column: str) -> dict[str, float]:
    found: dict[str, float] = {}

    def take(row: Mapping[str, str]) -> str:
        name = row[key].strip()
        if not name:
            return f"no {key}"
        value, wrong = _number(row[column], column)
        if not wrong and name in found:
            return f"{name} has a row already"
        found[name] = value
        return wrong

    _each_row(path, (key, column), take)
    return found


def read_abundances(path: Path) -> tuple[dict[str, float], bool]:
    """How much of its protein there is, by gene, and whether that is in mmol/gDW; else it is in g/gDW.

    Raises
    ------
    FileError
        If the table has not one of the columns for it, or with a line for each row that cannot be read.
    """
    rows = read_table(path, ("gene",), ours=False)
    if not rows:
        raise FileError(f"{path}: it has no rows")
    header = list(rows[0])
    given = [name for name in (MOLAR, BY_MASS) if name in header]
    if len(given) != 1:
        raise FileError(
            f"{path}: one of the columns {MOLAR} and {BY_MASS} must be there"
            + (", not both" if given else f"; its columns are {', '.join(header)}")
        )
    found = _by_key(path, "gene", given[0])
    return (found, True) if given == [MOLAR] else ({gene: mass / MG_PER_G for gene, mass in found.items()}, False)


def read_subunits(path: Path) -> dict[str, dict[frozenset[str], dict[str, float]]]:
    """How often each complex has its subunits.

    Raises
    ------
    FileError
        With a line for each row that cannot be read, or that repeats a gene of an isozyme.
    """
    isozymes: dict[tuple[str, str], dict[str, float]] = {}

    def take(row: Mapping[str, str]) -> str:
        reaction, isozyme, gene = (row[key].strip() for key in ("reaction", "isozyme", "gene"))
        if not (reaction and isozyme and gene):
            return "reaction, isozyme and gene must all be there"
        value, wrong = _number(row["stoichiometry"], "stoichiometry")
        own = isozymes.setdefault((reaction, isozyme), {})
        if not wrong and gene in own:
            return f"{gene} of {isozyme} of {reaction} has a row already"
        own[gene] = value
        return wrong

    _each_row(path, ("reaction", "isozyme", "gene", "stoichiometry"), take)
    found: dict[str, dict[frozenset[str], dict[str, float]]] = {}
    for (reaction, _), own in isozymes.items():
        found.setdefault(reaction, {}).setdefault(frozenset(own), own)
    return found


def _each_row(path: Path, columns: tuple[str, ...], take: Callable[[Mapping[str, str]], str]) -> None:
    """Take every row of a table; `take` says what is wrong with one."""
    rows = list(enumerate(read_table(path, columns, ours=False), start=2))
    faults = [f"{path}: line {number}: {fault}" for number, row in rows if (fault := take(row))]
    if faults:
        raise FileError("\n".join(faults))
    if not rows:
        raise FileError(f"{path}: it has no rows")


def _number(text: str, column: str, least: bool = False) -> tuple[float, str]:
    """A number, and what is wrong with it."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if isfinite(value) and (value > 0 or (least and value == 0)):
        return value, ""
    return 0.0, f"{column} must be a number {'from 0 up' if least else 'above 0'}, not `{text.strip()}`"
