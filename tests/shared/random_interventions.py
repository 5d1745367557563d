"""Random wishes on random networks: gene rules, additions, bounds, costs, limits; and what a design does, read anew.

`Read` applies a design to the network as it was written, by the words of config/README.md and with nothing of the
library but the evaluation of a gene rule; linear programs of another solver give the numbers.
"""

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st
from random_networks import networks
from scipy.optimize import linprog

from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.gpr import active, genes, parse
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

GENES = ("g0", "g1", "g2", "g3", "g4", "g5")
COSTS = (0.5, 1.0, 1.0, 1.5, 2.0)
LEVELS = (0.0, 0.5, 2.0, 5.0, 20.0, -5.0, -20.0)
SHARES = (0, 30, 80, 100)
RELATIVE = tuple(f"{share}%" for share in SHARES)


@dataclass(frozen=True)
class Given:
    """A network with what a case says of its targets."""

    network: Network
    options: TargetOptions

    def problem(self, share_of_growth: float = 0.2, **asked) -> Problem:
        """Its problem, with a min_growth that is a share of the largest growth of all designs.

        `asked` are fields of the question other than those of a network with one product.
        """
        cuts = listed_cut_sets(dict(zip(self.network.reactions, self.network.rules, strict=True)))
        question, plain = replace(Question("EX_p", "EX_s", 0.0), **asked), self.options
        free, _ = build(self.network, cuts, question, plain)
        floor = max(0.01, share_of_growth * max(free.max_growth, 0.0))
        return build(self.network, cuts, replace(question, min_growth=floor), plain)[0]


@st.composite
def rules(draw, depth: int = 2) -> str:
    """A gene rule with brackets; genes may stand in it more than once."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(GENES))
    parts = draw(st.lists(rules(depth - 1), min_size=2, max_size=3))
    return "(" + draw(st.sampled_from([" and ", " or "])).join(parts) + ")"


@st.composite
def givens(draw, level: str | None = None, limits: bool = True, depth: int = 2) -> Given:
    """A case that `curate` would pass on: what a design may add is closed in the network."""
    network = _split(draw, draw(networks()))
    level = level or draw(st.sampled_from(["reactions", "genes", "genes"]))
    own = [name for name in network.reactions if name.startswith("R")]
    rule = {name: draw(st.one_of(rules(depth), rules(depth), st.just(""))) for name in own}
    candidates = draw(st.lists(st.sampled_from(own), max_size=4, unique=True))
    pathways = {}
    if len(candidates) > 2 and draw(st.booleans()):
        pathways["path"] = tuple(candidates[:2])
        candidates = candidates[2:]
    if pathways and draw(st.booleans()):
        candidates.append(pathways["path"][0])
    absent = draw(st.sampled_from([(), (), ("g0",), ("g0", "g1")])) if level == "genes" else ()
    wanted = [f"+{name}" for name in (*candidates, *pathways, *absent)]
    network = _closed(network, rule, {*candidates, *chain(*pathways.values())}, pathways, frozenset(absent))
    inner = [name for name in own if name not in network.added]
    if limits:
        wanted += draw(st.lists(_bounds(network, own), max_size=3, unique=True)) + draw(_steps(network, own))
    include = draw(st.lists(st.sampled_from(inner), max_size=3, unique=True)) if inner else []
    if level == "genes":
        wanted += draw(st.lists(_gene_limits(), max_size=4, unique=True)) if limits else []
        outs = [gene for gene in GENES if gene not in absent]
    else:
        outs = inner
    wanted = [text for text in dict.fromkeys(wanted) if not _unknown(text, network)]
    knock_outs = [f"-{name}" for name in outs if _present(name, network)]
    forced = _forced(draw, [text for text in wanted if text.split("<=")[0] not in GENES], knock_outs)
    wanted = [text for text in wanted if text in forced or _side(text) not in set(map(_side, forced))]
    options = TargetOptions(
        level=level,
        interventions={text: draw(st.sampled_from(COSTS)) for text in wanted},
        pathways=pathways,
        include=include,
        costs={text[1:]: draw(st.sampled_from(COSTS)) for text in knock_outs},
        forced=forced,
        exclusive=_pairs(draw, [text for text in (*wanted, *knock_outs) if text not in forced]),
    )
    return Given(network, options)


def _forced(draw, wanted: list[str], knock_outs: list[str]) -> list[str]:
    texts = [*wanted, *knock_outs]
    if not texts or draw(st.integers(0, 2)):
        return []
    return draw(st.lists(st.sampled_from(texts), min_size=1, max_size=2, unique_by=_side))


def _pairs(draw, texts: list[str]) -> list[list[str]]:
    if len(texts) < 2 or not draw(st.booleans()):
        return []
    return [draw(st.lists(st.sampled_from(texts), min_size=2, max_size=3, unique=True))]


def _present(name: str, network: Network) -> bool:
    return name in network.reactions or any(name in genes(parse(rule)) for rule in network.rules)


def _unknown(text: str, network: Network) -> bool:
    """Whether a gene's limit or knock-in names a gene that no rule has."""
    name = text.removeprefix("+").split("<=")[0].split(">=")[0]
    return name in GENES and not _present(name, network)


def _side(text: str) -> str:
    return text.split("=")[0]


@st.composite
def _bounds(draw, network: Network, own: list[str]) -> str:
    name = draw(st.sampled_from([*own, "EX_s", *(n for n in network.reactions if n.startswith("EX_"))]))
    level = draw(st.one_of(st.sampled_from(LEVELS).map(lambda x: f"{x:g}"), st.sampled_from(RELATIVE)))
    return f"{name}{draw(st.sampled_from(['>=', '<=', '<=']))}{level}"


@st.composite
def _steps(draw, network: Network, own: list[str]) -> list[str]:
    """Several levels of one end of a reaction, most of them looser than it is."""
    if draw(st.booleans()):
        return []
    ends = dict(zip(network.reactions, zip(network.lower, network.upper, strict=True), strict=True)) | network.added
    tight = [(name, sign) for name in own for sign, end in zip((">=", "<="), ends[name], strict=True) if abs(end) <= 10]
    name, sign = draw(st.sampled_from([("EX_s", ">="), *tight]))
    lower, upper = ends[name]
    steps = draw(st.lists(st.sampled_from([-3, 2, 5, 9, 14]), min_size=2, max_size=3, unique=True))
    return [f"{name}{sign}{lower - step if sign == '>=' else upper + step:g}" for step in steps]


@st.composite
def _gene_limits(draw) -> str:
    return f"{draw(st.sampled_from(GENES))}<={draw(st.sampled_from([0.0, 0.5, 2.0, 5.0])):g}"


def _split(draw, network: Network) -> Network:
    """The network with one reaction in two coupled parts, of which the second is written backwards in other units."""
    chosen = [number for number, name in enumerate(network.reactions) if name.startswith("R")]
    number = draw(st.sampled_from([None, *chosen]))
    if number is None:
        return network
    factor, new = Fraction(draw(st.sampled_from(["2", "0.5"]))), len(network.metabolites)
    column = network.stoichiometry[number]
    first = (*((row, value) for row, value in column if value < 0), (new, Fraction(1)))
    second = (*((row, -factor * value) for row, value in column if value > 0), (new, factor))
    columns = list(network.stoichiometry)
    columns[number] = first
    return replace(
        network,
        metabolites=(*network.metabolites, "middle"),
        reactions=(*network.reactions, f"{network.reactions[number]}back"),
        stoichiometry=(*columns, second),
        lower=np.append(network.lower, -1000.0),
        upper=np.append(network.upper, draw(st.sampled_from([1000.0, 0.0]))),
        rules=(*network.rules, ""),
        subsystems=(*network.subsystems, ""),
    )


def _closed(network: Network, rule, alone: set[str], pathways, absent: frozenset[str]) -> Network:
    """The network as curated: what must be added is closed, with its bounds beside it."""
    lower, upper, added = network.lower.copy(), network.upper.copy(), {}
    for number, name in enumerate(network.reactions):
        if name in alone or not active(parse(rule.get(name, "")), absent):
            added[name] = float(lower[number]), float(upper[number])
            lower[number] = upper[number] = 0.0
    return replace(
        network,
        rules=tuple(rule.get(name, "") for name in network.reactions),
        lower=lower,
        upper=upper,
        added=added,
        absent_genes=absent,
        pathways=pathways,
    )


class Read:
    """The network with a design applied, by its names as tables write them.

    `contradicts` says that a reaction must carry flux which the design takes away.
    """

    def __init__(self, given: Given, names):
        self.network = network = given.network
        self._removed, self._added, self._limits, self._bounds = set(), set(), {}, []
        self.contradicts = False
        for text in names:
            if text[0] == "-":
                self._removed.update(re.split(r"[|&]", text[1:]))
            elif text[0] == "+":
                self._added.update(network.pathways.get(text[1:], (text[1:],)))
            else:
                self._bound(text)
        alone = {text[1:] for text in given.options.interventions if text[0] == "+"}
        self._alone = alone.union(*(members for name, members in network.pathways.items() if name in alone))
        self.lower, self.upper = map(np.array, zip(*map(self._ends, range(len(network.reactions))), strict=True))

    def _bound(self, text: str) -> None:
        sign = ">=" if ">=" in text else "<="
        name, level = text.split(sign)
        if name in self.network.reactions:
            self._bounds.append((name, sign, float(level)))
        else:
            self._limits[name] = float(level)

    def _ends(self, number: int) -> tuple[float, float]:
        name, tree = self.network.reactions[number], parse(self.network.rules[number])
        gone = self._removed | (self.network.absent_genes - self._added)
        lacking = name in self._alone and name not in self._added
        lower, upper = self.network.added.get(name, (self.network.lower[number], self.network.upper[number]))
        for where, sign, level in self._bounds:
            if where == name:
                lower, upper = (level, upper) if sign == ">=" else (lower, level)
        if name in self._removed or lacking or not active(tree, gone):
            self.contradicts |= not lower <= 0 <= upper
            return 0.0, 0.0
        most = self._capacity(tree, gone)
        return max(lower, -most), min(upper, most)

    def _capacity(self, tree, gone: set[str]) -> float:
        """Least sum of what the genes carry, over all sets of them without which the rule is false."""
        own = sorted(genes(tree))
        sets = chain.from_iterable(combinations(own, size) for size in range(len(own) + 1))
        carried = {gene: 0.0 if gene in gone else self._limits.get(gene, np.inf) for gene in own}
        return min((sum(carried[gene] for gene in some) for some in sets if not active(tree, some)), default=np.inf)

    def best(self, name: str | dict, maximize: bool = True, **fixed: tuple[float, float]) -> float | None:
        """Largest or least flux of a reaction where others lie within some bounds, None without a state.

        A mapping stands for a weighted sum of fluxes.
        """
        network = self.network
        bounds = list(zip(self.lower, self.upper, strict=True))
        for other, (least, most) in fixed.items():
            number = network.reactions.index(other)
            bounds[number] = max(bounds[number][0], least), min(bounds[number][1], most)
        if any(least > most for least, most in bounds):
            return None
        matrix = np.zeros((len(network.metabolites), len(network.reactions)))
        for column, entries in enumerate(network.stoichiometry):
            for row, value in entries:
                matrix[row, column] = float(value)
        goal = np.zeros(len(bounds))
        for one, weight in ({name: 1.0} if isinstance(name, str) else name).items():
            goal[network.reactions.index(one)] = -weight if maximize else weight
        tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
        result = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds, method="highs", options=tight)
        if result.status == 2:
            return None
        assert result.status == 0, result.message
        return float(-result.fun if maximize else result.fun)

    def value(self, formulation: str, min_growth: float, made: str | dict = "EX_p") -> float | None:
        """The value of a design; None where the formulation has none."""
        growth = self.best("BIOMASS")
        if growth is None or growth < min_growth:
            return None
        fastest = {"BIOMASS": (growth - 1e-9, np.inf)}
        if formulation == "optknock":
            return self.best(made, **fastest)
        if formulation == "robustknock":
            return self.best(made, False, **fastest)
        if formulation == "strong_coupling":
            return self.best(made, False, BIOMASS=(min_growth, np.inf))
        if formulation == "potential":
            return self.best(made, BIOMASS=(min_growth, np.inf))
        without = self.best("BIOMASS", EX_p=(0.0, 0.0))
        return None if without is None else growth - without


def as_cobra(given: Given, curated: bool = True):
    """The network as a COBRApy model, with the notes that `curate` leaves; or as it was before."""
    from cobra.io.dict import model_from_dict

    network = given.network
    notes = {name: " ".join(map(repr, ends)) for name, ends in network.added.items()} if curated else {}
    ends = list(zip(network.lower.tolist(), network.upper.tolist(), strict=True))
    if not curated:
        ends = [network.added.get(name, own) for name, own in zip(network.reactions, ends, strict=True)]
    model = model_from_dict(
        {
            "metabolites": [{"id": name, "compartment": "c"} for name in network.metabolites],
            "reactions": [
                {
                    "id": name,
                    "metabolites": {network.metabolites[row]: float(v) for row, v in network.stoichiometry[number]},
                    "lower_bound": ends[number][0],
                    "upper_bound": ends[number][1],
                    "gene_reaction_rule": network.rules[number],
                    "notes": {"knock_in": notes[name]} if name in notes else {},
                }
                for number, name in enumerate(network.reactions)
            ],
            "genes": [{"id": gene} for gene in GENES],
        }
    )
    if not curated:
        model.objective = network.biomass
        return model
    model.notes = {
        "absent_genes": ";".join(sorted(network.absent_genes)),
        "pathways": json.dumps({name: list(ids) for name, ids in network.pathways.items()}),
    }
    return model
