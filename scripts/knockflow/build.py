"""From the curated model to the `Problem`: blocked reactions dropped, coupled ones merged, targets marked.

Both steps are lossless for every formulation: a dropped reaction carries no flux in any steady state within
the bounds, a merged column carries its members in their one possible ratio, within the bounds of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from knockflow.coupling import Group, coupled_groups
from knockflow.fva import flux_ranges
from knockflow.gpr import CutSet
from knockflow.lp import LP, Verdict
from knockflow.network import Network
from knockflow.problem import EXCLUDED, Problem, Sparse, Targets
from knockflow.targets import Target, TargetOptions, list_targets, refusals
from knockflow.tolerances import BLOCKED_FLUX, FEASIBILITY, close


@dataclass(frozen=True)
class Wish:
    """What a case asks of the network: product, substrate taken up (an exchange), minimum growth (1/h)."""

    product: str
    substrate: str | None
    min_growth: float


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
    carrying = _carrying(network)
    groups = _groups(network, range(len(network.reactions)) if carrying is None else carrying)
    problem = _follower(network, groups, wish)
    if carrying is not None:
        problem = _with_viable_ranges(problem)
    viable = (problem.viable_lower, problem.viable_upper) if problem.viable else None
    targets = list_targets(network, [[member for member, _ in group] for group in groups], refused, options, viable)
    usable = [target for target in targets if target.group is not None and target.status != EXCLUDED]
    chosen = Targets.knock_outs(
        ids=[target.name for target in usable],
        columns=[[target.group] for target in usable],
        cost=[target.cost for target in usable],
        status=[target.status for target in usable],
    )
    return replace(problem, targets=chosen), targets


def _groups(network: Network, carrying: Sequence[int]) -> list[Group]:
    """Coupled groups among some reactions, by reaction number."""
    groups = coupled_groups([network.stoichiometry[reaction] for reaction in carrying])
    return [[(carrying[column], factor) for column, factor in group] for group in groups]


def _carrying(network: Network) -> list[int] | None:
    """The reactions that can carry flux within their bounds; None if the bounds allow no steady state at all."""
    lp = _lp_of(network, range(len(network.reactions)))
    ranges = flux_ranges(lp, network.lower, network.upper)
    if ranges is None:
        return None
    size = np.maximum(np.abs(ranges[0]), np.abs(ranges[1]))
    carrying = np.flatnonzero(size > BLOCKED_FLUX).tolist()
    # A reaction that only tiny biomass coefficients need has a tiny range, too, and must stay.
    if close(_growth(network, carrying), ranges[1][network.index()[network.biomass]]):
        return carrying
    return np.flatnonzero(size > 0).tolist()


def _lp_of(network: Network, reactions: Sequence[int]) -> LP:
    matrix = Sparse.of([(row, float(value)) for row, value in network.stoichiometry[r]] for r in reactions)
    zero, chosen = np.zeros(len(network.metabolites)), list(reactions)
    return LP(matrix, zero, zero, network.lower[chosen], network.upper[chosen])


def _growth(network: Network, reactions: Sequence[int]) -> float:
    """Largest growth with only some of the reactions."""
    lp = _lp_of(network, reactions)
    lp.set_objective(np.array([float(network.reactions[r] == network.biomass) for r in reactions]), maximize=True)
    return lp.value if lp.solve() is Verdict.OPTIMAL else 0.0


def _follower(network: Network, groups: list[Group], wish: Wish) -> Problem:
    columns = [_merged_column(network, group) for group in groups]
    used = sorted({row for column in columns for row, _ in column})
    row_of = {row: number for number, row in enumerate(used)}
    bounds = np.array([_merged_bounds(network, group) for group in groups]).reshape(-1, 2)
    n = len(groups)
    growth = _vector(network, groups, {network.biomass: 1.0})
    uptake = _vector(network, groups, {wish.substrate: -1.0} if wish.substrate else {})
    return Problem(
        rows=tuple(network.metabolites[row] for row in used),
        row_lower=np.zeros(len(used)),
        row_upper=np.zeros(len(used)),
        columns=tuple("|".join(sorted(network.reactions[member] for member, _ in group)) for group in groups),
        matrix=Sparse.of([(row_of[row], float(value)) for row, value in column] for column in columns),
        lower=bounds[:, 0],
        upper=bounds[:, 1],
        integer=np.zeros(n, bool),
        block=np.zeros(n, np.int64),
        growth=growth,
        objective=growth.copy(),
        product=_vector(network, groups, {wish.product: 1.0}),
        uptake=uptake,
        min_growth=float(wish.min_growth),
        max_growth=float("-inf"),
        viable_lower=np.full(n, np.nan),
        viable_upper=np.full(n, np.nan),
        members=Sparse.of([(member, float(factor)) for member, factor in group] for group in groups),
        reactions=network.reactions,
        targets=Targets.knock_outs([], []),
    )


def _merged_column(network: Network, group: Group) -> list[tuple[int, Fraction]]:
    total: dict[int, Fraction] = {}
    for member, factor in group:
        for row, value in network.stoichiometry[member]:
            total[row] = total.get(row, Fraction(0)) + factor * value
    return sorted((row, value) for row, value in total.items() if value)


def _merged_bounds(network: Network, group: Group) -> tuple[float, float]:
    lower, upper = -np.inf, np.inf
    for member, factor in group:
        ends = sorted((network.lower[member] / float(factor), network.upper[member] / float(factor)))
        lower, upper = max(lower, ends[0]), min(upper, ends[1])
    if upper < lower <= upper + FEASIBILITY:
        return upper, upper  # equal but for the rounding of the factors
    return lower, upper


def _vector(network: Network, groups: list[Group], coefficients: Mapping[str, float]) -> np.ndarray:
    index = network.index()
    by_number = {index[reaction]: value for reaction, value in coefficients.items()}
    return np.array([sum(by_number.get(member, 0.0) * float(factor) for member, factor in group) for group in groups])


def _with_viable_ranges(problem: Problem) -> Problem:
    """Add the wild type's growth and, where it suffices, the flux ranges at min_growth."""
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
        return problem
    problem = replace(problem, max_growth=lp.value)
    lp.set_row(growth_row, problem.min_growth, np.inf)
    ranges = flux_ranges(lp, problem.lower, problem.upper)
    if ranges is None:
        return problem
    return replace(problem, viable_lower=ranges[0], viable_upper=ranges[1])
