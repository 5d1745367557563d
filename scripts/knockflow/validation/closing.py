"""What sets of targets close in a model, and which they may be: for proofs that no set is better.

What may be added counts as there, and leaving it out closes it. So the states of a set are always fewer than those of
its parts, and only what is left out costs nothing, while what is kept does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cobra import Model

from knockflow.language.notation import KNOCK_IN
from knockflow.model.notes import absent_genes
from knockflow.validation.strain import Changes, absent, changes_of

ROUNDING = Fraction(1, 10**9)
"""By how much a sum of costs may exceed the largest."""


@dataclass(frozen=True)
class Budget:
    """How many interventions a design may have.

    Attributes
    ----------
    most
        In all.
    costs, kinds
        Of each target.
    largest
        The largest sum of costs; None sets none.
    per_kind
        The largest number by kind.
    """

    most: int
    costs: Sequence[Fraction]
    kinds: Sequence[str]
    largest: Fraction | None = None
    per_kind: Mapping[str, int] = field(default_factory=dict)

    def holds(self, chosen: Collection[int]) -> bool:
        """Whether some targets are within it."""
        if len(chosen) > self.most:
            return False
        if self.largest is not None and sum(self.costs[one] for one in chosen) > self.largest + ROUNDING:
            return False
        return all(sum(self.kinds[one] == kind for one in chosen) <= most for kind, most in self.per_kind.items())


class Closing:
    """The reactions that sets of targets close.

    Parameters
    ----------
    targets
        What may be removed or added, as designs.tsv writes it.

    Attributes
    ----------
    additions
        The targets that are added, by number.
    touching
        The targets that can close a reaction, as a set of bits, by reaction.
    """

    def __init__(self, model: Model, targets: Sequence[str]):
        self._model, self._changes = model, [changes_of(model, text) for text in targets]
        self.additions = [number for number, text in enumerate(targets) if text.startswith(KNOCK_IN)]
        self.everything = ";".join(targets[number] for number in self.additions)
        self._adding, self._absent = frozenset(self.additions), frozenset(absent_genes(model))
        self._lacking = absent(model, self._added(())) if self.additions else set()
        self.touching: dict[str, int] = {}
        for number, own in enumerate(self._changes):
            for name in own.closed | own.added | self._reactions_of(own.removed | own.added_genes):
                self.touching[name] = self.touching.get(name, 0) | 1 << number
        self._known: dict[frozenset[int], frozenset[str]] = {}

    def _reactions_of(self, genes: Iterable[str]) -> set[str]:
        known = self._model.genes
        return {reaction.id for gene in genes if gene in known for reaction in known.get_by_id(gene).reactions}

    def _added(self, left_out: Collection[int]) -> Changes:
        """What is added where some targets are left out."""
        kept = [self._changes[number] for number in self.additions if number not in left_out]
        return Changes(
            added=set().union(*(one.added for one in kept)), added_genes=set().union(*(one.added_genes for one in kept))
        )

    def of(self, design: Iterable[int]) -> frozenset[str]:
        """The reactions that a set closes."""
        key = frozenset(design)
        if key not in self._known:
            own, gone = [self._changes[target] for target in sorted(key - self._adding)], self._absent
            missing: set[str] = set()
            if self.additions:
                added = self._added(key)
                gone, missing = gone - added.added_genes, absent(self._model, added) - self._lacking
            gone = gone.union(*(one.removed for one in own))
            touched = map(self._model.reactions.get_by_id, self._reactions_of(gone))
            failing = {reaction.id for reaction in touched if not reaction.gpr.eval(gone)} - self._lacking
            self._known[key] = frozenset(failing.union(missing, *(one.closed for one in own)))
        return self._known[key]

    def chosen(self, design: Iterable[int], barred: int) -> list[int]:
        """The interventions of all designs with some targets closed, and others not: what is removed or kept."""
        return [one for one in design if one not in self._adding] + [one for one in self.additions if barred >> one & 1]

    def undecided(self, design: Collection[int], barred: int) -> list[int]:
        """The additions that are neither left out nor kept."""
        return [one for one in self.additions if one not in design and not barred >> one & 1]
