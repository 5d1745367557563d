"""One of several models for which a case stands, such as a scenario, in a form that search and validation share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class ModelVariant:
    """What one of several models has otherwise than the curated one.

    Attributes
    ----------
    name
        Its name.
    bounds
        Bounds by reaction (mmol/gDW/h).
    coefficients
        Coefficients by reaction and metabolite, as the decimals that are written.
    varied
        What it changes of layers, by quantity: a number, or numbers by reaction.
    """

    name: str
    bounds: Mapping[str, tuple[float, float]]
    coefficients: Mapping[str, Mapping[str, Fraction]]
    varied: Mapping[str, object] = field(default_factory=dict)

    def with_other(self, other: "ModelVariant") -> "ModelVariant":
        """Both together; what both change is as the other one has it."""
        return ModelVariant(
            f"{self.name}, {other.name}",
            {**self.bounds, **other.bounds},
            {**self.coefficients, **other.coefficients},
            {**self.varied, **other.varied},
        )
