"""What follows from a design by prices of linear programs; linear followers only.

The programs are in `knockflow.methods.decomposition.price_programs`. The same questions are answered by trials in
`knockflow.methods.decomposition.by_trials`.
"""

from collections.abc import Callable, Collection

import numpy as np

from knockflow.follower.responses.behaviour import Behaviour
from knockflow.methods.decomposition.cuts import Cut
from knockflow.methods.decomposition.pareto import sharpest
from knockflow.methods.decomposition.price_programs import Ceiling, PriceProgram, fastest, share
from knockflow.methods.single_level.closing import with_slacks
from knockflow.problem.problem import Problem

ALIVE = 1 - 1e-5
"""Share of its needs from which a cell may pass for alive."""


class Duals:
    """Cuts from prices.

    Parameters
    ----------
    behaviour
        The response that counts for the value.
    holding
        The core point, as shares to which effects hold, where Pareto-optimal prices are wanted; None for any.
    """

    def __init__(self, problem: Problem, behaviour: Behaviour, holding: Callable[[], np.ndarray] | None = None):
        linear = with_slacks(problem)
        self._fastest = fastest(linear, behaviour.objective(linear))
        self._share, self._ceiling = share(linear), Ceiling(linear, behaviour.growing(problem))
        self._holding = holding

    def lethal(self, effects: Collection[int], _valueless: Callable[[Collection[int]], bool] | None = None) -> Cut:
        """A cut on the share of its needs that the cell can have, of which a design needs 1.

        Without prices that show it, all the effects are what must not hold together.
        """
        if self._share.maximum(effects) is not None:
            cut = self._cut(self._share, effects)
            if cut is not None and cut.bound < ALIVE:
                return cut
        return Cut(0.0, {}, dict.fromkeys(effects, 1.0))

    def ceiling(self, effects: Collection[int], level: float, _target: float = np.inf) -> Cut | None:
        """A cut on the most product of states whose objective reaches a level; None without prices."""
        program = self._ceiling.after(effects, level)
        return None if program is None else self._cut(program, effects)

    def fastest(self, effects: Collection[int]) -> Cut | None:
        """A cut on the cell's objective."""
        return None if self._fastest.maximum(effects) is None else self._cut(self._fastest, effects)

    def kept(self, effects: Collection[int]) -> list[int]:
        """Effects without restoring which the cell's objective grows no larger."""
        cut = self.fastest(effects)
        return sorted(effects) if cut is None else sorted(cut.restored)

    def top(self, effect: int) -> float:
        """A value that no design with an effect exceeds (mmol/gDW/h), -inf if none can grow with it."""
        program = self._ceiling.after([effect], -np.inf)
        cut = None if program is None else program.cut([effect])
        return -np.inf if program is None else np.inf if cut is None else cut.bound

    def _cut(self, program: PriceProgram, effects: Collection[int]) -> Cut | None:
        if self._holding is None or not effects:
            return program.cut(effects)
        return sharpest(program, effects, self._holding())
