"""Driving forces from dense arrays, and random ones for random networks."""

from collections.abc import Collection

import numpy as np
from cobra import Metabolite, Model, Reaction
from hypothesis import strategies as st
from random_networks import problem_of
from scipy.optimize import linprog
from scipy.sparse import csr_array

from knockflow.layers.thermodynamics.potentials import CONCENTRATION, Potentials
from knockflow.model.network import Network
from knockflow.numerics.driving_forces import DrivingForces
from knockflow.problem.problem import Problem

RT = 2.479
RATIO = np.log([1e-3, 1e3])


def forces(mean, coefficients, lower, upper, rows=(), least=1e-3, names=None) -> DrivingForces:
    """With rows given as (coefficients, least, most); without names, those of `R0`, `R1`, ..."""
    coefficients = np.asarray(coefficients, float).reshape(len(mean), len(lower))
    return DrivingForces(
        tuple(names or (f"R{r}" for r in range(len(mean)))),
        np.asarray(mean, float),
        csr_array(coefficients),
        np.asarray(lower, float),
        np.asarray(upper, float),
        csr_array(np.array([row for row, _, _ in rows], float).reshape(len(rows), len(lower))),
        np.array([low for _, low, _ in rows], float),
        np.array([high for _, _, high in rows], float),
        least,
    )


@st.composite
def driven_networks(draw, networks) -> tuple[Network, DrivingForces]:
    """A network with energies of most of its reactions, all with errors that two factors share."""
    network: Network = draw(networks)
    n = len(network.metabolites)
    energies = draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n))
    names, mean, rows = [], [], []
    for number, name in enumerate(network.reactions):
        if not name.startswith("R") or draw(st.integers(0, 5)) == 0:
            continue
        row = np.zeros(n + 2)
        for metabolite, value in network.stoichiometry[number]:
            row[metabolite] = RT * float(value)
        # What is between metabolites leaves no energy in a cycle; a membrane or an error of its own would.
        row[n:] = (
            row[:n] @ [[1.0] * n, list(range(n))][draw(st.integers(0, 1))] / n,
            draw(st.sampled_from([0, 0, 0, 2])),
        )
        names.append(name)
        mean.append(sum(energies[metabolite] * float(value) for metabolite, value in network.stoichiometry[number]))
        rows.append(row)
    narrow, ratio = draw(st.booleans()), draw(st.sampled_from([None, None, 0.0, 1.0]))
    span = np.log([1e-3, 2e-3] if narrow else [1e-4, 1e-1])
    lower, upper = np.append(np.full(n, span[0]), [-1, -1]), np.append(np.full(n, span[1]), [1, 1])
    limits = [] if ratio is None else [(np.eye(n + 2)[0] - np.eye(n + 2)[1], ratio, np.inf)]
    own = forces(mean, np.array(rows), lower, upper, limits, names=names)
    return network, own


@st.composite
def driven_problems(draw, networks) -> Problem:
    """The problem of such a network."""
    network, own = draw(driven_networks(networks))
    return problem_of(network, draw(st.sampled_from([0.05, 0.2]))).with_follower(driving_forces=own)


def model_of(network: Network) -> Model:
    """A network as a COBRApy model."""
    model = Model("network")
    metabolites = [Metabolite(name, compartment="c") for name in network.metabolites]
    model.add_metabolites(metabolites)
    for number, name in enumerate(network.reactions):
        reaction = Reaction(name, lower_bound=float(network.lower[number]), upper_bound=float(network.upper[number]))
        model.add_reactions([reaction])
        reaction.add_metabolites({metabolites[row]: float(value) for row, value in network.stoichiometry[number]})
    model.objective = network.biomass
    return model


def potentials_of(own: DrivingForces) -> Potentials:
    """Driving forces as the layer's file has them."""
    variables = tuple(f"w{number}" for number in range(len(own.lower)))
    return Potentials(
        reactions=own.names,
        mean=own.mean,
        variables=variables,
        kinds=(CONCENTRATION,) * len(variables),
        coefficients=own.coefficients,
        lower=own.lower,
        upper=own.upper,
        row_names=tuple(f"row {number}" for number in range(len(own.row_lower))),
        row_coefficients=own.row_coefficients,
        row_lower=own.row_lower,
        row_upper=own.row_upper,
        min_driving_force=own.least,
    )


def driven(own: DrivingForces, used: Collection[int]) -> bool:
    """Whether some point drives all of some literals, by another solver."""
    if not used:
        return True
    signs = np.array([1.0 if literal % 2 == 0 else -1.0 for literal in used])
    rows = [literal // 2 for literal in used]
    above, limits = signs[:, None] * own.coefficients.toarray()[rows], -own.least + 1e-6 - signs * own.mean[rows]
    ratios = own.row_coefficients.toarray()
    matrix, ends = np.vstack([above, ratios, -ratios]), np.concatenate([limits, own.row_upper, -own.row_lower])
    kept, bounds = np.isfinite(ends), [*zip(own.lower, own.upper, strict=True)]
    return linprog(np.zeros(len(own.lower)), A_ub=matrix[kept], b_ub=ends[kept], bounds=bounds).status == 0
