"""What a design does to the curated model, told from model.json as it is read, without COBRApy.

The same rules as `knockflow.validation.strain`: the curated model is the wild type; a reaction that must be added is
closed in it, and its notes hold the bounds that it has once it is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knockflow.language.ids import gene_name
from knockflow.language.notation import AT_LEAST, KNOCK_IN, KNOCK_OUT, Intervention, intervention, interventions
from knockflow.model.gpr import active, genes, parse, renamed
from knockflow.model.notes import absent_genes, bounds_when_added, pathways

Bounds = tuple[float, float]
CLOSED = (0.0, 0.0)


@dataclass(frozen=True)
class WildType:
    """The curated model: bounds and rules by reaction, names by gene, and what it lacks until it is added."""

    bounds: Mapping[str, Bounds]
    equations: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, Bounds] = field(default_factory=dict)
    rules: Mapping[str, object] = field(default_factory=dict)
    genes: Mapping[str, str] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()
    pathways: Mapping[str, list[str]] = field(default_factory=dict)

    def is_gene(self, name: str) -> bool:
        """Whether an id is a gene's; a reaction of the same id comes first."""
        return name not in self.bounds and (name in self.genes or name in self.lacking)

    def gene(self, name: str) -> str:
        """A gene as biologists read it, `adhE (b1241)`; its id alone where the model has no other name for it."""
        called = self.genes.get(name) or name
        return name if called == name else f"{called} ({name})"

    def labelled(self, text: str) -> str:
        """An intervention with the names of its genes: `-adhE (b1241)`."""
        change = intervention(text)
        labels = "|".join(self.gene(one) if self.is_gene(one) else one for one in change.names)
        return text.replace(change.name, labels, 1)

    def of_gene(self, gene: str) -> list[str]:
        """The reactions whose rule names a gene."""
        return self._of_genes.get(gene, [])

    @cached_property
    def _of_genes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for reaction in sorted(self.rules):
            for gene in genes(self.rules[reaction]):
                found.setdefault(gene, []).append(reaction)
        return found

    def silenced(self, text: str) -> list[str]:
        """The reactions that a design switches off and that could carry flux in the wild type, sorted."""
        return [name for name, after in self._after(text).items() if after == CLOSED != self.bounds[name]]

    def started(self, text: str) -> list[str]:
        """The reactions that are closed in the wild type and run in the strain, sorted."""
        return [name for name, after in self._after(text).items() if after != CLOSED and name in self.waiting]

    def _after(self, text: str) -> dict[str, Bounds]:
        """Bounds of the reactions that a design concerns."""
        changes = interventions(text)
        named = {name for change in changes for name in change.ids}
        added = {part for change in changes if change.action == KNOCK_IN for part in self._parts(change)}
        removed = {name for change in changes if _stops(change) for name in change.ids if self.is_gene(name)}
        gone = removed | (self.lacking - added)
        closed = {name for change in changes if change.action == KNOCK_OUT for name in change.ids}
        of_genes = {name for name in named if self.is_gene(name)}
        concerned = (named | added | {one for gene in of_genes for one in self.of_gene(gene)}) & self.bounds.keys()
        found = {}
        for name in sorted(concerned):
            rule = self.rules.get(name)
            runs = name not in closed and self._there(name, added) and active(rule, gone)
            found[name] = self._set(name, changes) if runs else CLOSED
        return found

    def _parts(self, change: Intervention) -> Iterable[str]:
        return (part for name in change.names for part in self.pathways.get(name, [name]))

    def _there(self, name: str, added: set[str]) -> bool:
        """Whether a reaction is in the strain, its genes apart."""
        if name not in self.waiting or name in added:
            return True
        in_pathway = any(name in parts for parts in self.pathways.values())
        # The note is also there where only a gene is missing.
        return not in_pathway and not active(self.rules.get(name), self.lacking)

    def _set(self, name: str, changes: Iterable[Intervention]) -> Bounds:
        lower, upper = self.waiting.get(name, self.bounds[name])
        for change in changes:
            if name in change.ids and change.action not in (KNOCK_IN, KNOCK_OUT):
                lower, upper = (change.level, upper) if change.action == AT_LEAST else (lower, change.level)
        return lower, upper


def _stops(change: Intervention) -> bool:
    """Whether a gene's product can do nothing."""
    return change.action == KNOCK_OUT or (change.action not in (KNOCK_IN, AT_LEAST) and change.level == 0)


def wild_type(content: Mapping) -> WildType:
    """From the content of model.json."""
    bounds, waiting, rules, equations = {}, {}, {}, {}
    for reaction in content["reactions"]:
        name = reaction["id"]
        bounds[name] = float(reaction["lower_bound"]), float(reaction["upper_bound"])
        rule = renamed(parse(reaction.get("gene_reaction_rule", "")), gene_name)
        if rule is not None:
            rules[name] = rule
        added = bounds_when_added(reaction)
        if added:
            waiting[name] = added
        equations[name] = equation(reaction["metabolites"], waiting.get(name, bounds[name]))
    return WildType(
        bounds=bounds,
        equations=equations,
        waiting=waiting,
        rules=rules,
        genes={gene_name(gene["id"]): _called(gene) for gene in content.get("genes", ())},
        lacking=frozenset(map(gene_name, absent_genes(content))),
        pathways=pathways(content),
    )


def _called(gene: Mapping) -> str:
    """A gene's second name; a file that has none may repeat the id."""
    name = gene.get("name") or ""
    return "" if name == gene["id"] else name


def equation(metabolites: Mapping[str, float], bounds: Bounds) -> str:
    """A reaction's equation as it is written in a table of heterologous reactions."""
    sides = [
        " + ".join(f"{'' if abs(f) == 1 else f'{abs(f):g} '}{name}" for name, f in metabolites.items() if sign * f > 0)
        for sign in (-1, 1)
    ]
    arrow = "<=>" if bounds[0] < 0 < bounds[1] else "<-" if bounds[0] < 0 else "->"
    return f"{sides[0]} {arrow} {sides[1]}".strip()
