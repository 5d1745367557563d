"""A product that the model, or the case, takes for growth; a model of no kind that Python takes."""

import pytest
from curated_toy import case, lines, toy

from knockflow.api import Case
from knockflow.base.errors import ConfigError, ModelError
from knockflow.model.curation import curate
from knockflow.model.entries.genes import read_rule, vocabulary


def aimed_at_product(*more: tuple):
    model = toy(*more)
    model.objective = "EX_pyr_e"
    return model


def test_a_model_whose_objective_is_the_product_grows_by_its_biomass_reaction():
    model = aimed_at_product()
    findings = curate(model, case(product="EX_pyr_e"))
    assert lines(findings, "objective", "change") == [("model", "max 1 EX_pyr_e", "max 1 BIOMASS")]
    assert lines(findings, "growth", "info") == [("BIOMASS", "10.000000", "")]


def test_where_several_could_be_biomass_one_must_be_named():
    model = aimed_at_product(("BIOMASS_2", "glc_c --> y_c", 0, 5))
    with pytest.raises(ModelError, match="biomass: the objective is the product; choose BIOMASS, BIOMASS_2"):
        curate(model, case(product="EX_pyr_e"))


def test_biomass_as_product_is_a_warning():
    found = [f.why for f in curate(toy(), case(product="BIOMASS")) if f.check == "product" and f.severity == "warning"]
    assert "the product is the biomass reaction, so that designs are rated by growth itself" in found


@pytest.mark.parametrize("model", [42, None, ["a.json"]])
def test_what_is_no_model_is_told(model):
    with pytest.raises(ConfigError, match="model: .* is no model: give a cobra.Model, a path, cobra:NAME or bigg:ID"):
        Case(model, product="EX_pyr_e")


def test_what_a_models_rules_may_say_is_worked_out_once():
    """Thousands of rules are read with the same genes: each must not go through all of them."""
    genes = frozenset(f"b{number}" for number in range(4000)) | {"g(1)"}
    vocabulary.cache_clear()
    rules = [read_rule(f"b{number} and g(1)", genes) for number in range(50)]
    assert rules[7] == "b7 and g__40__1__41__"
    assert vocabulary.cache_info().misses == 1
