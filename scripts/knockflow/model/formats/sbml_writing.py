"""Writing a model as SBML that COBRApy reads back as the same model."""

import math
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.parsers import expat

from cobra import Model, Reaction
from cobra.io import read_sbml_model, write_sbml_model
from cobra.io.sbml import F_GENE_REV, F_REACTION_REV

from knockflow.base.errors import FileError
from knockflow.base.files import write_bytes
from knockflow.base.uncollected import uncollected
from knockflow.language.ids import own_gene, own_reaction
from knockflow.model.entries.sbml_ids import WRITING, plain_ids
from knockflow.model.finding import first_few, first_line, interval

HOME = "c"
"""The compartment of metabolites that have none, since SBML has no species without one."""
CLOSE = 1e-12  # relative; SBML is written with 15 digits
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ANNOTATION = re.compile(rb"<annotation>.*?</annotation>", re.DOTALL)
"""Two thirds of a genome-scale file, which reading it back does without."""
FORMULA = re.compile(r"[A-Z][A-Za-z0-9.()+\-* ]*")


def outside(reaction: str) -> str:
    """The id of a reaction for another program: the model's own, unless COBRApy cannot hold it."""
    own = own_reaction(reaction)
    return own if own.isprintable() and not re.search(r"\s", own) else reaction


OWN = {
    F_REACTION_REV: lambda reaction: WRITING[F_REACTION_REV](outside(reaction)),
    F_GENE_REV: lambda gene: WRITING[F_GENE_REV](own_gene(gene)),
}
"""How ids that the files of a run have otherwise (`knockflow.language.ids`) are written as the model had them."""


def fit_for_sbml(model: Model) -> None:
    """Change what SBML cannot hold, in place: compartments get ids that it allows, and keep the old ones as names.

    Charges that are not whole and formulas that it does not know go to the notes.
    """
    names = {old: title or "" for old, title in model.compartments.items()}
    if any(not metabolite.compartment for metabolite in model.metabolites):
        names.setdefault(HOME, "")
    renamed = plain_ids(map(str, names))
    for metabolite in model.metabolites:
        metabolite.compartment = renamed[str(metabolite.compartment or HOME)]
        notes = dict(metabolite.notes)
        if metabolite.charge is not None and not isinstance(metabolite.charge, int):
            whole = float(metabolite.charge).is_integer()
            notes |= {} if whole else {"charge": metabolite.charge}
            metabolite.charge = int(metabolite.charge) if whole else None
        if metabolite.formula and not FORMULA.fullmatch(metabolite.formula):
            notes["formula"] = metabolite.formula
            metabolite.formula = None
        metabolite.formula = metabolite.formula or None
        metabolite.notes = notes
    model.compartments = {
        renamed[str(old)]: _text(title or (old if renamed[str(old)] != old else "")) for old, title in names.items()
    }
    for one in (model, *model.metabolites, *model.reactions, *model.genes):
        one.name = None if one is model and not one.name else _text(one.name or "")
        one.notes = {_text(key): _note(value) for key, value in (one.notes or {}).items()}
        one.annotation = {
            key: _ids(value) for key, value in (one.annotation or {}).items() if value not in ("", [], None)
        }


def _text(text: object) -> str:
    """A text without characters that XML cannot hold."""
    return NO_XML.sub(" ", str(text))


def _note(value: object) -> str:
    """A note as XML holds it: as it is where it is XML, else escaped."""
    text = _text(value)
    try:
        expat.ParserCreate().Parse(f"<p>{text}</p>", True)
    except expat.ExpatError:
        return escape(text, quote=False)
    return text


def _ids(value: object) -> str | list:
    """Ids of an annotation as COBRApy writes them: a text, or texts and pairs of a qualifier and a text."""
    if not isinstance(value, list | tuple | set):
        return str(value)
    pairs = (part for part in value if part not in ("", None))
    return [list(map(str, part)) if isinstance(part, list | tuple) and len(part) == 2 else str(part) for part in pairs]


@uncollected()
def write_sbml(path: str | Path, model: Model) -> None:
    """Write a model as SBML, whole or not at all: the same model gives the same bytes.

    Raises
    ------
    FileError
        If COBRApy does not read the same model back: with what differs.
    """
    with TemporaryDirectory() as folder:
        partial = Path(folder) / "model.xml"
        write_sbml_model(model, str(partial), f_replace=WRITING | OWN)
        content = partial.read_bytes()
        if _lost(model, content, ANNOTATION.sub(b"", content)):
            # Only the whole file can say so: what stood in a note may have looked like an annotation.
            differs = _lost(model, content, content)
            if differs:
                raise FileError(f"{path}: COBRApy does not read back what was written: {first_few(differs)}")
        write_bytes(path, content)


def _lost(model: Model, content: bytes, read: bytes) -> list[str]:
    """What differs once COBRApy reads a file, or the file without what says nothing of the model's numbers."""
    try:
        expat.ParserCreate().Parse(content, True)
        return differences(model, read_sbml_model(read.decode()))
    except Exception as error:
        return [f"it cannot be read: {first_line(error.__cause__ or error)}"]


def differences(model: Model, other: Model) -> list[str]:
    """What makes another model than this one of the second, reaction by reaction."""
    found = []
    for kind, own in (("reactions", outside), ("metabolites", str), ("genes", own_gene)):
        ids, others = {own(one.id) for one in getattr(model, kind)}, {one.id for one in getattr(other, kind)}
        if ids != others:
            lost, new = sorted(ids - others), sorted(others - ids)
            found.append(f"{len(others)} {kind} for {len(ids)} ({first_few(lost or new)})")
    if found:
        return found
    for reaction in model.reactions:
        found += [
            f"{reaction.id}: {text}" for text in _reaction(reaction, other.reactions.get_by_id(outside(reaction.id)))
        ]
    return found


def _reaction(reaction: Reaction, other: Reaction) -> list[str]:
    """What differs between two reactions."""
    found = []
    if not _same(_terms(reaction), _terms(other)):
        found.append(f"{other.reaction.strip()} for {reaction.reaction.strip()}")
    if not _same(_bounds(reaction), _bounds(other)):
        found.append(f"bounds {interval(other.bounds)} for {interval(reaction.bounds)}")
    if {own_gene(gene.id) for gene in reaction.genes} != {gene.id for gene in other.genes}:
        found.append(f"gene rule {other.gene_reaction_rule} for {reaction.gene_reaction_rule}")
    weights = {"objective": reaction.objective_coefficient}, {"objective": other.objective_coefficient}
    if not _same(*weights):
        found.append(f"{other.objective_coefficient:g} in the objective for {reaction.objective_coefficient:g}")
    return found


def _terms(reaction: Reaction) -> dict[str, float]:
    return {metabolite.id: float(value) for metabolite, value in reaction.metabolites.items() if value}


def _bounds(reaction: Reaction) -> dict[str, float]:
    return {"lower": reaction.lower_bound, "upper": reaction.upper_bound}


def _same(own: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return own.keys() == other.keys() and all(
        math.isclose(value, other[key], rel_tol=CLOSE, abs_tol=0.0) for key, value in own.items()
    )
