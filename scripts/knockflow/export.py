"""Designs in the forms that others use: SBML, StrainDesign's and COBRApy's own terms, a table for the bench.

Where an intervention names interchangeable targets, the strains have all of them, which is the same as any one; what is
to be done at the bench, and StrainDesign's form, take the first.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from cobra import Gene, Model, Reaction
from cobra.io import write_sbml_model

from knockflow.constrained_model import as_reactions, constraints_of
from knockflow.constraints import NOTE as CONSTRAINTS_NOTE
from knockflow.errors import FileError, ModelError
from knockflow.files import write_bytes
from knockflow.gpr import cut_sets, parse, without
from knockflow.model_io import cobra_messages
from knockflow.notation import AT_LEAST, KNOCK_IN, KNOCK_OUT, Intervention
from knockflow.regulated_model import REGULATION_NOTE, REGULATOR_NOTE, regulated, regulates
from knockflow.strain import (
    ABSENT_NOTE,
    KNOCK_IN_NOTE,
    PATHWAYS_NOTE,
    PSEUDO_NOTE,
    Bounds,
    absent,
    absent_genes,
    applied,
    bounds_of,
    changes_of,
    pathways,
    read,
    silenced,
    undecided,
)

logger = logging.getLogger(__name__)

CONSTRAINTS_FILE = "constraints.json"
"""Where an export holds the constraints of the model's own, if it has any."""

BESIDE_MODEL = f"best.xml has them as stoichiometry; designs.json and cobra.json hold with those of {CONSTRAINTS_FILE}"
"""What the log says of them."""

LAB_COLUMNS = ("rank", "intervention", "gene", "name", "locus", "action", "reactions_switched_off", "note")
"""Columns of lab.tsv: the gene as it is called, the name of what it does, its id in the model."""

IN_MEMORY = (ABSENT_NOTE, PATHWAYS_NOTE, REGULATION_NOTE, CONSTRAINTS_NOTE)
"""The model's notes that mean nothing once a design is applied."""

EXPLAINED = "constraints of the model's own as stoichiometry, with a slack reaction each"
"""What the note of a strain says of such constraints."""

DELETE, ADD, LIMIT, SET_BOUND = "delete", "add", "limit", "set bound"


def designs_of(rows: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows of designs.tsv that change something."""
    return [row for row in rows if row["interventions"]]


# A strain as a model ----------------------------------------------------------------------------------------------


def strain_model(model: Model, interventions: str, label: str, objective: Mapping[str, float] | None = None) -> Model:
    """A model of a strain by itself: what it lacks is not in it, what is knocked out stays with bounds 0.

    `label` says in the model's id and notes which design it is; `objective` is the cell's own, if not growth. Of rules
    of genes it has what they close in this medium, whatever the fluxes are; notes name the reactions that they leave
    to fluxes, which stay open. Constraints of the model's own are written as stoichiometry, since COBRApy writes no
    others and reads no others back.
    """
    lacking = absent(model, changes_of(model, interventions))
    _bounds(model, interventions)
    strain = applied(model, interventions)
    strain.remove_reactions(sorted(lacking), remove_orphans=True)
    for reaction in strain.reactions:
        reaction.notes.pop(KNOCK_IN_NOTE, None)
    open_rules = undecided(model, interventions) if regulated(model) else None
    strain.genes -= [gene for gene in strain.genes if REGULATOR_NOTE in gene.notes]
    notes = {name: text for name, text in strain.notes.items() if name not in IN_MEMORY}
    if open_rules is not None:
        notes["regulation"] = "rules of genes were applied in this medium; left to fluxes: " + (
            ", ".join(open_rules) or "none"
        )
    slacks = as_reactions(strain)
    if slacks:
        notes["constraints"] = escape(f"{EXPLAINED}: {'; '.join(slacks)}")
    strain.notes = notes | {"design": escape(label), "interventions": escape(interventions) or "none"}
    strain.id = re.sub(r"\W", "_", f"{model.id or 'model'}_{label}", flags=re.ASCII)
    if strain.id[0].isdigit():
        strain.id = f"_{strain.id}"
    if objective:
        strain.objective = {strain.reactions.get_by_id(name): factor for name, factor in objective.items()}
    for metabolite in strain.metabolites:
        # SBML has none without a compartment.
        metabolite.compartment = metabolite.compartment or "c"
    # It holds the date of the file that a model was read from, or else today's is written.
    vars(strain).pop("_sbml", None)
    return strain


def write_sbml(path: str | Path, model: Model) -> None:
    """Write a model as SBML, whole or not at all: the same model gives the same bytes."""
    with TemporaryDirectory() as folder:
        partial = Path(folder) / "model.xml"
        with cobra_messages() as messages:
            write_sbml_model(model, str(partial))
        write_bytes(path, partial.read_bytes())
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
        yield name, -1.0
    elif change.action == KNOCK_IN:
        for added in _added(model, name):
            yield added, 1.0
    else:
        yield f"{name} {change.action} {change.level}", True


def _added(model: Model, name: str) -> list[str]:
    """What a knock-in adds: the reactions of a pathway, else itself."""
    return [name] if name in model.reactions or name in model.genes else sorted(pathways(model).get(name, [name]))


def cobra_form(model: Model, rows: Iterable[Mapping[str, str]]) -> list[dict]:
    """Each design for COBRApy: setting `bounds` on the curated model is all of it, the rest says why they are so.

    Where the model has constraints of its own, which COBRApy does not read from model.json, `constraints` says in which
    file they are.
    """
    found = []
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
        )
    return found


# What to do at the bench ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """A wild type, and the reactions that a design switches off in it."""

    model: Model
    off: frozenset[str]

    def rows(self, change: Intervention) -> Iterator[dict]:
        """What one intervention comes to, gene by gene."""
        name = change.names[0]
        if name in self.model.reactions:
            of_reaction = self.model.reactions.get_by_id(name)
            if change.action == KNOCK_OUT:
                yield from self.deletions(of_reaction)
            elif change.action == KNOCK_IN:
                yield from self.additions(of_reaction)
            else:
                yield self.bound(of_reaction, change)
        elif name in self.model.genes:
            yield self.of_gene(self.model.genes.get_by_id(name), change)
        else:
            for added in _added(self.model, name):
                yield from self.additions(self.model.reactions.get_by_id(added))

    def of_gene(self, gene: Gene, change: Intervention) -> dict:
        """A gene that is itself removed, added or limited."""
        own = sorted(gene.reactions, key=lambda reaction: reaction.id)
        row = _gene(gene) | {"name": _names(own) or "regulator"}
        if change.action == KNOCK_OUT:
            row |= {"action": DELETE, "reactions_switched_off": [r.id for r in own if r.id in self.off]}
            ruled = regulates(self.model, gene.id)
            return row | ({"note": f"in the rules of {', '.join(ruled)}"} if ruled else {})
        catalysed = f"catalyses {', '.join(reaction.id for reaction in own)}"
        if change.action == KNOCK_IN:
            return row | {"action": ADD, "note": catalysed}
        return row | {"action": LIMIT, "note": f"at most {change.level:.6g} mmol/gDW/h; {catalysed}"}

    def deletions(self, reaction: Reaction) -> Iterator[dict]:
        """The genes to delete for a reaction's knock-out: those that switch off least else, then the fewest."""
        row = {"name": _names([reaction]), "action": DELETE, "reactions_switched_off": [reaction.id]}
        cuts = _cuts(reaction)
        if not cuts:
            yield row | {"note": _without_deletion(reaction)}
            return
        cut, others = min(
            ((cut, self.side_effects(cut)) for cut in cuts),
            key=lambda choice: (len(choice[1]), len(choice[0]), sorted(choice[0])),
        )
        notes = [f"only with {', '.join(sorted(cut))} all deleted"] if len(cut) > 1 else []
        notes += [f"also switches off {', '.join(others)}"] if others else []
        for gene in sorted(cut):
            yield row | _gene(self.model.genes.get_by_id(gene)) | {"note": "; ".join(notes)}

    def side_effects(self, cut: frozenset[str]) -> list[str]:
        """The reactions that a deletion switches off though the design does not."""
        gone = cut | absent_genes(self.model)
        concerned = set(chain.from_iterable(self.model.genes.get_by_id(gene).reactions for gene in cut))
        return sorted(
            reaction.id
            for reaction in concerned
            if reaction.id not in self.off and reaction.bounds != (0, 0) and not reaction.gpr.eval(gone)
        )

    def additions(self, reaction: Reaction) -> Iterator[dict]:
        """The genes to add for a reaction; those of other reactions of the wild type are there already."""
        row = {"name": _names([reaction]), "action": ADD}
        notes = [f"{reaction.id}: {reaction.reaction}"]
        notes += [f"gene rule {reaction.gene_reaction_rule}"] if len(reaction.genes) > 1 else []
        new = [gene for gene in reaction.genes if all(KNOCK_IN_NOTE in other.notes for other in gene.reactions)]
        genes = [_gene(gene) for gene in sorted(new, key=lambda gene: gene.id)]
        for gene in genes or [{}]:
            yield row | gene | {"note": "; ".join(notes if gene else [*notes, "no gene to add is known"])}

    def bound(self, reaction: Reaction, change: Intervention) -> dict:
        """A bound that is set, by regulation or in the medium."""
        genes = sorted(reaction.genes, key=lambda gene: gene.id)
        end = "lower" if change.action == AT_LEAST else "upper"
        before = getattr(reaction, f"{end}_bound")
        where = "medium: " if reaction.boundary else ""
        return {
            "gene": [gene.name or gene.id for gene in genes],
            "name": _names([reaction]),
            "locus": [gene.id for gene in genes],
            "action": SET_BOUND,
            "reactions_switched_off": [reaction.id] if reaction.id in self.off else [],
            "note": f"{where}{end} bound of {reaction.id} {change.level:.6g} mmol/gDW/h, before {before:.6g}",
        }


def lab_rows(model: Model, rows: Sequence[Mapping[str, str]]) -> list[dict]:
    """The rows of lab.tsv: what to delete, add, limit or set for each design."""
    found = []
    for row in designs_of(rows):
        bench = Bench(model, frozenset(silenced(model, row["interventions"])))
        for change in read(row["interventions"]):
            instead = f"or instead {', '.join(change.names[1:])}" if len(change.names) > 1 else ""
            for line in bench.rows(change):
                note = "; ".join(filter(None, [line.get("note"), instead]))
                found.append({"rank": row["rank"], "intervention": str(change)} | line | {"note": note})
    return found


def _gene(gene: Gene) -> dict[str, str]:
    return {"gene": gene.name or gene.id, "locus": gene.id}


def _names(reactions: Iterable[Reaction]) -> list[str]:
    return [reaction.name or reaction.id for reaction in reactions]


def _without_deletion(reaction: Reaction) -> str:
    """Why there are no genes to delete for a reaction."""
    if not reaction.gene_reaction_rule:
        return "no gene is known"
    pseudo = sorted(gene.id for gene in reaction.genes if PSEUDO_NOTE in gene.notes)
    if pseudo and without(parse(reaction.gene_reaction_rule), pseudo) is None:
        return f"no deletion closes it: {', '.join(pseudo)} is no gene that can be deleted"
    return "the gene rule is too large"


def _cuts(reaction: Reaction) -> list[frozenset[str]]:
    kept = {gene.id for gene in reaction.genes if PSEUDO_NOTE in gene.notes}
    try:
        return cut_sets(without(parse(reaction.gene_reaction_rule), kept))
    except ModelError:
        return []
