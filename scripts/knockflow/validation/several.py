"""What COBRApy finds of a design in all variants for which a model stands: of each number the least."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from cobra import Model

from knockflow.layers.in_strain import as_each

COUPLINGS = ("none", "potential", "weak", "directional", "substrate-uptake")
"""Classes of coupling, from weak to strong."""

Numbers = dict[str, float | str | None]


def in_all(model: Model, measure: Callable[[], Numbers]) -> Numbers:
    """What is found of a model in all its variants together; `measure` finds it of the model as it stands."""
    return folded([measure() for _ in as_each(model)])


def folded(found: Sequence[Mapping]) -> Numbers:
    """Of each number the least, of coupling the weakest; nan where one has no state, None where none has a value."""
    if len(found) == 1:
        return dict(found[0])
    names = dict.fromkeys(name for one in found for name in one)
    return {name: _least([one.get(name) for one in found]) for name in names}


def _least(values: Iterable[float | str | None]) -> float | str | None:
    values = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in values):
        return min(values, key=COUPLINGS.index)
    return float(np.min(values)) if values else None


def widest(envelopes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The range that holds several; nan where one of them has no state."""
    least, most = zip(*envelopes, strict=True)
    return float(np.min(least)), float(np.max(most))
