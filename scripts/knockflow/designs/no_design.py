"""Why a search has no design to show: growth, the product, the targets, the limits, or nothing better exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knockflow.base.tolerances import below, reached
from knockflow.designs.ranking import Limits
from knockflow.designs.result import Result
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.formulation import Formulation
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL
from knockflow.problem.problem import Problem

MADE = 1e-6
"""mmol/gDW/h up to which no product is made; validation draws the same line."""

GROWTH = "growth"
PRODUCT = "product"
TARGETS = "targets"
LIMITS = "limits"
WILD_TYPE = "wild type"
TIME = "time"
PROTECTED = "protected states"


@dataclass(frozen=True)
class Why:
    """What a record says of its status: a cause in one word, if there is no design, and the reason in a sentence."""

    cause: str = ""
    text: str = ""

    def joined(self, more: str) -> "Why":
        """The same with something more to say."""
        return Why(self.cause, "; ".join(text for text in (self.text, more) if text))


def too_much_forced(problem: Problem, options: Mapping) -> Why | None:
    """What is wrong if the limits do not even allow what every design contains."""
    if not problem.forced or Limits.of(options).affordable(problem, frozenset()):
        return None
    return Why(LIMITS, f"what every design contains ({', '.join(problem.forced)}) is beyond the limits by itself")


def not_viable(problem: Problem) -> Why:
    """Why no state of the wild type, with all that a design may add, grows at min_growth.

    Of several followers that of the slowest, by its name.
    """
    if len(problem.followers) > 1:
        slowest = min(problem.each, key=lambda one: one.max_growth)
        why = not_viable(replace(slowest, hindrances=problem.hindrances))
        return Why(why.cause, f"{slowest.follower.name}: {why.text}")
    if problem.max_growth == float("-inf"):
        rules = " and the rules of genes" if problem.integer.any() else ""
        rules += " and energies of reaction" if problem.driving_forces is not None else ""
        text = f"the bounds{rules} allow no steady state: a flux that must run, such as maintenance, cannot"
    else:
        text = f"the wild type grows at most {problem.max_growth:.6f} per h, min_growth is {problem.min_growth:g}"
        least = reached(problem.max_growth)
        text += f"; lower min_growth to {least:g} or less" if least else ""
    return Why(GROWTH, "; ".join((text, *problem.hindrances)))


def empty_list(problem: Problem, wanted: Formulation, options: Mapping, result: Result, doubt: str) -> tuple[str, Why]:
    """Status and reason where not even the wild type is listed."""
    if doubt:
        return "error", Why(TIME, f"no design found before the search ended: {doubt}")
    if options.get("min_value") is not None:
        text = f"no design within the limits reaches the value {options['min_value']:g}"
        found = _unmakeable(problem, wanted, result) or _unchangeable(problem, wanted, options)
        if found is not None:
            return "infeasible", Why(found.cause, f"{text}: {found.text}")
        potential = result.potential
        if potential is not None and BEHAVIOURS[wanted.response].in_product:
            text += f"; no state that a design may reach makes more than {potential:g}"
        return "infeasible", Why(LIMITS, text)
    alive = " and lives without the product" if BEHAVIOURS[wanted.response].lives_without else ""
    return "infeasible", Why(LIMITS, f"no design within the limits grows at min_growth{alive}")


def only_wild_type(problem: Problem, wanted: Formulation, options: Mapping, result: Result) -> Why:
    """Why nothing beats the wild type, where that is proven."""
    found = _unmakeable(problem, wanted, result) or _unchangeable(problem, wanted, options)
    if found is not None:
        return found
    if BEHAVIOURS[wanted.response].all_growing and wanted.optimistic:
        # The potential is a bound: that removals leave the wild type's is what it is asked for.
        return Why()
    count, limits = len(problem.candidates(usable(wanted))), Limits.of(options)
    best, potential = result.wild_type, result.potential
    rated = best is not None and potential is not None and BEHAVIOURS[wanted.response].in_product
    if rated and not below(best.value, potential) and not below(best.guarantee, best.value):
        return Why(WILD_TYPE, f"it makes as much as any state that grows at min_growth, {potential:g} mmol/gDW/h")
    most = limits.max_interventions
    budget = "" if limits.max_cost is None else f" and a cost of at most {limits.max_cost:g}"
    text = f"no set of at most {most} of {count} candidate target{'' if count == 1 else 's'}{budget} is worth more"
    return Why(WILD_TYPE, text)


def no_cut_set(problem: Problem, options: Mapping, unprotected: Sequence[int] = ()) -> Why:
    """Why there is no minimal cut set, where that is proven; `unprotected` are regions without any state."""
    targets = problem.targets
    if unprotected:
        which = f" {', '.join(map(str, unprotected))}" if len(options["protect"]) > 1 else ""
        text = f"the wild type has no state of the region{which} that `protect` asks for, so no cut set can keep one"
        return Why(PROTECTED, text)
    if not problem.candidates((CANDIDATE, ESSENTIAL, BLOCKED)):
        return _no_targets(problem)
    if not any(Limits.of(options).affordable(problem, frozenset([target])) for target in range(len(targets))):
        return Why(LIMITS, _budget(options))
    return Why(LIMITS, "no cut set within the limits")


def nothing_to_cut() -> Why:
    """That the wild type is a cut set by itself."""
    text = "the wild type has no state of the regions that `suppress` asks to rule out: there is nothing to change"
    return Why(WILD_TYPE, text)


def usable(wanted: Formulation) -> tuple[str, ...]:
    """The statuses of targets that a formulation may change."""
    return BEHAVIOURS[wanted.response].usable


def _unmakeable(problem: Problem, wanted: Formulation, result: Result) -> Why | None:
    """That no state has any product, if so."""
    most = result.potential
    if not BEHAVIOURS[wanted.response].in_product or most is None or most > MADE:
        return None
    growing = f"no state that grows at least {problem.min_growth:g} per h" if problem.maximizes_growth else "no state"
    added = ", with everything added that a design may add" if problem.targets.enlarging else ""
    return Why(PRODUCT, f"{growing} makes the product{added}: no design can")


def _unchangeable(problem: Problem, wanted: Formulation, options: Mapping) -> Why | None:
    """That there is nothing to change, or nothing that the limits allow, if so."""
    candidates = problem.candidates(usable(wanted))
    if not candidates:
        return _no_targets(problem)
    limits = Limits.of(options)
    if any(limits.affordable(problem, frozenset([target])) for target in candidates):
        return None
    return Why(LIMITS, _budget(options))


def _no_targets(problem: Problem) -> Why:
    statuses = problem.targets.status
    essential, blocked = statuses.count(ESSENTIAL), statuses.count(BLOCKED)
    if not essential + blocked:
        text = "the case has no targets: targets.tsv says why each reaction is none; `targets.include` names others"
        return Why(TARGETS, text)
    parts = [f"{essential} essential for growth at min_growth"] if essential else []
    parts += [f"{blocked} without flux in any state that grows so"] if blocked else []
    return Why(TARGETS, f"no target is left to change: {' and '.join(parts)} (targets.tsv lists them)")


def _budget(options: Mapping) -> str:
    """Which limits leave no room for a single intervention."""
    limits = Limits.of(options)
    if not limits.max_interventions:
        return "max_interventions is 0, so only the wild type is evaluated"
    keys = {"max_interventions": limits.max_interventions, "max_cost": limits.max_cost}
    said = [f"{key} {value:g}" for key, value in keys.items() if value is not None]
    said += [f"max_per_kind.{kind} {most}" for kind, most in limits.max_per_kind.items()]
    return f"the limits leave no room for any one intervention: {', '.join(said)}"
