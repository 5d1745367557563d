"""Whether a design is a minimal cut set of a COBRApy model; nothing of the search is used here."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from cobra import Model, Reaction
from optlang.interface import INFEASIBLE, OPTIMAL

from knockflow.base.errors import ModelError
from knockflow.base.tolerances import FEASIBILITY
from knockflow.language.ids import Known
from knockflow.language.inequalities import Inequality, inequality
from knockflow.layers.in_strain import COPIES_NOTE, copies
from knockflow.validation.direct import extreme
from knockflow.validation.reevaluation import hold_optimum
from knockflow.validation.strain import Changes, changed

WrittenRegion = Sequence[str] | Mapping
"""States that fulfil all of some linear inequalities; with `where` and `maximize`, of the optimal states only."""

WrittenRegions = Sequence[WrittenRegion | str]


def cuts(
    model: Model,
    interventions: str,
    suppress: WrittenRegions,
    protect: WrittenRegions,
    forced: Collection[str] = (),
    known: dict[tuple, bool | None] | None = None,
) -> bool:
    """Whether a design is a minimal cut set: it empties what is to be suppressed and nothing else, and needs all parts.

    What is neither surely empty nor surely not counts against the design; what every design contains is not left out.
    (Minimal cut sets: Klamt & Gilles 2004, doi:10.1093/bioinformatics/btg395.)

    Parameters
    ----------
    model
        The curated model with its layers; it is left as it was.
    interventions
        The design as tables write it.
    suppress, protect
        Regions as a configuration writes them: of each to be suppressed no state may be left, of each to be protected
        some.
    forced
        Interventions that every design contains.
    known
        What was found for designs with a part left out, which cut sets have in common; it is added to.

    Raises
    ------
    FileError
        If an intervention names nothing in the model.
    ModelError
        If a region names no reaction of the model.
    """
    parts = interventions.split(";") if interventions else []
    fewer = [";".join(part for part in parts if part != left_out) for left_out in parts if left_out not in forced]
    known = {} if known is None else known

    def does(design: str) -> bool | None:
        key = design, str(suppress), str(protect)
        if key not in known:
            known[key] = as_asked(model, design, suppress, protect)
        return known[key]

    return does(interventions) is True and all(does(rest) is False for rest in fewer)


def as_asked(model: Model, design: str | Changes, suppress: WrittenRegions, protect: WrittenRegions) -> bool | None:
    """Whether a design suppresses and protects as it is to; None where the solver does not know."""
    with changed(model, design) as strain:
        kept = [_empty(strain, region) for region in regions(suppress)]
        kept += [not empty if empty is not None else None for empty in (_empty(strain, r) for r in regions(protect))]
    if False in kept:
        return False
    return None if None in kept else True


def regions(written: WrittenRegions) -> list[WrittenRegion]:
    """Several regions, each as written; a list of strings is one."""
    if isinstance(written, Mapping) or (written and all(isinstance(item, str) for item in written)):
        return [written]
    return list(written or [])


def _empty(model: Model, region: WrittenRegion) -> bool | None:
    """Whether no state lies in a region; in a nested one, none of those that maximize its objective."""
    nested = isinstance(region, Mapping)
    with model:
        if nested:
            model.objective = {
                reaction: share * factor
                for name, factor in region["maximize"].items()
                for reaction, share in _copies(model, name, region)
            }
            model.objective_direction = "max"
            none = _no_state(model)
            if none is not False:
                return none
            hold_optimum(model)
        *others, last = region["where"] if nested else region
        for text in others:
            model.add_cons_vars(_constraint(model, text))
        return _falls_short(model, last) if not others else _misses(model, _constraint(model, last))


def _falls_short(model: Model, text: str) -> bool | None:
    """Whether no state of a model meets one inequality, by the basis of the last optimum where that gives a verdict."""
    wanted = inequality(text)
    terms = {reaction: value for reaction, value in _terms(model, wanted, text) if value}
    found = extreme(model, terms, "max" if wanted.sense == ">=" else "min") if wanted.sense != "=" else None
    if found is None:
        return _misses(model, _constraint(model, text))
    sign = 1.0 if wanted.sense == ">=" else -1.0
    return sign * (wanted.bound - found[0]) > 10 * FEASIBILITY


def _misses(model: Model, limit) -> bool | None:
    """Whether no state of a model meets one more constraint: how far it goes is compared with the bound.

    To ask for a state of both would trust the solver's word on an empty program.
    """
    if limit.lb is not None and limit.ub is not None:
        model.add_cons_vars(limit)
        model.objective = {}
        return _no_state(model)
    rising = limit.lb is not None
    model.objective = model.problem.Objective(limit.expression, direction="max" if rising else "min")
    none = _no_state(model)
    if none is not False:
        return none
    reached = model.objective.value
    return bool(limit.lb - reached > 10 * FEASIBILITY if rising else reached - limit.ub > 10 * FEASIBILITY)


def _no_state(model: Model) -> bool | None:
    """Whether a model as constrained allows nothing; None if it has no optimum or the solver fails."""
    settings = model.solver.configuration
    for presolve in (settings.presolve, True):
        before, settings.presolve = settings.presolve, presolve
        model.slim_optimize(error_value=np.nan)
        settings.presolve = before
        if model.solver.status in (OPTIMAL, INFEASIBLE):
            return model.solver.status == INFEASIBLE
    return None


def _constraint(model: Model, text: str):
    wanted = inequality(text)
    terms = [factor * reaction.flux_expression for reaction, factor in _terms(model, wanted, text)]
    lower = None if wanted.sense == "<=" else wanted.bound
    upper = None if wanted.sense == ">=" else wanted.bound
    return model.problem.Constraint(sum(terms), lb=lower, ub=upper)


def _terms(model: Model, wanted: Inequality, text: str) -> list[tuple[Reaction, float]]:
    """The reactions of an inequality with their coefficients."""
    return [
        (reaction, share * factor)
        for name, factor in wanted.coefficients.items()
        for reaction, share in _copies(model, name, text)
    ]


def _copies(model: Model, name: str, where: object) -> list[tuple[Reaction, float]]:
    """A reaction, or its copies in all parts of a strain, with what each counts in the mean."""
    found = Known(model.notes.get(COPIES_NOTE) or model.reactions).reaction(name)
    if found is None:
        raise ModelError(f"`{where}`: no reaction `{name}` in the model")
    return copies(model, found)
