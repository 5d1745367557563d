"""Fully coupled reactions and dependent metabolites, found by exact rational elimination on S v = 0.

Two reactions are fully coupled if every steady state carries them in one fixed ratio, which is so if their
rows in a basis of the kernel of S are proportional (Burgard et al. 2004, doi:10.1101/gr.1926504). A row of S that
other rows add up to is a conservation relation (Vallabhajosyula et al. 2006, doi:10.1093/bioinformatics/bti800).
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

SparseColumn = Sequence[tuple[int, Fraction]]
Group = list[tuple[int, Fraction]]


def coupled_groups(columns: Sequence[SparseColumn]) -> list[Group]:
    """Partition of columns into coupled groups, as (column, factor): flux = factor * the group's flux.

    The largest factor of a group in absolute value is 1, its first such column is positive. Columns that no
    steady state can carry are in no group. Groups are ordered by their first column.
    """
    groups: dict[tuple, Group] = {}
    for column, kernel_row in enumerate(_kernel(columns)):
        if kernel_row:
            first = min(kernel_row)
            scale = kernel_row[first]
            key = tuple(sorted((free, value / scale) for free, value in kernel_row.items()))
            groups.setdefault(key, []).append((column, scale))
    return [_normalized(group) for group in groups.values()]


def independent_rows(columns: Sequence[SparseColumn]) -> list[int]:
    """Rows that imply all the others, in ascending order.

    Rows are taken in order of their length, each unless those before it imply it. Linear independence is a matroid,
    so that no other choice has fewer coefficients in all.
    """
    return sorted(_reduce(_rows(columns))[1])


def _normalized(group: Group) -> Group:
    largest = max(group, key=lambda member: (abs(member[1]), -member[0]))[1]
    return [(column, factor / largest) for column, factor in group]


def _kernel(columns: Sequence[SparseColumn]) -> list[dict[int, Fraction]]:
    """For each column, its flux as a combination of the free columns' fluxes."""
    pivots, _ = _reduce(_rows(columns))
    return [
        {free: -value for free, value in pivots[column].items() if free != column}
        if column in pivots
        else {column: Fraction(1)}
        for column in range(len(columns))
    ]


def _rows(columns: Sequence[SparseColumn]) -> list[tuple[int, dict[int, Fraction]]]:
    """The rows with their numbers, the shortest first."""
    rows: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for column, entries in enumerate(columns):
        for row, value in entries:
            rows[row][column] = value
    return [(row, rows[row]) for row in sorted(rows, key=lambda row: (len(rows[row]), row))]


def _reduce(rows: list[tuple[int, dict[int, Fraction]]]) -> tuple[dict[int, dict[int, Fraction]], list[int]]:
    """Reduced row echelon form: pivot column -> its row, with coefficient 1 at the pivot; and what rows it needed."""
    pivots: dict[int, dict[int, Fraction]] = {}
    independent = []
    holders: dict[int, set[int]] = defaultdict(set)
    for number, row in rows:
        for pivot in [column for column in row if column in pivots]:
            _subtract(row, row[pivot], pivots[pivot])
        if not row:
            continue
        independent.append(number)
        # The column held by fewest finished rows causes least fill-in.
        pivot = min(row, key=lambda column: (len(holders[column]), column))
        scale = row[pivot]
        row = {column: value / scale for column, value in row.items()}
        for other in list(holders[pivot]):
            factor = pivots[other][pivot]
            for column in _subtract(pivots[other], factor, row):
                holders[column].symmetric_difference_update([other])
        pivots[pivot] = row
        for column in row:
            holders[column].add(pivot)
    return pivots, independent


def _subtract(row: dict[int, Fraction], factor: Fraction, other: dict[int, Fraction]) -> list[int]:
    """Row minus factor times other, in place; the columns that entered or left the row."""
    changed = []
    for column, value in other.items():
        before = row.get(column)
        after = (before or 0) - factor * value
        if after:
            row[column] = after
        else:
            del row[column]
        if (before is None) != (not after):
            changed.append(column)
    return changed
