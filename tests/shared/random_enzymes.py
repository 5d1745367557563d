"""Random networks whose reactions have isozymes, complexes and costs, and their cells by plain linear programs.

The oracle shares no code with the layer: it tries all subsets of genes on a rule's text, splits every reaction into its
two directions, and asks SciPy's HiGHS.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import strategies as st
from random_networks import networks
from scipy.optimize import linprog

from knockflow.layers.enzymes.follower import EnzymesInFollower
from knockflow.layers.enzymes.inputs import Inputs
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

GENES = [f"g{number}" for number in range(6)]
TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True)
class Enzymatic:
    """A network with what its enzymes cost and their budget (g/gDW)."""

    network: Network
    inputs: Inputs
    budget: float


@st.composite
def rules(draw) -> str:
    """A gene, a complex, isozymes, or isozymes some of which are complexes."""
    genes = draw(st.lists(st.sampled_from(GENES), min_size=1, max_size=3, unique=True))
    if len(genes) == 1:
        return genes[0]
    if len(genes) == 2:
        return draw(st.sampled_from([" or ", " or ", " and "])).join(genes)
    return draw(st.sampled_from(["{} or {} or {}", "({} and {}) or {}", "{} and ({} or {})"])).format(*genes)


@st.composite
def enzymatic(draw, network: Network | None = None) -> Enzymatic:
    """Turnover numbers of some reactions and directions, masses of all genes; of a random network if none is given."""
    network = draw(networks()) if network is None else network
    own = tuple(draw(rules()) if rule else "" for rule in network.rules)
    network = replace(network, rules=own, written_rules=own, genes=tuple(GENES))
    kcats = {}
    for reaction, rule in zip(network.reactions, own, strict=True):
        for way in ("forward", "reverse") if rule else ():
            if draw(st.booleans()) or not kcats:
                kcats[reaction, way] = draw(st.sampled_from([0.5, 1.0, 2.0])) / 3600
    masses = {gene: draw(st.sampled_from([0.1, 1.0, 1.0, 2.0, 5.0])) for gene in GENES}
    inputs = Inputs(kcats=kcats, masses=masses, median=draw(st.booleans()))
    return Enzymatic(network, inputs, draw(st.sampled_from([1.0, 5.0, 20.0, 60.0])))


def problem_of(case: Enzymatic, level: str, separate: bool = False, share: float = 0.2) -> Problem:
    """The problem of a network, whose min_growth is a share of the largest growth."""
    network = case.network
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question, options = Question("EX_p", "EX_s", 0.0), TargetOptions(level=level)
    # Hooks keep what they have found, so each problem has a layer of its own.
    made, _ = build(network, cuts, question, options, [_layer(case, separate)])
    question = replace(question, min_growth=max(0.01, share * max(made.max_growth, 0.0)))
    return build(network, cuts, question, options, [_layer(case, separate)])[0]


def _layer(case: Enzymatic, separate: bool) -> EnzymesInFollower:
    return EnzymesInFollower(case.inputs, case.budget, separate)


class BruteForce:
    """The cell of a network without some genes and reactions."""

    def __init__(self, case: Enzymatic) -> None:
        self.network, self.budget, self.inputs = case.network, case.budget, case.inputs
        numbers = sorted(case.inputs.kcats.values())
        middle = (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2
        self.missing = middle if case.inputs.median else None

    def response(self, removed: set[str], floor: float) -> tuple[float, float, float] | None:
        """Largest growth, the least and most product there; None where growth is below the floor."""
        growth, product = (self.network.reactions.index(name) for name in ("BIOMASS", "EX_p"))
        fastest = self._optimum(removed, growth, -1.0, None)
        if fastest is None or -fastest < floor - 1e-9:
            return None
        at = growth, -fastest - 1e-9
        return -fastest, self._optimum(removed, product, 1.0, at), -self._optimum(removed, product, -1.0, at)

    def _optimum(self, removed: set[str], goal: int, sign: float, at: tuple[int, float] | None) -> float | None:
        n, network = len(self.network.reactions), self.network
        balance = np.zeros((len(network.metabolites), n))
        for column, entries in enumerate(network.stoichiometry):
            for row, value in entries:
                balance[row, column] = float(value)
        costs, open_ = np.zeros(2 * n), np.ones(n, bool)
        for number, name in enumerate(network.reactions):
            open_[number] = name not in removed
            if network.rules[number]:
                sets = [own for own in complexes(network.rules[number]) if not own & removed]
                open_[number] &= bool(sets)
                mass = min((sum(self.inputs.masses[gene] for gene in own) for own in sets), default=0.0)
                for side, way in enumerate(("forward", "reverse")):
                    kcat = self.inputs.kcats.get((name, way), self.missing)
                    costs[number + side * n] = mass / (3600 * kcat) if kcat else 0.0
        lower, upper = np.where(open_, network.lower, 0.0), np.where(open_, network.upper, 0.0)
        bounds = [*zip(np.maximum(lower, 0), np.maximum(upper, 0), strict=True)]
        bounds += [*zip(np.maximum(-upper, 0), np.maximum(-lower, 0), strict=True)]
        rows, ends = [costs], [self.budget]
        if at:
            row = np.zeros(2 * n)
            row[at[0]], row[at[0] + n] = -1.0, 1.0
            rows, ends = [*rows, row], [*ends, -at[1]]
        objective = np.zeros(2 * n)
        objective[goal], objective[goal + n] = sign, -sign
        found = linprog(
            objective,
            np.array(rows),
            ends,
            np.hstack([balance, -balance]),
            np.zeros(len(balance)),
            bounds,
            method="highs",
            options=TIGHT,
        )
        return float(found.fun) if found.status == 0 else None


@cache
def complexes(rule: str) -> list[frozenset[str]]:
    """All sets of genes by which a rule holds, by trying them."""
    names = [gene for gene in GENES if gene in rule]
    subsets = (set(own) for size in range(1, len(names) + 1) for own in combinations(names, size))
    return [frozenset(own) for own in subsets if eval(rule, {}, {gene: gene in own for gene in GENES})]
