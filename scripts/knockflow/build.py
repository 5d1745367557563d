"""From the curated model to the `Problem`: blocked reactions dropped, coupled ones merged, targets marked.

Both steps are lossless for every formulation: a dropped reaction carries no flux in any steady state within
the bounds, a merged column carries its members in their one possible ratio, within the bounds of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    ranges = _ranges(network)
    groups = _groups(network, range(len(network.reactions)) if ranges is None else _carrying(network, *ranges))
    problem = _follower(network, groups, wish)
    growing = None
    if ranges is not None:
        problem, growing = _with_growth(problem)
    if growing is not None:
        possible = growing if problem.maximizes_growth else _bounds(groups, *ranges)
        problem = replace(problem, viable_lower=possible[0], viable_upper=possible[1])
    members = [[member for member, _ in group] for group in groups]
    targets = list_targets(network, members, refused, options, growing, problem.maximizes_growth)
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


def _ranges(network: Network) -> tuple[np.ndarray, np.ndarray] | None:
    """Flux ranges of all steady states; None if the bounds allow none at all."""
    lp = _lp_of(network, range(len(network.reactions)))
    return flux_ranges(lp, network.lower, network.upper)


def _carrying(network: Network, least: np.ndarray, largest: np.ndarray) -> list[int]:
    """The reactions that can carry flux within their bounds."""
    size = np.maximum(np.abs(least), np.abs(largest))
    carrying = np.flatnonzero(size > BLOCKED_FLUX).tolist()
    # A reaction that only tiny biomass coefficients need has a tiny range, too, and must stay.
    if close(_growth(network, carrying), largest[network.index()[network.biomass]]):
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
    lower, upper = _bounds(groups, network.lower, network.upper)
    n = len(groups)
    growth = _vector(network, groups, {network.biomass: 1.0})
    uptake = _vector(network, groups, {wish.substrate: -1.0} if wish.substrate else {})
    return Problem(
        rows=tuple(network.metabolites[row] for row in used),
        row_lower=np.zeros(len(used)),
        row_upper=np.zeros(len(used)),
        columns=tuple("|".join(sorted(network.reactions[member] for member, _ in group)) for group in groups),
        matrix=Sparse.of([(row_of[row], float(value)) for row, value in column] for column in columns),
        lower=lower,
        upper=upper,
        integer=np.zeros(n, bool),
        block=np.zeros(n, np.int64),
        growth=growth,
        objective=_vector(network, groups, wish.cell_objective) if wish.cell_objective else growth.copy(),
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


def _bounds(groups: list[Group], least: np.ndarray, largest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of merged columns: those of every member hold, each by its factor."""
    ends = np.array([_merged_bounds(group, least, largest) for group in groups]).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def _merged_bounds(group: Group, least: np.ndarray, largest: np.ndarray) -> tuple[float, float]:
    lower, upper = -np.inf, np.inf
    for member, factor in group:
        ends = sorted((least[member] / float(factor), largest[member] / float(factor)))
        lower, upper = max(lower, ends[0]), min(upper, ends[1])
    if upper < lower <= upper + FEASIBILITY:
        return upper, upper  # equal but for the rounding of the factors
    return lower, upper


def _vector(network: Network, groups: list[Group], coefficients: Mapping[str, float]) -> np.ndarray:
    index = network.index()
    by_number = {index[reaction]: value for reaction, value in coefficients.items()}
    return np.array([sum(by_number.get(member, 0.0) * float(factor) for member, factor in group) for group in groups])


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
