"""A cell that needs a millionth of something: cut sets, designs, and what is a state and what is not."""

import numpy as np
import pytest
from networks import problem_of
from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.oracle import Follower
from knockflow.follower.states import Balances
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.regions import Demand, unit_of
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search
from knockflow.problem.bounds import widened

TARGETS = ("UP", "AB", "R1", "R2", "AP", "PT")
MADE = {"biomass": "BM", "substrate": None, "product": "EX_P"}


def cell(need: float) -> dict:
    """Biomass needs B and very little C, which R1 makes by itself, and R2 together with P."""
    return {
        "UP": ({"A": 1}, 0, 10),
        "AB": ({"A": -1, "B": 1}, 0, 1000),
        "R1": ({"A": -1, "C": 1}, 0, 1000),
        "R2": ({"A": -1, "C": 1, "P": 1}, 0, 1000),
        "AP": ({"A": -1, "P": 1}, 0, 1000),
        "PT": ({"P": -1, "Q": 1}, 0, 1000),
        "EX_P": ({"Q": -1}, 0, 1000),
        "BM": ({"B": -1, "C": -need}, 0, 1000),
    }


def cut(problem, method, suppress, protect=()) -> list[str]:
    options = {"max_interventions": 3, "max_designs": "all", "max_cost": None, "threads": 1}
    sets = CutSets(problem, options | {"suppress": list(suppress), "protect": list(protect)})
    with Watch(30) as watch:
        method(sets, watch)
    return [" ".join(one.names) for one in sets.listed()]


@pytest.mark.parametrize("method", [search, CutSets.exhaustive])
@pytest.mark.parametrize("need", [1e-3, 1e-6, 1e-7])
@pytest.mark.parametrize("threshold", ["0.01", "1e-4", "1e-6", "1e-9"])
def test_lethal_sets_do_not_depend_on_the_scale_of_the_threshold(method, need, threshold):
    problem = problem_of(cell(need), TARGETS, 0.0, **MADE)
    assert cut(problem, method, [f"BM >= {threshold}"]) == ["-AB", "-UP", "-PT -R1", "-R1 -R2"]


@pytest.mark.parametrize("method", [search, CutSets.exhaustive])
def test_no_set_protects_growth_that_it_stops(method):
    """Without R1 and R2 there is no growth, neither to be suppressed nor to be protected, however little C it needs."""
    growth = "BM >= 1e-4"
    regions = [[growth, "EX_P <= 4"]], [growth]
    assert cut(problem_of(cell(1e-6), TARGETS, 0.0, **MADE), method, *regions) == []
    forced = cell(1e-6) | {"AP": ({"A": -1, "P": 1}, 5, 1000)}
    assert cut(problem_of(forced, ("R1", "R2", "AB"), 0.0, **MADE), method, *regions) == [""]


def coupled(need: float) -> dict:
    """X makes B with the C that biomass needs; without it maintenance forces product, and nothing grows."""
    return {
        "EX_s": ({"A": -1}, -20, 0),
        "X": ({"A": -1, "B": 1, "C": 1}, 0, 1000),
        "CX": ({"C": -1}, 0, 1000),
        "HALF": ({"A": -2, "B": 1, "P": 1}, 0, 1000),
        "ATPM": ({"B": -1}, 5, 1000),
        "EX_p": ({"P": -1}, 0, 1000),
        "BIO": ({"B": -1, "C": -need}, 0, 1000),
    }


@pytest.mark.parametrize("kind", sorted(rated()))
@pytest.mark.parametrize("method", ["tree", "exhaustive", "benders", "logic_benders"])
def test_a_cell_that_cannot_grow_guarantees_nothing(method, kind):
    problem = problem_of(coupled(1e-6), ("X", "HALF"), 1e-4)
    assert problem.viable
    best = BestDesigns(problem, FORMULATIONS[kind], Limits(2, None))
    assert best.evaluate(frozenset([problem.targets.ids.index("X")])) is None
    with Watch(30) as watch:
        assert run(method, best, watch, solver="highs").complete
    assert not [entry.names for entry in best.ranked if "-X" in entry.names]


def balances() -> tuple[Balances, Follower]:
    follower = Follower(problem_of(cell(1e-6), TARGETS, 0.0, **MADE))
    return Balances(follower.problem), follower


def state_of(follower: Follower, **fluxes: float) -> np.ndarray:
    """Fluxes of the columns by the reactions in them; the largest member of a column has its flux."""
    return np.array([fluxes[name.split("|")[0]] for name in follower.problem.columns])


def test_a_small_flux_is_kept_where_a_balance_needs_it_and_an_error_where_not():
    balance, follower = balances()
    problem, names = follower.problem, follower.problem.columns
    v = dict.fromkeys(names, 0.0)
    v |= {name: 1e-4 for name in names if "BM" in name or "AB" in name}
    uptake = next(name for name in names if "UP" in name)
    v |= {uptake: 1e-4 + 1e-10, "R1": 1e-10, "AP": -3e-11, "R2": 4e-14}
    state = balance.state(np.array([v[name] for name in names]), problem.lower, problem.upper)
    kept = dict(zip(names, state, strict=True))
    assert kept["R1"] == pytest.approx(1e-10) and kept["AP"] == kept["R2"] == 0
    # Without R1 this is no state, though it lacks no more than 1e-10 of C.
    closed = np.where(np.array(names) == "R1", 0.0, problem.upper)
    assert balance.state(state, problem.lower, closed) is None
    assert balance.state(np.zeros(len(names)), problem.lower, closed) is not None


def test_prices_prove_a_bound_that_no_tolerance_loosens():
    balance, follower = balances()
    problem = follower.problem
    targets = [problem.targets.ids.index(name) for name in ("R1", "R2")]
    states = follower.after(targets)
    assert follower.max_growth(states).value <= 1e-9
    prices = follower.lp.row_duals()[: len(problem.rows)]
    rows, bounds = (problem.row_lower, problem.row_upper), (follower._lower, follower._upper)
    assert balance.most(problem.growth, prices, rows, bounds) <= 1e-9
    assert balance.most(problem.growth, 0 * prices, rows, bounds) == pytest.approx(1000)


def test_sums_of_states_keep_zero_bounds_but_for_rounding():
    lower, upper = widened(np.array([0.0, -10.0, -np.inf]), np.array([0.0, 1000.0, np.inf]))
    assert lower[:2].tolist() == [-1e-12, -10 - 1e-9] and upper[:2].tolist() == [1e-12, 1000 + 1e-9]
    assert np.isinf([lower[2], upper[2]]).all()


@pytest.mark.parametrize(("bounds", "unit"), [([1e-4], 2.0**-8), ([0.1, 1e-3], 2.0**-4), ([0.5], 1), ([0, np.inf], 1)])
def test_the_unit_of_flux_follows_the_smallest_threshold(bounds, unit):
    ends = np.array(bounds)
    asked = [Demand(np.eye(len(ends)), -ends, np.full(len(ends), np.inf), None, False)]
    assert unit_of(asked) == unit
    assert unit_of([]) == 1


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_a_cell_that_grows_slowly_keeps_what_it_lives_on(method):
    """Growth of at most 0.001 turns over 1e-10 of C, and without R1 and R2 there is none."""
    reactions = coupled(1e-7) | {
        "EX_s": ({"A": -1}, -0.001, 0),
        "X": ({"A": -1, "B": 1}, 0, 1000),
        "ATPM": ({"B": -1}, 0, 1000),
        "R1": ({"A": -1, "C": 1}, 0, 1000),
        "R2": ({"A": -1, "C": 1, "P": 1}, 0, 1000),
    }
    problem = problem_of(reactions, ("X", "HALF", "R1", "R2", "CX"), 1e-4)
    assert problem.max_growth == pytest.approx(0.001, rel=1e-6)
    problem = problem.growing()
    assert {"R1", "R2"} <= set(problem.targets.ids)
    both = frozenset(map(problem.targets.ids.index, ("R1", "R2")))
    best = BestDesigns(problem, FORMULATIONS["optknock"], Limits(3, None))
    assert best.evaluate(both) is None
    with Watch(30) as watch:
        assert run(method, best, watch, solver="highs").complete
    assert not [entry.names for entry in best.ranked if both <= entry.design]
