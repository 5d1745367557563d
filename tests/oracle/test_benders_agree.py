"""The decompositions give the list of exhaustive enumeration, on random networks and wishes."""

import os
from pathlib import Path

import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_interventions import givens
from random_networks import networks, problem_of
from random_regulation import problem_of as regulated_problem_of
from random_regulation import regulated_networks
from whole_searches import RELAXED, fresh, listed

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import Limits
from knockflow.formulations.registry import rated
from knockflow.language.kinds import KINDS

METHODS = ["benders", "logic_benders"]


ECC2 = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder") / "models/ECC2.json.gz"


@pytest.mark.parametrize(
    ("method", "solver", "cuts", "kind", "value"),
    [
        ("benders", "cbc", "pareto", "robustknock", 9.101863),
        ("benders", "highs", "classic", "optknock", 9.101863),
        ("benders", "highs", "pareto", "strong_coupling", 6.735175),
        ("logic_benders", "highs", "classic", "strong_coupling", 6.735175),
        ("logic_benders", "highs", "pareto", "robustknock", 9.101863),
    ],
)
def test_two_removals_in_the_core_model(core_case, method, solver, cuts, kind, value):
    asked = {"max_interventions": 2, "max_designs": 1}
    designs = core_case.design(kind, method=method, solver=solver, cuts=cuts, **asked)
    record, first = designs.record, designs.table[0]
    assert first["value_mmol_per_gdw_h"] == pytest.approx(value, abs=1e-5)
    assert first["interventions"] == core_case.design(kind, **asked).table[0]["interventions"]
    assert (record["status"], record["confirmed_by"], record["gap"]) == ("optimal", None, 0)
    assert (record["solver"], record["iterations"], record["big_m"]) == (solver, len(record["history"]), None)
    assert record["history"][0]["bound"] == pytest.approx(record["potential"], abs=1e-4)
    assert record["history"][-1]["incumbent"] == pytest.approx(value, abs=1e-5)


@pytest.mark.skipif(not ECC2.is_file(), reason="KNOCKFLOW_DATA holds no ECC2")
def test_one_wrong_verdict_of_a_solver_does_not_end_the_search():
    """HiGHS, presolving at 1e-8, calls the master empty while the best design is left."""
    case = Case(str(ECC2), "EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    asked = {"max_interventions": 2, "max_designs": 1}
    found = case.design("optknock", method="logic_benders", cuts="classic", solver="highs", **asked)
    assert found.record["objective"] == pytest.approx(9.200922, abs=1e-5)


def test_a_time_limit_leaves_a_bound(core_case):
    record = core_case.design("robustknock", method="benders", solver="highs", time_limit_s=0.05).record
    assert record["status"] in ("feasible", "error") and "time limit" in record["reason"]
    assert not record["proven"]


def compare(problem, method, formulation, limits, cuts, solver):
    assume(problem.viable and 0 < len(problem.growing(with_idle=True).targets) <= 14)
    assume(limits.affordable(problem, frozenset()))
    found = listed(method, fresh(problem, formulation, limits), solver=solver, cuts=cuts)
    assert found == listed("exhaustive", fresh(problem, formulation, limits))


@pytest.mark.parametrize("cuts", ["classic", "pareto"])
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=examples(18), **RELAXED)
@given(
    network=networks(),
    formulation=st.sampled_from(sorted(rated())),
    limits=st.builds(Limits, st.integers(1, 4), st.sampled_from([1, 3, None])),
)
def test_removals(method, cuts, network, formulation, limits):
    compare(problem_of(network), method, formulation, limits, cuts, "highs")


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=examples(8), **RELAXED)
@given(
    network=networks(),
    formulation=st.sampled_from(sorted(rated())),
    limits=st.builds(Limits, st.integers(1, 3), st.sampled_from([1, None])),
)
def test_removals_by_cbc(method, network, formulation, limits):
    compare(problem_of(network), method, formulation, limits, "pareto", "cbc")


@st.composite
def some_limits(draw):
    """How much may be changed."""
    return Limits(
        draw(st.integers(1, 4)),
        draw(st.sampled_from([1, 3, None])),
        draw(st.sampled_from([None, None, 1.5, 3.0])),
        draw(st.sampled_from([{}, {}, *({kind: 1} for kind in KINDS), {"knock_out": 0}])),
        draw(st.sampled_from([None, None, None, 1.0])),
    )


@pytest.mark.parametrize("cuts", ["classic", "pareto"])
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=examples(18), **RELAXED)
@given(drawn=givens(), formulation=st.sampled_from(sorted(rated())), limits=some_limits())
def test_genes_additions_bounds_and_limits(method, cuts, drawn, formulation, limits):
    try:
        problem = drawn.problem()
    except ConfigError:
        assume(False)
    compare(problem, method, formulation, limits, cuts, "highs")


@pytest.mark.parametrize("cuts", ["classic", "pareto"])
@settings(max_examples=examples(18), **RELAXED)
@given(
    network=regulated_networks(),
    formulation=st.sampled_from(sorted(rated())),
    limits=st.builds(Limits, st.integers(1, 4), st.sampled_from([1, 3, None])),
)
def test_regulated_followers(cuts, network, formulation, limits):
    problem = regulated_problem_of(network)
    assume(problem.integer.any())
    compare(problem, "logic_benders", formulation, limits, cuts, "highs")
