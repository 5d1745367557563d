"""Systems of linear equations in exact fractions, for the basis of a linear program."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush


def solve(rows: Sequence[Mapping[int, Fraction]], right: Sequence[Fraction]) -> dict[int, Fraction] | None:
    """The one solution of a sparse system; None if it has none, or many. There may be more equations than unknowns.

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
    # The shortest rows first; what is no longer as long as it says has another entry.
    shortest, done, order = [(len(row), number) for number, row in enumerate(rows)], set(), []
    heapify(shortest)
    while shortest:
        length, number = heappop(shortest)
        row = rows[number]
        if number in done or length != len(row):
            continue
        done.add(number)
        if not row:
            if right[number]:
                return None
            continue
        column = min(row, key=lambda one: (len(columns[one]), one))
        order.append((number, column))
        for one in row:
            columns[one].discard(number)
        for other in sorted(columns[column]):
            _subtract(rows, right, columns, other, number, rows[other][column] / row[column])
            heappush(shortest, (len(rows[other]), other))
    return _back(rows, right, order) if len(order) == len(columns) else None


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
