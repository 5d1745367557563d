"""Compression loses nothing: every number equals that of the network as written, solved by another solver."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from networks import BRANCHED, network, optimum, problem_of

from knockflow.follower.oracle import Follower
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.formulation import Response
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.numerics.program import listed
from knockflow.problem.leader import CANDIDATE, ESSENTIAL, EXCLUDED
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

TARGETS = ("T1", "T2", "T3", "T4")
COEFFICIENTS = (-2, -1, -1, 1, 1, 2, 0.1, -0.3)
BOUNDS = ((0, 1000), (0, 1000), (-1000, 1000), (0, 8), (-4, 0), (1, 1000), (0.5, 0.5), (0, 0))


@st.composite
def reactions(draw):
    """Substrate s to biomass over metabolites a, b, c with a product p, by random reactions that may be targets."""
    inner = ["s", "a", "b", "c", "p"]
    table = {
        "EX_s": ({"s": -1}, -draw(st.sampled_from([5, 10])), 0),
        "EX_p": ({"p": -1}, draw(st.sampled_from([0, 0, 0, -1])), 1000),
        "BIO": ({draw(st.sampled_from(["a", "b"])): -1} | draw(st.sampled_from([{}, {"c": -0.2}])), 0, 1000),
        "EX_b": ({"b": -1}, 0, draw(st.sampled_from([0, 1000]))),
        "IN": ({"s": -1, draw(st.sampled_from(["a", "b"])): 1}, 0, 1000),
    }
    for number in range(draw(st.integers(2, 6))):
        name = f"T{number + 1}"
        ends = draw(st.lists(st.sampled_from(inner), min_size=1, max_size=3, unique=True))
        stoichiometry = {end: draw(st.sampled_from(COEFFICIENTS)) for end in ends}
        table[name] = (stoichiometry, *draw(st.sampled_from(BOUNDS)))
    return table


def numbers(follower: Follower, design) -> tuple | None:
    """Growth, and the product's range at maximal growth, of the compressed follower."""
    states = BEHAVIOURS[Response.GROWTH].hold(follower, follower.after(design))
    if states is None:
        return None
    growth = follower.max_growth(states).value
    return growth, follower.product(states, maximize=False).value, follower.product(states, maximize=True).value


def expected(table, removed, min_growth) -> tuple | None:
    """The same of the network as written."""
    growth = optimum(table, "BIO", True, removed)
    if growth is None or growth < min_growth - 1e-9:
        return None
    held = ("BIO", growth - 1e-9)
    return growth, optimum(table, "EX_p", False, removed, held), optimum(table, "EX_p", True, removed, held)


def assert_lossless(table, min_growth=0.1):
    targets = [name for name in table if name.startswith("T") and table[name][1] <= 0 <= table[name][2]]
    problem = problem_of(table, targets, min_growth)
    wild = expected(table, (), min_growth)
    assert problem.viable == (wild is not None)
    follower = Follower(problem)
    for size in range(3):
        for design in combinations(range(len(problem.targets)), size):
            removed = {name for target in design for name in problem.targets.ids[target].split("|")}
            want, found = expected(table, removed, min_growth), numbers(follower, design)
            assert (found is None) == (want is None), (removed, found, want)
            if want is not None:
                np.testing.assert_allclose(found, want, rtol=1e-5, atol=1e-5, err_msg=str(removed))


@given(reactions())
@settings(max_examples=examples(36))
def test_every_single_and_double_removal_gives_what_the_network_as_written_gives(table):
    growth = optimum(table, "BIO", True)
    assume(growth is not None and abs(growth - 0.1) > 1e-6)
    assert_lossless(table)


@given(reactions())
@settings(max_examples=examples(27))
def test_a_network_without_any_state_is_not_viable(table):
    assume(optimum(table, "BIO", True) is None)
    assert not problem_of(table, []).viable


def test_a_forced_flux_into_a_dead_end_leaves_no_state():
    assert not problem_of(BRANCHED | {"ATPM": ({"s": -1, "dead": 1}, 8.39, 1000)}, ["FAST"]).viable


@given(reactions())
@settings(max_examples=examples(27))
def test_dropping_what_cannot_grow_loses_nothing(table):
    growth = optimum(table, "BIO", True)
    assume(growth is not None and growth > 0.11)
    targets = [name for name in table if name.startswith("T") and table[name][1] <= 0 <= table[name][2]]
    problem = problem_of(table, targets).growing()
    follower = Follower(problem)
    for size in range(3):
        for design in combinations(range(len(problem.targets)), size):
            removed = {name for target in design for name in problem.targets.ids[target].split("|")}
            want, found = expected(table, removed, 0.1), numbers(follower, design)
            assert (found is None) == (want is None)
            if want is not None:
                np.testing.assert_allclose(found, want, rtol=1e-5, atol=1e-5)


@given(reactions())
@settings(max_examples=examples(27))
def test_status_says_what_removal_does(table):
    growth = optimum(table, "BIO", True)
    assume(growth is not None and growth > 0.11)
    targets = [name for name in table if name.startswith("T") and table[name][1] <= 0 <= table[name][2]]
    problem = problem_of(table, targets)
    for name, status in zip(problem.targets.ids, problem.targets.status, strict=True):
        left = optimum(table, "BIO", True, set(name.split("|")))
        assert (status == ESSENTIAL) == (left is None or left < 0.1 - 1e-9)


CHAIN = BRANCHED | {
    # SLOW, TWICE and BACK are one group: TWICE runs at half of SLOW, BACK backwards at the same rate as SLOW.
    "SLOW": ({"s": -1, "q": 1}, 0, 1000),
    "TWICE": ({"q": -2, "r": 2}, 0, 3),
    "BACK": ({"x": -0.5, "p": -0.5, "r": 1}, -1000, 0),
}


def test_coupled_reactions_become_one_column_with_the_tightest_bound_of_all():
    problem = problem_of(CHAIN, [])
    column = problem.columns.index("BACK|SLOW|TWICE")
    members = {problem.reactions[member]: factor for member, factor in listed(problem.members, column)}
    scale = members["SLOW"]
    assert members == {"SLOW": scale, "TWICE": scale / 2, "BACK": -scale}
    ends = sorted([problem.lower[column] * scale, problem.upper[column] * scale])
    assert ends == [0, 6]
    assert "q" not in problem.rows
    assert "r" not in problem.rows


def test_a_group_is_named_by_its_qualifying_members_and_lists_all():
    options = TargetOptions(include=("SLOW", "BACK"), exclude=("TWICE",), costs={"SLOW": 3, "BACK": 2}, maintenance=())
    problem, table = build(network(CHAIN), {}, Question("EX_p", "EX_s", 0.1), options)
    assert problem.targets.ids == ("BACK|SLOW",)
    assert problem.targets.cost.tolist() == [2]
    row = next(target for target in table if target.name == "BACK|SLOW")
    assert row.reactions == ("BACK", "SLOW", "TWICE")
    assert row.status == CANDIDATE


def test_chain_with_negative_factor_is_lossless():
    assert_lossless(CHAIN | {"T1": ({"s": -1, "x": 1}, 0, 1), "FAST": ({"s": -1, "x": 1}, 0, 2)})


def test_biomass_in_a_coupled_group_keeps_its_growth():
    # BIO takes 0.1 c per flux, made by MAKE alone: MAKE = BIO / 10.
    table = BRANCHED | {"BIO": ({"x": -1, "c": -0.1}, 0, 1000), "MAKE": ({"c": 1, "s": -1}, 0, 1000)}
    problem = problem_of(table, ["MAKE", "FAST"])
    assert "BIO|MAKE" in problem.columns
    assert problem.max_growth == pytest.approx(10 / 1.1)
    assert dict(zip(problem.targets.ids, problem.targets.status, strict=True)) == {"FAST": CANDIDATE, "MAKE": ESSENTIAL}
    assert_lossless(table | {"T1": ({"s": -1, "x": 1}, 0, 1)})


def test_maintenance_stays_in_force():
    table = BRANCHED | {"ATPM": ({"s": -1}, 4, 1000)}
    problem = problem_of(table, ["FAST"])
    assert problem.max_growth == pytest.approx(6)
    assert problem.lower[problem.columns.index("ATPM")] == 4


def test_a_blocked_reaction_is_no_column_and_no_target():
    table = BRANCHED | {"DEAD": ({"x": -1, "d": 1}, 0, 1000), "SHUT": ({"s": -1, "x": 1}, 0, 0)}
    options = TargetOptions(include=("DEAD", "SHUT", "FAST"))
    problem, rows = build(network(table), {}, Question("EX_p", "EX_s", 0.1), options)
    assert not {"DEAD", "SHUT"} & set(problem.columns)
    assert problem.targets.ids == ("FAST",)
    status = {row.name: row.status for row in rows}
    assert (status["DEAD"], status["SHUT"]) == ("blocked", "blocked")


def test_every_reaction_stands_in_the_table_once():
    table = CHAIN | {"DEAD": ({"x": -1, "d": 1}, 0, 1000)}
    _, rows = build(network(table), {}, Question("EX_p", "EX_s", 0.1), TargetOptions(include=("FAST", "SLOW")))
    assert sorted(reaction for row in rows for reaction in row.reactions) == sorted(table)
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    assert all(row.why for row in rows if row.status == EXCLUDED)


def test_a_blocked_product_gives_a_product_of_nothing():
    problem = problem_of(BRANCHED | {"EX_p": ({"p": -1}, 0, 0)}, ["FAST"])
    assert not problem.product.any()
    assert problem.viable


def test_a_wild_type_that_grows_too_little_is_not_viable():
    problem = problem_of(BRANCHED, ["FAST"], min_growth=10.1)
    assert not problem.viable
    assert problem.max_growth == pytest.approx(10)


def test_a_wild_type_that_just_grows_enough_is_viable():
    assert problem_of(BRANCHED, ["FAST"], min_growth=10).viable


def test_a_wild_type_without_any_state_is_not_viable():
    problem = problem_of(BRANCHED | {"ATPM": ({"s": -1}, 11, 1000)}, ["FAST"])
    assert not problem.viable
    assert problem.max_growth == -np.inf


def test_coupled_bounds_that_cross_are_a_wild_type_without_any_state():
    table = BRANCHED | {"M": ({"s": -1, "m": 1}, 6, 1000), "N": ({"m": -1}, 0, 5)}
    assert not problem_of(table, ["FAST"]).viable


@pytest.mark.parametrize(("flux", "factor", "other"), [(0.1, 3, 0.3), (0.7, 3, 2.1), (1.1, 3, 3.3), (0.1, 7, 0.7)])
def test_coupled_fixed_fluxes_that_agree_as_written_agree(flux, factor, other):
    table = BRANCHED | {"M": ({"s": -1, "m": factor}, flux, flux), "N": ({"m": -1}, other, other)}
    assert problem_of(table, ["FAST"]).viable


def test_ranges_are_those_at_min_growth():
    problem = problem_of(BRANCHED, ["FAST"], min_growth=8)
    ranges = dict(zip(problem.columns, zip(problem.viable_lower, problem.viable_upper, strict=True), strict=True))
    assert ranges["BIO"] == pytest.approx((8, 10))
    assert ranges["SLOW"] == pytest.approx((0, 4))
    assert ranges["FAST"] == pytest.approx((6, 10))


def test_rules_decide_where_nothing_is_included():
    rules = {"FAST": "a and b", "WASTE": ""}
    cuts = listed_cut_sets(rules)
    written = tuple("s0001 or c" if name == "SLOW" else rules.get(name, "") for name in BRANCHED)
    made = replace(network(BRANCHED), written_rules=written)
    problem, rows = build(made, cuts, Question("EX_p", "EX_s", 0.1), TargetOptions())
    assert problem.targets.ids == ("FAST",)
    assert next(row for row in rows if row.name == "SLOW").why.startswith("a pseudo-gene keeps it running")
