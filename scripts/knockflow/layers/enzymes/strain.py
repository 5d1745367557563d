"""The budget of enzymes on a COBRApy model, from the tables again; nothing of the search is used here.

Each enzyme is a reaction without metabolites, whose flux is what it carries, forward (e_i) or back (e_i'):

    v = sum e_i - sum e_i',      sum cost_i e_i + sum cost_i' e_i' <= budget

Isozymes of different costs have their own genes, so that they go with them. None of these is a flux of the cell: they
bear a note (`knockflow.layers.in_strain.AUXILIARY_NOTE`).
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from math import inf, prod
from statistics import median

from cobra import Model, Reaction

from knockflow.language.ids import Known, gene_in
from knockflow.layers.enzymes.inputs import (
    BUDGET,
    DIRECTIONS,
    KCAT,
    MOST_ENZYMES,
    SECONDS_PER_HOUR,
    Inputs,
    read_inputs,
)
from knockflow.layers.in_strain import AUXILIARY_NOTE, COST_NOTE, SHARE_NOTE, aids, let_vary, undone
from knockflow.layers.layer import Given
from knockflow.model.constrained_model import add, tidy_id
from knockflow.model.constraints import Constraint
from knockflow.model.notes import PSEUDO_NOTE

PER_MILLE = 1000.0
"""What the budget is counted as, so that it is of the size of fluxes."""

Sets = set[frozenset[str]]
Enzymes = Sequence[tuple[frozenset[str], Sequence[float]]]
"""The genes of each enzyme of a reaction, with its costs by direction (g h/mmol)."""


def rebuild(model: Model, given: Given) -> None:
    """Give a curated model the enzymes of a case's tables."""
    pool = _Pool(model, given.options["budget"])
    pool.limit(_Prices(model, read_inputs(given)))
    let_vary(model, BUDGET, partial(_with_budget, pool.budget))
    let_vary(model, KCAT, partial(_with_kcats, pool.budget))


def costs_in(model: Model) -> dict[str, float]:
    """What the enzymes of a model with this layer cost, by the reactions that stand for them (g h/mmol).

    Of a strain in several parts, such as zones, each counts by the share of its part.
    """
    return {
        one.id: one.notes[COST_NOTE] * one.notes.get(SHARE_NOTE, 1.0)
        for one in model.reactions
        if COST_NOTE in one.notes
    }


def _with_budget(budget: str | None, model: Model, factor: float) -> None:
    """Have  sum cost_i e_i <= factor * budget."""
    if budget is not None:
        row = model.constraints[budget]
        undone(model, partial(setattr, row, "ub", row.ub))
        row.ub = row.ub * factor


def _with_kcats(budget: str | None, model: Model, factors: Mapping[str, float]) -> None:
    """Have  cost_i / factor  in place of the cost of what enzymes of some reactions carry."""
    for one in model.reactions if budget is not None else ():
        factor = factors.get(aids(one))
        if factor is not None:
            row = model.constraints[budget]
            before = row.get_linear_coefficients([one.forward_variable, one.reverse_variable])
            undone(model, partial(row.set_linear_coefficients, before))
            row.set_linear_coefficients({variable: cost / factor for variable, cost in before.items()})


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

    def of(self, reaction: Reaction) -> Enzymes:
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
    """The budget, and what is added to the model for it."""

    def __init__(self, model: Model, budget: float):
        self.model, self.scale = model, PER_MILLE / budget
        self.taken = {one.id for one in [*model.metabolites, *model.reactions]} | {
            row.name for row in model.constraints
        }
        self.reactions: list[Reaction] = []
        self.constraints: list[Constraint] = []
        self.used: dict[str, float] = {}
        self.budget: str | None = None

    def limit(self, prices: _Prices) -> None:
        """Let every reaction take from the budget what its enzymes cost."""
        for reaction in self.model.reactions:
            enzymes = prices.of(reaction)
            if len({tuple(costs) for _, costs in enzymes}) == 1:
                enzymes = [(frozenset(), enzymes[0][1])]
            if enzymes:
                self._catalyse(reaction.id, enzymes)
        self.model.add_reactions(self.reactions)
        budget = Constraint(self._free("budget_of_enzymes"), -inf, PER_MILLE, self.used)
        self.budget = budget.id if self.used else None
        add(self.model, [*self.constraints, *([budget] if self.used else [])])

    def _catalyse(self, reaction: str, enzymes: Enzymes) -> None:
        """Let a reaction run only by its enzymes, as far as they carry it: v - sum e_i + sum e_i' = 0."""
        row = {reaction: 1.0}
        free = [way for number, way in enumerate(DIRECTIONS) if not any(costs[number] for _, costs in enzymes)]
        for number, (way, sign) in enumerate(zip(DIRECTIONS, (-1.0, 1.0), strict=True)):
            if way not in free:
                own = [(genes, costs[number]) for genes, costs in enzymes]
                row |= dict.fromkeys(self._enzymes(reaction, f"_{way}", own), sign)
        # Where a direction costs nothing, the flux may be on its side of what enzymes carry.
        lower, upper = (-inf if "reverse" in free else 0.0), (inf if "forward" in free else 0.0)
        self.constraints.append(Constraint(self._free(f"enzymes_of_{reaction}"), lower, upper, row))

    def _enzymes(self, reaction: str, way: str, own: Iterable[tuple[frozenset[str], float]]) -> list[str]:
        """A reaction for each enzyme, by what it costs; their ids."""
        found = []
        for count, (genes, cost) in enumerate(own, start=1):
            made = Reaction(self._free(f"ENZYME_{count}_{reaction}{way}"), "enzyme", lower_bound=0.0, upper_bound=inf)
            made.notes = {AUXILIARY_NOTE: reaction}
            if genes:
                made.gene_reaction_rule = " and ".join(sorted(genes))
            if cost:
                self.used[made.id] = self.scale * cost
                made.notes[COST_NOTE] = cost
            self.reactions.append(made)
            found.append(made.id)
        return found

    def _free(self, name: str) -> str:
        """An id that the solver takes and that nothing has yet."""
        found = tidy_id(name, self.taken if name in self.taken else ())
        self.taken.add(found)
        return found
