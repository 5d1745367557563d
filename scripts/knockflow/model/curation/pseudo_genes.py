"""Names that stand where a gene should: what they stand for needs no gene, or none is known, so none can be deleted."""

import re
from collections.abc import Mapping

from cobra import Model

from knockflow.language.ids import own_gene
from knockflow.model.curation.names import did_you_mean
from knockflow.model.finding import INFO, WARNING, WHOLE_MODEL, Finding, first_few
from knockflow.model.notes import PSEUDO_NOTE, remove_notes, write_note

SPONTANEOUS = "a reaction that runs without an enzyme"
UNKNOWN = "a gene that is not known"
GAP = "a reaction that was added to fill a gap"

PSEUDO_GENES = {
    "s0001": SPONTANEOUS,
    "spontaneous": SPONTANEOUS,
    "spont": SPONTANEOUS,
    "nonenzymatic": SPONTANEOUS,
    "noenzyme": SPONTANEOUS,
    "diffusion": SPONTANEOUS,
    "unknown": UNKNOWN,
    "unknowngene": UNKNOWN,
    "unassigned": UNKNOWN,
    "notassigned": UNKNOWN,
    "noassignment": UNKNOWN,
    "orphan": UNKNOWN,
    "nogene": UNKNOWN,
    "none": UNKNOWN,
    "null": UNKNOWN,
    "nan": UNKNOWN,
    "0": UNKNOWN,
    "gap": GAP,
    "gapfill": GAP,
    "gapfilled": GAP,
    "gapfilling": GAP,
}
"""What each stands for; written without capitals and without anything but letters and digits.

`0` stands for zeros of any number. docs/models.md holds the same list; a test compares them.
"""


def folded(gene: str) -> str:
    """An id as the list has it: `GAP_FILLED` as `gapfilled`, `0000` as `0`."""
    letters = re.sub(r"[^a-z0-9]", "", gene.casefold())
    return "0" if letters and not letters.strip("0") else letters


def table() -> str:
    """The list as docs/models.md shows it."""
    groups: dict[str, list[str]] = {}
    for name, meaning in PSEUDO_GENES.items():
        groups.setdefault(meaning, []).append(f"`{name}`")
    rows = [f"| {meaning} | {', '.join(names)} |" for meaning, names in groups.items()]
    return "\n".join(["| stands for | names |", "|---|---|", *rows, ""])


def stands_for(gene: str, asked: object) -> str:
    """What a pseudo-gene stands for; empty for a gene.

    `asked` is the key `targets.spontaneous`: a list has all pseudo-genes of the model, a mapping those to `add` to the
    known ones and those to `except` from them. Capitals do not matter.
    """
    names = _Asked(asked)
    if gene.casefold() in names.added:
        return PSEUDO_GENES.get(folded(gene), SPONTANEOUS)
    if not names.known or gene.casefold() in names.excepted:
        return ""
    return PSEUDO_GENES.get(folded(gene), "")


class _Asked:
    """The key `targets.spontaneous`, whatever form it has."""

    def __init__(self, asked: object):
        self.known = not isinstance(asked, list | tuple)
        given = asked if isinstance(asked, Mapping) else {"add": asked or ()}
        self.names = [*(given.get("add") or ()), *(given.get("except") or ())]
        self.added = {name.casefold() for name in given.get("add") or ()}
        self.excepted = {name.casefold() for name in given.get("except") or ()}


def mark_pseudo_genes(model: Model, targets: Mapping) -> list[Finding]:
    """Note in each pseudo-gene what it stands for, which later stages read, and say so."""
    asked, findings = targets.get("spontaneous"), []
    for gene in sorted(model.genes, key=lambda gene: gene.id):
        remove_notes(gene, PSEUDO_NOTE)
        meaning = stands_for(own_gene(gene.id), asked)
        if meaning:
            write_note(gene, PSEUDO_NOTE, meaning)
            findings.append(_marked(gene, meaning))
    ids = {own_gene(gene.id).casefold() for gene in model.genes}
    for name in _Asked(asked).names:
        if name.casefold() not in ids:
            near = did_you_mean(name, [own_gene(gene.id) for gene in model.genes])
            why = f"targets.spontaneous names {name!r}, which is no gene of the model{near}"
            findings.append(Finding(WHOLE_MODEL, "pseudo-gene", WARNING, name, "", why))
    return findings


def _marked(gene, meaning: str) -> Finding:
    own = first_few(sorted(reaction.id for reaction in gene.reactions)) or "no reaction"
    why = (
        f"stands for {meaning} ({own}): it is never deleted, and no deletion of genes closes a reaction that it "
        f"carries alone; if it is a gene, say so by targets.spontaneous: {{except: [{own_gene(gene.id)}]}}"
    )
    return Finding(own_gene(gene.id), "pseudo-gene", INFO, "", "", why)
