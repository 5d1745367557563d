"""Optima of the linear program that COBRApy has made of a model, each from the basis of one before.

COBRApy sets an objective as an expression, scales the whole program and reads the objective back for each optimum,
which takes longer than a simplex that starts near its end. Here GLPK is asked for the same: COBRApy's own
rows, columns, bounds and tolerances, another objective, which is taken back afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from weakref import WeakKeyDictionary

import swiglpk as glp
from cobra import Model, Reaction
from optlang import glpk_interface

from knockflow.base.tolerances import close
from knockflow.layers.in_strain import decided_of

Optimum = tuple[float, list[float]]

_COLUMNS = "_columns_of_objective"

MOST_STEPS, LEAST_STEPS = 5, 2000
"""Steps of the simplex for each row, and for small models at least, after which it counts as going round in circles.

From the basis of another objective GLPK can do so for ever at degenerate vertices; a start afresh takes less than one
step for each row in models of all sizes.
"""


class _Bases:
    """The bases at which optima of a program were found, by what was asked for; any basis is a start."""

    def __init__(self) -> None:
        self._kept: dict[tuple, tuple[list[int], list[int]]] = {}
        self._last: tuple | None = None

    def turn(self, solver: glpk_interface.Model, columns: tuple[int, ...], direction: str) -> None:
        """Keep the basis for what was asked before, and take that of the same columns and direction, where it is known.

        Bases are of programs with the same numbers of rows and columns; bounds may be others since.
        """
        problem = solver.problem
        size = glp.glp_get_num_rows(problem), glp.glp_get_num_cols(problem)
        asked = size, columns, direction
        if asked == self._last:
            return
        rows, own = range(1, size[0] + 1), range(1, size[1] + 1)
        if self._last and self._last[0] == size:
            row, column = glp.glp_get_row_stat, glp.glp_get_col_stat
            self._kept[self._last] = [row(problem, one) for one in rows], [column(problem, one) for one in own]
        for one, status in zip(rows, self._kept.get(asked, ((), ()))[0], strict=False):
            glp.glp_set_row_stat(problem, one, status)
        for one, status in zip(own, self._kept.get(asked, ((), ()))[1], strict=False):
            glp.glp_set_col_stat(problem, one, status)
        self._last = asked


_BASES: WeakKeyDictionary[glpk_interface.Model, _Bases] = WeakKeyDictionary()


@contextmanager
def keeping_bases(model: Model) -> Iterator[None]:
    """Within it each optimum begins where the last one with the same objective was, rather than the last one of all."""
    _BASES[model.solver] = _Bases()
    try:
        yield
    finally:
        _BASES.pop(model.solver, None)


def extreme(
    model: Model, coefficients: Mapping[Reaction, float], direction: str, asked: Sequence[Reaction] = ()
) -> Optimum | None:
    """The least or largest a'v of a model as it stands, in mmol/gDW/h, and the fluxes of some reactions there.

    Parameters
    ----------
    model
        It is left as it was, but for the basis of its solver.
    coefficients
        The function, by reaction.
    direction
        `min` or `max`.
    asked
        The reactions whose fluxes are wanted.

    Returns
    -------
    None where COBRApy itself is to be asked: where no optimum is found, which it settles from a fresh basis, without
    GLPK, and where layers leave more than one polytope.
    """
    solver = model.solver
    if decided_of(model) or not isinstance(solver, glpk_interface.Model):
        return None
    solver.update()
    if solver.is_integer:
        return None
    ways = {one: (one.forward_variable._index, one.reverse_variable._index) for one in {*coefficients, *asked}}
    terms = [
        (way, sign * value) for one, value in coefficients.items() for way, sign in zip(ways[one], (1, -1), strict=True)
    ]
    if solver in _BASES:
        _BASES[solver].turn(solver, tuple(column for column, _ in terms), direction)
    with _aiming(solver, terms, direction):
        if not _optimal(model):
            return None
        value = glp.glp_get_obj_val(solver.problem)
        of = {one: _flux(solver, ways[one]) for one in ways}
    if not close(sum(factor * of[one] for one, factor in coefficients.items()), value):
        return None
    return value, [of[one] for one in asked]


def _optimal(model: Model) -> bool:
    """Whether the simplex ends at an optimum; where it goes round in circles or cannot begin, it does so anew, once."""
    solver = model.solver
    with _at_most(solver.configuration._smcp, MOST_STEPS * len(solver.constraints)) as settings:
        ended = glp.glp_simplex(solver.problem, settings)
        if ended:
            afresh(model)
            ended = glp.glp_simplex(solver.problem, settings)
    return ended == 0 and glp.glp_get_status(solver.problem) == glp.GLP_OPT


@contextmanager
def _at_most(settings: glp.glp_smcp, steps: int) -> Iterator[glp.glp_smcp]:
    """Settings of the simplex with a limit of its steps, and as they were afterwards."""
    before, settings.it_lim = settings.it_lim, max(LEAST_STEPS, steps)
    try:
        yield settings
    finally:
        settings.it_lim = before


def _flux(solver: glpk_interface.Model, ways: tuple[int, int]) -> float:
    forward, backward = (glp.glp_get_col_prim(solver.problem, way) for way in ways)
    return forward - backward


@contextmanager
def _aiming(solver: glpk_interface.Model, terms: Sequence[tuple[int, float]], direction: str) -> Iterator[None]:
    """The program with another objective, of which COBRApy learns nothing, and as it was afterwards."""
    problem, own = solver.problem, _own_objective(solver)
    before = glp.glp_get_obj_dir(problem)
    for column, value in [*((column, 0.0) for column, _ in own), *terms]:
        glp.glp_set_obj_coef(problem, column, value)
    glp.glp_set_obj_dir(problem, glp.GLP_MAX if direction == "max" else glp.GLP_MIN)
    try:
        yield
    finally:
        for column, value in [*((column, 0.0) for column, _ in terms), *own]:
            glp.glp_set_obj_coef(problem, column, value)
        glp.glp_set_obj_dir(problem, before)


def _own_objective(solver: glpk_interface.Model) -> list[tuple[int, float]]:
    """Columns with their coefficients in the objective that COBRApy has set; to look through all takes milliseconds."""
    objective = solver.objective
    known = vars(objective).get(_COLUMNS)
    if known is None or known[0] is not solver:
        get, problem = glp.glp_get_obj_coef, solver.problem
        all_of_them = ((column, get(problem, column)) for column in range(1, glp.glp_get_num_cols(problem) + 1))
        known = solver, [(column, value) for column, value in all_of_them if value]
        vars(objective)[_COLUMNS] = known
    return known[1]


def afresh(model: Model) -> None:
    """Let the next optimum begin from a basis that does not depend on what was asked before."""
    if isinstance(model.solver, glpk_interface.Model):
        model.solver.update()
        if model.solver in _BASES:
            _BASES[model.solver] = _Bases()
        glp.glp_scale_prob(model.solver.problem, glp.GLP_SF_AUTO)
        glp.glp_adv_basis(model.solver.problem, 0)
