"""Predictions beside FBA: COBRApy's own MOMA, ROOM and pFBA, what is inert, and where solvers disagree."""

import cobra
import numpy as np
import pandas as pd
import pytest
from cobra.flux_analysis import moma, pfba, room

from knockflow import Case
from knockflow.base.tables import PREDICTIONS
from knockflow.base.tolerances import close
from knockflow.designs.claims import Claims
from knockflow.layers.registry import layers
from knockflow.model.question import Question
from knockflow.validation.predictions import differing, predictions
from knockflow.validation.second_solver import INTERIOR, SIMPLEX, SecondSolver, arrays_of
from knockflow.validation.strain import changed
from knockflow.validation.strain_program import GROWTH, LEAST, MOST, StrainProgram
from knockflow.validation.validation import validate

DESIGNS = ("-ACALD;-PYK", "-FORti", "-FRUpts2;-PYK")
BIOMASS, PRODUCT = "Biomass_Ecoli_core", "EX_succ_e"
QUESTION = Question(PRODUCT, "EX_glc__D_e", 0.05, biomass=BIOMASS)


def claimed(kind="optknock", solver="glpk", designs=DESIGNS) -> Claims:
    row = {"value_mmol_per_gdw_h": "0", "growth_per_h": "0", "yield_min_mol_per_mol": ""}
    row |= dict.fromkeys(
        (
            "product_min_mmol_per_gdw_h",
            "product_max_mmol_per_gdw_h",
            "product_min_at_min_growth_mmol_per_gdw_h",
        ),
        "0",
    )
    rows = [row | {"rank": str(rank), "interventions": one} for rank, one in enumerate(designs, start=1)]
    return Claims("best", rows, {"formulation": kind, "solver": solver, "options": {"suppress": [], "protect": []}})


@pytest.fixture(scope="module")
def checks(anaerobic_core):
    return validate(anaerobic_core, QUESTION, [claimed()], "cobra")


@pytest.fixture(scope="module")
def rows(anaerobic_core, checks):
    return predictions(anaerobic_core, QUESTION, [claimed()], checks)


def told(rows, design, prediction):
    return next(row for row in rows if (row["interventions"], row["prediction"]) == (design, prediction))


def test_both_solvers_agree_near_largest_growth(rows):
    compared = [row["agrees"] for row in rows if "agrees" in row]
    assert compared == [True] * 3 * len(DESIGNS)
    assert told(rows, "-ACALD;-PYK", "FBA")[LEAST] == pytest.approx(9.101863, abs=1e-5)
    assert differing(rows) == []


def test_a_difference_is_told(anaerobic_core, checks):
    other = [checks[0] | {"product_max_at_90_percent_growth_mmol_per_gdw_h": 1.0}, *checks[1:]]
    found = differing(predictions(anaerobic_core, QUESTION, [claimed()], other))
    assert [(row["interventions"], row["prediction"]) for row in found] == [(DESIGNS[0], "FBA at 0.9 growth")]


def test_what_each_intervention_is_for(rows):
    both, without = told(rows, "-ACALD;-PYK", "FBA"), told(rows, "-ACALD;-PYK", "without -ACALD")
    assert not without["inert"] and both[LEAST] > 9 > without[LEAST] == pytest.approx(0, abs=1e-6)
    assert without[MOST] == pytest.approx(6.968152, abs=1e-5)
    assert told(rows, "-FRUpts2;-PYK", "without -FRUpts2")["inert"]
    assert not told(rows, "-FRUpts2;-PYK", "without -PYK")["inert"]


@pytest.mark.parametrize("algorithm", [SIMPLEX, INTERIOR])
def test_moma_room_and_pfba_are_those_of_cobrapy(anaerobic_core, algorithm):
    model = anaerobic_core
    before = StrainProgram(model, QUESTION, SIMPLEX).parsimonious()[1]
    names = [one.id for one in model.reactions]
    assert np.abs(before).sum() == pytest.approx(np.abs(pfba(model).fluxes).sum(), abs=1e-5)
    # COBRApy lets the strain grow no faster than this.
    wild = cobra.Solution(1000.0, "optimal", pd.Series(before, names))
    for design in DESIGNS[:2]:
        with changed(model, design) as strain:
            program = StrainProgram(strain, QUESTION, algorithm)
            for found, theirs in (
                (program.moma(before), moma(strain, solution=wild, linear=True)),
                (program.room(before), room(strain, solution=wild, linear=True)),
                (program.parsimonious()[0], pfba(strain)),
            ):
                assert found[LEAST] - 1e-4 <= theirs.fluxes[PRODUCT] <= found[MOST] + 1e-4
                assert theirs.fluxes[BIOMASS] <= found[GROWTH] + 1e-5


def test_the_table_takes_them_and_cut_sets_have_none(anaerobic_core, rows, tmp_path):
    PREDICTIONS.write(tmp_path / "predictions.tsv", rows)
    assert len(PREDICTIONS.read(tmp_path / "predictions.tsv")) == len(rows)
    assert [row["prediction"] for row in rows if row["formulation"] == "wild type"] == [
        "FBA",
        "FBA at 0.99 growth",
        "FBA at 0.9 growth",
        "pFBA",
    ]
    assert predictions(anaerobic_core, QUESTION, [claimed("mcs")], []) == []


def test_only_the_first_designs_are_predicted(anaerobic_core, checks):
    designs = ["-PYK"] * 5
    many = [checks[0] | {"rank": rank, "interventions": "-PYK"} for rank in range(1, 6)]
    found = predictions(anaerobic_core, QUESTION, [claimed(designs=designs)], many)
    assert {str(row["rank"]) for row in found} == {"0", "1", "2", "3"}


def test_an_optimum_held_by_its_prices_has_no_slack(anaerobic_core):
    """C'v stays where it is, also with an objective of its own that is a thousand times smaller."""
    tilted = Question(PRODUCT, "EX_glc__D_e", 0.05, {BIOMASS: 1.0, PRODUCT: 1e-6}, BIOMASS)
    with changed(anaerobic_core, "-PYK") as strain:
        found = StrainProgram(strain, tilted, SIMPLEX).near_growth([])[0]
    assert found[LEAST] == pytest.approx(found[MOST], abs=1e-6)
    assert close(found[MOST], 6.968152)


def test_a_program_without_a_state_has_no_numbers(anaerobic_core):
    with anaerobic_core:
        anaerobic_core.reactions.ATPM.bounds = 900, 1000
        found = StrainProgram(anaerobic_core, QUESTION, SIMPLEX)
        assert np.isnan(found.near_growth([0.9])[0][GROWTH])
        assert found.parsimonious() == ({}, None)
        assert found.moma(np.zeros(len(anaerobic_core.reactions))) == {}


def test_solvers_agree_where_strains_live_in_several_parts():
    """Growth of all parts runs both ways there, so that less backwards is not more forwards."""
    found = layers()["zones"].example
    case = Case("cobra:textbook", PRODUCT, **{"medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}, "min_growth": 0.05} | found)
    model, question = case._to_check()
    claims = [claimed(designs=["-PYK"])]
    rows = predictions(model, question, claims, validate(model, question, claims, "cobra"))
    assert [row["agrees"] for row in rows if "agrees" in row] == [True] * 3


def test_bounds_are_put_back(anaerobic_core):
    arrays = arrays_of(anaerobic_core)
    solver = SecondSolver(arrays)
    grows = np.zeros(solver.size)
    grows[arrays.columns[BIOMASS]] = 1.0
    most = solver.optimum(grows, largest=True)
    with solver.held(), solver.limited([BIOMASS], [0.0], [0.1]):
        assert np.isnan(solver.optimum(grows, largest=True))
    assert solver.optimum(grows, largest=True) == pytest.approx(most, abs=1e-9) == pytest.approx(0.211663, abs=1e-5)
