"""Reactions that a case adds to the model: from a table, or from a second model."""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cobra import Metabolite, Model, Reaction

from knockflow.base.errors import ConfigError, FileError, ModelError
from knockflow.base.files import read_table, sha256
from knockflow.base.sources import split_source
from knockflow.language.ids import Known
from knockflow.model.constrained_model import constraints_of
from knockflow.model.curation.knock_ins import reopen
from knockflow.model.curation.names import did_you_mean
from knockflow.model.entries.constraints import CHECK as CONSTRAINT
from knockflow.model.entries.genes import RuleError, read_rule
from knockflow.model.entries.ids import settle_ids
from knockflow.model.entries.values import LARGEST, LONGEST_ID, SMALLEST
from knockflow.model.finding import CHANGE, INFO, WARNING, WHOLE_MODEL, Finding, count, interval, plain
from knockflow.model.notes import HOST_NOTE, SOURCE_NOTE, note, write_note

COLUMNS = ("reaction", "name", "equation", "lower_mmol_per_gdw_h", "upper_mmol_per_gdw_h", "rule")
"""What a table must have; the columns `subsystem`, `formulas`, `charges` and `source` are optional."""

FORWARD, BACKWARD, BOTH = "forwards", "backwards", "both ways"
ARROWS = {"->": FORWARD, "-->": FORWARD, "<-": BACKWARD, "<--": BACKWARD, "<=>": BOTH, "<->": BOTH, "<-->": BOTH}
NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WORD = re.compile(r"[^\s;|<>=]+")
FORMULA = re.compile(r"([A-Z][a-z]*\d*\.?\d*)+")
SUFFIX = re.compile(r"(?:_([^\W_]+)|\[(\w+)\]|\((\w+)\))$")
SHORT = 2  # letters; a longer suffix is a compartment only if the model has it


def add_heterologous(model: Model, case: Mapping, cache: Path) -> list[Finding]:
    """Add the reactions that the case's key `heterologous` names; those that are there already are left.

    Raises
    ------
    ConfigError
        With one line for each row that cannot be read, each reaction that the file lacks, and each id that the model
        has for another reaction.
    """
    wanted = case.get("heterologous")
    if not wanted:
        return []
    path = str(wanted["file"])
    shown = path if path.startswith(("cobra:", "bigg:")) else Path(path).name
    try:
        guests, findings = guests_of(model, path, shown, wanted.get("reactions") or (), cache)
        findings += [finding for guest in guests for finding in install(model, guest, shown)]
    except (ConfigError, FileError, ModelError) as error:
        at = f"cases.{case['name']}.heterologous"
        raise ConfigError("\n".join(f"{at}: {line}" for line in str(error).splitlines())) from error
    return findings


def guests_of(
    model: Model, path: str, shown: str, chosen: Sequence[str], cache: Path
) -> tuple[list[Reaction], list[Finding]]:
    """The reactions to add, each fit for the model, and what reading them brought up."""
    table = path.casefold().endswith(".tsv")
    known, findings = (from_table(model, path, shown), []) if table else from_model(path, cache, set(chosen))
    chosen = [Known(known).reaction(name) or name for name in chosen]
    problems = [
        f"reactions: no reaction {name!r} there{did_you_mean(name, known)}" for name in chosen if name not in known
    ]
    guests = [known[name] for name in known if not chosen or name in chosen]
    for guest in guests:
        other = model.reactions.get_by_id(guest.id) if guest.id in model.reactions else guest
        if recipe(guest) != recipe(other):
            problems.append(
                f"{guest.id}: the model has another reaction of that id, {other.reaction.strip()}, where this is "
                f"{guest.reaction.strip()}; rename it, or leave it out by the key `reactions`"
            )
    if problems:
        raise ConfigError("\n".join(f"{shown}: {problem}" for problem in problems))
    file, _ = split_source(path)
    digest = f"; sha256 of the file {sha256(file)}" if Path(file).is_file() else ""
    why = f"{count(len(guests), 'reaction')} from it{digest}"
    return guests, [Finding(WHOLE_MODEL, "heterologous", INFO, shown, "", why), *findings]


def recipe(reaction: Reaction) -> dict[str, float]:
    """The stoichiometry by metabolite id."""
    return {metabolite.id: float(coefficient) for metabolite, coefficient in reaction.metabolites.items()}


def install(model: Model, guest: Reaction, shown: str) -> list[Finding]:
    """Add one reaction with the metabolites and genes that the model lacks."""
    if guest.id in model.reactions:
        own = model.reactions.get_by_id(guest.id)
        why = "the model has this reaction already: left as it is"
        differs = interval(own.bounds) != interval(guest.bounds)
        why += f" ({shown} has bounds {interval(guest.bounds)})" if differs else ""
        return [Finding(guest.id, "heterologous", INFO, interval(own.bounds), "", why)]
    findings: list[Finding] = []
    own = Reaction(guest.id, guest.name, guest.subsystem, *guest.bounds)
    own.annotation, own.notes = dict(guest.annotation), dict(guest.notes) | {HOST_NOTE: shown}
    model.add_reactions([own])
    for metabolite in guest.metabolites:
        if metabolite.id not in model.metabolites:
            model.add_metabolites([metabolite.copy()])
            facts = " ".join(f"{word} {fact(metabolite, word) or 'unknown'}" for word in ("formula", "charge"))
            why = f"new metabolite in compartment {metabolite.compartment}, for {guest.id}"
            findings.append(Finding(metabolite.id, "heterologous", CHANGE, "", facts, why))
        else:
            findings += complete(model.metabolites.get_by_id(metabolite.id), metabolite, shown)
    own.add_metabolites({model.metabolites.get_by_id(m.id): value for m, value in guest.metabolites.items()})
    own.gene_reaction_rule = guest.gene_reaction_rule
    for gene in guest.genes:
        here = model.genes.get_by_id(gene.id)
        here.name = here.name or gene.name
    source = note(own, SOURCE_NOTE)
    why = f"added to the model from {shown}" + (f" ({source})" if source else "")
    after = f"{own.reaction.strip()} {interval(own.bounds)}"
    return [*findings, Finding(own.id, "heterologous", CHANGE, "", after, why)]


def fact(metabolite: Metabolite, attribute: str) -> str:
    """A formula or charge as a word; empty where it is missing."""
    value = getattr(metabolite, attribute)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return value if isinstance(value, str) else plain(value)


def complete(own: Metabolite, guest: Metabolite, shown: str) -> list[Finding]:
    """Take a formula or charge that the model lacks."""
    findings = []
    for attribute in ("formula", "charge"):
        if fact(guest, attribute) and not fact(own, attribute):
            setattr(own, attribute, getattr(guest, attribute))
            why = f"the model had no {attribute}: taken from {shown}"
            findings.append(Finding(own.id, "heterologous", CHANGE, "", fact(own, attribute), why))
    return findings


# A second model ------------------------------------------------------------------------------------------------


def from_model(path: str, cache: Path, chosen: set[str]) -> tuple[dict[str, Reaction], list[Finding]]:
    """The reactions of a second model by id, and what its reader says of those that are chosen."""
    # Imported here because reading a model needs other modules of this package.
    from knockflow.model.read import read_model

    try:
        second, origin = read_model(path, cache)
    except ModelError as error:
        hint = "; or a table, .tsv" if "unknown kind of file" in str(error) else ""
        raise ModelError(f"{error}{hint}") from error
    reopen(second)
    settle_ids(second)
    findings = [
        finding for finding in origin.findings if finding.check != CONSTRAINT and (not chosen or finding.item in chosen)
    ]
    own = constraints_of(second)
    if own:
        why = "the second model's own constraints are not taken over"
        findings.append(Finding(WHOLE_MODEL, "heterologous", WARNING, count(len(own), "constraint"), "", why))
    return {reaction.id: reaction for reaction in second.reactions}, findings


# A table -------------------------------------------------------------------------------------------------------


class RowError(ValueError):
    """A cell that cannot be read; the message says which and what is allowed."""


def from_table(model: Model, path: str, shown: str) -> dict[str, Reaction]:
    """The reactions of a table by id, with metabolites of their own.

    Raises
    ------
    ConfigError
        With one line for each cell that cannot be read.
    """
    metabolites: dict[str, Metabolite] = {}
    reactions: dict[str, Reaction] = {}
    problems = []
    for line, row in enumerate(read_table(path, COLUMNS, ours=False), start=2):
        row = {key: value.strip() for key, value in row.items()}
        try:
            if row["reaction"] in reactions:
                raise RowError("this reaction has a row already")
            reactions[row["reaction"]] = read_row(model, row, metabolites)
        except RowError as error:
            problems.append(f"{shown}: line {line}: {row['reaction']}: {error}")
    if problems:
        raise ConfigError("\n".join(problems))
    if not reactions:
        raise ConfigError(f"{shown}: has no reactions")
    return reactions


def read_row(model: Model, row: Mapping[str, str], metabolites: dict[str, Metabolite]) -> Reaction:
    """One reaction; `metabolites` gains those that its equation names first."""
    if not WORD.fullmatch(row["reaction"]):
        raise RowError("the id of a reaction is a word without any of `; | < > =`")
    if len(row["reaction"]) > LONGEST_ID:
        raise RowError(f"the id of a reaction has at most {LONGEST_ID} characters, since solvers take no longer ones")
    coefficients, way = read_equation(row["equation"])
    lower, upper = (number(row, f"{end}_mmol_per_gdw_h") for end in ("lower", "upper"))
    if lower > upper:
        raise RowError(f"lower bound {plain(lower)} is above upper bound {plain(upper)}")
    if (way == FORWARD and lower < 0) or (way == BACKWARD and upper > 0):
        raise RowError(f"the equation runs {way} only, its bounds {interval((lower, upper))} do not; write `<=>`")
    reaction = Reaction(row["reaction"], row["name"], row.get("subsystem") or "", lower, upper)
    for name in coefficients:
        if name not in metabolites:
            metabolites[name] = new_metabolite(model, name)
    describe(model, row, {name: metabolites[name] for name in coefficients})
    reaction.add_metabolites({metabolites[name]: value for name, value in coefficients.items()})
    try:
        reaction.gene_reaction_rule = read_rule(row["rule"])
    except RuleError as error:
        raise RowError(f"its rule `{row['rule']}` cannot be read: {error}") from error
    if row.get("source"):
        write_note(reaction, SOURCE_NOTE, row["source"])
    return reaction


def number(row: Mapping[str, str], column: str) -> float:
    """A bound."""
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise RowError(f"{column}: `{row[column]}` is no number")
    return value


def read_equation(text: str) -> tuple[dict[str, float], str]:
    """Coefficients by metabolite, and the way that the arrow allows.

    Raises
    ------
    RowError
        If there is no arrow, or a side holds anything but `2 atp_c + h_c`.
    """
    words = text.split()
    arrows = [place for place, word in enumerate(words) if word in ARROWS]
    if len(arrows) != 1:
        raise RowError(f"equation `{text}`: one arrow between spaces is wanted: {' '.join(ARROWS)}")
    coefficients: dict[str, float] = {}
    for sign, side in ((-1.0, words[: arrows[0]]), (1.0, words[arrows[0] + 1 :])):
        terms = " ".join(side).split(" + ") if side else []
        for term in terms:
            amount, name = read_term(term, text)
            coefficients[name] = coefficients.get(name, 0.0) + sign * amount
    coefficients = {name: value for name, value in coefficients.items() if value}
    if not coefficients:
        raise RowError(f"equation `{text}`: nothing is made or used up")
    return coefficients, ARROWS[words[arrows[0]]]


def read_term(term: str, text: str) -> tuple[float, str]:
    """A coefficient and a metabolite's id, which may begin with a digit."""
    *amount, name = term.split() or [""]
    good = len(amount) < 2 and all(map(NUMBER.fullmatch, amount)) and not NUMBER.fullmatch(name)
    if not good or not WORD.fullmatch(name) or name == "+":
        raise RowError(f"equation `{text}`: `{term}` is no metabolite, with or without a number before it")
    value = float(amount[0]) if amount else 1.0
    if value and not SMALLEST <= value <= LARGEST:
        raise RowError(f"equation `{text}`: `{term}`: a coefficient lies between {SMALLEST:g} and {LARGEST:g}")
    return value, name


def new_metabolite(model: Model, name: str) -> Metabolite:
    """A copy of the model's metabolite, or a new one in the compartment that its id ends with."""
    if name in model.metabolites:
        return model.metabolites.get_by_id(name).copy()
    if len(name) > LONGEST_ID:
        raise RowError(f"the id of a metabolite has at most {LONGEST_ID} characters, since solvers take no longer ones")
    found = SUFFIX.search(name)
    compartment = next(filter(None, found.groups())) if found else ""
    if not compartment or (len(compartment) > SHORT and compartment not in model.compartments):
        near = did_you_mean(name, [metabolite.id for metabolite in model.metabolites])
        raise RowError(f"no metabolite {name!r} in the model, nor does the id end with a compartment, as atp_c{near}")
    return Metabolite(name, compartment=compartment)


def describe(model: Model, row: Mapping[str, str], members: Mapping[str, Metabolite]) -> None:
    """Give new metabolites the formulas and charges of a row; those of the model must be the same."""
    for column, attribute in (("formulas", "formula"), ("charges", "charge")):
        for entry in filter(None, (part.strip() for part in (row.get(column) or "").split(";"))):
            name, _, text = (part.strip() for part in entry.partition("="))
            if name not in members:
                raise RowError(f"{column}: `{entry}`: no metabolite of this equation, as in atp_c=...")
            value = content(column, entry, text)
            known = fact(members[name], attribute)
            if known not in ("", str(value)):
                whose = "the model" if name in model.metabolites else "a row above"
                raise RowError(f"{column}: {name} is {known} in {whose}, {value} here")
            setattr(members[name], attribute, value)


def content(column: str, entry: str, text: str) -> str | int:
    """A formula or a charge."""
    if column == "formulas":
        if not FORMULA.fullmatch(text):
            raise RowError(f"{column}: `{entry}` has no formula, such as C4H5O3")
        return text
    if not re.fullmatch(r"[+-]?\d+", text):
        raise RowError(f"{column}: `{entry}` has no whole number")
    return int(text)
