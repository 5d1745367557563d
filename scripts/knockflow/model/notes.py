"""What model.json and a COBRApy model say in their notes besides what they are for: one name for each, and its form."""

import json

from cobra import Model, Reaction

Bounds = tuple[float, float]

KNOCK_IN_NOTE = "knock_in"
"""The note of a reaction that must be added: its bounds once it is there, as `LOWER UPPER`; it is closed until then."""

KNOCK_IN_BY_NOTE = "knock_in_by"
"""The note of a reaction that is a knock-in itself, not only closed for an absent gene: what adds it, joined by `;`."""

HOST_NOTE = "heterologous"
"""The note of a reaction that the case has added to the model: where it is from."""

LOST_RULE_NOTE = "lost_gene_rule"
"""The note of a reaction whose gene rule cannot be read: the rule as it was written."""

PSEUDO_NOTE = "pseudo_gene"
"""The note of a gene that is none: what it stands for. No design deletes it."""

ABSENT_NOTE = "absent_genes"
"""The model's note of the genes that must be added, joined by `;`."""

PATHWAYS_NOTE = "pathways"
"""The model's note of the pathways that are added at once: JSON, reactions by name."""

REGULATOR_NOTE = "regulator"
"""The note of a gene that only the table of rules has: its rule."""


def pathways(model: Model) -> dict[str, list[str]]:
    """The reactions of each pathway that is added at once."""
    return json.loads(model.notes.get(PATHWAYS_NOTE) or "{}")


def absent_genes(model: Model) -> set[str]:
    """The genes that the wild type lacks."""
    return set(filter(None, (model.notes.get(ABSENT_NOTE) or "").split(";")))


def open_bounds(reaction: Reaction) -> Bounds:
    """A reaction's bounds once it is there."""
    note = reaction.notes.get(KNOCK_IN_NOTE)
    if note is None:
        return reaction.bounds
    lower, upper = map(float, note.split())
    return lower, upper
