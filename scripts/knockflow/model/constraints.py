"""The linear constraints that a model has besides its steady state, as model.json keeps them.

    lower <= sum of coefficient * flux <= upper    or    lower <= balance of a metabolite <= upper

Coupling constraints of the COBRA toolbox (Heirendt et al. 2019, doi:10.1038/s41596-018-0098-2) and user-defined
constraints of SBML fbc 3 are of the first kind. The second replaces a metabolite's steady state, whose balance is 0.
Fluxes and balances are in mmol/gDW/h.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from knockflow.base.errors import FileError, suggestion
from knockflow.model.notes import CONSTRAINTS_NOTE


@dataclass(frozen=True)
class Constraint:
    """One of them, by its coefficients or by the metabolite whose balance it bounds; ends may be infinite."""

    id: str
    lower: float
    upper: float
    coefficients: Mapping[str, float] = field(default_factory=dict)
    metabolite: str = ""

    def __str__(self) -> str:
        """What it says, such as `-10 <= A - 2 B <= 3`."""
        middle = f"balance of {self.metabolite}" if self.metabolite else _sum(self.coefficients)
        if self.lower == self.upper:
            return f"{middle} = {_plain(self.lower)}"
        least = f"{_plain(self.lower)} <= " if math.isfinite(self.lower) else ""
        most = f" <= {_plain(self.upper)}" if math.isfinite(self.upper) else ""
        return f"{middle} >= {_plain(self.lower)}" if least and not most else f"{least}{middle}{most}"


def _sum(coefficients: Mapping[str, float]) -> str:
    terms = [
        f"{'-' if x < 0 else '+'} {'' if abs(x) == 1 else f'{_plain(abs(x))} '}{r}" for r, x in coefficients.items()
    ]
    text = " ".join(terms) or "0"
    return text.removeprefix("+ ") if not text.startswith("- ") else f"-{text[2:]}"


def _plain(number: float) -> str:
    return f"{number + 0.0:.10g}"


def as_text(constraints: Iterable[Constraint]) -> str:
    """The note that holds some constraints."""
    return json.dumps([as_plain(constraint) for constraint in constraints])


def as_plain(constraint: Constraint) -> dict:
    """A constraint as JSON can hold it: an end that it does not have is null."""
    of = {"metabolite": constraint.metabolite} if constraint.metabolite else {"coefficients": constraint.coefficients}
    ends = {"lower": constraint.lower, "upper": constraint.upper}
    return {"id": constraint.id, **of, **{name: end if math.isfinite(end) else None for name, end in ends.items()}}


def from_text(text: str, reactions: Collection[str], metabolites: Collection[str]) -> tuple[Constraint, ...]:
    """The constraints of a note.

    Raises
    ------
    FileError
        If the note is not as `as_text` writes it, or names what the model does not have.
    """
    try:
        found = tuple(map(_from_plain, json.loads(text)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileError(f"the note `{CONSTRAINTS_NOTE}` is not as `curate` writes it ({error})") from error
    for one in found:
        names = [("metabolite", one.metabolite)] if one.metabolite else [("reaction", r) for r in one.coefficients]
        for kind, name in names:
            known = metabolites if one.metabolite else reactions
            if name not in known:
                raise FileError(f"constraint `{one.id}`: no {kind} `{name}` in the model{suggestion(name, known)}")
    return found


def _from_plain(item: Mapping) -> Constraint:
    lower, upper = item["lower"], item["upper"]
    found = Constraint(
        str(item["id"]),
        -math.inf if lower is None else float(lower),
        math.inf if upper is None else float(upper),
        {str(name): float(value) for name, value in item.get("coefficients", {}).items()},
        str(item.get("metabolite", "")),
    )
    if problem := wrong(found):
        raise ValueError(problem)
    return found


def wrong(constraint: Constraint) -> str:
    """Why a constraint cannot be kept; nothing if it can."""
    for reaction, value in constraint.coefficients.items():
        if not math.isfinite(value):
            return f"constraint `{constraint.id}`: the coefficient of {reaction} is {value}, not a finite number"
    lower, upper = constraint.lower, constraint.upper
    if math.isnan(lower) or math.isnan(upper) or lower == math.inf or upper == -math.inf:
        return f"constraint `{constraint.id}`: bounds {lower} and {upper} are no bounds"
    if lower > upper:
        return f"constraint `{constraint.id}`: its lower bound {_plain(lower)} is above its upper one {_plain(upper)}"
    if not constraint.metabolite and not any(constraint.coefficients.values()) and not lower <= 0 <= upper:
        return f"constraint `{constraint.id}` has no coefficient, and 0 is outside [{_plain(lower)}, {_plain(upper)}]"
    return ""
