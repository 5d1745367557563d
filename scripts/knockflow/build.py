"""From the curated model to the `Problem`: the compressed network, with its targets marked.

Compression is lossless for every formulation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from knockflow.compression import Merged, compress
from knockflow.fva import flux_ranges
from knockflow.gpr import CutSet
from knockflow.lp import LP, Verdict
from knockflow.network import Network
from knockflow.problem import EXCLUDED, Problem, Sparse, Targets
from knockflow.targets import Target, TargetOptions, list_targets, refusals


@dataclass(frozen=True)
class Wish:
    """What a case asks of the network: product, substrate taken up (an exchange), minimum growth (1/h).

    `cell_objective` holds what the cell maximizes, as coefficients by reaction; empty for growth.
    """

    product: str
    substrate: str | None
    min_growth: float
    cell_objective: Mapping[str, float] = field(default_factory=dict)


def build(
    network: Network, cuts: Mapping[str, list[CutSet]], wish: Wish, options: TargetOptions
) -> tuple[Problem, list[Target]]:
    """The problem of a case and its table of targets.

    Raises
    ------
    ConfigError
        If the targets name unknown or impossible reactions.
    """
    refused = refusals(network, cuts, options)
    merged, allowed = compress(network)
    problem = _follower(merged, wish)
    growing = None
    if allowed:
        problem, growing = _with_growth(problem)
    if growing is not None:
        possible = growing if problem.maximizes_growth else flux_ranges(merged.lp(), merged.lower, merged.upper)
        problem = replace(problem, viable_lower=possible[0], viable_upper=possible[1])
    members = [[member for member, _ in group] for group in merged.groups]
    targets = list_targets(network, members, refused, options, growing, problem.maximizes_growth)
    usable = [target for target in targets if target.group is not None and target.status != EXCLUDED]
    chosen = Targets.knock_outs(
        ids=[target.name for target in usable],
        columns=[[target.group] for target in usable],
        cost=[target.cost for target in usable],
        status=[target.status for target in usable],
    )
    return replace(problem, targets=chosen), targets


def _follower(merged: Merged, wish: Wish) -> Problem:
    network, n = merged.network, len(merged.groups)
    growth = merged.vector({network.biomass: 1.0})
    return Problem(
        rows=tuple(network.metabolites[row] for row in merged.rows),
        row_lower=np.zeros(len(merged.rows)),
        row_upper=np.zeros(len(merged.rows)),
        columns=tuple("|".join(sorted(network.reactions[member] for member, _ in group)) for group in merged.groups),
        matrix=merged.matrix(),
        lower=merged.lower,
        upper=merged.upper,
        integer=np.zeros(n, bool),
        block=np.zeros(n, np.int64),
        growth=growth,
        objective=merged.vector(wish.cell_objective) if wish.cell_objective else growth.copy(),
        product=merged.vector({wish.product: 1.0}),
        uptake=merged.vector({wish.substrate: -1.0} if wish.substrate else {}),
        min_growth=float(wish.min_growth),
        max_growth=float("-inf"),
        viable_lower=np.full(n, np.nan),
        viable_upper=np.full(n, np.nan),
        members=Sparse.of([(member, float(factor)) for member, factor in group] for group in merged.groups),
        reactions=network.reactions,
        targets=Targets.knock_outs([], []),
    )


def _with_growth(problem: Problem) -> tuple[Problem, tuple[np.ndarray, np.ndarray] | None]:
    """Add the wild type's growth; with it, the flux ranges at min_growth, None where it does not suffice."""
    growth_row = len(problem.rows)
    matrix = Sparse.of(
        [*zip(*problem.matrix[j], strict=True), *([(growth_row, problem.growth[j])] if problem.growth[j] else [])]
        for j in range(len(problem.columns))
    )
    lp = LP(
        matrix,
        np.append(problem.row_lower, -np.inf),
        np.append(problem.row_upper, np.inf),
        problem.lower,
        problem.upper,
    )
    lp.set_objective(problem.growth, maximize=True)
    if lp.solve() is not Verdict.OPTIMAL:
        return problem, None
    problem = replace(problem, max_growth=lp.value)
    lp.set_row(growth_row, problem.min_growth, np.inf)
    return problem, flux_ranges(lp, problem.lower, problem.upper)
