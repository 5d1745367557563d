"""Fluxes of strains: the state of the guarantee, and of these the one of least total flux."""

import pytest
from cobra.io import load_model

from knockflow.base.errors import FileError
from knockflow.base.tables import FLUXES
from knockflow.designs.claims import Claims
from knockflow.model.question import Question
from knockflow.validation.fluxes import fluxes, fluxes_of
from knockflow.validation.reevaluation import prepare, product_range, responding
from knockflow.validation.strain import changed

BIOMASS = "Biomass_Ecoli_core"


@pytest.fixture(scope="module")
def core():
    model = load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    prepare(model)
    return model


def question() -> Question:
    return Question("EX_succ_e", "EX_glc__D_e", 0.05, {}, BIOMASS)


@pytest.mark.parametrize("design", ["", "-ACALD;-PYK", "-PYK"])
def test_they_are_a_state_of_the_response_with_the_guaranteed_product(core, design):
    found = fluxes_of(core, question(), design)
    with changed(core, design), responding(core, question()):
        least, _ = product_range(core, question())
    assert found["EX_succ_e"] == pytest.approx(least, abs=1e-5)
    for metabolite in core.metabolites:
        balance = sum(one.metabolites[metabolite] * found[one.id] for one in metabolite.reactions)
        assert balance == pytest.approx(0, abs=1e-5)
    for name in filter(None, (part.lstrip("-") for part in design.split(";"))):
        assert found[name] == pytest.approx(0, abs=1e-9)


def test_no_state_of_the_guarantee_has_less_total_flux(core):
    found = fluxes_of(core, question(), "-ACALD;-PYK")
    assert found["FRD7"] == pytest.approx(found["EX_succ_e"], abs=1e-5) and found["SUCDi"] == pytest.approx(0, abs=1e-9)
    assert not found["FRD7"] > 999


def test_what_cannot_live_has_none(core):
    assert fluxes_of(core, question(), "-PGK") == {}


def test_what_names_nothing_is_refused(core):
    with pytest.raises(FileError, match="NOTHING"):
        fluxes_of(core, question(), "-NOTHING")


def test_the_model_stays_as_it_was(core):
    before = [reaction.bounds for reaction in core.reactions], len(core.constraints), str(core.objective.expression)
    fluxes_of(core, question(), "-ACALD")
    assert before == ([one.bounds for one in core.reactions], len(core.constraints), str(core.objective.expression))


def test_the_table_has_the_wild_type_and_each_best_design(core, tmp_path):
    rows = [{"rank": "1", "interventions": "-ACALD"}, {"rank": "2", "interventions": "-PYK"}]
    table = fluxes(core, question(), [Claims("a", rows, {}), Claims("b", rows[:1], {}), Claims("c", [], {})])
    assert list(dict.fromkeys((row["formulation"], row["rank"]) for row in table)) == [
        ("wild type", 0),
        ("a", "1"),
        ("b", "1"),
    ]
    assert all(abs(row["flux_mmol_per_gdw_h"]) > 4e-7 for row in table)
    FLUXES.write(tmp_path / "fluxes.tsv", table)
    assert len(FLUXES.read(tmp_path / "fluxes.tsv")) == len(table)
