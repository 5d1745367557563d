"""A design applied to a COBRApy model; nothing of the search is used here.

The curated model is the wild type. A reaction that must be added is closed in it, and its notes hold the bounds that it
has once it is there. A reaction runs if it is there, its gene rule holds without the genes that are removed or absent,
and it is not itself knocked out. A gene whose product is limited to x mmol/gDW/h limits its reactions: each carries at
most what the cheapest set of genes carries that its rule cannot do without. Genes that layers of the model switch off
(`knockflow.layers.in_strain`) count as gone.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, combinations
from weakref import WeakKeyDictionary

from cobra import Model, Reaction

from knockflow.base.errors import ConfigError, FileError, suggestion
from knockflow.language.ids import gene_in, gene_name
from knockflow.language.notation import AT_LEAST, KNOCK_IN, KNOCK_OUT, Intervention, interventions
from knockflow.layers.in_strain import CLOSED_NOTE, DECIDED_NOTE, Decided, in_parts, of_strains, set_by_parts
from knockflow.model.notes import KNOCK_IN_BY_NOTE, KNOCK_IN_NOTE, Bounds, absent_genes, open_bounds, pathways

CLOSED = (0.0, 0.0)


@dataclass(frozen=True)
class Changes:
    """What a design asks of a model, by ids; `bounds` are (reaction, sign, level), `limits` the genes' capacities."""

    closed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    added_genes: set[str] = field(default_factory=set)
    bounds: list[tuple[str, str, float]] = field(default_factory=list)
    limits: dict[str, float] = field(default_factory=dict)


def read(text: str) -> list[Intervention]:
    """The interventions of a table's cell.

    Raises
    ------
    FileError
        If one is none that this version knows, or its level is relative.
    """
    try:
        found = interventions(text)
    except ConfigError as error:
        raise FileError(f"designs.tsv: {error}") from error
    for change in found:
        if change.relative:
            raise FileError(f"designs.tsv: intervention `{change}`: a result names the bound, not a share of a range")
    return found


def changes_of(model: Model, text: str) -> Changes:
    """What a table's interventions ask of a model; of interchangeable targets all are taken.

    Raises
    ------
    FileError
        If an intervention names nothing in the model.
    """
    changes, known, lacking = Changes(), pathways(model), absent_genes(model)
    for change in read(text):
        for name in change.ids:
            gene = gene_of(model, name)
            if name in model.reactions:
                _of_reaction(changes, change, model.reactions.get_by_id(name))
            elif gene or name in lacking:
                _of_gene(changes, change, gene or name, lacking)
            elif change.action == KNOCK_IN and name in known:
                changes.added.update(known[name])
            else:
                ids = [*(one.id for one in model.reactions), *(gene_name(one.id) for one in model.genes)]
                raise FileError(
                    f"designs.tsv: intervention `{change}`: no reaction, gene or pathway `{name}` in the model"
                    + suggestion(name, [*ids, *known])
                )
    return changes


def gene_of(model: Model, name: str) -> str | None:
    """The id in the model of a gene that a table or a rule names."""
    return gene_in(model.genes, name)


def _of_reaction(changes: Changes, change: Intervention, reaction: Reaction) -> None:
    if change.action == KNOCK_OUT:
        changes.closed.add(reaction.id)
    elif change.action != KNOCK_IN:
        changes.bounds.append((reaction.id, change.action, change.level))
    elif KNOCK_IN_NOTE in reaction.notes:
        changes.added.add(reaction.id)
    else:
        raise FileError(f"designs.tsv: intervention `{change}`: the model has reaction {reaction.id} without it")


def _of_gene(changes: Changes, change: Intervention, name: str, lacking: set[str]) -> None:
    if change.action == KNOCK_OUT:
        changes.removed.add(name)
    elif change.action == KNOCK_IN:
        if name not in lacking:
            raise FileError(f"designs.tsv: intervention `{change}`: the model has gene {name} without it")
        changes.added_genes.add(name)
    elif change.action == AT_LEAST or change.level < 0:
        raise FileError(f"designs.tsv: intervention `{change}`: a gene can only be limited, by `<=` a number from 0 up")
    else:
        changes.limits[name] = min(change.level, changes.limits.get(name, change.level))


def absent(model: Model, changes: Changes) -> set[str]:
    """The reactions that a strain lacks since they, or genes that they need, are not added."""
    lacking = absent_genes(model)
    of_pathways = set(chain.from_iterable(pathways(model).values()))
    missing = set()
    for reaction in _noted(model):
        # The note is also there where only a gene is missing.
        named = KNOCK_IN_BY_NOTE in reaction.notes or reaction.id in of_pathways
        there = reaction.id in changes.added or not (named or reaction.gpr.eval(lacking))
        if not (there and reaction.gpr.eval(lacking - changes.added_genes)):
            missing.add(reaction.id)
    return missing


def _noted(model: Model) -> list[Reaction]:
    """The reactions that must be added, or lack a gene that can be; looked for once in a model's reactions.

    Reactions that are added or removed are seen; notes are those of the curated model, to which nothing adds any.
    """
    known = _NOTED.get(model)
    if known is None or known[0] != len(model.reactions):
        known = len(model.reactions), [one.id for one in model.reactions if KNOCK_IN_NOTE in one.notes]
        _NOTED[model] = known
    found = (model.reactions.get_by_id(name) for name in known[1] if name in model.reactions)
    return [one for one in found if KNOCK_IN_NOTE in one.notes]


_NOTED: WeakKeyDictionary[Model, tuple[int, list[str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Strain:
    """What a design lacks: reactions that are not added, genes."""

    changes: Changes
    missing: set[str]
    gone: set[str]

    def bounds(self, reaction: Reaction, off: Collection[str]) -> Bounds:
        """A reaction's bounds; `off` are the genes that are gone and those that layers switch off."""
        if self.lacks(reaction):
            return CLOSED
        lower, upper = _limited(reaction, _set(reaction, self.changes), self.changes.limits, off)
        # A flux that is demanded of a reaction that is off stays so: then there is no state.
        return (max(0.0, lower), min(0.0, upper)) if _fails(reaction, off) else (lower, upper)

    def lacks(self, reaction: Reaction) -> bool:
        """Whether a reaction is closed by what is removed, or not added."""
        named = reaction.id in self.changes.closed or reaction.id in self.missing
        return named or _fails(reaction, self.gone)

    def closes(self, reaction: Reaction, off: Collection[str]) -> bool:
        """Whether a reaction is closed whatever its bounds would be."""
        return self.lacks(reaction) or (_fails(reaction, off) and self.bounds(reaction, off) == CLOSED)

    def decided(self, model: Model) -> tuple[Decided, ...]:
        """What layers leave to its fluxes."""
        layers = of_strains(model)
        medium = {one.id: self.bounds(one, self.gone) for one in model.boundary} if layers else {}
        return tuple(layer.decided(model, self.gone, medium, self.bounds) for layer in layers)

    def off(self, decided: Iterable[Decided]) -> set[str]:
        """The genes that are off whatever its fluxes are."""
        return self.gone.union(*(one.off for one in decided))


def _strain(model: Model, changes: Changes) -> _Strain:
    gone = changes.removed | (absent_genes(model) - changes.added_genes)
    return _Strain(changes, absent(model, changes), gone)


def bounds_of(model: Model, changes: Changes) -> dict[str, Bounds]:
    """The bounds of the reactions where a design differs from the wild type; they may contradict each other."""
    return _bounds(model, _strain(model, changes))[0]


def _bounds(model: Model, strain: _Strain) -> tuple[dict[str, Bounds], list[str]]:
    """As `bounds_of`, and which of the reactions the design closes that parts of the strain have bounds of."""
    off, of_parts = strain.off(strain.decided(model)), set_by_parts(model)
    concerned = _concerned(model, strain, off)
    closed = [one.id for one in concerned if one.id in of_parts and strain.closes(one, off)]
    after = {reaction: strain.bounds(reaction, off) for reaction in concerned}
    # What is closed in the cell before may be open in a part.
    found = {one.id: ends for one, ends in after.items() if ends != one.bounds or one.id in closed}
    return found, closed


def _concerned(model: Model, strain: _Strain, off: set[str]) -> list[Reaction]:
    """The reactions that a design may change, in the model's order: all others keep their bounds."""
    changes = strain.changes
    names = changes.closed | strain.missing | {name for name, _, _ in changes.bounds}
    for gene in off | changes.limits.keys():
        if gene in model.genes:
            names |= {reaction.id for reaction in model.genes.get_by_id(gene).reactions}
    names |= {reaction.id for reaction in _noted(model)}
    return sorted(map(model.reactions.get_by_id, names), key=model.reactions.index)


def _fails(reaction: Reaction, gone: Collection[str]) -> bool:
    """Whether a reaction's rule fails without some genes."""
    return not _genes(reaction).isdisjoint(gone) and not reaction.gpr.eval(gone)


def _set(reaction: Reaction, changes: Changes) -> Bounds:
    lower, upper = open_bounds(reaction)
    for name, action, level in changes.bounds:
        if name == reaction.id:
            lower, upper = (level, upper) if action == AT_LEAST else (lower, level)
    return lower, upper


def _limited(reaction: Reaction, bounds: Bounds, limits: dict[str, float], gone: set[str]) -> Bounds:
    if not limits:
        return bounds
    most = capacity(reaction, limits, gone)
    return (max(bounds[0], -most), min(bounds[1], most)) if most < float("inf") else bounds


def capacity(reaction: Reaction, limits: dict[str, float], gone: Iterable[str] = ()) -> float:
    """The most that a reaction carries, in either direction (mmol/gDW/h); infinite where no limit concerns it.

    Genes without a limit are in no cheapest set, and those that are gone are in all: only subsets of the limited ones
    are left to try.
    """
    gone = set(gone)
    limited = sorted(_genes(reaction) & limits.keys() - gone)
    subsets = chain.from_iterable(combinations(limited, size) for size in range(len(limited) + 1))
    return min(
        (sum(limits[gene] for gene in subset) for subset in subsets if not reaction.gpr.eval(gone.union(subset))),
        default=float("inf"),
    )


def _genes(reaction: Reaction) -> set[str]:
    return {gene.id for gene in reaction.genes}


@contextmanager
def changed(model: Model, design: str | Changes):
    """The model with a design applied, as a table has it or as what it asks for, and as it was afterwards.

    What it gives has the states of the strain: another model where the strain lives in several parts.
    """
    with model:
        strain = _strain(model, changes_of(model, design) if isinstance(design, str) else design)
        decided = strain.decided(model)
        bounds, closed = _bounds(model, strain)
        _set_bounds(model, bounds)
        model.notes |= {DECIDED_NOTE: decided, CLOSED_NOTE: closed}
        try:
            yield in_parts(model)
        finally:
            del model.notes[DECIDED_NOTE], model.notes[CLOSED_NOTE]


def told_of(model: Model, interventions: str) -> dict[str, str]:
    """What layers say of a strain, by layer: above all which reactions they leave to its fluxes, sorted."""
    strain = _strain(model, changes_of(model, interventions))
    decided = strain.decided(model)
    off = strain.off(decided)
    found = {}
    for layer, own in zip(of_strains(model), decided, strict=True):
        found[layer.key] = layer.on_strain(sorted(o.id for o in own.reactions if strain.bounds(o, off) != CLOSED))
    return {key: text for key, text in found.items() if text}


def _set_bounds(model: Model, bounds: Mapping[str, Bounds]) -> None:
    for name, (lower, upper) in bounds.items():
        reaction = model.reactions.get_by_id(name)
        if lower <= upper:
            reaction.bounds = lower, upper
            continue
        # COBRApy refuses such bounds; as constraints they leave no state, which is what they say.
        reaction.bounds = sorted((lower, upper))
        both = model.problem.Constraint(reaction.flux_expression, lb=max(lower, upper), name=f"{name}_at_least")
        other = model.problem.Constraint(reaction.flux_expression, ub=min(lower, upper), name=f"{name}_at_most")
        model.add_cons_vars([both, other])


def applied(model: Model, interventions: str) -> Model:
    """A copy of the model with a design's bounds; what fluxes decide is not in it."""
    strain = model.copy()
    _set_bounds(strain, bounds_of(strain, changes_of(strain, interventions)))
    return strain


def silenced(model: Model, interventions: str) -> list[str]:
    """The reactions that a design switches off and that could carry flux in the wild type, sorted."""
    found = bounds_of(model, changes_of(model, interventions))
    off = {name for name, bounds in found.items() if bounds == CLOSED}
    if of_strains(model):
        wild = bounds_of(model, changes_of(model, ""))
        off -= {name for name, bounds in wild.items() if bounds == CLOSED}
    return sorted(off)
