"""Tables of Boolean rules: what is read from a case's table, and the words of regulation.tsv."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knockflow.base.errors import FileError, ModelError, suggestion
from knockflow.base.files import read_table
from knockflow.base.table import Table, columns
from knockflow.language.boolean_rules import Rule, is_id, parse

KINDS = ("gene", "condition")

TABLE = Table(
    "regulation.tsv",
    (
        *columns("symbol", "as the model calls it"),
        *columns("rule", "as the table has it"),
        *columns(
            "status",
            "`depends`, `constant on`, `constant off`, `unused` (no reaction depends on it); of a word `assumed "
            "false`, or `no exchange` (what the medium offers of it is fixed)",
        ),
        *columns("why", "what it depends on, or the nearest match of a word and the rules that name it"),
    ),
)

UNKNOWN = "assumed false"
"""The status of a word that is nothing in the model."""

NO_EXCHANGE = "no exchange"
"""The status of a metabolite whose uptake is fixed."""

GROWTH = "growth"
"""The word that stands for the model's biomass reaction, where nothing else is called so."""


@dataclass(frozen=True)
class RuleRow:
    """A row of a table of rules: the rule as read and as written; `kind` and `name` are empty where it says nothing."""

    rule: Rule
    text: str
    kind: str = ""
    name: str = ""


def read_rules(path: str | Path) -> dict[str, RuleRow]:
    """The rules of a tab-separated table, by symbol.

    Columns: `gene` (or `id`) and `rule`; `kind` (gene or condition) and `name` may be there, others are ignored.

    Raises
    ------
    FileError
        With a line for each row that cannot be read, that is empty, or that repeats a symbol.
    """
    rows = read_table(path, ("rule",), ours=False)
    key = next((name for name in ("gene", "id") if not rows or name in rows[0]), None)
    if key is None:
        raise FileError(f"{path}: no column gene (or id); its columns are {', '.join(rows[0])}")
    found: dict[str, RuleRow] = {}
    wrong = []
    for number, row in enumerate(rows, start=2):
        symbol = row[key].strip()
        problem = _problem(symbol, found) or _kind_problem(row)
        if not problem:
            try:
                rule = parse(row["rule"])
            except ModelError as error:
                problem = str(error)
            else:
                kind, name = ((row.get(column) or "").strip() for column in ("kind", "name"))
                found[symbol] = RuleRow(rule, row["rule"].strip(), kind, name)
        if problem:
            wrong.append(f"{path}: line {number}, {symbol or 'no id'}: {problem}")
    if wrong:
        raise FileError("\n".join(wrong))
    return found


def _problem(symbol: str, found: Mapping[str, RuleRow]) -> str:
    if not is_id(symbol):
        return "no id: a word of letters, digits and `_ . - + : [ ]` that is no number, operator or constant"
    return "it has a row already" if symbol in found else ""


def _kind_problem(row: Mapping[str, str]) -> str:
    kind = (row.get("kind") or "").strip()
    if kind in ("", *KINDS):
        return ""
    return f"kind `{kind}` is not allowed{suggestion(kind, KINDS)}; allowed: {', '.join(KINDS)}, or nothing"
