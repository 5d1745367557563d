"""Bounds that stand for no bound: brought down to the model's own scale, where no growth or product is lost."""

import math
from collections.abc import Mapping, Sequence

from cobra import Model, Reaction

from knockflow.base.errors import ModelError
from knockflow.language.products import asked_in, named_in
from knockflow.model.curation.ability import largest
from knockflow.model.finding import CHANGE, WARNING, WHOLE_MODEL, Finding, first_few, flux, interval, plain

ENDLESS = 10_000  # mmol/gDW/h; no flux comes near it, so a bound from here on stands for "no bound"
USUAL = 1000  # mmol/gDW/h; the bound that most published models use for "no bound"
TOO_WIDE = 1e6  # mmol/gDW/h; beyond it the tolerance of linear programs is lost in rounding
LOST = 1e-5  # relative (absolute below 1); solvers agree better, with wide bounds, too

Bounds = tuple[float, float]

_STANDS = f"a bound of {ENDLESS} or more stands for no bound"


def widest(model: Model) -> float:
    """The largest bound of a model that is one, in mmol/gDW/h, but at least the usual one.

    Nothing smaller may stand for "no bound": where most bounds are 999999 and some exports are limited to 100, 100 is
    a limit.
    """
    sizes = (abs(bound) for reaction in model.reactions for bound in reaction.bounds)
    return max([USUAL, *(size for size in sizes if size < ENDLESS)])


def scale_without_endless(model: Model, findings: Sequence[Finding]) -> float:
    """The largest bound of a curated model (mmol/gDW/h); 0 where some stood for none."""
    return 0.0 if any(one.why.startswith(_STANDS) for one in findings) else float(widest(model))


def clip_bounds(model: Model, case: Mapping, biomass: Reaction) -> list[Finding]:
    """Bring endless bounds down to the model's own scale; without `repair` only report them.

    Largest growth and product flux in the case's medium are computed before and after. Where either falls, the scale
    is too small and a tenfold one is tried. What only endless bounds limit cannot be kept, and is said.

    Raises
    ------
    ModelError
        If bounds remain that no linear program can be trusted with.
    """
    wide = reaching(model, ENDLESS)
    asked = [biomass, *(model.reactions.get_by_id(name) for name in named_in(asked_in(case)))]
    usual = widest(model)
    if not wide:
        return unlimited(asked, without_end(model, reaching(model, usual), asked, usual), usual)
    before = [largest(model, reaction) for reaction in asked]
    free = without_end(model, wide, asked)
    findings = unlimited(asked, free)
    rest = [reaction for reaction, most in zip(asked, free, strict=True) if most != math.inf]
    findings += unlimited(rest, without_end(model, reaching(model, usual), rest, usual), usual)
    limit = None
    if case.get("repair", True):
        wanted = [None if goal == math.inf else value for value, goal in zip(before, free, strict=True)]
        limit = clipped_to(model, wide, asked, wanted)
    findings += [told(reaction, bounds, limit) for reaction, bounds in wide.items()]
    if limit is not None:
        after = [largest(model, reaction) for reaction in asked]
        findings.append(growth_kept(before[0], after[0], limit, sum(r.bounds != own for r, own in wide.items())))
    refuse(model, case.get("repair", True))
    return findings


def reaching(model: Model, limit: float) -> dict[Reaction, Bounds]:
    """The reactions of which a bound is as wide as a limit, with their bounds."""
    return {
        reaction: reaction.bounds
        for reaction in model.reactions
        if reaction.lower_bound <= -limit or reaction.upper_bound >= limit
    }


def clipped(bounds: Bounds, limit: float) -> Bounds:
    """Endless bounds brought to a limit; as they are where that would leave nothing."""
    lower, upper = bounds
    ends = -limit if lower <= -ENDLESS else lower, limit if upper >= ENDLESS else upper
    # A limit above the bound would widen it.
    ends = max(lower, ends[0]), min(upper, ends[1])
    return ends if ends[0] <= ends[1] else bounds


def clipped_to(
    model: Model, wide: Mapping[Reaction, Bounds], asked: Sequence[Reaction], wanted: Sequence[float | None]
) -> float | None:
    """Clip to the smallest scale that keeps what is wanted; None, with all put back, where none does."""
    limit = widest(model)
    while limit <= TOO_WIDE:
        for reaction, bounds in wide.items():
            reaction.bounds = clipped(bounds, limit)
        if all(
            goal is None or keeps(largest(model, reaction), goal) for reaction, goal in zip(asked, wanted, strict=True)
        ):
            return limit
        limit *= 10
    for reaction, bounds in wide.items():
        reaction.bounds = bounds
    return None


def keeps(value: float | None, goal: float) -> bool:
    """Whether a flux is as large as it was."""
    return value is not None and value >= goal - LOST * max(1.0, abs(goal))


def without_end(
    model: Model, wide: Mapping[Reaction, Bounds], asked: Sequence[Reaction], limit: float = ENDLESS
) -> list[float | None]:
    """The largest flux of each reaction asked for if bounds from a limit on were none."""
    with model:
        for reaction, (lower, upper) in wide.items():
            reaction.bounds = (-math.inf if lower <= -limit else lower, math.inf if upper >= limit else upper)
        return [largest(model, reaction) for reaction in asked]


def unlimited(asked: Sequence[Reaction], free: Sequence[float | None], limit: float = ENDLESS) -> list[Finding]:
    """What nothing limits but bounds that stand for none, or that the model has where it means none."""
    return [
        Finding(
            reaction.id,
            "bounds",
            WARNING,
            "unlimited",
            "",
            f"only bounds of {plain(limit)} or more limit it in this medium, so that its largest flux means nothing: "
            "limit the uptakes that feed it",
        )
        for reaction, most in zip(asked, free, strict=True)
        if most == math.inf
    ]


def told(reaction: Reaction, before: Bounds, limit: float | None) -> Finding:
    """What became of an endless bound."""
    if reaction.bounds != before:
        why = f"{_STANDS}, which is written as {plain(limit)} here"
        return Finding(reaction.id, "bounds", CHANGE, interval(before), interval(reaction.bounds), why)
    why = f"{_STANDS}, and blurs big-M and tolerances"
    return Finding(reaction.id, "bounds", WARNING, interval(before), "", why)


def growth_kept(before: float | None, after: float | None, limit: float, count: int) -> Finding:
    """Growth before and after endless bounds were brought down."""
    named = f"{count} reaction{'' if count == 1 else 's'}"
    why = (
        f"largest growth in this medium (1/h) before and after endless bounds of {named} were brought to {plain(limit)}"
    )
    return Finding(WHOLE_MODEL, "bounds", CHANGE, rate(before), rate(after), why)


def rate(growth: float | None) -> str:
    """Growth as it is written, or that there is none to tell."""
    if growth is None:
        return "infeasible"
    return "unlimited" if growth == math.inf else flux(growth)


def refuse(model: Model, repair: bool) -> None:
    """Raise a ModelError if bounds are left that no linear program can be trusted with."""
    left = [r for r in model.reactions if max(map(abs, r.bounds)) > TOO_WIDE]
    if not left:
        return
    listed = first_few([f"{reaction.id} {interval(reaction.bounds)}" for reaction in left])
    mend = (
        "fluxes of this size are no mmol/gDW/h: check the units of the model"
        if repair
        else "bring them to 1000 (or whatever no flux comes near) in the model, or set `repair: true`, which does it"
    )
    noun = "reaction has a bound" if len(left) == 1 else "reactions have bounds"
    raise ModelError(
        f"{len(left)} {noun} beyond {plain(TOO_WIDE)} mmol/gDW/h, where linear programs lose the digits of fluxes: "
        f"{listed}; {mend}"
    )
