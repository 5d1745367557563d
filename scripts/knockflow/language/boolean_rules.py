"""Boolean rules: reading them, and putting values into them.

A rule is one of nested tuples:

| tuple                               | meaning                                                          |
|-------------------------------------|------------------------------------------------------------------|
| `("const", True)`                   | `true`, `ON`, `1`; False for `false`, `OFF`, `0`                 |
| `("symbol", name)`                  | a word: a gene, a condition, a reaction, a metabolite            |
| `("compare", name, op, number)`     | `name > number`; op is one of `>`, `>=`, `<`, `<=`               |
| `("not", rule)`                     | binds most strongly                                              |
| `("and", (rule, ...))`              | binds more strongly than `or`                                    |
| `("or", (rule, ...))`               |                                                                  |

Once it is known what its symbols are in a model, `gene`, `flux` and `uptake` stand for them.
"""

import re
from collections.abc import Callable, Mapping

from knockflow.base.errors import ModelError

Rule = tuple

ON: Rule = ("const", True)
OFF: Rule = ("const", False)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, level: value > level,
    ">=": lambda value, level: value >= level,
    "<": lambda value, level: value < level,
    "<=": lambda value, level: value <= level,
}

_TOKEN = re.compile(r"\s*([()]|[<>]=?|[\w.\-+\[\]:]+|\S)")
_WORD = re.compile(r"[\w.\-+\[\]:]+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_CONSTANTS = {"true": ON, "on": ON, "1": ON, "false": OFF, "off": OFF, "0": OFF}
_OPERATORS = ("and", "or", "not")
_END = "its end"


def parse(text: str) -> Rule:
    """A rule as nested tuples; operators and constants in any case, ids may begin with digits.

    Raises
    ------
    ModelError
        If the rule is not well formed.
    """
    tokens = _TOKEN.findall(text)
    if not tokens:
        raise ModelError("the rule is empty; write `true` for a gene that is always on")
    try:
        rule, rest = _alternatives(tokens)
        if rest:
            raise ModelError(f"`{rest[0]}` where `and`, `or` or its end is expected")
    except ModelError as error:
        raise ModelError(f"rule `{text.strip()}`: {error}") from None
    except RecursionError:
        raise ModelError(f"rule `{text.strip()[:60]}...`: its brackets are nested too deeply") from None
    return rule


def _alternatives(tokens: list[str]) -> tuple[Rule, list[str]]:
    return _chain("or", _parts, tokens)


def _parts(tokens: list[str]) -> tuple[Rule, list[str]]:
    return _chain("and", _factor, tokens)


def _chain(operator: str, below: Callable, tokens: list[str]) -> tuple[Rule, list[str]]:
    rule, tokens = below(tokens)
    rules = [rule]
    while tokens and tokens[0].lower() == operator:
        rule, tokens = below(tokens[1:])
        rules.append(rule)
    return (rules[0] if len(rules) == 1 else (operator, tuple(rules))), tokens


def _factor(tokens: list[str]) -> tuple[Rule, list[str]]:
    first, rest = (tokens[0], tokens[1:]) if tokens else (_END, [])
    if first.lower() == "not":
        rule, rest = _factor(rest)
        return ("not", rule), rest
    if first == "(":
        rule, rest = _alternatives(rest)
        if not rest or rest[0] != ")":
            raise ModelError(f"`{rest[0]}` where a bracket is to be closed" if rest else "a bracket is not closed")
        return rule, rest[1:]
    if not _WORD.fullmatch(first) or first.lower() in _OPERATORS:
        raise ModelError(f"{first if first == _END else f'`{first}`'} where an id, `not` or a bracket is expected")
    if rest and rest[0] in COMPARISONS:
        return _comparison(first, rest[0], rest[1:])
    return _word(first), rest


def _word(word: str) -> Rule:
    constant = _CONSTANTS.get(word.lower())
    if constant is None and _number(word) is not None:
        raise ModelError(f"the number {word} where an id is expected")
    return constant or ("symbol", word)


def _comparison(name: str, operator: str, tokens: list[str]) -> tuple[Rule, list[str]]:
    if name.lower() in _CONSTANTS or _number(name) is not None:
        raise ModelError(f"`{name} {operator}`: an id stands on the left of a comparison, a number on its right")
    level = _number(tokens[0]) if tokens else None
    if level is None:
        raise ModelError(f"{f'`{tokens[0]}`' if tokens else _END} where a number is expected after `{name} {operator}`")
    return ("compare", name, operator, level), tokens[1:]


def _number(word: str) -> float | None:
    """A number; None where the word is none."""
    return float(word) if _NUMBER.fullmatch(word) else None


def is_id(word: str) -> bool:
    """Whether a word can name something: no number, operator or constant."""
    return bool(_WORD.fullmatch(word)) and word.lower() not in (*_OPERATORS, *_CONSTANTS) and _number(word) is None


def atoms(rule: Rule) -> set[Rule]:
    """What a rule depends on: its parts that are neither constants nor made of others."""
    match rule[0]:
        case "const":
            return set()
        case "not":
            return atoms(rule[1])
        case "and" | "or":
            return set().union(*map(atoms, rule[1]))
    return {rule}


def symbols(rule: Rule) -> set[str]:
    """The words of a rule as read; the genes and other symbols of the table where it is resolved."""
    return {atom[1] for atom in atoms(rule) if atom[0] in ("symbol", "compare", "gene")}


def fold(rule: Rule, values: Mapping[Rule, bool]) -> Rule:
    """A rule with the values of some of its atoms put in, and simplified as far as they allow."""
    return replace_atoms(rule, lambda atom: ("const", values[atom]) if atom in values else atom)


def replace_atoms(rule: Rule, new: Callable[[Rule], Rule]) -> Rule:
    """A rule with other rules in the place of its atoms, simplified."""
    if rule[0] == "const":
        return rule
    if rule[0] == "not":
        return opposite(replace_atoms(rule[1], new))
    if rule[0] in ("and", "or"):
        return joined(rule[0], (replace_atoms(part, new) for part in rule[1]))
    return new(rule)


def opposite(rule: Rule) -> Rule:
    """The negation of a rule."""
    match rule[0]:
        case "const":
            return "const", not rule[1]
        case "not":
            return rule[1]
    return "not", rule


def joined(operator: str, rules) -> Rule:
    """Rules joined by `and` or `or`, without constants and repetitions."""
    deciding = OFF if operator == "and" else ON
    parts: dict[Rule, None] = {}
    for rule in rules:
        for part in rule[1] if rule[0] == operator else (rule,):
            if part == deciding:
                return deciding
            if part[0] != "const":
                parts[part] = None
    if not parts:
        return opposite(deciding)
    return next(iter(parts)) if len(parts) == 1 else (operator, tuple(parts))
