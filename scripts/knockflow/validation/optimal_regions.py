"""Regions of optimal states in certificates: what proves that none is left, or that a state is one of them.

    { v in the region :  c'v >= c'w  for every state w of the strain }

Of the strain a state w is known in exact fractions, so no optimal state has less than c'w, and prices can prove that no
state of the region has as much. That a state is optimal is proven by prices in exact fractions: their bound is its own
c'v (strong duality).
"""

from collections.abc import Mapping
from fractions import Fraction

from knockflow.numerics.certified import ExactProgram, Unproven
from knockflow.numerics.exact_rows import Entries, ExactRow

OPTIMUM = "optimum"
"""The row c'v >= the largest."""

Rows = Mapping[str, ExactRow]


def emptied(strain: ExactProgram, rows: Rows, goal: Entries) -> tuple[dict[str, Fraction], ExactProgram]:
    """A state of the largest goal'v, none where there is no state, and the program that has to be proven empty."""
    state = strain.best_state(_negative(goal))
    more = {} if state is None else {OPTIMUM: ExactRow(goal, _value(goal, state), None)}
    return state or {}, strain.holding({}, {**rows, **more})


def inside(strain: ExactProgram, rows: Rows, goal: Entries) -> dict | None:
    """A state of a region and exact prices that prove that it has the largest goal'v; None if none was found.

    Raises
    ------
    Unproven
        If prices in fractions were not found.
    """
    answer = strain.least(_negative(goal))
    if answer is None:
        return None
    prices = strain.exact_prices(_negative(goal), answer)
    if prices is None:
        raise Unproven("the prices of an optimum are no fractions of a basis")
    largest = -strain.bound(_negative(goal), prices)
    held = strain.holding({}, {**rows, OPTIMUM: ExactRow(goal, largest, None)})
    last = list(rows.values())[-1]
    sign = -1 if last.upper is None else 1
    state = held.best_state({name: sign * x for name, x in last.entries.items()})
    if state is None:
        return None
    texts = {name: str(flux) for name, flux in state.items()}
    return {"state": texts, "prices": {name: str(price) for name, price in prices.items()}}


def _value(goal: Entries, state: Mapping[str, Fraction]) -> Fraction:
    return sum((x * state.get(name, Fraction(0)) for name, x in goal.items()), Fraction(0))


def _negative(goal: Entries) -> dict[str, Fraction]:
    return {name: -x for name, x in goal.items()}
