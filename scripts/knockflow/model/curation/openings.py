"""The smallest sets of exchanges whose opening lets a reaction reach a flux that it does not reach.

Opening more never takes a state away. So a set that does not suffice can be made as large as possible, and of all the
others at least one must be opened. The smallest sets that hold one of each such rest are what is left to try; the first
that suffices is a smallest one (implicit hitting sets: Moreno-Centeno & Karp 2013, doi:10.1287/opre.1120.1139). The
mixed-integer program for them holds no flux and no big-M, so that no tolerance can hide a nutrient of which little is
needed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from cobra import Model
from optlang.interface import OPTIMAL
from scipy.optimize import Bounds, LinearConstraint, milp

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import FEASIBILITY
from knockflow.model.curation.organic import feeds_carbon
from knockflow.model.curation.program import OpeningProgram

OPENED = 1000.0  # mmol/gDW/h; how far an exchange is opened either way
MOST_PROGRAMS = 5000  # linear programs after which the search ends without a proof
MOST_SETS = 5

Names = tuple[str, ...]


@dataclass(frozen=True)
class Openings:
    """What was found.

    Attributes
    ----------
    sets : list of tuple of str
        Smallest sets, those with fewest organic compounds first, then by the order of their exchanges.
    more : bool
        Whether there are more of the same size.
    proven : bool
        Whether no smaller set suffices, as two solvers agree.
    amounts : dict
        By set how far each exchange must be opened, in mmol/gDW/h beyond its bounds; negative for uptake.
    most : float or None
        The largest flux with everything open; None where even then no state is allowed.
    """

    sets: list[Names] = field(default_factory=list)
    more: bool = False
    proven: bool = True
    amounts: dict[Names, dict[str, float]] = field(default_factory=dict)
    most: float | None = None


class _Exhausted(Exception):
    """The limit of linear programs is reached."""


class _Search:
    """Linear programs over a model whose exchanges are opened and closed."""

    def __init__(self, model: Model, reaction: str, needed: float, names: Sequence[str]):
        self.model, self.needed, self.names = model, needed, list(names)
        self._own = {name: model.reactions.get_by_id(name).bounds for name in names}
        self._open: set[str] = set()
        self.left = MOST_PROGRAMS
        model.objective = model.reactions.get_by_id(reaction)
        model.objective_direction = "max"

    def value(self, opened: set[str]) -> float | None:
        """The largest flux with some exchanges open; None where no state is allowed."""
        if not self.left:
            raise _Exhausted
        self.left -= 1
        for name in self._open ^ opened:
            lower, upper = self._own[name]
            wide = (min(lower, -OPENED), max(upper, OPENED))
            self.model.reactions.get_by_id(name).bounds = wide if name in opened else (lower, upper)
        self._open = set(opened)
        value = self.model.slim_optimize()
        if not np.isnan(value):
            return value
        return np.inf if self.model.solver.status == "unbounded" else None

    def _priced(self) -> set[str]:
        """The exchanges with a price at the last optimum; all where there was none."""
        if self.model.solver.status != OPTIMAL:
            return set(self.names)
        reactions = map(self.model.reactions.get_by_id, self.names)
        each = ((one.id, one.forward_variable.dual, one.reverse_variable.dual) for one in reactions)
        return {name for name, *prices in each if max(map(abs, prices)) > FEASIBILITY}

    def suffices(self, opened: set[str]) -> bool:
        """Whether the flux is reached with some exchanges open."""
        value = self.value(opened)
        return value is not None and value >= self.needed - FEASIBILITY

    def rest(self, opened: set[str]) -> frozenset[str]:
        """Exchanges of which one must be opened beside a set that does not suffice; the fewest that halving finds.

        It must be the last set that was asked of. Exchanges without a price are tried first, all at once: the same
        prices prove that they do not help, but for what a solver rounds.
        """
        held = set(opened)
        priced = self._priced()
        others = [name for name in self.names if name not in opened]
        parts = [[name for name in others if (name in priced) is told] for told in (True, False)]
        waiting = [part for part in parts if part]
        needed = []
        while waiting:
            chunk = waiting.pop()
            if not self.suffices(held | set(chunk)):
                held |= set(chunk)
            elif len(chunk) == 1:
                needed += chunk
            else:
                half = len(chunk) // 2
                waiting += [chunk[half:], chunk[:half]]
        return frozenset(needed)


def smallest_openings(model: Model, reaction: str, needed: float, names: Sequence[str]) -> Openings:
    """The smallest sets of exchanges whose opening lets a reaction reach a flux; the model is left as it was.

    Parameters
    ----------
    model : cobra.Model
        In its medium; exchanges are written outwards.
    reaction : str
        What must run.
    needed : float
        Its flux (mmol/gDW/h, or 1/h for growth), which it does not reach.
    names : sequence of str
        The exchanges that may be opened; of equal sets the one whose exchanges come first is preferred.
    """
    ordered = list(names)
    costly = [feeds_carbon(model.reactions.get_by_id(name)) is not False for name in ordered]
    tolerance = model.tolerance
    with model:
        program = OpeningProgram(model, ordered, OPENED)
        model.tolerance = FEASIBILITY
        try:
            search = _Search(model, reaction, needed, ordered)
            most = search.value(set(ordered))
            if most is None or most < needed - FEASIBILITY:
                return Openings(most=most)
            found, rests, proven = _found(search, costly)
        finally:
            model.tolerance = tolerance
    more, found = len(found) > MOST_SETS, found[:MOST_SETS]
    amounts = {one: program.least_openings(reaction, needed, one) for one in found}
    # Only what a second solver reaches, too, is told; what it says of what is left out makes the proof.
    kept = [one for one in found if amounts[one] is not None]
    proven = (
        proven and kept == found and all(_fails(program.most(reaction, set(ordered) - rest), needed) for rest in rests)
    )
    return Openings(kept, more, proven, {one: amounts[one] for one in kept}, most)


def _fails(value: float | None, needed: float) -> bool:
    """Whether a flux is not reached."""
    return value is None or value < needed


def _found(search: _Search, costly: Sequence[bool]) -> tuple[list[Names], list[frozenset[str]], bool]:
    """Smallest sets that suffice, in order, what was learnt on the way, and whether they are proven smallest."""
    found: list[Names] = []
    rests: list[frozenset[str]] = []
    try:
        while len(found) <= MOST_SETS:
            chosen = _hitting(search.names, costly, rests, found)
            if chosen is None:
                break
            if search.suffices(set(chosen)):
                found.append(chosen)
            else:
                rests.append(search.rest(set(chosen)))
    except _Exhausted:
        if not found:
            return [_shrunk(search)], rests, False
    return found, rests, True


def _shrunk(search: _Search) -> Names:
    """A set that suffices and of which nothing can be left out; it need not be the smallest."""
    search.left = len(search.names)
    held = set(search.names)
    for name in reversed(search.names):
        if search.suffices(held - {name}):
            held -= {name}
    return tuple(name for name in search.names if name in held)


def _hitting(
    names: Sequence[str], costly: Sequence[bool], rests: Sequence[frozenset[str]], found: Sequence[Names]
) -> Names | None:
    """The first smallest set that holds one of each rest and is no known one; None where it would be larger than those.

    Smallest, then with fewest organic compounds, then of the least sum of places in the order.
    """
    number = {name: place for place, name in enumerate(names)}
    rows, low, high = [], [], []
    for rest in rests:
        rows.append(_indicator(number, rest))
        low.append(1.0)
        high.append(np.inf)
    for one in found:
        rows.append(_indicator(number, one))
        low.append(-np.inf)
        high.append(len(one) - 1.0)
    if found:
        rows.append(np.ones(len(names)))
        low.append(0.0)
        high.append(float(len(found[0])))
    whole = np.ones(len(names))
    chosen = np.zeros(len(names))
    for price in (whole, np.array(costly, float), np.arange(len(names), dtype=float)):
        held = [LinearConstraint(np.array(rows), low, high)] if rows else []
        result = milp(price, constraints=held, integrality=whole, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
        if result.status == 2 and found:
            return None
        if result.x is None:
            raise SolverError(f"search for the smallest set of exchanges: HiGHS says {result.message}")
        chosen = np.round(result.x)
        rows, low, high = [*rows, price], [*low, -np.inf], [*high, float(price @ chosen)]
    return tuple(names[place] for place in np.flatnonzero(chosen))


def _indicator(number: dict[str, int], names: Collection[str]) -> np.ndarray:
    row = np.zeros(len(number))
    row[[number[name] for name in names]] = 1.0
    return row
