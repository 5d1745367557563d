"""What a layer says of strains, as COBRApy models: what fluxes decide in them, in a form that names no layer.

A layer of bounds sets them on the curated model, and one of rows adds constraints to it; neither needs this module.
Where the states of a strain are a union of polytopes, or depend on which genes it lacks, `rebuild` gives the model an
`InStrain`, from which each strain gets its `Decided`. What solves it by branch and bound is
`knockflow.validation.optimum`, which knows nothing else of layers.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from cobra import Model, Reaction
from cobra.util.context import get_context

from knockflow.base.tolerances import FEASIBILITY
from knockflow.layers.variant import ModelVariant

LAYERS_NOTE = "layers of strains"
"""The note of a model, in memory only, that holds what layers say of strains that are made of it."""

DECIDED_NOTE = "decided by fluxes"
"""The note of a model, in memory only, that holds what fluxes decide while a design is applied to it."""

AUXILIARY_NOTE = "auxiliary"
"""The note of a reaction that a layer has added and that is no flux of the cell, such as the use of an enzyme: the id
of the reaction that it is an aid of."""

VARIANTS_NOTE = "variants of strains"
"""The note of a model, in memory only, that holds the variants for which it stands."""

VARYING_NOTE = "varying"
"""The note of a model, in memory only, that says how its variants change what belongs to layers, by quantity."""

JUDGED_NOTE = "judged"
"""The note of a model, in memory only, that says how a strain is judged by its variants."""

PARTS_NOTE = "parts of strains"
"""The note of a model, in memory only, that holds how its strains live in several parts."""

COPIES_NOTE = "copies of reactions"
"""The note of a model of several parts that holds, for each reaction of the cell, its copies and their shares."""

SHARE_NOTE = "share"
"""The note of a copy of a reaction: the share of the biomass that is in its part."""

CLOSED_NOTE = "closed by a design"
"""The note of a model, in memory only, that has the reactions that a design closes while it is applied to it."""

IN_MEMORY = (LAYERS_NOTE, DECIDED_NOTE, VARIANTS_NOTE, VARYING_NOTE, JUDGED_NOTE, PARTS_NOTE, COPIES_NOTE, CLOSED_NOTE)
"""The notes of a model that are objects of the program, which no file of a model may have."""

SLACK = 10 * FEASIBILITY
"""mmol/gDW/h by which a solver's flux may miss a bound, and what an optimum must be better by to matter."""

Bounds = tuple[float, float]
Allowed = Callable[[Reaction, Collection[str]], Bounds]
"""A reaction's bounds in a strain with some genes off."""

Node = object
"""What is tried of a strain's states; each layer has its own. `Decided.root` tries nothing."""


class Decided(Protocol):
    """What fluxes decide in a strain: its states are those that a tree of bounds of fluxes leaves.

    Attributes
    ----------
    what
        What it is, for messages: "the rules of genes".
    off
        The genes that are off whatever the fluxes, those that the strain lacks among them.
    reactions
        The reactions on which fluxes decide; where there are none, the strain is one polytope.
    watched
        The reactions whose fluxes `branches` asks for.
    root
        The node at which nothing is tried.
    """

    what: str
    off: set[str]
    reactions: Sequence[Reaction]
    watched: Collection[str]
    root: Node

    def limits(self, node: Node) -> list[tuple[Reaction, Bounds]] | None:
        """Bounds beside the strain's own, with all that is not tried as open as it may be; None where no state is."""

    def branches(self, node: Node, fluxes: Mapping[str, float]) -> list[Node] | None:
        """What to try below a node, the last first, so that every state is below one of them.

        None if the fluxes are those of a state, up to SLACK; an empty list if the node has none.
        """


class Evidence(Protocol):
    """What proves by plain arithmetic what a layer leaves to fluxes, in all strains of a model (docs/certificates.md).

    All that it gives are texts, numbers, lists and mappings, as a certificate has them.
    """

    def branch(self, decided: Decided, node: Node, below: Sequence[Node], fluxes: Mapping[str, float]) -> list:
        """On what `decided.branches` has branched, and then a list of what each node below tries."""

    def settled(self, decided: Decided, node: Node, fluxes: Mapping[str, float]) -> list[tuple[Reaction, Bounds]]:
        """Bounds within which all fluxes are those of a state, round some that `decided.branches` leaves."""

    def witness(
        self, decided: Decided, node: Node, fluxes: Mapping[str, float], state: Mapping[str, Fraction]
    ) -> object:
        """What shows that a state within the bounds of `settled` is one.

        Raises
        ------
        Unproven
            If nothing shows it.
        """

    def content(self) -> dict:
        """What the checker has to know of the layer, once all branches and witnesses are there."""


class InStrain:
    """A layer in all strains that are made of a model.

    Attributes
    ----------
    key
        The layer's.
    """

    key: str

    def decided(self, model: Model, gone: Collection[str], medium: Mapping[str, Bounds], allowed: Allowed) -> Decided:
        """What fluxes decide in a strain without some genes, in a medium given by the bounds of the exchanges."""
        raise NotImplementedError

    def on_gene(self, model: Model, gene: str) -> str:
        """What the bench should know of a gene that is deleted; empty for nothing."""
        return ""

    def on_strain(self, undecided: Iterable[str]) -> str:
        """The note of an exported strain, given the reactions that fluxes may close; empty for none."""
        return ""


def add_to_strains(model: Model, layer: InStrain) -> None:
    """Give a model what a layer says of its strains."""
    set_strains(model, (*of_strains(model), layer))


def set_strains(model: Model, layers: Iterable[InStrain]) -> None:
    """Let some layers be all that say something of a model's strains."""
    model.notes = {**model.notes, LAYERS_NOTE: tuple(layers)}


def of_strains(model: Model) -> tuple[InStrain, ...]:
    """What layers say of strains of a model."""
    return model.notes.get(LAYERS_NOTE, ())


def is_flux(reaction: Reaction) -> bool:
    """Whether a reaction is one of the cell, and not an aid of a layer."""
    return AUXILIARY_NOTE not in reaction.notes


def aids(reaction: Reaction) -> str | None:
    """The reaction of the cell that an aid of a layer is for; without this one it does nothing."""
    return reaction.notes.get(AUXILIARY_NOTE)


def decided_of(model: Model) -> tuple[Decided, ...]:
    """What fluxes decide in the strain that a model is at present; empty where they decide nothing."""
    return tuple(one for one in model.notes.get(DECIDED_NOTE, ()) if one.reactions)


def decided_by(model: Model) -> tuple[Decided, ...]:
    """What each of `of_strains` leaves to fluxes in the strain that a model is at present, also where it is nothing."""
    return model.notes.get(DECIDED_NOTE, ())


def weight(reaction: Reaction) -> float:
    """What a reaction counts in the total flux of the cell: the share of its part, and 0 for an aid of a layer."""
    return reaction.notes.get(SHARE_NOTE, 1.0) if is_flux(reaction) else 0.0


class InParts(Protocol):
    """How strains live in several parts, such as zones.

    Attributes
    ----------
    wild
        The reactions whose bounds parts set, with those of the cell: one that is closed in the cell may be open there.
    """

    wild: Mapping[str, Bounds]

    def model_of(self, strain: Model) -> Model:
        """A model of all parts of a strain, which is a model of one cell with the bounds of the strain.

        Exchanges and growth have their ids, with the mean of the parts by shares; COPIES_NOTE has the copies of all.
        """


def set_in_parts(model: Model, parts: InParts) -> None:
    """Let strains of a model live in parts."""
    model.notes = {**model.notes, PARTS_NOTE: parts}


def in_parts(model: Model) -> Model:
    """A model whose states are those of the strain that a model is at present: of all its parts, if it has some."""
    parts = model.notes.get(PARTS_NOTE)
    return model if parts is None else parts.model_of(model)


def set_by_parts(model: Model) -> Collection[str]:
    """The reactions that have bounds of their own in the parts in which strains of a model live."""
    parts = model.notes.get(PARTS_NOTE)
    return () if parts is None else parts.wild


def copies(model: Model, name: str) -> list[tuple[Reaction, float]]:
    """The copies of a reaction of the cell in all parts, with the parts' shares; without parts the reaction alone."""
    found = model.notes.get(COPIES_NOTE, {}).get(name, [(name, 1.0)])
    return [(model.reactions.get_by_id(one), share) for one, share in found]


def has_parts(model: Model) -> bool:
    """Whether a model is one of several parts."""
    return COPIES_NOTE in model.notes


def apply_variant(model: Model, variant: ModelVariant) -> None:
    """Make a model a variant; within a context of COBRApy it is undone afterwards."""
    for quantity, value in variant.varied.items():
        model.notes[VARYING_NOTE][quantity](model, value)
    for name, ends in variant.bounds.items():
        model.reactions.get_by_id(name).bounds = ends
    for name, own in variant.coefficients.items():
        entries = {model.metabolites.get_by_id(metabolite): float(value) for metabolite, value in own.items()}
        model.reactions.get_by_id(name).add_metabolites(entries, combine=False)


def let_vary(model: Model, quantity: str, change: Callable[[Model, object], None]) -> None:
    """Let variants of a model change a quantity of a layer, by a function that has it `undone` after a context."""
    model.notes = {**model.notes, VARYING_NOTE: {**model.notes.get(VARYING_NOTE, {}), quantity: change}}


def undone(model: Model, undo: Callable[[], None]) -> None:
    """Have something undone once the present context of a model ends; where there is none it stays."""
    context = get_context(model)
    if context:
        context(undo)


@dataclass(frozen=True)
class Judged:
    """How a strain is judged by several models: `by` is `worst`, `mean` or `quantile`, which has its 0 <= q <= 1."""

    by: str = "worst"
    quantile: float = 0.0


WORST = Judged()
"""By the least of each number."""


def add_variants(model: Model, variants: Iterable[ModelVariant], judged: Judged = WORST) -> None:
    """Let a model stand for several; where it does already, for each of them with each of these."""
    before, more = variants_of(model), list(variants)
    both = (old.with_other(new) for old in before for new in more)
    model.notes = {**model.notes, VARIANTS_NOTE: tuple(both) if before else tuple(more), JUDGED_NOTE: judged}


def judged_of(model: Model) -> Judged:
    """How a strain is judged by the variants for which a model stands."""
    return model.notes.get(JUDGED_NOTE, WORST)


def variants_of(model: Model) -> tuple[ModelVariant, ...]:
    """The variants for which a model stands; none where it stands for itself."""
    return model.notes.get(VARIANTS_NOTE, ())


def as_each(model: Model) -> Iterator[str]:
    """The model as one of its variants after the other, by name; as it is, without a name, where it has none."""
    variants = variants_of(model)
    if not variants:
        yield ""
    for one in variants:
        with model:
            apply_variant(model, one)
            yield one.name
