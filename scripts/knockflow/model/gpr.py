"""Gene-protein-reaction rules: parsing AND, OR and brackets, and minimal gene cut sets.

A gene cut set of a reaction is a set of genes whose removal makes its rule false; `knockflow.model.gene_cuts` finds the
minimal ones.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from knockflow.base.errors import ModelError
from knockflow.language.ids import from_rule, in_rule

GeneCutSet = frozenset[str]
GeneRule = str | tuple[str, tuple] | None
"""A parsed rule: a gene's id, or ("and" | "or", parts); None for an empty one."""

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")
_OPERATOR = {"and": "and", "or": "or", "&": "and", "&&": "and", "|": "or", "||": "or"}


def parse(rule: str) -> GeneRule:
    """A rule as nested tuples: a gene's name, or ("and" | "or", parts); None for an empty rule.

    Brackets in a gene's name are quoted in the rule (`knockflow.language.ids`). AND binds more strongly than OR.

    Raises
    ------
    ModelError
        If the rule is not well formed.
    """
    tokens = _TOKEN.findall(rule)
    if not tokens:
        return None
    tree, rest = _alternatives(tokens, rule)
    if rest:
        raise ModelError(f"gene rule `{rule}`: unexpected `{rest[0]}`")
    return tree


def _alternatives(tokens: list[str], rule: str):
    return _chain("or", _parts, tokens, rule)


def _parts(tokens: list[str], rule: str):
    return _chain("and", _atom, tokens, rule)


def _chain(operator: str, below, tokens: list[str], rule: str):
    tree, tokens = below(tokens, rule)
    trees = [tree]
    while tokens and _OPERATOR.get(tokens[0].lower()) == operator:
        tree, tokens = below(tokens[1:], rule)
        trees.append(tree)
    return (trees[0] if len(trees) == 1 else (operator, tuple(trees))), tokens


def _atom(tokens: list[str], rule: str):
    if not tokens:
        raise ModelError(f"gene rule `{rule}`: it ends where a gene is expected")
    first, rest = tokens[0], tokens[1:]
    if first == "(":
        tree, rest = _alternatives(rest, rule)
        if not rest or rest[0] != ")":
            raise ModelError(f"gene rule `{rule}`: a bracket is not closed")
        return tree, rest[1:]
    if first == ")" or first.lower() in _OPERATOR:
        raise ModelError(f"gene rule `{rule}`: `{first}` where a gene is expected")
    return from_rule(first), rest


def genes(tree) -> set[str]:
    """The genes of a parsed rule."""
    if tree is None:
        return set()
    return {tree} if isinstance(tree, str) else set().union(*map(genes, tree[1]))


def genes_of(cuts: Mapping[str, Iterable[GeneCutSet]], rules: Mapping[str, GeneRule]) -> set[str]:
    """The genes of some reactions' cut sets and of other reactions' rules."""
    return {gene for own in cuts.values() for cut in own for gene in cut}.union(*map(genes, rules.values()))


def active(tree, removed: Iterable[str]) -> bool:
    """Whether a rule holds once some genes are gone; a reaction without a rule always holds."""
    removed = set(removed)
    if tree is None:
        return True
    if isinstance(tree, str):
        return tree not in removed
    values = (active(part, removed) for part in tree[1])
    return all(values) if tree[0] == "and" else any(values)


def minimal(sets: Iterable[GeneCutSet]) -> list[GeneCutSet]:
    """The sets that contain no other, smallest first, then by names."""
    kept: list[GeneCutSet] = []
    for candidate in sorted(set(sets), key=lambda cut: (len(cut), sorted(cut))):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return kept


def without(tree, always: Iterable[str]):
    """A parsed rule where some genes are always there; None where it then holds whatever else is gone."""
    if tree is None or isinstance(tree, str):
        return None if tree is None or tree in always else tree
    operator, parts = tree[0], [without(part, always) for part in tree[1]]
    if operator == "or" and None in parts:
        return None
    left = tuple(part for part in parts if part is not None)
    return (operator, left) if len(left) > 1 else (left or (None,))[0]


def renamed(tree, name: Callable[[str], str]):
    """A parsed rule with other names of its genes."""
    if tree is None or isinstance(tree, str):
        return name(tree) if tree else tree
    return tree[0], tuple(renamed(part, name) for part in tree[1])


def lacking(tree, gone: Iterable[str]):
    """A parsed rule once some genes are gone; False where it then fails."""
    if tree is None or isinstance(tree, str):
        return False if tree is not None and tree in gone else tree
    operator, parts = tree[0], [lacking(part, gone) for part in tree[1]]
    if operator == "and" and False in parts:
        return False
    left = tuple(part for part in parts if part is not False)
    return (operator, left) if len(left) > 1 else (left or (False,))[0]


def to_text(tree) -> str:
    """A parsed rule as text, with brackets around every part of its own; empty for None."""
    if tree is None or isinstance(tree, str):
        return in_rule(tree or "")
    parts = (to_text(part) if isinstance(part, str) else f"({to_text(part)})" for part in tree[1])
    return f" {tree[0]} ".join(parts)


def to_cell(cuts: Iterable[GeneCutSet]) -> str:
    """Cut sets as one table cell: genes joined by `&`, sets by `;`."""
    return ";".join("&".join(sorted(cut)) for cut in cuts)


def from_cell(text: str) -> list[GeneCutSet]:
    """Cut sets from a table cell."""
    return [frozenset(cut.split("&")) for cut in text.split(";")] if text else []
