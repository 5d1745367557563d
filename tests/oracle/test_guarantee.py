"""The state of a guarantee on the core model: growth, least product, and no more flux than it takes."""

import pytest

from knockflow.validation.guarantee import guarantee
from knockflow.validation.reevaluation import prepare, question_of

cobra = pytest.importorskip("cobra")


@pytest.fixture(scope="module")
def core():
    model = cobra.io.load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    model.objective = "Biomass_Ecoli_core"
    prepare(model)
    return model


def test_the_guarantee_of_a_coupled_design_is_the_published_one(core):
    question = question_of(core, "EX_succ_e", 0.05)
    found = guarantee(core, question, "-ACALD;-PYK")
    assert found.product == pytest.approx(9.101863, abs=1e-4)
    assert found.growth == pytest.approx(0.110490, abs=1e-4)
    assert found.fluxes["EX_succ_e"] == pytest.approx(found.product, abs=1e-4)
    assert found.fluxes["Biomass_Ecoli_core"] == pytest.approx(found.growth, abs=1e-6)


def test_the_state_has_the_least_total_flux_of_all_with_that_growth_and_product(core):
    question = question_of(core, "EX_succ_e", 0.05)
    found = guarantee(core, question, "-PYK")
    assert found.product == pytest.approx(0, abs=1e-6)
    with core:
        core.reactions.PYK.knock_out()
        core.reactions.EX_succ_e.upper_bound = found.product + 1e-6
        least = cobra.flux_analysis.pfba(core, fraction_of_optimum=1 - 1e-8).fluxes.abs().sum()
    assert sum(map(abs, found.fluxes.values())) == pytest.approx(least, abs=1e-3)


def test_a_strain_that_does_not_grow_guarantees_nothing(core):
    assert guarantee(core, question_of(core, "EX_succ_e", 0.05), "-PGK") is None
    assert guarantee(core, question_of(core, "EX_succ_e", 0.3), "") is None
