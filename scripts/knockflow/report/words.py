"""The words of the page: what each formulation, coupling class and status means, and how numbers are written."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from knockflow.formulations.formulation import PRODUCT_UNIT
from knockflow.formulations.registry import formulation

UNIT = PRODUCT_UNIT
WILD_TYPE = "wild type"

PROMISED = "product_max_mmol_per_gdw_h"
GUARANTEED = "product_min_mmol_per_gdw_h"
FLOOR = "product_min_at_min_growth_mmol_per_gdw_h"
VALUE = "value_mmol_per_gdw_h"
GROWTH = "growth_per_h"


def column_of(kind: str) -> str | None:
    """The column of designs.tsv that shows what a kind of formulation maximizes; minimal cut sets maximize none."""
    one = formulation(kind)
    return VALUE if one.heading else one.measured


def unit_of(kind: str) -> str:
    """The unit of what a kind maximizes."""
    return formulation(kind).unit or UNIT


COUPLINGS = {
    "none": "growth at its maximum makes no product",
    "potential": "some states of maximal growth make the product, others do not (pGCP)",
    "weak": "every state of maximal growth makes the product (wGCP)",
    "directional": "every state that grows makes the product (dGCP)",
    "substrate-uptake": "every state that takes up the substrate makes the product, growing or not (SUCP)",
}

BY_GENES = {
    "same": "the genes that are deleted close its reactions, and growth, product and coupling stay what they are",
    "changed": "they close more, and the strain is another: it grows at min_growth, with the numbers that are shown",
    "lethal": "they close more, and the strain does not reach min_growth: do not build it",
    "impossible": "no set of genes closes all of its reactions",
}
"""What becomes of a design once genes are deleted for it."""

BIG_M = {
    "removal": "largest multiplier of a removal",
    "growth_price": "largest price of growth",
    "grown": "times that they were widened",
    "overclaims": "claims above what the oracle finds",
    "saturated": "some dual variable reached its bound",
}
"""What the bounds of dual variables in a record mean."""

STATUSES = {
    "proven": "proven optimal",
    "unproven": "feasible, not proven",
    "infeasible": "infeasible",
    "error": "error",
    "refuted": "NOT VERIFIED",
}
"""The badge of each status of a result."""

TARGET_KINDS = {
    "knock_out": "knock-outs",
    "knock_in": "knock-ins",
    "regulation": "regulations",
    "medium": "in the medium",
}


def region(written: object) -> str:
    """A region of states as it is asked for."""
    if isinstance(written, Mapping):
        goal = " + ".join(f"{'' if one == 1 else f'{one:g} '}{name}" for name, one in written["maximize"].items())
        return f"{', '.join(written['where'])} among the states of largest {goal}"
    return written if isinstance(written, str) else ", ".join(written)


def regions(written: Sequence) -> list[str]:
    """Several regions; a list of inequalities by itself is one."""
    return (
        [region(written)] if written and all(isinstance(item, str) for item in written) else list(map(region, written))
    )


def short(value: float | str | None) -> str:
    """A number for prose and charts, with three decimals; a dash where there is none."""
    if value in (None, ""):
        return "–"
    text = f"{float(value):.3f}"
    return text.lstrip("-") if float(text) == 0 else text


def exact(text: str) -> Markup:
    """A table's number, every digit of it; those after the third decimal are set back."""
    whole, point, decimals = str(text).partition(".")
    if not text:
        return Markup('<span class="tail">–</span>')
    if not point or len(decimals) <= 3:
        return escape(text)
    return Markup('<span>{}.{}<span class="tail">{}</span></span>').format(whole, decimals[:3], decimals[3:])


def percent(share: float | None) -> str:
    """A share as a percentage; a dash where there is none."""
    if share is None:
        return "–"
    value = 100 * share
    return f"{value:.3g} %" if value else "0 %"


def plain(value: object) -> str:
    """A number of a record as short as it can be written; words as they are."""
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.10g}"
    return str(value)


def interventions(text: str) -> list[str]:
    """The interventions of a table's cell."""
    return [name for name in text.split(";") if name]


def in_line(names: Iterable[str]) -> str:
    """A design's interventions in running text: `-A, -B|C`, groups of coupled reactions cut after the third name."""
    return ", ".join(map(shortened, names)) or WILD_TYPE


def few(names: Sequence[str], most: int = 4, sign: str = ", ") -> str:
    """The first of some reactions, and the number of the others."""
    if len(names) <= most + 1:
        return sign.join(names)
    return f"{sign.join(names[:most])} and {len(names) - most} more"


def shortened(intervention: str, most: int = 3, width: int = 46) -> str:
    """An intervention with as many of its coupled reactions named as fit, and the number of the others."""
    members = intervention.split("|")
    if len(members) == 1 or (len(members) <= most + 1 and len(intervention) <= width):
        return intervention
    for shown in range(min(most, len(members) - 1), 0, -1):
        # No-break spaces: the count stays with its name.
        text = f"{'|'.join(members[:shown])}|…\u00a0({len(members) - shown}\u00a0more)"
        if len(text) <= width:
            break
    return text
