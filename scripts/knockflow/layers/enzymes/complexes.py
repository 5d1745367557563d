"""The enzymes of a gene rule: the sets of genes by which it holds, each a complex."""

from collections.abc import Callable
from itertools import product

from knockflow.model.gpr import GeneRule, minimal

Complex = frozenset[str]


def complexes(rule: GeneRule, most: int) -> list[Complex] | None:
    """The minimal sets of genes by which a parsed rule holds, smallest first; None where it may have more than `most`.

    A complex with more subunits than another one is never needed.
    """
    return None if _number(rule) > most else minimal(_sets(rule))


def _number(rule: GeneRule) -> int:
    if isinstance(rule, str):
        return 1
    found = 1 if rule[0] == "and" else 0
    for part in map(_number, rule[1]):
        found = found * part if rule[0] == "and" else found + part
    return found


def _sets(rule: GeneRule) -> list[Complex]:
    if isinstance(rule, str):
        return [frozenset([rule])]
    parts = list(map(_sets, rule[1]))
    if rule[0] == "or":
        return [one for part in parts for one in part]
    return [frozenset().union(*chosen) for chosen in product(*parts)]


def lightest(rule: GeneRule, mass: Callable[[str], float]) -> float:
    """The mass of the lightest complex of a rule, whose parts share no gene: the least of alternatives, summed."""
    if isinstance(rule, str):
        return mass(rule)
    return (sum if rule[0] == "and" else min)(lightest(part, mass) for part in rule[1])
