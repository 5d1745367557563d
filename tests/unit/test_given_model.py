"""A model that was made in Python: its values are settled like those of a file, before a solver sees them."""

import math

import cobra
import pytest

from knockflow import Case
from knockflow.base.errors import ConfigError, ModelError
from knockflow.model.curation import curate

CASE = {"name": "pyr", "product": "EX_p_e", "min_growth": 0.05}


def small() -> cobra.Model:
    """Glucose becomes biomass or product."""
    model = cobra.Model("small")
    model.add_metabolites([cobra.Metabolite(name, compartment=name[-1]) for name in ("g_e", "g_c", "p_e")])
    for name, equation, lower in (
        ("EX_g_e", "g_e <=>", -10),
        ("GT", "g_e --> g_c", 0),
        ("P", "g_c --> p_e", 0),
        ("EX_p_e", "p_e -->", 0),
        ("BIOMASS", "g_c -->", 0),
    ):
        reaction = cobra.Reaction(name)
        model.add_reactions([reaction])
        reaction.build_reaction_from_string(equation)
        reaction.bounds = (lower, 1000)
    model.objective = "BIOMASS"
    return model


def test_a_sound_model_needs_no_line():
    assert [f for f in curate(small(), CASE) if f.severity == "change"] == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda m: setattr(m.metabolites.g_c, "charge", "many"), ("g_c", "charge", "")),
        (lambda m: setattr(m.metabolites.g_c, "charge", math.nan), None),
        (lambda m: setattr(m.metabolites.g_c, "compartment", 3), ("g_c", "compartment", "3")),
        (lambda m: setattr(m.metabolites.g_c, "name", None), None),
        (lambda m: setattr(m.reactions.P, "subsystem", ["A", "B"]), ("P", "subsystem", "A; B")),
        (lambda m: setattr(m.reactions.P, "subsystem", None), None),
        (lambda m: setattr(m.reactions.P, "notes", "by hand"), ("P", "notes", "notes: by hand")),
        (lambda m: setattr(m.reactions.P, "notes", {1: "x", "a": "y"}), None),
        (lambda m: m.reactions.P.add_metabolites({m.metabolites.g_e: 1e-15}), ("P", "coefficient", "")),
    ],
)
def test_harmless_values_are_mended_with_a_line(change, line):
    model = small()
    change(model)
    found = [(f.item, f.check, f.after) for f in curate(model, CASE) if f.severity == "change"]
    assert found == ([line] if line else [])
    assert model.slim_optimize() == pytest.approx(10)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e15])
def test_coefficients_that_no_solver_takes_are_refused(value):
    model = small()
    model.reactions.P._metabolites[model.metabolites.g_c] = value
    with pytest.raises(ModelError, match=f"reaction P: coefficient {value:.15g}".replace("+", r"\+")):
        Case(model, "EX_p_e")


def test_all_problems_come_at_once():
    model = small()
    for name in ("P", "GT"):
        model.reactions.get_by_id(name)._metabolites[model.metabolites.g_c] = math.nan
    with pytest.raises(ModelError) as raised:
        curate(model, CASE)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("number", ["1e15", "1e400", "1e-15"])
def test_a_table_of_reactions_has_such_coefficients_only_as_an_error(tmp_path, number):
    row = f"NEW\t\t{number} g_c -> p_e\t0\t1000\t"
    header = "reaction\tname\tequation\tlower_mmol_per_gdw_h\tupper_mmol_per_gdw_h\trule"
    (tmp_path / "new.tsv").write_text(f"{header}\n{row}\n")
    with pytest.raises(ConfigError, match=f"`{number} g_c`: a coefficient lies between"):
        curate(small(), CASE | {"heterologous": {"file": str(tmp_path / "new.tsv")}})
