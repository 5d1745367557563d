"""States that spoil an aim and that few effects would hit: each makes a short row of the hitting-set program.

Only effects count that a design may have which meets the aim. A linear program finds a state of least weighted total
flux, with weights that are the larger the more rows ask for an effect already, and again with weights from the last
state.
"""

from collections.abc import Collection

import numpy as np

from knockflow.follower.region import Region
from knockflow.follower.states import Balances
from knockflow.follower.witness_pool import members
from knockflow.methods.dive.aims import Aim
from knockflow.methods.dive.choice import mask_of
from knockflow.numerics.sparse_certificate import SETTLED, Polyhedron, SparseStates

REWEIGHTED = 3
"""States for one question, each with the weights that the last one gives."""

FREE = 1e-3
"""Weight of what no intervention of a design that meets the aim closes."""


class BadStates:
    """States of the regions that an aim rules out, by HiGHS; each is one by its balances, not by a tolerance.

    Parameters
    ----------
    aim
        What they spoil.
    numbers
        Makes the weights and the order in which effects are closed.
    """

    def __init__(self, aim: Aim, numbers: np.random.Generator):
        self._aim, self._numbers = aim, numbers
        self._problem, self._targets = aim.problem, aim.problem.targets
        self.applicable = len(self._problem.followers) == 1 and self._problem.linear
        self._balances = Balances(self._problem) if self.applicable else None
        self._engines: dict[bytes, SparseStates] = {}
        self._often = np.zeros(self._targets.n_effects)
        self._useless = aim.space.forbidden
        self._useful, self._kept = 0, []

    def useful(self, effects: int) -> int:
        """Those of some effects that leave what is needed, as a set."""
        for effect in members(effects & ~self._useful & ~self._useless):
            implied = self._targets.implied(self._targets.needs(effect).tolist())
            mask = mask_of(implied)
            if all(mask & used for used in self._kept):
                reach = self._aim.reach(implied)
                if reach is None:
                    self._useless |= 1 << effect
                    continue
                self._kept.append(reach.used)
            self._useful |= 1 << effect
        return effects & ~self._useless

    def often(self, effects: int) -> list[int]:
        """Of some effects the one that hits most of the states found so far; none of none."""
        return sorted(members(effects), key=lambda effect: (-self._often[effect], effect))[:1]

    def found(self, region: Region, effects: Collection[int]) -> tuple[int, np.ndarray] | None:
        """A state of a region after some effects, and the useful effects that hit it; None if none was found."""
        engine, inner = self._engine(region), region.inner()
        engine.within(inner.lower, inner.upper)
        lower, upper = self._bounds(mask_of(effects))
        base = self._weights()
        weights, best = base, None
        for _ in range(REWEIGHTED):
            state = self._state(engine, region, weights, lower, upper)
            if state is None:
                break
            hits = self.useful(self._aim.hits(state))
            if best is None or hits.bit_count() < best[0].bit_count():
                best = hits, state
            base = np.where(self._weights() > FREE, base, FREE)
            weights = base / (np.abs(state) / max(np.abs(state).max(initial=0.0), 1e-300) + SETTLED)
        if best is not None:
            self._often[members(best[0])] += 1.0
        return best

    def _state(self, engine: SparseStates, region: Region, weights, lower, upper) -> np.ndarray | None:
        if (lower > upper).any():
            return None
        found = engine.bounded(weights, lower, upper)
        state = None if found is None else self._balances.state(found, lower, upper)
        return state if state is not None and region.holds(state) else None

    def _engine(self, region: Region) -> SparseStates:
        rows, problem = np.atleast_2d(region.rows), self._problem
        key = rows.tobytes()
        if key not in self._engines:
            whole = Polyhedron(problem.matrix, problem.row_lower, problem.row_upper, problem.lower, problem.upper)
            self._engines[key] = SparseStates(whole.within(rows, region.lower, region.upper))
        return self._engines[key]

    def _bounds(self, effects: int) -> tuple[np.ndarray, np.ndarray]:
        """The bounds that some effects leave, given as a set."""
        targets, lower, upper = self._targets, self._problem.lower.copy(), self._problem.upper.copy()
        own = self._flags(effects)[targets.owner]
        np.maximum.at(lower, targets.column[own], targets.lower[own])
        np.minimum.at(upper, targets.column[own], targets.upper[own])
        return lower, upper

    def _weights(self) -> np.ndarray:
        """For each column what its use costs: nothing much, or the more the more often its effects are asked for."""
        targets, weights = self._targets, np.full(len(self._problem.columns), FREE)
        own = ~self._flags(self._useless)[targets.owner]
        each = (1.0 + self._often) * self._numbers.uniform(0.7, 1.3, targets.n_effects)
        np.maximum.at(weights, targets.column[own], each[targets.owner[own]])
        return weights

    def _flags(self, effects: int) -> np.ndarray:
        flags = np.zeros(self._targets.n_effects, bool)
        flags[members(effects)] = True
        return flags
