"""Which symbols are on or off for certain, given what a case leaves open, and what decides the others."""

from collections.abc import Collection, Mapping

from knockflow.language.boolean_rules import COMPARISONS, OFF, ON, Rule, atoms, fold
from knockflow.layers.regulation.resolve import Regulation


def expressed(
    regulation: Regulation, removable: Collection[str], gone: Collection[str], uptakes: Mapping[str, float]
) -> dict[str, Rule]:
    """The rules of all symbols that are not simply on, as far as a case does not settle them.

    Parameters
    ----------
    removable
        Genes that a design may remove: one without a rule of its own is on or off, not on.
    gone
        Genes that every design lacks.
    uptakes
        Largest uptake (mmol/gDW/h) of the exchanges on which no intervention decides.
    """
    rules = regulation.rules | dict.fromkeys(gone, OFF)
    medium = {
        atom: COMPARISONS[atom[2]](uptakes[atom[1]], atom[3])
        for rule in rules.values()
        for atom in atoms(rule)
        if atom[0] == "uptake" and atom[1] in uptakes
    }
    while True:
        known = medium | {
            atom: rules.get(atom[1], ON) == ON
            for rule in rules.values()
            for atom in atoms(rule)
            if atom[0] == "gene" and _certain(atom[1], rules, removable)
        }
        folded = {symbol: fold(rule, known) for symbol, rule in rules.items()}
        if folded == rules:
            return {symbol: rule for symbol, rule in rules.items() if rule != ON}
        rules = folded


def _certain(symbol: str, rules: Mapping[str, Rule], removable: Collection[str]) -> bool:
    """Whether a symbol has one value whatever the design and the cell do."""
    rule = rules.get(symbol, ON)
    return rule == OFF or (rule == ON and symbol not in removable)


def regulators(rules: Mapping[str, Rule], genes: Collection[str]) -> set[str]:
    """The symbols that the rules of some genes depend on, directly or not."""
    reached: set[str] = set()
    waiting = [rules[gene] for gene in genes if gene in rules]
    while waiting:
        new = {atom[1] for atom in atoms(waiting.pop()) if atom[0] == "gene"} - reached
        reached |= new
        waiting += [rules[symbol] for symbol in new if symbol in rules]
    return reached
