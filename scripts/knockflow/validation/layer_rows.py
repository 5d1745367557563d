"""What layers have made of a model, as certificates have it: bounds that they narrow, and what they add."""

from collections.abc import Mapping
from dataclasses import dataclass

from cobra import Model

from knockflow.model.constrained_model import constraints_of
from knockflow.model.constraints import Constraint
from knockflow.model.notes import Bounds, open_bounds

MOST = 1e6
"""mmol/gDW/h that a flux has at most which a layer adds without an end: what an enzyme carries, say."""


@dataclass(frozen=True)
class Plain:
    """A model before its layers: bounds by reaction, what balances hold, and its constraints."""

    bounds: Mapping[str, Bounds]
    balances: Mapping[str, Mapping[str, float]]
    constraints: Mapping[str, Constraint]

    @classmethod
    def of(cls, model: Model) -> "Plain":
        """A model as it is now."""
        bounds = {one.id: open_bounds(one) for one in model.reactions}
        return cls(bounds, _balances(model), {one.id: one for one in constraints_of(model)})

    def refusal(self, model: Model) -> str:
        """Why the model with its layers has no certificate; empty if they narrow bounds, and add fluxes and rows."""
        found = constraints_of(model)
        kept = {one.id: one for one in found if one.id in self.constraints}
        if (
            _balances(model) != self.balances
            or kept != self.constraints
            or any(one.metabolite for one in found[len(kept) :])
        ):
            return "its layers change balances and constraints of the model, which certificates do not hold"
        return ""

    def layers(self, model: Model) -> dict:
        """What a certificate has of the layers of a model: `layers`, and where there are any `columns` and `rows`."""
        narrowed = {name: ends for name, ends in _bounds(model).items() if ends != self.bounds.get(name, ends)}
        columns = [
            {
                "id": one.id,
                "lower_bound": ended(one.lower_bound),
                "upper_bound": ended(one.upper_bound),
                "gene_reaction_rule": one.gene_reaction_rule,
            }
            for one in model.reactions
            if one.id not in self.bounds
        ]
        rows = dict(written_row(one) for one in constraints_of(model) if one.id not in self.constraints)
        return {"layers": narrowed} | ({"columns": columns, "rows": rows} if columns or rows else {})


def written_row(one: Constraint) -> tuple[str, list]:
    """The name of a constraint in certificates, and what they have of it."""
    ends = (None if abs(end) == float("inf") else end for end in (one.lower, one.upper))
    return f"constraint {one.id}", [dict(one.coefficients), *ends]


def ended(bound: float) -> float:
    """A bound, or MOST where it is none."""
    return bound if abs(bound) < float("inf") else (MOST if bound > 0 else -MOST)


def _bounds(model: Model) -> dict[str, Bounds]:
    """Of what must be added those that it has once it is there."""
    return {one.id: open_bounds(one) for one in model.reactions}


def _balances(model: Model) -> dict[str, dict[str, float]]:
    """The coefficients of each reaction that has any."""
    found = {one.id: {met.id: value for met, value in one.metabolites.items()} for one in model.reactions}
    return {name: own for name, own in found.items() if own}
