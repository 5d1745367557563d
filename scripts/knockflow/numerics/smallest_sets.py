"""The smallest set of constraints to lift so that something works again, proven smallest.

By implicit hitting sets: each set of constraints that together prevent it (a core) must be hit; the smallest set that
hits all known cores is tried, and where it does not work there is one more core (Moreno-Centeno & Karp 2013,
doi:10.1287/opre.1120.1139; Ignatiev et al. 2015, doi:10.1007/978-3-319-23219-5_13). Cores are made minimal by halving
(QuickXplain, Junker 2004). `works` must be monotonous: lifting more never hurts.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from knockflow.base.errors import SolverError

Works = Callable[[frozenset[str]], bool]


@dataclass(frozen=True)
class Smallest:
    """A set to lift, and the cores that prove that no smaller one does: minimal sets that prevent it together.

    `tests` counts how often it was tried whether something works.
    """

    lifted: tuple[str, ...]
    cores: tuple[tuple[str, ...], ...]
    tests: int


def smallest_to_lift(items: Sequence[str], works: Works) -> Smallest | None:
    """A smallest set of items without which it works; None if it does not even work without all of them.

    Parameters
    ----------
    items
        Names of the constraints, each once.
    works
        Whether it works once some are lifted.
    """
    tests = 0

    def tried(lifted: frozenset[str]) -> bool:
        nonlocal tests
        tests += 1
        return works(lifted)

    everything = frozenset(items)
    if not tried(everything):
        return None
    cores: list[tuple[str, ...]] = []
    lifted: tuple[str, ...] = ()
    while not tried(frozenset(lifted)):
        in_force = [name for name in items if name not in lifted]
        core = _core([], in_force, lambda kept: not tried(everything - frozenset(kept)), False)
        cores.append(tuple(core))
        lifted = smallest_hitting_set(items, cores)
    return Smallest(lifted, tuple(cores), tests)


def _core(
    kept: list[str], candidates: list[str], prevents: Callable[[Collection[str]], bool], changed: bool
) -> list[str]:
    """A minimal part of the candidates that prevents it together with those kept (QuickXplain)."""
    if changed and prevents(kept):
        return []
    if len(candidates) == 1:
        return candidates
    middle = len(candidates) // 2
    first, second = candidates[:middle], candidates[middle:]
    right = _core([*kept, *first], second, prevents, bool(first))
    left = _core([*kept, *right], first, prevents, bool(right))
    return [*left, *right]


def smallest_hitting_set(items: Sequence[str], sets: Sequence[Collection[str]]) -> tuple[str, ...]:
    """A smallest set of items with one of each set at least, in the order of the items.

    Raises
    ------
    SolverError
        If HiGHS does not prove it.
    """
    place = {name: number for number, name in enumerate(items)}
    rows = np.zeros((len(sets), len(items)))
    for row, members in enumerate(sets):
        rows[row, [place[name] for name in members]] = 1.0
    found = milp(
        np.ones(len(items)),
        constraints=LinearConstraint(rows, 1.0, np.inf),
        bounds=Bounds(0.0, 1.0),
        integrality=np.ones(len(items)),
        options={"mip_rel_gap": 0.0},
    )
    chosen = () if found.x is None else tuple(name for name, x in zip(items, found.x, strict=True) if x > 0.5)
    if found.status != 0 or not all(set(chosen) & set(members) for members in sets):
        raise SolverError(f"smallest sets: HiGHS finds none ({found.message})")
    return chosen
