"""The network itself: dead ends, blocked reactions and duplicates, whatever the medium.

Every exchange counts as open in both directions here, so that what is reported is a gap in the model and not a
nutrient that the case leaves out.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from cobra import Metabolite, Model, Reaction
from cobra.util.array import create_stoichiometric_matrix
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from knockflow.base.errors import SolverError
from knockflow.model.constrained_model import ends
from knockflow.model.finding import WARNING, Finding, first_few

CARRIES = 1e-4  # flux; in the unbounded problem below a reaction that can carry flux reaches 1
NOTHING = 1e-6  # the largest sum of fluxes, of which one would reach 1, that is no sum
SEED = 1  # of the weights by which fluxes are summed up


@dataclass
class DirectedNetwork:
    """Stoichiometry, and the directions in which each reaction may run.

    Attributes
    ----------
    stoichiometry : csr_array
        Metabolites by reactions.
    forward, backward : numpy.ndarray of bool
        Whether the reaction may run in that direction.
    """

    stoichiometry: csr_array
    forward: np.ndarray
    backward: np.ndarray


def is_exchange(reaction: Reaction) -> bool:
    """Whether the reaction joins the model to its medium; sinks and demands do not."""
    return reaction.boundary and not reaction.id.casefold().startswith(("dm_", "sk_", "sink_", "demand_"))


def steady(metabolite: Metabolite) -> bool:
    """Whether a metabolite's balance must be 0."""
    return ends(metabolite.constraint) == (0.0, 0.0)


def open_network(model: Model) -> DirectedNetwork:
    """The model's network with all exchanges open in both directions."""
    exchange = np.array([is_exchange(reaction) for reaction in model.reactions], dtype=bool)
    matrix = create_stoichiometric_matrix(model, array_type="lil")
    # A balance that need not be 0 stops nothing.
    matrix[[index for index, metabolite in enumerate(model.metabolites) if not steady(metabolite)], :] = 0
    return DirectedNetwork(
        csr_array(matrix),
        exchange | np.array([reaction.upper_bound > 0 for reaction in model.reactions], dtype=bool),
        exchange | np.array([reaction.lower_bound < 0 for reaction in model.reactions], dtype=bool),
    )


def check_network(model: Model, biomass: list[Reaction]) -> list[Finding]:
    """Dead-end metabolites, blocked reactions and duplicates outside `biomass`."""
    if not model.reactions:
        return []
    network = open_network(model)
    return dead_ends(model, network) + blocked(model, network) + duplicates(model, biomass)


def dead_ends(model: Model, network: DirectedNetwork) -> list[Finding]:
    """Metabolites that cannot be at steady state unless they are at rest, one line each."""
    produced, consumed = sides(network)
    findings = []
    for index, metabolite in enumerate(model.metabolites):
        if not steady(metabolite):
            continue
        reactions = sorted(reaction.id for reaction in metabolite.reactions)
        if not reactions:
            why = "in no reaction"
        elif len(reactions) == 1:
            why = f"in one reaction only: {reactions[0]}"
        elif not (produced[index] or consumed[index]):
            why = f"all its reactions are closed: {first_few(reactions)}"
        elif not consumed[index]:
            why = f"produced but never consumed: {first_few(reactions)}"
        elif not produced[index]:
            why = f"consumed but never produced: {first_few(reactions)}"
        else:
            continue
        findings.append(Finding(metabolite.id, "dead end", WARNING, "", "", why))
    return findings


def sides(network: DirectedNetwork) -> tuple[np.ndarray, np.ndarray]:
    """How many reactions may produce each metabolite, and how many may consume it."""
    makes = (network.stoichiometry > 0).astype(np.int64)
    takes = (network.stoichiometry < 0).astype(np.int64)
    forward, backward = network.forward.astype(np.int64), network.backward.astype(np.int64)
    return makes @ forward + takes @ backward, takes @ forward + makes @ backward


def blocked(model: Model, network: DirectedNetwork) -> list[Finding]:
    """Reactions that carry no flux in any medium, one line each."""
    closed = ~(network.forward | network.backward)
    starved = starve(network)
    stuck = no_flux(starved)
    stopped = ~(starved.forward | starved.backward)
    findings = []
    for index, reaction in enumerate(model.reactions):
        if closed[index]:
            why = "both bounds are 0"
        elif stopped[index]:
            why = "a dead end stops it in any medium"
        elif stuck[index]:
            why = "no steady state of the network uses it in any medium"
        else:
            continue
        findings.append(Finding(reaction.id, "blocked", WARNING, "", "", why))
    return findings


def starve(network: DirectedNetwork) -> DirectedNetwork:
    """The network without the directions that a dead end stops, directly or along a chain."""
    matrix = network.stoichiometry
    touches = (matrix != 0).astype(np.int64)
    positive, negative = (matrix > 0).astype(np.int64), (matrix < 0).astype(np.int64)
    current = network
    while True:
        produced, consumed = sides(current)
        runs = current.forward | current.backward
        lone = (touches @ runs.astype(np.int64)) == 1
        no_source = ((produced == 0) | lone).astype(np.int64)
        no_drain = ((consumed == 0) | lone).astype(np.int64)
        stop_forward = (negative.T @ no_source + positive.T @ no_drain) > 0
        stop_backward = (positive.T @ no_source + negative.T @ no_drain) > 0
        smaller = DirectedNetwork(matrix, current.forward & ~stop_forward, current.backward & ~stop_backward)
        if np.array_equal(smaller.forward, current.forward) and np.array_equal(smaller.backward, current.backward):
            return smaller
        current = smaller


def no_flux(network: DirectedNetwork) -> np.ndarray:
    """Which reactions are zero in every steady state of the network (a mask).

    The steady states form a cone, so one linear problem finds a state that uses every one-way reaction that any
    state uses. Two-way reactions may cancel in a sum, but not in one weighted at random: where it is 0 in every state,
    no state uses any of them. What it leaves open is tried one at a time.
    """
    open_ = np.flatnonzero(network.forward | network.backward)
    used = np.zeros(len(network.forward), dtype=bool)
    one_way = network.forward ^ network.backward
    signs = np.where(network.forward, 1.0, -1.0)
    for sign, candidates in ((signs, one_way), (signs, ~one_way), (-signs, ~one_way)):
        batch = [index for index in open_ if candidates[index] and not used[index]]
        if batch:
            used |= most_used(network, open_, batch, sign)
    random = np.random.default_rng(SEED)
    while rest := [index for index in open_ if not used[index] and not one_way[index]]:
        weights = random.choice([-1.0, 1.0], len(rest)) * random.uniform(1.0, 2.0, len(rest))
        sums = [used_in_sum(network, open_, rest, sign * weights) for sign in (1.0, -1.0)]
        if not any(total > NOTHING for total, _ in sums):
            return ~used
        before = used.sum()
        for _, mask in sums:
            used |= mask
        if used.sum() == before:
            break
    for index in open_:
        for sign in (signs, -signs):
            if not used[index] and not one_way[index]:
                used |= most_used(network, open_, [index], sign)
    return ~used


def used_in_sum(
    network: DirectedNetwork, open_: np.ndarray, batch: list[int], weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """The largest weighted sum of two-way fluxes up to 1 each, and a mask of the reactions that its state uses."""
    cost, place = np.zeros(len(open_)), {reaction: column for column, reaction in enumerate(open_)}
    columns = [place[index] for index in batch]
    cost[columns] = -weights
    most = np.full(len(open_), np.inf)
    most[columns] = 1.0
    result = linprog(
        cost,
        A_eq=network.stoichiometry[:, open_].tocsr(),
        b_eq=np.zeros(network.stoichiometry.shape[0]),
        bounds=np.column_stack(
            [np.where(network.backward[open_], -most, 0), np.where(network.forward[open_], most, 0)]
        ),
        method="highs",
    )
    used = np.zeros(len(network.forward), dtype=bool)
    if result.x is None:
        return np.inf, used
    used[open_[np.abs(result.x) > CARRIES]] = True
    return -result.fun, used


def most_used(network: DirectedNetwork, open_: np.ndarray, batch: list[int], signs: np.ndarray) -> np.ndarray:
    """A mask of reactions used by a steady state that runs as many of `batch` as it can in the direction `signs`.

    max sum z  s.t.  S v = 0,  0 <= z_j <= 1,  z_j <= sign_j v_j for j in the batch; v has no bound but its direction.
    """
    width, extra = len(open_), len(batch)
    place = {reaction: column for column, reaction in enumerate(open_)}
    pick = csr_array((signs[batch], (range(extra), [place[index] for index in batch])), shape=(extra, width))
    balance = hstack([network.stoichiometry[:, open_], csr_array((network.stoichiometry.shape[0], extra))])
    limits = [(-np.inf if network.backward[j] else 0.0, np.inf if network.forward[j] else 0.0) for j in open_]
    result = linprog(
        np.concatenate([np.zeros(width), -np.ones(extra)]),
        A_ub=hstack([-pick, eye_array(extra)]).tocsr(),
        b_ub=np.zeros(extra),
        A_eq=balance.tocsr(),
        b_eq=np.zeros(balance.shape[0]),
        bounds=limits + [(0.0, 1.0)] * extra,
        method="highs",
    )
    if result.x is None:
        raise SolverError(f"search for blocked reactions: HiGHS says {result.message}")
    used = np.zeros(len(network.forward), dtype=bool)
    used[open_[np.abs(result.x[:width]) > CARRIES]] = True
    return used


def duplicates(model: Model, biomass: list[Reaction]) -> list[Finding]:
    """Pairs of reactions that do the same, up to scale, one line each."""
    alike = defaultdict(list)
    for reaction in model.reactions:
        if reaction.metabolites and reaction not in biomass:
            alike[shape(reaction)].append(reaction)
    findings = []
    for group in alike.values():
        for first, second in combinations(group, 2):
            same_way = direction(first) == direction(second)
            if same_way or (first.reversibility and second.reversibility):
                way = "" if same_way else ", written the other way round"
                why = f"same stoichiometry as {second.id}{way}: removing one alone may change nothing"
                findings.append(Finding(first.id, "duplicate", WARNING, first.reaction, "", why))
    return findings


def shape(reaction: Reaction) -> tuple[tuple[str, float], ...]:
    """The stoichiometry scaled so that two reactions that do the same, in either direction, compare equal."""
    terms = sorted((metabolite.id, coefficient) for metabolite, coefficient in reaction.metabolites.items())
    return tuple((name, round(coefficient / terms[0][1], 9)) for name, coefficient in terms)


def direction(reaction: Reaction) -> bool:
    """Whether the first metabolite by id is on the product side."""
    return min((metabolite.id, coefficient > 0) for metabolite, coefficient in reaction.metabolites.items())[1]
