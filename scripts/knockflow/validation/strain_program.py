"""What may become of a strain, by linear programs of HiGHS over COBRApy's model of it.

Of the states that a prediction leaves, the least and the most product count, so that no choice among equal optima does.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from cobra import Model, Reaction
from scipy.sparse import csc_array, eye_array, hstack, vstack

from knockflow.layers.in_strain import copies, is_flux, weight
from knockflow.model.question import Question
from knockflow.validation.second_solver import SecondSolver, arrays_of
from knockflow.validation.several import Numbers

LEAST, MOST = "product_min_mmol_per_gdw_h", "product_max_mmol_per_gdw_h"
GROWTH, FLOOR = "growth_per_h", "product_min_at_min_growth_mmol_per_gdw_h"

WIDE = 1e4
"""mmol/gDW/h that stands for no bound where ROOM needs one."""


class StrainProgram:
    """The program of a strain, and what is asked of it.

    Parameters
    ----------
    strain
        A COBRApy model with a design applied.
    question
        What the case asks.
    algorithm
        The algorithm of HiGHS.
    """

    def __init__(self, strain: Model, question: Question, algorithm: str):
        self._algorithm, self._least_growth = algorithm, question.min_growth
        self._arrays = arrays_of(strain)
        self._solver = SecondSolver(self._arrays, algorithm)
        self._cell = [reaction for reaction in strain.reactions if is_flux(reaction)]
        columns = self._arrays.columns
        self._forward = np.array([columns[one.forward_variable.name] for one in self._cell])
        self._reverse = np.array([columns[one.reverse_variable.name] for one in self._cell])
        self._share = np.array([weight(one) for one in self._cell])
        self._biomass = strain.reactions.get_by_id(question.biomass)
        self._grows = self._costs({self._biomass: 1.0})
        objective = question.cell_objective or {question.biomass: 1.0}
        terms = [(copy, share * value) for name, value in objective.items() for copy, share in copies(strain, name)]
        self._wanted = self._costs(dict(terms))
        self._makes = self._costs({strain.reactions.get_by_id(name): value for name, value in question.made.items()})

    def _costs(self, terms: Mapping[Reaction, float]) -> np.ndarray:
        """A linear function of fluxes over the columns."""
        costs = np.zeros(len(self._arrays.lower))
        for reaction, factor in terms.items():
            costs[self._arrays.columns[reaction.forward_variable.name]] += factor
            costs[self._arrays.columns[reaction.reverse_variable.name]] -= factor
        return costs

    def _range(self, solver: SecondSolver) -> Numbers:
        """The product range of the states that a solver has left; further columns count nothing."""
        costs = np.append(self._makes, np.zeros(solver.size - len(self._makes)))
        return {LEAST: solver.optimum(costs, largest=False), MOST: solver.optimum(costs, largest=True)}

    def near_growth(self, shares: Sequence[float]) -> list[Numbers]:
        """The growth response, with what every state from min_growth up makes; then from shares of the maximum."""
        fastest = self._solver.optimum(self._grows, largest=True)
        if np.isnan(fastest):
            return [{GROWTH: fastest, LEAST: fastest, MOST: fastest, FLOOR: fastest}] + [{}] * len(shares)
        self._solver.optimum(self._wanted, largest=True)
        with self._solver.held():
            first = {GROWTH: self._solver.optimum(self._grows, largest=True)} | self._range(self._solver)
        near = [self._from(share * fastest) for share in shares]
        return [first | {FLOOR: self._from(self._least_growth)[LEAST]}, *near]

    def _from(self, growth: float) -> Numbers:
        """The product range of the states with v_b >= growth."""
        name = self._biomass.forward_variable.name
        column = self._arrays.columns[name]
        lower, upper = self._arrays.lower[column], self._arrays.upper[column]
        # What runs backwards, too, would balance the least forwards.
        names, least = [name, self._biomass.reverse_variable.name], [min(max(lower, growth), upper), 0.0]
        with self._solver.limited(names, least, [upper, 0.0]):
            found = self._range(self._solver)
        return {GROWTH: growth} | found

    def parsimonious(self) -> tuple[Numbers, np.ndarray | None]:
        """Of the growth response the states of least total flux, and the fluxes of one of them.

        c'v at its maximum, then sum |v_i| at its minimum (Lewis et al. 2010, doi:10.1038/msb.2010.47).
        """
        total = np.zeros(len(self._arrays.lower))
        total[self._forward] = total[self._reverse] = self._share
        if np.isnan(self._solver.optimum(self._wanted, largest=True)):
            return {}, None
        with self._solver.held():
            self._solver.optimum(total, largest=False)
            state = self._solver.state
            with self._solver.held():
                grown = {GROWTH: self._solver.optimum(self._grows, largest=True)}
                return grown | self._range(self._solver), state[self._forward] - state[self._reverse]

    def moma(self, before: np.ndarray) -> Numbers:
        """The states nearest to the wild type's, by the sum of absolute changes.

        min sum (p_i + n_i)  s.t.  v_i - p_i + n_i = w_i,  p, n >= 0: the linear form of MOMA (Segre et al. 2002,
        doi:10.1073/pnas.232349399; Becker et al. 2007, doi:10.1038/nprot.2007.99).
        """
        count = len(self._cell)
        new = hstack([-eye_array(count), eye_array(count)])
        nothing = np.zeros(2 * count)
        ends = before, before
        return self._nearest(nothing, nothing + np.inf, new, self._fluxes, ends, np.tile(self._share, 2))

    def room(self, before: np.ndarray) -> Numbers:
        """The states with fewest changes, in the relaxation: a change counts by its share of the way to the bound.

        min sum y_i  s.t.  v_i - y_i (u_i - w_i) <= w_i,  v_i - y_i (l_i - w_i) >= w_i,  0 <= y <= 1: the linear form of
        ROOM, without binaries and thresholds, as COBRApy has it (Shlomi et al. 2005, doi:10.1073/pnas.0406346102).
        """
        count = len(self._cell)
        lower, upper = np.clip(np.array([one.bounds for one in self._cell]).T, -WIDE, WIDE)
        steps = upper - before, lower - before
        new = vstack([eye_array(count) * -steps[0], eye_array(count) * -steps[1]])
        endless = np.full(count, np.inf)
        ends = np.concatenate([-endless, before]), np.concatenate([before, endless])
        own = vstack([self._fluxes, self._fluxes])
        return self._nearest(np.zeros(count), np.ones(count), new, own, ends, self._share)

    @property
    def _fluxes(self) -> csc_array:
        """v_i = v_i+ - v_i- for each reaction of the cell, over the columns."""
        count = len(self._cell)
        signs, rows = np.repeat([1.0, -1.0], count), np.tile(np.arange(count), 2)
        place = rows, np.concatenate([self._forward, self._reverse])
        return csc_array((signs, place), (count, len(self._arrays.lower)))

    def _nearest(self, lower, upper, new, own, ends, counted) -> Numbers:
        """Growth and product range of the states with the least sum of new columns."""
        solver = SecondSolver(self._arrays.extended(lower, upper, own, new, ends), self._algorithm)
        old = len(self._arrays.lower)
        if np.isnan(solver.optimum(np.append(np.zeros(old), counted), largest=False)):
            return {}
        with solver.held():
            grows = np.append(self._grows, np.zeros(solver.size - old))
            return {GROWTH: solver.optimum(grows, largest=True)} | self._range(solver)
