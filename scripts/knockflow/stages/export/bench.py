"""What to do at the bench for a design: genes to delete, add or limit, bounds to set, gene by gene.

The genes are those that validation has chosen for the design as a whole and has evaluated
(`knockflow.validation.by_genes`). Where the strain without them is not the design, the first row says so, before
anything is listed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cobra import Gene, Model, Reaction

from knockflow.base.errors import FileError
from knockflow.designs.summary import CHANGED, IMPOSSIBLE, LETHAL, SAME
from knockflow.language.ids import gene_name
from knockflow.language.notation import AT_LEAST, KNOCK_IN, KNOCK_OUT, Intervention, apart
from knockflow.layers.in_strain import of_strains
from knockflow.model.gene_sets import gene_sets
from knockflow.model.gpr import genes, parse, renamed, to_text
from knockflow.model.notes import HOST_NOTE, KNOCK_IN_NOTE
from knockflow.stages.export.strains import added_by, designs_of
from knockflow.validation.realization import Genome
from knockflow.validation.strain import absent, changes_of, gene_of, read, silenced

DELETE, ADD, LIMIT, SET_BOUND = "delete", "add", "limit", "set bound"
WARNINGS = {CHANGED: "check first", LETHAL: "do not build", IMPOSSIBLE: "not by genes"}
"""The action of the first row of a design that genes do not make as it is."""

DO_NOT = "do not "
"""Before the action of all other rows of a design that kills."""

IN_HOST = "part of the host in this case, which must be there"

MOST_INSTEAD = 3
"""Other sets of genes for one knock-out that a note names."""


@dataclass(frozen=True)
class Made:
    """A design by genes as validation.tsv has it."""

    row: Mapping[str, str]

    @property
    def word(self) -> str:
        """`same`, `changed`, `lethal` or `impossible`."""
        return self.row["by_genes"]

    @property
    def genes(self) -> list[str]:
        """The genes to delete."""
        return _listed(self.row["genes"])

    @property
    def also_closed(self) -> list[str]:
        """What falls with them though it could carry flux."""
        return _listed(self.row["also_closed"])

    def warning(self) -> dict | None:
        """The row that comes first where the strain is not the design; None where it is."""
        if self.word == SAME:
            return None
        if self.word == IMPOSSIBLE:
            return {
                "action": WARNINGS[self.word],
                "note": f"no set of genes makes this design: {self.row['by_genes_note']}",
            }
        falls = f"; {_few(self.also_closed)} falls with them" if self.also_closed else ""
        grows = f"{_or_none(self.row['growth_by_genes_per_h'])} 1/h instead of {_or_none(self.row['growth_per_h'])}"
        if self.word == LETHAL:
            note = f"LETHAL: without these genes the strain grows {grows}{falls}"
        else:
            makes = f"{self._range('_by_genes')} mmol/gDW/h instead of {self._range('')}"
            note = f"without these genes the strain grows {grows} and makes {makes}{falls}"
        return {"action": WARNINGS[self.word], "reactions_switched_off": self.also_closed, "note": note}

    def _range(self, which: str) -> str:
        ends = (self.row[f"product_{end}{which}_mmol_per_gdw_h"] for end in ("min", "max"))
        return " to ".join(map(_or_none, ends))


def lab_rows(model: Model, designs: Sequence[Mapping[str, str]], validation: Iterable[Mapping[str, str]]) -> list[dict]:
    """The rows of lab.tsv: what to delete, add, limit or set for each design of a formulation.

    Parameters
    ----------
    model
        The curated model with its layers.
    designs
        The rows of designs.tsv.
    validation
        The formulation's rows of validation.tsv.

    Raises
    ------
    FileError
        If a design was not validated.
    """
    made = {(row["rank"], row["interventions"]): Made(row) for row in validation}
    genome, found = Genome(model), []
    for row in designs_of(designs):
        key = row["rank"], row["interventions"]
        if key not in made:
            raise FileError(f"validation.tsv has no row for rank {key[0]}, {key[1]}; delete it and run again")
        first = {"rank": row["rank"], "by_genes": made[key].word}
        bench = Bench(genome, made[key], frozenset(silenced(model, row["interventions"])))
        found += [first | line for line in bench.design(read(row["interventions"]))]
    return found


@dataclass(frozen=True)
class Bench:
    """A wild type, a design by genes, and the reactions that the design switches off in the wild type."""

    genome: Genome
    made: Made
    off: frozenset[str]

    @property
    def model(self) -> Model:
        """The wild type."""
        return self.genome.model

    def design(self, changes: Iterable[Intervention]) -> Iterator[dict]:
        """What a design comes to; first of all that its strain is another, if so."""
        warning, changes = self.made.warning(), list(changes)
        if warning:
            yield {"intervention": ";".join(map(str, changes))} | warning
        for line in [*self.host(), *self._listed(changes)]:
            yield line | {"action": DO_NOT + line["action"]} if self.made.word == LETHAL else line

    def host(self) -> Iterator[dict]:
        """What the case has added to the model for good, without which the strain is another; no exchanges."""
        lacking = absent(self.model, changes_of(self.model, ""))
        for reaction in self.model.reactions:
            if HOST_NOTE in reaction.notes and reaction.id not in lacking and not reaction.boundary:
                for line in self.additions(reaction, HOST_NOTE):
                    source = f"{IN_HOST}: from {reaction.notes[HOST_NOTE]}"
                    yield {"intervention": ""} | line | {"note": f"{source}; {line['note']}"}

    def _listed(self, changes: Sequence[Intervention]) -> Iterator[dict]:
        listed = set()
        for change in changes:
            instead = f"or instead {', '.join(change.names[1:])}" if len(change.names) > 1 else ""
            for line in self.rows(change):
                listed.add(line.get("locus") if line["action"] == DELETE else None)
                note = "; ".join(filter(None, [line.pop("note", ""), line.pop("instead", instead)]))
                yield {"intervention": str(change)} | line | {"note": note}
        for name in self.made.genes:
            if name not in listed:
                yield {"intervention": ";".join(map(str, changes)), "action": DELETE} | self._gene(name)

    def rows(self, change: Intervention) -> Iterator[dict]:
        """What one intervention comes to, gene by gene."""
        name = change.ids[0]
        if name in self.model.reactions:
            of_reaction = self.model.reactions.get_by_id(name)
            if change.action == KNOCK_OUT:
                yield from self.deletions(change)
            elif change.action == KNOCK_IN:
                yield from self.additions(of_reaction)
            else:
                yield self.bound(of_reaction, change)
        elif gene_of(self.model, name):
            yield from self.of_genes(change)
        else:
            for added in added_by(self.model, name):
                yield from self.additions(self.model.reactions.get_by_id(added))

    def of_genes(self, change: Intervention) -> Iterator[dict]:
        """A gene that is itself removed, added or limited; of those of one effect the one that is chosen."""
        chosen = next((name for name in change.names if name in self.made.genes), change.names[0])
        others = [name for name in change.names if name != chosen]
        gene = self.model.genes.get_by_id(gene_of(self.model, chosen))
        own = sorted(gene.reactions, key=lambda reaction: reaction.id)
        row = _called(gene) | {"name": _names(own) or "regulator"}
        row |= {"instead": f"or instead {', '.join(others)}" if others else ""}
        catalysed = f"catalyses {', '.join(reaction.id for reaction in own)}"
        if change.action == KNOCK_OUT:
            row |= {"action": DELETE, "reactions_switched_off": [r.id for r in own if r.id in self.off]}
            notes = [*filter(None, (layer.on_gene(self.model, gene.id) for layer in of_strains(self.model)))]
            notes += self._idle(self._of(others), [reaction.id for reaction in own])
            yield row | {"note": "; ".join([*notes, *self._falls([gene.id])])}
        elif change.action == KNOCK_IN:
            yield row | {"action": ADD, "note": catalysed}
        else:
            yield row | {"action": LIMIT, "note": f"at most {change.level:.6g} mmol/gDW/h; {catalysed}"}

    def deletions(self, change: Intervention) -> Iterator[dict]:
        """The genes to delete for a reaction's knock-out, of interchangeable ones for the one that takes fewest."""
        closing = {name: self._closing(apart(name)) for name in change.names}
        able = [name for name in change.names if closing[name]]
        chosen = min(able, key=lambda name: len(closing[name]), default=change.names[0])
        row = {
            "name": _names(map(self.model.reactions.get_by_id, apart(chosen))),
            "action": DELETE,
            "reactions_switched_off": apart(chosen),
            "instead": self._instead(change, chosen, closing[chosen]),
        }
        if not able:
            others = ", ".join(name for name in change.names if name != chosen)
            yield row | {"instead": f"or instead {others}" if others else ""} | self._without_genes(chosen)
        together = ", ".join(map(gene_name, closing[chosen]))
        notes = [f"only with {together} all deleted"] if len(closing[chosen]) > 1 else []
        notes += self._falls(closing[chosen])
        notes += self._idle(change.ids, apart(chosen))
        for name in closing[chosen]:
            yield row | _called(self.model.genes.get_by_id(name)) | {"note": "; ".join(notes)}

    def _closing(self, names: Iterable[str]) -> list[str]:
        """The chosen genes that close some reactions together; none where they do not."""
        deleted = [gene_of(self.model, name) for name in self.made.genes]
        cuts = [self.genome.closing(name, deleted) for name in names]
        return sorted(set().union(*cuts)) if all(cuts) else []

    def _instead(self, change: Intervention, chosen: str, own: Sequence[str]) -> str:
        """Other genes that would do: as few for the same reaction, the fewest for an interchangeable one.

        Only those that leave every reaction running that the chosen ones leave running, beside the design's own.
        """
        if not own:
            return ""
        others = {gene_of(self.model, name) for name in self.made.genes} - set(own)
        gone = self.genome.absent | others
        falls, ways = self.genome.failing(gone | set(own)) | self.off, []
        for name in change.names:
            fit = []
            for cut in self._sets(apart(name)):
                fallen = self.genome.failing(gone | cut)
                kept = falls - self.off <= fallen and self.genome.failing(gone | set(own)) - set(change.ids) <= fallen
                if sorted(cut) != sorted(own) and kept and fallen <= falls:
                    fit.append(cut)
            fit.sort(key=lambda cut: (len(cut), sorted(cut)))
            ways += [cut for cut in fit if len(cut) == len(own)] if name == chosen else fit[:1]
        return f"or instead {', or '.join(map(self._together, ways[:MOST_INSTEAD]))}" if ways else ""

    def _sets(self, names: Iterable[str]) -> list[frozenset[str]]:
        """The sets of genes that close some reactions together."""
        unions = [frozenset()]
        for name in names:
            own = gene_sets(self.genome.trees.get(name), self.genome.kept, self.genome.absent)
            unions = [one | cut for one in unions for cut in own]
        return list(dict.fromkeys(unions))

    def _together(self, cut: Iterable[str]) -> str:
        """Some genes to delete, by locus and name."""
        called = [_called(self.model.genes.get_by_id(name)) for name in sorted(cut)]
        texts = [one["locus"] + (f" ({one['gene']})" if one["gene"] != one["locus"] else "") for one in called]
        *first, last = texts
        if not first:
            return last
        return f"{'both' if len(texts) == 2 else 'all of'} {', '.join(first)} and {last}"

    def _idle(self, others: Iterable[str], closed: Collection[str]) -> list[str]:
        """What carries no flux either once some reactions are closed: the design's interchangeable ones."""
        idle = [name for name in dict.fromkeys(others) if name in self.off and name not in closed]
        return [f"no flux either through {_few(idle)}"] if idle else []

    def _of(self, names: Iterable[str]) -> list[str]:
        """The reactions of some genes, sorted."""
        found = (self.model.genes.get_by_id(gene_of(self.model, name)).reactions for name in names)
        return sorted({reaction.id for own in found for reaction in own})

    def _without_genes(self, name: str) -> dict:
        """A reaction that no deletion of this list closes."""
        if self.made.word == IMPOSSIBLE:
            return {"action": WARNINGS[IMPOSSIBLE], "note": "nothing to delete is listed"}
        return {"action": SET_BOUND, "note": f"medium: {name} is no longer offered"}

    def _falls(self, deleted: Iterable[str]) -> list[str]:
        """What is closed with some genes beyond the design."""
        trees, deleted = self.genome.trees, set(deleted)
        also = [name for name in self.made.also_closed if not deleted.isdisjoint(genes(trees.get(name)))]
        return [f"also switches off {_few(also)}"] if also else []

    def _gene(self, name: str) -> dict[str, str]:
        return _called(self.model.genes.get_by_id(gene_of(self.model, name)))

    def additions(self, reaction: Reaction, note: str = KNOCK_IN_NOTE) -> Iterator[dict]:
        """The genes to add for a reaction; those of other reactions, without the note, are there already."""
        row = {"name": _names([reaction]), "action": ADD}
        notes = [f"{reaction.id}: {reaction.reaction}"]
        rule = to_text(renamed(parse(reaction.gene_reaction_rule), gene_name))
        notes += [f"gene rule {rule}"] if len(reaction.genes) > 1 else []
        new = [gene for gene in reaction.genes if all(note in other.notes for other in gene.reactions)]
        called = [_called(gene) for gene in sorted(new, key=lambda gene: gene.id)]
        for gene in called or [{}]:
            yield row | gene | {"note": "; ".join(notes if gene else [*notes, "no gene to add is known"])}

    def bound(self, reaction: Reaction, change: Intervention) -> dict:
        """A bound that is set, by regulation or in the medium."""
        own = sorted(reaction.genes, key=lambda gene: gene.id)
        end = "lower" if change.action == AT_LEAST else "upper"
        before = getattr(reaction, f"{end}_bound")
        where = "medium: " if reaction.boundary else ""
        return {
            "gene": [_called(gene)["gene"] for gene in own],
            "name": _names([reaction]),
            "locus": [gene_name(gene.id) for gene in own],
            "action": SET_BOUND,
            "reactions_switched_off": [reaction.id] if reaction.id in self.off else [],
            "note": f"{where}{end} bound of {reaction.id} {change.level:.6g} mmol/gDW/h, before {before:.6g}",
        }


def _called(gene: Gene) -> dict[str, str]:
    name = gene_name(gene.id)
    return {"gene": name if gene.name in ("", None, gene.id) else gene.name, "locus": name}


def _names(reactions: Iterable[Reaction]) -> list[str]:
    return [reaction.name or reaction.id for reaction in reactions]


def _few(names: Sequence[str], most: int = 6) -> str:
    """The first of some reactions, and the number of the others."""
    listed = ", ".join(names[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def _listed(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def _or_none(cell: str) -> str:
    return cell or "none"
