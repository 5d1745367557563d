"""Validation with COBRApy: coupling classes that are obvious by construction, claims that are true or a little off."""

import cobra
import numpy as np
import pytest
from cobra.io import load_model
from networks import BRANCHED, network

from knockflow.claims import Claims
from knockflow.errors import FileError, ModelError
from knockflow.files import write_table
from knockflow.layers import with_directions
from knockflow.reevaluation import (
    Question,
    apply_directions,
    changed,
    evaluate,
    interventions_of,
    least_ratio,
    of_response,
    prepare,
    product_range,
    question,
)
from knockflow.validation import COLUMNS, ENVELOPE_COLUMNS, envelope, envelopes, validate, validate_design


def model_of(reactions) -> cobra.Model:
    model = cobra.Model("small")
    for name, (stoichiometry, lower, upper) in reactions.items():
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        reaction.add_metabolites(
            {
                model.metabolites.get_by_id(key)
                if key in model.metabolites
                else cobra.Metabolite(key, compartment="c"): float(v)
                for key, v in stoichiometry.items()
            }
        )
    model.objective = "BIO"
    model.notes["substrate"] = "EX_s"
    prepare(model)
    return model


BASE = {
    "EX_s": ({"s": -1}, -10, 0),
    "EX_p": ({"p": -1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
}
CLASSES = {
    # The product cannot be made without losing growth.
    "none": BASE | {"GROW": ({"s": -1, "x": 1}, 0, 1000), "MAKE": ({"s": -1, "p": 1}, 0, 1000)},
    # As much growth with product as without.
    "potential": BASE | {"GROW": ({"s": -1, "x": 1}, 0, 1000), "BOTH": ({"s": -1, "x": 1, "p": 1}, 0, 1000)},
    # The best growth makes product, the slower way GROW does not.
    "weak": BASE | {"BOTH": ({"s": -1, "x": 1, "p": 1}, 0, 1000), "GROW": ({"s": -1, "x": 0.5}, 0, 1000)},
    # No growth without product, but s can be burnt without either.
    "directional": BASE | {"BOTH": ({"s": -1, "x": 1, "p": 1}, 0, 1000), "BURN": ({"s": -1}, 0, 1000)},
    # Every s taken up gives product.
    "substrate-uptake": BASE | {"BOTH": ({"s": -1, "x": 1, "p": 1}, 0, 1000), "MAKE": ({"s": -1, "p": 1}, 0, 1000)},
}


@pytest.mark.parametrize("expected", CLASSES)
def test_the_coupling_class_is_the_strongest_that_holds(expected):
    model = model_of(CLASSES[expected])
    assert evaluate(model, question(model, "EX_p", 0.1))["coupling"] == expected


def test_without_a_substrate_the_strongest_class_is_directional():
    model = model_of(CLASSES["substrate-uptake"])
    assert evaluate(model, Question("EX_p", "BIO", None, 0.1))["coupling"] == "directional"


def test_a_model_that_cannot_live_is_not_coupled():
    model = model_of(CLASSES["weak"] | {"ATPM": ({"s": -1}, 11, 1000)})
    found = evaluate(model, question(model, "EX_p", 0.1))
    assert np.isnan(found["growth_per_h"])
    assert found["coupling"] == "none"


def test_the_least_ratio_is_that_over_all_states():
    model = model_of(CLASSES["directional"])
    assert least_ratio(model, "EX_p", "BIO", 1.0) == pytest.approx(1)
    assert least_ratio(model, "EX_p", "EX_s", -1.0) == pytest.approx(0)
    # with a flux that must run, product per uptake is least at the smallest growth
    model = model_of(CLASSES["substrate-uptake"] | {"ATPM": ({"s": -1}, 4, 4)})
    assert least_ratio(model, "EX_p", "EX_s", -1.0) == pytest.approx(0)
    model.reactions.BIO.lower_bound = 2
    assert least_ratio(model, "EX_p", "EX_s", -1.0) == pytest.approx(2 / 6)


def test_evaluation_leaves_the_model_as_it_was():
    model = model_of(BRANCHED)
    before = [(r.id, r.bounds, r.objective_coefficient) for r in model.reactions]
    with changed(model, "-FAST"):
        evaluate(model, question(model, "EX_p", 0.1))
        assert model.reactions.FAST.bounds == (0, 0)
    assert [(r.id, r.bounds, r.objective_coefficient) for r in model.reactions] == before
    assert model.objective_direction == "max"


def test_interventions_are_read_with_all_members_of_a_group():
    assert interventions_of("-D_LACt2|LDH_D;-PYK") == ["D_LACt2", "LDH_D", "PYK"]
    assert interventions_of("") == []
    for text in ("+ADH", "PFK>=5", "-PYK;PFK<=0.4"):
        with pytest.raises(FileError, match="is not a knock-out"):
            interventions_of(text)


def test_a_model_without_a_single_objective_is_refused():
    model = model_of(BRANCHED)
    model.objective = {model.reactions.BIO: 1, model.reactions.FAST: 1}
    with pytest.raises(ModelError, match="2 reactions in its objective"):
        question(model, "EX_p", 0.1)


def test_a_floor_above_what_is_possible_leaves_no_range():
    model = model_of(BRANCHED)
    assert all(np.isnan(end) for end in product_range(model, question(model, "EX_p", 0.1), 10.5))


def test_directions_close_the_same_bounds_as_the_search_does():
    table = {
        f"R{number}": ({"s": -1, "x": 1}, lower, upper)
        for number, (lower, upper) in enumerate([(-5, 5), (0, 5), (-5, 0), (1, 5), (-5, -1), (0, 0)])
    }
    for direction in ("forward", "reverse", "both", ""):
        rows = [{"reaction": name, "direction": direction} for name in table]
        model = model_of(BRANCHED | table)
        apply_directions(model, rows)
        after, _ = with_directions(network(BRANCHED | table), rows)
        for number, name in enumerate(after.reactions):
            assert model.reactions.get_by_id(name).bounds == (after.lower[number], after.upper[number]), (
                name,
                direction,
            )


@pytest.fixture(scope="module")
def textbook():
    model = load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    model.notes["substrate"] = "EX_glc__D_e"
    prepare(model)
    return model


@pytest.fixture(scope="module")
def asked(textbook) -> Question:
    return question(textbook, "EX_succ_e", 0.05)


TRUE = {
    "rank": "1",
    "interventions": "-ACALD;-PYK",
    "value_mmol_per_gdw_h": "9.101863",
    "product_max_mmol_per_gdw_h": "9.101863",
}


@pytest.fixture(scope="module")
def claim(textbook, asked) -> dict:
    with changed(textbook, TRUE["interventions"]):
        found = evaluate(textbook, asked)
        found |= of_response(textbook, asked, "optknock")
    assert found["yield_min_mol_per_mol"] == pytest.approx(0.91018, abs=1e-4)
    names = (
        "growth_per_h",
        "product_min_mmol_per_gdw_h",
        "product_min_at_min_growth_mmol_per_gdw_h",
        "yield_min_mol_per_mol",
    )
    return {name: f"{found[name]:.6f}" for name in names} | TRUE


def test_a_true_claim_is_verified(textbook, asked, claim):
    row = validate_design(textbook, asked, "optknock", claim, "cobra")
    assert row["verified"] is True
    assert row["value_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-4)
    assert row["product_min_mmol_per_gdw_h"] == pytest.approx(9.1018, abs=1e-3)
    assert row["verified_by"] == "cobra"
    assert set(row) == set(COLUMNS) - {"formulation"}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", [name.removeprefix("claimed_") for name in COLUMNS if name.startswith("claimed_")])
def test_a_claim_that_is_off_by_a_thousandth_is_not_verified(textbook, asked, claim, name, sign):
    off = claim | {name: str(float(claim[name]) + sign * 1e-3 * max(1, float(claim[name])))}
    assert validate_design(textbook, asked, "optknock", off, "cobra")["verified"] is False


def test_a_claim_about_another_value_is_not_verified(textbook, asked, claim):
    assert validate_design(textbook, asked, "strong_coupling", claim, "cobra")["verified"] is False


def test_a_claim_about_a_design_that_cannot_live_is_not_verified(textbook, asked, claim):
    dead = claim | {"interventions": "-GAPD|PGK;-PYK"}
    assert validate_design(textbook, asked, "optknock", dead, "cobra")["verified"] is False


def test_a_group_is_knocked_out_whole(textbook, asked):
    with changed(textbook, "-D_LACt2|LDH_D"):
        assert textbook.reactions.D_LACt2.bounds == textbook.reactions.LDH_D.bounds == (0, 0)
    for design in ("-LDH_D", "-D_LACt2"):
        with changed(textbook, design):
            one = evaluate(textbook, asked)
        with changed(textbook, "-D_LACt2|LDH_D"):
            both = evaluate(textbook, asked)
        assert one["growth_per_h"] == pytest.approx(both["growth_per_h"], abs=1e-7)


def test_all_claims_become_rows_of_the_table(textbook, asked, claim, tmp_path):
    claims = [Claims("first", [claim], {"formulation": "optknock"}), Claims("none", [], {"formulation": "robustknock"})]
    rows = validate(textbook, asked, claims, "cobra")
    assert [(row["formulation"], row["rank"], row["verified"]) for row in rows] == [("first", "1", True)]
    write_table(tmp_path / "validation.tsv", COLUMNS, rows)
    points = envelopes(textbook, asked, claims)
    assert [point["formulation"] for point in points] == ["wild type"] * 21 + ["first"] * 21
    write_table(tmp_path / "envelope.tsv", ENVELOPE_COLUMNS, points)


def test_an_envelope_runs_from_no_growth_to_the_most():
    model = model_of(BRANCHED)
    points = envelope(model, question(model, "EX_p", 0.1), "-FAST;-WASTE")
    assert [points[0]["growth_per_h"], points[-1]["growth_per_h"]] == pytest.approx([0, 5])
    for point in points:
        # without FAST and WASTE as much p as x is made
        ends = point["product_min_mmol_per_gdw_h"], point["product_max_mmol_per_gdw_h"]
        assert ends == pytest.approx((point["growth_per_h"],) * 2, abs=1e-6)


def test_an_envelope_of_what_cannot_live_is_empty():
    model = model_of(BRANCHED | {"ATPM": ({"s": -1}, 11, 1000)})
    assert envelope(model, question(model, "EX_p", 0.1), "") == []


def test_an_envelope_begins_at_the_least_growth_that_the_model_allows():
    model = model_of(BRANCHED | {"BIO": ({"x": -1}, 1, 1000)})
    points = envelope(model, question(model, "EX_p", 0.1), "")
    assert min(point["growth_per_h"] for point in points) >= 1
