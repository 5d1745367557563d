"""Optima from the basis of the last one are COBRApy's own, and leave no trace in its model."""

import numpy as np
import pytest
from cobra.util.solver import linear_reaction_coefficients

from knockflow.validation import direct
from knockflow.validation.direct import afresh, extreme, keeping_bases
from knockflow.validation.reevaluation import evaluate, maximum, prepare, question_of
from knockflow.validation.strain import bounds_of, changed, changes_of

GOALS = ({"EX_succ_e": 1.0}, {"EX_ac_e": 1.0, "EX_etoh_e": -0.5}, {"PFK": 1.0, "PYK": 2.0}, {"EX_glc__D_e": -1.0})
DESIGNS = ("", "-PYK", "-PFL;-ACALD", "-b0116;-b2779", "ATPM>=20", "-GLCpts", "PFK<=1")


@pytest.fixture
def model(core_case):
    copy = core_case.model.copy()
    prepare(copy)
    return copy


def by_cobra(model, goal, direction):
    with model:
        model.objective = {model.reactions.get_by_id(name): value for name, value in goal.items()}
        model.objective_direction = direction
        return model.slim_optimize(error_value=np.nan)


def test_optima_are_those_of_cobra(model):
    found = 0
    for design in DESIGNS:
        with changed(model, design) as strain:
            for goal in GOALS:
                terms = {strain.reactions.get_by_id(name): value for name, value in goal.items()}
                for direction in ("min", "max"):
                    told = extreme(strain, terms, direction, list(terms))
                    expected = by_cobra(strain, goal, direction)
                    if told is None:  # then COBRApy is asked, which knows of no state
                        assert np.isnan(expected)
                        continue
                    found += 1
                    assert told[0] == pytest.approx(expected, abs=1e-6)
                    reached = sum(value * flux for value, flux in zip(goal.values(), told[1], strict=True))
                    assert reached == pytest.approx(told[0], abs=1e-6)
    assert found >= 30


def test_optima_from_kept_bases_are_those_from_fresh_ones(model):
    def optima() -> list[float]:
        found = []
        for design in DESIGNS:
            with changed(model, design) as strain:
                if design == DESIGNS[-1]:  # another program, for which no basis is kept
                    flux = strain.reactions.PFK.flux_expression
                    strain.add_cons_vars([strain.problem.Constraint(flux, ub=5, name="more")])
                for goal in GOALS:
                    terms = {strain.reactions.get_by_id(name): value for name, value in goal.items()}
                    told = [extreme(strain, terms, direction) for direction in ("min", "max")]
                    found += [np.nan if one is None else one[0] for one in told]
        return found

    afresh(model)
    apart = optima()
    afresh(model)
    with keeping_bases(model):
        assert optima() == pytest.approx(apart, abs=1e-7, nan_ok=True)
        assert optima() == pytest.approx(apart, abs=1e-7, nan_ok=True)
    assert optima() == pytest.approx(apart, abs=1e-7, nan_ok=True)


def test_the_model_s_own_objective_is_left_alone(model):
    growth = model.slim_optimize()
    assert extreme(model, {model.reactions.PYK: 1.0}, "min") is not None
    assert model.slim_optimize() == pytest.approx(growth, abs=1e-9)
    assert model.objective_direction == "max"
    assert [one.id for one in linear_reaction_coefficients(model)] == ["Biomass_Ecoli_core"]
    afresh(model)
    assert model.slim_optimize() == pytest.approx(growth, abs=1e-9)


def test_a_simplex_that_goes_round_in_circles_is_left_to_cobra(model, monkeypatch):
    growth = model.slim_optimize()
    assert extreme(model, {model.reactions.PYK: 1.0}, "max") is not None
    limit = model.solver.configuration._smcp.it_lim
    monkeypatch.setattr(direct, "MOST_STEPS", 0)
    monkeypatch.setattr(direct, "LEAST_STEPS", 1)
    assert extreme(model, {model.reactions.EX_succ_e: 1.0}, "max") is None
    assert maximum(model, "Biomass_Ecoli_core") == pytest.approx(growth, abs=1e-7)
    assert model.solver.configuration._smcp.it_lim == limit


def test_another_objective_in_between_is_seen(model):
    own = {model.reactions.Biomass_Ecoli_core: 1.0}
    growth = extreme(model, own, "max")[0]
    with model:
        model.objective = model.reactions.EX_succ_e
        assert extreme(model, own, "max")[0] == pytest.approx(growth, abs=1e-7)
        assert model.slim_optimize() == pytest.approx(by_cobra(model, {"EX_succ_e": 1.0}, "max"), abs=1e-6)
    assert model.slim_optimize() == pytest.approx(growth, abs=1e-7)


def test_where_whole_numbers_are_asked_for_cobra_answers(model):
    with model:
        whole = model.problem.Variable("whole", lb=0, ub=1, type="binary")
        model.add_cons_vars([whole])
        assert extreme(model, {model.reactions.PFK: 1.0}, "max") is None


def test_a_strain_that_stands_still_has_no_state_at_min_growth(model):
    question = question_of(model, "EX_succ_e", 0.05)
    with changed(model, "-ENO") as strain:
        found = evaluate(strain, question)
    assert found["growth_per_h"] == pytest.approx(0, abs=1e-9) or np.isnan(found["growth_per_h"])
    assert np.isnan(found["product_min_at_min_growth_mmol_per_gdw_h"])


@pytest.mark.parametrize("design", DESIGNS)
def test_only_what_a_design_concerns_has_other_bounds(model, design):
    found = bounds_of(model, changes_of(model, design))
    with changed(model, design) as strain:
        after = {one.id: one.bounds for one in strain.reactions}
    before = {one.id: one.bounds for one in model.reactions}
    assert found == {name: bounds for name, bounds in after.items() if bounds != before[name]}
    assert list(found) == [one.id for one in model.reactions if one.id in found]
