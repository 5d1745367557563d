"""Compression as such: what is dropped, merged and left out, and that the states stay the same."""

from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import BRANCHED, flux_program, network, optimum, problem_of
from scipy.linalg import null_space
from scipy.optimize import linprog

from knockflow.follower.respond import respond
from knockflow.problem.compression import compress, merge

TAXI = BRANCHED | {
    # m and n turn into each other and are neither made nor used up: their rows add up to 0.
    "LOAD": ({"s": -1, "m": -1, "n": 1}, 0, 1000),
    "DROP": ({"n": -1, "m": 1, "x": 1}, 0, 1000),
    "IDLE": ({"n": -2, "m": 2, "p": 1, "s": -1}, 0, 1000),
}


def names_of(merged) -> set[str]:
    return {"|".join(merged.network.reactions[member] for member, _ in group) for group in merged.groups}


def dense(merged) -> np.ndarray:
    matrix = np.zeros((len(merged.network.metabolites), len(merged.columns)))
    for column, entries in enumerate(merged.columns):
        for row, value in entries:
            matrix[row, column] = value
    return matrix


@st.composite
def tables(draw):
    """Random reactions over few metabolites, some of them irreversible, shut or forced."""
    table = {}
    for number in range(draw(st.integers(2, 8))):
        ends = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True))
        bounds = draw(st.sampled_from([(0, 1000), (0, 1000), (-1000, 1000), (-3, 0), (0, 0), (1, 4)]))
        table[f"R{number}"] = ({end: draw(st.sampled_from([-2, -1, 1, 0.1])) for end in ends}, *bounds)
    return table


@given(tables())
@settings(max_examples=examples(27))
def test_what_stays_is_what_some_state_carries(table):
    merged, allowed = compress(network(table, biomass="R0"))
    assert allowed == (linprog(np.zeros(len(table)), **flux_program(table), method="highs").status == 0)
    if allowed:
        kept = {merged.network.reactions[member] for group in merged.groups for member, _ in group}
        ends = {name: [optimum(table, name, maximize) for maximize in (False, True)] for name in table}
        assert kept == {name for name, (least, largest) in ends.items() if max(-least, largest) > 1e-8}


@given(tables())
@settings(max_examples=examples(27))
def test_rows_left_out_are_implied_by_the_others(table):
    merged = merge(network(table, biomass="R0"), range(len(table)))
    matrix = dense(merged)
    assert len(merged.rows) == np.linalg.matrix_rank(matrix)
    if merged.columns:
        np.testing.assert_allclose(matrix @ null_space(matrix[merged.rows]), 0, atol=1e-9)


def test_a_conservation_relation_costs_no_row():
    merged, _ = compress(network(TAXI))
    rows = [merged.network.metabolites[row] for row in merged.rows]
    assert len({"m", "n"} & set(rows)) == 1
    assert set(rows) >= {"s", "x", "p"}


def test_of_dependent_rows_the_longest_is_left_out():
    # The row of c is the sum of those of a and b.
    table = {
        "R0": ({"a": 1, "c": 1}, 0, 9),
        "R1": ({"a": -1, "c": -1}, 0, 4),
        "R2": ({"b": 1, "c": 1}, 0, 9),
        "R3": ({"b": -1, "c": -1}, 0, 4),
        "R4": ({"a": 2, "b": -1, "c": 1}, -9, 9),
    }
    merged = merge(network(table, biomass="R0"), range(5))
    assert [merged.network.metabolites[row] for row in merged.rows] == ["a", "b"]


def test_without_idle_reactions_others_become_coupled():
    # FAST and SHUT both use x; with SHUT closed FAST and BIO have one ratio.
    table = BRANCHED | {"SLOW": ({"s": -1, "p": 1}, 0, 1000), "SHUT": ({"x": -1, "w": 1}, 0, 0)}
    assert "FAST|BIO" not in names_of(merge(network(table), range(len(table))))
    assert "FAST|BIO" in names_of(compress(network(table))[0])


def test_a_forced_flux_that_no_steady_state_can_carry_leaves_no_state():
    table = BRANCHED | {"FORCED": ({"s": -1, "dead": 1}, 1, 1000)}
    merged, allowed = compress(network(table))
    assert not allowed
    assert "FAST" in names_of(merged)


def test_parallel_columns_stay_two():
    merged, _ = compress(network(BRANCHED | {"AGAIN": ({"s": -1, "x": 1}, 0, 5)}))
    assert names_of(merged) >= {"FAST", "AGAIN"}


def test_the_largest_factor_of_a_column_is_one():
    table = BRANCHED | {"BIO": ({"x": -1, "c": -1e-6}, 0, 1000), "MAKE": ({"s": -1, "c": 1}, 0, 1000)}
    merged, _ = compress(network(table))
    factors = [{merged.network.reactions[member]: factor for member, factor in group} for group in merged.groups]
    assert {"WASTE": 1, "EX_w": 1} in factors
    assert {"BIO": 1, "MAKE": Fraction(1, 10**6)} in factors


TRACE = BRANCHED | {
    # A cofactor of which growth takes one millionth, made in two ways, beside fluxes of 1000.
    "EX_s": ({"s": -1}, -1000, 0),
    "BIO": ({"x": -1, "c": -1e-6}, 0, 1000),
    "MAKE": ({"s": -1, "c": 1}, 0, 1000),
    "OTHER": ({"x": -1, "d": 1}, 0, 1000),
    "LAST": ({"d": -1, "c": 1}, 0, 1000),
}


def test_a_millionth_of_biomass_beside_fluxes_of_a_thousand_is_needed_and_found():
    problem = problem_of(TRACE, ["FAST", "MAKE", "OTHER"])
    target = {name: number for number, name in enumerate(problem.targets.ids)}
    assert problem.max_growth == pytest.approx(optimum(TRACE, "BIO", True), rel=1e-8)
    for removed in (["MAKE"], ["OTHER"], ["FAST", "MAKE"]):
        found = respond(problem, [target[name] for name in removed])
        assert found.growth == pytest.approx(optimum(TRACE, "BIO", True, removed), rel=1e-8)
    assert respond(problem, [target["MAKE"], target["OTHER"]]) is None
    assert set(problem.growing().columns) == set(problem.columns)


def test_what_growth_needs_stays_however_little_it_is():
    # 1e-11 of growth 10 is below what counts as a flux.
    table = TRACE | {"BIO": ({"x": -1, "c": -1e-11}, 0, 10)}
    merged, _ = compress(network(table))
    assert names_of(merged) >= {"MAKE", "OTHER|LAST"}
