"""Bounds that stand for no bound: bringing them down takes no growth and no product; what is left blurs no program."""

import math

import pytest
from curated_toy import build, case, lines, toy, why
from networks import network

from knockflow.api import Case
from knockflow.base.errors import ModelError
from knockflow.model.curation import curate
from knockflow.model.question import Question
from knockflow.problem.targets import TargetOptions
from knockflow.stages.followers import refuse_blurred
from knockflow.stages.problem import build as problem_of

ENDLESS = (9.9e5, 999999, 1e7, math.inf)


def long_way(wide: float, export: float = 100, uptake: float = 10, growth: str = "80 x_c --> bio_c"):
    """Each substrate gives 80 of an intermediate, of which growth needs as many; two exports are limited."""
    return build(
        ("EX_glc_e", "glc_e <=>", -uptake, wide),
        ("GLCt", "glc_e <=> glc_c", -wide, wide),
        ("SPLIT", "glc_c --> 80 x_c", 0, wide),
        ("BIOMASS", growth, 0, wide),
        ("TURN", "x_c <=> pyr_c", -wide, wide),
        ("DM_bio_c", "bio_c -->", 0, wide),
        ("EX_pyr_e", "pyr_e <=>", 0, export),
        ("PYRt", "pyr_c <=> pyr_e", -wide, wide),
        ("EX_co2_e", "co2_e <=>", 0, export),
    )


@pytest.mark.parametrize("wide", ENDLESS)
def test_a_limit_is_never_taken_for_no_bound(wide):
    """Most bounds are endless and the largest other one is 100, as in a staphylococcus model."""
    model = long_way(wide)
    findings = curate(model, case())
    assert model.reactions.SPLIT.upper_bound == 1000
    assert model.reactions.EX_pyr_e.upper_bound == 100
    assert lines(findings, "bounds", "change")[-1] == ("model", "10.000000", "10.000000")
    assert lines(findings, "growth", "info") == [("BIOMASS", "10.000000", "")]
    assert lines(findings, "product", "info") == [("EX_pyr_e", "100.000000", "")]


def test_a_scale_that_takes_growth_is_made_larger():
    model = long_way(1e5, uptake=100, growth="x_c --> bio_c")
    findings = curate(model, case())
    assert model.reactions.GLCt.bounds == (-10_000, 10_000)
    assert lines(findings, "bounds", "change")[-1] == ("model", "8000.000000", "8000.000000")


def test_a_scale_that_takes_product_is_made_larger():
    model = long_way(1e6, uptake=200)
    model.reactions.EX_pyr_e.upper_bound = 1e6
    findings = curate(model, case())
    assert model.reactions.EX_pyr_e.upper_bound == 100_000
    assert lines(findings, "product", "info") == [("EX_pyr_e", "16000.000000", "")]


def test_fluxes_beyond_all_scales_keep_their_bounds():
    model = long_way(999_999, uptake=9000, growth="0.01 x_c --> bio_c")
    findings = curate(model, case())
    assert model.reactions.GLCt.bounds == (-999_999, 999_999)
    assert lines(findings, "growth", "info") == [("BIOMASS", "999999.000000", "")]
    assert ("SPLIT", "[0, 999999]", "") in lines(findings, "bounds", "warning")


def test_growth_that_only_endless_bounds_limit_is_said_and_clipped():
    model = toy()
    model.reactions.EX_glc_e.lower_bound = -999999
    for name in ("GLCt", "BIOMASS", "DM_bio_c"):
        model.reactions.get_by_id(name).bounds = (0, math.inf)
    findings = curate(model, case())
    assert model.reactions.EX_glc_e.lower_bound == -1000
    assert "BIOMASS" in [item for item, before, _ in lines(findings, "bounds", "warning") if before == "unlimited"]
    assert "limit the uptakes that feed it" in why(findings, "bounds", "warning")


def test_a_medium_is_set_before_growth_is_compared():
    model = long_way(999999, uptake=999999)
    findings = curate(model, case(medium={"EX_glc_e": 4}))
    assert lines(findings, "bounds", "change")[-1] == ("model", "4.000000", "4.000000")
    assert lines(findings, "bounds", "warning") == []


@pytest.mark.parametrize("wide", [1e7, math.inf])
def test_without_repair_bounds_beyond_all_sense_are_refused_by_name(wide):
    model = long_way(1000)
    model.reactions.TURN.bounds = (-wide, wide)
    with pytest.raises(ModelError, match=r"^1 reaction has a bound beyond 1000000 .*TURN \[-.*set `repair: true`"):
        curate(model, case(repair=False))


@pytest.mark.parametrize("wide", [10_000, 999999])
def test_without_repair_wide_bounds_that_can_be_computed_with_give_the_same_designs(wide):
    keys = {"product": "EX_pyr_e", "min_growth": 0.1, "targets": {"include": ["TURN"]}, "medium": {"EX_glc_e": 1}}
    plain, broad = (
        Case(long_way(bound), **keys, repair=repair).design("optknock", max_interventions=1)
        for bound, repair in ((1000, True), (wide, False))
    )
    assert len(broad.table) == len(plain.table) > 0
    for row, other in zip(broad.table, plain.table, strict=True):
        assert row["interventions"] == other["interventions"]
        assert row["value_mmol_per_gdw_h"] == pytest.approx(other["value_mmol_per_gdw_h"], abs=1e-6)
    assert broad.record["status"] == "optimal"


def test_a_program_that_wide_bounds_blur_is_no_answer():
    """A solver that finds no state, or less growth, where narrower bounds allow more is refused, not believed."""
    reactions = {
        "EX_s": ({"s": -1}, -10, 0),
        "WAY": ({"s": -1, "x": 1}, 0, 1e8),
        "BIO": ({"x": -1}, 0, 1e8),
        "EX_p": ({"s": -1}, 0, 1e8),
    }
    made = network(reactions)
    problem, _ = problem_of(made, {}, Question("EX_p", "EX_s", 0.1), TargetOptions())
    assert problem.max_growth == pytest.approx(10)
    wide = problem.with_follower(upper=problem.upper.clip(None, 1e8) + 1e8)
    for found in (-math.inf, 3.0):
        with pytest.raises(ModelError, match="blur the linear program: it finds .* where narrower bounds give 10"):
            refuse_blurred(wide.with_follower(max_growth=found))
    refuse_blurred(wide.with_follower(max_growth=10.0))


@pytest.mark.parametrize("wide", [1000, 5000, 1e5])
def test_growth_that_only_the_models_own_scale_limits_is_a_warning(wide):
    """An uptake that was left open: a value of that size, or a multiple of it, is no rate of a cell."""
    findings = curate(long_way(wide, uptake=wide), case())
    said = [(f.item, f.why) for f in findings if f.check == "bounds" and f.severity == "warning"]
    assert said[0][0] == "BIOMASS"
    assert said[0][1].startswith(f"only bounds of {min(wide, 10000):g} or more limit it in this medium")
    assert not any(item == "EX_pyr_e" for item, _ in said)  # its bound is 100


def test_growth_that_an_uptake_limits_is_no_warning():
    findings = curate(long_way(1000, uptake=999), case())
    assert not [f for f in findings if f.check == "bounds" and f.severity == "warning"]
