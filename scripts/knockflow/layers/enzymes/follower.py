"""The budget of enzymes in the search's follower: rows and columns over the compressed fluxes.

    sum over columns and directions of cost * |v_j| <= budget

is linear once a column that can run both ways has a companion b >= 0 with v + b >= 0, as small as it can be -v where
v < 0:  cost_f v + (cost_f + cost_r) b <= budget.  Costs of coupled reactions add up, since a column's direction settles
those of its members; so nothing has to be split before compression.

Where designs or rules may take some of a reaction's isozymes away, and the others cost more, each has a column e_i:

    v <= sum e_i,      cost_i e_i in the budget instead of v,      e_i = 0 without a gene of its complex

So they have where they are drawn from different measured proteins, each of which has a row like the budget's.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.tolerances import REDUCED_COST
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT
from knockflow.language.notation import AT_MOST, intervention
from knockflow.layers.enzymes.budget import Budget, Deciding
from knockflow.layers.enzymes.costs import POOL, Found, costs_of
from knockflow.layers.enzymes.inputs import BUDGET, DIRECTIONS, FORWARD, KCAT, Inputs, read_inputs
from knockflow.layers.enzymes.isozymes import most_drawn, told_apart
from knockflow.layers.in_follower import InFollower, Uncompressed
from knockflow.layers.layer import Given
from knockflow.model.network import Network
from knockflow.numerics.program import Row
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.extension import Extension
from knockflow.problem.problem import Problem

logger = logging.getLogger(__name__)

MOST_TOLD = 3
"""Proteins of which there is too little that are named."""


class EnzymesInFollower(InFollower):
    """The costs of a case's tables and its budget in g/gDW."""

    varies = (BUDGET, KCAT)

    def __init__(self, inputs: Inputs, budget: float, separate: bool) -> None:
        self._inputs, self._budget, self._separate = inputs, budget, separate
        # Of a follower of its own: by what factors pool and turnover numbers differ, and the layer of which it is one.
        self._pool, self._kcats = 1.0, {}
        self._nominal, self._varied = self, False

    def tighten(self, network: Network) -> Network:
        """Find what each reaction's enzymes cost; bounds stay."""
        if self._nominal is self:
            self._found: Found = costs_of(network, self._inputs)
            self._amounts = self._found.amounts(self._inputs, self._budget)
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
        other._pool, other._kcats = float(varied.get(BUDGET, 1.0)), kcats
        return other

    def offer(self, case: Uncompressed) -> dict[str, str]:
        """Tell genes apart whose isozymes cost differently; their removal may act although no reaction is closed."""
        self._deciding, self._limits = _deciding(case), _forced_limits(case)
        decided = {one.gene for one in self._deciding.values()} | self._limits.keys() | case.switched
        flux, free, self._telling = _largest(case), set(), set()
        for _ in range(2 if len(self._amounts) > 1 else 1):
            self._isozymes = {
                (reaction, way): told_apart(costed, way, case.gone, decided, self._separate, free)
                for reaction, costed in self._found.of.items()
                for way in DIRECTIONS
                if costed.enzymes
            }
            drawn = most_drawn(self._isozymes, flux)
            if not self._varied:
                free |= {what for what, amount in self._amounts.items() if drawn.get(what, 0.0) <= amount}
        self._loose = free == self._amounts.keys()
        if self._loose:
            logger.info("enzymes: no flux within the bounds needs as much as the budget; it limits nothing")
            return {}
        roles: dict[str, set] = {}
        for (reaction, way), own in self._isozymes.items():
            for needs, _ in own if len(own) > 1 else ():
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
            if len({(one.forward, one.reverse, frozenset(one.shares.items())) for one in costed.enzymes}) > 1:
                always = frozenset.intersection(*(one.genes for one in costed.enzymes))
                found |= {gene for gene in costed.genes - always if reactions[gene] > 1}
        return set() if self._loose else found

    def extend(self, extension: Extension) -> None:
        """The rows of the budget and of caps, with companions and columns of isozymes."""
        if not self._nominal._loose:
            self._budgeted(extension).close()

    def _budgeted(self, extension: Extension) -> Budget:
        known = self._nominal
        amounts = known._amounts | {POOL: known._amounts[POOL] * self._pool}
        budget = Budget(extension, amounts, known._deciding, known._limits)
        for (reaction, way), own in known._isozymes.items():
            budget.add(reaction, way, own, self._kcats.get(reaction, 1.0))
        return budget

    def hindrance(self, problem: Problem) -> str:
        """The least budget with which the cell would grow at min_growth, or by how much all caps hold it back."""
        least, pool, _ = self._least(problem, [POOL])
        if least is not None:
            others = " that were not measured" if len(self._nominal._amounts) > 1 else ""
            told = f"that takes at least {least * pool:.4g} g/gDW of enzymes{others}, and the budget"
            return f"{told}{' leaves' if others else ' is'} {pool:g}" if least > 1 else ""
        least, _, short = self._least(problem, list(self._nominal._amounts))
        if least is None:
            return ""
        proteins = ", ".join(short[:MOST_TOLD]) + (", ..." if len(short) > MOST_TOLD else "")
        return f"that takes at least {least:.4g} times as much of measured proteins, as of {proteins}"

    def _least(self, problem: Problem, scaled: Sequence[str]) -> tuple[float | None, float, list[str]]:
        """How often the cell needs what there is, to grow at min_growth, None if that would not do.

        Also the pool (g/gDW), and the measured proteins of which there is too little for less.
        """
        extension = Extension(problem.relaxed())
        budget = self._budgeted(extension)
        times = budget.close(scaled)
        program = extension.extended().follower
        lp = LP(program.extended([Row("growth of the cell", program.min_growth, np.inf, program.growth)]))
        goal = np.zeros(len(program.columns))
        goal[times] = 1.0
        lp.set_objective(goal, maximize=False)
        if lp.solve() is not Verdict.OPTIMAL:
            return None, budget.amounts[POOL], []
        priced = {name for name, price in zip(program.rows, lp.row_duals(), strict=False) if abs(price) > REDUCED_COST}
        short = [what for what in budget.entries if what != POOL and budget.row(what) in priced]
        return lp.value, budget.amounts[POOL], sorted(short)

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


def _largest(case: Uncompressed) -> dict[tuple[str, str], float]:
    """The largest flux within bounds, by reaction and direction (mmol/gDW/h)."""
    ends = zip(case.network.reactions, case.offered.lower, case.offered.upper, strict=True)
    return {
        (name, way): max(0.0, upper if way == FORWARD else -lower) for name, lower, upper in ends for way in DIRECTIONS
    }
