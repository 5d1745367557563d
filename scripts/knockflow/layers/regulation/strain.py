"""Boolean rules of genes applied to a COBRApy model; nothing of the search is used here.

A gene is on if its rule holds, or if it has none, and if the strain has it. A reaction whose gene rule fails with the
genes that are on is closed; a bound that demands a flux of it stays in force. What the medium and the removed genes
settle is settled first. The rest depends on fluxes: a state of the cell fulfils, for each comparison in a rule,

    v >= c + THRESHOLD  and  v > c is true,   or   v <= c  and  v > c is false

(and the same with < ), so that a flux in between is in no state. With rules that form a cycle every consistent
assignment is a state of the cell; where there is none, there is no state. After Shlomi et al. 2007
(doi:10.1038/msb4100141), but without binaries: `knockflow.validation.optimum` tries the comparisons one by one.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from cobra import Gene, Model, Reaction

from knockflow.base.tolerances import THRESHOLD
from knockflow.language.boolean_rules import COMPARISONS, Rule, replace_atoms
from knockflow.language.ids import Known, gene_in
from knockflow.layers.regulation.rules import GROWTH, RuleRow
from knockflow.model.notes import REGULATOR_NOTE

REGULATION_NOTE = "regulation"
"""The note of a model, in memory only, that holds its rules."""

STRAIN_NOTE = "strain's cell"
"""The note of a model, in memory only, that holds what fluxes decide while a design is applied to it."""

Bounds = tuple[float, float]
Beyond = tuple[str, str, float]
"""A comparison of a flux with a number: reaction, `>` or `<`, number."""


@dataclass(frozen=True)
class Rules:
    """The rules of a table by the model's names, and the values of conditions."""

    of: Mapping[str, Rule]
    conditions: Mapping[str, bool | float] = field(default_factory=dict)


def regulate(
    model: Model, rows: Mapping[str, RuleRow], conditions: Mapping[str, bool | float], names: Mapping[str, str]
) -> None:
    """Give a model the rules of a table, for strains that are made of it; its own bounds stay as they are."""
    add_regulators(model, rows, names)
    biomass = [reaction.id for reaction in model.reactions if reaction.objective_coefficient]
    if biomass and not any(
        GROWTH in known for known in (rows, model.genes, model.reactions, model.metabolites, conditions, names)
    ):
        names = {GROWTH: biomass[0], **names}

    def here(symbol: str) -> str:
        return _in_model(model, names.get(symbol, symbol))

    rules = {
        here(symbol): replace_atoms(row.rule, lambda atom: (atom[0], here(atom[1]), *atom[2:]))
        for symbol, row in rows.items()
    }
    conditions = {_in_model(model, name): value for name, value in conditions.items()}
    given = {name: ("const", bool(value)) for name, value in conditions.items() if name in rules or name in model.genes}
    model.notes = {**model.notes, REGULATION_NOTE: Rules(rules | given, dict(conditions))}


def add_regulators(model: Model, rows: Mapping[str, RuleRow], names: Mapping[str, str]) -> None:
    """Add the genes that only the table has, so that a design can remove them; they have no reactions, but a note."""
    forms = {_form(gene.id) for gene in model.genes}
    for symbol, row in rows.items():
        name = _in_model(model, names.get(symbol, symbol))
        gene = row.kind == "gene" or (not row.kind and _form(name) in forms)
        if gene and name not in model.genes:
            added = Gene(name, name=row.name or name)
            added.notes = {REGULATOR_NOTE: row.text}
            model.genes += [added]


def _in_model(model: Model, name: str) -> str:
    """What a rule names, as the model has it: a gene, else a reaction, else a word of the table's own."""
    return gene_in(model.genes, name) or Known(model.reactions).reaction(name) or name


def _form(name: str) -> str:
    """What an id looks like: its letters and its digits are all the same."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"[0-9]", "0", name))


def regulated(model: Model) -> bool:
    """Whether a model has rules."""
    return REGULATION_NOTE in model.notes


def regulates(model: Model, gene: str) -> list[str]:
    """The symbols whose rules name a gene, sorted."""
    rules = model.notes[REGULATION_NOTE].of if regulated(model) else {}
    return sorted(symbol for symbol, rule in rules.items() if gene in {atom[1] for atom in atoms_of(rule)})


class Cell:
    """What the genes and symbols are in a strain and its medium, as far as no flux decides it, and what fluxes decide.

    Attributes
    ----------
    on
        True, False, or None where fluxes or a cycle decide, by symbol.
    open
        Symbols that are None and that a reaction depends on, directly or not; sorted.
    comparisons
        Those of fluxes that they depend on; sorted.
    reactions
        The reactions whose gene rules they are in.
    """

    def __init__(
        self,
        model: Model,
        gone: Collection[str],
        medium: Mapping[str, Bounds],
        allowed: Callable[[Reaction, set[str]], Bounds] | None = None,
    ) -> None:
        """`gone` are genes that the strain lacks, `medium` the bounds of its exchanges.

        `allowed` tells a reaction's bounds with some genes off.
        """
        self._model, self._rules = model, model.notes[REGULATION_NOTE]
        self._medium, self.allowed = medium, allowed
        self._exchanges: dict[str, list[tuple[float, str]]] = {}
        for reaction in map(model.reactions.get_by_id, medium):
            for metabolite, coefficient in reaction.metabolites.items():
                self._exchanges.setdefault(metabolite.id, []).append((coefficient, reaction.id))
        unsettled = [symbol for symbol in self._rules.of if symbol not in gone]
        self.on = self._settled(dict.fromkeys(gone, False) | dict.fromkeys(unsettled), unsettled, {})
        started = {gene.id for gene in model.genes if gene.reactions and self.on.get(gene.id, True) is None}
        self._off = {symbol for symbol, on in self.on.items() if on is False}
        self.open, self.comparisons = self.behind(started, self.on, {})
        names = started.intersection(self.open)
        self.reactions = [one for one in model.reactions if not names.isdisjoint(gene.id for gene in one.genes)]

    def behind(
        self, symbols: Collection[str], on: Mapping[str, bool | None], fluxes: Mapping[Beyond, bool | None]
    ) -> tuple[list[str], list[Beyond]]:
        """The symbols and comparisons that some symbols depend on, as far as they are open; with the symbols."""
        found, comparisons, waiting = set(symbols), set(), sorted(symbols)
        while waiting:
            for atom in atoms_of(self._rules.of[waiting.pop()]):
                if self.atom(atom, on, fluxes) is not None:
                    continue
                if not self._is_switch(atom[1]):
                    comparisons.update(one for one in _compared(atom) if fluxes.get(one) is None)
                elif atom[1] not in found:
                    found.add(atom[1])
                    waiting.append(atom[1])
        return sorted(found), sorted(comparisons)

    def _settled(
        self, on: Mapping[str, bool | None], waiting: list[str], fluxes: Mapping[Beyond, bool | None]
    ) -> dict[str, bool | None]:
        """Evaluate rules until no more symbol is settled."""
        while True:
            found = {symbol: self._value(symbol, on, fluxes) for symbol in waiting}
            on = {**on, **found}
            left = [symbol for symbol in waiting if found[symbol] is None]
            if len(left) == len(waiting):
                return on
            waiting = left

    def _value(self, symbol: str, on: Mapping[str, bool | None], fluxes: Mapping[Beyond, bool | None]) -> bool | None:
        return value_of(self._rules.of[symbol], lambda atom: self.atom(atom, on, fluxes))

    def state(self, fluxes: Mapping[Beyond, bool | None], guesses: Mapping[str, bool]) -> dict[str, bool | None] | None:
        """The open symbols, given comparisons of fluxes and guesses of symbols; None where they contradict a rule."""
        waiting = [symbol for symbol in self.open if symbol not in guesses]
        on = self._settled(self.on | dict(guesses), waiting, fluxes)
        if any(self._value(symbol, on, fluxes) is (not guess) for symbol, guess in guesses.items()):
            return None
        return {symbol: on[symbol] for symbol in self.open}

    def off(self, state: Mapping[str, bool | None]) -> set[str]:
        """The genes and symbols that are off in a state."""
        return self._off.union(symbol for symbol, on in state.items() if on is False)

    def _is_switch(self, name: str) -> bool:
        """Whether a word of a rule is a symbol of the table or a gene."""
        return name in self._rules.of or name in self._model.genes

    def atom(self, atom: Rule, on: Mapping[str, bool | None], fluxes: Mapping[Beyond, bool | None]) -> bool | None:
        """The value of a word or comparison of a rule, given symbols and comparisons of fluxes."""
        name = atom[1]
        operator, level = _comparison(atom)
        compare = COMPARISONS[operator]
        if self._is_switch(name):
            value = on.get(name, True)
            ends = {compare(float(end), level) for end in (True, False) if value in (None, end)}
            return ends.pop() if len(ends) == 1 else None
        if name in self._rules.conditions:
            return compare(float(self._rules.conditions[name]), level)
        if name in self._model.reactions:
            values = [fluxes.get(one) for one in _compared(atom)]
            return _opposite(values[0]) if operator.endswith("=") else _chained("or", values)
        return self._offered(name, operator, level) if name in self._model.metabolites else False

    def _offered(self, metabolite: str, operator: str, level: float) -> bool:
        """Whether the medium offers more, or less, than a level (mmol/gDW/h)."""
        exchanges = self._exchanges.get(metabolite, [])
        offers = [-self._medium[name][0] for coefficient, name in exchanges if coefficient < 0]
        offers = offers or [max((self._medium[name][1] for _, name in exchanges), default=0.0)]
        several = any if operator.startswith(">") else all
        return several(COMPARISONS[operator](max(0.0, offer), level) for offer in offers)


def cell_of(model: Model) -> Cell | None:
    """What fluxes decide in the strain that a model is at present; None where they decide nothing."""
    cell = model.notes.get(STRAIN_NOTE)
    return cell if cell and cell.reactions else None


def limits_of(beyond: Beyond, holds: bool) -> Bounds:
    """The bounds of a flux where a comparison holds or does not."""
    _, operator, level = beyond
    if operator == ">":
        # v >= c + e   or   v <= c
        return (level + THRESHOLD, float("inf")) if holds else (-float("inf"), level)
    # v <= c - e   or   v >= c
    return (-float("inf"), level - THRESHOLD) if holds else (level, float("inf"))


def _comparison(atom: Rule) -> tuple[str, float]:
    """Operator and number of an atom; a word by itself is compared as `> 0`."""
    return (atom[2], atom[3]) if atom[0] == "compare" else (">", 0.0)


def _compared(atom: Rule) -> list[Beyond]:
    """The comparisons by `>` and `<` of a flux that an atom stands for: v >= c is not v < c, a word is v != 0."""
    if atom[0] == "symbol":
        return [(atom[1], ">", 0.0), (atom[1], "<", 0.0)]
    _, name, operator, level = atom
    return [(name, {">=": "<", "<=": ">"}.get(operator, operator), level)]


def atoms_of(rule: Rule) -> Iterator[Rule]:
    """The words and comparisons of a rule as read."""
    if rule[0] in ("symbol", "compare"):
        yield rule
    elif rule[0] != "const":
        for part in rule[1] if rule[0] in ("and", "or") else (rule[1],):
            yield from atoms_of(part)


def value_of(rule: Rule, atom: Callable[[Rule], bool | None]) -> bool | None:
    """A rule's value, given those of its atoms; None where those that are not known decide it."""
    match rule[0]:
        case "const":
            return rule[1]
        case "not":
            return _opposite(value_of(rule[1], atom))
        case "and" | "or":
            return _chained(rule[0], [value_of(part, atom) for part in rule[1]])
    return atom(rule)


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _chained(operator: str, values: list[bool | None]) -> bool | None:
    deciding = operator == "or"
    if deciding in values:
        return deciding
    return None if None in values else not deciding
