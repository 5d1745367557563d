"""Systems of linear equations in exact fractions, for the basis of a linear program."""

from collections.abc import Mapping, Sequence
from fractions import Fraction


def solve(rows: Sequence[Mapping[int, Fraction]], right: Sequence[Fraction]) -> dict[int, Fraction] | None:
    """The solution of a sparse square system; None if it is singular.

    Gaussian elimination. Each pivot is taken from a shortest row, and there from the column with the fewest entries
    (Markowitz 1957, doi:10.1287/mnsc.3.3.255), so that few entries come into being.

    Parameters
    ----------
    rows
        The coefficients of each row by column.
    right
        The right-hand side.
    """
    rows, right = [dict(row) for row in rows], list(right)
    columns: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        for column in row:
            columns.setdefault(column, set()).add(number)
    waiting, order = set(range(len(rows))), []
    while waiting:
        number = min(waiting, key=lambda one: (len(rows[one]), one))
        row = rows[number]
        if not row:
            return None
        column = min(row, key=lambda one: (len(columns[one]), one))
        waiting.discard(number)
        order.append((number, column))
        for one in row:
            columns[one].discard(number)
        for other in sorted(columns[column]):
            _subtract(rows, right, columns, other, number, rows[other][column] / row[column])
    return _back(rows, right, order)


def _subtract(rows: list, right: list, columns: dict, other: int, number: int, factor: Fraction) -> None:
    """Row `other` minus `factor` times the pivot's row, whose entry in the pivot's column goes."""
    target = rows[other]
    for column, value in rows[number].items():
        rest = target.get(column, 0) - factor * value
        if rest:
            target[column] = rest
            columns[column].add(other)
        else:
            target.pop(column, None)
            columns[column].discard(other)
    right[other] -= factor * right[number]


def _back(rows: list, right: list, order: list[tuple[int, int]]) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for number, column in reversed(order):
        rest = right[number] - sum(value * found[one] for one, value in rows[number].items() if one != column)
        found[column] = rest / rows[number][column]
    return found
