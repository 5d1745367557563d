"""Random networks with random Boolean rules, and a brute-force reading of them that shares nothing with the search."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from hypothesis import strategies as st
from random_networks import networks
from scipy.optimize import linprog

from knockflow.build import Wish, build
from knockflow.gpr import active, cut_sets, parse
from knockflow.network import Network
from knockflow.problem import Problem
from knockflow.regulation.resolve import resolve
from knockflow.regulation.rules import Rule, RuleRow, atoms
from knockflow.regulation.rules import parse as parse_rule
from knockflow.targets import TargetOptions

REGULATORS = ("r0", "r1", "r2")
EPS = 1e-4


@dataclass(frozen=True)
class Regulated:
    """A network, the rules of its genes and regulators as text, and which of them may be removed."""

    network: Network
    rules: dict[str, str]
    level: str = "genes"

    @property
    def rows(self) -> dict[str, RuleRow]:
        return {name: RuleRow(parse_rule(text), text, "gene") for name, text in self.rules.items()}


@st.composite
def words(draw, network: Network) -> str:
    """One atom of a rule: a gene, a regulator, a metabolite or a flux."""
    reactions = [name for name in network.reactions if name.startswith("R")]
    return draw(
        st.one_of(
            st.sampled_from([*REGULATORS, *REGULATORS, f"g{draw(st.integers(0, len(reactions) - 1))}"]),
            st.sampled_from(["m0 > 0", "m0 > 20", "m1 > 0"]),
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


def problem_of(given: Regulated, share_of_growth: float = 0.2) -> Problem:
    """The problem of a regulated network whose min_growth is a share of the largest growth without rules."""
    network = given.network
    cuts = {name: cut_sets(parse(rule)) for name, rule in zip(network.reactions, network.rules, strict=True)}
    regulation = resolve(network, given.rows, {}, {})
    wish, options = Wish("EX_p", "EX_s", 0.0), TargetOptions(level=given.level)
    free, _ = build(network, cuts, wish, options)
    floor = max(0.01, share_of_growth * max(free.max_growth, 0.0))
    return build(network, cuts, replace(wish, min_growth=floor), options, regulation)[0]


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

    def __init__(self, given: Regulated, min_growth: float):
        self.network, self.min_growth = given.network, min_growth
        self.rules = {name: parse_rule(text) for name, text in given.rules.items()}
        self.words = sorted(set().union(*map(atoms, self.rules.values())))
        self.index = given.network.index()
        self.trees = [parse(rule) for rule in given.network.rules]
        self.fluxes = [word for word in self.words if word[0] == "compare" and word[1] in self.index]

    def value(self, interventions: frozenset[str], pessimistic: bool, viable: bool) -> float | None:
        """The value of some removed genes or reactions; None if the cell cannot grow at min_growth."""
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
        symbols = sorted(self.rules)
        for bits in product([False, True], repeat=len(symbols)):
            on = dict(zip(symbols, bits, strict=True))
            for beyond in product([False, True], repeat=len(self.fluxes)):
                values = self._atoms(on, dict(zip(self.fluxes, beyond, strict=True)), interventions)
                if all(
                    on[name] == (holds(rule, values) and name not in interventions) for name, rule in self.rules.items()
                ):
                    yield self._bounds(on, dict(zip(self.fluxes, beyond, strict=True)), interventions)

    def _atoms(self, on, beyond, interventions) -> dict[Rule, bool]:
        values = dict(beyond)
        for word in self.words:
            if word[0] == "symbol":
                values[word] = on.get(word[1], word[1].startswith("g") and word[1] not in interventions)
            elif word not in values:
                offered = 10.0 if word[1] == "m0" else 0.0
                values[word] = offered > word[3]
        return values

    def _bounds(self, on, beyond, interventions):
        lower, upper = self.network.lower.copy(), self.network.upper.copy()
        gone = {name for name, there in on.items() if not there} | interventions
        for number, reaction in enumerate(self.network.reactions):
            if reaction in interventions or not active(self.trees[number], gone):
                lower[number], upper[number] = max(lower[number], 0.0), min(upper[number], 0.0)
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
