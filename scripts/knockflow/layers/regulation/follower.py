"""Regulation as a layer: which enzymes are there follows from Boolean rules, and what is not there carries no flux.

Steady-state regulatory FBA (Shlomi et al. 2007, doi:10.1038/msb4100141): the cell chooses among all states of fluxes
and genes that agree with each other. Of a reaction with bounds l, u and a set C of genes that its rule cannot do
without (`knockflow.model.gpr`):

    l * sum over C of x_g  <=  v  <=  u * sum over C of x_g

x_g is the value of g's rule. A gene that a design may remove has a column x_g of its own, closed by its removal. If
others depend on it, it is a regulator: x_g + s_g = rule, where keeping the gene closes the slack s_g, the opposite
restriction (`knockflow.problem.leader`). Else x_g <= rule, since less of an enzyme never helps the cell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.language.boolean_rules import COMPARISONS, ON, Rule, atoms
from knockflow.layers.in_follower import InFollower, Uncompressed
from knockflow.layers.layer import Given
from knockflow.layers.regulation.expression import regulators
from knockflow.layers.regulation.resolve import Conditions, Regulation, resolve
from knockflow.layers.regulation.rules import RuleRow, read_rules
from knockflow.layers.regulation.targets import Switch, offer_regulators, rules_of, switches_of
from knockflow.model.gpr import GeneCutSet, GeneRule, genes, genes_of, without
from knockflow.model.network import Network
from knockflow.numerics.flux_ranges import flux_ranges
from knockflow.numerics.simplex import LP
from knockflow.problem.extension import Extension
from knockflow.problem.logic import ALWAYS, NEVER, Columns, Value, value_of
from knockflow.problem.problem import Problem

SLACK = 1e-6
"""By how much, of its size, the end of a flux range is widened where it stands for a bound."""


class RulesInFollower(InFollower):
    """The rules of a table, for one case."""

    def __init__(self, rows: Mapping[str, RuleRow], conditions: Conditions, names: Mapping[str, str]) -> None:
        self._given = rows, conditions, names

    def tighten(self, network: Network) -> Network:
        """Find out what the symbols of the rules are; bounds stay."""
        self.regulation: Regulation = resolve(network, *self._given)
        return network

    def switched_genes(self) -> set[str]:
        """The genes that have rules."""
        return set(self.regulation.rules)

    def offer(self, case: Uncompressed) -> dict[str, str]:
        """Offer the genes that only rules know, at level `genes`; close what rules close for certain."""
        why = {}
        if case.options.level == "genes":
            enzymes, pseudo = genes_of(case.cuts, case.large), case.network.pseudo_genes
            why = offer_regulators(case.offered, self.regulation, enzymes, case.options, case.gone, pseudo)
        self._cuts, self._large = case.cuts, case.large
        self._switches = switches_of(case.offered, case.network, self.regulation, case.options)
        self._rules = rules_of(
            case.offered, case.network, self.regulation, case.cuts, case.gone, self._switches, case.large
        )
        return why

    def acting_genes(self) -> set[str]:
        """The genes that rules name."""
        return {atom[1] for rule in self.regulation.rules.values() for atom in atoms(rule) if atom[0] == "gene"}

    def extend(self, extension: Extension) -> None:
        """Rows and columns of the rules."""
        regulate(extension, self._rules, self._cuts, self._switches, self._large)

    def idle(self, problem: Problem) -> dict[str, str]:
        """Regulators on which nothing depends that can carry flux."""
        targets = problem.targets
        acting = set((targets.need % len(targets)).tolist()) if len(targets) else set()
        why = "no rule that matters depends on it"
        return {targets.ids[t]: why for t in range(len(targets)) if t not in acting}


def of(given: Given) -> RulesInFollower:
    """The rules of a case's table."""
    return RulesInFollower(read_rules(given.files["table"]), given.options["conditions"], given.options["names"])


def regulate(
    extension: Extension,
    rules: Mapping[str, Rule],
    cuts: Mapping[str, Iterable[GeneCutSet]],
    switches: Mapping[str, Switch],
    large: Mapping[str, GeneRule] | None = None,
) -> None:
    """Add the rules of its genes to a follower.

    Parameters
    ----------
    rules
        Of all symbols that are not simply on (`knockflow.layers.regulation.expression`).
    cuts
        Minimal gene cut sets by reaction.
    switches
        By exchange, where a rule asks for its uptake and a target decides it.
    large
        Gene rules of the reactions that have no list of cut sets.
    """
    problem = extension.problem
    ranges = flux_ranges(LP(problem.follower), problem.lower, problem.upper)
    if ranges is None:
        return
    width = SLACK * np.maximum(1.0, np.abs(ranges))
    ends = np.maximum(ranges[0] - width[0], problem.lower), np.minimum(ranges[1] + width[1], problem.upper)
    layer = _Layer(extension, rules, switches, np.array(ends))
    for reaction in sorted(cuts):
        for cut in cuts[reaction]:
            layer.close(reaction, cut)
    for reaction in sorted(large or {}):
        layer.close_by_rule(reaction, large[reaction])
    for column, needed in sorted(extension.depending.items()):
        layer.close_column(column, needed)
    extension.add_logic(layer.columns)


@dataclass
class _Layer:
    """The columns and rows of the layer while they are collected, and what targets do to the columns."""

    extension: Extension
    rules: Mapping[str, Rule]
    switches: Mapping[str, Switch]
    ends: np.ndarray

    def __post_init__(self) -> None:
        self.problem = problem = self.extension.problem
        self.columns = Columns(self.extension.n_columns)
        self._target = {name: t for t, names in enumerate(problem.targets.ids) for name in names.split("|")}
        self._values: dict[Rule, Value] = {}
        self._enzymes: dict[tuple[int, Rule], Value] = {}
        self._closed: set[tuple[int, Value]] = set()

    def close(self, reaction: str, cut: GeneCutSet) -> None:
        """Let a reaction carry flux only while one of the genes of a cut set is there."""
        if reaction not in self.problem.place or not self._depends(cut):
            return
        there = self._sum([self._enzyme(gene, alone=len(cut) == 1) for gene in sorted(cut)])
        self._limit(reaction, there, " or ".join(sorted(cut)))

    def close_column(self, column: int, needed: Collection[str]) -> None:
        """Let a column that stands for an enzyme, from 0 up, be there only while all genes are that it needs."""
        flux, most = Value(0.0, ((column, 1.0),)), self.ends[1, column]
        for gene in sorted(needed):
            there = self._enzyme(gene, alone=True)
            if there != ALWAYS:
                # e <= largest * there
                name = f"{self.problem.columns[column]} needs {gene}"
                self.columns.limit(name, -np.inf, 0.0, (1.0, flux), (-most, there))

    def close_by_rule(self, reaction: str, rule: GeneRule) -> None:
        """Let a reaction carry flux only while its gene rule holds, where rules have a say in it."""
        certain = {gene for gene in genes(rule) if gene not in self.rules and gene not in self._target}
        left = without(rule, certain)
        if reaction in self.problem.place and genes(left) & (self.rules.keys() | self._regulators):
            self._limit(reaction, self._part(left), "its genes")

    def _part(self, rule: GeneRule) -> Value:
        """Whether a part of a gene rule holds, or more where alternatives do: less of it never helps the cell."""
        if isinstance(rule, str):
            return self._enzyme(rule, alone=False)
        parts = list(dict.fromkeys(map(self._part, rule[1])))
        if rule[0] == "or":
            return self._sum(parts)
        key = "all", tuple(parts)
        if key not in self._values:
            self._values[key] = self.columns.add(f"complex ({len(self.columns.names) + 1})", False)
            for part in parts:
                # a <= part
                self.columns.limit("part of a complex", -np.inf, 0.0, (1.0, self._values[key]), (-1.0, part))
        return self._values[key]

    def _limit(self, reaction: str, there: Value, what: str) -> None:
        """Let a reaction carry flux only as far as something is there."""
        column, _ = self.problem.place[reaction]
        if there == ALWAYS or (column, there) in self._closed:
            return
        self._closed.add((column, there))
        flux, name = Value(0.0, ((column, 1.0),)), f"{self.problem.columns[column]} needs {what}"
        least, largest = self.ends[:, column]
        # v <= largest * there   and   v >= least * there
        if self.problem.upper[column] > 0:
            self.columns.limit(name, -np.inf, 0.0, (1.0, flux), (-max(largest, 0.0), there))
        if self.problem.lower[column] < 0:
            self.columns.limit(name, 0.0, np.inf, (1.0, flux), (-min(least, 0.0), there))

    def _depends(self, cut: GeneCutSet) -> bool:
        """Whether rules have a say in a cut set that can come to nothing."""
        certain = any(gene not in self.rules and gene not in self._target for gene in cut)
        return not certain and any(gene in self.rules or gene in self._regulators for gene in cut)

    @cached_property
    def _regulators(self) -> set[str]:
        return regulators(self.rules, self.rules)

    @staticmethod
    def _sum(values: Collection[Value]) -> Value:
        terms: dict[int, float] = {}
        for value in values:
            for column, factor in value.terms:
                terms[column] = terms.get(column, 0.0) + factor
        return Value(sum(value.constant for value in values), tuple(sorted((c, a) for c, a in terms.items() if a)))

    def _enzyme(self, gene: str, alone: bool) -> Value:
        """Whether a gene's enzyme is there; its removal by itself closes what it alone can close, without a column."""
        target, rule = self._target.get(gene), self.rules.get(gene, ON)
        if gene in self._regulators:
            return self.symbol(gene)
        if target is None or alone:
            return self.value(rule)
        if (target, rule) not in self._enzymes:
            x = self._enzymes[target, rule] = self.columns.add(f"enzyme of {self.problem.targets.ids[target]}", False)
            self._closes(target, x)
            if rule != ON:
                # x <= rule
                self.columns.limit(f"rule of {gene}", -np.inf, 0.0, (1.0, x), (-1.0, self.value(rule)))
        return self._enzymes[target, rule]

    def symbol(self, name: str) -> Value:
        """The value of a symbol that others depend on."""
        atom = "gene", name
        if atom in self._values:
            return self._values[atom]
        target, rule = self._target.get(name), self.rules.get(name, ON)
        if target is None and not self._cyclic(name):
            self._values[atom] = self.value(rule)
            return self._values[atom]
        x = self._values[atom] = self.columns.add(f"{name} on", self._cyclic(name))
        if target is None:
            self.columns.equal(f"rule of {name}", x, self.value(rule))
            return x
        s = self.columns.add(f"{name} on if it were kept", True)
        # x + s = rule
        self.columns.limit(f"rule of {name}", 0.0, 0.0, (1.0, x), (1.0, s), (-1.0, self.value(rule)))
        self._closes(target, x)
        self._keeping_closes(target, s)
        return x

    def _cyclic(self, name: str) -> bool:
        return name in self.rules and name in regulators(self.rules, [name])

    def value(self, rule: Rule) -> Value:
        """The value of a rule."""
        for atom in sorted(atoms(rule)):
            if atom not in self._values:
                self._values[atom] = self._atom(atom)
        return value_of(rule, self.columns, self._values)

    def _atom(self, atom: Rule) -> Value:
        if atom[0] == "gene":
            return self.symbol(atom[1])
        if atom[0] == "uptake":
            return self._uptake(*atom[1:])
        _, reaction, operator, level = atom
        if reaction not in self.problem.place:
            return ALWAYS if COMPARISONS[operator](0.0, level) else NEVER
        column, factor = self.problem.place[reaction]
        ends = sorted(factor * self.ends[:, column])
        flux = Value(0.0, ((column, factor),))
        return self.columns.beyond(f"{reaction} {operator} {level:g}", flux, operator, level, (ends[0], ends[1]))

    def _uptake(self, exchange: str, operator: str, level: float) -> Value:
        """Whether the medium offers as much as a rule asks for, where a target decides it.

        m + s = 1 with m = 0 where the target restricts, and s = 0 where it does not.
        """
        switch = self.switches[exchange]
        restricted, free = (COMPARISONS[operator](uptake, level) for uptake in (switch.restricted, switch.free))
        target = self._target.get(switch.target)
        if restricted == free or target is None:
            return ALWAYS if free else NEVER
        names = self.problem.targets.ids[target]
        if "|" in names:
            raise ConfigError(
                f"targets: {' and '.join(names.split('|'))} go together as one target, but rules depend on {exchange} "
                "alone; keep the others out by `targets.exclude`"
            )
        key = "uptake", exchange
        if key not in self._values:
            m = self._values[key] = self.columns.add(f"{exchange} unrestricted", False)
            s = self.columns.add(f"{exchange} restricted", True)
            self.columns.limit(f"uptake by {exchange}", 1.0, 1.0, (1.0, m), (1.0, s))
            self._restrict(exchange, target, m, s)
            self._closes(target, m)
            self._keeping_closes(target, s)
        return self._values[key] if free else self._values[key].opposite()

    def _restrict(self, exchange: str, target: int, m: Value, s: Value) -> None:
        """Hold the bounds that a target sets also where it is undecided, and rules see what it restricts."""
        effects = (self.problem.targets.effect(number) for number in range(self.problem.targets.n_effects))
        for column, lower, upper in (
            bound for effect in effects if effect.needs == [target] for bound in effect.bounds
        ):
            flux, (least, largest) = Value(0.0, ((column, 1.0),)), self.ends[:, column]
            # v >= least * m + lower * s   and   v <= largest * m + upper * s
            if lower > least:
                self.columns.limit(f"uptake by {exchange}", 0.0, np.inf, (1.0, flux), (-least, m), (-lower, s))
            if upper < largest:
                self.columns.limit(f"uptake by {exchange}", -np.inf, 0.0, (1.0, flux), (-largest, m), (-upper, s))

    def _closes(self, target: int, value: Value) -> None:
        """Let what a target does close a column."""
        self.extension.restrict(self.problem.targets.decision(target), value.terms[0][0])

    def _keeping_closes(self, target: int, value: Value) -> None:
        """Let the opposite decision on a target close a column."""
        self.extension.restrict(self.problem.targets.decision(target).opposite, value.terms[0][0])
