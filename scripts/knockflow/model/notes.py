"""The notes that model.json has beside those of the model as it was read: each once, with its form and meaning.

What is written and read here is an entry of COBRApy (a model, a reaction, a gene) or the same of the file, a mapping.
docs/files.md is made from here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

Bounds = tuple[float, float]


class Noted(Protocol):
    """An entry of COBRApy with notes."""

    notes: dict


@dataclass(frozen=True)
class Note:
    """A note by its name: whose it is, the form of its text, and what it says."""

    name: str
    of: str
    form: str
    meaning: str


SUBSTRATE_NOTE = "substrate"
CONSTRAINTS_NOTE = "constraints"
ABSENT_NOTE = "absent_genes"
PATHWAYS_NOTE = "pathways"
KNOCK_IN_NOTE = "knock_in"
KNOCK_IN_BY_NOTE = "knock_in_by"
HOST_NOTE = "heterologous"
SOURCE_NOTE = "source"
LOST_RULE_NOTE = "lost_gene_rule"
PSEUDO_NOTE = "pseudo_gene"
REGULATOR_NOTE = "regulator"

NOTES = (
    Note(SUBSTRATE_NOTE, "model", "id of a reaction", "the exchange that yields refer to; null where there is none"),
    Note(
        CONSTRAINTS_NOTE,
        "model",
        "JSON list",
        "constraints beside the steady state: `id`, `lower` and `upper` in mmol/gDW/h (null for none), and "
        "`coefficients` by reaction, or the `metabolite` whose balance is bounded",
    ),
    Note(ABSENT_NOTE, "model", "ids joined by `;`", "the genes that the wild type lacks, until a design adds them"),
    Note(PATHWAYS_NOTE, "model", "JSON mapping", "reactions by name of a pathway that is added at once"),
    Note(
        KNOCK_IN_NOTE,
        "reaction",
        "`LOWER UPPER` in mmol/gDW/h",
        "its bounds once a design has added it; it is closed until then",
    ),
    Note(
        KNOCK_IN_BY_NOTE,
        "reaction",
        "interventions joined by `;`",
        "what adds it, where it is a knock-in itself and not only closed for an absent gene",
    ),
    Note(HOST_NOTE, "reaction", "text", "where it is from, if the case has added it to the model"),
    Note(SOURCE_NOTE, "reaction", "text", "the source that a table of heterologous reactions gives for it"),
    Note(LOST_RULE_NOTE, "reaction", "text", "its gene rule as it was written, where that cannot be read"),
    Note(PSEUDO_NOTE, "gene", "text", "what it stands for, if it is no gene; no design deletes it"),
    Note(REGULATOR_NOTE, "gene", "rule of genes", "its rule, if only the table of rules has it"),
)


def note(entry: Noted | Mapping, name: str) -> str | None:
    """The text of a note; None where there is none."""
    notes = entry.get("notes") if isinstance(entry, Mapping) else entry.notes
    return (notes or {}).get(name)


def write_note(entry: Noted, name: str, text: str | None) -> None:
    """Write a note beside those that are there."""
    entry.notes = {**(entry.notes or {}), name: text}


def remove_notes(entry: Noted, *names: str) -> None:
    """Take out notes, where they are there."""
    entry.notes = {name: text for name, text in (entry.notes or {}).items() if name not in names}


def pathways(model: Noted | Mapping) -> dict[str, list[str]]:
    """The reactions of each pathway that is added at once."""
    return json.loads(note(model, PATHWAYS_NOTE) or "{}")


def write_pathways(model: Noted, named: Mapping[str, Iterable[str]]) -> None:
    """Note the reactions of pathways that are added at once."""
    write_note(model, PATHWAYS_NOTE, json.dumps({name: list(ids) for name, ids in named.items()}, sort_keys=True))


def absent_genes(model: Noted | Mapping) -> set[str]:
    """The ids of the genes that the wild type lacks."""
    return set(filter(None, (note(model, ABSENT_NOTE) or "").split(";")))


def write_absent_genes(model: Noted, ids: Iterable[str]) -> None:
    """Note the genes that the wild type lacks."""
    write_note(model, ABSENT_NOTE, ";".join(sorted(ids)))


def bounds_when_added(reaction: Noted | Mapping) -> Bounds | None:
    """The bounds (mmol/gDW/h) of a reaction that must be added, once it is there; None for any other.

    Raises
    ------
    ValueError
        If the note is no two numbers.
    """
    text = note(reaction, KNOCK_IN_NOTE)
    if not text:
        return None
    bounds = tuple(map(float, text.split()))
    if len(bounds) != 2:
        raise ValueError(f"the note `{KNOCK_IN_NOTE}` has not two bounds: `{text}`")
    return bounds


def write_bounds_when_added(reaction: Noted, bounds: Bounds) -> None:
    """Note the bounds of a reaction that must be added, exactly."""
    lower, upper = map(float, bounds)
    write_note(reaction, KNOCK_IN_NOTE, f"{lower!r} {upper!r}")


def open_bounds(reaction: Noted) -> Bounds:
    """The bounds of a reaction of COBRApy once it is there."""
    return bounds_when_added(reaction) or reaction.bounds


def document() -> Iterator[str]:
    """The lines of a Markdown table of all notes."""
    yield "| of a | note | form | says |"
    yield "| --- | --- | --- | --- |"
    for one in NOTES:
        yield f"| {one.of} | `{one.name}` | {one.form} | {one.meaning} |"
