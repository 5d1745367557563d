"""Small networks that several tests share, and the plain linear programs that they are compared with."""

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

Reactions = dict[str, tuple[dict[str, float], float, float]]
"""Stoichiometry, lower and upper bound by reaction id."""


def network(reactions: Reactions, biomass: str = "BIO", substrate: str | None = "EX_s", rules=None) -> Network:
    """A network from a readable table; coefficients are decimals as written."""
    metabolites = sorted({name for stoichiometry, _, _ in reactions.values() for name in stoichiometry})
    row = {name: number for number, name in enumerate(metabolites)}
    return Network(
        metabolites=tuple(metabolites),
        reactions=tuple(reactions),
        stoichiometry=tuple(
            tuple((row[name], Fraction(repr(value))) for name, value in stoichiometry.items())
            for stoichiometry, _, _ in reactions.values()
        ),
        lower=np.array([lower for _, lower, _ in reactions.values()], float),
        upper=np.array([upper for _, _, upper in reactions.values()], float),
        biomass=biomass,
        substrate=substrate,
        rules=tuple((rules or {}).get(name, "") for name in reactions),
        subsystems=("",) * len(reactions),
    )


def problem_of(reactions: Reactions, targets, min_growth: float = 0.1, costs=None, product: str = "EX_p", **keywords):
    """The problem of a network where exactly these reactions are targets."""
    options = TargetOptions(include=tuple(targets), costs=costs or {}, maintenance=())
    made = network(reactions, **keywords)
    return build(made, {}, Question(product, made.substrate, min_growth), options)[0]


BRANCHED: Reactions = {
    # Substrate s becomes biomass by a fast way without product, or by a slower way that makes p.
    "EX_s": ({"s": -1}, -10, 0),
    "FAST": ({"s": -1, "x": 1}, 0, 1000),
    "SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 1000),
    "WASTE": ({"p": -1, "w": 1}, 0, 1000),
    "EX_w": ({"w": -1}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
}
"""Without FAST growth is 5 and p between 0 and 5; without FAST and WASTE p is 5."""


def flux_program(reactions: Reactions, removed=(), growth: tuple[str, float] | None = None):
    """The uncompressed follower as arguments of `linprog`: equalities and bounds."""
    metabolites = sorted({name for stoichiometry, _, _ in reactions.values() for name in stoichiometry})
    matrix = np.zeros((len(metabolites), len(reactions)))
    bounds = []
    for column, (name, (stoichiometry, lower, upper)) in enumerate(reactions.items()):
        for metabolite, value in stoichiometry.items():
            matrix[metabolites.index(metabolite), column] = value
        bounds.append((0, 0) if name in removed else (lower, upper))
    program = {"A_eq": matrix, "b_eq": np.zeros(len(metabolites)), "bounds": bounds}
    if growth:
        row = np.zeros((1, len(reactions)))
        row[0, list(reactions).index(growth[0])] = -1
        program |= {"A_ub": row, "b_ub": np.array([-growth[1]])}
    return program


def optimum(reactions: Reactions, name: str, maximize: bool, removed=(), growth=None) -> float | None:
    """Largest or least flux of a reaction in the uncompressed follower, None if there is no state."""
    objective = np.zeros(len(reactions))
    objective[list(reactions).index(name)] = -1.0 if maximize else 1.0
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    result = linprog(objective, **flux_program(reactions, removed, growth), method="highs", options=tight)
    if result.status == 2:
        return None
    assert result.status == 0, result.message
    return float(-result.fun if maximize else result.fun)
