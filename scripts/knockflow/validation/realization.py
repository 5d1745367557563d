"""A design made by genes: which to delete so that all its reactions are closed, with the least else.

A deletion closes whatever reaction needs a gene that is gone, so a set of genes is chosen for all knock-outs of a
design together: first by how many other reactions it closes that could carry flux in the strain as designed, then by
the number of genes, then by their ids. Of interchangeable reactions (`A|B`) one is enough. An exchange without a gene
is closed by the medium as far as that can be: it is no longer offered. Additions, bounds and genes stay as designed.

The sets of a reaction are those of `knockflow.model.gene_sets`; their combinations are searched by branch and bound,
which is exact, as more genes never come earlier in that order. Beyond MOST_SETS of a reaction or MOST_NODES
combinations it is a selection, and says so.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cobra import Model

from knockflow.base.errors import ModelError
from knockflow.language.ids import gene_name
from knockflow.language.notation import AT_LEAST, AT_MOST, KNOCK_OUT, Intervention, apart
from knockflow.layers.in_strain import aids, is_flux, of_strains
from knockflow.model.gene_sets import MOST_SETS, GeneCutSet, best_minimal, gene_sets
from knockflow.model.gpr import active, genes, parse
from knockflow.model.notes import LOST_RULE_NOTE, PSEUDO_NOTE, absent_genes
from knockflow.validation.carrying import CLOSED, carrying
from knockflow.validation.strain import Changes, bounds_of, changes_of, gene_of, read

MOST_NODES = 20_000
"""Combinations of gene sets that are looked at for one design."""

MOST_CHOICES = 8
"""Realizations of one design that are handed over."""


@dataclass(frozen=True)
class Realization:
    """A design by genes: what it asks of a model, the genes to delete, and what else they close."""

    changes: Changes
    genes: tuple[str, ...]
    also_closed: tuple[str, ...] = ()
    note: str = ""


class Genome:
    """The genes of a model: its rules, and which genes can be deleted; `kept` are pseudo-genes, which cannot."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.kept = frozenset(gene.id for gene in model.genes if PSEUDO_NOTE in gene.notes)
        self.absent = frozenset(absent_genes(model))
        self._runs: dict[str, bool] = {}

    @cached_property
    def trees(self) -> dict[str, object]:
        """The rules by reaction, as `knockflow.model.gpr.parse` gives them."""
        return {one.id: parse(one.gene_reaction_rule) for one in self.model.reactions if one.gene_reaction_rule}

    @cached_property
    def catalysed(self) -> dict[str, list[str]]:
        """The reactions that a gene is in the rule of."""
        found: dict[str, list[str]] = {}
        for reaction, tree in self.trees.items():
            for gene in genes(tree):
                found.setdefault(gene, []).append(reaction)
        return found

    def carrying_without(self, design: Changes, names: Iterable[str]) -> list[str]:
        """Those of some reactions that carry flux in a strain; where it only lacks something, none that never does."""
        names = list(names)
        if not (design.added or design.added_genes or design.bounds or of_strains(self.model)):
            unknown = [name for name in names if name not in self._runs]
            running = set(carrying(self.model, Changes(), unknown))
            self._runs |= {name: name in running for name in unknown}
            names = [name for name in names if self._runs[name]]
        return carrying(self.model, design, names)

    def failing(self, gone: Collection[str], among: Iterable[str] | None = None) -> set[str]:
        """The reactions whose rules fail without some genes."""
        if among is None:
            among = {reaction for gene in gone for reaction in self.catalysed.get(gene, ())}
        return {reaction for reaction in among if not active(self.trees[reaction], gone)}

    def closing(self, reaction: str, deleted: Collection[str]) -> list[str]:
        """The fewest of some genes that close a reaction, sorted; none where they do not."""
        tree = self.trees.get(reaction)
        cuts = gene_sets(tree, genes(tree) - set(deleted) - self.absent, self.absent)
        return sorted(cuts[0]) if cuts else []


def realizations(genome: Genome, interventions: str) -> list[Realization]:
    """The ways to make a design by genes, best first.

    Raises
    ------
    ModelError
        If some knock-out cannot be made by genes; the message says which, and why.
    """
    design = changes_of(genome.model, interventions)
    parts = [change for change in read(interventions) if change.action == KNOCK_OUT]
    if all(len(change.names) == 1 for change in parts) and not design.closed:
        return [Realization(design, names_of(design.removed))]
    withheld, by_genes = [], []
    for change in parts:
        offered = None if _has_genes(genome, change) else _no_longer_offered(genome.model, change)
        if offered:
            withheld.append(offered)
        else:
            by_genes.append(change)
    choice = _Choice.of(genome, design, by_genes)
    sets, whole = _best_unions(choice.sets(by_genes), choice.rank, choice.given)
    notes = [f"{name} is no longer offered in the medium" for name, _, _ in withheld]
    notes += [] if whole else ["the best of a selection: too many sets of genes would do"]
    return [
        Realization(
            replace(design, closed=set(), removed=set(cut), bounds=[*design.bounds, *withheld]),
            names_of(cut),
            tuple(sorted(choice.side_effects(cut))),
            "; ".join(notes),
        )
        for cut in sets
    ]


def names_of(genes: Iterable[str]) -> tuple[str, ...]:
    """Genes as tables have them."""
    return tuple(sorted(map(gene_name, genes)))


def same_states(genome: Genome, interventions: str, made: Realization) -> bool:
    """Whether a realization surely has the states of its design: what only one of both closes carries nothing.

    Where layers have a say in each strain, only for the same genes: those that are deleted may do more than catalyse.
    """
    model, design = genome.model, changes_of(genome.model, interventions)
    if made.changes == design:
        return True
    if of_strains(model) and made.changes.removed != design.removed:
        return False
    asked, found = bounds_of(model, design), bounds_of(model, made.changes)
    closed = {name for name in asked if asked[name] == found.get(name) == CLOSED}
    differing = [
        name
        for name in {**asked, **found}
        if asked.get(name) != found.get(name) and aids(model.reactions.get_by_id(name)) not in closed
    ]
    only_design = [name for name in differing if asked.get(name) == CLOSED]
    only_genes = [name for name in differing if found.get(name) == CLOSED]
    return (
        len(only_design) + len(only_genes) == len(differing)
        and not carrying(model, made.changes, only_design, first=True)
        and not carrying(model, design, only_genes, first=True)
    )


# What would do for each knock-out -------------------------------------------------------------------------------


def _has_genes(genome: Genome, change: Intervention) -> bool:
    return any(name in genome.trees or name not in genome.model.reactions for name in change.ids)


def _no_longer_offered(model: Model, change: Intervention) -> tuple[str, str, float] | None:
    """The bound that takes what an exchange brings in out of the medium; None where it brings in nothing."""
    for reaction in map(model.reactions.get_by_id, change.ids):
        if not reaction.boundary:
            continue
        (coefficient,) = reaction.metabolites.values()
        if coefficient < 0 and reaction.lower_bound < 0:
            return reaction.id, AT_LEAST, 0.0
        if coefficient > 0 and reaction.upper_bound > 0:
            return reaction.id, AT_MOST, 0.0
    return None


@dataclass
class _Choice:
    """What gene sets are judged by.

    `given` are genes that the design itself deletes, `gone` those that it lacks anyway; `at_risk` are the reactions
    that may fall with a choice although they could carry flux.
    """

    genome: Genome
    given: GeneCutSet
    gone: GeneCutSet
    at_risk: Sequence[str]

    def __post_init__(self) -> None:
        self._ranks: dict[GeneCutSet, tuple] = {}

    @classmethod
    def of(cls, genome: Genome, design: Changes, parts: Iterable[Intervention]) -> "_Choice":
        """For a design: at risk is what the removal of every gene concerned closes beyond it, if it carries flux."""
        model = genome.model
        alone = frozenset(gene_of(model, change.name) for change in parts if len(change.names) == 1)
        given = alone & design.removed
        concerned = set(given)
        for change in parts:
            for name in change.ids:
                concerned |= genes(genome.trees.get(name)) if name in model.reactions else {gene_of(model, name)}
        gone = genome.absent - design.added_genes
        asked = bounds_of(model, design)
        open_ones = [
            name
            for name in sorted(genome.failing(concerned - genome.kept | gone))
            if asked.get(name, model.reactions.get_by_id(name).bounds) != CLOSED
            and is_flux(model.reactions.get_by_id(name))
        ]
        return cls(genome, given, gone, genome.carrying_without(design, open_ones))

    def side_effects(self, cut: GeneCutSet) -> set[str]:
        """The reactions that could carry flux in the strain as designed and fall with some genes."""
        return self.genome.failing(cut | self.gone, self.at_risk)

    def rank(self, cut: GeneCutSet) -> tuple:
        """Side effects, then genes, then ids."""
        if cut not in self._ranks:
            whole = cut | self.given
            self._ranks[cut] = len(self.side_effects(whole)), len(whole), sorted(whole)
        return self._ranks[cut]

    def sets(self, parts: Iterable[Intervention]) -> list[list[GeneCutSet]]:
        """The gene sets that would do for each knock-out.

        Raises
        ------
        ModelError
            If none would for one of them.
        """
        found = []
        for change in parts:
            own = [cut for name in change.names for cut in self._of(name)]
            if not own:
                raise ModelError(_why_not(self.genome, change))
            found.append(best_minimal(own, self.rank, MOST_SETS))
        return found

    def _of(self, name: str) -> list[GeneCutSet]:
        sets = [self._of_one(one) for one in apart(name)]
        return sets[0] if len(sets) == 1 else _best_unions(sets, self.rank, frozenset(), MOST_SETS)[0]

    def _of_one(self, name: str) -> list[GeneCutSet]:
        if name not in self.genome.model.reactions:
            return [frozenset([gene_of(self.genome.model, name)])]
        return gene_sets(self.genome.trees.get(name), self.genome.kept, self.gone, self.rank)


def _why_not(genome: Genome, change: Intervention) -> str:
    ruled = [name for name in change.ids if name in genome.trees]
    if not ruled:
        reactions = map(genome.model.reactions.get_by_id, change.ids)
        if any(LOST_RULE_NOTE in reaction.notes for reaction in reactions):
            return f"the gene rule of {change.name} cannot be read (curation.tsv)"
        return f"no gene is known for {change.name}"
    kept = names_of(genes(genome.trees[ruled[0]]) & genome.kept)
    return f"no deletion closes {change.name}: {', '.join(kept)} is no gene that can be deleted"


# The best for all of them -----------------------------------------------------------------------------------------


def _best_unions(
    parts: Sequence[Sequence[GeneCutSet]],
    rank: Callable[[GeneCutSet], tuple],
    given: GeneCutSet,
    most: int = MOST_CHOICES,
) -> tuple[list[GeneCutSet], bool]:
    """The best unions of one set of each part, none of them within another; and whether all were gone through.

    No union comes before a part of it in the order, so what is no better than the last of a full list is left.
    """
    parts = sorted(parts, key=len)
    whole = all(len(sets) < MOST_SETS for sets in parts)
    found: list[tuple[tuple, GeneCutSet]] = []
    waiting = [(0, given)]
    for _ in range(MOST_NODES):
        if not waiting:
            break
        depth, cut = waiting.pop()
        if len(found) == most and rank(cut) >= found[-1][0]:
            continue
        if depth < len(parts):
            nexts = {cut | one for one in parts[depth]}
            waiting += [(depth + 1, one) for one in sorted(nexts, key=rank, reverse=True)]
        elif (rank(cut), cut) not in found:
            found = sorted([*found, (rank(cut), cut)], key=lambda item: item[0])[:most]
    return best_minimal((cut for _, cut in found), rank, most), whole and not waiting
