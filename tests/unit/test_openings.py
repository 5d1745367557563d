"""The smallest set of exchanges whose opening restores growth or product: against all subsets, and in words."""

from itertools import combinations
from random import Random

import cobra
import pytest
from curated_toy import build, case, lines, toy, why

from knockflow.api import Case
from knockflow.model.curation import curate, openings
from knockflow.model.curation.openings import OPENED, smallest_openings
from knockflow.model.curation.organic import feeds_carbon
from knockflow.model.read import read_model


def opened(model, names, reaction: str) -> float:
    """The largest flux of a reaction with some exchanges open; nan where no state is allowed."""
    with model:
        for name in names:
            lower, upper = model.reactions.get_by_id(name).bounds
            model.reactions.get_by_id(name).bounds = min(lower, -OPENED), max(upper, OPENED)
        model.objective = reaction
        return model.slim_optimize()


def all_smallest(model, names, reaction: str, needed: float) -> list[tuple]:
    """Every smallest set that suffices, one program for each subset."""
    for size in range(len(names) + 1):
        found = [one for one in combinations(names, size) if opened(model, one, reaction) >= needed - 1e-7]
        if found:
            return found
    return []


def random_model(seed: int) -> tuple[cobra.Model, list[str]]:
    """Seven exchanges, some closed; growth needs three precursors, each made of several nutrients in several ways."""
    random = Random(seed)
    metabolites = [f"m{number}_c" for number in range(7)]
    rows = []
    for number, name in enumerate(metabolites):
        bounds = random.choice([(0, 1000), (0, 1000), (0, 0), (-0.05, 1000)])
        rows.append((f"EX_{number}", f"{name} <=>", *bounds))
    for number in range(9):
        inputs = random.sample(metabolites, random.choice([1, 2, 2]))
        output = f"p{random.randrange(3)}_c"
        left = " + ".join(f"{random.choice([1, 1, 2])} {one}" for one in inputs)
        rows.append((f"R{number}", f"{left} --> {output}", 0, 1000))
    rows.append(("BIOMASS", "p0_c + 0.001 p1_c + 2 p2_c -->", 0, 1000))
    if random.random() < 0.3:
        rows.append(("ATPM", "p0_c -->", 0.5, 1000))
    return build(*rows), [f"EX_{number}" for number in range(7)]


@pytest.mark.parametrize("seed", range(40))
def test_no_smaller_set_suffices_and_none_of_the_same_size_is_forgotten(seed):
    model, names = random_model(seed)
    bounds = {reaction.id: reaction.bounds for reaction in model.reactions}
    found = smallest_openings(model, "BIOMASS", 0.5, names)
    assert {reaction.id: reaction.bounds for reaction in model.reactions} == bounds
    expected = all_smallest(model, names, "BIOMASS", 0.5)
    if expected == [()]:
        return
    assert found.proven and found.more == (len(expected) > openings.MOST_SETS)
    assert set(found.sets) <= set(expected) and len(found.sets) == min(len(expected), openings.MOST_SETS)
    for one in found.sets:
        with model:
            for name, more in found.amounts[one].items():
                reaction = model.reactions.get_by_id(name)
                ends = min(reaction.lower_bound, reaction.lower_bound + more), reaction.upper_bound + max(more, 0)
                reaction.bounds = ends
            assert opened(model, (), "BIOMASS") >= 0.5 - 1e-6


def test_random_models_are_of_every_sort():
    sizes = set()
    for seed in range(40):
        model, names = random_model(seed)
        expected = all_smallest(model, names, "BIOMASS", 0.5)
        sizes.add(len(expected[0]) if expected else None)
    assert {None, 1, 2, 3} <= sizes


def rich(*more: tuple) -> cobra.Model:
    """Growth needs carbon, oxygen or two vitamins in place of it, and a trace of metal."""
    model = build(
        ("EX_glc_e", "glc_e <=>", -10, 1000),
        ("EX_o2_e", "o2_e <=>", -20, 1000),
        ("EX_fe2_e", "fe2_e <=>", -1000, 1000),
        ("EX_v1_e", "v1_e <=>", 0, 1000),
        ("EX_v2_e", "v2_e <=>", 0, 1000),
        ("EX_v3_e", "v3_e <=>", 0, 1000),
        ("V1", "o2_e + glc_e --> v1_e", 0, 1000),
        ("V2", "o2_e + glc_e --> v2_e", 0, 1000),
        ("V3", "v3_e --> v2_e", 0, 1000),
        ("BIOMASS", "glc_e + 0.001 v1_e + 0.002 v2_e + 0.00001 fe2_e --> bio_c", 0, 1000),
        ("DM_bio_c", "bio_c -->", 0, 1000),
        *more,
    )
    for metabolite in model.metabolites:
        metabolite.formula = {"glc": "C6H12O6", "o2_": "O2", "fe2": "Fe"}.get(metabolite.id[:3], "C9H9")
    return model


def test_a_cell_without_oxygen_is_told_what_it_needs_with_it_and_without_it():
    text = why(curate(rich(), case(product=None, medium={"EX_o2_e": 0}, min_growth=0.5)), "growth", "warning")
    assert text == (
        "no growth in this medium where min_growth is 0.5; opening one exchange brings it back (mmol/gDW/h): "
        "EX_o2_e (uptake of at least 0.0015); with EX_o2_e as the medium sets it, opening 2 exchanges brings it back, "
        "and fewer do not (mmol/gDW/h): EX_v1_e (uptake of at least 0.0005) and EX_v2_e (uptake of at least 0.001); "
        "or EX_v1_e (uptake of at least 0.0005) and EX_v3_e (uptake of at least 0.001)"
    )


def test_a_trace_element_is_not_lost_in_tolerances():
    text = why(curate(rich(), case(product=None, medium={"EX_fe2_e": 0})), "growth", "warning")
    assert "EX_fe2_e (uptake of at least 5e-07); with EX_fe2_e as the medium sets it, no other exchange does" in text


def test_a_limited_uptake_is_told_with_what_it_is_now():
    text = why(curate(rich(), case(product=None, medium={"EX_glc_e": 1}, min_growth=2)), "growth", "warning")
    assert "EX_glc_e (uptake of at least 2.006 instead of 1)" in text


def test_secretion_can_be_what_is_missing():
    model = toy(("ATPM", "glc_c --> pyr_c", 1, 9))
    model.reactions.EX_pyr_e.upper_bound = 0
    text = why(curate(model, case(product=None)), "growth", "warning")
    assert "opening one exchange brings it back (mmol/gDW/h): EX_pyr_e (secretion of at least 1)" in text


def test_names_stand_beside_ids_that_say_nothing():
    model = rich()
    model.reactions.EX_o2_e.id, model.reactions.EX_glc_e.id = "r_1992", "r_1714"
    model.reactions.r_1992.name = "oxygen exchange"
    text = why(curate(model, case(product=None, medium={"r_1992": 0})), "growth", "warning")
    assert "r_1992 (oxygen exchange, uptake of at least 0.00015)" in text


def test_the_medium_is_not_blamed_where_it_is_not_the_reason():
    model = rich()
    model.reactions.V1.bounds = (0, 0)
    model.remove_reactions(["EX_v1_e"])
    text = why(curate(model, case(product=None)), "growth", "warning")
    assert "even with every exchange open it grows at most 0.000000 1/h, so the medium is not the reason" in text
    model.reactions.BIOMASS.upper_bound = 0.01
    text = why(curate(model, case(product=None)), "growth", "warning")
    assert text.endswith("the upper bound of BIOMASS is 0.01, so the medium is not the reason")


def test_opening_the_exchange_of_biomass_is_no_advice():
    model = rich(
        ("EX_biomass_e", "bio_c <=>", 0, 1000), ("GROW", "bio_c --> cell_c", 0, 9), ("OUT", "cell_c -->", 0, 9)
    )
    text = why(curate(model, case(product=None, biomass="GROW", medium={"EX_glc_e": 0})), "growth", "warning")
    assert "EX_biomass_e" not in text and "EX_glc_e" in text


def test_out_of_programs_a_set_is_told_without_the_claim_that_it_is_smallest(monkeypatch):
    monkeypatch.setattr(openings, "MOST_PROGRAMS", 3)
    text = why(curate(rich(), case(product=None, medium={"EX_o2_e": 0})), "growth", "warning")
    assert "opening these brings it back, but fewer may do" in text and "EX_o2_e" in text


def test_a_set_that_only_one_solver_believes_in_is_not_told(monkeypatch):
    monkeypatch.setattr(openings.OpeningProgram, "least_openings", lambda *given: None)
    found = smallest_openings(toy(), "BIOMASS", 20, ["EX_pyr_e", "EX_glc_e"])
    assert (found.sets, found.proven) == ([], False)
    monkeypatch.undo()
    monkeypatch.setattr(openings.OpeningProgram, "most", lambda *given: 99.0)
    assert not smallest_openings(toy(), "BIOMASS", 20, ["EX_pyr_e", "EX_glc_e"]).proven


def test_inorganic_nutrients_come_first_among_equals():
    model = toy(("GLYC", "o2_e --> glc_c", 0, 1000), ("EX_o2_e", "o2_e <=>", 0, 1000))
    assert feeds_carbon(model.reactions.EX_o2_e) is False
    text = why(curate(model, case(medium={"EX_glc_e": 0})), "growth", "warning")
    assert text.index("EX_o2_e (") < text.index("EX_glc_e (")


def test_a_product_that_nothing_makes():
    model = toy(("EX_x_e", "x_e <=>", 0, 1000), ("USE", "x_e --> glc_c", 0, 1000))
    findings = curate(model, case(product="EX_x_e"))
    assert lines(findings, "product", "warning") == [("EX_x_e", "0.000000", "")]
    assert why(findings, "product") == (
        "EX_x_e cannot be made in this medium, even without growth; with every exchange open it cannot either: no open "
        "reaction makes x_e, and `heterologous` can add a pathway"
    )


def test_a_product_that_another_nutrient_would_give():
    model = toy(("EX_x_e", "x_e <=>", 0, 1000), ("MAKE", "v_e --> x_e", 0, 9), ("EX_v_e", "v_e <=>", 0, 1000))
    text = why(curate(model, case(product="EX_x_e")), "product")
    assert text.endswith("; opening one exchange lets it be made (mmol/gDW/h): EX_v_e (uptake of at least 0.001)")


def test_a_product_that_its_own_bound_keeps_in():
    model = toy()
    model.reactions.EX_pyr_e.upper_bound = 0
    assert why(curate(model, case()), "product", "warning").endswith("its upper bound is 0, which lets none out")


def test_a_product_that_only_a_resting_cell_makes():
    model = toy(("LIMIT", "x_c --> y_c", 0, 1000), ("EX_y_e", "y_c -->", 0, 1000), ("EX_x_e", "x_c <=>", -1, 1000))
    model.reactions.BIOMASS.add_metabolites({model.metabolites.x_c: -1})
    findings = curate(model, case(product="EX_y_e", min_growth=1))
    assert [before for _, before, _ in lines(findings, "product")] == ["1.000000", "0.000000"]
    text = why(findings, "product", "warning")
    assert text.startswith("EX_y_e cannot be made by a cell that grows at min_growth (1 1/h)")
    assert "EX_x_e (uptake of at least 1.001 instead of 1)" in text


def test_the_answer_reaches_a_notebook():
    textbook = Case("cobra:textbook", "EX_fru_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
    found = textbook.design("optknock", max_interventions=1)
    assert (found.record["status"], found.record["cause"]) == ("optimal", "product")
    assert "no open reaction makes fru_e" in found.reason and found.reason in repr(found)


@pytest.mark.long
def test_published_yeast_needs_sterols_and_fatty_acids_without_oxygen(tmp_path):
    """As Andreasen & Stier found (1953, doi:10.1002/jcp.1030410103)."""
    import os
    from pathlib import Path

    file = Path(os.environ.get("KNOCKFLOW_DATA", "")) / "models/iMM904.json.gz"
    if not file.is_file():
        pytest.skip("KNOCKFLOW_DATA holds no iMM904")
    model, _ = read_model(str(file), tmp_path)
    asked = case(product="EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
    text = why(curate(model, asked), "growth", "warning")
    assert "opening one exchange brings it back (mmol/gDW/h): EX_o2_e (uptake of at least 0.00279)" in text
    assert "with EX_o2_e as the medium sets it, opening 3 exchanges brings it back, and fewer do not" in text
    assert "EX_ergst" in text and "EX_zymst" in text
