"""Certificates of strains whose states are a union of polytopes, since layers leave something to their fluxes.

Each statement has a tree: what a layer tries, and prices in the leaves (`knockflow.numerics.branched`). The layer has
the evidence for its branches, and for the state being one (`knockflow.layers.in_strain.Evidence`).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np
from cobra import Model

from knockflow.layers.in_strain import Decided, Evidence, Node, decided_by
from knockflow.model.question import Question
from knockflow.numerics.branched import BranchedProgram, Ends
from knockflow.numerics.certified import ExactProgram, Unproven
from knockflow.numerics.exact_rows import Entries, ExactRow
from knockflow.validation.layer_rows import MOST
from knockflow.validation.stated import GROWTH, NOT_EXACT, RANGES, exact
from knockflow.validation.strain import changed

Nodes = tuple[Node, ...]


class Deciding:
    """What all layers leave to the fluxes of a strain, as a branching of its program."""

    def __init__(self, decided: Sequence[Decided], evidence: Sequence[Evidence]):
        self._decided, self._evidence = decided, evidence
        self.root: Nodes = tuple(one.root for one in decided)

    def limits(self, node: Nodes) -> dict[str, Ends] | None:
        """The bounds of all layers."""
        found = [one.limits(own) for one, own in zip(self._decided, node, strict=True)]
        return None if None in found else _narrowest(pair for own in found for pair in own)

    def below(self, node: Nodes, fluxes: Mapping[str, float]) -> tuple[list, list[tuple[object, Nodes]]] | None:
        """What the first layer tries whose part the fluxes do not keep."""
        for number, (one, own) in enumerate(zip(self._decided, node, strict=True)):
            below = one.branches(own, fluxes)
            if below is not None:
                nodes = below[::-1]
                reason, told = self._evidence[number].branch(one, own, nodes, fluxes)
                put = ((*node[:number], new, *node[number + 1 :]) for new in nodes)
                return [number, reason], list(zip(told, put, strict=True))
        return None

    def settled(self, node: Nodes, fluxes: Mapping[str, float]) -> dict[str, Ends]:
        """Bounds within which all fluxes are those of a state."""
        triples = zip(self._decided, self._evidence, node, strict=True)
        return _narrowest(pair for one, evidence, own in triples for pair in evidence.settled(one, own, fluxes))

    def witness(self, node: Nodes, fluxes: Mapping[str, float], state: Mapping[str, Fraction]) -> list:
        """What shows that a state within settled bounds is one, layer by layer."""
        triples = zip(self._decided, self._evidence, node, strict=True)
        return [evidence.witness(one, own, fluxes, state) for one, evidence, own in triples]


def _narrowest(pairs) -> dict[str, Ends]:
    found: dict[str, Ends] = {}
    for reaction, ends in pairs:
        low, high = (exact(float(np.clip(end, -MOST, MOST))) for end in ends)
        before = found.get(reaction.id, (low, high))
        found[reaction.id] = max(low, before[0]), min(high, before[1])
    return found


class Strains(Protocol):
    """Strains of a model as exact programs."""

    model: Model
    question: Question

    def strain(self, interventions: str) -> ExactProgram:
        """The rows and bounds of a strain."""


class BranchedCertifier:
    """Certifies designs of a model some of whose layers leave something to fluxes."""

    def __init__(self, certifier: Strains, evidence: Sequence[Evidence]):
        self._certifier, self._evidence = certifier, evidence

    def value(self, interventions: str) -> dict:
        """A state of the largest growth, with what shows that it is one, and a tree for each statement.

        Raises
        ------
        Unproven
            If no exact state was found, or a tree has a leaf without prices.
        """
        certifier, question = self._certifier, self._certifier.question
        biomass = {question.biomass: Fraction(1)}
        made = {name: exact(weight) for name, weight in question.made.items()}
        strain = certifier.strain(interventions)
        with changed(certifier.model, interventions) as model:
            deciding = Deciding(decided_by(model), self._evidence)
            grown = BranchedProgram(strain, deciding).least({question.biomass: Fraction(-1)})
            state = self._state(strain, deciding.settled(grown.node, grown.fluxes), biomass)
            growth = state.get(question.biomass, Fraction(0))
            found = {
                "state": {name: str(flux) for name, flux in state.items()},
                "witness": deciding.witness(grown.node, grown.fluxes, state),
            }
            found[GROWTH] = grown.tree
            for column, (sign, at_any) in RANGES.items():
                # v_b >= growth of the state, or min_growth
                row = ExactRow(biomass, exact(question.min_growth) if at_any else growth, None)
                program = BranchedProgram(strain.holding({}, {"growth": row}), deciding)
                found[column] = program.least({name: sign * x for name, x in made.items()}).tree
            return found

    def _state(self, strain: ExactProgram, settled: Mapping[str, Ends], biomass: Entries) -> dict[str, Fraction]:
        """The state of the largest growth within settled bounds."""
        bounds = {
            name: (max(own[0], settled[name][0]), min(own[1], settled[name][1])) if name in settled else own
            for name, own in strain.bounds.items()
        }
        state = ExactProgram(bounds, strain.rows).best_state({name: -x for name, x in biomass.items()})
        if state is None:
            raise Unproven(NOT_EXACT)
        return state

    def decided(self) -> list[dict]:
        """What the checker has to know of the layers, once all designs are certified."""
        return [one.content() for one in self._evidence]
