"""The budget of enzymes on a COBRApy model, from the tables again; nothing of the search is used here.

Each enzyme is a reaction without metabolites, whose flux is what it carries, forward (e_i) or back (e_i'):

    v = sum e_i - sum e_i',      sum cost_i e_i + sum cost_i' e_i' <= budget

What of a cost is a measured protein's counts in a constraint of this protein instead, whose bound is what there is of
it. Isozymes of different costs have their own genes, so that they go with them. None of these is a flux of the cell:
they bear a note (`knockflow.layers.in_strain.AUXILIARY_NOTE`).
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from math import inf, prod
from statistics import median

from cobra import Model, Reaction

from knockflow.language.ids import Known, gene_in, is_protein
from knockflow.layers.enzymes.inputs import (
    BUDGET,
    DIRECTIONS,
    KCAT,
    MOST_ENZYMES,
    SECONDS_PER_HOUR,
    Inputs,
    read_inputs,
)
from knockflow.layers.in_strain import AUXILIARY_NOTE, COPIES_NOTE, SHARE_NOTE, aids, let_vary, undone
from knockflow.layers.layer import Given
from knockflow.model.constrained_model import add, tidy_id
from knockflow.model.constraints import Constraint
from knockflow.model.notes import PSEUDO_NOTE

COST_NOTE = "cost"
"""The note of an enzyme, in memory only, that holds what it costs (g h/mmol)."""

USE_NOTE = "use"
"""The note of an enzyme, in memory only, that holds what share of a measured protein a flux of 1 takes, by its gene."""

PER_MILLE = 1000.0
"""What the budget is counted as, so that it is of the size of fluxes."""

Sets = set[frozenset[str]]
Parts = Mapping[str, float]
"""A mass or cost, by the gene of the measured protein whose it is, or by REST."""

REST = ""
"""Proteins that were not measured."""

Enzymes = Sequence[tuple[frozenset[str], Sequence[Parts]]]
"""The genes of each enzyme of a reaction, with its costs by direction (g h/mmol)."""


def rebuild(model: Model, given: Given) -> None:
    """Give a curated model the enzymes of a case's tables."""
    prices = _Prices(model, read_inputs(given))
    pool = _Pool(model, prices.measured | {REST: prices.rest(given.options["budget"])})
    pool.limit(prices)
    let_vary(model, BUDGET, partial(_with_budget, pool.rows.get(REST)))
    let_vary(model, KCAT, partial(_with_kcats, list(pool.rows.values())))


def costs_in(model: Model) -> dict[str, float]:
    """What the enzymes of a model with this layer cost, by the reactions that stand for them (g h/mmol).

    Of a strain in several parts, such as zones, each counts by the share of its part.
    """
    return {
        one.id: one.notes[COST_NOTE] * one.notes.get(SHARE_NOTE, 1.0)
        for one in model.reactions
        if COST_NOTE in one.notes
    }


def uses_in(model: Model) -> dict[tuple[str, int], dict[str, float]]:
    """What share of a measured protein a flux of 1 of its enzymes takes, by its gene and the part of the strain."""
    copies = model.notes.get(COPIES_NOTE, {}).values()
    part = {copy: number for own in copies for number, (copy, _) in enumerate(own)}
    found: dict[tuple[str, int], dict[str, float]] = {}
    for one in model.reactions:
        for gene, share in one.notes.get(USE_NOTE, {}).items():
            found.setdefault((gene, part.get(one.id, 0)), {})[one.id] = share
    return found


def _with_budget(budget: str | None, model: Model, factor: float) -> None:
    """Have  sum cost_i e_i <= factor * budget."""
    if budget is not None:
        row = model.constraints[budget]
        undone(model, partial(setattr, row, "ub", row.ub))
        row.ub = row.ub * factor


def _with_kcats(rows: Sequence[str], model: Model, factors: Mapping[str, float]) -> None:
    """Have  cost_i / factor  in place of the cost of what enzymes of some reactions carry."""
    for one in model.reactions if rows else ():
        factor = factors.get(aids(one))
        for row in (model.constraints[name] for name in rows) if factor is not None else ():
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
        self.measured = self._measured(model, inputs)
        self.shares = inputs.unmeasured_share, inputs.saturation
        self.always = {gene.id for gene in model.genes if PSEUDO_NOTE in gene.notes}

    def _measured(self, model: Model, inputs: Inputs) -> dict[str, float]:
        """How much there is of each measured protein (g/gDW)."""
        found = {}
        for name, amount in inputs.abundances.items():
            gene = gene_in(model.genes, name)
            mass = self.masses.get(gene, self.median_mass) if inputs.molar else 1.0
            if gene and mass is not None:
                found[gene] = amount * mass
        return found

    def rest(self, budget: float) -> float:
        """What there is of all others together (g/gDW)."""
        return (budget - sum(self.measured.values())) * prod(self.shares)

    def of(self, reaction: Reaction) -> Enzymes:
        """The genes of each enzyme of a reaction, with its costs by direction; none where all are free."""
        given = [self.numbers.get((reaction.id, way)) for way in DIRECTIONS]
        if len(reaction.metabolites) == 1 or reaction.id in self.exempt:
            return []
        if reaction.metabolites and all(is_protein(one.id) for one in reaction.metabolites):
            return []
        if reaction.objective_coefficient and given == [None, None]:
            return []
        body = reaction.gpr.body
        ruled = body is not None and not self._holds_anyway(body)
        numbers = [self.median if number is None and ruled else number for number in given]
        if not any(numbers):
            return []
        if not self.by_mass:
            return [(frozenset(), [{REST: number} if number else {} for number in numbers])]
        if not ruled or (self.median_mass is None and self._named(body) - self.masses.keys()):
            return []
        if self._ways(body) > MOST_ENZYMES:
            masses = {frozenset(): {REST: self._least(body)}}
        else:
            masses = {own: self._weight(reaction.id, own) for own in _fewest(self._sets(body))}
        per_hour = [SECONDS_PER_HOUR * number if number else inf for number in numbers]
        return [(own, [_divided(mass, rate) for rate in per_hour]) for own, mass in masses.items()]

    def _weight(self, reaction: str, own: frozenset[str]) -> Parts:
        counts, parts = self.subunits.get((reaction, own), {}), {}
        for gene in own:
            part = gene if gene in self.measured else REST
            mass = counts.get(gene, 1.0) * self.masses.get(gene, self.median_mass)
            parts[part] = parts.get(part, 0.0) + mass
        return parts

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


def _divided(parts: Parts, rate: float) -> Parts:
    return {name: mass / rate for name, mass in parts.items()} if rate < inf else {}


def _fewest(sets: Sets) -> list[frozenset[str]]:
    """Those within which no other lies, in a fixed order."""
    return sorted((one for one in sets if not any(other < one for other in sets)), key=sorted)


class _Pool:
    """What there is of each measured protein and of all others, and what is added to the model for it."""

    def __init__(self, model: Model, amounts: Mapping[str, float]):
        self.model, self.amounts = model, amounts
        self.taken = {one.id for one in [*model.metabolites, *model.reactions]} | {
            row.name for row in model.constraints
        }
        self.reactions: list[Reaction] = []
        self.constraints: list[Constraint] = []
        self.used: dict[str, dict[str, float]] = {}
        self.rows: dict[str, str] = {}

    def limit(self, prices: _Prices) -> None:
        """Let every reaction take from what there is what its enzymes cost."""
        for reaction in self.model.reactions:
            enzymes = prices.of(reaction)
            if enzymes and all(costs == enzymes[0][1] for _, costs in enzymes):
                enzymes = [(frozenset(), enzymes[0][1])]
            if enzymes:
                self._catalyse(reaction.id, enzymes)
        self.model.add_reactions(self.reactions)
        limits = [self._limited(name, used) for name, used in sorted(self.used.items())]
        add(self.model, [*self.constraints, *limits])

    def _limited(self, name: str, used: Mapping[str, float]) -> Constraint:
        """The constraint  sum cost_i e_i <= what there is, of the size of fluxes, and with entries that are, too."""
        row = self.rows[name] = self._free(f"cap_of_{name}" if name != REST else "budget_of_enzymes")
        unit = self.amounts[name] if name == REST else max(self.amounts[name], max(used.values()))
        scale = PER_MILLE / unit
        return Constraint(row, -inf, scale * self.amounts[name], {one: scale * cost for one, cost in used.items()})

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

    def _enzymes(self, reaction: str, way: str, own: Iterable[tuple[frozenset[str], Parts]]) -> list[str]:
        """A reaction for each enzyme, by what it costs; their ids."""
        found = []
        for count, (genes, costs) in enumerate(own, start=1):
            made = Reaction(self._free(f"ENZYME_{count}_{reaction}{way}"), "enzyme", lower_bound=0.0, upper_bound=inf)
            made.notes = {AUXILIARY_NOTE: reaction}
            if genes:
                made.gene_reaction_rule = " and ".join(sorted(genes))
            if costs:
                made.notes[COST_NOTE] = sum(costs.values())
                made.notes[USE_NOTE] = {name: cost / self.amounts[name] for name, cost in costs.items() if name}
            for name, cost in costs.items():
                self.used.setdefault(name, {})[made.id] = cost
            self.reactions.append(made)
            found.append(made.id)
        return found

    def _free(self, name: str) -> str:
        """An id that the solver takes and that nothing has yet."""
        found = tidy_id(name, self.taken if name in self.taken else ())
        self.taken.add(found)
        return found
