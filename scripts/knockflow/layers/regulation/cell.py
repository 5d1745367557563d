"""What genes and symbols of rules are in a strain, as far as its genes and its medium settle it, on a COBRApy model.

A gene is on if its rule holds, or if it has none, and if the strain has it. What the medium and the removed genes
settle is settled first. The rest depends on fluxes: a state of the cell fulfils, for each comparison in a rule,

    v >= c + THRESHOLD  and  v > c is true,   or   v <= c  and  v > c is false

(and the same with < ), so that a flux in between is in no state. With rules that form a cycle every consistent
assignment is a state of the cell; where there is none, there is no state. After Shlomi et al. 2007
(doi:10.1038/msb4100141), but without binaries.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from cobra import Model, Reaction

from knockflow.base.tolerances import THRESHOLD
from knockflow.language.boolean_rules import COMPARISONS, Rule

Bounds = tuple[float, float]
Beyond = tuple[str, str, float]
"""A comparison of a flux with a number: reaction, `>` or `<`, number."""


@dataclass(frozen=True)
class Rules:
    """The rules of a table by the model's names, and the values of conditions."""

    of: Mapping[str, Rule]
    conditions: Mapping[str, bool | float] = field(default_factory=dict)


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
        rules: Rules,
        gone: Collection[str],
        medium: Mapping[str, Bounds],
    ) -> None:
        """`gone` are genes that the strain lacks, `medium` the bounds of its exchanges."""
        self._model, self._rules, self._medium = model, rules, medium
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

    def reaction(self, name: str) -> Reaction:
        """A reaction of the strain."""
        return self._model.reactions.get_by_id(name)

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
