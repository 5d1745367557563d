"""The budget of enzymes in the search's follower: rows and columns over the compressed fluxes.

    sum over columns and directions of cost * |v_j| <= budget

is linear once a column that can run both ways has a companion b >= 0 with v + b >= 0, as small as it can be -v where
v < 0:  cost_f v + (cost_f + cost_r) b <= budget.  Costs of coupled reactions add up, since a column's direction settles
those of its members; so nothing has to be split before compression.

Where designs or rules may take some of a reaction's isozymes away, and the others cost more, each has a column e_i:

    v <= sum e_i,      cost_i e_i in the budget instead of v,      e_i = 0 without a gene of its complex
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np

from knockflow.base.errors import ConfigError, suggestion
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT
from knockflow.language.notation import AT_MOST, intervention
from knockflow.layers.enzymes.complexes import Complex
from knockflow.layers.enzymes.costs import Costed, Found, costs_of
from knockflow.layers.enzymes.inputs import BUDGET, DIRECTIONS, FORWARD, KCAT, Inputs, read_inputs
from knockflow.layers.in_follower import InFollower, Uncompressed
from knockflow.layers.layer import Given
from knockflow.model.network import Network
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.extension import Extension
from knockflow.problem.leader import Decision
from knockflow.problem.problem import Problem

logger = logging.getLogger(__name__)

PER_MILLE = 1000.0
"""What the row of the budget is scaled to, so that it is of the size of fluxes."""

Isozymes = Mapping[Complex, float]
"""What a flux of a reaction in one direction costs by the genes on which it depends."""


@dataclass(frozen=True)
class Deciding:
    """A target by which a gene's enzyme is gone, or limited to a level (mmol/gDW/h)."""

    gene: str
    adds: bool
    level: float = 0.0


class EnzymesInFollower(InFollower):
    """The costs of a case's tables and its budget in g/gDW."""

    varies = (BUDGET, KCAT)

    def __init__(self, inputs: Inputs, budget: float, separate: bool) -> None:
        self._inputs, self._budget, self._separate = inputs, budget, separate
        # Of a follower of its own: by what factor turnover numbers differ, and the layer of which it is one.
        self._kcats: Mapping[str, float] = {}
        self._nominal, self._varied = self, False

    def tighten(self, network: Network) -> Network:
        """Find what each reaction's enzymes cost; bounds stay."""
        if self._nominal is self:
            self._found: Found = costs_of(network, self._inputs)
        return network

    def vary(self, varied: Mapping[str, object]) -> "EnzymesInFollower":
        """With another budget, and other turnover numbers of some reactions, both by a factor."""
        if not varied.keys() & set(self.varies):
            return self
        kcats = varied.get(KCAT, {})
        costed = [reaction for reaction, one in self._found.of.items() if one.enzymes]
        for reaction in kcats:
            if reaction not in costed:
                raise ConfigError(f"{KCAT}: enzymes of {reaction} have no cost{suggestion(reaction, costed)}")
        other, self._varied = copy(self), True
        other._budget, other._kcats = self._budget * float(varied.get(BUDGET, 1.0)), kcats
        return other

    def offer(self, case: Uncompressed) -> dict[str, str]:
        """Tell genes apart whose isozymes cost differently; their removal may act although no reaction is closed."""
        self._deciding, self._limits = _deciding(case), _forced_limits(case)
        decided = {one.gene for one in self._deciding.values()} | self._limits.keys() | case.switched
        self._isozymes = {
            (reaction, way): _isozymes(costed, way, case.gone, decided, self._separate)
            for reaction, costed in self._found.of.items()
            for way in DIRECTIONS
            if costed.enzymes
        }
        self._loose = not self._varied and _most(self._isozymes, case) <= self._budget
        if self._loose:
            logger.info("enzymes: no flux within the bounds needs as much as the budget; it limits nothing")
            return {}
        roles: dict[str, set] = {}
        for (reaction, way), own in self._isozymes.items():
            for needs in own if len(own) > 1 else ():
                for gene in needs:
                    roles.setdefault(gene, set()).add((reaction, way, needs))
        self._telling = roles.keys() & case.offered.targets.keys()
        case.offered.roles |= {gene: frozenset(roles[gene]) for gene in self._telling}
        case.offered.regulators |= self._telling
        return {}

    def acting_genes(self) -> set[str]:
        """Genes of several reactions without which one of them goes on at a higher cost.

        Those of one reaction are deleted only to close it.
        """
        reactions = Counter(gene for one in self._found.of.values() for gene in one.genes)
        found = set()
        for costed in self._found.of.values():
            if len({(one.forward, one.reverse) for one in costed.enzymes}) > 1:
                always = frozenset.intersection(*(one.genes for one in costed.enzymes))
                found |= {gene for gene in costed.genes - always if reactions[gene] > 1}
        return set() if self._loose else found

    def extend(self, extension: Extension) -> None:
        """The row of the budget, with companions and columns of isozymes."""
        if not self._nominal._loose:
            self._budgeted(extension).close(PER_MILLE)

    def _budgeted(self, extension: Extension) -> "_Budget":
        known = self._nominal
        budget = _Budget(extension, PER_MILLE / self._budget, known._deciding, known._limits)
        for (reaction, way), own in known._isozymes.items():
            factor = self._kcats.get(reaction, 1.0)
            budget.add(reaction, way, {needs: cost / factor for needs, cost in own.items()})
        return budget

    def hindrance(self, problem: Problem) -> str:
        """The least budget with which the cell would grow at min_growth."""
        extension = Extension(problem.relaxed())
        budget = self._budgeted(extension)
        budget.close(np.inf)
        program = extension.extended().follower
        lp = LP(program.extended([Row("growth of the cell", program.min_growth, np.inf, program.growth)]))
        used = np.zeros(len(program.columns))
        used[list(budget.entries)] = list(budget.entries.values())
        lp.set_objective(used, maximize=False)
        if lp.solve() is not Verdict.OPTIMAL or lp.value <= PER_MILLE:
            return ""
        least = lp.value / PER_MILLE * self._budget
        return f"that takes at least {least:.4g} g/gDW of enzymes, and the budget is {self._budget:g}"

    def idle(self, problem: Problem) -> dict[str, str]:
        """Genes of isozymes on which nothing depends that can carry flux."""
        targets = problem.targets
        acting = set((targets.need % len(targets)).tolist()) if len(targets) else set()
        why = "no reaction that can carry flux costs more without it"
        return {
            name: why
            for t, name in enumerate(targets.ids)
            if t not in acting and not self._telling.isdisjoint(name.split("|"))
        }


def of(given: Given) -> EnzymesInFollower:
    """The enzymes of a case's tables."""
    return EnzymesInFollower(read_inputs(given), given.options["budget"], given.options["isozymes"] == "separate")


def _deciding(case: Uncompressed) -> dict[str, Deciding]:
    """The targets that remove, add or limit a gene, by name."""
    found, by_genes = {}, case.options.level == "genes"
    for name, wanted in case.offered.targets.items():
        if wanted.kind in (KNOCK_OUT, KNOCK_IN):
            if name in case.network.genes and (by_genes or name not in case.network.index()):
                found[name] = Deciding(name, wanted.adds)
        elif gene := _limited(name, case.network):
            found[name] = Deciding(gene, wanted.adds, intervention(name).level)
    return found


def _forced_limits(case: Uncompressed) -> dict[str, float]:
    """The limits of genes that every design has (mmol/gDW/h)."""
    found: dict[str, float] = {}
    for name, _, _ in case.offered.forced:
        if gene := _limited(name, case.network):
            found[gene] = min(intervention(name).level, found.get(gene, np.inf))
    return found


def _limited(name: str, network: Network) -> str:
    """The gene that an intervention limits; empty for any other."""
    change = intervention(name, bare="-")
    return change.name if change.action == AT_MOST and change.name not in network.index() else ""


def _isozymes(
    costed: Costed, way: str, gone: Collection[str], decided: Collection[str], separate: bool
) -> dict[Complex, float]:
    """What a direction costs by the genes on which that depends: those of each enzyme that is not surely a worse one.

    One entry where the cost is the same whatever happens to genes, as long as the reaction is there.
    """
    left = [(one.genes, getattr(one, way)) for one in costed.enzymes if one.genes.isdisjoint(gone)]
    if not left or len({cost for _, cost in left}) == 1:
        return {frozenset(): left[0][1]} if left else {}
    own: dict[Complex, float] = {}
    for genes, cost in left:
        needs = genes if separate else genes.intersection(decided)
        own[needs] = min(cost, own.get(needs, np.inf))
    kept = {
        needs: cost
        for needs, cost in own.items()
        if separate or not any(other < needs and least <= cost for other, least in own.items())
    }
    return kept if len(set(kept.values())) > 1 else {frozenset(): min(kept.values())}


def _most(isozymes: Mapping[tuple[str, str], Isozymes], case: Uncompressed) -> float:
    """What all fluxes at their bounds would need of the budget, in g/gDW."""
    index, total = case.network.index(), 0.0
    for (reaction, way), own in isozymes.items():
        lower, upper = case.offered.lower[index[reaction]], case.offered.upper[index[reaction]]
        flux, cost = max(0.0, upper if way == FORWARD else -lower), max(own.values(), default=0.0)
        total += flux * cost if flux and cost else 0.0
    return total


class _Budget:
    """The row of the budget while it is collected, and the columns that it needs."""

    def __init__(
        self, extension: Extension, scale: float, deciding: Mapping[str, Deciding], limits: Mapping[str, float]
    ) -> None:
        self.extension, self.problem, self.scale, self.limits = extension, extension.problem, scale, limits
        self.by_gene: dict[str, list[tuple[int, Deciding]]] = {}
        for number, names in enumerate(self.problem.targets.ids):
            for one in (deciding[name] for name in names.split("|") if name in deciding):
                self.by_gene.setdefault(one.gene, []).append((number, one))
        # By column: what a flux costs that runs forward, and one that runs back.
        self.costs: dict[int, list[float]] = {}
        self.entries: dict[int, float] = {}

    def add(self, reaction: str, way: str, own: Isozymes) -> None:
        """What a reaction costs in one direction."""
        place = self.extension.flux(reaction)
        if place is None or not own:
            return
        column, factor = place
        back = (way == FORWARD) == (factor < 0)
        if len(own) == 1:
            (cost,) = own.values()
            self.costs.setdefault(column, [0.0, 0.0])[back] += abs(factor) * cost
            return
        most = self._most(column, factor, back)
        if not most[0]:
            return
        capacity = {column: -abs(factor) if back else abs(factor)}
        for number, (needs, cost) in enumerate(sorted(own.items(), key=lambda one: (one[1], sorted(one[0]))), start=1):
            enzyme = self._enzyme(f"isozyme {number} of {reaction}, {way}", needs, most)
            capacity[enzyme] = -1.0
            self.entries[enzyme] = self.scale * cost
        # v - sum e_i <= 0
        self.extension.add_row(f"isozymes of {reaction}, {way}", capacity, -np.inf, 0.0)

    def _most(self, column: int, factor: float, back: bool) -> tuple[float, float]:
        """The largest flux of a reaction in a direction of its column, and that of the states that count."""
        problem = self.problem
        ends = (problem.lower, problem.viable_lower) if back else (problem.upper, problem.viable_upper)
        whole, viable = (abs(factor) * max(0.0, -float(end[column]) if back else float(end[column])) for end in ends)
        return whole, whole if np.isnan(viable) else min(whole, viable)

    def _enzyme(self, name: str, needs: Complex, most: tuple[float, float]) -> int:
        limit = min((self.limits[gene] for gene in needs if gene in self.limits), default=np.inf)
        column = self.extension.add_column(name, 0.0, min(most[0], limit), viable=(0.0, min(most[1], limit)))
        for gene in sorted(needs):
            for number, one in self.by_gene.get(gene, ()):
                self.extension.restrict(Decision(number, not one.adds), column, 0.0, one.level)
        self.extension.depend(column, needs)
        return column

    def close(self, most: float) -> None:
        """Add the row, with companions for what can run back."""
        problem = self.problem
        for column, (ahead, back) in sorted(self.costs.items()):
            if problem.upper[column] <= 0:
                self._cost(column, -back)
            elif problem.lower[column] >= 0 or not ahead + back:
                self._cost(column, ahead)
            else:
                name = f"{problem.columns[column]} reversed"
                whole, viable = self._most(column, 1.0, True)
                companion = self.extension.add_column(name, 0.0, whole, viable=(0.0, viable))
                # v + b >= 0
                self.extension.add_row(name, {column: 1.0, companion: 1.0}, 0.0, np.inf)
                self._cost(column, ahead)
                self._cost(companion, ahead + back)
        if self.entries:
            self.extension.add_row("budget of enzymes", self.entries, -np.inf, most)

    def _cost(self, column: int, cost: float) -> None:
        if cost:
            self.entries[column] = self.scale * cost
