"""Systems of linear equations in exact fractions, for the basis of a linear program."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd, lcm


def solve(rows: Sequence[Mapping[int, Fraction]], right: Sequence[Fraction]) -> dict[int, Fraction] | None:
    """The one solution of a sparse system; None if it has none, or many. There may be more equations than unknowns.

    Gaussian elimination in whole numbers: each equation is multiplied until it has no fractions, which would look for a
    greatest common divisor at every step. Each pivot is taken from a shortest row, and there from the column with the
    fewest entries (Markowitz 1957, doi:10.1287/mnsc.3.3.255), so that few entries come into being.

    Parameters
    ----------
    rows
        The coefficients of each row by column.
    right
        The right-hand side.
    """
    rows, right = _whole(rows, right)
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
            _subtract(rows, right, columns, other, number, column)
            heappush(shortest, (len(rows[other]), other))
    return _back(rows, right, order) if len(order) == len(columns) else None


def _whole(rows: Sequence[Mapping[int, Fraction]], right: Sequence[Fraction]) -> tuple[list[dict[int, int]], list[int]]:
    """Each equation times the least number that leaves no fractions."""
    found, ends = [], []
    for row, end in zip(rows, right, strict=True):
        scale = lcm(end.denominator, *(value.denominator for value in row.values()))
        found.append({column: value.numerator * (scale // value.denominator) for column, value in row.items()})
        ends.append(end.numerator * (scale // end.denominator))
    return found, ends


def _subtract(rows: list, right: list, columns: dict, other: int, number: int, pivot: int) -> None:
    """A multiple of row `other` minus one of row `number`, such that its entry in the pivot's column goes."""
    target, row = rows[other], rows[number]
    common = gcd(target[pivot], row[pivot])
    times, factor = row[pivot] // common, target[pivot] // common
    if times < 0:
        times, factor = -times, -factor
    if times != 1:
        for column in target:
            target[column] *= times
        right[other] *= times
    for column, value in row.items():
        rest = target.get(column, 0) - factor * value
        if rest:
            target[column] = rest
            columns[column].add(other)
        else:
            target.pop(column, None)
            columns[column].discard(other)
    right[other] -= factor * right[number]
    if times != 1 and (common := gcd(right[other], *target.values())) > 1:
        for column in target:
            target[column] //= common
        right[other] //= common


def _back(rows: list, right: list, order: list[tuple[int, int]]) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for number, column in reversed(order):
        others = (value * found[one] for one, value in rows[number].items() if one != column and found[one])
        found[column] = Fraction(right[number] - sum(others)) / rows[number][column]
    return found
