"""What a table is: its file, its columns in order, what they hold, in which unit and form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

from knockflow.base.errors import FileError
from knockflow.base.files import read_table, write_table

TEXT, LIST, WHOLE, NUMBER, FLAG = "text", "list", "whole number", "number", "true or false"
"""Forms of a cell. Any cell may be empty."""

FLUX, GROWTH, YIELD = "mmol/gDW/h", "1/h", "mol/mol"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        As it stands in the header; that of a number ends in its unit.
    meaning
        What it holds, in Markdown; neighbours of one meaning share a line of the documentation.
    form, unit
        The form of its cells, and the unit of a number.
    """

    name: str
    meaning: str
    form: str = TEXT
    unit: str = ""

    def fault(self, cell: str) -> str:
        """What is wrong with a cell; nothing where it has the column's form."""
        if not cell or self.form in (TEXT, LIST):
            return ""
        if self.form == FLAG:
            return "" if cell in ("true", "false") else "is neither true nor false"
        try:
            (int if self.form == WHOLE else float)(cell)
        except ValueError:
            return f"is no {self.form}"
        return ""


@dataclass(frozen=True)
class Table:
    """A table of the results by the name of its file, with its columns in order."""

    file: str
    columns: tuple[Column, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self.columns[self.names.index(name)]

    def write(self, path: str | Path, rows: Iterable[Mapping[str, object]]) -> None:
        """Write rows with exactly these columns; a cell that a row lacks is empty.

        Raises
        ------
        ValueError
            If a row has another column.
        """
        write_table(path, self.names, rows)

    def read(self, path: str | Path) -> list[dict[str, str]]:
        """The rows of a file that this project has written; every cell is text.

        Raises
        ------
        FileError
            If the file is missing or cut short, or is another one: it lacks a column, or a cell has another form.
        """
        rows = read_table(path, self.names)
        for line, row in enumerate(rows, start=2):
            for column in self.columns:
                fault = column.fault(row[column.name])
                if fault:
                    raise FileError(f"{path}: line {line}: {column.name}: `{row[column.name]}` {fault}")
        return rows

    def frame(self, rows: Iterable[Mapping[str, object]]):
        """Rows as a pandas DataFrame with these columns."""
        from pandas import DataFrame

        return DataFrame(list(rows), columns=list(self.names))

    def document(self) -> Iterator[str]:
        """The lines of a Markdown table of the columns."""
        yield "| column | form | holds |"
        yield "| --- | --- | --- |"
        for (form, unit, meaning), columns in groupby(self.columns, lambda one: (one.form, one.unit, one.meaning)):
            names = ", ".join(f"`{column.name}`" for column in columns)
            yield f"| {names} | {unit or form} | {meaning.replace('|', chr(92) + '|')} |"


def columns(names: str, meaning: str, form: str = TEXT, unit: str = "") -> tuple[Column, ...]:
    """Columns of one meaning; a unit says that they hold numbers."""
    return tuple(Column(name, meaning, NUMBER if unit else form, unit) for name in names.split())


def as_in(table: Table, names: Iterable[str]) -> tuple[Column, ...]:
    """Columns that a table takes from another."""
    return tuple(replace(table.column(name), meaning=f"as in {table.file}") for name in names)
