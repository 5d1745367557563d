"""What the symbols of a table of rules are in a model, and which of its rules matter there.

A symbol is, in this order, one of the table, a gene of the model, a condition that the case gives, a reaction or a
metabolite of the model; `growth` is the biomass reaction where nothing else is called so. A symbol that is none of
them counts as false, and so does a comparison with it. Rules are reduced to

| tuple                             | meaning                                                                      |
|-----------------------------------|------------------------------------------------------------------------------|
| `("gene", symbol)`                | another symbol of the table, or a gene of the model: on or off               |
| `("flux", reaction, op, number)`  | its flux in mmol/gDW/h is beyond a number; op is `>` or `<`                  |
| `("uptake", exchange, op, number)`| the largest uptake that its lower bound allows is beyond a number            |

and to constants, `not`, `and`, `or`. The value of a symbol is its rule's, or true where it has none, and false once it
is removed. An external metabolite stands for what the medium offers, not for what the cell takes up or secretes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from knockflow.base.errors import ConfigError, suggestion
from knockflow.language.boolean_rules import COMPARISONS, OFF, ON, Rule, atoms, fold, joined, replace_atoms
from knockflow.layers.regulation.rules import GROWTH, NO_EXCHANGE, UNKNOWN, RuleRow
from knockflow.model.gpr import genes as genes_of
from knockflow.model.gpr import parse as parse_gpr
from knockflow.model.network import Network

Conditions = Mapping[str, bool | float]


@dataclass(frozen=True)
class Regulation:
    """The rules of a table that matter for a model's reactions.

    A symbol without a rule here is a gene that is on unless it is removed. `genes` are the symbols that can be
    removed, `cycles` the sets of symbols that depend on each other by rules alone, not through fluxes.
    """

    rules: dict[str, Rule]
    genes: frozenset[str]
    notes: list[dict[str, str]] = field(default_factory=list)
    cycles: list[tuple[str, ...]] = field(default_factory=list)


def resolve(
    network: Network, rows: Mapping[str, RuleRow], conditions: Conditions, names: Mapping[str, str]
) -> Regulation:
    """The rules of a table in a model; `names` are the model's names of symbols that the table calls otherwise.

    Raises
    ------
    ConfigError
        If a condition or a name refers to nothing, with a line for each.
    """
    model_genes = set().union(*(genes_of(parse_gpr(rule)) for rule in network.rules))
    meaning = _Meaning(network, model_genes, _renamed(network, model_genes, rows, conditions, names), conditions)
    rules = {symbol: replace_atoms(row.rule, meaning.of) for symbol, row in meaning.rows.items()}
    genes = {symbol for symbol in rules if is_gene(symbol, meaning.rows[symbol].kind, model_genes)} | model_genes
    named = _reached(rules, model_genes)
    rules = _folded(rules, genes)
    used = _reached(rules, model_genes)
    constant = {symbol for symbol in named if symbol in rules and rules[symbol][0] == "const"}
    notes = [_note(symbol, meaning, rules, used | constant, genes) for symbol in meaning.rows] + meaning.notes()
    kept = {symbol: rules[symbol] for symbol in sorted(used & rules.keys()) if rules[symbol] != ON}
    return Regulation(kept, frozenset(genes & used), notes, cycles(kept))


def is_gene(symbol: str, kind: str, model_genes: Iterable[str]) -> bool:
    """Whether a symbol is a gene: the table says so, the model has it, or it looks like the model's genes."""
    if kind:
        return kind == "gene"
    return symbol in model_genes or _form(symbol) in set(map(_form, model_genes))


def _form(symbol: str) -> str:
    """`b1334` as `a0000`."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"[0-9]", "0", symbol))


def _renamed(
    network: Network,
    model_genes: set[str],
    rows: Mapping[str, RuleRow],
    conditions: Conditions,
    names: Mapping[str, str],
) -> dict[str, RuleRow]:
    """The rows by the model's names; conditions replace the rules of their symbols."""
    written = {atom[1] for row in rows.values() for atom in atoms(row.rule)} | rows.keys()
    of_model = {*network.reactions, *network.metabolites, *model_genes}
    wrong = [
        f"layers.regulation.{key}: `{name}` is in no rule of the table{suggestion(name, written)}"
        for key, given in (("conditions", conditions), ("names", names))
        for name in given
        if name not in written
    ]
    wrong += [
        f"layers.regulation.names: {name}: the model has no `{new}`{suggestion(new, of_model)}"
        for name, new in names.items()
        if new not in of_model
    ]
    wrong += [
        f"layers.regulation.names: {name}: conditions give it a value, too" for name in names if name in conditions
    ]
    if GROWTH not in {*rows, *of_model, *conditions, *names}:
        names = {GROWTH: network.biomass, **names}
    found: dict[str, RuleRow] = {}
    for symbol, row in rows.items():
        new = names.get(symbol, symbol)
        if new in found:
            wrong.append(f"layers.regulation.names: the table has more than one row for `{new}`")
        rule = replace_atoms(row.rule, lambda atom: (atom[0], names.get(atom[1], atom[1]), *atom[2:]))
        found[new] = replace(row, rule=rule)
    for name, value in conditions.items():
        if name in found or name in model_genes:
            found[name] = replace(found.get(name, RuleRow(ON, "")), rule=("const", bool(value)))
    if wrong:
        raise ConfigError("\n".join(wrong))
    return found


class _Meaning:
    """What words of rules are in a model; remembers those that are nothing."""

    def __init__(self, network: Network, genes: set[str], rows: dict[str, RuleRow], conditions: Conditions) -> None:
        self.rows = rows
        self._network, self._genes, self._conditions = network, genes, conditions
        self._reactions = set(network.reactions)
        self._exchanges: dict[str, list[int]] = {name: [] for name in network.metabolites}
        for number, stoichiometry in enumerate(network.stoichiometry):
            if network.boundary(number):
                self._exchanges[network.metabolites[stoichiometry[0][0]]].append(number)
        self._unknown: dict[str, None] = {}
        self._closed: dict[str, None] = {}

    def of(self, atom: Rule) -> Rule:
        """A word or comparison of a rule as a rule of atoms of the model."""
        name = atom[1]
        operator, level = atom[2:] if atom[0] == "compare" else (">", 0.0)
        if name in self.rows or name in self._genes:
            return _of_switch(name, operator, level)
        if name in self._conditions:
            return "const", COMPARISONS[operator](float(self._conditions[name]), level)
        if name in self._reactions:
            above = _beyond("flux", name, operator, level)
            return above if atom[0] == "compare" else joined("or", (above, ("flux", name, "<", 0.0)))
        if name in self._exchanges:
            return self._of_metabolite(name, operator, level)
        self._unknown[name] = None
        return OFF

    def _of_metabolite(self, name: str, operator: str, level: float) -> Rule:
        """Whether the medium offers more, or less, of a metabolite than a level (mmol/gDW/h)."""
        outwards = [number for number in self._exchanges[name] if self._network.stoichiometry[number][0][1] < 0]
        if not outwards:
            self._closed[name] = None
            # A source without an exchange of the other sense can only be written as uptake, and is never changed.
            offered = max((self._network.upper[number] for number in self._exchanges[name]), default=0.0)
            return "const", COMPARISONS[operator](max(0.0, float(offered)), level)
        several = "or" if operator.startswith(">") else "and"
        return joined(
            several, (_beyond("uptake", self._network.reactions[number], operator, level) for number in outwards)
        )

    def notes(self) -> list[dict[str, str]]:
        """Rows on the words that are nothing in the model, and on metabolites that nothing exchanges."""
        users = {name: [] for name in (*self._unknown, *self._closed)}
        for symbol, row in self.rows.items():
            for name in users.keys() & {atom[1] for atom in atoms(row.rule)}:
                users[name].append(symbol)
        known = {*self.rows, *self._genes, *self._reactions, *self._exchanges}
        found = []
        for name, where in users.items():
            if name in self._unknown:
                status, why = (
                    UNKNOWN,
                    f"nothing of that name in table, model or conditions{suggestion(name, known)}",
                )
            else:
                status, why = NO_EXCHANGE, "what the medium offers of it is fixed"
            listed = ", ".join(where[:10]) + (f" and {len(where) - 10} more" if len(where) > 10 else "")
            found.append({"symbol": name, "rule": "", "status": status, "why": f"{why}; in the rules of {listed}"})
        return found


def _of_switch(name: str, operator: str, level: float) -> Rule:
    """A symbol that is on or off, compared with a number as 1 or 0."""
    on, off = (COMPARISONS[operator](value, level) for value in (1.0, 0.0))
    if on == off:
        return "const", on
    return ("gene", name) if on else ("not", ("gene", name))


def _beyond(kind: str, name: str, operator: str, level: float) -> Rule:
    """A comparison by `>` and `<` alone: v >= c is not v < c."""
    if operator in (">", "<"):
        return kind, name, operator, level
    return "not", (kind, name, "<" if operator == ">=" else ">", level)


def _folded(rules: dict[str, Rule], genes: set[str]) -> dict[str, Rule]:
    """Rules with constants put in, until nothing changes; what is on and can be removed is not constant."""
    known: dict[Rule, bool] = {}
    while True:
        constants = {
            ("gene", symbol): rule[1]
            for symbol, rule in rules.items()
            if rule == OFF or (rule == ON and symbol not in genes)
        }
        if constants == known:
            return rules
        known = constants
        rules = {symbol: fold(rule, known) for symbol, rule in rules.items()}


def _reached(rules: Mapping[str, Rule], start: set[str]) -> set[str]:
    """The genes of the model and all symbols that their rules depend on."""
    reached, waiting = set(start), sorted(start)
    while waiting:
        symbol = waiting.pop()
        for name in _neighbours(rules, symbol) - reached:
            reached.add(name)
            waiting.append(name)
    return reached


def _neighbours(rules: Mapping[str, Rule], symbol: str) -> set[str]:
    return {atom[1] for atom in atoms(rules.get(symbol, ON)) if atom[0] == "gene"}


def _note(symbol: str, meaning: _Meaning, rules: Mapping[str, Rule], used: set[str], genes: set[str]) -> dict[str, str]:
    """The row of a table's symbol."""
    rule = rules[symbol]
    if symbol not in used:
        status, why = "unused", "no reaction's gene rule depends on it"
    elif rule[0] == "const":
        status, why = ("constant on", "") if rule[1] else ("constant off", "")
    else:
        status, why = "depends", "on " + ", ".join(sorted({atom[1] for atom in atoms(rule)}))
    if symbol not in genes:
        why += "; no gene" if why else "no gene"
    return {"symbol": symbol, "rule": meaning.rows[symbol].text, "status": status, "why": why}


def cycles(rules: Mapping[str, Rule]) -> list[tuple[str, ...]]:
    """The sets of symbols that depend on themselves or on each other, each sorted."""
    reach = {symbol: _after(rules, symbol) for symbol in rules}
    found = {
        tuple(sorted({symbol} | {other for other in after if symbol in reach.get(other, ())}))
        for symbol, after in reach.items()
        if symbol in after
    }
    return sorted(found)


def _after(rules: Mapping[str, Rule], symbol: str) -> set[str]:
    """The symbols that one depends on, itself only if it does."""
    first = _neighbours(rules, symbol)
    return _reached(rules, first)
