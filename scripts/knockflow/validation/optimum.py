"""The optimum of a COBRApy model as it stands, also where its reactions depend on its fluxes by rules of genes.

Rules make the states a union of polytopes, one for each way in which the comparisons in them may turn out. Branch and
bound on these: what is not tried yet counts as on, a linear program tells the fluxes, and if they do not keep the
rules, a comparison behind a reaction that is then off is tried both ways. All of it are bounds of fluxes, so
there is no big-M and no tolerance of whole numbers. Least ratios are found by Dinkelbach's iteration, which only
needs optima.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from cobra import Model, Reaction
from cobra.util import create_stoichiometric_matrix
from optlang.interface import INFEASIBLE, OPTIMAL
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, lil_array, vstack

from knockflow.base.errors import SolverError
from knockflow.base.tolerances import FEASIBILITY, THRESHOLD
from knockflow.layers.regulation.strain import Beyond, Cell, cell_of, limits_of
from knockflow.model.constrained_model import constraints_of

MOST_STATES = 20_000
"""Linear programs after which an optimum counts as not found."""

HIGHS_TOLERANCE = 1e-10
"""The tightest tolerance that HiGHS takes."""

MOST_RATIOS = 50
"""Steps of an iteration that takes three or four."""

SLACK = 10 * FEASIBILITY
"""mmol/gDW/h by which a solver's flux may miss a bound, and what an optimum must be better by to matter."""

Fluxes = Mapping[str, float]


def branched(model: Model) -> bool:
    """Whether a model's states are more than one polytope."""
    return cell_of(model) is not None


def best(model: Model) -> float:
    """The model's optimum; nan where no state exists."""
    return solved(model, ())[0]


def solved(model: Model, reactions: Sequence[Reaction]) -> tuple[float, list[float]]:
    """The model's optimum, and the fluxes of some reactions in a state that reaches it.

    Raises
    ------
    SolverError
        If rules leave so many states that MOST_STATES programs do not settle it.
    """
    cell = cell_of(model)
    if cell is not None:
        return _branch_and_bound(model, cell, reactions)
    value = model.slim_optimize(error_value=np.nan)
    return value, [np.nan if np.isnan(value) else reaction.flux for reaction in reactions]


@dataclass(frozen=True)
class _Node:
    """What is tried: comparisons of fluxes, and values of symbols in a cycle."""

    fluxes: Mapping[Beyond, bool] = field(default_factory=dict)
    guesses: Mapping[str, bool] = field(default_factory=dict)

    def with_choice(self, choice: Beyond | str, value: bool) -> "_Node":
        """One more comparison or symbol."""
        if isinstance(choice, str):
            return _Node(self.fluxes, {**self.guesses, choice: value})
        return _Node({**self.fluxes, choice: value}, self.guesses)


def _branch_and_bound(model: Model, cell: Cell, reactions: Sequence[Reaction]) -> tuple[float, list[float]]:
    sign = -1.0 if model.objective_direction == "min" else 1.0
    found = np.nan, [np.nan] * len(reactions)
    waiting = [_Node()]
    for _ in range(MOST_STATES):
        if not waiting:
            return found
        node = waiting.pop()
        value, fluxes, asked = _relaxed(model, cell, node, reactions)
        if np.isnan(value) or sign * (value - found[0]) <= SLACK * max(1.0, abs(value)):
            continue
        choice, first = _choice(model, cell, node, fluxes)
        if choice is None:
            if first:
                found = value, asked
            continue
        waiting += [node.with_choice(choice, not first), node.with_choice(choice, first)]
    raise SolverError(f"{MOST_STATES} linear programs did not settle an optimum under the rules of genes")


def _relaxed(model: Model, cell: Cell, node: _Node, reactions: Sequence[Reaction]) -> tuple[float, Fluxes, list[float]]:
    """Optimum and fluxes where all that is not tried counts as on; nan where that leaves no state."""
    nothing = np.nan, {}, []
    state = cell.state(node.fluxes, node.guesses)
    if state is None:
        return nothing
    off = cell.off(state)
    with model:
        limits = [(model.reactions.get_by_id(one[0]), limits_of(one, holds)) for one, holds in node.fluxes.items()]
        limits += [(reaction, cell.allowed(reaction, off)) for reaction in cell.reactions]
        for reaction, (lower, upper) in limits:
            lower, upper = max(lower, reaction.lower_bound), min(upper, reaction.upper_bound)
            if lower > upper:
                return nothing
            reaction.bounds = lower, upper
        value = _strictly(model)
        if np.isnan(value):
            return nothing
        names = {one[0] for one in cell.comparisons}.union(reaction.id for reaction in cell.reactions)
        fluxes = {name: model.reactions.get_by_id(name).flux for name in names}
        return value, fluxes, [reaction.flux for reaction in reactions]


def _strictly(model: Model) -> float:
    """A linear program's optimum; nan where it has no state.

    What GLPK finds infeasible is otherwise tried again after its presolver, which lets constraints be missed by 1e-3,
    far more than THRESHOLD.
    """
    settings = model.solver.configuration
    before, settings.presolve = settings.presolve, False
    try:
        value = model.slim_optimize(error_value=np.nan)
        if model.solver.status not in (OPTIMAL, INFEASIBLE):
            settings.presolve = True
            value = model.slim_optimize(error_value=np.nan)
    finally:
        settings.presolve = before
    return value


def _choice(model: Model, cell: Cell, node: _Node, fluxes: Fluxes) -> tuple[Beyond | str | None, bool]:
    """What to try next, and which way first; nothing, and whether the fluxes are a state, where all is settled."""
    seen = {one: node.fluxes.get(one, _seen(one, fluxes[one[0]])) for one in cell.comparisons}
    untried = [one for one in cell.comparisons if one not in node.fluxes]
    between = [one for one in untried if seen[one] is None]
    if between:
        return between[0], True
    state = cell.state(seen, node.guesses)
    if state is None:
        return (untried[0], seen[untried[0]]) if untried else (None, False)
    off = cell.off(state)
    for reaction in cell.reactions:
        lower, upper = cell.allowed(reaction, off)
        if not lower - SLACK <= fluxes[reaction.id] <= upper + SLACK:
            return _behind(cell, node, reaction, seen)
    return _guess(cell.open, state)


def _behind(cell: Cell, node: _Node, reaction: Reaction, seen: Mapping[Beyond, bool]) -> tuple[Beyond | str, bool]:
    """A comparison that a reaction depends on, and how it turns out; a symbol where there is none."""
    tried = cell.state(node.fluxes, node.guesses)
    genes = [gene.id for gene in reaction.genes if gene.id in tried and tried[gene.id] is None]
    symbols, comparisons = cell.behind(genes, {**cell.on, **tried}, node.fluxes)
    return (comparisons[0], seen[comparisons[0]]) if comparisons else _guess(symbols, tried)


def _guess(symbols: Sequence[str], state: Mapping[str, bool | None]) -> tuple[str | None, bool]:
    """A symbol in a cycle that nothing settles yet; none, and that all is well, where there is no such symbol."""
    return next(((one, True) for one in symbols if state[one] is None), (None, True))


def _seen(beyond: Beyond, flux: float) -> bool | None:
    """How a comparison turns out; None for a flux in between."""
    _, operator, level = beyond
    above = flux - level if operator == ">" else level - flux
    return True if above >= THRESHOLD - SLACK else False if above <= SLACK else None


def hold_best(model: Model) -> None:
    """Leave only the states where the objective, to be maximized, is at its largest, but for the solver's tolerance."""
    largest = best(model)
    # c'v >= its maximum
    floor = largest - SLACK * max(1.0, abs(largest))
    model.add_cons_vars([model.problem.Constraint(model.objective.expression, lb=floor)])


def least_ratio_of_states(model: Model, numerator: str, denominator: str, sign: float, least: float) -> float | None:
    """Infimum of v_n / (sign v_d) over the states with sign v_d > 0; None where it is at most `least` everywhere.

    Minimize v_n - r sign v_d, with r the ratio of the last state: below 0 it finds a state of a smaller ratio, and once
    the minimum is 0 there is none (Dinkelbach 1967, doi:10.1287/mnsc.13.7.492).
    """
    top, bottom = (model.reactions.get_by_id(name) for name in (numerator, denominator))
    with model:
        model.objective = model.problem.Objective(sign * bottom.flux_expression, direction="max")
        largest, (flux, per) = solved(model, (top, bottom))
        if not largest > least:
            return None
        ratio = flux / (sign * per)
        for _ in range(MOST_RATIOS):
            reduced = top.flux_expression - sign * ratio * bottom.flux_expression
            model.objective = model.problem.Objective(reduced, direction="min")
            value, (flux, per) = solved(model, (top, bottom))
            if not value <= -least * least or sign * per < least:
                break
            ratio = flux / (sign * per)
    return ratio


def least_ratio(model: Model, numerator: str, denominator: str, sign: float) -> float:
    """Infimum of v_n / (sign v_d) over all states with sign v_d > 0.

    With w = v t and t = 1 / (sign v_d) the ratio becomes linear (Charnes & Cooper 1962,
    doi:10.1002/nav.3800090303):  min w_n  s.t.  S w = 0,  l t <= w <= u t,  sign w_d = 1,  t >= 0, and the same for the
    model's own constraints. Solved by HiGHS, so by another solver than the search.
    """
    n = len(model.reactions)
    index = {reaction.id: number for number, reaction in enumerate(model.reactions)}
    at = csr_array((1, n)).tolil()
    at[0, index[denominator]] = sign
    balances, rows, row_ends = _matrices(model, index)
    equalities = _with_column(balances, np.zeros(balances.shape[0])), _with_column(at.tocsr(), np.zeros(1))
    # w - u t <= 0   and   -w + l t <= 0
    every = vstack([eye_array(n), rows]).tocsr()
    lower, upper = np.array([*(reaction.bounds for reaction in model.reactions), *row_ends]).T
    above, below = np.flatnonzero(np.isfinite(upper)), np.flatnonzero(np.isfinite(lower))
    inequalities = _with_column(every[above], -upper[above]), _with_column(-every[below], lower[below])
    cost = np.zeros(n + 1)
    cost[index[numerator]] = 1
    program = partial(
        linprog,
        cost,
        A_ub=vstack(inequalities).tocsr(),
        b_ub=np.zeros(len(above) + len(below)),
        A_eq=vstack(equalities).tocsr(),
        b_eq=np.append(np.zeros(balances.shape[0]), 1.0),
        bounds=[(None, None)] * n + [(0, None)],
        method="highs",
    )
    # Growth of 1 may need 1e-7 of something, as much as HiGHS may miss a balance by unless it is told otherwise.
    tight = {"primal_feasibility_tolerance": HIGHS_TOLERANCE, "dual_feasibility_tolerance": HIGHS_TOLERANCE}
    results = (program(options=options) for options in (tight, {}))
    return next((float(result.fun) for result in results if result.status == 0), np.nan)


def _matrices(model: Model, index: Mapping[str, int]) -> tuple[csr_array, csr_array, list[tuple[float, float]]]:
    """The steady state, and the rows of the model's own constraints with their bounds."""
    stoichiometry = csr_array(create_stoichiometric_matrix(model))
    place = {metabolite.id: number for number, metabolite in enumerate(model.metabolites)}
    own = constraints_of(model)
    of_balance = [place[one.metabolite] for one in own if one.metabolite]
    rows = lil_array((len(own), len(index)))
    for number, one in enumerate(own):
        if one.metabolite:
            rows[[number], :] = stoichiometry[[place[one.metabolite]], :]
        for name, value in one.coefficients.items():
            rows[number, index[name]] = value
    steady = np.setdiff1d(np.arange(len(place)), of_balance)
    return stoichiometry[steady], rows.tocsr(), [(one.lower, one.upper) for one in own]


def _with_column(matrix, column: np.ndarray):
    return hstack([matrix, csr_array(column.reshape(-1, 1))])
