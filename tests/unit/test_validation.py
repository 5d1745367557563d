"""Validation with COBRApy: coupling classes that are obvious by construction, claims that are true or a little off."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import cobra
import numpy as np
import pytest
from networks import BRANCHED, network

from knockflow.base.errors import ConfigError, FileError, ModelError, SolverError
from knockflow.base.processes import in_copies
from knockflow.base.tables import ENVELOPE, VALIDATION
from knockflow.designs.claims import Claims
from knockflow.formulations.registry import FORMULATIONS
from knockflow.layers.thermodynamics.bounds import with_directions
from knockflow.layers.thermodynamics.strain import apply_directions
from knockflow.model.question import Question
from knockflow.validation import validation
from knockflow.validation.cut_sets import cuts, regions
from knockflow.validation.reevaluation import evaluate, least_ratio, maximum, prepare, product_range, question_of
from knockflow.validation.responses import growth_lost, of_response
from knockflow.validation.strain import changed
from knockflow.validation.validation import envelope, envelopes, validate, validate_design


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
    assert evaluate(model, question_of(model, "EX_p", 0.1))["coupling"] == expected


def test_without_a_substrate_the_strongest_class_is_directional():
    model = model_of(CLASSES["substrate-uptake"])
    assert evaluate(model, Question("EX_p", None, 0.1, biomass="BIO"))["coupling"] == "directional"


def test_a_model_that_cannot_live_is_not_coupled():
    model = model_of(CLASSES["weak"] | {"ATPM": ({"s": -1}, 11, 1000)})
    found = evaluate(model, question_of(model, "EX_p", 0.1))
    assert np.isnan(found["growth_per_h"])
    assert found["coupling"] == "none"


def test_the_least_ratio_is_that_over_all_states():
    model = model_of(CLASSES["directional"])
    assert least_ratio(model, {"EX_p": 1.0}, "BIO", 1.0) == pytest.approx(1)
    assert least_ratio(model, {"EX_p": 1.0}, "EX_s", -1.0) == pytest.approx(0)
    # with a flux that must run, product per uptake is least at the smallest growth
    model = model_of(CLASSES["substrate-uptake"] | {"ATPM": ({"s": -1}, 4, 4)})
    assert least_ratio(model, {"EX_p": 1.0}, "EX_s", -1.0) == pytest.approx(0)
    model.reactions.BIO.lower_bound = 2
    assert least_ratio(model, {"EX_p": 1.0}, "EX_s", -1.0) == pytest.approx(2 / 6)


def test_evaluation_leaves_the_model_as_it_was():
    model = model_of(BRANCHED)
    before = [(r.id, r.bounds, r.objective_coefficient) for r in model.reactions]
    with changed(model, "-FAST"):
        evaluate(model, question_of(model, "EX_p", 0.1))
        assert model.reactions.FAST.bounds == (0, 0)
    assert [(r.id, r.bounds, r.objective_coefficient) for r in model.reactions] == before
    assert model.objective_direction == "max"


def test_a_model_without_a_single_objective_is_refused():
    model = model_of(BRANCHED)
    model.objective = {model.reactions.BIO: 1, model.reactions.FAST: 1}
    with pytest.raises(ModelError, match="2 reactions in its objective"):
        question_of(model, "EX_p", 0.1)


def test_without_a_product_a_model_needs_no_objective():
    model = model_of(BRANCHED)
    assert question_of(model, None, None) == Question(None, "EX_s", 0.0, biomass="BIO")
    model.objective = {}
    assert question_of(model, "", 0.1).biomass is None
    with pytest.raises(ModelError, match="0 reactions in its objective"):
        question_of(model, "EX_p", 0.1)


def test_a_floor_above_what_is_possible_leaves_no_range():
    model = model_of(BRANCHED)
    assert all(np.isnan(end) for end in product_range(model, question_of(model, "EX_p", 0.1), 10.5))


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


def test_the_directions_of_what_must_be_added_hold_once_it_is_there():
    model = model_of(BRANCHED | {"NEW": ({"s": -1, "x": 1}, 0, 0)})
    model.reactions.NEW.notes["knock_in"] = "-5.0 1000.0"
    apply_directions(model, [{"reaction": "NEW", "direction": "forward"}])
    assert model.reactions.NEW.bounds == (0, 0)
    with changed(model, "+NEW"):
        assert model.reactions.NEW.bounds == (0, 1000)


@pytest.fixture(scope="module")
def textbook(anaerobic_core):
    return anaerobic_core


@pytest.fixture(scope="module")
def asked(textbook) -> Question:
    return question_of(textbook, "EX_succ_e", 0.05)


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
        found |= of_response(textbook, asked, FORMULATIONS["optknock"])
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
    assert set(row) == {name for name in VALIDATION.names if not name.startswith("plain_")} - {"formulation"}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "name", [name.removeprefix("claimed_") for name in VALIDATION.names if name.startswith("claimed_")]
)
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
    VALIDATION.write(tmp_path / "validation.tsv", rows)
    points = envelopes(textbook, asked, claims)
    assert [point["formulation"] for point in points] == ["wild type"] * 21 + ["first"] * 21
    ENVELOPE.write(tmp_path / "envelope.tsv", points)


def test_an_envelope_runs_from_no_growth_to_the_most():
    model = model_of(BRANCHED)
    points = envelope(model, question_of(model, "EX_p", 0.1), "-FAST;-WASTE")
    assert [points[0]["growth_per_h"], points[-1]["growth_per_h"]] == pytest.approx([0, 5])
    for point in points:
        # without FAST and WASTE as much p as x is made
        ends = point["product_min_mmol_per_gdw_h"], point["product_max_mmol_per_gdw_h"]
        assert ends == pytest.approx((point["growth_per_h"],) * 2, abs=1e-6)


def test_an_envelope_of_what_cannot_live_is_empty():
    model = model_of(BRANCHED | {"ATPM": ({"s": -1}, 11, 1000)})
    assert envelope(model, question_of(model, "EX_p", 0.1), "") == []


def test_an_envelope_begins_at_the_least_growth_that_the_model_allows():
    model = model_of(BRANCHED | {"BIO": ({"x": -1}, 1, 1000)})
    points = envelope(model, question_of(model, "EX_p", 0.1), "")
    assert min(point["growth_per_h"] for point in points) >= 1


# Growth that is lost without the product ------------------------------------------------------------------------


def test_growth_lost_is_what_the_product_is_worth_to_the_cell():
    model = model_of(BRANCHED)
    asked = question_of(model, "EX_p", 0.1)
    # FAST grows as well without p; SLOW alone can waste p; then p must leave the cell as such
    for design, lost in (("", 0), ("-FAST", 0), ("-FAST;-WASTE", 5)):
        with changed(model, design):
            assert growth_lost(model, asked, maximum(model, asked.biomass)) == pytest.approx(lost, abs=1e-7), design


def test_growth_lost_is_all_of_it_where_no_state_is_without_product():
    model = model_of(BRANCHED | {"EX_p": ({"p": -1}, 1, 1000)})
    asked = question_of(model, "EX_p", 0.1)
    assert growth_lost(model, asked, maximum(model, asked.biomass)) == pytest.approx(9)
    model = model_of(BRANCHED | {"MUST": ({"s": -1, "p": 1}, 1, 1), "WASTE": ({"p": -1, "w": 1}, 0, 0)})
    assert growth_lost(model, asked, maximum(model, asked.biomass)) == pytest.approx(9)


@pytest.mark.parametrize(("value", "verified"), [("5.000000", True), ("4.990000", False)])
def test_a_claim_of_optcouple_is_confirmed_by_the_growth_lost(value, verified):
    model = model_of(BRANCHED)
    claim = {
        "rank": "1",
        "interventions": "-FAST;-WASTE",
        "value_mmol_per_gdw_h": value,
        "growth_per_h": "5.000000",
        "product_min_mmol_per_gdw_h": "5.000000",
        "product_max_mmol_per_gdw_h": "5.000000",
        "product_min_at_min_growth_mmol_per_gdw_h": "0.100000",
        "yield_min_mol_per_mol": "0.500000",
    }
    row = validate_design(model, question_of(model, "EX_p", 0.1), "optcouple", claim, "cobra")
    assert row["value_mmol_per_gdw_h"] == pytest.approx(5)
    assert row["verified"] is verified


# A wild type that lives only with what is added -------------------------------------------------------------------

NEEDY = BRANCHED | {
    "FAST": ({"s": -1, "x": 1}, 0, 0),
    "SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 0),
}
KINDS = ["optknock", "robustknock", "strong_coupling", "potential", "pfba_optimistic", "pfba_pessimistic", "optcouple"]
EMPTY = {name.removeprefix("claimed_"): "" for name in VALIDATION.names if name.startswith("claimed_")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("upkeep", [0, 1])
def test_a_wild_type_that_cannot_grow_has_empty_cells(kind, upkeep, tmp_path):
    model = model_of(NEEDY | {"ATPM": ({"x": -1}, upkeep, 1000)})
    model.reactions.SLOW.notes["knock_in"] = "0.0 1000.0"
    asked = question_of(model, "EX_p", 0.1)
    claims = [Claims(kind, [{"rank": "1", "interventions": "", **EMPTY}], {"formulation": kind})]
    rows = validate(model, asked, claims, "cobra")
    assert rows[0]["coupling"] == "none"
    VALIDATION.write(tmp_path / "validation.tsv", rows)
    assert len(envelopes(model, asked, claims)) == (0 if upkeep else 42)
    with changed(model, "+SLOW"):
        assert evaluate(model, asked)["growth_per_h"] == pytest.approx(5 - upkeep)


# Minimal cut sets -------------------------------------------------------------------------------------------------

NO_WASTE = ["EX_p - 0.4 BIO <= 0", "BIO >= 0.1"]


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        # growth without product is no more possible, growth is
        ("-FAST;-WASTE", True),
        ("-EX_w;-FAST", True),
        # a part of it is not enough, and more of it is more than needed
        ("-FAST", False),
        ("", False),
        ("-EX_w;-FAST;-WASTE", False),
        # nothing grows
        ("-FAST;-SLOW", False),
        ("-BIO", False),
        # a bound may do as well
        ("-FAST;EX_w<=0", True),
        ("-FAST;EX_w<=1", False),
    ],
)
def test_a_minimal_cut_set_suppresses_protects_and_needs_all_its_parts(design, expected):
    assert cuts(model_of(BRANCHED), design, NO_WASTE, ["BIO >= 1"]) is expected


def test_each_region_counts():
    model = model_of(BRANCHED)
    growth, waste = ["BIO >= 0.1"], ["EX_w >= 1"]
    assert cuts(model, "-EX_w", [waste], [growth, ["EX_p >= 1"]])
    assert not cuts(model, "-EX_w", [waste, growth], [])
    # x has no other way out than BIO: without it nothing flows
    assert cuts(model, "-BIO", [waste, growth], [])
    assert not cuts(model, "-BIO;-EX_w", [waste, growth], [])
    assert cuts(model, "-BIO", [waste, growth], [["EX_p = 0"]])
    assert not cuts(model, "-BIO", [waste, growth], [["EX_p = 0"], ["EX_p >= 1"]])
    # the wild type needs no change
    assert cuts(model, "", [["BIO >= 11"]], [["BIO >= 10"]])


def test_a_nested_region_holds_the_optimal_states_only():
    model = model_of(BRANCHED)
    lazy = {"where": ["EX_p <= 1"], "maximize": {"BIO": 1}}
    # WASTE still lets the fastest states make none; without it, slower ones do, but not the fastest
    assert not cuts(model, "-FAST", [lazy], [])
    assert cuts(model, "-FAST;-WASTE", [lazy], [["BIO >= 1"]])
    assert not cuts(model, "-FAST;-WASTE", [["EX_p <= 1"]], [["BIO >= 1"]])
    assert cuts(model, "-FAST;-WASTE", [lazy], [{"where": ["EX_p >= 4"], "maximize": {"BIO": 1}}])
    # a nested region is empty where there is no state at all
    assert cuts(model_of(BRANCHED | {"ATPM": ({"s": -1}, 11, 1000)}), "", [lazy], [])


def test_lethal_reactions_of_the_core_model_are_minimal_cut_sets_of_growth(textbook, asked):
    for reaction in textbook.reactions:
        with changed(textbook, f"-{reaction.id}"):
            growth = textbook.slim_optimize(error_value=0.0)
        assert cuts(textbook, f"-{reaction.id}", [f"{asked.biomass} >= 0.01"], []) is (growth < 0.01), reaction.id


@pytest.mark.parametrize(("most", "expected"), [(9.1, True), (9.11, False)])
def test_a_nested_region_is_told_from_its_neighbours_on_the_core_model(textbook, asked, most, expected):
    # the fastest states make 9.1018 or more, those of 99 % growth less
    region = {"where": [f"EX_succ_e <= {most}"], "maximize": {asked.biomass: 1}}
    assert cuts(textbook, TRUE["interventions"], [region], [[f"{asked.biomass} >= 0.1"]]) is expected


def test_regions_are_read_as_one_or_several():
    lazy = {"where": ["A >= 1"], "maximize": {"B": 1}}
    assert regions(["A >= 1", "B <= 2"]) == [["A >= 1", "B <= 2"]]
    assert regions([["A >= 1"], lazy]) == [["A >= 1"], lazy]
    assert regions([]) == regions(None) == []


def test_a_region_with_an_unknown_reaction_is_an_error():
    with pytest.raises(ModelError, match="no reaction `EX_q`"):
        cuts(model_of(BRANCHED), "-FAST", ["EX_q >= 1"], [])
    with pytest.raises(ConfigError):
        cuts(model_of(BRANCHED), "-FAST", ["EX_p"], [])


def test_the_leaving_out_of_each_part_is_tried_with_the_bounds_that_stay():
    # where less growth is to be protected, more uptake is not needed
    model = model_of(BRANCHED)
    assert cuts(model, "EX_s>=-20;SLOW<=0", ["SLOW >= 0.1"], ["BIO >= 15"])
    assert not cuts(model, "EX_s>=-20;SLOW<=0", ["SLOW >= 0.1"], ["BIO >= 5"])


@pytest.mark.parametrize("product", ["EX_p", None])
@pytest.mark.parametrize(("design", "verified"), [("-FAST;-WASTE", True), ("-FAST", False)])
def test_a_row_of_a_minimal_cut_set_tells_what_is_measured_and_claims_nothing(product, design, verified, tmp_path):
    model = model_of(BRANCHED)
    asked = question_of(model, product, 0.1)
    record = {"formulation": "mcs", "options": {"suppress": NO_WASTE, "protect": ["BIO >= 1"]}}
    claims = [Claims("cut", [{"rank": "1", "interventions": design, **EMPTY}], record)]
    (row,) = validate(model, asked, claims, "cobra")
    assert row["verified"] is verified
    assert row["value_mmol_per_gdw_h"] is None
    assert row["growth_per_h"] == pytest.approx(5)
    if product:
        assert row["product_max_mmol_per_gdw_h"] == pytest.approx(5)
        assert row["coupling"] == ("substrate-uptake" if verified else "potential")
    else:
        assert row["coupling"] is None
    VALIDATION.write(tmp_path / "validation.tsv", [row])
    assert len(envelopes(model, asked, claims)) == (42 if product else 0)


def test_a_minimal_cut_set_of_a_model_without_growth_is_verified():
    model = model_of(BRANCHED)
    model.objective = {}
    record = {"formulation": "mcs", "options": {"suppress": ["EX_p >= 1"], "protect": ["EX_s <= -1"]}}
    claims = [Claims("cut", [{"rank": "1", "interventions": "-SLOW", **EMPTY}], record)]
    (row,) = validate(model, question_of(model, None, None), claims, "cobra")
    assert row["verified"] is True
    assert row.get("growth_per_h") is None


def test_a_class_may_rest_on_a_ten_millionth_of_what_a_cell_needs():
    trace = {"TRACE": ({"s": -1, "c": 1, "p": 1000}, 0, 1000), "BIO": ({"x": -1, "c": -1e-7}, 0, 1000)}
    model = model_of(BASE | {"GROW": ({"s": -1, "x": 1}, 0, 1000)} | trace)
    assert least_ratio(model, {"EX_p": 1.0}, "BIO", 1.0) == pytest.approx(1e-4)
    assert evaluate(model, question_of(model, "EX_p", 0.1))["coupling"] == "substrate-uptake"


@pytest.mark.parametrize("kind", ["pfba_optimistic", "pfba_pessimistic"])
def test_a_cell_of_large_fluxes_takes_up_nothing_within_the_slack_of_their_total(kind):
    reactions = {
        "EX_s": ({"s": -1}, -10, 0),
        "EX_o": ({"o": -1}, -1000, 1000),
        "EX_p": ({"p": -1}, 0, 1000),
        "BURN": ({"s": -1, "o": 1}, 0, 1000),
        "MAKE": ({"s": -1, "p": 1}, 0, 1000),
        "GROW": ({"o": -1, "x": 1, "p": 1}, 0, 1000),
        "BIO": ({"x": -1}, 0, 1000),
    }
    model = model_of(reactions)
    asked = question_of(model, "EX_p", 0.1)
    found = of_response(model, asked, FORMULATIONS[kind])
    assert evaluate(model, asked)["growth_per_h"] == pytest.approx(1000)
    assert found["yield_min_mol_per_mol"] is None
    for end in ("min", "max"):
        assert found[f"product_{end}_at_least_total_flux_mmol_per_gdw_h"] == pytest.approx(1000)
    # And the model is as it was.
    assert model.reactions.BURN.bounds == (0, 1000) and model.reactions.EX_s.bounds == (-10, 0)


def test_rows_are_the_same_for_any_number_of_threads(monkeypatch, tmp_path):
    model = model_of(CLASSES["weak"])
    question = question_of(model, "EX_p", 0.0)
    designs = ["-GROW", "-BOTH", "EX_s>=-5", "EX_s>=-2", "GROW<=1", "BOTH<=1", "-EX_p"]
    rows = [{"rank": str(rank), "interventions": design, **EMPTY} for rank, design in enumerate(designs, start=1)]
    claims = [Claims("f", rows, {"formulation": "optknock"})]

    def written(threads):
        VALIDATION.write(tmp_path / "validation.tsv", validate(model, question, claims, "cobra", threads=threads))
        return (tmp_path / "validation.tsv").read_bytes()

    whole = written(1)
    monkeypatch.setattr(validation, "TOGETHER", 2)
    assert [written(threads) == whole for threads in (1, 2, 9)] == [True] * 3


def test_of_several_errors_the_first_in_order_is_told_whichever_comes_first():
    def work(number):
        time.sleep(0.2 * (number == 0))
        raise FileError(f"piece {number}")

    with pytest.raises(FileError, match="piece 0"):
        in_copies(work, 4, 3)


def test_an_error_of_one_process_is_that_of_all(monkeypatch):
    def work(number):
        if number == 2:
            raise FileError("no such thing")
        return number

    assert in_copies(lambda number: number * number, 5, 2) == [0, 1, 4, 9, 16]
    with pytest.raises(FileError, match="no such thing"):
        in_copies(work, 4, 2)
    with pytest.raises(SolverError, match="without a result"):
        in_copies(lambda number: os._exit(3), 2, 2)


SLEEPING = """
import os
import time
from knockflow.base.processes import in_copies

def work(number):
    os.write(1, b"begun\\n")
    time.sleep(60)

try:
    in_copies(work, 3, 2)
except KeyboardInterrupt:
    print("ended", flush=True)
"""


@pytest.mark.parametrize(
    ("number", "whole_group", "said"), [(signal.SIGINT, True, "ended\n"), (signal.SIGKILL, False, "")]
)
def test_processes_end_with_the_one_that_started_them_and_without_a_traceback(number, whole_group, said):
    """Ctrl-C reaches all of them; what kills the first one reaches no other."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    first = subprocess.Popen([sys.executable, "-c", SLEEPING], text=True, start_new_session=True, **pipes)
    try:
        assert [first.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
        (os.killpg if whole_group else os.kill)(first.pid, number)
        # The pipe ends only once all have let go of it.
        assert first.communicate(timeout=20)[0] == said
    finally:
        with suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
