"""Driving forces from dense arrays and random ones for random networks; the cell with them by binaries and big-M."""

from collections.abc import Collection

import numpy as np
from cobra import Metabolite, Model, Reaction
from hypothesis import strategies as st
from random_networks import problem_of
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack

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


class ByBinaries:
    """A cell with driving forces as a mixed-integer program: one binary for each direction of each reaction.

        s_r v_r <= U z,   s_r g_r(w) <= -least + M (1 - z)

    Such programs leak flux through z = 1e-6, so the directions that a solution closes are then closed in a linear
    program without binaries: its optimum is sure to be reached, and that of the mixed-integer one is a bound.
    """

    def __init__(self, problem: Problem, design: Collection[int] = (), limit_s: float = np.inf, growing: bool = False):
        self.growing = growing
        self.problem, self.own, self.limit_s = problem, problem.driving_forces, limit_s
        self.lower, self.upper = problem.lower.copy(), problem.upper.copy()
        targets = problem.targets
        for effect in targets.effects(design):
            for column, lower, upper in targets.effect(effect).bounds:
                self.lower[column] = max(self.lower[column], lower)
                self.upper[column] = min(self.upper[column], upper)
        self.rows = [(csr_array(problem.matrix), problem.row_lower, problem.row_upper)] if len(problem.rows) else []

    def hold(self, goal: np.ndarray, least: float) -> "ByBinaries":
        """Restrict to the states where a linear function reaches a value."""
        self.rows.append((csr_array(goal[None]), np.array([least]), np.array([np.inf])))
        return self

    def optimum(self, goal: np.ndarray, maximize: bool) -> tuple[float, float] | None:
        """A value that is reached, and one that none exceeds (maximize) or undercuts; None without any state."""
        sign, found = (-1.0 if maximize else 1.0), self._mixed_integer((-1.0 if maximize else 1.0) * goal)
        if found is None:
            return None
        lower, upper = self.lower.copy(), self.upper.copy()
        for number, (column, factor) in enumerate(self._places()):
            for back in (0, 1):
                if column is not None and found.x[self._binary(number, back)] < 0.5:
                    if (factor > 0) == (back == 0):
                        upper[column] = min(upper[column], 0.0)
                    else:
                        lower[column] = max(lower[column], 0.0)
        if (lower > upper).any():
            return None
        rows = [LinearConstraint(matrix, least, most) for matrix, least, most in self.rows]
        fixed = milp(sign * goal, bounds=Bounds(lower, upper), constraints=rows)
        return None if fixed.x is None else (sign * fixed.fun, sign * found.fun)

    def _places(self):
        return [self.problem.place.get(name, (None, 1.0)) for name in self.own.names]

    def _binary(self, number: int, back: int) -> int:
        return len(self.lower) + len(self.own.lower) + 2 * number + back

    def _most(self, column: int, sign: float) -> float:
        """The largest flux along a sign in states that count where all are known to grow, so that little leaks."""
        if not self.growing:
            return 1000.0
        problem = self.problem
        return max(problem.viable_upper[column] if sign > 0 else -problem.viable_lower[column], 0.0)

    def _mixed_integer(self, goal: np.ndarray):
        own, n, k, count = self.own, len(self.lower), len(self.own.lower), 2 * len(self.own.names)
        constraints = [
            LinearConstraint(hstack([matrix, csr_array((matrix.shape[0], k + count))]).tocsr(), least, most)
            for matrix, least, most in self.rows
        ]
        size = abs(own.mean) + abs(own.coefficients) @ np.maximum(abs(own.lower), abs(own.upper)) + 1
        rows, columns, entries, ends = [], [], [], []

        def add(pairs, end: float) -> None:
            for column, value in pairs:
                rows.append(len(ends))
                columns.append(column)
                entries.append(value)
            ends.append(end)

        for number, (column, factor) in enumerate(self._places()):
            span = slice(own.coefficients.indptr[number], own.coefficients.indptr[number + 1])
            energy = list(zip((n + own.coefficients.indices[span]).tolist(), own.coefficients.data[span], strict=True))
            for back, direction in ((0, 1.0), (1, -1.0)):
                z = self._binary(number, back)
                limit = size[number] - own.least - direction * own.mean[number]
                add([*((w, direction * value) for w, value in energy), (z, size[number])], limit)
                if column is not None:
                    most = self._most(column, direction * factor)
                    add([(column, direction * factor), (z, -most * abs(factor))], 0.0)
        if ends:
            matrix = csr_array((entries, (rows, columns)), shape=(len(ends), n + k + count))
            constraints.append(LinearConstraint(matrix, -np.inf, ends))
        if own.row_coefficients.shape[0]:
            matrix = hstack(
                [csr_array((len(own.row_lower), n)), own.row_coefficients, csr_array((len(own.row_lower), count))]
            )
            constraints.append(LinearConstraint(matrix.tocsr(), own.row_lower, own.row_upper))
        found = milp(
            np.append(goal, np.zeros(k + count)),
            integrality=np.append(np.zeros(n + k), np.ones(count)),
            bounds=Bounds(
                np.concatenate([self.lower, own.lower, np.zeros(count)]),
                np.concatenate([self.upper, own.upper, np.ones(count)]),
            ),
            constraints=constraints,
            options={"mip_rel_gap": 0.0} | ({"time_limit": self.limit_s} if np.isfinite(self.limit_s) else {}),
        )
        return found if found.x is not None else None


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
