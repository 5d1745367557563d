"""Random networks with constraints beside the steady state, and plain linear programs of the uncompressed network."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from random_networks import networks
from scipy.optimize import linprog

from knockflow.model.constraints import Constraint
from knockflow.model.network import Network

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def program(network: Network, removed=(), least=None) -> dict:
    """The follower as arguments of `linprog`, from the network's own fields; `least` bounds fluxes from below."""
    n, index = len(network.reactions), network.index()
    balances = np.zeros((len(network.metabolites), n))
    for column, entries in enumerate(network.stoichiometry):
        for row, value in entries:
            balances[row, column] = float(value)
    rows, steady = [], list(network.metabolites)
    for one in network.constraints:
        if one.metabolite:
            steady.remove(one.metabolite)
            row = balances[network.metabolites.index(one.metabolite)]
        else:
            row = np.zeros(n)
            for name, value in one.coefficients.items():
                row[index[name]] = value
        rows += [(row, one.upper), (-row, -one.lower)]
    rows = [(row, bound) for row, bound in rows if np.isfinite(bound)]
    equations = balances[[network.metabolites.index(name) for name in steady]]
    bounds = [(0.0, 0.0) if name in removed else ends for name, *ends in _bounds(network)]
    for name, floor in (least or {}).items():
        bounds[index[name]] = (max(bounds[index[name]][0], floor), bounds[index[name]][1])
    own = {"A_ub": np.array([row for row, _ in rows]), "b_ub": [bound for _, bound in rows]} if rows else {}
    return {"A_eq": equations, "b_eq": np.zeros(len(equations)), "bounds": bounds, "options": TIGHT, **own}


def _bounds(network: Network):
    return zip(network.reactions, network.lower.tolist(), network.upper.tolist(), strict=True)


def best(network: Network, goal: str, maximize: bool, removed=(), least=None) -> float | None:
    """The most or least flux of a reaction; None where there is no state."""
    cost = np.zeros(len(network.reactions))
    cost[network.index()[goal]] = -1.0 if maximize else 1.0
    found = linprog(cost, **program(network, removed, least), method="highs")
    if found.status != 0:
        return None
    return float(cost[network.index()[goal]] * found.fun)


@st.composite
def constrained_networks(draw) -> Network:
    """A random network with constraints."""
    return draw(constrained(draw(networks())))


@st.composite
def constrained(draw, network: Network) -> Network:
    """A network with up to three constraints near a state that grows, and at most one balance that is not 0."""
    state = _a_state(network)
    found = []
    for number in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(st.sampled_from(network.reactions), min_size=1, max_size=3, unique=True))
        terms = {name: draw(st.sampled_from([1.0, -1.0, 2.0, -0.5, 3.0])) for name in chosen}
        at = round(sum(value * state[network.index()[name]] for name, value in terms.items()), 3)
        lower, upper = draw(_ends(at))
        found.append(Constraint(f"c{number}", lower, upper, terms))
    if draw(st.booleans()):
        name = draw(st.sampled_from(network.metabolites))
        lower, upper = draw(
            st.sampled_from([(-1.0, 0.0), (0.0, 2.0), (0.5, 0.5), (-np.inf, 0.0), (0.0, np.inf), (-1, 3)])
        )
        found.append(Constraint(name, lower, upper, metabolite=name))
    return replace(network, constraints=tuple(found))


def _a_state(network: Network) -> np.ndarray:
    cost = np.zeros(len(network.reactions))
    cost[network.index()["BIOMASS"]] = -1.0
    found = linprog(cost, **program(network), method="highs")
    return found.x if found.status == 0 else np.zeros(len(network.reactions))


@st.composite
def _ends(draw, at: float) -> tuple[float, float]:
    near = draw(st.sampled_from([0.0, 0.0, 0.5, 2.0, -0.5]))
    kind = draw(st.sampled_from(["most", "least", "both", "equal", "zero", "loose"]))
    return {
        "most": (-np.inf, at + near),
        "least": (at - near, np.inf),
        "both": (at - abs(near) - 0.5, at + abs(near) + 0.25),
        "equal": (at, at),
        "zero": (0.0, 0.0),
        "loose": (-1e5, 1e5),
    }[kind]
