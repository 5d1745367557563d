"""Tables as Python prints them and a notebook shows them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape

from pandas import DataFrame, isna

from knockflow.base.files import cell
from knockflow.base.tables import VALIDATION
from knockflow.designs.summary import cautions_of
from knockflow.language.notation import KNOCK_OUT, intervention
from knockflow.model.finding import WARNING, Finding


def labelled(text: str, reactions: Collection[str], names: Mapping[str, str]) -> str:
    """An intervention with the names of its genes, by id, beside their ids: `-adhE (b1241)`."""
    change = intervention(text)
    labels = [
        f"{names[one]} ({one})" if one not in reactions and names.get(one, one) != one else one for one in change.names
    ]
    return text.replace(change.name, "|".join(labels), 1)


class Checks(DataFrame):
    """The rows of validation.tsv as a pandas DataFrame; printed whole, what decides of each design.

    What is selected from it is a plain DataFrame or Series.
    """

    _metadata = ["labelled"]
    labelled = staticmethod(str)

    @classmethod
    def of(cls, rows: Iterable[Mapping], labelled: Callable[[str], str] = str) -> "Checks":
        """A frame with all columns of validation.tsv; `labelled` names the genes of an intervention."""
        made = cls(list(rows), columns=list(VALIDATION.names))
        object.__setattr__(made, "labelled", labelled)
        return made

    @property
    def _constructor(self) -> type[DataFrame]:
        return DataFrame

    def to_frame(self) -> DataFrame:
        """All columns as a plain DataFrame, which prints as such."""
        return DataFrame(self)

    def _lines(self) -> list[tuple[str, ...]]:
        head = ("rank", "interventions", "verified", "growth", "product", "coupling", "by genes", "delete")
        return [head, *map(self._line, self.to_dict("records"))]

    def _line(self, row: dict) -> tuple[str, ...]:
        least, most = row["product_min_mmol_per_gdw_h"], row["product_max_mmol_per_gdw_h"]
        return (
            cell(row["rank"]),
            ", ".join(self.labelled(text) for text in row["interventions"].split(";") if text) or "wild type",
            "yes" if row["verified"] else "NO",
            cell(row["growth_per_h"]),
            "" if isna(least) else f"{cell(least)} to {cell(most)}",
            cell(row["coupling"]),
            cell(row["by_genes"]),
            ", ".join(self.labelled(KNOCK_OUT + gene)[1:] for gene in row["genes"] or ()),
        )

    def __repr__(self) -> str:
        return "\n".join(as_columns(self._lines())) if len(self) else "no design to check"

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


def warnings_in(findings: Iterable[Finding]) -> str:
    """What curation warns of: what numbers may not mean, the product and the targets in full, the rest counted."""
    warned = [finding for finding in findings if finding.severity == WARNING]
    told = [f"{one.item}: {one.why}" for one in warned if one.check in ("product", "targets")]
    told = list(dict.fromkeys([*cautions_of(map(asdict, warned)), *told]))
    more = len(warned) - len(told)
    told += [f"{more} warning{'' if more == 1 else 's'} in `findings`"] if more else []
    return "".join(f"; {text}" for text in told)
