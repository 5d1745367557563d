"""Optima over a union of polytopes that can be proven: a tree of bounds, and prices in each of its leaves.

What is not tried yet is as open as it may be. A leaf is closed by prices that bound the goal there or prove that it has
no state, or since what is tried contradicts itself. The least of the leaves' bounds holds for all states.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from knockflow.numerics.certified import ExactProgram, Unproven, usable
from knockflow.numerics.exact_rows import Entries

MOST_PROGRAMS = 5000
"""Linear programs after which a tree counts as not found."""

WORSE = 1e-7
"""By how much (of its size, at least of 1) a leaf's bound may be better than the best state that is known."""

Node = object
Ends = tuple[Fraction, Fraction]


class Branching(Protocol):
    """How the states of a program are divided.

    Attributes
    ----------
    root
        The node at which nothing is tried.
    """

    root: Node

    def limits(self, node: Node) -> Mapping[str, Ends] | None:
        """Bounds beside the program's own; None where what is tried contradicts itself."""

    def below(self, node: Node, fluxes: Mapping[str, float]) -> tuple[object, Sequence[tuple[object, Node]]] | None:
        """On what to branch, and the nodes with what each tries; None if the fluxes are those of a state."""


@dataclass
class Found:
    """The least goal'v: a tree that proves it, and the node and the fluxes of a state where it is reached."""

    value: float
    tree: dict
    node: Node
    fluxes: Mapping[str, float]


class BranchedProgram:
    """A program whose states are those that a branching leaves."""

    def __init__(self, program: ExactProgram, branching: Branching):
        self._program, self._branching = program, branching
        self._column = {name: number for number, name in enumerate(program.names)}

    def least(self, goal: Entries) -> Found:
        """Least goal'v.

        Raises
        ------
        Unproven
            If there is no state, a leaf cannot be closed, or there are more than MOST_PROGRAMS programs.
        """
        first = self._searched(goal, None)
        # Known from the start, the optimum closes more.
        return self._searched(goal, first) if "below" in first.tree else first

    def _searched(self, goal: Entries, known: Found | None) -> Found:
        engine, costs, best = self._program.highs(goal), {name: float(x) for name, x in goal.items()}, known
        tree: dict = {}
        waiting, changed = [(self._branching.root, tree)], []
        for _ in range(MOST_PROGRAMS):
            if not waiting:
                break
            node, place = waiting.pop()
            bounds = self._bounds(node)
            if bounds is None:
                continue
            changed = self._set(engine, changed, bounds)
            answer = self._program.answer(engine)
            if answer is None:
                place["empty"] = self._emptied(bounds)
                continue
            fluxes = dict(zip(self._program.names, answer.fluxes.tolist(), strict=True))
            value = sum(x * fluxes[name] for name, x in costs.items())
            if best is None or value < best.value - WORSE * max(1.0, abs(best.value)):
                below = self._branching.below(node, fluxes)
                if below is not None:
                    place |= {"on": below[0], "below": [[told, {}] for told, _ in below[1]]}
                    waiting += [(one, own) for (_, one), (_, own) in zip(below[1], place["below"], strict=True)][::-1]
                    continue
                best = Found(value, tree, node, fluxes)
            place["prices"] = usable(answer.prices, self._program.rows)
        if waiting:
            raise Unproven(f"{MOST_PROGRAMS} linear programs did not settle an optimum")
        if best is None:
            raise Unproven("no state was found")
        return Found(best.value, tree, best.node, best.fluxes)

    def _bounds(self, node: Node) -> dict[str, Ends] | None:
        """The bounds that a node narrows; None where it leaves nothing."""
        limits = self._branching.limits(node)
        if limits is None:
            return None
        found = {}
        for name, (lower, upper) in limits.items():
            own = self._program.bounds[name]
            found[name] = max(lower, own[0]), min(upper, own[1])
            if found[name][0] > found[name][1]:
                return None
        return found

    def _set(self, engine, changed: Sequence[str], bounds: Mapping[str, Ends]) -> list[str]:
        """Give an engine the bounds of a node, and back those of the last one; which it has now."""
        ends = {name: self._program.bounds[name] for name in changed} | bounds
        columns = np.array([self._column[name] for name in ends], dtype=np.int32)
        both = np.array(list(ends.values()), float).reshape(-1, 2)
        engine.changeColsBounds(len(columns), columns, both[:, 0].copy(), both[:, 1].copy())
        return list(bounds)

    def _emptied(self, bounds: Mapping[str, Ends]) -> dict[str, float]:
        program = ExactProgram({**self._program.bounds, **bounds}, self._program.rows)
        answer = program.emptied()
        prices = {} if answer is None else usable(answer.prices, program.rows)
        if program.bound({}, {name: Fraction(repr(price)) for name, price in prices.items()}) <= 0:
            raise Unproven("a part of the states could not be proven empty")
        return prices
