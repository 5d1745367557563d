"""What proves by plain arithmetic how rules of genes divide the states of a strain.

The checker has the rules and evaluates them by itself, in three values; a branch says which comparison of a flux, or
which symbol in a cycle, it tries, and a state which genes and symbols are on.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cobra import Reaction

from knockflow.base.tolerances import THRESHOLD
from knockflow.layers.in_strain import Bounds
from knockflow.layers.regulation.states import Node, RegulatedStates
from knockflow.layers.regulation.strain import RulesInStrain


class RulesEvidence:
    """Evidence of rules of genes (`knockflow.layers.in_strain.Evidence`)."""

    def __init__(self, layer: RulesInStrain):
        self._rules = layer.rules

    def branch(self, decided: RegulatedStates, node: Node, below: Sequence[Node], fluxes: Mapping[str, float]) -> list:
        """A comparison or a symbol, and how it turns out in each node."""
        if below and len(below[0].fluxes) > len(node.fluxes):
            (tried,) = below[0].fluxes.keys() - node.fluxes.keys()
            return [["flux", *tried], [one.fluxes[tried] for one in below]]
        symbols = below[0].guesses.keys() - node.guesses.keys() if below else ()
        return [["symbol", *symbols], [one.guesses[symbol] for one in below for symbol in symbols]]

    def settled(
        self, decided: RegulatedStates, node: Node, fluxes: Mapping[str, float]
    ) -> list[tuple[Reaction, Bounds]]:
        """Bounds by all comparisons as they turn out, and by the genes that are then off."""
        return decided.settled(node, fluxes)[1]

    def witness(
        self, decided: RegulatedStates, node: Node, fluxes: Mapping[str, float], state: Mapping[str, Fraction]
    ) -> dict[str, bool]:
        """Which symbols are on, as far as reactions depend on them."""
        return {name: on for name, on in sorted(decided.settled(node, fluxes)[0].items()) if on is not None}

    def content(self) -> dict:
        """The rules, and the values of conditions."""
        conditions = {name: float(value) for name, value in self._rules.conditions.items()}
        return {"kind": "rules", "rules": dict(self._rules.of), "conditions": conditions, "threshold": THRESHOLD}


def of(layer: RulesInStrain) -> RulesEvidence:
    """The evidence of what the layer says of strains of a model."""
    return RulesEvidence(layer)
