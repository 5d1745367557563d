"""Random networks whose reactions have isozymes, complexes, costs and measured proteins."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from hypothesis import strategies as st
from random_networks import networks

from knockflow.layers.enzymes.follower import EnzymesInFollower
from knockflow.layers.enzymes.inputs import Inputs
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

GENES = [f"g{number}" for number in range(6)]


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
    measured = draw(st.sets(st.sampled_from(GENES), max_size=3))
    weighed = {gene: draw(st.sampled_from([0.5, 2.0, 8.0, 1e5])) for gene in sorted(measured)}
    molar = draw(st.booleans())
    inputs = Inputs(
        kcats=kcats,
        masses=masses,
        median=draw(st.booleans()),
        abundances={gene: amount / masses[gene] if molar else amount for gene, amount in weighed.items()},
        molar=molar,
        unmeasured_share=draw(st.sampled_from([1.0, 0.5])),
    )
    budget = draw(st.sampled_from([1.0, 5.0, 20.0, 60.0]))
    return Enzymatic(network, inputs, sum(weighed.values()) + budget)


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


@cache
def complexes(rule: str) -> list[frozenset[str]]:
    """All sets of genes by which a rule holds, by trying them."""
    names = [gene for gene in GENES if gene in rule]
    subsets = (set(own) for size in range(1, len(names) + 1) for own in combinations(names, size))
    return [frozenset(own) for own in subsets if eval(rule, {}, {gene: gene in own for gene in GENES})]
