"""What COBRApy finds of a design in all variants for which a model stands, number by number.

Growth is the least, since a design must grow in all of them, and coupling the weakest; of the others the least, the
mean or a quantile, by how the case judges designs (`knockflow.layers.in_strain.Judged`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from cobra import Model

from knockflow.layers.in_strain import WORST, Judged, as_each, judged_of

GROWTH = ("growth_per_h", "fastest")
"""Numbers of which the least counts, however designs are judged."""

COUPLINGS = ("none", "potential", "weak", "directional", "substrate-uptake")
"""Classes of coupling, from weak to strong."""

Numbers = dict[str, float | str | None]


def in_all(model: Model, measure: Callable[[], Numbers]) -> Numbers:
    """What is found of a model in all its variants together; `measure` finds it of the model as it stands."""
    return folded([measure() for _ in as_each(model)], judged_of(model))


def folded(found: Sequence[Mapping], judged: Judged = WORST) -> Numbers:
    """One number of each kind, and one class of coupling; nan where one has no state, None where none has a value."""
    if len(found) == 1:
        return dict(found[0])
    names = dict.fromkeys(name for one in found for name in one)
    return {name: _of([one.get(name) for one in found], WORST if name in GROWTH else judged) for name in names}


def _of(values: Iterable[float | str | None], judged: Judged) -> float | str | None:
    values = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in values):
        return min(values, key=COUPLINGS.index)
    if not values or np.isnan(values).any():
        return float("nan") if values else None
    return float(np.mean(values)) if judged.by == "mean" else _reached(values, judged.quantile)


def _reached(values: Sequence[float], quantile: float) -> float:
    """The largest of some values below which there are none, or less than a share of them."""
    most = Fraction(str(quantile)) * len(values)
    fewer = [value for value in values if not (below := sum(other < value for other in values)) or below < most]
    return float(max(fewer))


def widest(envelopes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The range that holds several; nan where one of them has no state."""
    least, most = zip(*envelopes, strict=True)
    return float(np.min(least)), float(np.max(most))
