"""Random networks with random Boolean rules, and a brute-force reading of them that shares nothing with the search.

By themselves (`Regulated`), and with all that a case may say of its targets (`Wished`).
"""

from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from hypothesis import strategies as st
from random_interventions import COSTS, GENES, Given, Read, givens
from random_networks import networks
from scipy.optimize import linprog

from knockflow.language.boolean_rules import Rule, atoms
from knockflow.language.boolean_rules import parse as parse_rule
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.layers.regulation.rules import RuleRow
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.gpr import active, parse
from knockflow.model.gpr import genes as genes_of
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import Target, TargetOptions
from knockflow.stages.problem import build

REGULATORS = ("r0", "r1", "r2")
EPS = 1e-4


@dataclass(frozen=True)
class Regulated:
    """A network, the rules of its genes and regulators as text, and which of them may be removed."""

    network: Network
    rules: dict[str, str]
    level: str = "genes"
    costs: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, RuleRow]:
        return {name: RuleRow(parse_rule(text), text, "gene") for name, text in self.rules.items()}

    @property
    def options(self) -> TargetOptions:
        return TargetOptions(level=self.level, costs=self.costs)


@dataclass(frozen=True)
class Wished:
    """A network, what a case says of its targets, and rules as text."""

    given: Given
    rules: dict[str, str]

    rows = Regulated.rows

    @property
    def network(self) -> Network:
        return self.given.network

    @property
    def options(self) -> TargetOptions:
        return self.given.options


@st.composite
def words(draw, network: Network) -> str:
    """One atom of a rule: a gene, a regulator, a metabolite or a flux."""
    reactions = [name for name in network.reactions if name.startswith("R")]
    return draw(
        st.one_of(
            st.sampled_from([*REGULATORS, *REGULATORS, f"g{draw(st.integers(0, len(reactions) - 1))}"]),
            st.sampled_from(["m0 > 0", "m0 > 7", "m0 > 20", "m1 > 0"]),
            st.sampled_from([*reactions, "BIOMASS", "EX_p"]).flatmap(
                lambda name: st.sampled_from([f"{name} > 0", f"{name} < 0", f"{name} > 1"])
            ),
        )
    )


@st.composite
def texts(draw, network: Network) -> str:
    """A rule of up to three words."""
    parts = draw(st.lists(words(network), min_size=1, max_size=3))
    signed = [f"not ({part})" if draw(st.booleans()) else part for part in parts]
    return draw(st.sampled_from([" and ", " or "])).join(signed)


@st.composite
def regulated_networks(draw) -> Regulated:
    """Some genes and all regulators have rules; reactions may need two genes, or one of two."""
    network = draw(networks())
    rules = list(network.rules)
    genes = sorted({rule for rule in rules if rule})
    for number, rule in enumerate(rules):
        if rule and draw(st.integers(0, 3)) == 0:
            other = draw(st.sampled_from(genes))
            rules[number] = rule if other == rule else f"{rule} {draw(st.sampled_from(['and', 'or']))} {other}"
    network = replace(network, rules=tuple(rules))
    regulated = draw(st.lists(st.sampled_from(genes), min_size=1, max_size=3, unique=True))
    names = [*regulated, *draw(st.lists(st.sampled_from(REGULATORS), max_size=3, unique=True))]
    return Regulated(
        network, {name: draw(texts(network)) for name in names}, draw(st.sampled_from(["genes"] * 3 + ["reactions"]))
    )


@st.composite
def wished_networks(draw) -> Wished:
    """What a case may ask for but limits of genes, and at most one change of the uptake that rules ask for."""
    given = draw(givens())
    changes = [text for text in given.options.interventions if text.startswith("EX_s>=")]
    forced = [text for text in changes if text in given.options.forced]
    barred = {text for text in changes if text not in (forced or changes[:1])}
    kept = {
        text: cost
        for text, cost in given.options.interventions.items()
        if text not in barred and text.split("<=")[0] not in GENES
    }
    names = draw(st.lists(st.sampled_from([*GENES, *REGULATORS]), min_size=1, max_size=4, unique=True))
    rules = {name: draw(texts(given.network)) for name in names}
    options = replace(
        given.options,
        interventions=kept,
        exclude=draw(st.lists(st.sampled_from(names), max_size=1)) if given.options.level == "genes" else [],
        exclusive=[[text for text in group if text in kept or text[0] == "-"] for group in given.options.exclusive],
        costs={**given.options.costs, **{name: draw(st.sampled_from(COSTS)) for name in REGULATORS}},
    )
    options = replace(
        options,
        exclude=[name for name in options.exclude if f"-{name}" not in options.forced],
        costs=options.costs if options.level == "genes" else given.options.costs,
    )
    return Wished(replace(given, options=options), rules)


def built(given: Regulated | Wished, objective: dict[str, float] | None) -> tuple[Problem, list[Target]]:
    """Problem and targets of a network whose min_growth is a share of the largest growth without rules."""
    network = given.network
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    known = {name: factor for name, factor in (objective or {}).items() if name in network.reactions}
    question, options = Question("EX_p", "EX_s", 0.0, known), given.options
    free, _ = build(network, cuts, question, options)
    floor = max(0.01, 0.2 * max(free.max_growth, 0.0))
    return build(network, cuts, replace(question, min_growth=floor), options, [RulesInFollower(given.rows, {}, {})])


def problem_of(given: Regulated | Wished, objective: dict[str, float] | None = None) -> Problem:
    """The problem alone; the cell maximizes growth, or a function of the fluxes."""
    return built(given, objective)[0]


def holds(rule: Rule, values: dict[Rule, bool]) -> bool:
    """Whether a rule holds, given its atoms."""
    match rule[0]:
        case "const":
            return rule[1]
        case "not":
            return not holds(rule[1], values)
        case "and":
            return all(holds(part, values) for part in rule[1])
        case "or":
            return any(holds(part, values) for part in rule[1])
    return values[rule]


class BruteForce:
    """The cell's states by trying every assignment of all symbols and all comparisons of fluxes."""

    def __init__(self, given: Regulated | Wished, min_growth: float):
        self.given, self.network, self.min_growth = given, given.network, min_growth
        self.trees = [parse(rule) for rule in given.network.rules]
        self.genes = set().union(*map(genes_of, self.trees))
        self.rules = self._mattering({name: parse_rule(text) for name, text in given.rules.items()})
        self.words = sorted(set().union(*map(atoms, self.rules.values())))
        self.index = given.network.index()
        self.fluxes = [word for word in self.words if word[0] == "compare" and word[1] in self.index]

    def _mattering(self, rules: dict[str, Rule]) -> dict[str, Rule]:
        """The rules on which a gene of the network depends."""
        reached, waiting = set(), sorted(self.genes)
        while waiting:
            name = waiting.pop()
            if name in rules and name not in reached:
                reached.add(name)
                waiting += [word[1] for word in atoms(rules[name]) if word[0] == "symbol"]
        return {name: rule for name, rule in rules.items() if name in reached}

    def value(self, interventions: frozenset[str], pessimistic: bool, viable: bool) -> float | None:
        """The value of some interventions; None if the cell cannot grow at min_growth."""
        pieces = list(self._pieces(interventions))
        growths = [self._optimum(piece, "BIOMASS", 1) for piece in pieces]
        best = max((growth for growth in growths if growth is not None), default=None)
        if best is None or best < self.min_growth - 1e-9:
            return None
        sign, found = (-1 if pessimistic else 1), []
        for piece, growth in zip(pieces, growths, strict=True):
            if viable or (growth is not None and growth >= best - 1e-7 * max(1.0, best)):
                floor = self.min_growth if viable else growth - 1e-9
                value = self._optimum(piece, "EX_p", sign, floor)
                found += [] if value is None else [value]
        return min(found) if pessimistic else max(found)

    def _pieces(self, interventions: frozenset[str]):
        """Bounds of the fluxes for each assignment that agrees with the rules."""
        symbols, gone = sorted(self.rules), self._gone(interventions)
        for bits in product([False, True], repeat=len(symbols)):
            on = dict(zip(symbols, bits, strict=True))
            ends = self._ends({name for name, there in on.items() if not there}, interventions)
            for beyond in product([False, True], repeat=len(self.fluxes)):
                values = self._atoms(
                    on, dict(zip(self.fluxes, beyond, strict=True)), gone, self._offered(interventions)
                )
                if all(on[name] == (holds(rule, values) and name not in gone) for name, rule in self.rules.items()):
                    yield self._bounds(ends, dict(zip(self.fluxes, beyond, strict=True)))

    def _gone(self, interventions) -> set[str]:
        """The genes that are not there, whatever rules say."""
        return set(interventions)

    def _offered(self, interventions) -> float:
        """Largest uptake of the substrate, m0."""
        return 10.0

    def _ends(self, off: set[str], interventions):
        """Bounds where some genes are off."""
        lower, upper = self.network.lower.copy(), self.network.upper.copy()
        for number, reaction in enumerate(self.network.reactions):
            if reaction in interventions or not active(self.trees[number], off | interventions):
                lower[number], upper[number] = max(lower[number], 0.0), min(upper[number], 0.0)
        return lower, upper

    def _atoms(self, on, beyond, gone, offered) -> dict[Rule, bool]:
        values = dict(beyond)
        for word in self.words:
            if word[0] == "symbol":
                values[word] = on.get(word[1], word[1] in self.genes and word[1] not in gone)
            elif word not in values:
                values[word] = (offered if word[1] == "m0" else 0.0) > word[3]
        return values

    def _bounds(self, ends, beyond):
        lower, upper = (side.copy() for side in ends)
        for (_, reaction, operator, level), yes in beyond.items():
            number = self.index[reaction]
            if (operator == ">") == yes:
                lower[number] = max(lower[number], level + (EPS if yes else 0.0))
            else:
                upper[number] = min(upper[number], level - (EPS if yes else 0.0))
        return lower, upper

    def _optimum(self, bounds, reaction: str, sign: int, growth: float = -np.inf) -> float | None:
        lower, upper = bounds[0].copy(), bounds[1]
        biomass = self.index["BIOMASS"]
        lower[biomass] = max(lower[biomass], growth)
        if (lower > upper + 1e-12).any():
            return None
        n = len(self.network.reactions)
        matrix = np.zeros((len(self.network.metabolites), n))
        for column, entries in enumerate(self.network.stoichiometry):
            for row, factor in entries:
                matrix[row, column] = float(factor)
        goal = np.zeros(n)
        goal[self.index[reaction]] = -sign
        found = linprog(
            goal,
            A_eq=matrix,
            b_eq=np.zeros(len(matrix)),
            bounds=np.array([lower, np.maximum(lower, upper)]).T,
            method="highs",
        )
        return -sign * found.fun + 0.0 if found.status == 0 else None


class BruteForceOfWishes(BruteForce):
    """The same for interventions as tables write them."""

    def _gone(self, interventions) -> set[str]:
        added = {text[1:] for text in interventions if text[0] == "+"}
        removed = {name for text in interventions if text[0] == "-" for name in text[1:].split("|")}
        return removed | (self.network.absent_genes - added)

    def _offered(self, interventions) -> float:
        return max(0.0, -float(Read(self.given.given, interventions).lower[self.index["EX_s"]]))

    def _ends(self, off: set[str], interventions):
        read = Read(self.given.given, [*interventions, *(f"-{name}" for name in off)])
        # a flux that must run, and cannot: no bounds leave a state
        return (read.lower + 1.0, read.upper - 1.0) if read.contradicts else (read.lower, read.upper)
