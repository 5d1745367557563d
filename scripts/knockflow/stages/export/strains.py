"""Designs in the forms that other tools use: SBML, StrainDesign's and COBRApy's own terms.

Where an intervention names interchangeable targets, the strains have all of them, which is the same as any one;
StrainDesign's form takes the first. What becomes of a design by genes stands beside, from validation.tsv.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import chain
from pathlib import Path

from cobra import Model

from knockflow.base.errors import FileError
from knockflow.base.uncollected import uncollected
from knockflow.language.ids import Known, own_gene, own_reaction
from knockflow.language.notation import KNOCK_IN, KNOCK_OUT, Intervention, apart
from knockflow.layers.in_strain import IN_MEMORY
from knockflow.model.constrained_model import as_reactions, constraints_of
from knockflow.model.formats.sbml_writing import fit_for_sbml, write_sbml
from knockflow.model.notes import (
    ABSENT_NOTE,
    CONSTRAINTS_NOTE,
    KNOCK_IN_NOTE,
    PATHWAYS_NOTE,
    REGULATOR_NOTE,
    Bounds,
    pathways,
)
from knockflow.model.read import cobra_messages
from knockflow.validation.strain import absent, applied, bounds_of, changes_of, gene_of, read, told_of

logger = logging.getLogger(__name__)

CONSTRAINTS_FILE = "constraints.json"
"""Where an export holds the constraints of the model's own, if it has any."""

BESIDE_MODEL = f"best.xml has them as stoichiometry; designs.json and cobra.json hold with those of {CONSTRAINTS_FILE}"
"""What the log says of them."""

NOT_OF_STRAINS = (ABSENT_NOTE, PATHWAYS_NOTE, CONSTRAINTS_NOTE, *IN_MEMORY)
"""The model's notes that mean nothing once a design is applied."""

EXPLAINED = "constraints of the model's own as stoichiometry, with a slack reaction each"
"""What the note of a strain says of such constraints."""


def designs_of(rows: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows of designs.tsv that change something."""
    return [row for row in rows if row["interventions"]]


# A strain as a model ----------------------------------------------------------------------------------------------


@uncollected()
def strain_model(
    model: Model,
    interventions: str,
    label: str,
    objective: Mapping[str, float] | None = None,
    made: Mapping[str, str] | None = None,
) -> Model:
    """A model of a strain by itself: what it lacks is not in it, what is knocked out stays with bounds 0.

    `label` says in the model's id and notes which design it is; `objective` is the cell's own, if not growth; `made` is
    the design's row of validation.tsv, from which the notes tell what becomes of it by genes. Of layers it has
    what they close in this medium, whatever the fluxes are; notes name the reactions that they leave to fluxes, which
    stay open. Constraints of the model's own are written as stoichiometry, since COBRApy writes no others and reads no
    others back.
    """
    lacking = absent(model, changes_of(model, interventions))
    _bounds(model, interventions)
    strain = applied(model, interventions)
    strain.remove_reactions(sorted(lacking), remove_orphans=True)
    for reaction in strain.reactions:
        reaction.notes.pop(KNOCK_IN_NOTE, None)
    strain.genes -= [gene for gene in strain.genes if REGULATOR_NOTE in gene.notes]
    notes = {name: text for name, text in strain.notes.items() if name not in NOT_OF_STRAINS}
    notes |= told_of(model, interventions)
    slacks = as_reactions(strain)
    if slacks:
        notes[CONSTRAINTS_NOTE] = escape(f"{EXPLAINED}: {'; '.join(slacks)}")
    if made is not None:
        notes |= {"by_genes": made["by_genes"], "genes_to_delete": escape(made["genes"]) or "none"}
    strain.notes = notes | {"design": escape(label), "interventions": escape(interventions) or "none"}
    strain.id = re.sub(r"\W", "_", f"{model.id or 'model'}_{label}", flags=re.ASCII)
    if strain.id[0].isdigit():
        strain.id = f"_{strain.id}"
    if objective:
        strain.objective = {
            strain.reactions.get_by_id(Known(strain.reactions).reaction(name) or name): factor
            for name, factor in objective.items()
        }
    fit_for_sbml(strain)
    # It holds the date of the file that a model was read from, or else today's is written.
    vars(strain).pop("_sbml", None)
    return strain


def write_strain(path: str | Path, strain: Model) -> None:
    """Write a strain as SBML that COBRApy reads back as the same model; the same strain gives the same bytes.

    Raises
    ------
    FileError
        If COBRApy does not read it back.
    """
    with cobra_messages() as messages:
        write_sbml(path, strain)
    for message in sorted(set(messages)):
        logger.warning("SBML: %s", message)


def _bounds(model: Model, interventions: str) -> dict[str, Bounds]:
    found = bounds_of(model, changes_of(model, interventions))
    for name, (lower, upper) in found.items():
        if lower > upper:
            raise FileError(f"designs.tsv: `{interventions}` sets bounds of {name} that contradict each other")
    return found


# Designs in the terms of other tools ------------------------------------------------------------------------------


def straindesign_form(model: Model, rows: Iterable[Mapping[str, str]]) -> list[dict[str, float | bool]]:
    """Each design as StrainDesign's solutions have it: -1.0 removes, 1.0 adds, a bound is a text that holds (true)."""
    return [
        dict(sorted(chain.from_iterable(_straindesign_items(model, change) for change in read(row["interventions"]))))
        for row in designs_of(rows)
    ]


def _straindesign_items(model: Model, change: Intervention) -> Iterator[tuple[str, float | bool]]:
    name = change.names[0]
    if change.action == KNOCK_OUT:
        for closed in apart(name):
            yield closed, -1.0
    elif change.action == KNOCK_IN:
        for added in added_by(model, name):
            yield added, 1.0
    else:
        yield f"{name} {change.action} {change.level}", True


def added_by(model: Model, name: str) -> list[str]:
    """What a knock-in adds: the reactions of a pathway, else itself."""
    return [name] if name in model.reactions or gene_of(model, name) else sorted(pathways(model).get(name, [name]))


def _other_ids(model: Model) -> Iterator[tuple[str, str]]:
    """The ids that are others in the model as it was read, with those."""
    yield from ((one.id, own_reaction(one.id)) for one in model.reactions if own_reaction(one.id) != one.id)
    yield from ((one.id, own_gene(one.id)) for one in model.genes if own_gene(one.id) != one.id)


def cobra_form(model: Model, rows: Iterable[Mapping[str, str]]) -> list[dict]:
    """Each design for COBRApy: setting `bounds` on the curated model is all of it, the rest says why they are so.

    Rows that say what becomes of a design by genes pass that on: `genes` to delete and `by_genes`.
    Where the model has constraints of its own, which COBRApy does not read from model.json, `constraints` says in which
    file they are; `ids` has the model's own ids of reactions and genes that have others in model.json.
    """
    found = []
    ids = dict(_other_ids(model))
    constraints = {"constraints": f"../{CONSTRAINTS_FILE}"} if constraints_of(model) else {}
    for row in designs_of(rows):
        changes = changes_of(model, row["interventions"])
        wild_type, strain = absent(model, changes_of(model, "")), absent(model, changes)
        found.append(
            {
                "rank": int(row["rank"]),
                "interventions": row["interventions"],
                "knock_out_reactions": sorted(changes.closed),
                "knock_out_genes": sorted(changes.removed),
                "added": sorted(wild_type - strain),
                "added_genes": sorted(changes.added_genes),
                "bounds": {name: list(ends) for name, ends in sorted(_bounds(model, row["interventions"]).items())},
            }
            | constraints
            | ({"ids": ids} if ids else {})
            | ({"genes": row["genes"].split(";"), "by_genes": row["by_genes"]} if "by_genes" in row else {})
        )
    return found
