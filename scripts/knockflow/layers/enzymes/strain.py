"""The budget of enzymes on a COBRApy model, from the tables again; nothing of the search is used here.

What a flux needs is a metabolite, `enzyme_pool`, that reactions take up as they run and of which the budget is there.
A reaction that costs something when it runs back has a companion: v + b >= 0. Of isozymes with different costs each is
a reaction with its own genes, so that it goes with them:  v <= sum e_i. None of these is a flux of the cell: they bear
a note (`knockflow.layers.in_strain.AUXILIARY_NOTE`).
"""

import ast
from collections.abc import Iterable, Mapping
from itertools import product
from math import inf, prod
from statistics import median

from cobra import Metabolite, Model, Reaction

from knockflow.language.ids import Known, gene_in
from knockflow.layers.enzymes.inputs import DIRECTIONS, MOST_ENZYMES, SECONDS_PER_HOUR, Inputs, read_inputs
from knockflow.layers.in_strain import AUXILIARY_NOTE
from knockflow.layers.layer import Given
from knockflow.model.constrained_model import set_ends, tidy_id
from knockflow.model.notes import PSEUDO_NOTE

PER_MILLE = 1000.0
"""What the budget is counted as, so that it is of the size of fluxes."""

Sets = set[frozenset[str]]


def rebuild(model: Model, given: Given) -> None:
    """Give a curated model the enzymes of a case's tables."""
    _Pool(model, given.options["budget"]).limit(_Prices(model, read_inputs(given)))


class _Prices:
    """What enzymes cost, by the ids of the model (g h/mmol)."""

    def __init__(self, model: Model, inputs: Inputs):
        reactions = Known(model.reactions)
        self.by_mass = inputs.costs is None
        self.numbers = {
            (reactions.reaction(name), way): number
            for (name, way), number in inputs.directed.items()
            if reactions.reaction(name)
        }
        of_genes = ((gene_in(model.genes, name), mass) for name, mass in inputs.masses.items())
        self.masses = {gene: mass for gene, mass in of_genes if gene}
        self.subunits = {
            (reactions.reaction(name), frozenset(gene_in(model.genes, gene) for gene in own)): {
                gene_in(model.genes, gene): count for gene, count in counts.items()
            }
            for name, sets in inputs.subunits.items()
            for own, counts in sets.items()
        }
        self.exempt = {reactions.reaction(name) for name in inputs.exempt}
        self.median = median(self.numbers.values()) if inputs.median else None
        self.median_mass = median(self.masses.values()) if inputs.median and self.masses else None
        self.always = {gene.id for gene in model.genes if PSEUDO_NOTE in gene.notes}

    def of(self, reaction: Reaction) -> list[tuple[frozenset[str], list[float]]]:
        """The genes of each enzyme of a reaction, with its costs by direction; none where all are free."""
        given = [self.numbers.get((reaction.id, way)) for way in DIRECTIONS]
        if len(reaction.metabolites) == 1 or reaction.id in self.exempt:
            return []
        if reaction.objective_coefficient and given == [None, None]:
            return []
        body = reaction.gpr.body
        ruled = body is not None and not self._holds_anyway(body)
        numbers = [self.median if number is None and ruled else number for number in given]
        if not any(numbers):
            return []
        if not self.by_mass:
            return [(frozenset(), [number or 0.0 for number in numbers])]
        if not ruled or (self.median_mass is None and self._named(body) - self.masses.keys()):
            return []
        if self._ways(body) > MOST_ENZYMES:
            masses = {frozenset(): self._least(body)}
        else:
            masses = {own: self._weight(reaction.id, own) for own in _fewest(self._sets(body))}
        per_hour = [SECONDS_PER_HOUR * number if number else inf for number in numbers]
        return [(own, [mass / rate for rate in per_hour]) for own, mass in masses.items()]

    def _weight(self, reaction: str, own: frozenset[str]) -> float:
        counts = self.subunits.get((reaction, own), {})
        return sum(counts.get(gene, 1.0) * self.masses.get(gene, self.median_mass) for gene in own)

    # A gene rule as COBRApy has it, without the genes that are always there --------------------------------------

    def _holds_anyway(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.always
        return (all if isinstance(node.op, ast.And) else any)(map(self._holds_anyway, node.values))

    def _parts(self, node: ast.BoolOp) -> list[ast.AST]:
        return [part for part in node.values if not self._holds_anyway(part)]

    def _named(self, node: ast.AST) -> set[str]:
        if self._holds_anyway(node):
            return set()
        return {node.id} if isinstance(node, ast.Name) else set().union(*map(self._named, node.values))

    def _ways(self, node: ast.AST) -> int:
        if isinstance(node, ast.Name):
            return 1
        return (prod if isinstance(node.op, ast.And) else sum)(map(self._ways, self._parts(node)))

    def _sets(self, node: ast.AST) -> Sets:
        if isinstance(node, ast.Name):
            return {frozenset([node.id])}
        parts = list(map(self._sets, self._parts(node)))
        if isinstance(node.op, ast.Or):
            return set().union(*parts)
        return {frozenset().union(*chosen) for chosen in product(*parts)}

    def _least(self, node: ast.AST) -> float:
        if isinstance(node, ast.Name):
            return self.masses.get(node.id, self.median_mass)
        return (sum if isinstance(node.op, ast.And) else min)(map(self._least, self._parts(node)))


def _fewest(sets: Sets) -> list[frozenset[str]]:
    """Those within which no other lies, in a fixed order."""
    return sorted((one for one in sets if not any(other < one for other in sets)), key=sorted)


class _Pool:
    """The metabolite of the budget, and what is added to the model for it."""

    def __init__(self, model: Model, budget: float):
        self.model, self.scale = model, PER_MILLE / budget
        self.home = next(iter(sorted(filter(None, model.compartments))), "c")
        self.pool = self._metabolite("enzyme_pool", "share of the budget of enzymes, per mille")
        self.reactions: list[Reaction] = []
        self.ends: list[tuple[Metabolite, float]] = [(self.pool, -PER_MILLE)]
        self.ids = {one.id for one in model.reactions}

    def limit(self, prices: _Prices) -> None:
        """Let every reaction take from the budget what its enzymes cost."""
        more: dict[Reaction, dict[Metabolite, float]] = {}
        for reaction in self.model.reactions:
            enzymes = prices.of(reaction)
            if len({tuple(costs) for _, costs in enzymes}) == 1:
                more[reaction] = self._alike(reaction, *enzymes[0][1])
            elif enzymes:
                more[reaction] = self._apart(reaction, enzymes)
        self.model.add_metabolites([one for one, _ in self.ends])
        self.model.add_reactions(self.reactions)
        for reaction, coefficients in more.items():
            reaction.add_metabolites(coefficients)
        for metabolite, least in self.ends:
            set_ends(self.model.constraints[metabolite.id], least, inf)

    def _alike(self, reaction: Reaction, ahead: float, back: float) -> dict[Metabolite, float]:
        """A reaction whose isozymes cost the same."""
        reversed_ = self._balance(f"{reaction.id}_reversed")
        self._reaction(f"REVERSED_{reaction.id}", {reversed_: 1.0, self.pool: -self.scale * (ahead + back)})
        return {reversed_: 1.0, self.pool: -self.scale * ahead}

    def _apart(
        self, reaction: Reaction, enzymes: Iterable[tuple[frozenset[str], list[float]]]
    ) -> dict[Metabolite, float]:
        """A reaction with a reaction for each of its isozymes and directions."""
        added = {}
        for number, way, sign in ((0, "forward", -1.0), (1, "reverse", 1.0)):
            capacity = self._balance(f"{reaction.id}_{way}")
            added[capacity] = sign
            for count, (genes, costs) in enumerate(enzymes, start=1):
                name = f"ISOZYME_{count}_{reaction.id}_{way}"
                made = self._reaction(name, {capacity: 1.0, self.pool: -self.scale * costs[number]})
                made.gene_reaction_rule = " and ".join(sorted(genes))
        return added

    def _balance(self, name: str) -> Metabolite:
        """A metabolite of which there may be any amount left, but no debt."""
        made = self._metabolite(f"capacity_{name}", f"capacity of enzymes for {name}")
        self.ends.append((made, 0.0))
        return made

    def _metabolite(self, name: str, told: str) -> Metabolite:
        return Metabolite(tidy_id(name, (one.id for one in self.model.metabolites)), name=told, compartment=self.home)

    def _reaction(self, name: str, coefficients: Mapping[Metabolite, float]) -> Reaction:
        made = Reaction(tidy_id(name, self.ids), "enzyme of a reaction", lower_bound=0.0, upper_bound=inf)
        made.notes = {AUXILIARY_NOTE: "of the layer of enzymes"}
        made.add_metabolites({one: value for one, value in coefficients.items() if value})
        self.reactions.append(made)
        return made
