"""The single values of a model: what is harmless is mended with a finding, all else is gathered as problems.

Readers call this before COBRApy, and its solver, see a value: GLPK ends the process over an infinite coefficient.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real

import numpy as np

from knockflow.base.errors import ModelError
from knockflow.language.ids import gene_id, quoted
from knockflow.model.entries.bounds import settle_bounds
from knockflow.model.entries.genes import lost_rule, settle_rule
from knockflow.model.finding import CHANGE, WHOLE_MODEL, Finding, count, first_few

LARGEST = 1e9
"""The largest coefficient, and the largest in the objective: from about 1e12 on HiGHS gives no verdict."""
SMALLEST = 1e-12
"""Below this a coefficient is the rest of a subtraction: no flux that a cell has makes a measurable amount of it."""
LONGEST_ID = 200
"""Characters of an id: GLPK takes 255 in a name, and COBRApy's names of backward fluxes are longer than ids."""
SHOWN_ID = 40
MOST = 40
"""So many problems are listed one by one."""
UNSAID = "it is no text, and whether one of its genes or all of them are needed is not said"
CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")
TRUTH = bool | np.bool_


def number_of(value: object) -> float | None:
    """A number, also one that is written as text; None for anything else."""
    if isinstance(value, TRUTH) or not isinstance(value, Real | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
    except OverflowError:
        return math.copysign(math.inf, value)


def is_missing(value: object) -> bool:
    """Whether a value stands for none: None, NaN, an empty list or mapping."""
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return value is None or (isinstance(value, list | tuple | set | Mapping) and not value)


class Values:
    """Settles values one by one; `check` raises all problems at once.

    Attributes
    ----------
    problems : list of str
        What cannot be mended: the id, the value, and what is wrong.
    findings : list of Finding
        What was mended, in the order of the file.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.findings: list[Finding] = []
        self.genes: frozenset[str] = frozenset()
        self._lists: list[str] = []

    def check(self) -> list[Finding]:
        """The findings; a ModelError with one line per problem if there is any."""
        if self.problems:
            more = len(self.problems) - MOST
            rest = [f"and {count(more, 'more problem')} of these kinds"] if more > 0 else []
            raise ModelError("\n".join(self.problems[:MOST] + rest))
        if self._lists:
            why = f"subsystems are lists of one, read as texts ({count(len(self._lists), 'reaction')})"
            self.findings.append(Finding(WHOLE_MODEL, "format", CHANGE, "", "", why))
            self._lists = []
        return self.findings

    def mended(self, item: str, check: str, before: object, after: object, why: str) -> None:
        """Record a change."""
        self.findings.append(Finding(item, check, CHANGE, brief(before), "" if after is None else str(after), why))

    # Ids ------------------------------------------------------------------------------------------------------------

    def identifier(self, kind: str, value: object, number: int) -> str:
        """An id as text; `kind` and `number` name an entry that has none."""
        if isinstance(value, int | float | np.number) and not isinstance(value, TRUTH) and math.isfinite(value):
            text = f"{value:.15g}"
            self.mended(text, "id", value, text, f"the id of a {kind} was a number")
            value = text
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"{kind} {number}: has no id ({value!r})")
            return ""
        if CONTROL.search(value):
            self.problems.append(f"{kind} {number}: the id {value!r} holds a control character")
        return in_files(kind, value)

    def no_gene(self, value: object, number: int) -> bool:
        """Whether a gene of the list is NaN or `nan`, which tables write for nothing."""
        nothing = value is not None and (is_missing(value) or str(value).strip().casefold() == "nan")
        if nothing:
            self.mended(WHOLE_MODEL, "gene", value, "", f"gene {number} of the list is nan: no gene")
        return nothing

    def unique(self, kind: str, ids: Sequence[str]) -> None:
        """Ids that stand twice, or are too long."""
        twice = [name for name, times in Counter(ids).items() if name and times > 1]
        if twice:
            self.problems.append(f"{kind} {first_few(twice, 10)}: the id stands more than once")
        for name in ids:
            if isinstance(name, str) and len(name) > LONGEST_ID and kind != "gene":
                why = f"the id has {len(name)} characters, of which solvers take {LONGEST_ID}"
                self.problems.append(f"{kind} {name[:SHOWN_ID]}...: {why}")

    # Numbers --------------------------------------------------------------------------------------------------------

    def coefficient(self, reaction: str, metabolite: str, value: object) -> float:
        """A stoichiometric coefficient; 0 for one that is dropped."""
        number = number_of(value)
        where = f"reaction {reaction}: coefficient {brief(value)} of {metabolite}"
        if number is None or not math.isfinite(number):
            self.problems.append(f"{where} is not a finite number")
            return 0.0
        if abs(number) > LARGEST:
            self.problems.append(f"{where} is above {LARGEST:g}, where solvers give no verdict; scale the metabolite")
        elif 0 < abs(number) < SMALLEST:
            why = f"coefficient of {metabolite} dropped: below {SMALLEST:g} it is the rest of a subtraction"
            self.mended(reaction, "coefficient", value, "", why)
            return 0.0
        elif isinstance(value, str):
            self.mended(reaction, "coefficient", value, number, f"the coefficient of {metabolite} was a text")
        return number

    def bound(self, reaction: str, key: str, value: object) -> float:
        """A bound in mmol/gDW/h, endless ones too; NaN is left to `bounds`."""
        number = number_of(value)
        if number is None:
            self.problems.append(f"reaction {reaction}: {key} {brief(value)} is not a number")
            return 0.0
        if number == (math.inf if key == "lower_bound" else -math.inf):
            self.problems.append(f"reaction {reaction}: {key} {brief(value)} leaves no flux")
            return 0.0
        return number

    def bounds(self, given: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """All bounds with rounding errors mended."""
        try:
            mended, found = settle_bounds(given)
        except ModelError as error:
            self.problems += str(error).splitlines()
            return dict(given)
        self.findings += found
        return {**given, **mended}

    def objective(self, reaction: str, value: object) -> float:
        """A coefficient of the objective."""
        number = 0.0 if value is None else number_of(value)
        if number is None or not math.isfinite(number) or abs(number) > LARGEST:
            why = f"is not a number up to {LARGEST:g}"
            self.problems.append(f"reaction {reaction}: objective coefficient {brief(value)} {why}")
            return 0.0
        return number

    def charge(self, metabolite: str, value: object) -> int | float | None:
        """A charge, whole where it is; None for one that is no number."""
        if value is None:
            return None
        number = number_of(value)
        if number is None or not math.isfinite(number):
            self.mended(metabolite, "charge", value, "", "not a number: no charge is known")
            return None
        whole = int(number) if number.is_integer() else number
        if isinstance(value, str):
            self.mended(metabolite, "charge", value, whole, "the charge was a text")
        return whole

    # Texts ----------------------------------------------------------------------------------------------------------

    def text(self, item: str, key: str, value: object) -> str:
        """A text, empty where there is none."""
        if isinstance(value, str) and not CONTROL.search(value):
            return str(value)
        if value is None:
            return ""
        if is_missing(value):
            after, why = "", "no value"
        elif isinstance(value, str):
            after, why = CONTROL.sub(" ", value).strip(), "held a control character"
        elif number_of(value) is not None:
            after, why = f"{value:.15g}", "was a number"
        elif key != "formula" and isinstance(value, list | tuple | set):
            after, why = "; ".join(map(str, value)), "was a list"
        else:
            after, why = "", f"was no text but {type(value).__name__}"
        self.mended(item, key, value, after, f"the {key} {why}")
        return after

    def subsystem(self, reaction: str, value: object) -> str:
        """A subsystem, several joined by `; `."""
        if isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], str):
            self._lists.append(reaction)
            return value[0]
        return self.text(reaction, "subsystem", value)

    def rule(self, reaction: str, value: object) -> str:
        """A gene rule as COBRApy reads it; `nan`, which tables write for nothing, is no rule."""
        if value in (None, "", []):
            return ""
        if is_missing(value) or (isinstance(value, str) and value.strip().casefold() == "nan"):
            self.mended(reaction, "gene rule", value, "", "nan stands for nothing: no rule")
            return ""
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list | tuple | set | Mapping):
            self.findings += lost_rule(reaction, brief(value), UNSAID)
            return ""
        if not isinstance(value, str) and number_of(value) is not None:
            value = f"{value:.15g}"
        text = value if isinstance(value, str) else repr(value)
        rule, found = settle_rule(reaction, CONTROL.sub(" ", text), self.genes)
        self.findings += found
        return rule

    def notes(self, item: str, value: object) -> dict:
        """Notes as a mapping."""
        if isinstance(value, Mapping):
            return {str(name): entry for name, entry in value.items()}
        if is_missing(value) or value == "":
            return {}
        text = "; ".join(map(str, value)) if isinstance(value, list | tuple | set) else str(value)
        self.mended(item, "notes", value, f"notes: {brief(text)}", "notes that were no mapping are kept as one note")
        return {"notes": CONTROL.sub(" ", text)}

    def annotation(self, item: str, value: object) -> dict:
        """Annotation as a mapping of databases to ids, which are texts."""
        if isinstance(value, Mapping):
            return {str(name): as_ids(entry) for name, entry in value.items() if not is_missing(entry)}
        if is_missing(value) or value == "":
            return {}
        if isinstance(value, list) and all(map(is_pair, value)):
            return of_pairs(value)
        self.mended(item, "annotation", value, "", "annotation that names no databases dropped")
        return {}


def is_pair(value: object) -> bool:
    """Whether a value is a list of two texts."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(part, str) for part in value)


def of_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Annotation from the pairs of a database and an id, or an address at identifiers.org, that older JSON has."""
    found: dict[str, list[str]] = {}
    for name, entry in pairs:
        address = re.fullmatch(r"https?://identifiers\.org/([^/]+)/(.+)", entry)
        base, text = address.groups() if address else (name, entry)
        found.setdefault(base, []).append(text)
    return found


def as_ids(entry: object) -> object:
    """The ids of an annotation, those that are numbers as texts; pairs of a qualifier and an id stay pairs."""
    if isinstance(entry, list | tuple | set):
        return [as_ids(part) for part in entry]
    return entry if isinstance(entry, str) else f"{entry:.15g}" if number_of(entry) is not None else str(entry)


def in_files(kind: str, own: str) -> str:
    """The id that COBRApy and its solver can hold; curation has a line for each that is another."""
    if kind == "metabolite":
        return "%20".join(own.split())
    return gene_id(own) if kind == "gene" else quoted(own)


def brief(value: object) -> str:
    """A value as it is shown: not too long, and so that what cannot be seen is seen."""
    text = value if isinstance(value, str) and value.isprintable() else repr(value)
    if isinstance(value, float | np.floating):
        text = f"{float(value):.15g}"
    return text if len(text) <= 80 else text[:77] + "..."
