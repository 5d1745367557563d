"""Tables as Python prints them and a notebook shows them."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from knockflow.base.files import cell
from knockflow.language.notation import KNOCK_OUT
from knockflow.validation.validation import COLUMNS


class Checks(list):
    """The rows of validation.tsv, a dict each; printed, what decides of each design."""

    def __init__(self, rows: Iterable[dict], labelled: Callable[[str], str] = str):
        super().__init__(rows)
        self._labelled = labelled

    def to_frame(self):
        """All columns as a pandas DataFrame."""
        from pandas import DataFrame

        return DataFrame(list(self), columns=list(COLUMNS))

    def _lines(self) -> list[tuple[str, ...]]:
        head = ("rank", "interventions", "verified", "growth", "product", "coupling", "by genes", "delete")
        return [head, *map(self._line, self)]

    def _line(self, row: dict) -> tuple[str, ...]:
        least, most = row["product_min_mmol_per_gdw_h"], row["product_max_mmol_per_gdw_h"]
        return (
            cell(row["rank"]),
            ", ".join(self._labelled(text) for text in row["interventions"].split(";") if text) or "wild type",
            "yes" if row["verified"] else "NO",
            cell(row["growth_per_h"]),
            "" if least is None else f"{cell(least)} to {cell(most)}",
            cell(row["coupling"]),
            cell(row["by_genes"]),
            ", ".join(self._labelled(KNOCK_OUT + gene)[1:] for gene in row["genes"] or ()),
        )

    def __repr__(self) -> str:
        return "\n".join(as_columns(self._lines())) if self else "[]"

    def _repr_html_(self) -> str:
        return as_html(self._lines())


def as_columns(lines: Sequence[Sequence[str]]) -> list[str]:
    """A table's lines with their cells one below the other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def as_html(lines: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table, its first line as the head, as a notebook shows it."""
    head, *rows = ([escape(text) for text in line] for line in lines)
    body = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{above}<thead><tr><th>{'</th><th>'.join(head)}</th></tr></thead><tbody>{body}</tbody></table>"
