"""Formulations as declarations: what they name is there, and one more is one declaration and one registration."""

from dataclasses import replace

import pytest

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.formulations.formulation import Formulation, Response, Stance
from knockflow.formulations.registry import FORMULATIONS, rated, register, table
from knockflow.methods.registry import METHODS, with_models
from knockflow.methods.single_level import complementarity, strong_duality
from knockflow.report.words import column_of
from knockflow.settings.support import why_not

MODELS = {"strong_duality": strong_duality.MODELS, "kkt": complementarity.MODELS}

FLOOR = Formulation(
    name="floor",
    value="min v_p over the states of largest growth",
    summary="The same as `robustknock` under another name.",
    response=Response.GROWTH,
    stance=Stance.PESSIMISTIC,
    measured="product_min_mmol_per_gdw_h",
    models={"strong_duality": "robustknock"},
)


@pytest.mark.parametrize("one", FORMULATIONS.values(), ids=lambda one: one.name)
def test_what_a_formulation_names_is_there(one):
    assert MODELS.keys() == set(with_models())
    assert all(model in MODELS[method] for method, model in one.models.items())
    assert set(one.refusals) <= set(METHODS) and not set(one.refusals) & set(one.models)
    assert all(method in one.refusals for method in with_models() if method not in one.models)
    assert (one.response is None) == (one.stance is None) == (one.measured is None) == (not one.unit) == one.cut_sets


def test_a_name_is_given_once():
    register(FORMULATIONS["optknock"])
    with pytest.raises(ConfigError, match="`optknock`: another one has this name"):
        register(replace(FORMULATIONS["robustknock"], name="optknock"))


def test_one_more_is_searched_validated_and_told_of(monkeypatch):
    monkeypatch.setitem(FORMULATIONS, "floor", FLOOR)
    assert "floor" in rated() and any("`floor`" in line for line in table())
    assert column_of("floor") == "product_min_mmol_per_gdw_h"
    assert why_not("strong_duality", "floor") is None and why_not("kkt", "floor") == "there is no such model of it"
    case = Case("cobra:textbook", "EX_succ_e", medium={"EX_glc__D_e": 10})
    found = case.design("floor", max_interventions=1)
    known = case.design("robustknock", max_interventions=1)
    assert found.table == known.table and len(found) and found.record["formulation"] == "floor"
    assert list(found.validate()["verified"]) == [True] * len(found)
    with pytest.raises(ConfigError, match="`kkt` does not hold for `floor`"):
        case.design("floor", method="kkt")


def test_what_is_not_registered_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean robustknock"):
        Case("cobra:textbook", "EX_succ_e").design("robustknok")
