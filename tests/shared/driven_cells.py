"""Which random cells with driving forces are cases."""

import numpy as np
from hypothesis import assume

from knockflow.base.errors import SolverError
from knockflow.follower.oracle import Follower


def viable(problem):
    """A case as a stage makes it: whether its wild type grows with the forces."""
    try:
        problem.driving_forces.conflict([])
    except SolverError:
        assume(False)  # its ratios contradict its ranges
    follower = Follower(problem)
    assume(np.isfinite(problem.max_growth))  # else what must run cannot, and compression has left it out
    best = follower.max_growth(follower.after(()))
    assume(best is not None and best.value >= problem.min_growth and 0 < len(problem.growing().targets) <= 10)
