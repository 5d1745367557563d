"""A model from a MATLAB file of the COBRA toolbox."""

import io
import math
import re

import cobra
import numpy as np
from cobra.io.mat import DICT_REPLACE, from_mat_struct
from scipy.io import loadmat
from scipy.sparse import coo_array, csc_matrix

from knockflow.base.errors import ModelError, suggestion
from knockflow.model.entries.constraints import of_struct
from knockflow.model.entries.genes import lost_rule
from knockflow.model.entries.values import LARGEST, SMALLEST, Values, is_missing, number_of
from knockflow.model.finding import CHANGE, WARNING, WHOLE_MODEL, Finding, count, first_few
from knockflow.model.formats.fatal import refuse_if_fatal
from knockflow.model.formats.mat_cells import (
    NEEDED,
    as_cells,
    as_column,
    column,
    has,
    models_in,
    numbers,
    with_fields,
)

PLACE = re.compile(r"\bx\s*\(\s*(\d+)\s*\)")
"""A gene in the field `rules`, by its place among `genes` from 1 on."""
ID_END = re.compile(r"[\[(]([A-Za-z]\w*)[\])]$|_([A-Za-z]+\d?)(?:_boundary)?$")
"""The compartment at the end of a metabolite's id: `glc[c]`, `glc_c`, `cpd00027_c0`."""
NOWHERE = "nowhere"
"""Stands for the compartment of a metabolite that has none, since COBRApy refuses a model with one."""


def read_mat_model(content: bytes, name: str | None = None) -> tuple[cobra.Model, list[Finding]]:
    """A model from a MATLAB file.

    Parameters
    ----------
    content : bytes
        The file.
    name : str, optional
        Which of several models, as MATLAB calls it: `ecoli`, `models(2)`, `data.model`.

    Raises
    ------
    ModelError
        If there is no such model, if there are several and none is named, or if values cannot be used: one line each.
    """
    refuse_if_fatal(lambda: loadmat(io.BytesIO(content)), "mat", "SciPy")
    try:
        variables = loadmat(io.BytesIO(content))
    except NotImplementedError as error:
        raise ModelError("MATLAB 7.3 files cannot be read; save it in MATLAB with '-v7'") from error
    name, struct = chosen(variables, name)
    struct, findings = settle_struct(struct)
    model = tidied(from_mat_struct(struct, model_id=name))
    return model, findings + of_struct(model, struct)


def chosen(variables: dict, name: str | None) -> tuple[str, np.ndarray]:
    """The model that is asked for, or the only one."""
    models = models_in(variables)
    if name in models:
        return name, models[name]
    if not models:
        found = ", ".join(variable for variable in sorted(variables) if not variable.startswith("__"))
        raise ModelError(f"no variable with the fields {', '.join(sorted(NEEDED))}; variables: {found or 'none'}")
    listed = ", ".join(sorted(models))
    if name is not None:
        raise ModelError(f"no model {name!r}; it holds {listed}{suggestion(name, models)}")
    if len(models) > 1:
        raise ModelError(
            f"holds {len(models)} models: {listed}; name one of them behind the name of the file, `#{min(models)}`"
        )
    return next(iter(models.items()))


def settle_struct(struct: np.ndarray) -> tuple[np.ndarray, list[Finding]]:
    """A MATLAB model with every value settled before COBRApy reads it; `struct` stays as it is."""
    values = Values()
    ids = {kind: ids_of(values, struct, field, kind) for kind, field in KINDS.items() if has(struct, field)}
    reactions, metabolites = ids.get("reaction", []), ids.get("metabolite", [])
    values.problems += wrong_lengths(struct, len(reactions), len(metabolites))
    values.check()
    fields = {KINDS[kind]: as_cells(names) for kind, names in ids.items()}
    fields |= fluxes(values, struct, reactions)
    fields["S"] = stoichiometry(values, struct, reactions, metabolites)
    genes, fields["grRules"] = rules(values, struct, reactions, ids.get("gene", []))
    if "gene" in ids:
        fields["genes"] = as_cells(genes)
    fields |= compartments(values, struct, metabolites)
    fields |= described(values, struct, ids)
    return with_fields(struct, fields), values.check()


KINDS = {"reaction": "rxns", "metabolite": "mets", "gene": "genes"}


def ids_of(values: Values, struct: np.ndarray, field: str, kind: str) -> list[str]:
    """The ids in a column; a gene that is NaN is none."""
    found = []
    for number, cell in enumerate(column(struct, field), start=1):
        if kind == "gene" and values.no_gene(math.nan if cell is None else cell, number):
            found.append("")
        else:
            found.append(values.identifier(kind, cell, number))
    values.unique(kind, found)
    return found


def wrong_lengths(struct: np.ndarray, reactions: int, metabolites: int) -> list[str]:
    """Fields with more or fewer entries than there are reactions or metabolites."""
    problems = []
    for field, number, kind in (
        *((field, reactions, "reaction") for field in ("lb", "ub", "c", "grRules", "rules", "rxnNames", "subSystems")),
        *((field, metabolites, "metabolite") for field in ("metNames", "metFormulas", "metCharges", "metComps")),
    ):
        length = len(column(struct, field)) if has(struct, field) else number
        if length != number:
            problems.append(f"{field}: {length} entries for {count(number, kind)}")
    shape = getattr(struct["S"][0, 0], "shape", None)
    if shape != (metabolites, reactions):
        problems.append(f"S: {shape} where {count(metabolites, 'metabolite')} and {count(reactions, 'reaction')} are")
    return problems


# Numbers ------------------------------------------------------------------------------------------------------------


def fluxes(values: Values, struct: np.ndarray, reactions: list[str]) -> dict[str, np.ndarray]:
    """The fields with bounds and objective."""
    ends = {
        key: [values.bound(name, key, value) for name, value in zip(reactions, numbers(struct, field), strict=True)]
        for key, field in (("lower_bound", "lb"), ("upper_bound", "ub"))
    }
    limits = values.bounds(dict(zip(reactions, zip(*ends.values(), strict=True), strict=True)))
    fields = {
        "lb": as_column([limits[name][0] for name in reactions]),
        "ub": as_column([limits[name][1] for name in reactions]),
    }
    if has(struct, "c"):
        weights = zip(reactions, numbers(struct, "c"), strict=True)
        fields["c"] = as_column([values.objective(name, value) for name, value in weights])
    return fields


def stoichiometry(values: Values, struct: np.ndarray, reactions: list[str], metabolites: list[str]) -> csc_matrix:
    """The stoichiometric matrix, without what is the rest of a subtraction."""
    entries = coo_array(struct["S"][0, 0])
    data = entries.data.astype(float)
    odd = np.flatnonzero(~((data == 0) | ((np.abs(data) >= SMALLEST) & (np.abs(data) <= LARGEST))))
    for place in odd:
        row, where = entries.row[place], entries.col[place]
        data[place] = values.coefficient(reactions[where], metabolites[row], float(data[place]))
    return csc_matrix((data, (entries.row, entries.col)), shape=entries.shape)


# Gene rules ---------------------------------------------------------------------------------------------------------


def rules(values: Values, struct: np.ndarray, reactions: list[str], genes: list[str]) -> tuple[list[str], np.ndarray]:
    """The genes, and the rules from `grRules`, or where that says nothing from `rules`."""
    nothing = [None] * len(reactions)
    values.genes = frozenset(genes)
    written = column(struct, "grRules") if has(struct, "grRules") else nothing
    numbered = column(struct, "rules") if has(struct, "rules") else nothing
    found, taken = [], []
    for reaction, text, places in zip(reactions, written, numbered, strict=True):
        if text in (None, "", []) and places not in (None, "", []):
            found.append(rule_of_places(values, reaction, places, genes))
            taken += [reaction] if found[-1] else []
        else:
            found.append(values.rule(reaction, text))
    if taken:
        why = f"gene rules of {count(len(taken), 'reaction')} come from the fields `rules` and `genes`"
        values.findings.append(Finding(WHOLE_MODEL, "gene rule", CHANGE, "", first_few(taken), why))
    if not any(found) and has(struct, "rxnGeneMat") and numbers_in(struct, "rxnGeneMat"):
        why = "rxnGeneMat links genes to reactions, but no rule says whether one or all of them are needed: no rules"
        values.findings.append(Finding(WHOLE_MODEL, "gene rule", WARNING, "", "", why))
    return [gene for gene in genes if gene], as_cells(found)


def numbers_in(struct: np.ndarray, field: str) -> bool:
    """Whether a matrix has an entry that is not 0."""
    return bool(coo_array(struct[field][0, 0]).data.any())


def rule_of_places(values: Values, reaction: str, text: object, genes: list[str]) -> str:
    """A rule such as `(x(1) | x(2)) & x(3)` with the genes in it."""
    if not isinstance(text, str):
        return values.rule(reaction, text)
    wrong = [place for place in PLACE.findall(text) if not (0 < int(place) <= len(genes) and genes[int(place) - 1])]
    if wrong:
        why = f"the rule names gene {wrong[0]} of {len(genes)}: no gene switches this reaction"
        values.findings += lost_rule(reaction, text, why)
        return ""
    before = len(values.findings)
    rule = values.rule(reaction, PLACE.sub(lambda place: genes[int(place[1]) - 1], text))
    # That operators are spelled `&` and `|` is how this field is written.
    if rule:
        del values.findings[before:]
    return rule


# Compartments, names, charges ---------------------------------------------------------------------------------------


def compartments(values: Values, struct: np.ndarray, metabolites: list[str]) -> dict[str, np.ndarray]:
    """The fields with the compartment of each metabolite: by the file, else by the end of the id, else nowhere."""
    names: dict[str, str] = {}
    if has(struct, "comps") and has(struct, "metComps"):
        listed = [values.text(WHOLE_MODEL, "compartment", name) for name in column(struct, "comps")]
        titles = column(struct, "compNames") if has(struct, "compNames") else []
        titles += [None] * (len(listed) - len(titles))
        names = {name: values.text(name, "compartment", title) for name, title in zip(listed, titles, strict=False)}
        where = [in_list(listed, place) for place in numbers(struct, "metComps")]
        how = "metComps"
    else:
        ends = [ID_END.search(name) for name in metabolites]
        where = [end[1] or end[2] if end else None for end in ends]
        how = "the end of its id"
    lost = [name for name, place in zip(metabolites, where, strict=True) if not place]
    if lost:
        why = f"{count(len(lost), 'metabolite')} without a compartment: {how} tells none"
        values.findings.append(Finding(WHOLE_MODEL, "compartment", WARNING, first_few(lost), "", why))
    where = [place or NOWHERE for place in where]
    order = list(dict.fromkeys([*names, *where]))
    return {
        "comps": as_cells(order),
        "compNames": as_cells([names.get(name, "") for name in order]),
        "metComps": np.array([[order.index(place) + 1] for place in where]),
    }


def in_list(listed: list[str], place: object) -> str | None:
    """The compartment with a number, from 1 on."""
    usable = isinstance(place, int | float) and place == place and 0 < place <= len(listed)
    return listed[int(place) - 1] if usable else None


def described(values: Values, struct: np.ndarray, ids: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """The fields that COBRApy reads as texts or charges, as it can read them."""
    fields: dict[str, np.ndarray] = {}
    for field, kind in TEXTS.items():
        if has(struct, field) and len(column(struct, field)) == len(ids.get(kind, ())):
            settle = values.subsystem if field == "subSystems" else named(values, field)
            cells = zip(ids[kind], column(struct, field), strict=True)
            fields[field] = as_cells([settle(item, cell) for item, cell in cells if item])
    for field in ("metCharges", "metCharge"):
        if has(struct, field):
            charges = zip(ids["metabolite"], column(struct, field), strict=True)
            # NaN is how MATLAB writes that a charge is not known.
            fields[field] = as_column([None if is_missing(c) else values.charge(item, c) for item, c in charges])
    if has(struct, "modelName"):
        fields["modelName"] = np.array([as_text(column(struct, "modelName")[0])])
    if has(struct, "rxnConfidenceScores"):
        scores = [number_of(cell) for cell in column(struct, "rxnConfidenceScores")]
        fields["rxnConfidenceScores"] = as_column(
            [0 if score is None or is_missing(score) else score for score in scores]
        )
    return fields | annotations(struct, fields)


def named(values: Values, field: str):
    """How to settle a text of a field."""
    key = {"metFormulas": "formula"}.get(field, "name")
    return lambda item, cell: values.text(item, key, None if cell == [] else cell)


TEXTS = {
    "metNames": "metabolite",
    "metFormulas": "metabolite",
    "rxnNames": "reaction",
    "subSystems": "reaction",
    "geneNames": "gene",
}


def annotations(struct: np.ndarray, settled: dict) -> dict[str, np.ndarray]:
    """The other fields that COBRApy reads as cells of texts, where they hold anything else."""
    tables = (name for key, table in DICT_REPLACE.items() if not key.endswith("_REV") for name in table)
    known = {name.casefold() for name in tables}
    fields = {}
    for field in struct.dtype.names:
        if field.casefold() in known and field not in settled and has(struct, field):
            texts = ["" if is_missing(cell) else as_text(cell) for cell in column(struct, field)]
            fields[field] = as_cells(texts)
    return fields


def as_text(cell: object) -> str:
    """A cell of an annotation as text."""
    if isinstance(cell, list):
        return ", ".join(as_text(part) for part in cell if not is_missing(part))
    return f"{cell:.15g}" if isinstance(cell, int | float) else str(cell)


def tidied(model: cobra.Model) -> cobra.Model:
    """A MATLAB model with missing charges as None and whole ones as integers, as in the other formats."""
    for metabolite in model.metabolites:
        value = metabolite.charge
        if value is not None:
            metabolite.charge = None if np.isnan(value) else int(value) if float(value).is_integer() else float(value)
        if metabolite.compartment == NOWHERE:
            metabolite.compartment = None
    model.compartments = {name: title or "" for name, title in model.compartments.items()}
    return model
