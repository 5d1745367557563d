"""The states of a strain under rules of genes, as a tree of bounds of fluxes; nothing of the search is used here.

Rules make the states a union of polytopes, one for each way in which the comparisons in them may turn out. What is not
tried yet counts as on; if fluxes do not keep the rules, a comparison behind a reaction that is then off is tried both
ways. All of it are bounds of fluxes, so there is no big-M and no tolerance of whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cobra import Reaction

from knockflow.base.tolerances import THRESHOLD
from knockflow.layers.in_strain import SLACK, Allowed, Bounds
from knockflow.layers.regulation.cell import Beyond, Cell, limits_of

Fluxes = Mapping[str, float]


@dataclass(frozen=True)
class Node:
    """What is tried: comparisons of fluxes, and values of symbols in a cycle."""

    fluxes: Mapping[Beyond, bool] = field(default_factory=dict)
    guesses: Mapping[str, bool] = field(default_factory=dict)

    def with_choice(self, choice: Beyond | str, value: bool) -> "Node":
        """One more comparison or symbol."""
        if isinstance(choice, str):
            return Node(self.fluxes, {**self.guesses, choice: value})
        return Node({**self.fluxes, choice: value}, self.guesses)


class RegulatedStates:
    """What fluxes decide by rules of genes (`knockflow.layers.in_strain.Decided`)."""

    what = "the rules of genes"

    def __init__(self, cell: Cell, allowed: Allowed) -> None:
        self.cell, self._allowed = cell, allowed
        self.off, self.reactions, self.root = cell.off({}), cell.reactions, Node()
        self.watched = {one[0] for one in cell.comparisons}.union(reaction.id for reaction in cell.reactions)

    def limits(self, node: Node) -> list[tuple[Reaction, Bounds]] | None:
        """Bounds by the comparisons that are tried, and by the genes that are then off; the others count as on."""
        state = self.cell.state(node.fluxes, node.guesses)
        if state is None:
            return None
        off = self.cell.off(state)
        found = [(self.cell.reaction(one[0]), limits_of(one, holds)) for one, holds in node.fluxes.items()]
        return found + [(reaction, self._allowed(reaction, off)) for reaction in self.reactions]

    def branches(self, node: Node, fluxes: Fluxes) -> list[Node] | None:
        """Both ways of a comparison or symbol, the one that the fluxes suggest last; None if they keep the rules."""
        choice, first = self._choice(node, fluxes)
        if choice is None:
            return None if first else []
        return [node.with_choice(choice, not first), node.with_choice(choice, first)]

    def settled(self, node: Node, fluxes: Fluxes) -> tuple[dict[str, bool | None], list[tuple[Reaction, Bounds]]]:
        """All symbols of a state, and bounds within which all fluxes turn out as these, so that they are as many."""
        cell = self.cell
        seen = {one: node.fluxes.get(one, _seen(one, fluxes[one[0]])) for one in cell.comparisons} | dict(node.fluxes)
        state = cell.state(seen, node.guesses)
        bounds = [(cell.reaction(one[0]), limits_of(one, holds)) for one, holds in seen.items()]
        off = cell.off(state)
        return {**cell.on, **state}, bounds + [(reaction, self._allowed(reaction, off)) for reaction in self.reactions]

    def _choice(self, node: Node, fluxes: Fluxes) -> tuple[Beyond | str | None, bool]:
        """What to try next, and which way first; nothing, and whether the fluxes are a state, where all is settled."""
        cell = self.cell
        seen = {one: node.fluxes.get(one, _seen(one, fluxes[one[0]])) for one in cell.comparisons}
        untried = [one for one in cell.comparisons if one not in node.fluxes]
        between = [one for one in untried if seen[one] is None]
        if between:
            return between[0], True
        state = cell.state(seen, node.guesses)
        if state is None:
            return (untried[0], seen[untried[0]]) if untried else (None, False)
        off = cell.off(state)
        for reaction in self.reactions:
            lower, upper = self._allowed(reaction, off)
            if not lower - SLACK <= fluxes[reaction.id] <= upper + SLACK:
                return self._behind(node, reaction, seen)
        return _guess(cell.open, state)

    def _behind(self, node: Node, reaction: Reaction, seen: Mapping[Beyond, bool]) -> tuple[Beyond | str, bool]:
        """A comparison that a reaction depends on, and how it turns out; a symbol where there is none."""
        tried = self.cell.state(node.fluxes, node.guesses)
        genes = [gene.id for gene in reaction.genes if gene.id in tried and tried[gene.id] is None]
        symbols, comparisons = self.cell.behind(genes, {**self.cell.on, **tried}, node.fluxes)
        return (comparisons[0], seen[comparisons[0]]) if comparisons else _guess(symbols, tried)


def _guess(symbols: Sequence[str], state: Mapping[str, bool | None]) -> tuple[str | None, bool]:
    """A symbol in a cycle that nothing settles yet; none, and that all is well, where there is no such symbol."""
    return next(((one, True) for one in symbols if state[one] is None), (None, True))


def _seen(beyond: Beyond, flux: float) -> bool | None:
    """How a comparison turns out; None for a flux in between."""
    _, operator, level = beyond
    above = flux - level if operator == ">" else level - flux
    return True if above >= THRESHOLD - SLACK else False if above <= SLACK else None
