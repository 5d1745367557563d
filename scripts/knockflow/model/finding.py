"""One line of curation.tsv: what was found in a model, or changed in it, and why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CHANGE = "change"
WARNING = "warning"
INFO = "info"

WHOLE_MODEL = "model"


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    item : str
        The id of a reaction, metabolite or gene, or `model`.
    check : str
        The check that found it.
    severity : str
        `change` (the model was edited), `warning` (look at it) or `info`.
    before, after : str
        The value that was read and the value now in the model. A finding that changes nothing has at most
        `before`: the value that it is about.
    why : str
        The reason, in one sentence.
    """

    item: str
    check: str
    severity: str
    before: str = ""
    after: str = ""
    why: str = ""


def plain(number: float) -> str:
    """A number as short as it can be written, without a minus zero."""
    if math.isnan(number):
        return "nan"
    return f"{number + 0.0:.10g}"


def flux(number: float) -> str:
    """A computed flux, with six decimals and without a minus zero."""
    text = f"{number:.6f}"
    return text.lstrip("-") if float(text) == 0 else text


def interval(bounds: tuple[float, float]) -> str:
    """The lower and upper bound of a reaction in mmol/gDW/h, as `[-10, 1000]`."""
    return f"[{plain(bounds[0])}, {plain(bounds[1])}]"


def first_few(names: Sequence[str], most: int = 3) -> str:
    """The first names of a list, and how many more there are."""
    listed = ", ".join(names[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 gene`, `2 genes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_line(error: object) -> str:
    """The first line of a complaint that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= 200 else text[:197] + "..."
