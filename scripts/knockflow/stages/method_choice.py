"""The method of a search once its problem is known: that it holds, and which one it is where none was named."""

import logging
from collections.abc import Mapping

from knockflow.base.errors import ConfigError
from knockflow.follower.responses.yields import why_no_yield
from knockflow.formulations.formulation import Formulation
from knockflow.methods.fronts import rising
from knockflow.methods.registry import METHODS
from knockflow.problem.problem import Problem
from knockflow.settings.support import why_not_front, why_not_in_order, why_not_layer, why_not_several
from knockflow.settings.unnamed import DEEP, EXACT, beyond_proof

logger = logging.getLogger("knockflow.search")


def with_method(problem: Problem, wanted: Formulation, options: Mapping) -> tuple[Mapping, str]:
    """The options of a formulation with its method, and, where that is not the usual one, why it was taken.

    Raises
    ------
    ConfigError
        If the method does not hold for the problem's follower, or not for the front or yield that is asked for.
    """
    deep = options["method"] is None and _beyond_proof(problem, options) and _with(DEEP, problem, wanted, options)
    if not deep:
        found = dict(options) | {"method": options["method"] or EXACT}
        _refuse(problem, wanted, found)
        _tell_of_dives(problem, found)
        return found, ""
    why = (
        f"no method was named, and up to {options['max_interventions']} interventions among "
        f"{len(problem.candidates())} targets are more than `{EXACT}` proves, so `{DEEP}` was taken"
    )
    logger.warning("%s; each design is exact and validated, none is proven to be the best", why)
    return deep, why


def _with(method: str, problem: Problem, wanted: Formulation, options: Mapping) -> Mapping | None:
    """The options with a method; None if it does not hold for the problem."""
    found = dict(options) | {"method": method}
    try:
        _refuse(problem, wanted, found)
    except ConfigError as error:
        logger.info("`%s` was not taken: %s", method, error)
        return None
    return found


def _beyond_proof(problem: Problem, options: Mapping) -> bool:
    return beyond_proof(len(problem.candidates()), options["max_interventions"])


def _tell_of_dives(problem: Problem, options: Mapping) -> None:
    """A word where an exact search will hardly end, and another method finds designs."""
    if METHODS[options["method"]].exact and _beyond_proof(problem, options):
        logger.warning(
            "max_interventions %d: `%s` proves three or four on a model of this size; `method: %s` finds designs of "
            "that depth, each exact and validated, without the proof that there are none better",
            options["max_interventions"],
            options["method"],
            DEEP,
        )


def _refuse(problem: Problem, wanted: Formulation, options: Mapping) -> None:
    """Raise ConfigError where method, formulation, front or yield do not hold for a problem."""
    if reason := why_not_layer(problem.kind, "the case's layers", options["method"], wanted.name):
        raise ConfigError(f"method: {reason}")
    several, judge = len(problem.followers) > 1, problem.judge.by
    if several and (reason := why_not_several("the case's layers", options["method"], wanted.name, judge)):
        raise ConfigError(f"method: {reason}")
    if reason := why_not_front(options["method"], options.get("front", ()), rising(problem)):
        raise ConfigError(f"front: {reason}")
    if problem.in_order and (reason := why_not_in_order(options["method"], wanted.name, options.get("front", ()))):
        raise ConfigError(f"products: {reason}")
    if wanted.yield_of and (why := why_no_yield(problem)):
        raise ConfigError(f"objective: {why}")
