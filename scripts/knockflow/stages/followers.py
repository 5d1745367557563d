"""The followers of a case: a linear program for each variant of the network, with growth and flux ranges."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knockflow.base.errors import ModelError
from knockflow.base.tolerances import FEASIBILITY, below
from knockflow.layers.in_follower import InFollower
from knockflow.model.question import Question
from knockflow.numerics.flux_ranges import flux_ranges
from knockflow.numerics.program import Row, fields_of
from knockflow.numerics.simplex import LP, Verdict
from knockflow.problem.assemble import Ranges
from knockflow.problem.compression import Merged
from knockflow.problem.extension import Extension
from knockflow.problem.follower_program import FollowerProgram
from knockflow.problem.leader import Targets
from knockflow.problem.problem import Problem
from knockflow.problem.side_by_side import Place, SideBySide

NARROW = 1e4
"""mmol/gDW/h that no flux comes near."""

FAST = 0.1
"""Growth (1/h) from which no reaction that growth needs is taken for blocked, since its flux is no error's."""


def followers_of(
    each: Sequence[tuple[str, Merged]],
    question: Question,
    allowed: bool,
    parts: SideBySide | None,
    layers: Sequence[InFollower],
) -> tuple[list[Problem], list[Ranges]]:
    """A problem for each variant, and the flux ranges at min_growth of each; none if one of them cannot reach it."""
    problems, growing = [], []
    size = 1 if parts is None else len(parts.names)
    for start in range(0, len(each), size):
        cells = [_follower(merged, question, name) for name, merged in each[start : start + size]]
        problem = cells[0] if parts is None else _side_by_side(cells, parts, each[start][1].place, layers)
        possible = all(merged.possible for _, merged in each[start : start + size])
        problem, ranges = _with_ranges(problem, allowed and possible)
        refuse_blurred(problem)
        problems.append(problem)
        growing.append(ranges)
    return problems, [] if None in growing else growing


def _side_by_side(cells: Sequence[Problem], parts: SideBySide, place: Place, layers: Sequence[InFollower]) -> Problem:
    """One follower of several parts, with what connects them."""
    problem = replace(cells[0], followers=(parts.follower([one.follower for one in cells]),))
    extension, places = Extension(problem), parts.places(place, len(cells[0].columns))
    for layer in layers:
        layer.connect(extension, places)
    return extension.extended()


def _follower(merged: Merged, question: Question, name: str) -> Problem:
    network, program = merged.network, merged.program()
    growth = merged.vector({network.biomass: 1.0})
    unknown = np.full(len(program.columns), np.nan)
    follower = FollowerProgram(
        **fields_of(program),
        growth=growth,
        objective=merged.vector(question.cell_objective) if question.cell_objective else growth,
        product=merged.vector(question.made),
        uptake=merged.vector({question.substrate: network.uptake(question.substrate)} if question.substrate else {}),
        min_growth=float(question.min_growth),
        max_growth=float("-inf"),
        viable_lower=unknown,
        viable_upper=unknown,
        members=merged.members(),
        reactions=network.reactions,
        name=name,
        then=merged.vector({question.then: 1.0}) if question.then else None,
    )
    return Problem((follower,), Targets.knock_outs([], []))


def _with_ranges(problem: Problem, allowed: bool) -> tuple[Problem, Ranges | None]:
    """Add growth and flux ranges; the ranges at min_growth by themselves, None where it cannot be reached."""
    growing = None
    if allowed:
        problem, growing = _with_growth(problem)
    if growing is not None:
        possible = growing
        if not problem.maximizes_growth:
            possible = flux_ranges(LP(problem.follower), problem.lower, problem.upper, _zero(problem))
        problem = problem.with_follower(viable_lower=possible[0], viable_upper=possible[1])
    return problem, growing


def _with_growth(problem: Problem) -> tuple[Problem, tuple[np.ndarray, np.ndarray] | None]:
    """Add the wild type's growth; with it, the flux ranges at min_growth, None where it does not suffice."""
    growth_row = len(problem.rows)
    lp = LP(problem.follower.extended([Row("growth of the cell", -np.inf, np.inf, problem.growth)]))
    lp.set_objective(problem.growth, maximize=True)
    if lp.solve() is not Verdict.OPTIMAL:
        return problem, None
    problem = problem.with_follower(max_growth=lp.value)
    lp.set_row(growth_row, problem.min_growth, np.inf)
    return problem, flux_ranges(lp, problem.lower, problem.upper, _zero(problem))


def _zero(problem: Problem) -> float:
    """Up to which a flux is an error: a cell that grows slowly lives on smaller fluxes than one that grows fast."""
    return FEASIBILITY * min(1.0, problem.max_growth / FAST) if problem.max_growth > 0 else FEASIBILITY


def refuse_blurred(problem: Problem) -> None:
    """Refuse wide bounds that blur the linear program: narrower ones allow no state that it does not have.

    Raises
    ------
    ModelError
        If bounds narrowed to NARROW let the cell grow faster than those of the problem.
    """
    wide = np.maximum(np.abs(problem.lower), np.abs(problem.upper)) > NARROW
    if not wide.any():
        return
    lower, upper = np.clip([problem.lower, problem.upper], -NARROW, NARROW)
    lp = LP(replace(problem.follower, lower=lower, upper=upper))
    lp.set_objective(problem.growth, maximize=True)
    if lp.solve() is not Verdict.OPTIMAL or not below(problem.max_growth, lp.value):
        return
    found = "no steady state" if problem.max_growth == float("-inf") else f"growth {problem.max_growth:.6f} per h"
    names = [problem.columns[column] for column in np.flatnonzero(wide)[:3]]
    raise ModelError(
        f"bounds beyond {NARROW:g} mmol/gDW/h blur the linear program: it finds {found} where narrower bounds give "
        f"{lp.value:.6f}; set those of {', '.join(names)}{' and others' if wide.sum() > 3 else ''} to 1000 in the "
        "model, or set `repair: true`, which does it"
    )
