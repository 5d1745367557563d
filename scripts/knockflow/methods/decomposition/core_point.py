"""The core point: a design that is spread over all targets, at which cuts are compared.

Magnanti and Wong (1981, doi:10.1287/opre.29.3.464) call a cut Pareto-optimal if none is at least as strong everywhere
and stronger somewhere; of all cuts that are as strong at the design in question, the strongest one at a core point, a
point of the relative interior of the convex hull of all designs, is. This one begins with every target chosen to the
same share, half of what the limits allow, up to a little noise by a seed, and moves halfway towards each design that is
proposed (Papadakos 2008, doi:10.1016/j.orl.2008.01.005): targets that are often proposed weigh more.
"""

import numpy as np

from knockflow.designs.ranking import Limits
from knockflow.follower.respond import Design
from knockflow.problem.problem import Problem

INNER = 0.5
"""Share of what the limits allow at which the core point begins."""

NOISE = 0.2
"""Share by which the beginning differs between targets."""

STEP = 0.5
"""Share of the way towards a proposal; the rest of the point stays positive."""


class CorePoint:
    """Shares of the targets in the design, and what follows for restrictions and effects."""

    def __init__(self, problem: Problem, limits: Limits, seed: int = 0):
        self._targets = problem.targets
        n = len(problem.targets)
        noise = 1 - NOISE * np.random.default_rng(seed).random(n)
        self.chosen = INNER * _even_share(problem, limits) * noise

    def move(self, design: Design) -> None:
        """Move towards a proposal."""
        inside = np.zeros(len(self.chosen))
        inside[list(design)] = 1.0
        self.chosen = (1 - STEP) * self.chosen + STEP * inside

    def holding(self) -> np.ndarray:
        """To what share each effect holds: that of the least decided of its needs."""
        targets = self._targets
        decided = np.where(targets.adds, 1 - self.chosen, self.chosen)
        decided = np.concatenate([decided, 1 - decided])
        shares = np.ones(targets.n_effects)
        np.minimum.at(shares, targets.needing, decided[targets.need])
        return shares


def _even_share(problem: Problem, limits: Limits) -> float:
    """The largest share, the same for all targets, that keeps to the limits; at most 1."""
    targets = problem.targets
    ratios = [1.0, (limits.max_interventions - len(problem.forced)) / max(1, len(targets))]
    if limits.max_cost is not None:
        ratios.append((limits.max_cost - problem.forced_cost) / max(1e-9, targets.cost.sum()))
    for kind, most in limits.max_per_kind.items():
        ratios.append((most - problem.forced_kinds.count(kind)) / max(1, targets.kind.count(kind)))
    ratios += [1 / len(group) for group in targets.exclusive() if group]
    return max(0.0, min(ratios))
