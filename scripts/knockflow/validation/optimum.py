"""The optimum of a COBRApy model as it stands, also where layers make its states more than one polytope.

Branch and bound: what is not tried yet is as open as it may be, a linear program tells the fluxes, and if they are no
state, a layer says what to try (`knockflow.layers.in_strain.Decided`). All of it are bounds of fluxes, so there is no
big-M and no tolerance of whole numbers. Least ratios are found by Dinkelbach's iteration, which only needs optima.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, repeat

import numpy as np
from cobra import Model, Reaction
from optlang.interface import INFEASIBLE, OPTIMAL
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from knockflow.base.errors import SolverError
from knockflow.layers.in_strain import SLACK, Decided, Node, decided_of
from knockflow.model.constrained_model import constraints_of
from knockflow.validation.direct import Optimum, extreme

MOST_STATES = 20_000
"""Linear programs after which an optimum counts as not found."""

HIGHS_TOLERANCE = 1e-10
"""The tightest tolerance that HiGHS takes."""

MOST_RATIOS = 50
"""Steps of an iteration that takes three or four."""

Nodes = tuple[Node, ...]
"""A node of each layer by which fluxes decide."""

Fluxes = Mapping[str, float]


def branched(model: Model) -> bool:
    """Whether a model's states are more than one polytope."""
    return bool(decided_of(model))


def best(model: Model) -> float:
    """The model's optimum, in the unit of its objective; nan where no state exists.

    Raises
    ------
    SolverError
        If layers leave so many states that MOST_STATES programs do not settle it.
    """
    return solved(model, ())[0]


def solved(model: Model, reactions: Sequence[Reaction]) -> tuple[float, list[float]]:
    """The model's optimum, and the fluxes of some reactions in a state that reaches it.

    Raises
    ------
    SolverError
        If layers leave so many states that MOST_STATES programs do not settle it.
    """
    decided = decided_of(model)
    if decided:
        return _branch_and_bound(model, decided, reactions)
    value = model.slim_optimize(error_value=np.nan)
    return value, [np.nan if np.isnan(value) else reaction.flux for reaction in reactions]


def _branch_and_bound(
    model: Model, decided: Sequence[Decided], reactions: Sequence[Reaction]
) -> tuple[float, list[float]]:
    sign = -1.0 if model.objective_direction == "min" else 1.0
    found = np.nan, [np.nan] * len(reactions)
    waiting = [tuple(one.root for one in decided)]
    for _ in range(MOST_STATES):
        if not waiting:
            return found
        nodes = waiting.pop()
        value, fluxes, asked = _relaxed(model, decided, nodes, reactions)
        if np.isnan(value) or sign * (value - found[0]) <= SLACK * max(1.0, abs(value)):
            continue
        below = _below(decided, nodes, fluxes)
        if below is None:
            found = value, asked
        else:
            waiting += below
    raise SolverError(f"{MOST_STATES} linear programs did not settle an optimum under {_named(decided)}")


def _named(decided: Sequence[Decided]) -> str:
    return " and ".join(one.what for one in decided)


def _below(decided: Sequence[Decided], nodes: Nodes, fluxes: Fluxes) -> list[Nodes] | None:
    """What the first layer tries whose part the fluxes do not keep; None where they keep all."""
    for number, (one, node) in enumerate(zip(decided, nodes, strict=True)):
        below = one.branches(node, fluxes)
        if below is not None:
            return [(*nodes[:number], new, *nodes[number + 1 :]) for new in below]
    return None


def _relaxed(
    model: Model, decided: Sequence[Decided], nodes: Nodes, reactions: Sequence[Reaction]
) -> tuple[float, Fluxes, list[float]]:
    """Optimum and fluxes where all that is not tried is as open as it may be; nan where that leaves no state."""
    nothing = np.nan, {}, []
    found = [one.limits(node) for one, node in zip(decided, nodes, strict=True)]
    if None in found:
        return nothing
    with model:
        for reaction, (lower, upper) in chain.from_iterable(found):
            lower, upper = max(lower, reaction.lower_bound), min(upper, reaction.upper_bound)
            if lower > upper:
                return nothing
            reaction.bounds = lower, upper
        value = _strictly(model)
        if np.isnan(value):
            return nothing
        names = set().union(*(one.watched for one in decided))
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


def hold_best(model: Model) -> None:
    """Leave only the states where the objective, to be maximized, is at its largest, but for the solver's tolerance."""
    largest = best(model)
    # c'v >= its maximum
    floor = largest - SLACK * max(1.0, abs(largest))
    model.add_cons_vars([model.problem.Constraint(model.objective.expression, lb=floor)])


def least_ratio_of_states(
    model: Model, numerator: Mapping[str, float], denominator: str, sign: float, least: float
) -> float | None:
    """Infimum of a'v / (sign v_d) over the states with sign v_d > 0; None where sign v_d is at most `least` everywhere.

    Minimize a'v - r sign v_d, with r the ratio of the last state: below 0 it finds a state of a smaller ratio, and once
    the minimum is 0 there is none (Dinkelbach 1967, doi:10.1287/mnsc.13.7.492).
    """
    bottom = model.reactions.get_by_id(denominator)
    top = {model.reactions.get_by_id(name): value for name, value in numerator.items()}
    asked = [bottom, *(model.reactions.get_by_id(name) for name in numerator)]

    def of(fluxes: Sequence[float]) -> tuple[float, float]:
        per, *made = fluxes
        return sum(map(float.__mul__, numerator.values(), made)), sign * per

    with model:
        largest, fluxes = _reached(model, {bottom: sign}, "max", asked)
        if not largest > least:
            return None
        flux, per = of(fluxes)
        ratio = flux / per
        for _ in range(MOST_RATIOS):
            reduced = {**top, bottom: top.get(bottom, 0.0) - sign * ratio}
            value, fluxes = _reached(model, reduced, "min", asked)
            flux, per = of(fluxes)
            if not value <= -least * least or per < least:
                break
            ratio = flux / per
    return ratio


def _reached(
    model: Model, coefficients: Mapping[Reaction, float], direction: str, asked: Sequence[Reaction]
) -> Optimum:
    """The least or largest a'v, and fluxes where it is reached; the model's objective is another afterwards."""
    found = extreme(model, coefficients, direction, asked)
    if found is not None:
        return found
    expression = sum(value * reaction.flux_expression for reaction, value in coefficients.items())
    model.objective = model.problem.Objective(expression, direction=direction)
    return solved(model, asked)


def flux_of(model: Model, coefficients: Mapping[str, float]):
    """A linear function of the fluxes, as an expression."""
    return sum(value * model.reactions.get_by_id(name).flux_expression for name, value in coefficients.items())


def least_ratio(model: Model, numerator: Mapping[str, float], denominator: str, sign: float) -> float:
    """Infimum of a'v / (sign v_d) over all states with sign v_d > 0.

    With w = v t and t = 1 / (sign v_d) the ratio becomes linear (Charnes & Cooper 1962,
    doi:10.1002/nav.3800090303):  min a'w  s.t.  S w = 0,  l t <= w <= u t,  sign w_d = 1,  t >= 0, and the same for the
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
    for name, value in numerator.items():
        cost[index[name]] = value
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
    stoichiometry = _stoichiometry(model)
    place = {metabolite.id: number for number, metabolite in enumerate(model.metabolites)}
    own = constraints_of(model)
    of_balance = [place[one.metabolite] for one in own if one.metabolite]
    entries = [
        (number, index[name], value) for number, one in enumerate(own) for name, value in one.coefficients.items()
    ]
    rows = _sparse(entries, (len(own), len(index)))
    at_balance = [number for number, one in enumerate(own) if one.metabolite]
    chosen = _sparse(zip(at_balance, of_balance, repeat(1.0), strict=False), (len(own), len(place)))
    steady = np.setdiff1d(np.arange(len(place)), of_balance)
    return stoichiometry[steady], rows + chosen @ stoichiometry, [(one.lower, one.upper) for one in own]


def _stoichiometry(model: Model) -> csr_array:
    """A row for each metabolite, a column for each reaction."""
    place = {metabolite: number for number, metabolite in enumerate(model.metabolites)}
    entries = [
        (place[metabolite], number, float(value))
        for number, reaction in enumerate(model.reactions)
        for metabolite, value in reaction.metabolites.items()
    ]
    return _sparse(entries, (len(place), len(model.reactions)))


def _sparse(entries: Iterable[tuple[int, int, float]], shape: tuple[int, int]) -> csr_array:
    """A matrix from its entries: row, column, value."""
    rows, columns, values = zip(*entries, strict=True) if (entries := list(entries)) else ((), (), ())
    return csr_array((np.array(values, float), (np.array(rows, int), np.array(columns, int))), shape)


def _with_column(matrix, column: np.ndarray):
    return hstack([matrix, csr_array(column.reshape(-1, 1))])
